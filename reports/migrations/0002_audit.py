"""Event tables beside what is audited, and the triggers that fill them (teams/audit/tracking.py)."""

import django.db.models.deletion
import django.db.models.functions.uuid
import pghistory.utils
import pgtrigger.compiler
import teams.audit.tracking
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
        ('teams', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SummaryNoteEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_role', models.CharField(db_default=models.Func(function='SESSION_USER', output_field=models.CharField(), template='(%(function)s)::text'), editable=False, max_length=63)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('version', models.PositiveIntegerField()),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='teams.agency')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reports.summarynote')),
                ('summary', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reports.teamsummary')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(fields=['agency', '-pgh_id'], name='summarynoteevent_newest'), models.Index(fields=['pgh_obj', '-pgh_id'], name='summarynoteevent_pgh_obj')],
            },
        ),
        teams.audit.tracking.AddTrigger(
            model_name='summarynote',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_summarynoteevent" ("agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary_id", "version") VALUES (OLD."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', OLD."id", OLD."summary_id", OLD."version"); RETURN NULL;', hash='716fd9b922fb2562a5a0e779fc0a1491f2c57c8e', operation='DELETE', pgid='pgtrigger_delete_delete_f0291', table='reports_summarynote', when='AFTER')),
        ),
        teams.audit.tracking.AddTrigger(
            model_name='summarynote',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reports_summarynoteevent" ("agency_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary_id", "version") VALUES (NEW."agency_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'insert\', NEW."id", NEW."summary_id", NEW."version"); RETURN NULL;', hash='cf322b0455acf05d6fa38e6cd52d1547d7ec144e', operation='INSERT', pgid='pgtrigger_insert_insert_a6898', table='reports_summarynote', when='AFTER')),
        ),
    ]
