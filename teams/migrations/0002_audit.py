"""Event tables beside what is audited, and the triggers that fill them (teams/audit/tracking.py)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.uuid
import pghistory.utils
import pgtrigger.compiler
import teams.models.agency
import teams.audit.tracking
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mfa', '0003_authenticator_type_uniq'),
        ('teams', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('mfa.authenticator',),
        ),
        migrations.CreateModel(
            name='AgencyEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('agency', models.UUIDField(db_column='agency_id', null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(db_index=False, max_length=60, verbose_name='short name')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French')], default='en', max_length=2, verbose_name='language')),
                ('time_zone', models.CharField(default='America/Toronto', max_length=60, validators=[teams.models.agency.validate_time_zone], verbose_name='time zone')),
                ('cadence', models.CharField(choices=[('monthly', 'monthly'), ('quarterly', 'quarterly')], default='quarterly', max_length=9, verbose_name='cadence of summaries')),
                ('grace_days', models.PositiveSmallIntegerField(default=7, verbose_name='days for late entries')),
                ('reports_from', models.DateField(verbose_name='summaries from')),
                ('suggested_visibility', models.CharField(choices=[('private', 'Only me'), ('counted', 'Count it, do not show it'), ('shared', 'My team')], default='shared', max_length=7)),
                ('in_sector_from', models.DateField(blank=True, null=True, verbose_name='counts in the figures of the sector from')),
                ('least_actions', models.PositiveSmallIntegerField(default=5, verbose_name='actions that a protected figure needs')),
                ('least_authors', models.PositiveSmallIntegerField(default=3, verbose_name='authors that a protected figure needs')),
                ('most_percent', models.PositiveSmallIntegerField(default=70, verbose_name='percent of a protected figure by one author')),
                ('sends_reminders', models.BooleanField(db_default=True, default=True, verbose_name='weekly reminders of commitments')),
                ('text_months', models.PositiveSmallIntegerField(db_default=24, default=24, verbose_name='months for which texts are kept')),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='nothing is erased since')),
                ('hold_reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='reason of the hold')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.agency')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='agencyevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='agencyevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='CadenceChangeEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('starts_on', models.DateField()),
                ('cadence', models.CharField(choices=[('monthly', 'monthly'), ('quarterly', 'quarterly')], max_length=9)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.cadencechange')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='cadencechangeevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='cadencechangeevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='ImportEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('kind', models.CharField(choices=[('people', 'People'), ('teams', 'Teams'), ('actions', 'Past actions')], max_length=8)),
                ('status', models.CharField(choices=[('checking', 'being checked'), ('ready', 'checked, not imported'), ('running', 'being imported'), ('done', 'imported'), ('failed', 'failed; nothing was written'), ('cancelled', 'cancelled; nothing was written'), ('undoing', 'being undone'), ('undone', 'imported and undone')], default='checking', max_length=10)),
                ('counts', models.JSONField(default=dict)),
                ('takes_warnings', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.import')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='importevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='importevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('is_admin', models.BooleanField(default=False)),
                ('is_equity_lead', models.BooleanField(default=False)),
                ('role', models.CharField(choices=[('member', 'Member'), ('supervisor', 'Supervisor')], default='member', max_length=10)),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French')], default='en', max_length=2, verbose_name='language')),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.invitation')),
                ('worker', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='invitationevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='invitationevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='InvitedToEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('invitation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.invitation')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.invitedto')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.team')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='invitedtoevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='invitedtoevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='LinkedAccountEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('issuer', models.CharField(max_length=255)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.linkedaccount')),
                ('worker', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='linkedaccountevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='linkedaccountevent_pgh_obj'), models.Index(fields=['worker', '-pgh_id'], name='linkedaccountevent_worker')],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('role', models.CharField(choices=[('member', 'Member'), ('supervisor', 'Supervisor')], default='member', max_length=10, verbose_name='role')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until and including')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.membership')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.team')),
                ('worker', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='membershipevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='membershipevent_pgh_obj'), models.Index(fields=['worker', '-pgh_id'], name='membershipevent_worker'), models.Index(fields=['team', '-pgh_id'], name='membershipevent_team')],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('issuer', models.CharField(max_length=255, verbose_name='address of the sign-in (issuer)')),
                ('client_id', models.CharField(max_length=255, verbose_name='client ID')),
                ('secret_set_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('is_required', models.BooleanField(default=False)),
                ('second_factor', models.CharField(choices=[('ours', 'Allyship asks for it, as after a password'), ('said', 'The account asks for it, and says so each time'), ('trusted', 'The account always asks for it, but does not say so')], default='ours', max_length=7)),
                ('acr', models.CharField(blank=True, default='', max_length=120)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.provider')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='providerevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='providerevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactorEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('agency', models.UUIDField(db_column='agency_id', null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('type', models.CharField(choices=[('recovery_codes', 'Recovery codes'), ('totp', 'TOTP Authenticator'), ('webauthn', 'WebAuthn')], max_length=20)),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.secondfactor')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='secondfactorevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='secondfactorevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='TeamClosingEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('last_day', models.DateField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('into', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.team')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.teamclosing')),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.team')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='teamclosingevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='teamclosingevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='TeamEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, verbose_name='communities that the team says it serves')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.team')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='teamevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='teamevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='WorkerEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('email', models.EmailField(error_messages={'unique': 'Someone already has this e-mail address.'}, max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('is_active', models.BooleanField(default=True)),
                ('is_admin', models.BooleanField(default=False, verbose_name='admin')),
                ('is_equity_lead', models.BooleanField(default=False, verbose_name='equity lead')),
                ('is_analyst', models.BooleanField(default=False, verbose_name='sector analyst')),
                ('is_operator', models.BooleanField(default=False, verbose_name='operator')),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='workerevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='workerevent_pgh_obj')],
            },
        ),
        teams.audit.tracking.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_agencyevent" ("cadence", "grace_days", "held_on", "hold_reason", "id", "in_sector_from", "language", "least_actions", "least_authors", "most_percent", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reports_from", "sends_reminders", "slug", "suggested_visibility", "text_months", "time_zone") VALUES (OLD."cadence", OLD."grace_days", OLD."held_on", OLD."hold_reason", OLD."id", OLD."in_sector_from", OLD."language", OLD."least_actions", OLD."least_authors", OLD."most_percent", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."reports_from", OLD."sends_reminders", OLD."slug", OLD."suggested_visibility", OLD."text_months", OLD."time_zone"); RETURN NULL;', hash='890008045d4145a526cc5135121ccffc88e79958', operation='DELETE', pgid='pgtrigger_delete_delete_9968f', table='teams_agency', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_agencyevent" ("cadence", "grace_days", "held_on", "hold_reason", "id", "in_sector_from", "language", "least_actions", "least_authors", "most_percent", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reports_from", "sends_reminders", "slug", "suggested_visibility", "text_months", "time_zone") VALUES (NEW."cadence", NEW."grace_days", NEW."held_on", NEW."hold_reason", NEW."id", NEW."in_sector_from", NEW."language", NEW."least_actions", NEW."least_authors", NEW."most_percent", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."reports_from", NEW."sends_reminders", NEW."slug", NEW."suggested_visibility", NEW."text_months", NEW."time_zone"); RETURN NULL;', hash='d9c6e8fbda42a2a0bade64335ea3baa86522c8e7', operation='INSERT', pgid='pgtrigger_insert_insert_0b577', table='teams_agency', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."cadence" IS DISTINCT FROM (NEW."cadence") OR OLD."grace_days" IS DISTINCT FROM (NEW."grace_days") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."in_sector_from" IS DISTINCT FROM (NEW."in_sector_from") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."least_actions" IS DISTINCT FROM (NEW."least_actions") OR OLD."least_authors" IS DISTINCT FROM (NEW."least_authors") OR OLD."most_percent" IS DISTINCT FROM (NEW."most_percent") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."reports_from" IS DISTINCT FROM (NEW."reports_from") OR OLD."sends_reminders" IS DISTINCT FROM (NEW."sends_reminders") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."suggested_visibility" IS DISTINCT FROM (NEW."suggested_visibility") OR OLD."text_months" IS DISTINCT FROM (NEW."text_months") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone"))', func='INSERT INTO "teams_agencyevent" ("cadence", "grace_days", "held_on", "hold_reason", "id", "in_sector_from", "language", "least_actions", "least_authors", "most_percent", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reports_from", "sends_reminders", "slug", "suggested_visibility", "text_months", "time_zone") VALUES (NEW."cadence", NEW."grace_days", NEW."held_on", NEW."hold_reason", NEW."id", NEW."in_sector_from", NEW."language", NEW."least_actions", NEW."least_authors", NEW."most_percent", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."reports_from", NEW."sends_reminders", NEW."slug", NEW."suggested_visibility", NEW."text_months", NEW."time_zone"); RETURN NULL;', hash='9c367c1eb15ef752a0f63085d31f2d069c5ea6d1', operation='UPDATE', pgid='pgtrigger_update_update_fe55a', table='teams_agency', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='cadencechange',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_cadencechangeevent" ("agency_id", "cadence", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (OLD."agency_id", OLD."cadence", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."starts_on"); RETURN NULL;', hash='9a516d1c9ae1cc09d97cf553d22976941ab93379', operation='DELETE', pgid='pgtrigger_delete_delete_808b8', table='teams_cadencechange', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='cadencechange',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_cadencechangeevent" ("agency_id", "cadence", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."agency_id", NEW."cadence", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='6ea1524f365fdfc5a25bb4422e5044d4f8bfebaa', operation='INSERT', pgid='pgtrigger_insert_insert_45db8', table='teams_cadencechange', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='cadencechange',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."cadence" IS DISTINCT FROM (NEW."cadence") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on"))', func='INSERT INTO "teams_cadencechangeevent" ("agency_id", "cadence", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."agency_id", NEW."cadence", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='8042d800761bc0a579f2b5a815a2f66b1e0b0c9a', operation='UPDATE', pgid='pgtrigger_update_update_724fb', table='teams_cadencechange', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_importevent" ("agency_id", "counts", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "takes_warnings") VALUES (OLD."agency_id", OLD."counts", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."status", OLD."takes_warnings"); RETURN NULL;', hash='a5cd9eeb43edd79967eac3dfe6d2058e6c21436e', operation='DELETE', pgid='pgtrigger_delete_delete_3d5e7', table='teams_import', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."status" IN (\'running\', \'done\', \'failed\', \'cancelled\', \'undoing\', \'undone\') AND OLD."status" IS DISTINCT FROM (NEW."status"))', func='INSERT INTO "teams_importevent" ("agency_id", "counts", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "takes_warnings") VALUES (NEW."agency_id", NEW."counts", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."status", NEW."takes_warnings"); RETURN NULL;', hash='4ae4138c848eadfc84d158130ca6ecbe30262f66', operation='UPDATE', pgid='pgtrigger_update_update_3253a', table='teams_import', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_invitationevent" ("accepted_at", "agency_id", "email", "expires_at", "is_admin", "is_equity_lead", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "worker_id") VALUES (OLD."accepted_at", OLD."agency_id", OLD."email", OLD."expires_at", OLD."is_admin", OLD."is_equity_lead", OLD."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."revoked_at", OLD."role", OLD."worker_id"); RETURN NULL;', hash='bfc5321fcf262d234115070976ba5096b184f3a6', operation='DELETE', pgid='pgtrigger_delete_delete_bb4b8', table='teams_invitation', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_invitationevent" ("accepted_at", "agency_id", "email", "expires_at", "is_admin", "is_equity_lead", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "worker_id") VALUES (NEW."accepted_at", NEW."agency_id", NEW."email", NEW."expires_at", NEW."is_admin", NEW."is_equity_lead", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."revoked_at", NEW."role", NEW."worker_id"); RETURN NULL;', hash='efc6676d78eb0ffead64192fccbd482887a1f071', operation='INSERT', pgid='pgtrigger_insert_insert_68d5a', table='teams_invitation', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."is_admin" IS DISTINCT FROM (NEW."is_admin") OR OLD."is_equity_lead" IS DISTINCT FROM (NEW."is_equity_lead") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."worker_id" IS DISTINCT FROM (NEW."worker_id"))', func='INSERT INTO "teams_invitationevent" ("accepted_at", "agency_id", "email", "expires_at", "is_admin", "is_equity_lead", "language", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "worker_id") VALUES (NEW."accepted_at", NEW."agency_id", NEW."email", NEW."expires_at", NEW."is_admin", NEW."is_equity_lead", NEW."language", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."revoked_at", NEW."role", NEW."worker_id"); RETURN NULL;', hash='261796c9e0ce03ff281fbc9c9756281f7a8709d3', operation='UPDATE', pgid='pgtrigger_update_update_3fd6d', table='teams_invitation', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitedto',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_invitedtoevent" ("agency_id", "invitation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (OLD."agency_id", OLD."invitation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."team_id"); RETURN NULL;', hash='3b57cb512f42ee827b17120506e26afe761b814f', operation='DELETE', pgid='pgtrigger_delete_delete_5b933', table='teams_invitedto', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitedto',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_invitedtoevent" ("agency_id", "invitation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (NEW."agency_id", NEW."invitation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."team_id"); RETURN NULL;', hash='8cbe30fa1b9c94135c1b8c2b2d73ad1feb1014ee', operation='INSERT', pgid='pgtrigger_insert_insert_0d64c', table='teams_invitedto', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='invitedto',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."invitation_id" IS DISTINCT FROM (NEW."invitation_id") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id"))', func='INSERT INTO "teams_invitedtoevent" ("agency_id", "invitation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id") VALUES (NEW."agency_id", NEW."invitation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."team_id"); RETURN NULL;', hash='58188320eb778f20cd8a83e9b79ecd3c8d900d9c', operation='UPDATE', pgid='pgtrigger_update_update_586c0', table='teams_invitedto', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='linkedaccount',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_linkedaccountevent" ("agency_id", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "worker_id") VALUES (OLD."agency_id", OLD."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."worker_id"); RETURN NULL;', hash='92b0e88574faa618001ab2a94a2470ae3afd79c0', operation='DELETE', pgid='pgtrigger_delete_delete_3fb66', table='teams_linkedaccount', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='linkedaccount',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_linkedaccountevent" ("agency_id", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "worker_id") VALUES (NEW."agency_id", NEW."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."worker_id"); RETURN NULL;', hash='877b72de8aa1ce309cbf8993d778b5847e019914', operation='INSERT', pgid='pgtrigger_insert_insert_fc6a6', table='teams_linkedaccount', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='linkedaccount',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."issuer" IS DISTINCT FROM (NEW."issuer") OR OLD."worker_id" IS DISTINCT FROM (NEW."worker_id"))', func='INSERT INTO "teams_linkedaccountevent" ("agency_id", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "worker_id") VALUES (NEW."agency_id", NEW."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."worker_id"); RETURN NULL;', hash='e093d3e8a764ae362dab3c06a6af336f1dbe0203', operation='UPDATE', pgid='pgtrigger_update_update_129d1', table='teams_linkedaccount', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_membershipevent" ("agency_id", "ends_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "worker_id") VALUES (OLD."agency_id", OLD."ends_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."role", OLD."starts_on", OLD."team_id", OLD."worker_id"); RETURN NULL;', hash='9f534073efdb6273f467e7d64c793372973f370b', operation='DELETE', pgid='pgtrigger_delete_delete_7555f', table='teams_membership', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_membershipevent" ("agency_id", "ends_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "worker_id") VALUES (NEW."agency_id", NEW."ends_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."role", NEW."starts_on", NEW."team_id", NEW."worker_id"); RETURN NULL;', hash='84b5ca22762b173b55bb50417ef8713e476a6830', operation='INSERT', pgid='pgtrigger_insert_insert_d21a0', table='teams_membership', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."worker_id" IS DISTINCT FROM (NEW."worker_id"))', func='INSERT INTO "teams_membershipevent" ("agency_id", "ends_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "team_id", "worker_id") VALUES (NEW."agency_id", NEW."ends_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."role", NEW."starts_on", NEW."team_id", NEW."worker_id"); RETURN NULL;', hash='5f3ae681dbcdfd74d3f7bed92502b03ed20bb9c0', operation='UPDATE', pgid='pgtrigger_update_update_5dc49', table='teams_membership', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_providerevent" ("acr", "agency_id", "client_id", "is_required", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_factor", "secret_set_at") VALUES (OLD."acr", OLD."agency_id", OLD."client_id", OLD."is_required", OLD."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."second_factor", OLD."secret_set_at"); RETURN NULL;', hash='4f6161abd70c8e98c8725dabaf89525c8a000423', operation='DELETE', pgid='pgtrigger_delete_delete_65f22', table='teams_provider', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_providerevent" ("acr", "agency_id", "client_id", "is_required", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_factor", "secret_set_at") VALUES (NEW."acr", NEW."agency_id", NEW."client_id", NEW."is_required", NEW."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."second_factor", NEW."secret_set_at"); RETURN NULL;', hash='01cb219c223370dd16b734f1daf65fe2eec207e3', operation='INSERT', pgid='pgtrigger_insert_insert_75d0f', table='teams_provider', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='provider',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acr" IS DISTINCT FROM (NEW."acr") OR OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."is_required" IS DISTINCT FROM (NEW."is_required") OR OLD."issuer" IS DISTINCT FROM (NEW."issuer") OR OLD."second_factor" IS DISTINCT FROM (NEW."second_factor") OR OLD."secret_set_at" IS DISTINCT FROM (NEW."secret_set_at"))', func='INSERT INTO "teams_providerevent" ("acr", "agency_id", "client_id", "is_required", "issuer", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_factor", "secret_set_at") VALUES (NEW."acr", NEW."agency_id", NEW."client_id", NEW."is_required", NEW."issuer", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."second_factor", NEW."secret_set_at"); RETURN NULL;', hash='f9531e936442a350d3b99875688813c6671bf6d9', operation='UPDATE', pgid='pgtrigger_update_update_a9f6c', table='teams_provider', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_teamevent" ("agency_id", "closed_on", "communities", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agency_id", OLD."closed_on", OLD."communities", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id"); RETURN NULL;', hash='28e52f402759a6208d9d8c1b7e36d9a2607cb588', operation='DELETE', pgid='pgtrigger_delete_delete_6cc68', table='teams_team', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_teamevent" ("agency_id", "closed_on", "communities", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."closed_on", NEW."communities", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id"); RETURN NULL;', hash='ec27078708efb355808d6ef623a0eccaeb975c20', operation='INSERT', pgid='pgtrigger_insert_insert_59b08', table='teams_team', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."communities" IS DISTINCT FROM (NEW."communities") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "teams_teamevent" ("agency_id", "closed_on", "communities", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."closed_on", NEW."communities", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id"); RETURN NULL;', hash='cad663547525f5aa800f27c96070900d1f5249b9', operation='UPDATE', pgid='pgtrigger_update_update_17c2b', table='teams_team', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='teamclosing',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_teamclosingevent" ("agency_id", "into_id", "last_day", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "undone_at") VALUES (OLD."agency_id", OLD."into_id", OLD."last_day", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."team_id", OLD."undone_at"); RETURN NULL;', hash='b6bf6120b1e6c79ade76671673b89e6755181d37', operation='DELETE', pgid='pgtrigger_delete_delete_e5909', table='teams_teamclosing', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='teamclosing',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_teamclosingevent" ("agency_id", "into_id", "last_day", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "undone_at") VALUES (NEW."agency_id", NEW."into_id", NEW."last_day", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."team_id", NEW."undone_at"); RETURN NULL;', hash='0163b5fa18505d7d8ed53d51b432c72dba0c8d1b', operation='INSERT', pgid='pgtrigger_insert_insert_93605', table='teams_teamclosing', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='teamclosing',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."into_id" IS DISTINCT FROM (NEW."into_id") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."undone_at" IS DISTINCT FROM (NEW."undone_at"))', func='INSERT INTO "teams_teamclosingevent" ("agency_id", "into_id", "last_day", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "undone_at") VALUES (NEW."agency_id", NEW."into_id", NEW."last_day", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."team_id", NEW."undone_at"); RETURN NULL;', hash='1e2cf3789f1e47130896ba7c3b27e18669129897', operation='UPDATE', pgid='pgtrigger_update_update_649bf', table='teams_teamclosing', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='worker',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_workerevent" ("agency_id", "email", "is_active", "is_admin", "is_analyst", "is_equity_lead", "is_operator", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agency_id", OLD."email", OLD."is_active", OLD."is_admin", OLD."is_analyst", OLD."is_equity_lead", OLD."is_operator", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id"); RETURN NULL;', hash='d6a267dcdd93cfeec32ee6fb5efc32d5787da5f9', operation='DELETE', pgid='pgtrigger_delete_delete_d1367', table='teams_worker', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='worker',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_workerevent" ("agency_id", "email", "is_active", "is_admin", "is_analyst", "is_equity_lead", "is_operator", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."email", NEW."is_active", NEW."is_admin", NEW."is_analyst", NEW."is_equity_lead", NEW."is_operator", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id"); RETURN NULL;', hash='2ba1b9b7ac0a670cec462c11ffcde3bdf1349ec0', operation='INSERT', pgid='pgtrigger_insert_insert_4e1cd', table='teams_worker', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='worker',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_admin" IS DISTINCT FROM (NEW."is_admin") OR OLD."is_analyst" IS DISTINCT FROM (NEW."is_analyst") OR OLD."is_equity_lead" IS DISTINCT FROM (NEW."is_equity_lead") OR OLD."is_operator" IS DISTINCT FROM (NEW."is_operator") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "teams_workerevent" ("agency_id", "email", "is_active", "is_admin", "is_analyst", "is_equity_lead", "is_operator", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."email", NEW."is_active", NEW."is_admin", NEW."is_analyst", NEW."is_equity_lead", NEW."is_operator", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id"); RETURN NULL;', hash='a88e610fd21b8c6f9dbfca5f01a12110d043cf12', operation='UPDATE', pgid='pgtrigger_update_update_89788', table='teams_worker', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='secondfactor',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "teams_secondfactorevent" ("pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "type", "user_id") VALUES (COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."type", OLD."user_id"); RETURN NULL;', hash='6fb44b9e41325c9edae602e1590c6276e3d5d3e3', operation='DELETE', pgid='pgtrigger_delete_delete_7ad47', table='mfa_authenticator', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='agencyevent',
            trigger=pgtrigger.compiler.Trigger(name='agency', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.agency_id = (NEW.id); RETURN NEW;', hash='16c88f9d1009a2056eb060bcf835efbb6b6bdd96', operation='INSERT', pgid='pgtrigger_agency_2a640', table='teams_agencyevent', when='BEFORE')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='secondfactorevent',
            trigger=pgtrigger.compiler.Trigger(name='agency', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.agency_id = (SELECT agency_id FROM teams_worker WHERE id = NEW.user_id); RETURN NEW;', hash='e9de9330ef78ab04a94f98c83751494e83101fdc', operation='INSERT', pgid='pgtrigger_agency_5a1b8', table='teams_secondfactorevent', when='BEFORE')),
        ),
    ]
