# Brings the dump into the locked bucket, its manifest last: a dump without one is no dump. S3 compares what
# arrives with the checksum that was taken beside the database, and overwrites nothing.
finish() { if [ -f "$here/answer.json" ]; then echo "tandem-answer $(cat "$here/answer.json")"; fi; }
if [ ! -f "$here/stamp" ] || [ ! -f "$here/answer.json" ]; then
  finish
  echo "There is no dump to keep: what came before says why." >&2
  exit 1
fi
at=$PREFIX/$DATABASE/$(cat "$here/stamp")

# What one request takes; the parts of a larger file are compared one by one.
LARGEST=$((5 * 1024 * 1024 * 1024))
put() {
  local digest
  digest=$(sha256sum "$1" | cut -d' ' -f1 | sed 's/../\\x&/g')
  if [ "$(wc -c <"$1")" -gt "$LARGEST" ]; then
    aws s3 cp --only-show-errors --checksum-algorithm SHA256 "$1" "s3://$BUCKET/$at/$2"
  else
    aws s3api put-object --bucket "$BUCKET" --key "$at/$2" --body "$1" --if-none-match '*' \
      --checksum-sha256 "$(printf '%b' "$digest" | base64)" >/dev/null
  fi
}

same=$(sha256sum "$here/dump.sql.gz" | cut -d' ' -f1)
if [ "$same" != "$(said sha256 "$here/manifest.json")" ]; then
  refuse "The dump changed between the database and the bucket."
fi
put "$here/dump.sql.gz" dump.sql.gz
arrived=$(aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$at/dump.sql.gz" --query 'Contents[0].Size' --output text)
[ "$arrived" = "$(said bytes "$here/manifest.json")" ] || refuse "$at/dump.sql.gz has $arrived bytes in the bucket."
put "$here/manifest.json" manifest.json
finish
grep -q '"ok": true' "$here/answer.json"
