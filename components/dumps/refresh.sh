# Loads an anonymised dump beside the application's schema and changes the two over: tables by one statement, so
# that nobody sees a half. What stood before stays in <schema>_before until the next time. Every step can be done
# twice: a run that was interrupted is finished by the next one.
next=${SCHEMA:0:50}_next
before=${SCHEMA:0:50}_before

# What runs by itself, kept while tables move: triggers do not move along.
keep_programs() {
  {
    echo "CREATE TABLE IF NOT EXISTS \`_tandem_programs\` (one INT PRIMARY KEY, text LONGTEXT);"
    echo "REPLACE INTO \`_tandem_programs\` VALUES (1, '$(base64 | tr -d '\n')');"
  } | sql "$1"
}
kept_programs() { ask "SELECT text FROM \`_tandem_programs\`" "$1" | base64 -d; }

drop_programs() {
  ask "SELECT CONCAT('DROP TRIGGER IF EXISTS \`', REPLACE(TRIGGER_NAME, '\`', '\`\`'), '\`;')
      FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = $(literal "$1");
    SELECT CONCAT('DROP VIEW IF EXISTS \`', REPLACE(TABLE_NAME, '\`', '\`\`'), '\`;')
      FROM information_schema.VIEWS WHERE TABLE_SCHEMA = $(literal "$1");
    SELECT CONCAT('DROP ', ROUTINE_TYPE, ' IF EXISTS \`', REPLACE(ROUTINE_NAME, '\`', '\`\`'), '\`;')
      FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = $(literal "$1");
    SELECT CONCAT('DROP EVENT IF EXISTS \`', REPLACE(EVENT_NAME, '\`', '\`\`'), '\`;')
      FROM information_schema.EVENTS WHERE EVENT_SCHEMA = $(literal "$1")" | sql "$1"
}

moves() {
  local table
  base_tables "$1" | while read -r table; do
    printf ', %s.%s TO %s.%s' "$(named "$1")" "$(named "$table")" "$(named "$2")" "$(named "$table")"
  done
}

# From here on the next schema is whole and says so: only forwards.
change_over() {
  local moved
  if [ -n "$(base_tables "$next")" ]; then
    drop_programs "$SCHEMA"
    drop_programs "$next"
    moved="$(moves "$SCHEMA" "$before")$(moves "$next" "$SCHEMA")"
    ask "SET foreign_key_checks = 0; RENAME TABLE ${moved:2}"
  fi
  kept_programs "$next" | load_programs "$SCHEMA" ENABLE
  if [ "$(ask "SELECT COUNT(*) FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = $(literal "$before") AND TABLE_NAME = '_tandem_programs'")" = 1 ]; then
    kept_programs "$before" | load_programs "$before"
  fi
  ask "DROP DATABASE $(named "$next")"
}

if schema_exists "$next" && [ "$(noted "$next" state)" = changing ]; then
  done_already=$(noted "$next" dump)
  change_over
else
  done_already=
fi

check_dump
[ "$(said anonymised "$here/manifest.json")" = true ] ||
  refuse "$(cat "$here/fetched") is refused. It was not anonymised: nobody's data comes here as it is."

if schema_exists "$before" && [ -z "$(noted "$before" state)" ] && [ "$(tables_in "$before")" != 0 ]; then
  refuse "$before exists already and is nothing that a refresh left: it is not touched. Rename it."
fi

if [ "$done_already" != "$(said sha256 "$here/manifest.json")" ]; then
  empty_schema "$next"
  load_tables "$next"
  compare "$next"
  programs_part | keep_programs "$next"
  # The old is let go only now, when the new is whole.
  ask "DROP DATABASE IF EXISTS $(named "$before")"
  ask "CREATE DATABASE $(named "$before") CHARACTER SET utf8mb4"
  note before "$before"
  dump_programs "$SCHEMA" | keep_programs "$before"
  note changing "$next"
  change_over
fi
answer "\"ok\": true, \"problems\": [], \"schema\": $(quoted "$SCHEMA"), \"before\": $(quoted "$before"), $(loaded)"
