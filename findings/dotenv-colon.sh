#!/usr/bin/env bash
# Guess: `KEY: value`, as in YAML, is no line of a `.env` file.
# Seen: npm dotenv 18.0.10 and @next/env 16.4.6 read it (with a space behind the colon, not
# without), and docker compose's documentation allows it; Node 26.10.0's parseEnv does not read it.
# A project moved from dotenv to `node --env-file` loses the variable without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 dotenv@18.0.10 @next/env@16.4.6
printf 'A: value\nB:value\n' >.env
cat >read.cjs <<'END'
const text = require("node:fs").readFileSync(".env", "utf8");
const next = require("@next/env").loadEnvConfig(".", false, { info() {}, error() {} }).combinedEnv;
const readers = { dotenv: require("dotenv").parse(text), next, parseEnv: require("node:util").parseEnv(text) };
for (const [name, { A, B }] of Object.entries(readers)) console.log(name, A, B);
END
seen=$(node_modules/node/bin/node read.cjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
dotenv value undefined
next value undefined
parseEnv undefined undefined
END
