#!/usr/bin/env bash
# Guess: single quotes in `.env` keep `$name` and `${name}` as they stand, as a shell does.
# Seen: @next/env 16.4.6 expands both inside single quotes; python-dotenv 1.2.4 expands `${name}` in
# them, and `$name` nowhere. A secret with `$` in it arrives shortened. npm dotenv 18.0.10 and
# Node 26.10.0's parseEnv expand nothing, in no quotes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile python-dotenv==1.2.4
npm install --silent node@26.10.0 dotenv@18.0.10 @next/env@16.4.6
cat >.env <<'END'
PLAIN='ab$name'
BRACES='ab${name}'
END
cat >read.cjs <<'END'
const text = require("node:fs").readFileSync(".env", "utf8");
const next = require("@next/env").loadEnvConfig(".", false, { info() {}, error() {} }).combinedEnv;
const readers = { dotenv: require("dotenv").parse(text), parseEnv: require("node:util").parseEnv(text), next };
for (const [name, { PLAIN, BRACES }] of Object.entries(readers)) console.log(name, PLAIN, BRACES);
END
seen=$(
  env -u name node_modules/node/bin/node read.cjs
  env -u name bin/python -c 'import dotenv; print("python-dotenv", *dotenv.dotenv_values(".env").values())'
)
echo "$seen"
diff - <(echo "$seen") <<'END'
dotenv ab$name ab${name}
parseEnv ab$name ab${name}
next ab ab
python-dotenv ab$name ab
END
