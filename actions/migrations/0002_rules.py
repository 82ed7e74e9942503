"""What the database itself sees to, and the models cannot say: triggers, two foreign keys, and when to vacuum."""

from django.db import migrations

# Communities stand in arrays, which foreign keys cannot check.
CHECK_KEYS = """
CREATE FUNCTION actions_check_communities(keys smallint[], of_agency uuid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    known integer;
    exclusive boolean;
BEGIN
    SELECT count(*), coalesce(bool_or(is_exclusive), false) INTO known, exclusive
    FROM actions_community
    WHERE id = ANY (keys) AND (agency_id IS NULL OR agency_id = of_agency);
    IF known <> cardinality(keys) THEN
        RAISE EXCEPTION 'communities must be in the catalogue of the agency, each once'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'communities_in_catalogue';
    END IF;
    IF exclusive AND known > 1 THEN
        RAISE EXCEPTION 'an exclusive community stands alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exclusive_community_alone';
    END IF;
END $$;
"""

CHECK_ACTION = """
CREATE FUNCTION actions_check_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_check_communities(NEW.communities, NEW.agency_id);
    IF NOT EXISTS (
        SELECT FROM actions_practice
        WHERE id = NEW.practice_id AND (agency_id IS NULL OR agency_id = NEW.agency_id)
    ) THEN
        RAISE EXCEPTION 'the practice must be in the catalogue of the agency'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'practice_in_catalogue';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER action_catalogue_keys
    BEFORE INSERT OR UPDATE OF communities, practice_id, agency_id ON actions_action
    FOR EACH ROW EXECUTE FUNCTION actions_check_action();
"""

CHECK_TEAM = """
CREATE FUNCTION actions_check_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_check_communities(NEW.communities, NEW.agency_id);
    RETURN NEW;
END $$;
CREATE TRIGGER team_catalogue_keys
    BEFORE INSERT OR UPDATE OF communities, agency_id ON teams_team
    FOR EACH ROW WHEN (cardinality(NEW.communities) > 0) EXECUTE FUNCTION actions_check_team();
"""

# What an agency changes about a term, it changes about its own or a shipped one; its own count under shipped ones.
CHECK_EDITS = "".join(
    f"""
CREATE FUNCTION actions_check_{table}edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM actions_{table} WHERE id = NEW.term_id AND (agency_id IS NULL OR agency_id = NEW.agency_id)
    ) THEN
        RAISE EXCEPTION 'the term must be in the catalogue of the agency'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{table}edit_term_in_catalogue';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}edit_term BEFORE INSERT OR UPDATE ON actions_{table}edit
    FOR EACH ROW EXECUTE FUNCTION actions_check_{table}edit();
CREATE FUNCTION actions_check_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM actions_{table} WHERE id = NEW.rolls_up_to_id AND agency_id IS NULL) THEN
        RAISE EXCEPTION 'an own term counts under a shipped one'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{table}_rolls_up_to_shipped';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_rolls_up BEFORE INSERT OR UPDATE OF rolls_up_to_id ON actions_{table}
    FOR EACH ROW WHEN (NEW.rolls_up_to_id IS NOT NULL) EXECUTE FUNCTION actions_check_{table}();
"""
    for table in ("practice", "community")
)
DROP_EDIT_CHECKS = "".join(
    f"DROP TRIGGER {table}edit_term ON actions_{table}edit; DROP FUNCTION actions_check_{table}edit();"
    f"DROP TRIGGER {table}_rolls_up ON actions_{table}; DROP FUNCTION actions_check_{table}();"
    for table in ("practice", "community")
)

# The catalogue outlives its use: a term is hidden or retired, and keeps its key and its agency.
KEEP_TERMS = """
CREATE FUNCTION actions_keep_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'terms of the catalogue are hidden or retired, never deleted or moved'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'terms_are_kept';
END $$;
CREATE TRIGGER community_kept BEFORE DELETE ON actions_community
    FOR EACH ROW EXECUTE FUNCTION actions_keep_term();
CREATE TRIGGER community_not_moved BEFORE UPDATE OF id, agency_id ON actions_community
    FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id)
    EXECUTE FUNCTION actions_keep_term();
CREATE TRIGGER practice_kept BEFORE DELETE ON actions_practice
    FOR EACH ROW EXECUTE FUNCTION actions_keep_term();
CREATE TRIGGER practice_not_moved BEFORE UPDATE OF id, agency_id ON actions_practice
    FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id)
    EXECUTE FUNCTION actions_keep_term();
"""

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

# An action or a commitment hangs only on an initiative of its own agency, or on one that it is a partner in.
BRIDGED = """
ALTER TABLE {table} ADD CONSTRAINT {name}_initiative_bridged FOREIGN KEY (agency_id, initiative_id)
REFERENCES actions_initiativepartner (agency_id, initiative_id) DEFERRABLE INITIALLY DEFERRED
"""

# A commitment of an action has its author, team, visibility, initiative and day, and keeps them the same.
OF_ACTION = """
CREATE FUNCTION actions_commitment_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lock makes a change of the action at the same moment wait, and then find this row.
    SELECT author_id, team_id, visibility, initiative_id, done_on, withdrawn_at
    INTO NEW.author_id, NEW.team_id, NEW.visibility, NEW.initiative_id, NEW.made_on, NEW.withdrawn_at
    FROM actions_action WHERE id = NEW.action_id FOR SHARE;
    RETURN NEW;
END $$;
CREATE TRIGGER commitment_of_action
    BEFORE INSERT OR UPDATE OF action_id, author_id, team_id, visibility, initiative_id, made_on, withdrawn_at
    ON actions_commitment
    FOR EACH ROW WHEN (NEW.action_id IS NOT NULL) EXECUTE FUNCTION actions_commitment_of_action();
"""
FOLLOW_ACTION = """
CREATE FUNCTION actions_commitments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actions_commitment
    SET author_id = NEW.author_id, team_id = NEW.team_id, visibility = NEW.visibility,
        initiative_id = NEW.initiative_id, made_on = NEW.done_on, withdrawn_at = NEW.withdrawn_at
    WHERE action_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER action_commitments_follow
    AFTER UPDATE OF author_id, team_id, visibility, initiative_id, done_on, withdrawn_at ON actions_action
    FOR EACH ROW WHEN (
        (OLD.author_id, OLD.team_id, OLD.visibility, OLD.initiative_id, OLD.done_on, OLD.withdrawn_at)
        IS DISTINCT FROM (NEW.author_id, NEW.team_id, NEW.visibility, NEW.initiative_id, NEW.done_on, NEW.withdrawn_at)
    ) EXECUTE FUNCTION actions_commitments_follow();
"""

# Who has read an action knows it still: whatever changes its visibility, in the app, by an import or by hand.
REMEMBER_SHARED = """
CREATE FUNCTION actions_remember_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.was_shared := true;
    RETURN NEW;
END $$;
CREATE TRIGGER action_was_shared BEFORE UPDATE OF visibility, was_shared ON actions_action
    FOR EACH ROW WHEN (OLD.was_shared OR (OLD.visibility = 'shared' AND NEW.visibility <> 'shared'))
    EXECUTE FUNCTION actions_remember_shared();
"""

# Team figures are read from an index alone, which needs a fresh visibility map: vacuum early.
VACUUM_EARLY = """
ALTER TABLE actions_action
    SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0001_initial"), ("teams", "0001_initial")]

    operations = [
        migrations.RunSQL(CHECK_KEYS, "DROP FUNCTION actions_check_communities(smallint[], uuid)"),
        migrations.RunSQL(
            CHECK_ACTION,
            "DROP TRIGGER action_catalogue_keys ON actions_action; DROP FUNCTION actions_check_action()",
        ),
        migrations.RunSQL(
            CHECK_TEAM, "DROP TRIGGER team_catalogue_keys ON teams_team; DROP FUNCTION actions_check_team()"
        ),
        migrations.RunSQL(CHECK_EDITS, DROP_EDIT_CHECKS),
        migrations.RunSQL(
            KEEP_TERMS,
            "DROP TRIGGER community_kept ON actions_community;"
            "DROP TRIGGER community_not_moved ON actions_community;"
            "DROP TRIGGER practice_kept ON actions_practice;"
            "DROP TRIGGER practice_not_moved ON actions_practice; DROP FUNCTION actions_keep_term()",
        ),
        migrations.RunSQL(
            CHECK_AUTHOR,
            "DROP TRIGGER reflection_own_action ON actions_reflection; DROP FUNCTION actions_check_reflection()",
        ),
        *(
            migrations.RunSQL(
                BRIDGED.format(table=f"actions_{name}", name=name),
                f"ALTER TABLE actions_{name} DROP CONSTRAINT {name}_initiative_bridged",
            )
            for name in ("action", "commitment")
        ),
        migrations.RunSQL(
            OF_ACTION,
            "DROP TRIGGER commitment_of_action ON actions_commitment; DROP FUNCTION actions_commitment_of_action()",
        ),
        migrations.RunSQL(
            FOLLOW_ACTION,
            "DROP TRIGGER action_commitments_follow ON actions_action; DROP FUNCTION actions_commitments_follow()",
        ),
        migrations.RunSQL(
            REMEMBER_SHARED,
            "DROP TRIGGER action_was_shared ON actions_action; DROP FUNCTION actions_remember_shared()",
        ),
        migrations.RunSQL(
            VACUUM_EARLY,
            "ALTER TABLE actions_action RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)",
        ),
    ]
