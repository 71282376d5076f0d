# Fetches what the last dumps said of themselves: the new one is measured by them.
rm -rf "$here/former"
mkdir "$here/former"
aws s3api list-objects-v2 --bucket "$BUCKET" --prefix "dumps/$DATABASE/" \
  --query "Contents[?ends_with(Key, '/manifest.json')].Key" --output text |
  tr '\t' '\n' | { grep '^dumps/' || true; } | sort | tail -n 5 |
  while read -r key; do
    aws s3 cp --only-show-errors "s3://$BUCKET/$key" "$here/former/$(basename "$(dirname "$key")").json"
  done
