"""Communities stand in arrays, which foreign keys cannot check: triggers do."""

from django.db import migrations

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
    ]
