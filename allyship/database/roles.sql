-- The roles of the database: who signs in, for how long a statement may run, never what each may do (roles.py).
-- A superuser runs this once for a server; again, it changes nothing. Passwords are the operator's to set.
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('allyship roles'));

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['allyship_owner', 'allyship_web', 'allyship_worker', 'allyship_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
    END LOOP;
END $$;

-- Below the 30 seconds after which gunicorn ends a request.
ALTER ROLE allyship_web SET statement_timeout = '20s';
ALTER ROLE allyship_web SET lock_timeout = '3s';
ALTER ROLE allyship_web SET idle_in_transaction_session_timeout = '15s';

-- Below the time limits of its tasks; between two statements it reads a spreadsheet or protects a quarter's figures.
ALTER ROLE allyship_worker SET statement_timeout = '60s';
ALTER ROLE allyship_worker SET lock_timeout = '3s';
ALTER ROLE allyship_worker SET idle_in_transaction_session_timeout = '60s';

-- Reads for as long as a copy takes; waits for nobody, so that nobody waits behind it.
ALTER ROLE allyship_backup REPLICATION;
ALTER ROLE allyship_backup SET default_transaction_read_only = on;
ALTER ROLE allyship_backup SET lock_timeout = '3s';
ALTER ROLE allyship_backup SET idle_in_transaction_session_timeout = '15s';

COMMIT;
