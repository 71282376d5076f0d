#!/bin/sh
# Puts the address that answers questions, and the site's own, into the pages. Needs a shell, cp and sed.
set -eu
: "${CONTACT:?is the address for questions}" "${BASE_URL:?is where the site answers}"
rm -rf public
mkdir -p public/en
cp style.css public/
for page in index.html 404.html en/index.html; do
  sed -e "s|@CONTACT@|$CONTACT|g" -e "s|@BASE_URL@|$BASE_URL|g" "$page" >"public/$page"
done
