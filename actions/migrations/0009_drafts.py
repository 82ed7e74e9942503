"""Forms that are not finished, sealed for their author alone."""

import django.db.models.deletion
import django.db.models.lookups
import teams.constraints
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0008_commitments'),
        ('teams', '0003_reminders_and_calendar'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('address', models.CharField(max_length=200)),
                ('ciphertext', models.BinaryField()),
                ('saved_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['saved_at'], name='draft_untouched')],
                'constraints': [models.UniqueConstraint(fields=('author', 'key'), name='draft_unique'), teams.constraints.SameAgency(field='author', name='draft_author_same_agency'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('ciphertext', models.Value(0), function='get_byte', output_field=models.IntegerField()), 1), name='draft_is_sealed')],
            },
        ),
    ]
