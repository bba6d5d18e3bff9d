#!/usr/bin/env bash
# Guess: in `.env`, `KEY=value#more` is one value; a comment needs a space before its `#`.
# Seen: npm dotenv 18.0.10, Node 26.10.0's parseEnv and @next/env 16.4.6 cut the value at the `#`;
# python-dotenv 1.2.4 keeps it, as docker compose's documentation says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile python-dotenv==1.2.4
npm install --silent node@26.10.0 dotenv@18.0.10 @next/env@16.4.6
echo 'KEY=value#more' >.env
cat >read.cjs <<'END'
const text = require("node:fs").readFileSync(".env", "utf8");
console.log("dotenv", require("dotenv").parse(text).KEY);
console.log("parseEnv", require("node:util").parseEnv(text).KEY);
console.log("@next/env", require("@next/env").loadEnvConfig(".", false, { info() {}, error() {} }).combinedEnv.KEY);
END
seen=$(
  node_modules/node/bin/node read.cjs
  bin/python -c 'import dotenv; print("python-dotenv", dotenv.dotenv_values(".env")["KEY"])'
)
echo "$seen"
diff - <(echo "$seen") <<'END'
dotenv value
parseEnv value
@next/env value
python-dotenv value#more
END
