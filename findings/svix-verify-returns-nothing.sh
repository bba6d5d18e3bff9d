#!/usr/bin/env bash
# Guess: `const event = webhook.verify(body, headers)` of svix gives the parsed body, as ever.
# Seen: npm's svix 2.5.0 returns undefined, PyPI's svix 2.9.1 None. npm's 1.99.1 gave the body, and
# so does standardwebhooks 1.1.1, which has the same interface.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile svix==2.9.1
npm install --silent node@26.10.0 standardwebhooks@1.1.1 svix@2.5.0 svix1@npm:svix@1.99.1
cat >verify.cjs <<'END'
const secret = "whsec_" + Buffer.alloc(24, 1).toString("base64");
for (const name of ["standardwebhooks", "svix1", "svix"]) {
  const webhook = new (require(name).Webhook)(secret), now = new Date(), body = '{"a":1}';
  const headers = { "webhook-id": "1", "webhook-timestamp": String(Math.floor(now / 1000)), "webhook-signature": webhook.sign("1", now, body) };
  console.log(name, webhook.verify(body, headers));
}
END
cat >verify.py <<'END'
import base64, datetime, svix
webhook = svix.Webhook(base64.b64encode(bytes(24)).decode())
now, body = datetime.datetime.now(datetime.timezone.utc), '{"a":1}'
headers = {"svix-id": "1", "svix-timestamp": str(int(now.timestamp())), "svix-signature": webhook.sign("1", now, body)}
print("PyPI's svix", webhook.verify(body, headers))
END
seen=$(node_modules/node/bin/node verify.cjs && bin/python verify.py)
echo "$seen"
diff - <(echo "$seen") <<'END'
standardwebhooks { a: 1 }
svix1 { a: 1 }
svix undefined
PyPI's svix None
END
