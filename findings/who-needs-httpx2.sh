#!/usr/bin/env bash
# Guess: the clients of the large APIs are built on httpx.
# Seen, 2026-11: openai 3.57.0, anthropic 2.14.0 and mcp 2.3.0 need httpx2, and httpx no more.
# Starlette 1.10.0 needs neither; its extra `full` brings both, and its test client calls httpx
# deprecated where httpx2 is not installed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip download -q --no-deps -d "$folder" \
  openai==3.57.0 anthropic==2.14.0 mcp==2.3.0 starlette==1.10.0
seen=$(python3 - "$folder"/*.whl <<'END'
import email, re, sys, zipfile

for path in sys.argv[1:]:
    wheel = zipfile.ZipFile(path)
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = email.message_from_bytes(wheel.read(name))
    for line in sorted(metadata.get_all("Requires-Dist")):
        if found := re.match(r"(httpx2?)\b[^;]*(.*)", line):
            print(" ".join([metadata["Name"], *found.groups()]).strip())
    if metadata["Name"] == "starlette":
        source = wheel.read("starlette/testclient.py").decode()
        print("deprecates httpx" if "Using `httpx` with `starlette.testclient` is deprecated" in source else "")
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
anthropic httpx2
mcp httpx2
openai httpx2
starlette httpx2 ; extra == 'full'
starlette httpx ; extra == 'full'
deprecates httpx
END
