# How a dump becomes a schema again: looked at first, loaded beside what stands, compared afterwards.

# Everything that is wrong with the dump in the folder, a line each. Nothing is written for it.
faults() {
  local manifest=$here/manifest.json dump=$here/dump.sql.gz from age oldest now time
  from=$(asked FROM_ENVIRONMENT)
  oldest=$(asked MAX_AGE)
  if [ "$(said format "$manifest")" != 1 ] || ! tail -n 1 "$manifest" | grep -q '^}$'; then
    echo "Its manifest is none that this program wrote, or not whole."
    return
  fi
  for key in project database; do
    [ "$(said $key "$manifest")" = "$([ $key = project ] && echo "$PROJECT" || echo "$DATABASE")" ] ||
      echo "It is of the $key $(said $key "$manifest")."
  done
  [ "$(said environment "$manifest")" = "${from:-$ENVIRONMENT}" ] ||
    echo "It is of the environment $(said environment "$manifest"): another environment's is restored only with --from-environment."
  [ "$(said completed "$manifest")" = true ] || echo "Its manifest does not say that it was completed."

  time=$(date -u -d "$(said time "$manifest")" +%s 2>/dev/null) || { echo "Its manifest has no time."; time=0; }
  now=$(date +%s)
  age=$((now - time))
  [ "$age" -gt -300 ] || echo "It says that it is of the future: $(said time "$manifest")."
  [[ $oldest =~ ^[0-9]*$ ]] || echo "MAX_AGE is no number of seconds."
  if [[ $oldest =~ ^[0-9]+$ ]] && [ "$age" -gt "$oldest" ]; then
    echo "It is stale: $age seconds old, and at most $oldest were asked for."
  fi

  if [ ! -s "$dump" ]; then echo "It is empty."; return; fi
  [ "$(wc -c <"$dump")" = "$(said bytes "$manifest")" ] ||
    echo "It has $(wc -c <"$dump") bytes, and its manifest says $(said bytes "$manifest"): truncated, or another one."
  [ "$(sha256sum "$dump" | cut -d' ' -f1)" = "$(said sha256 "$manifest")" ] || echo "Its checksum is not its manifest's."
  if ! gzip -t "$dump" 2>/dev/null; then echo "It cannot be unpacked."; return; fi
  gunzip -c "$dump" | whole || echo "It does not end as a whole dump does."
  # What would leave the schema that it is loaded into.
  if gunzip -c "$dump" | grep -m 1 -qiE '^(/\*![0-9]+ )?(USE|(CREATE|DROP|ALTER) (DATABASE|SCHEMA))[ `]'; then
    echo "It names a schema to work in, which no dump of this program does."
  fi
  data_part | count_rows >"$here/rows"
  [ -s "$here/rows" ] || echo "It has no table."
  said_rows "$manifest" | cmp -s - "$here/rows" || echo "Its tables and rows are not those of its manifest."
}

check_dump() {
  [ -f "$here/fetched" ] || exit 1
  local found
  mapfile -t found < <(faults)
  [ "${#found[@]}" = 0 ] || refuse "${found[@]/#/$(cat "$here/fetched") is refused. }"
}

# In a schema that this program makes: what for, of which dump, how far. Without it a schema is somebody's data.
note() {
  ask "CREATE TABLE IF NOT EXISTS \`_tandem_note\` (one INT PRIMARY KEY, dump CHAR(64) NOT NULL, state VARCHAR(20) NOT NULL);
    REPLACE INTO \`_tandem_note\` VALUES (1, '$(said sha256 "$here/manifest.json")', '$1')" "$2"
}
schema_exists() {
  [ "$(ask "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = $(literal "$1")")" = 1 ]
}
noted() {
  local has
  has=$(ask "SELECT COUNT(*) FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = $(literal "$1") AND TABLE_NAME = '_tandem_note'")
  [ "$has" = 0 ] || ask "SELECT $2 FROM \`_tandem_note\`" "$1"
}
tables_in() { ask "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = $(literal "$1")"; }

# A schema to load into: new, or what an interrupted run of this program left.
empty_schema() {
  local schema=$1
  [ "$schema" != "$SCHEMA" ] || refuse "$schema is what the application uses: a restore goes beside it."
  if schema_exists "$schema"; then
    if [ -z "$(noted "$schema" state)" ] && [ "$(tables_in "$schema")" != 0 ]; then
      refuse "$schema exists already and is nothing that a restore left: it is not touched. Name another one."
    fi
    ask "DROP DATABASE $(named "$schema")"
  fi
  ask "CREATE DATABASE $(named "$schema") CHARACTER SET utf8mb4"
  note loading "$schema"
}

load_tables() { data_part | sql "$1" || refuse "The tables could not be loaded into $1: its log has the reason."; }

# Whoever loads owns: users of another environment or generation are not there. Events sleep unless asked for,
# for two schemas with the same events would do everything twice.
load_programs() {
  local events=${2:-DISABLE}
  sed -E \
    -e 's,^(/\*!50003 CREATE\*/ )/\*!50017 DEFINER=[^*]*\*/,\1,' \
    -e 's,^(/\*!50106 CREATE\*/ )/\*!50117 DEFINER=[^*]*\*/,\1,' \
    -e 's,^CREATE DEFINER=`[^`]*`@`[^`]*` ,CREATE ,' \
    -e 's,^(/\*!50013 )DEFINER=`[^`]*`@`[^`]*` ,\1,' \
    -e "/EVENT/s,(ON COMPLETION (NOT )?PRESERVE) ENABLE,\1 $events," |
    sql "$1" || refuse "Views, routines, triggers or events could not be loaded into $1: its log has the reason."
}

# What is in the schema against what the manifest says: rows by table, all of the data, the newest migration.
differences() {
  local schema=$1 manifest=$here/manifest.json table query=
  mapfile -t tables < <(base_tables "$schema")
  for table in "${tables[@]}"; do
    query+="${query:+ UNION ALL }SELECT COUNT(*), $(literal "$table") FROM $(named "$schema").$(named "$table")"
  done
  [ -n "$query" ] || { echo "Nothing was restored."; return; }
  ask "$query" | sort -t "$(printf '\t')" -k2 >"$here/restored"
  said_rows "$manifest" | diff - "$here/restored" | sed -nE \
    -e 's/^< ([0-9]+)\t(.*)/The dump has \1 rows of \2, which were not restored so./p' || true
  # Another version of the client may write the same data in other words.
  if [ "$(mysqldump --version | sed 's/.*Ver //')" = "$(said client "$manifest")" ]; then
    [ "$(dump_tables "$schema" | rows_digest)" = "$(said data "$manifest")" ] ||
      echo "The restored data is not the data of the dump, by checksum."
  fi
  [ "$(migration_head "$schema")" = "$(said head "$manifest")" ] ||
    echo "The newest migration is $(migration_head "$schema"), and was $(said head "$manifest")."
}

compare() {
  local found
  mapfile -t found < <(differences "$1")
  [ "${#found[@]}" = 0 ] || refuse "${found[@]}"
}

# The common part of an answer about a loaded dump.
loaded() {
  local began time
  began=$(cat "$here/began")
  time=$(date -u -d "$(said time "$here/manifest.json")" +%s)
  printf '"backup": %s, "time": "%s", "age": %d, "seconds": %d, "tables": %d, "rows": %d, "head": %s' \
    "$(quoted "$(cat "$here/fetched")")" "$(said time "$here/manifest.json")" $((began - time)) $(($(date +%s) - began)) \
    "$(wc -l <"$here/rows")" "$(awk -F'\t' '{ sum += $1 } END { printf "%d", sum }' "$here/rows")" \
    "$(quoted "$(said head "$here/manifest.json")")"
}
