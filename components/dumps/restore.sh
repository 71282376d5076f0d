# Restores a dump into a new schema beside the application's, and compares. A drill does the same and cleans up.
rm -f "$here/restored"
check_dump
into=$(asked INTO)
stamp=$(basename "$(cat "$here/fetched")")
into=${into:-${NAME:0:40}_${stamp:0:15}}
[[ $into =~ ^[A-Za-z][A-Za-z0-9_]{0,63}$ ]] || refuse "INTO is no schema's name: a letter, then up to 63 letters, digits or _."
[ "$into" != "$SCHEMA" ] || refuse "$into is what the application uses: a restore goes beside it."

state=
if schema_exists "$into"; then state=$(noted "$into" "CONCAT(state, ' ', dump)"); fi
same="restored $(said sha256 "$here/manifest.json")"
# What was restored may have been served since, and hold what people wrote then. Only a drill's own is dropped.
if [[ $state == restored\ * && $into != tandem_drill* ]]; then
  [ "$state" = "$same" ] && [ "$(asked THROW_AWAY)" != yes ] ||
    refuse "$into is what another restore left, and may have been used since: it is not touched. Name another one."
fi
if [ "$state" = "$same" ]; then
  mapfile -t found < <(differences "$into")
  [ "${#found[@]}" = 0 ] ||
    refuse "$into was restored of this very dump and has changed since: it is not touched. Name another one." "${found[@]}"
else
  empty_schema "$into"
  load_tables "$into"
  programs_part | load_programs "$into"
  compare "$into"
  note restored "$into"
fi
events=$(ask "SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = $(literal "$into")")
kept=true
if [ "$(asked THROW_AWAY)" = yes ]; then
  ask "DROP DATABASE $(named "$into")"
  kept=false
fi
answer "\"ok\": true, \"problems\": [], \"into\": $(quoted "$into"), \"kept\": $kept, \"events\": $events, $(loaded)"
