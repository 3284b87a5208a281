#!/bin/bash
# Makes the database at the first start, as POSTGRES_USER, POSTGRES_PASSWORD(_FILE) and POSTGRES_DB say, then serves it.
set -euo pipefail
bin=$(echo /usr/lib/postgresql/*/bin)
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

mkdir -p "$PGDATA" /run/postgresql
chown postgres:postgres "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

# Made beside its place and moved when it is whole: a container that is killed meanwhile leaves nothing half-made behind.
new=$PGDATA/new
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ ! -e "$new/whole" ]; then
    rm -rf "$new"
    password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:?set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE}")}
    install --owner=postgres --mode=600 <(printf '%s\n' "$password") /run/postgresql/password
    as_postgres "$bin/initdb" --username="$user" --pwfile=/run/postgresql/password --auth-local=trust \
      --auth-host=scram-sha-256 --locale=C.UTF-8 --encoding=UTF8 --pgdata="$new" >/dev/null
    rm /run/postgresql/password
    echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
    if [ "$database" != postgres ]; then
      echo "CREATE DATABASE \"$database\";" | as_postgres "$bin/postgres" --single -j postgres -D "$new" >/dev/null
    fi
    touch "$new/whole"
  fi
  # What says that there is a database comes last.
  find "$new" -mindepth 1 -maxdepth 1 ! -name PG_VERSION ! -name whole -exec mv -t "$PGDATA" {} +
  mv "$new/PG_VERSION" "$PGDATA"
fi
rm -rf "$new"
exec setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres" -c 'listen_addresses=*' "$@"
