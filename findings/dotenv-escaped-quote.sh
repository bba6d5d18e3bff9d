#!/usr/bin/env bash
# Guess: `\"` inside double quotes of `.env` is a quote, as in JSON.
# Seen: Node 26.10.0's parseEnv ends the value at it and drops the rest; npm dotenv 18.0.10 keeps
# both characters; python-dotenv 1.2.4 alone, and docker compose by its documentation, read a quote.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile python-dotenv==1.2.4
npm install --silent node@26.10.0 dotenv@18.0.10
echo 'KEY="a\"b"' >.env
cat >read.cjs <<'END'
const text = require("node:fs").readFileSync(".env", "utf8");
console.log("dotenv", require("dotenv").parse(text).KEY);
console.log("parseEnv", require("node:util").parseEnv(text).KEY);
END
seen=$(
  node_modules/node/bin/node read.cjs
  bin/python -c 'import dotenv; print("python-dotenv", dotenv.dotenv_values(".env")["KEY"])'
)
echo "$seen"
diff - <(echo "$seen") <<'END'
dotenv a\"b
parseEnv a\
python-dotenv a"b
END
