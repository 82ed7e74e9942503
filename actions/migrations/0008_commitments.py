"""Commitments stand alone too: each has an author, a team and a visibility; an action's are kept the same as its own."""

import django.db.models.deletion
import teams.constraints
from django.conf import settings
from django.db import migrations, models

OF_ACTION = """
CREATE FUNCTION actions_commitment_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lock makes a change of the action at the same moment wait, and then find this row.
    SELECT author_id, team_id, visibility, done_on, withdrawn_at
    INTO NEW.author_id, NEW.team_id, NEW.visibility, NEW.made_on, NEW.withdrawn_at
    FROM actions_action WHERE id = NEW.action_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE TRIGGER commitment_of_action
    BEFORE INSERT OR UPDATE OF action_id, author_id, team_id, visibility, made_on, withdrawn_at ON actions_commitment
    FOR EACH ROW WHEN (NEW.action_id IS NOT NULL) EXECUTE FUNCTION actions_commitment_of_action();
"""

FOLLOW_ACTION = """
CREATE FUNCTION actions_commitments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actions_commitment
    SET author_id = NEW.author_id, team_id = NEW.team_id, visibility = NEW.visibility,
        made_on = NEW.done_on, withdrawn_at = NEW.withdrawn_at
    WHERE action_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER action_commitments_follow
    AFTER UPDATE OF author_id, team_id, visibility, done_on, withdrawn_at ON actions_action
    FOR EACH ROW WHEN (
        (OLD.author_id, OLD.team_id, OLD.visibility, OLD.done_on, OLD.withdrawn_at)
        IS DISTINCT FROM (NEW.author_id, NEW.team_id, NEW.visibility, NEW.done_on, NEW.withdrawn_at)
    ) EXECUTE FUNCTION actions_commitments_follow();
"""

FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE actions_commitment SET action_id = action_id;
"""

# Going back, only an action's commitments have a place.
ONLY_OF_ACTIONS = """
SET CONSTRAINTS ALL IMMEDIATE;
DELETE FROM actions_commitment WHERE action_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0007_reflections"),
        ("teams", "0002_closed_through"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commitments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="team",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="teams.team"
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("private", "Only me"),
                    ("counted", "Count it, do not show it"),
                    ("shared", "My team"),
                ],
                default="private",
                max_length=7,
                verbose_name="who can see it",
            ),
        ),
        migrations.AddField(
            model_name="commitment", name="made_on", field=models.DateField(null=True, verbose_name="promised on")
        ),
        migrations.AddField(
            model_name="commitment",
            name="text",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="what I promised"
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="before",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="commitment", name="spoken_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="commitment", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(
            OF_ACTION,
            "DROP TRIGGER commitment_of_action ON actions_commitment; DROP FUNCTION actions_commitment_of_action()",
        ),
        migrations.RunSQL(
            FOLLOW_ACTION,
            "DROP TRIGGER action_commitments_follow ON actions_action; DROP FUNCTION actions_commitments_follow()",
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="commitment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="commitments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="commitment", name="made_on", field=models.DateField(verbose_name="promised on")
        ),
        migrations.AlterField(
            model_name="commitment",
            name="action",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="commitments",
                to="actions.action",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, ONLY_OF_ACTIONS),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(("visibility", "shared"), ("withdrawn_at", None)),
                fields=["team", "due_on"],
                include=("status", "made_on"),
                name="commitment_team_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=teams.constraints.SameAgency(field="author", name="commitment_author_same_agency"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=teams.constraints.SameAgency(field="team", name="commitment_team_same_agency"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility__in", ["private", "counted", "shared"])),
                name="commitment_visibility_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", None), ("text", ""), _connector="OR"),
                name="commitment_text_only_alone",
                violation_error_message="What an action promised stands in its note.",
            ),
        ),
    ]
