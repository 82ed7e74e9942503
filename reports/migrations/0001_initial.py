"""Periods, summaries, protected quarters, deliveries, notes and heartbeats."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
import teams.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('actions', '0001_initial'),
        ('teams', '0001_initial'),
        ('teams', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('job', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('last_success', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='TeamSummary',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('period_start', models.DateField(verbose_name='from')),
                ('period_end', models.DateField(verbose_name='until')),
                ('figures', models.JSONField()),
                ('questions', models.JSONField(default=list)),
                ('closed_at', models.DateTimeField(verbose_name='frozen at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='teams.team')),
            ],
            options={
                'verbose_name_plural': 'team summaries',
                'ordering': ['-period_start'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='team_summary_agency_id'), models.UniqueConstraint(fields=('team', 'period_start', 'period_end'), name='team_summary_unique'), teams.constraints.SameAgency(field='team', name='team_summary_team_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='SummaryNote',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField()),
                ('came_of_it', models.CharField(blank=True, default='', max_length=600, verbose_name='what came of it')),
                ('note', models.CharField(blank=True, default='', max_length=600, verbose_name='note')),
                ('will_try', models.CharField(blank=True, default='', max_length=600, verbose_name='what the team will try')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('summary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='reports.teamsummary')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('summary', 'version'), name='summary_note_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='summary_note_version_from_one'), teams.constraints.SameAgency(field='summary', name='summary_note_summary_same_agency'), teams.constraints.SameAgency(field='author', name='summary_note_author_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('team_summary', 'team summary'), ('ask_waits', 'an ask waits for an answer'), ('ask_answered', 'an ask was answered'), ('reminder', 'reminder of commitments'), ('account_closed', 'account closed, record to take along'), ('reflections_go', 'reflections are about to be erased'), ('invitation', 'invitation')], db_default='team_summary', default='team_summary', max_length=20)),
                ('week', models.DateField(blank=True, null=True)),
                ('channel', models.CharField(choices=[('email', 'e-mail')], default='email', max_length=10)),
                ('status', models.CharField(choices=[('pending', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'given up')], default='pending', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=100)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('ask', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='actions.ask')),
                ('departure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='actions.departure')),
                ('invitation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='teams.invitation')),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('summary', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='reports.teamsummary')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'constraints': [models.UniqueConstraint(condition=models.Q(('asked_at', None)), fields=('summary', 'recipient', 'channel'), name='delivery_unique'), models.CheckConstraint(condition=models.Q(('asked_at', None), ('summary__isnull', False), _connector='OR'), name='delivery_asked_for_is_of_a_summary'), models.UniqueConstraint(fields=('ask', 'kind', 'recipient', 'channel'), name='delivery_of_ask_unique'), models.UniqueConstraint(fields=('recipient', 'kind', 'week', 'channel'), name='delivery_of_week_unique'), models.UniqueConstraint(fields=('departure', 'recipient', 'channel'), name='delivery_of_departure_unique'), models.UniqueConstraint(fields=('invitation', 'channel'), name='delivery_of_invitation_unique'), models.CheckConstraint(condition=models.Q(models.Q(('invitation__isnull', False), ('recipient__isnull', True)), models.Q(('invitation__isnull', True), ('recipient__isnull', False)), _connector='OR'), name='delivery_goes_to_worker_or_invited'), models.CheckConstraint(condition=models.Q(models.Q(('ask__isnull', True), ('departure__isnull', True), ('invitation__isnull', True), ('kind__in', ['team_summary']), ('summary__isnull', False), ('week__isnull', True)), models.Q(('ask__isnull', False), ('departure__isnull', True), ('invitation__isnull', True), ('kind__in', ['ask_waits', 'ask_answered']), ('summary__isnull', True), ('week__isnull', True)), models.Q(('ask__isnull', True), ('departure__isnull', True), ('invitation__isnull', True), ('kind__in', ['reminder', 'reflections_go']), ('summary__isnull', True), ('week__isnull', False)), models.Q(('ask__isnull', True), ('departure__isnull', False), ('invitation__isnull', True), ('kind__in', ['account_closed']), ('summary__isnull', True), ('week__isnull', True)), models.Q(('ask__isnull', True), ('departure__isnull', True), ('invitation__isnull', False), ('kind__in', ['invitation']), ('summary__isnull', True), ('week__isnull', True)), _connector='OR'), name='delivery_has_what_its_kind_is_about'), teams.constraints.SameAgency(field='summary', name='delivery_summary_same_agency'), teams.constraints.SameAgency(field='ask', name='delivery_ask_same_agency'), teams.constraints.SameAgency(field='departure', name='delivery_departure_same_agency'), teams.constraints.SameAgency(field='invitation', name='delivery_invitation_same_agency'), teams.constraints.SameAgency(field='recipient', name='delivery_recipient_same_agency')],
                'indexes': [models.Index(condition=models.Q(('status__in', ['pending', 'sending'])), fields=['due_at'], name='delivery_due')],
            },
        ),
        migrations.CreateModel(
            name='AgencyPeriod',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('noticed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='teams.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'first_day', 'last_day'), name='agency_period_unique'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='agency_period_not_reversed'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('agency', '='), (models.Func('first_day', 'last_day', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='agency_period_no_overlap')],
            },
        ),
        migrations.CreateModel(
            name='ProtectedQuarter',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('noticed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('first_day', models.DateField()),
                ('figures', models.JSONField(blank=True, null=True)),
                ('agencies', models.PositiveSmallIntegerField(default=1)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quarters', to='teams.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'first_day'), name='protected_quarter_unique', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('first_day__day', 1), ('first_day__month__in', [1, 4, 7, 10])), name='protected_quarter_is_one'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('figures__isnull', True)), models.Q(('closed_at__isnull', False), ('figures__isnull', False)), _connector='OR'), name='protected_quarter_has_figures_once_closed')],
            },
        ),
    ]
