# Dumps the database, and looks at the result before anybody calls it a backup.
rm -f "$here"/{answer,manifest}.json "$here"/dump.sql.gz "$here/stamp"
time=$(date -u +%Y-%m-%dT%H:%M:%SZ)

before=$(migration_head "$SCHEMA")
[ -n "$(base_tables "$SCHEMA")" ] || refuse "There is no table in $SCHEMA: its dump would be empty."
dump_schema "$SCHEMA" dump_programs
after=$(migration_head "$SCHEMA")
[ "$before" = "$after" ] || refuse "A migration ran during the dump ($before, then $after): take it again."

# Against the last ones. What is doubtful is kept all the same, with its doubts said, and the run fails: data
# that was deleted on purpose is usual again once the dumps of some nights agree on it.
doubts=
mapfile -t former < <(find "$here/former" -name '*.json' 2>/dev/null | sort | tail -n 5)
if [ "${#former[@]}" -gt 0 ]; then
  mapfile -t sizes < <(for each in "${former[@]}"; do said bytes "$each"; done | sort -n)
  median=${sizes[$((${#sizes[@]} / 2))]}
  bytes=$(wc -c <"$here/dump.sql.gz")
  if [ $((bytes * 100)) -lt $((median * LEAST)) ]; then
    doubts="it has $bytes bytes, less than $LEAST % of the last ones' $median"
  fi
  while IFS=$'\t' read -r rows name; do
    if [ "$rows" -gt 0 ] && ! awk -F'\t' -v name="$name" '$2 == name && $1 > 0 { found = 1 } END { exit !found }' "$here/rows"; then
      doubts+="${doubts:+; }$name had $rows rows and has none"
    fi
  done < <(said_rows "${former[-1]}")
fi

manifest "$SCHEMA" "$time" "$after" false "$doubts"
stamp=${time//[-:]/}
echo "$stamp" >"$here/stamp"
total=$(awk -F'\t' '{ sum += $1 } END { printf "%d", sum }' "$here/rows")
answer "\"ok\": $([ -z "$doubts" ] && echo true || echo false), \"backup\": \"dumps/$DATABASE/$stamp\", \
\"time\": \"$time\", \"bytes\": $(said bytes "$here/manifest.json"), \"tables\": $(wc -l <"$here/rows"), \"rows\": $total, \
\"head\": $(quoted "$after"), \"problems\": [$([ -z "$doubts" ] || quoted "The dump was kept, but is doubtful: $doubts")]"
