"""Event tables beside what is audited, and the triggers that fill them (teams/audit/tracking.py)."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.uuid
import pghistory.utils
import pgtrigger.compiler
import teams.audit.tracking
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0002_rules'),
        ('teams', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AllowedTextEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('text', models.CharField(max_length=80, verbose_name='text')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.allowedtext')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='allowedtextevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='allowedtextevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='AskEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('addressed_to', models.CharField(choices=[('supervisor', 'Supervisors of the team'), ('equity_lead', 'Equity lead')], max_length=11, verbose_name='asked of')),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('declined', 'Declined'), ('withdrawn', 'Taken back')], default='open', max_length=9, verbose_name='state')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.ask')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.team')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='askevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='askevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='CommunityEditEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('label_en', models.CharField(blank=True, max_length=60, verbose_name='label in English')),
                ('label_fr', models.CharField(blank=True, max_length=60, verbose_name='label in French')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.communityedit')),
                ('term', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.community')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='communityeditevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='communityeditevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='CommunityEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('is_retired', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.community')),
                ('rolls_up_to', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.community')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='communityevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='communityevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='InitiativeEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('level', models.CharField(choices=[('agency', 'Agency'), ('multi_agency', 'Multi-agency'), ('sector', 'Sector')], max_length=12, verbose_name='level')),
                ('direction', models.CharField(choices=[('community_led', 'Community-led'), ('co_designed', 'Co-designed'), ('request_feedback', 'Asked for by people affected'), ('consulted', 'Consulted'), ('own_initiative', 'Our own initiative')], max_length=16, verbose_name='direction')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), verbose_name='whom it is for')),
                ('hours', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='hours')),
                ('dollars', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000000)], verbose_name='dollars')),
                ('review_on', models.DateField(verbose_name='to be reviewed on')),
                ('status', models.CharField(blank=True, choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], default='planned', max_length=10, verbose_name='status')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.initiative')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='initiativeevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='initiativeevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='InitiativePartnerEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('initiative', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.initiative')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.initiativepartner')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='initiativepartnerevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='initiativepartnerevent_pgh_obj'), models.Index(fields=['initiative', '-pgh_id'], name='initiativepartnerevent_initiat')],
            },
        ),
        migrations.CreateModel(
            name='PracticeEditEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('label_en', models.CharField(blank=True, max_length=60, verbose_name='label in English')),
                ('label_fr', models.CharField(blank=True, max_length=60, verbose_name='label in French')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.practiceedit')),
                ('term', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.practice')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='practiceeditevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='practiceeditevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='PracticeEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('label', models.CharField(max_length=60, verbose_name='label')),
                ('is_retired', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.practice')),
                ('rolls_up_to', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.practice')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='practiceevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='practiceevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='PurgeEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('what', models.CharField(choices=[('actions', 'Notes and partners of actions'), ('promises', 'Words of commitments that are settled'), ('asks', 'Asks and their answers'), ('summary_notes', 'What supervisors wrote on summaries'), ('reflections', 'Reflections')], max_length=13)),
                ('before', models.DateField()),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.purge')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='purgeevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='purgeevent_pgh_obj')],
            },
        ),
        migrations.CreateModel(
            name='VoiceLinkEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('agency', models.UUIDField(db_column='agency_id', null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('made_on', models.DateField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('initiative', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='actions.initiative')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.voicelink')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='voicelinkevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='voicelinkevent_pgh_obj')],
            },
        ),
        teams.audit.tracking.AddTrigger(
            model_name='allowedtext',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_allowedtextevent" ("agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."text"); RETURN NULL;', hash='4e3979cf0ae5531dc4695ce2ee9e48c5816c8e0c', operation='DELETE', pgid='pgtrigger_delete_delete_ae883', table='actions_allowedtext', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='allowedtext',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_allowedtextevent" ("agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='b58e936a07b0446daa62a6f62876ae3170ea1235', operation='INSERT', pgid='pgtrigger_insert_insert_11e4c', table='actions_allowedtext', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='allowedtext',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."text" IS DISTINCT FROM (NEW."text"))', func='INSERT INTO "actions_allowedtextevent" ("agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='f966905e3a6e3e42694a6aa78a8c51d448088055', operation='UPDATE', pgid='pgtrigger_update_update_e82ba', table='actions_allowedtext', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='ask',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_askevent" ("addressed_to", "agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "team_id") VALUES (OLD."addressed_to", OLD."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."state", OLD."team_id"); RETURN NULL;', hash='0ff5b00cb6c912921464eae43f6e58951abc2116', operation='DELETE', pgid='pgtrigger_delete_delete_e7992', table='actions_ask', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='ask',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'answered\', \'declined\') AND OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "actions_askevent" ("addressed_to", "agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "team_id") VALUES (NEW."addressed_to", NEW."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."state", NEW."team_id"); RETURN NULL;', hash='e3a480d79928483842090f1789ca30346fffa324', operation='UPDATE', pgid='pgtrigger_update_update_e52e8', table='actions_ask', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='community',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_communityevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (OLD."agency_id", OLD."is_retired", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."rolls_up_to_id"); RETURN NULL;', hash='1ea22d01e7b2e17181196ceba64c7e43943f0e57', operation='DELETE', pgid='pgtrigger_delete_delete_16d6a', table='actions_community', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='community',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."agency_id" IS NOT NULL)', func='INSERT INTO "actions_communityevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (NEW."agency_id", NEW."is_retired", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."rolls_up_to_id"); RETURN NULL;', hash='65a09d79733c4c06c76b7838f7d7866822b9c4d0', operation='INSERT', pgid='pgtrigger_insert_insert_1092b', table='actions_community', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='community',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."is_retired" IS DISTINCT FROM (NEW."is_retired") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."rolls_up_to_id" IS DISTINCT FROM (NEW."rolls_up_to_id"))', func='INSERT INTO "actions_communityevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (NEW."agency_id", NEW."is_retired", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."rolls_up_to_id"); RETURN NULL;', hash='f1619fb441244c62dc3b70a0be7a630fcaebeb7f', operation='UPDATE', pgid='pgtrigger_update_update_282ef', table='actions_community', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='communityedit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_communityeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (OLD."agency_id", OLD."is_hidden", OLD."label_en", OLD."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."term_id"); RETURN NULL;', hash='7ff4c9c07a831444c95aa51e592af8a2407cdf9c', operation='DELETE', pgid='pgtrigger_delete_delete_9c68a', table='actions_communityedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='communityedit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NOT NEW."is_hidden" AND NEW."label_en" = \'\' AND NEW."label_fr" = \'\'))', func='INSERT INTO "actions_communityeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (NEW."agency_id", NEW."is_hidden", NEW."label_en", NEW."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."term_id"); RETURN NULL;', hash='0de8ca342e6eec196d21adf56bbf89991303826d', operation='INSERT', pgid='pgtrigger_insert_insert_75fb1', table='actions_communityedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='communityedit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."is_hidden" IS DISTINCT FROM (NEW."is_hidden") OR OLD."label_en" IS DISTINCT FROM (NEW."label_en") OR OLD."label_fr" IS DISTINCT FROM (NEW."label_fr") OR OLD."term_id" IS DISTINCT FROM (NEW."term_id"))', func='INSERT INTO "actions_communityeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (NEW."agency_id", NEW."is_hidden", NEW."label_en", NEW."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."term_id"); RETURN NULL;', hash='6999b3150a378c003cc76da59f7f5b5175ec6dfe', operation='UPDATE', pgid='pgtrigger_update_update_193a3', table='actions_communityedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_initiativeevent" ("agency_id", "communities", "direction", "dollars", "hours", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "status", "title", "version") VALUES (OLD."agency_id", OLD."communities", OLD."direction", OLD."dollars", OLD."hours", OLD."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."review_on", OLD."status", OLD."title", OLD."version"); RETURN NULL;', hash='27dbee3a1542092df811137662badb6c493e7522', operation='DELETE', pgid='pgtrigger_delete_delete_73b26', table='actions_initiative', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_initiativeevent" ("agency_id", "communities", "direction", "dollars", "hours", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "status", "title", "version") VALUES (NEW."agency_id", NEW."communities", NEW."direction", NEW."dollars", NEW."hours", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."review_on", NEW."status", NEW."title", NEW."version"); RETURN NULL;', hash='19f7dae27592e329e2f167f852af5d1c12094f2d', operation='INSERT', pgid='pgtrigger_insert_insert_64840', table='actions_initiative', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."communities" IS DISTINCT FROM (NEW."communities") OR OLD."direction" IS DISTINCT FROM (NEW."direction") OR OLD."dollars" IS DISTINCT FROM (NEW."dollars") OR OLD."hours" IS DISTINCT FROM (NEW."hours") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."review_on" IS DISTINCT FROM (NEW."review_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "actions_initiativeevent" ("agency_id", "communities", "direction", "dollars", "hours", "level", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_on", "status", "title", "version") VALUES (NEW."agency_id", NEW."communities", NEW."direction", NEW."dollars", NEW."hours", NEW."level", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."review_on", NEW."status", NEW."title", NEW."version"); RETURN NULL;', hash='f0e96a6484029cea9941c4432eedacc7bb893d3f', operation='UPDATE', pgid='pgtrigger_update_update_476f9', table='actions_initiative', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiativepartner',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_initiativepartnerevent" ("agency_id", "ended_on", "initiative_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."agency_id", OLD."ended_on", OLD."initiative_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id"); RETURN NULL;', hash='ecfc36b1064ced40dcb96b69912efa3ea9d4e15b', operation='DELETE', pgid='pgtrigger_delete_delete_0dc0f', table='actions_initiativepartner', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiativepartner',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_initiativepartnerevent" ("agency_id", "ended_on", "initiative_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."ended_on", NEW."initiative_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id"); RETURN NULL;', hash='6a1f7776cb1cfed8bf7a8505e310db8e064e93ac', operation='INSERT', pgid='pgtrigger_insert_insert_d3e39', table='actions_initiativepartner', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='initiativepartner',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id"))', func='INSERT INTO "actions_initiativepartnerevent" ("agency_id", "ended_on", "initiative_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."agency_id", NEW."ended_on", NEW."initiative_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id"); RETURN NULL;', hash='b8b4774de37268b49667397bb3df4e88d0d938af', operation='UPDATE', pgid='pgtrigger_update_update_b37c0', table='actions_initiativepartner', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practice',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_practiceevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (OLD."agency_id", OLD."is_retired", OLD."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."rolls_up_to_id"); RETURN NULL;', hash='ded2bc05a85d2439e25efb74c1ef2e02686fe88c', operation='DELETE', pgid='pgtrigger_delete_delete_6cb44', table='actions_practice', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."agency_id" IS NOT NULL)', func='INSERT INTO "actions_practiceevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (NEW."agency_id", NEW."is_retired", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."rolls_up_to_id"); RETURN NULL;', hash='3851d7589b66585f38f681d631e2d28835cffb52', operation='INSERT', pgid='pgtrigger_insert_insert_0c824', table='actions_practice', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."is_retired" IS DISTINCT FROM (NEW."is_retired") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."rolls_up_to_id" IS DISTINCT FROM (NEW."rolls_up_to_id"))', func='INSERT INTO "actions_practiceevent" ("agency_id", "is_retired", "label", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rolls_up_to_id") VALUES (NEW."agency_id", NEW."is_retired", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."rolls_up_to_id"); RETURN NULL;', hash='752b2234713d69dd2e35625d1d6fb92ad008902d', operation='UPDATE', pgid='pgtrigger_update_update_fdfc6', table='actions_practice', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practiceedit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_practiceeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (OLD."agency_id", OLD."is_hidden", OLD."label_en", OLD."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."term_id"); RETURN NULL;', hash='467fc299f67ba442209c96b2032751ab08de9948', operation='DELETE', pgid='pgtrigger_delete_delete_06210', table='actions_practiceedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practiceedit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (NOT NEW."is_hidden" AND NEW."label_en" = \'\' AND NEW."label_fr" = \'\'))', func='INSERT INTO "actions_practiceeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (NEW."agency_id", NEW."is_hidden", NEW."label_en", NEW."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."term_id"); RETURN NULL;', hash='1550932315a5b0bed5e66fab18a4431da0659224', operation='INSERT', pgid='pgtrigger_insert_insert_433ba', table='actions_practiceedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='practiceedit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."is_hidden" IS DISTINCT FROM (NEW."is_hidden") OR OLD."label_en" IS DISTINCT FROM (NEW."label_en") OR OLD."label_fr" IS DISTINCT FROM (NEW."label_fr") OR OLD."term_id" IS DISTINCT FROM (NEW."term_id"))', func='INSERT INTO "actions_practiceeditevent" ("agency_id", "is_hidden", "label_en", "label_fr", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_id") VALUES (NEW."agency_id", NEW."is_hidden", NEW."label_en", NEW."label_fr", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."term_id"); RETURN NULL;', hash='9927a7f1d74908d923436d845b0b53d406c5d3b1', operation='UPDATE', pgid='pgtrigger_update_update_10b5e', table='actions_practiceedit', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='purge',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_purgeevent" ("agency_id", "before", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "what") VALUES (OLD."agency_id", OLD."before", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."what"); RETURN NULL;', hash='ea8d1a5f9b3c8a4519775f78c2e7f6193a6066a1', operation='DELETE', pgid='pgtrigger_delete_delete_29e8e', table='actions_purge', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='purge',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_purgeevent" ("agency_id", "before", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "what") VALUES (NEW."agency_id", NEW."before", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."what"); RETURN NULL;', hash='5bff1e6b0c7fb06f32ea1c1f13ae200559647b8b', operation='INSERT', pgid='pgtrigger_insert_insert_470c3', table='actions_purge', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='voicelink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_voicelinkevent" ("initiative_id", "made_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (OLD."initiative_id", OLD."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."revoked_at"); RETURN NULL;', hash='3aadd5611ca34b29b6fed999548c2933decaa62c', operation='DELETE', pgid='pgtrigger_delete_delete_2500a', table='actions_voicelink', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='voicelink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "actions_voicelinkevent" ("initiative_id", "made_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."initiative_id", NEW."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='0419eb61cfeaad78e82690c8d4514a57a6af9acf', operation='INSERT', pgid='pgtrigger_insert_insert_74772', table='actions_voicelink', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='voicelink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."initiative_id" IS DISTINCT FROM (NEW."initiative_id") OR OLD."made_on" IS DISTINCT FROM (NEW."made_on") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at"))', func='INSERT INTO "actions_voicelinkevent" ("initiative_id", "made_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."initiative_id", NEW."made_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='dbe07c3651cb7b58cdcdffc985b37da09c2e9031', operation='UPDATE', pgid='pgtrigger_update_update_95440', table='actions_voicelink', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='voicelinkevent',
            trigger=pgtrigger.compiler.Trigger(name='agency', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.agency_id = (SELECT agency_id FROM actions_initiative WHERE id = NEW.initiative_id); RETURN NEW;', hash='6ecad1b6033a1f2fd1742d9d040bc94caaa68e95', operation='INSERT', pgid='pgtrigger_agency_ecd84', table='actions_voicelinkevent', when='BEFORE')),
        ),
    ]
