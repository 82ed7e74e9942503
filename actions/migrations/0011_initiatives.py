"""Initiatives, the agencies that share them, and the voice of those whom they concern.

An action or a commitment hangs only on an initiative of its own agency, or on one that it is a partner in.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.uuid
from django.db import migrations, models

BRIDGED = """
ALTER TABLE {table} ADD CONSTRAINT {name}_initiative_bridged FOREIGN KEY (agency_id, initiative_id)
REFERENCES actions_initiativepartner (agency_id, initiative_id) DEFERRABLE INITIALLY DEFERRED
"""

# The triggers of 0008, with one column more.
OF_ACTION = """
CREATE OR REPLACE FUNCTION actions_commitment_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lock makes a change of the action at the same moment wait, and then find this row.
    SELECT author_id, team_id, visibility, initiative_id, done_on, withdrawn_at
    INTO NEW.author_id, NEW.team_id, NEW.visibility, NEW.initiative_id, NEW.made_on, NEW.withdrawn_at
    FROM actions_action WHERE id = NEW.action_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER commitment_of_action
    BEFORE INSERT OR UPDATE OF action_id, author_id, team_id, visibility, initiative_id, made_on, withdrawn_at
    ON actions_commitment
    FOR EACH ROW WHEN (NEW.action_id IS NOT NULL) EXECUTE FUNCTION actions_commitment_of_action();
"""
FOLLOW_ACTION = """
CREATE OR REPLACE FUNCTION actions_commitments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actions_commitment
    SET author_id = NEW.author_id, team_id = NEW.team_id, visibility = NEW.visibility,
        initiative_id = NEW.initiative_id, made_on = NEW.done_on, withdrawn_at = NEW.withdrawn_at
    WHERE action_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER action_commitments_follow
    AFTER UPDATE OF author_id, team_id, visibility, initiative_id, done_on, withdrawn_at ON actions_action
    FOR EACH ROW WHEN (
        (OLD.author_id, OLD.team_id, OLD.visibility, OLD.initiative_id, OLD.done_on, OLD.withdrawn_at)
        IS DISTINCT FROM (NEW.author_id, NEW.team_id, NEW.visibility, NEW.initiative_id, NEW.done_on, NEW.withdrawn_at)
    ) EXECUTE FUNCTION actions_commitments_follow();
"""
OF_ACTION_BEFORE = """
CREATE OR REPLACE FUNCTION actions_commitment_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT author_id, team_id, visibility, done_on, withdrawn_at
    INTO NEW.author_id, NEW.team_id, NEW.visibility, NEW.made_on, NEW.withdrawn_at
    FROM actions_action WHERE id = NEW.action_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER commitment_of_action
    BEFORE INSERT OR UPDATE OF action_id, author_id, team_id, visibility, made_on, withdrawn_at ON actions_commitment
    FOR EACH ROW WHEN (NEW.action_id IS NOT NULL) EXECUTE FUNCTION actions_commitment_of_action();
"""
FOLLOW_ACTION_BEFORE = """
CREATE OR REPLACE FUNCTION actions_commitments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actions_commitment
    SET author_id = NEW.author_id, team_id = NEW.team_id, visibility = NEW.visibility,
        made_on = NEW.done_on, withdrawn_at = NEW.withdrawn_at
    WHERE action_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER action_commitments_follow
    AFTER UPDATE OF author_id, team_id, visibility, done_on, withdrawn_at ON actions_action
    FOR EACH ROW WHEN (
        (OLD.author_id, OLD.team_id, OLD.visibility, OLD.done_on, OLD.withdrawn_at)
        IS DISTINCT FROM (NEW.author_id, NEW.team_id, NEW.visibility, NEW.done_on, NEW.withdrawn_at)
    ) EXECUTE FUNCTION actions_commitments_follow();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0010_record'),
        ('teams', '0003_reminders_and_calendar'),
    ]

    operations = [
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('aim', models.CharField(max_length=400, verbose_name='aim')),
                ('level', models.CharField(choices=[('agency', 'Agency'), ('multi_agency', 'Multi-agency'), ('sector', 'Sector')], max_length=12, verbose_name='level')),
                ('direction', models.CharField(choices=[('community_led', 'Community-led'), ('co_designed', 'Co-designed'), ('request_feedback', 'Asked for by people affected'), ('consulted', 'Consulted'), ('own_initiative', 'Our own initiative')], max_length=16, verbose_name='direction')),
                ('communities', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), verbose_name='whom it is for')),
                ('outside', models.CharField(blank=True, default='', max_length=200, verbose_name='partners outside')),
                ('resources', models.CharField(blank=True, default='', max_length=200, verbose_name='resources')),
                ('hours', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='hours')),
                ('dollars', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(100000000)], verbose_name='dollars')),
                ('review_on', models.DateField(verbose_name='to be reviewed on')),
                ('status', models.CharField(blank=True, choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], default='planned', max_length=10, verbose_name='status')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
            ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.AddField(
            model_name='action',
            name='initiative',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='actions.initiative', verbose_name='initiative'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='initiative',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='actions.initiative'),
        ),
        migrations.CreateModel(
            name='InitiativePartner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.agency')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='actions.initiative')),
            ],
        ),
        migrations.CreateModel(
            name='InitiativeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_status', models.CharField(blank=True, choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], max_length=10)),
                ('to_status', models.CharField(choices=[('planned', 'Planned'), ('under_way', 'Under way'), ('paused', 'Paused'), ('reached', 'Aim reached'), ('ended', 'Ended without reaching its aim')], max_length=10)),
                ('on', models.DateField()),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='actions.initiative')),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='VoiceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6)),
                ('n', models.PositiveIntegerField(default=0)),
                ('shown', models.PositiveIntegerField(default=0)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='actions.initiative')),
            ],
        ),
        migrations.CreateModel(
            name='VoiceLink',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_on', models.DateField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('is_answered', models.BooleanField(default=False)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='actions.initiative')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.UniqueConstraint(fields=('agency', 'id'), name='initiative_agency_id'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('communities__len__gt', 0)), name='initiative_communities_not_empty', violation_error_message='Choose at least one, or “not specific”.'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('hours', None), ('hours__lte', 1000000), _connector='OR'), name='initiative_hours_range'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('dollars', None), ('dollars__lte', 100000000), _connector='OR'), name='initiative_dollars_range'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['agency', 'multi_agency', 'sector'])), name='initiative_level_known'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['community_led', 'co_designed', 'request_feedback', 'consulted', 'own_initiative'])), name='initiative_direction_known'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'under_way', 'paused', 'reached', 'ended'])), name='initiative_status_known'),
        ),
        migrations.AddConstraint(
            model_name='initiativepartner',
            constraint=models.UniqueConstraint(fields=('agency', 'initiative'), name='initiative_partner_once', violation_error_message='This agency is a partner already.'),
        ),
        migrations.AddConstraint(
            model_name='voicecount',
            constraint=models.UniqueConstraint(fields=('initiative', 'answer'), name='voice_count_once'),
        ),
        migrations.AddConstraint(
            model_name='voicecount',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['yes', 'partly', 'no'])), name='voice_count_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='voicecount',
            constraint=models.CheckConstraint(condition=models.Q(('shown__lte', models.F('n'))), name='voice_count_shown_at_most_n'),
        ),
        *(
            migrations.RunSQL(
                BRIDGED.format(table=f"actions_{name}", name=name),
                f"ALTER TABLE actions_{name} DROP CONSTRAINT {name}_initiative_bridged",
            )
            for name in ("action", "commitment")
        ),
        migrations.RunSQL(OF_ACTION, OF_ACTION_BEFORE),
        migrations.RunSQL(FOLLOW_ACTION, FOLLOW_ACTION_BEFORE),
    ]
