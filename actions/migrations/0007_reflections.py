"""Reflections: sealed texts, each of one author, some on an action of her own."""

import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import teams.constraints
import uuid
from django.conf import settings
from django.db import migrations, models


# An action that a reflection hangs on is its author's own: a foreign key sees to the agency, this to the author.
CHECK_AUTHOR = """
CREATE FUNCTION actions_check_reflection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM actions_action WHERE id = NEW.action_id AND author_id = NEW.author_id) THEN
        RAISE EXCEPTION 'a reflection hangs on an action of its own author'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'reflection_own_action';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reflection_own_action BEFORE INSERT OR UPDATE OF action_id, author_id ON actions_reflection
    FOR EACH ROW WHEN (NEW.action_id IS NOT NULL) EXECUTE FUNCTION actions_check_reflection();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0006_asks'),
        ('teams', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reflection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('prompt', models.CharField(blank=True, choices=[('rp_whose_voice', 'Whose voice was missing from this situation, and what did I do to bring it in?'), ('rp_talk_listen', 'If someone had timed the conversation, how much of it would have been me talking?'), ('rp_power_room', 'What power did I hold in that room, and did I use it, share it or hide behind it?'), ('rp_comfort', 'When did I stay quiet to stay comfortable, and who paid for my silence?'), ('rp_asked_or_assumed', 'Did I ask what would help, or did I decide for someone?'), ('rp_credit', 'Who got the credit, and would the people who did the work agree?'), ('rp_assumption', 'What story did I tell myself about this person before I knew the facts?'), ('rp_unlearn', 'What is one thing I was taught about families that I now need to unlearn?'), ('rp_feedback_body', 'What happened in me when I was criticized, and what did I do next?'), ('rp_repair', 'Is there someone I owe an apology, an answer or a changed decision?'), ('rp_no_audience', 'Would I have done this if nobody could see it and nothing were logged?'), ('rp_rest', 'What do I need in order to keep going, and what can I ask my team to carry with me?')], max_length=24, verbose_name='question')),
                ('ciphertext', models.BinaryField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('action', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.action')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [teams.constraints.SameAgency(field='author', name='reflection_author_same_agency'), teams.constraints.SameAgency(field='action', name='reflection_action_same_agency'), models.CheckConstraint(condition=models.Q(('prompt__in', ['rp_whose_voice', 'rp_talk_listen', 'rp_power_room', 'rp_comfort', 'rp_asked_or_assumed', 'rp_credit', 'rp_assumption', 'rp_unlearn', 'rp_feedback_body', 'rp_repair', 'rp_no_audience', 'rp_rest', ''])), name='reflection_prompt_known'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func('ciphertext', models.Value(0), function='get_byte', output_field=models.IntegerField()), 1), name='reflection_is_sealed')],
            },
        ),
        migrations.RunSQL(
            CHECK_AUTHOR,
            "DROP TRIGGER reflection_own_action ON actions_reflection; DROP FUNCTION actions_check_reflection()",
        ),
    ]
