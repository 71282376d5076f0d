# RULES: a line for a table and an action, and the columns that it is for, all by tabs; without columns it is for the
# table. A value follows its column after "=", in hexadecimal.
# Makes a dump whose people cannot be known again, from one of this environment: loaded beside, changed by the
# declared rules, dumped anew. What the rules do not know ends it, before the first row is loaded for others to see.
check_dump
scratch=${SCHEMA:0:50}_anonymised
empty_schema "$scratch"
load_tables "$scratch"

rules() {
  echo "CREATE TEMPORARY TABLE \`_tandem_rules\` (t VARCHAR(64), c VARCHAR(64), k VARCHAR(64), action VARCHAR(10), value LONGTEXT)
    CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
  while IFS=$'\t' read -r table action rest; do
    [ -n "$table" ] || continue
    IFS=$'\t' read -r -a columns <<<"$rest"
    for column in "${columns[@]:-}"; do
      name=${column%%=*}
      value=${column#"$name"}
      echo "INSERT INTO \`_tandem_rules\` VALUES ($(literal "$table"), $(literal "$name"), LOWER($(literal "$name")),
        '$action', '${value#=}');"
    done
  done <<<"$RULES"
}

{ rules; echo "$FAULTS_SQL"; } | sql "$scratch" >"$here/unknown"
if [ -s "$here/unknown" ]; then
  ask "DROP DATABASE $(named "$scratch")"
  mapfile -t found <"$here/unknown"
  refuse "${found[@]/#/backups.anonymise.$DATABASE: }"
fi

# The key is known to this run alone, and to no command line.
key=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
{ rules; echo "$FAULTS_SQL"; echo "$CHANGES_SQL"; } | sql "$scratch" >"$here/changes"
{
  # As the dump itself is loaded: dates that were let in once are no reason to end here.
  echo "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0; SET @tandem_key = '$key';"
  cat "$here/changes"
} | sql "$scratch" || refuse "The rules could not be carried out: its log has the reason."
key=

programs_part >"$here/programs"
time=$(said time "$here/manifest.json")
head=$(migration_head "$scratch")
original=$(loaded)
handed() { cat "$here/programs"; }
dump_schema "$scratch" handed
manifest "$SCHEMA" "$time" "$head" true ""
ask "DROP DATABASE $(named "$scratch")"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
echo "$stamp" >"$here/stamp"
answer "\"ok\": true, \"problems\": [], \"anonymised\": \"anonymised/$DATABASE/$stamp\", $original"
