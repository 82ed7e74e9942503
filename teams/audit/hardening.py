"""Triggers that nobody in the app can skip, and event tables that nobody in the app can write to."""

from django.db import connections

# As its library makes them, any role could skip a trigger by the setting pgtrigger.ignore, and a trigger writes its
# event with the rights of whoever changed the row. Ours cannot be skipped, and write as the owner: so the roles of the
# app need no right to write events, and have none.
NO_SKIPPING = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$ BEGIN RETURN false; END $$
"""
AS_OWNER = """
    DO $$
    DECLARE found regprocedure;
    BEGIN
        FOR found IN
            SELECT DISTINCT tgfoid::regprocedure FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
            WHERE NOT tgisinternal AND starts_with(proname, 'pgtrigger_')
            AND NOT (prosecdef AND proconfig = ARRAY['search_path=public, pg_temp'])
        LOOP
            EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', found);
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', found);
        END LOOP;
    END $$
"""


def after_migrating(using: str = "default", **_signal: object) -> None:
    """After each migration, as each trigger that one makes comes with the library's functions; safe to repeat."""
    with connections[using].cursor() as cursor:
        cursor.execute(NO_SKIPPING)
        cursor.execute(AS_OWNER)
