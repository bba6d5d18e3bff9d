#!/usr/bin/env bash
# Guess: a webhook library takes headers in the shapes that Node gives them: the object of
# node:http, `headersDistinct` (arrays), and the Headers of a Fetch request.
# Seen: standardwebhooks 1.1.1 and svix 2.5.0 take the first alone. Arrays end in a TypeError
# (`split is not a function`); with Headers they say that the headers are missing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 standardwebhooks@1.1.1 svix@2.5.0
cat >verify.cjs <<'END'
const secret = "whsec_" + Buffer.alloc(24, 1).toString("base64");
for (const name of ["standardwebhooks", "svix"]) {
  const webhook = new (require(name).Webhook)(secret), now = new Date();
  const headers = { "webhook-id": "1", "webhook-timestamp": String(Math.floor(now / 1000)), "webhook-signature": webhook.sign("1", now, "{}") };
  const arrays = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]]));
  for (const shape of [headers, arrays, new Headers(headers)]) {
    try { webhook.verify("{}", shape); console.log(name, "accepts"); }
    catch (error) { console.log(name, error.constructor.name, error.message); }
  }
}
END
seen=$(node_modules/node/bin/node verify.cjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
standardwebhooks accepts
standardwebhooks TypeError msgSignature.split is not a function
standardwebhooks WebhookVerificationError Missing required headers
svix accepts
svix TypeError msgSignature.split is not a function
svix WebhookVerificationError Missing required headers
END
