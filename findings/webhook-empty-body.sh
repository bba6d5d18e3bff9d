#!/usr/bin/env bash
# Guess: webhook libraries of one specification agree on a signed callback with an empty body.
# Seen: npm's standardwebhooks 1.1.1 and svix 2.5.0 accept it; svix 1.99.1 verifies it and then
# throws a SyntaxError while it reads JSON, and PyPI's standardwebhooks 1.1.0 a JSONDecodeError:
# neither is the library's own error, which a handler catches to answer 400.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile standardwebhooks==1.1.0
npm install --silent node@26.10.0 standardwebhooks@1.1.1 svix@2.5.0 svix1@npm:svix@1.99.1
cat >verify.cjs <<'END'
const secret = "whsec_" + Buffer.alloc(24, 1).toString("base64");
for (const name of ["standardwebhooks", "svix", "svix1"]) {
  const webhook = new (require(name).Webhook)(secret), now = new Date();
  const headers = { "webhook-id": "1", "webhook-timestamp": String(Math.floor(now / 1000)), "webhook-signature": webhook.sign("1", now, "") };
  try { webhook.verify("", headers); console.log(name, "accepts"); }
  catch (error) { console.log(name, error.constructor.name); }
}
END
cat >verify.py <<'END'
import base64, datetime, standardwebhooks
webhook = standardwebhooks.Webhook(base64.b64encode(bytes(24)).decode())
now = datetime.datetime.now(datetime.timezone.utc)
headers = {"webhook-id": "1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": webhook.sign("1", now, "")}
try:
    webhook.verify("", headers)
except Exception as error:
    print("PyPI's standardwebhooks", type(error).__name__)
END
seen=$(node_modules/node/bin/node verify.cjs && bin/python verify.py)
echo "$seen"
diff - <(echo "$seen") <<'END'
standardwebhooks accepts
svix accepts
svix1 SyntaxError
PyPI's standardwebhooks JSONDecodeError
END
