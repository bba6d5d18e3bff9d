#!/usr/bin/env bash
# Guess: httpx 1.0, in its pre-releases, keeps the names of 0.28: get, Client, AsyncClient, Auth.
# Seen, httpx 1.0.dev6 beside 0.28.1: of these it has Client alone, and Client takes no auth=. What
# authenticates requests of 0.28 has nothing to stand on.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 0.28.1 1.0.dev6; do
  python3 -m venv --without-pip "$folder/$version"
  python3 -m pip --python "$folder/$version" install -q --no-compile "httpx==$version"
done
seen=$(for version in 0.28.1 1.0.dev6; do
  "$folder/$version/bin/python" - "$version" <<'END'
import inspect, sys, httpx

here = [name for name in ("get", "Client", "AsyncClient", "Auth") if hasattr(httpx, name)]
print(sys.argv[1], *here, "auth" in inspect.signature(httpx.Client.__init__).parameters)
END
done)
echo "$seen"
diff - <(echo "$seen") <<'END'
0.28.1 get Client AsyncClient Auth True
1.0.dev6 Client False
END
