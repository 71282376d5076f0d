# The way to the database. The password stands in a file of this container that nobody else reads, and goes with
# it: on a command line or in the log it would be seen.
options=$(mktemp)
trap 'rm -f "$options"' EXIT

# MySQL's client and MariaDB's call the same things by other names: each is asked what it knows.
knows() { "$1" --help 2>/dev/null | grep -q -e "$2"; }

escaped=${DB_PASSWORD//\\/\\\\}
escaped=${escaped//\"/\\\"}
{
  echo "[client]"
  echo "host=$DB_HOST"
  echo "port=$DB_PORT"
  echo "protocol=TCP"
  echo "user=$DB_USER"
  echo "password=\"$escaped\""
  echo "default-character-set=utf8mb4"
  if knows mysql --ssl-mode; then echo "ssl-mode=REQUIRED"; else echo "ssl"; fi
} >"$options"
unset DB_PASSWORD escaped

# Statements from standard input; the answer without frame.
sql() { mysql --defaults-extra-file="$options" --batch --skip-column-names --raw "$@"; }
ask() { sql ${2:+"$2"} <<<"$1"; }

# A client may fall back to plain text where the server has no certificate: then nothing is said at all.
cipher=$(sql <<<"SHOW SESSION STATUS LIKE 'Ssl_cipher'" | cut -f2)
[ -n "$cipher" ] || refuse "The connection to $DB_HOST is not encrypted."

named() { printf '`%s`' "${1//\`/\`\`}"; }
literal() { local text=${1//\\/\\\\}; printf "'%s'" "${text//\'/\'\'}"; }

# What this program keeps in a schema that it made: no part of the data.
OURS='\_tandem\_%'

base_tables() {
  ask "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = $(literal "$1")
    AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE '$OURS' ORDER BY BINARY TABLE_NAME"
}
views() {
  ask "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = $(literal "$1") ORDER BY 1"
}

# The newest migration of a Django application; nothing where there is none.
migration_head() {
  local has
  has=$(ask "SELECT COUNT(*) FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = $(literal "$1") AND TABLE_NAME = 'django_migrations'")
  [ "$has" = 0 ] || ask "SELECT CONCAT(app, '.', name) FROM $(named "$1").django_migrations ORDER BY id DESC LIMIT 1"
}
