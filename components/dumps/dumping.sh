# How a schema becomes a text: first tables with their rows, behind a line of its own what runs by itself
# (views, routines, triggers, events). A restore that changes data needs the first without the second.
DIVIDE='-- tandem: programs'

# One moment of the database, locking nothing; no rights beyond those of the schema's owner.
dump_options=(--single-transaction --quick --hex-blob --no-tablespaces --skip-triggers --skip-dump-date
  --default-character-set=utf8mb4 --max-allowed-packet=1G --net-buffer-length=1M)

dumped() {
  local options_of_client=()
  # Server ids and the like are no part of the data. MariaDB's client does not know them.
  if knows mysqldump --set-gtid-purged; then options_of_client+=(--set-gtid-purged=OFF); fi
  mysqldump --defaults-extra-file="$options" "${dump_options[@]}" "${options_of_client[@]}" "$@"
}

dump_tables() {
  local schema=$1 name ignored=()
  while read -r name; do ignored+=(--ignore-table="$schema.$name"); done < <(
    views "$schema"
    ask "SELECT TABLE_NAME FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = $(literal "$schema") AND TABLE_NAME LIKE '$OURS'"
  )
  shift
  dumped "$@" "${ignored[@]}" "$schema"
}

dump_programs() {
  local schema=$1 found
  dumped --no-data --no-create-info --triggers --add-drop-trigger --routines --events "$schema"
  mapfile -t found < <(views "$schema")
  if [ "${#found[@]}" -gt 0 ]; then dumped --no-data "$schema" "${found[@]}"; fi
}

# The rows of each table as the text has them, by its own moment: number, tab, table. A row is a parenthesis
# that opens outside of a text; a line break in a value is written as two characters, so lines are whole.
count_rows() {
  awk '
    /^LOCK TABLES `/ {
      table = $0; sub(/^LOCK TABLES `/, "", table); sub(/` WRITE;$/, "", table); gsub(/``/, "`", table)
      rows[table] += 0; next
    }
    /^UNLOCK TABLES;/ { table = ""; next }
    table != "" && /^(INSERT INTO `|\()/ {
      gsub(/\\./, ""); gsub(/\047[^\047]*\047/, ""); gsub(/`[^`]*`/, "")
      sub(/^INSERT INTO +(\([^)]*\) +)?VALUES */, "")
      rows[table] += gsub(/\(/, "")
    }
    END { for (table in rows) printf "%d\t%s\n", rows[table], table }
  ' | sort -t "$(printf '\t')" -k2
}

# A checksum of the rows alone: the same for the same data, whatever stands around it.
rows_digest() { sed -n '/^LOCK TABLES `/,/^UNLOCK TABLES;/p' | grep -E '^(INSERT INTO `|\()' | sha256sum | cut -d' ' -f1 || true; }

# The two parts of the dump in the folder.
data_part() { gunzip -c "$here/dump.sql.gz" | sed "/^$DIVIDE\$/,\$d"; }
programs_part() { gunzip -c "$here/dump.sql.gz" | sed "1,/^$DIVIDE\$/d"; }

# Whether both parts end as the client ends what it finished.
whole() {
  awk -v divide="$DIVIDE" '
    $0 == divide { first = last == "-- Dump completed" }
    NF > 0 { last = $0 }
    END { exit !(first && last == "-- Dump completed") }
  '
}

# Dumps a schema into the folder, and ends unless the result is whole.
dump_schema() {
  local schema=$1 programs=$2
  {
    dump_tables "$schema"
    echo "$DIVIDE"
    "$programs" "$schema"
  } | gzip -6 >"$here/dump.sql.gz"
  gzip -t "$here/dump.sql.gz" || refuse "The dump of $schema cannot be read again."
  gunzip -c "$here/dump.sql.gz" | whole || refuse "The dump of $schema does not end as a whole one does."
  data_part | count_rows >"$here/rows"
  [ -s "$here/rows" ] || refuse "The dump of $schema is empty: it has no table."
}

# manifest <schema> <time> <head> <anonymised> <doubts>
manifest() {
  local rows name lines=
  while IFS=$'\t' read -r rows name; do lines+="${lines:+,$'\n'}    $(quoted "$name"): $rows"; done <"$here/rows"
  cat >"$here/manifest.json" <<JSON
{
  "format": 1,
  "project": $(quoted "$PROJECT"),
  "environment": $(quoted "$ENVIRONMENT"),
  "database": $(quoted "$DATABASE"),
  "schema": $(quoted "$1"),
  "time": $(quoted "$2"),
  "bytes": $(wc -c <"$here/dump.sql.gz"),
  "sha256": "$(sha256sum "$here/dump.sql.gz" | cut -d' ' -f1)",
  "data": "$(data_part | rows_digest)",
  "server": $(quoted "$(ask "SELECT VERSION()")"),
  "client": $(quoted "$(mysqldump --version | sed 's/.*Ver //')"),
  "head": $(quoted "$3"),
  "anonymised": $4,
  "completed": true,
  "doubts": $(quoted "$5"),
  "rows": {
$lines
  }
}
JSON
}
