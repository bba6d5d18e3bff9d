#!/usr/bin/env bash
# Guess: a UTF-8 byte order mark, as Windows editors write it, is skipped by every reader of `.env`.
# Seen: Node 26.10.0 (--env-file) takes it for a part of the first name, so the first variable is
# not set; npm dotenv 18.0.10 and python-dotenv 1.2.4 skip it. CR alone as a line end: the same
# three, the same answers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile python-dotenv==1.2.4
npm install --silent node@26.10.0 dotenv@18.0.10
printf '\xef\xbb\xbfA=a\nB=b\n' >mark
printf 'A=a\rB=b\r' >cr
seen=$(
  for file in mark cr; do
    node_modules/node/bin/node --env-file="$file" -p '`node ${process.env.A} ${process.env.B}`' | tr '\r' '|'
    node_modules/node/bin/node -p "const { A, B } = require('dotenv').parse(require('fs').readFileSync('$file')); \`dotenv \${A} \${B}\`"
    bin/python -c "import dotenv; values = dotenv.dotenv_values('$file'); print('python-dotenv', values.get('A'), values.get('B'))"
  done
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node undefined b
dotenv a b
python-dotenv a b
node aB=b undefined
dotenv a b
python-dotenv a b
END
