#!/usr/bin/env bash
# Guess: packages installed together keep to themselves; `pip show urllib3` tells what is imported.
# Seen, niquests 3.21.2: its dependency urllib3-future installs into the folder `urllib3`, over
# urllib3. pip goes on to report urllib3 2.8.0, `import urllib3` is 2.25.904, and requests uses it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile requests==2.34.2 urllib3==2.8.0
python3 -m pip --python "$folder" install -q --no-compile niquests==3.21.2 urllib3-future==2.25.904
seen=$("$folder/bin/python" - <<'END'
import importlib.metadata, requests.adapters, urllib3
print("pip:", importlib.metadata.version("urllib3"))
print("import:", urllib3.__version__)
print("requests uses:", requests.adapters.PoolManager.__module__, requests.packages.urllib3.__version__)
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
pip: 2.8.0
import: 2.25.904
requests uses: urllib3.poolmanager 2.25.904
END
