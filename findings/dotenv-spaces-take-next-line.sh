#!/usr/bin/env bash
# Guess: `FIRST=` with spaces behind it is blank, as `FIRST=` alone is.
# Seen, Node 22.23.3 and 26.10.0 (parseEnv, --env-file): the value is the whole next line. So FIRST
# holds the name and the value of SECOND, and SECOND is not set. npm dotenv 18.0.10: blank.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 node22@npm:node@22.23.3 dotenv@18.0.10
printf 'FIRST=   \nSECOND=value\n' >.env
show='const { FIRST, SECOND } = values; console.log(name, JSON.stringify(FIRST), SECOND)'
seen=$(
  for node in node22 node; do
    "node_modules/$node/bin/node" --env-file=.env -e "const name = '$node', values = process.env; $show"
  done
  node_modules/node/bin/node -e "const name = 'dotenv', values = require('dotenv').parse(require('fs').readFileSync('.env')); $show"
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node22 "SECOND=value" undefined
node "SECOND=value" undefined
dotenv "" value
END
