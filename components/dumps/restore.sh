# Restores a dump into a new schema beside the application's, and compares. A drill does the same and cleans up.
rm -f "$here/restored"
check_dump
into=$(asked INTO)
stamp=$(basename "$(cat "$here/fetched")")
into=${into:-${SCHEMA:0:40}_${stamp:0:15}}
[[ $into =~ ^[A-Za-z][A-Za-z0-9_]{0,63}$ ]] || refuse "INTO is no schema's name: a letter, then up to 63 letters, digits or _."

state=
if schema_exists "$into"; then state=$(noted "$into" "CONCAT(state, ' ', dump)"); fi
if [ "$state" != "restored $(said sha256 "$here/manifest.json")" ]; then
  empty_schema "$into"
  load_tables "$into"
  programs_part | load_programs "$into"
fi
compare "$into"
note restored "$into"
kept=true
if [ "$(asked THROW_AWAY)" = yes ]; then
  ask "DROP DATABASE $(named "$into")"
  kept=false
fi
answer "\"ok\": true, \"problems\": [], \"into\": $(quoted "$into"), \"kept\": $kept, $(loaded)"
