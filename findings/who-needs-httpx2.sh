#!/usr/bin/env bash
# Guess: the clients of the large APIs are built on httpx.
# Seen, 2026-11: openai 3.57.0, anthropic 2.14.0, mcp 2.3.0 and Starlette 1.10.0 ask for httpx2;
# none asks for httpx any more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip download -q --no-deps -d "$folder/wheels" \
  openai==3.57.0 anthropic==2.14.0 mcp==2.3.0 starlette==1.10.0
seen=$(for wheel in "$folder"/wheels/*.whl; do
  needs=$(python3 -m zipfile -e "$wheel" "$folder/of" && cat "$folder"/of/*.dist-info/METADATA | sed -nE 's/^Requires-Dist: (httpx2?)\b.*/\1/p' | sort -u)
  rm -rf "$folder/of"
  echo "$(basename "$wheel" | cut -d- -f1,2)" needs $needs
done)
echo "$seen"
diff - <(echo "$seen") <<'END'
anthropic-2.14.0 needs httpx2
mcp-2.3.0 needs httpx2
openai-3.57.0 needs httpx2
starlette-1.10.0 needs httpx2
END
