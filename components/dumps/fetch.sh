# Fetches the dump that was asked for: the newest one without doubts, or the one that is named.
rm -rf "${here:?}"/*
for name in BACKUP INTO FROM_ENVIRONMENT MAX_AGE THROW_AWAY; do echo "$name=${!name:-}" | head -n 1; done >"$here/asked"
date +%s >"$here/began"

newest() {
  aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "$1/$DATABASE/" \
    --query "Contents[?ends_with(Key, '/manifest.json')].Key" --output text |
    tr '\t' '\n' | { grep "^$1/" || true; } | sort -r |
    while read -r key; do
      aws s3 cp --only-show-errors "s3://$BUCKET/$key" "$here/manifest.json"
      if [ -z "$(said doubts "$here/manifest.json")" ]; then
        dirname "$key"
        break
      fi
    done
}

backup=${BACKUP:-latest}
if [ "$backup" = latest ]; then
  backup=$(newest "$([ "$KIND" = refresh ] && echo anonymised || echo dumps)")
  [ -n "$backup" ] || refuse "There is no dump of $DATABASE that is beyond doubt."
fi
[[ $backup =~ ^(dumps|anonymised)/$DATABASE/[0-9]{8}T[0-9]{6}Z$ ]] ||
  refuse "$backup is no dump of $DATABASE: dumps/$DATABASE/<time>, such as dumps/$DATABASE/20261122T021700Z, or latest."
aws s3 cp --only-show-errors "s3://$BUCKET/$backup/manifest.json" "$here/manifest.json" ||
  refuse "$backup has no manifest: it is no whole dump, or none at all."
aws s3 cp --only-show-errors "s3://$BUCKET/$backup/dump.sql.gz" "$here/dump.sql.gz" ||
  refuse "$backup has a manifest and no dump."
echo "$backup" >"$here/fetched"
