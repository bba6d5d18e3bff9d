#!/usr/bin/env bash
# Guess: 23:59:60 in a Date header, which RFC 9110 allows, is read as the second after 23:59:59.
# Seen: Node 26.10.0, Bun 1.4.5 and Deno 2.9.6 read it a minute early (their Date.parse takes it for
# 23:59:00); Python's parsedate_to_datetime raises ValueError, its parsedate_tz is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 bun@1.4.5 deno@2.9.6
cat >second.mjs <<'END'
const after = Date.parse("Sun, 01 Jan 2017 00:00:00 GMT");
console.log((Date.parse("Sat, 31 Dec 2016 23:59:60 GMT") - after) / 1000);
END
cat >second.py <<'END'
from email.utils import mktime_tz, parsedate_to_datetime, parsedate_tz
leap, after = "Sat, 31 Dec 2016 23:59:60 GMT", "Sun, 01 Jan 2017 00:00:00 GMT"
print("parsedate_tz", mktime_tz(parsedate_tz(leap)) - mktime_tz(parsedate_tz(after)))
try:
    print("parsedate_to_datetime", parsedate_to_datetime(leap))
except ValueError:
    print("parsedate_to_datetime ValueError")
END
seen=$(
  echo node "$(node_modules/node/bin/node second.mjs)"
  echo bun "$(node_modules/.bin/bun second.mjs)"
  echo deno "$(node_modules/.bin/deno run -q second.mjs)"
  python3 second.py
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node -60
bun -60
deno -60
parsedate_tz 0
parsedate_to_datetime ValueError
END
