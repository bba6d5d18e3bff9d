#!/usr/bin/env bash
# Guess: whoever watches a file of a mounted secret is told of each rotation. (Kubernetes swaps the
# link `..data` to a new folder, and the file is a link through it.)
# Seen: Node 26.10.0's fs.watch and watchfiles 1.3.0 tell of the first rotation and never again, as
# the file that they watch is gone with its folder; watchdog 7.1.0 tells of none. It looks right when
# tried once. fs.watchFile, which asks again and again, and a watch of the folder tell of each.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile watchfiles==1.3.0 watchdog==7.1.0
npm install --silent node@26.10.0
rotate() {
  mkdir "mount/..$1" && echo "$1" >"mount/..$1/key"
  ln -s "..$1" mount/..next && mv -T mount/..next mount/..data
  rm -rf "mount/..$(($1 - 1))"
}
mkdir mount && rotate 1 && ln -s ..data/key mount/key
cat >watch.py <<'END'
import watchfiles
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
handler, observer = FileSystemEventHandler(), Observer()
handler.on_any_event = lambda event: print("watchdog", flush=True)
observer.schedule(handler, "mount/key")
observer.start()
print("ready", flush=True)
for _ in watchfiles.watch("mount/key"):
    print("watchfiles", flush=True)
END
watch='require("fs").watch("mount/key", () => console.log("fs.watch")).on("error", () => {});'
poll='require("fs").watchFile("mount/key", { interval: 200 }, () => console.log("fs.watchFile")); console.log("ready");'
bin/python watch.py >>seen.py & node_modules/node/bin/node -e "$watch $poll" >>seen.js &
for _ in $(seq 600); do grep -q ready seen.js && grep -q ready seen.py && break; sleep 0.1; done
sleep 3; : >seen.js; : >seen.py
seen=$(for number in 2 3 4; do
  rotate "$number"; sleep 3
  echo "rotation $((number - 1)):" $(sort -u seen.js seen.py); : >seen.js; : >seen.py
done)
echo "$seen"
diff - <(echo "$seen") <<'END'
rotation 1: fs.watch fs.watchFile watchfiles
rotation 2: fs.watchFile
rotation 3: fs.watchFile
END
