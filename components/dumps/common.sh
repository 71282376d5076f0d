# What every container of a dump or restore begins with. The folder is the task's own volume, which goes with it.
set -euo pipefail
umask 077
export LC_ALL=C
here=${DUMP_FOLDER:-/dump}
mkdir -p "$here"

# A text as JSON.
quoted() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# Ends with what is wrong, all of it, and leaves it as the task's answer. The answer exists or not: never half.
refuse() {
  local problem list=
  for problem in "$@"; do
    echo "$problem" >&2
    list+="${list:+, }$(quoted "$problem")"
  done
  answer "\"ok\": false, \"problems\": [$list]"
  exit 1
}

answer() {
  printf '{ "database": %s, "environment": %s, %s }\n' \
    "$(quoted "$DATABASE")" "$(quoted "$ENVIRONMENT")" "$1" >"$here/answer.new"
  mv "$here/answer.new" "$here/answer.json"
}

# What the manifest says: one line a key, which is how this program and no other writes it.
said() {
  sed -nE -e "s/^  \"$1\": \"(.*)\",?\$/\\1/" -e t\ text -e "s/^  \"$1\": ([^\",]*),?\$/\\1/p" -e d \
    -e ": text" -e 's/\\(["\\])/\1/g' -e p "$2"
}

# The manifest's count of rows by table: number, tab, table.
said_rows() { sed -nE 's/^    "(.*)": ([0-9]+),?$/\2\t\1/p' "$1" | sed -E 's/\\(["\\])/\1/g'; }

# What the person asked for. The first container has it in its environment, the others read it here.
asked() { sed -n "s/^$1=//p" "$here/asked"; }
