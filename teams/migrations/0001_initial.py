"""Agencies, people, teams and their spells, invitations, imports, sign-in, sessions and guesses."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.functions.uuid
import teams.constraints
import teams.models.agency
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        migrations.CreateModel(
            name='GuessCount',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField())),
                ('last_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, verbose_name='short name')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French')], default='en', max_length=2, verbose_name='language')),
                ('time_zone', models.CharField(default='America/Toronto', max_length=60, validators=[teams.models.agency.validate_time_zone], verbose_name='time zone')),
                ('cadence', models.CharField(choices=[('monthly', 'monthly'), ('quarterly', 'quarterly')], default='quarterly', max_length=9, verbose_name='cadence of summaries')),
                ('grace_days', models.PositiveSmallIntegerField(default=7, verbose_name='days for late entries')),
                ('reports_from', models.DateField(verbose_name='summaries from')),
                ('closed_through', models.DateField(blank=True, null=True)),
                ('reminded_on', models.DateField(blank=True, null=True)),
                ('suggested_visibility', models.CharField(choices=[('private', 'Only me'), ('counted', 'Count it, do not show it'), ('shared', 'My team')], default='shared', max_length=7)),
                ('in_sector_from', models.DateField(blank=True, null=True, verbose_name='counts in the figures of the sector from')),
                ('least_actions', models.PositiveSmallIntegerField(default=5, verbose_name='actions that a protected figure needs')),
                ('least_authors', models.PositiveSmallIntegerField(default=3, verbose_name='authors that a protected figure needs')),
                ('most_percent', models.PositiveSmallIntegerField(default=70, verbose_name='percent of a protected figure by one author')),
                ('sends_reminders', models.BooleanField(db_default=True, default=True, verbose_name='weekly reminders of commitments')),
                ('text_months', models.PositiveSmallIntegerField(db_default=24, default=24, verbose_name='months for which texts are kept')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='nothing is erased since')),
                ('hold_reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='reason of the hold')),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('text_months__range', (6, 84))), name='agency_keeps_texts_for_half_a_year_to_seven', violation_error_message='Between 6 and 84 months.'), models.CheckConstraint(condition=models.Q(models.Q(('held_on', None), ('hold_reason', '')), models.Q(('held_on__isnull', False), models.Q(('hold_reason', ''), _negated=True)), _connector='OR'), name='agency_hold_has_a_reason', violation_error_message='A hold has its day and its reason.'), models.CheckConstraint(condition=models.Q(('least_actions__gte', 5), ('least_authors__gte', 3), ('most_percent__range', (1, 70))), name='agency_protects_at_least_as_the_rule', violation_error_message='Figures may be protected more than by 5, 3 and 70 percent, never less.'), models.UniqueConstraint(models.F('slug'), name='agency_slug_unique', violation_error_message='Another agency has this short name.'), models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='agency_name_unique', violation_error_message='Another agency has this name.'), models.CheckConstraint(condition=models.Q(('grace_days__lte', 60)), name='agency_grace_days_at_most_60', violation_error_message='At most 60 days.')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(error_messages={'unique': 'Someone already has this e-mail address.'}, max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French')], default='en', max_length=2, verbose_name='language')),
                ('default_visibility', models.CharField(blank=True, choices=[('private', 'Only me'), ('counted', 'Count it, do not show it'), ('shared', 'My team')], max_length=7, verbose_name='who sees what I log')),
                ('gets_summaries', models.BooleanField(default=True, verbose_name='team summaries by e-mail')),
                ('gets_reminders', models.BooleanField(db_default=True, default=True, verbose_name='reminders of commitments by e-mail')),
                ('calendar_key', models.UUIDField(blank=True, null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('session_generation', models.PositiveIntegerField(db_default=0, default=0)),
                ('is_admin', models.BooleanField(default=False, verbose_name='admin')),
                ('is_equity_lead', models.BooleanField(default=False, verbose_name='equity lead')),
                ('is_analyst', models.BooleanField(default=False, verbose_name='sector analyst')),
                ('is_operator', models.BooleanField(default=False, verbose_name='operator')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='teams.agency')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='worker_email_lower_case', violation_error_message='An e-mail address is kept in lower case.'), models.UniqueConstraint(fields=('agency', 'id'), name='worker_agency_id'), models.CheckConstraint(condition=models.Q(('agency__isnull', False), ('is_analyst', True), ('is_operator', True), _connector='OR'), name='worker_has_agency', violation_error_message='A worker belongs to an agency.'), models.CheckConstraint(condition=models.Q(('is_analyst', False), models.Q(('agency__isnull', True), ('is_admin', False), ('is_equity_lead', False), ('is_operator', False)), _connector='OR'), name='analyst_has_no_other_role', violation_error_message='A sector analyst has no agency and no other role.')],
            },
        ),
        migrations.CreateModel(
            name='UsedTimeStep',
            fields=[
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('step', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='CadenceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('cadence', models.CharField(choices=[('monthly', 'monthly'), ('quarterly', 'quarterly')], max_length=9)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cadence_changes', to='teams.agency')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'starts_on'), name='cadence_change_unique'), models.CheckConstraint(condition=models.Q(('starts_on__day', 1), ('starts_on__month__in', [1, 4, 7, 10])), name='cadence_changes_with_a_quarter', violation_error_message='A new cadence begins with a quarter.')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('people', 'People'), ('teams', 'Teams'), ('actions', 'Past actions')], max_length=8)),
                ('status', models.CharField(choices=[('checking', 'being checked'), ('ready', 'checked, not imported'), ('running', 'being imported'), ('done', 'imported'), ('failed', 'failed; nothing was written'), ('cancelled', 'cancelled; nothing was written'), ('undoing', 'being undone'), ('undone', 'imported and undone')], default='checking', max_length=10)),
                ('file_name', models.CharField(max_length=120, verbose_name='file')),
                ('content', models.BinaryField(null=True)),
                ('digest', models.CharField(max_length=64)),
                ('takes_warnings', models.BooleanField(default=False)),
                ('counts', models.JSONField(default=dict)),
                ('findings', models.JSONField(default=dict)),
                ('undo', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('rows_done', models.PositiveIntegerField(default=0)),
                ('rows_all', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('message', models.CharField(blank=True, default='', max_length=20)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('touched_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='teams.agency')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['people', 'teams', 'actions'])), name='import_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['checking', 'ready', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone'])), name='import_status_known'), models.CheckConstraint(condition=models.Q(('undo__isnull', True), ('status__in', ['done', 'undoing']), _connector='OR'), name='import_undo_only_where_done'), teams.constraints.SameAgency(field='uploaded_by', name='import_uploader_same_agency'), teams.constraints.SameAgency(field='asked_by', name='import_asker_same_agency')],
                'indexes': [models.Index(fields=['agency', '-created_at'], name='import_agency_newest'), models.Index(condition=models.Q(('status__in', ['checking', 'running', 'undoing'])), fields=['touched_at'], name='import_unfinished')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('started_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('browser', models.CharField(blank=True, max_length=20)),
                ('worker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, verbose_name='communities that the team says it serves')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='teams.agency')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='team_agency_id'), models.UniqueConstraint(models.F('agency'), django.db.models.functions.text.Lower('name'), name='team_name_unique', violation_error_message='The agency already has a team of this name.')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('member', 'Member'), ('supervisor', 'Supervisor')], default='member', max_length=10, verbose_name='role')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until and including')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='teams.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='membership_ends_after_start', violation_error_message='The last day comes before the first.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('worker', '='), ('team', '='), (models.Func('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='membership_no_overlap', violation_error_message='This overlaps another spell of the same person in this team.'), teams.constraints.SameAgency(field='worker', name='membership_worker_same_agency'), teams.constraints.SameAgency(field='team', name='membership_team_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='TeamClosing',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('last_day', models.DateField()),
                ('changes', models.JSONField()),
                ('done_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.team')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='teams.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('team',), name='team_closing_once'), models.CheckConstraint(condition=models.Q(('into', None), models.Q(('into', models.F('team')), _negated=True), _connector='OR'), name='team_closing_not_into_itself'), teams.constraints.SameAgency(field='team', name='team_closing_team_same_agency'), teams.constraints.SameAgency(field='into', name='team_closing_into_same_agency'), teams.constraints.SameAgency(field='done_by', name='team_closing_done_by_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('is_admin', models.BooleanField(default=False)),
                ('is_equity_lead', models.BooleanField(default=False)),
                ('role', models.CharField(choices=[('member', 'Member'), ('supervisor', 'Supervisor')], default='member', max_length=10)),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French')], default='en', max_length=2, verbose_name='language')),
                ('nonce', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='teams.agency')),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-invited_at', 'email'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'id'), name='invitation_agency_id'), models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None)), fields=('agency', 'email'), name='invitation_stands_once'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='invitation_email_lower_case'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('invited_at'))), name='invitation_expires_after_it_began'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('worker__isnull', True)), models.Q(('accepted_at__isnull', False), ('worker__isnull', False)), _connector='OR'), name='invitation_accepted_by_somebody'), teams.constraints.SameAgency(field='invited_by', name='invitation_invited_by_same_agency'), teams.constraints.SameAgency(field='worker', name='invitation_worker_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='InvitedTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.invitation')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('invitation', 'team'), name='invited_to_once'), teams.constraints.SameAgency(field='invitation', name='invited_to_invitation_same_agency'), teams.constraints.SameAgency(field='team', name='invited_to_team_same_agency')],
            },
        ),
        migrations.AddField(
            model_name='Invitation',
            name='teams',
            field=models.ManyToManyField(related_name='+', through='teams.InvitedTo', to='teams.team'),
        ),
        migrations.CreateModel(
            name='AccountMail',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claim', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='address_change', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('email', models.EmailField(max_length=254)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='address_change_lower_case')],
            },
        ),
        migrations.CreateModel(
            name='LinkedAccount',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('linked_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('worker', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='linked_account', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agency', 'issuer', 'subject'), name='linked_account_once'), models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='linked_account_has_subject'), teams.constraints.SameAgency(field='worker', name='linked_account_worker_same_agency')],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=255, verbose_name='address of the sign-in (issuer)')),
                ('client_id', models.CharField(max_length=255, verbose_name='client ID')),
                ('sealed_secret', models.BinaryField()),
                ('secret_set_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('is_required', models.BooleanField(default=False)),
                ('second_factor', models.CharField(choices=[('ours', 'Allyship asks for it, as after a password'), ('said', 'The account asks for it, and says so each time'), ('trusted', 'The account always asks for it, but does not say so')], default='ours', max_length=7)),
                ('acr', models.CharField(blank=True, default='', max_length=120)),
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='provider', to='teams.agency')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('second_factor__in', ['ours', 'said', 'trusted'])), name='provider_factor_known')],
            },
        ),
    ]
