#!/usr/bin/env bash
# Guess: server.listen({ onUnhandledRequest: "error" }), which most tests have, refuses a request
# without a handler in msw 3 too; or msw 3 refuses the option.
# Seen: msw 3.0.5 ignores it without a word: the request is sent to the real host, with a warning. Its
# option is named onUnhandledFrame. msw 2.15.0 refuses the request.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 msw@3.0.5 msw2@npm:msw@2.15.0
cat >listen.mjs <<'END'
import { createServer } from "node:http";
const url = await new Promise((resolve) => {
  const real = createServer((_, response) => response.end("reaches the host"));
  real.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${real.address().port}/`));
});
console.warn = console.error = (text) => console.log(text.split(":")[0]);
for (const [name, option] of [["msw2", "onUnhandledRequest"], ["msw", "onUnhandledRequest"], ["msw", "onUnhandledFrame"]]) {
  const server = (await import(`${name}/node`)).setupServer();
  server.listen({ [option]: "error" });
  console.log(name, option, await fetch(url).then((response) => response.text(), () => "refused"));
  server.close();
}
process.exit();
END
seen=$(node_modules/node/bin/node --no-warnings listen.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
[MSW] Error
msw2 onUnhandledRequest refused
[MSW] Warning
msw onUnhandledRequest reaches the host
[MSW] Error
msw onUnhandledFrame refused
END
