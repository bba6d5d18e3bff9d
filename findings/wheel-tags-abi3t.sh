#!/usr/bin/env bash
# Guess: a cp38-abi3 wheel serves every later CPython 3; and abi3t, the stable ABI that also serves
# free-threaded builds, serves both kinds from 3.15 on.
# Seen, packaging 26.4 (what pip and uv choose wheels by): no free-threaded CPython takes abi3, and
# no other takes abi3t. A wheel for both has to say abi3.abi3t, or there have to be two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile packaging==26.4
seen=$("$folder/bin/python" - <<'END'
from packaging.tags import cpython_tags, parse_tag

wheels = "cp38-abi3-linux_x86_64", "cp315-abi3t-linux_x86_64", "cp315-abi3.abi3t-linux_x86_64"
for abi in "cp314", "cp314t", "cp315", "cp315t":
    version = (3, int(abi[3:5]))
    tags = set(cpython_tags(version, [abi], ["linux_x86_64"]))
    print(abi, *[wheel[:-13] for wheel in wheels if parse_tag(wheel) & tags])
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
cp314 cp38-abi3
cp314t
cp315 cp38-abi3 cp315-abi3.abi3t
cp315t cp315-abi3t cp315-abi3.abi3t
END
