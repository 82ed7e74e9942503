#!/bin/sh
# Who signs in to the database, and how: run once by the image of PostgreSQL, when it creates the database, after
# allyship/database/roles.sql.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'END'
\getenv owner OWNER_PASSWORD
\getenv web WEB_PASSWORD
\getenv worker WORKER_PASSWORD
\getenv backup BACKUP_PASSWORD
ALTER ROLE allyship_owner PASSWORD :'owner';
ALTER ROLE allyship_web PASSWORD :'web';
ALTER ROLE allyship_worker PASSWORD :'worker';
ALTER ROLE allyship_backup PASSWORD :'backup';
ALTER DATABASE allyship OWNER TO allyship_owner;
END
# By the socket that all services share; the superuser only as the user that runs the server, in its own container.
cat > "$PGDATA/pg_hba.conf" <<'END'
local all postgres peer
local replication postgres peer
local all all scram-sha-256
local replication allyship_backup scram-sha-256
END
