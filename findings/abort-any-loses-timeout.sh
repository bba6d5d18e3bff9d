#!/usr/bin/env bash
# Guess: a signal of AbortSignal.any aborts when one of its signals does, so one with a timeout ends
# a request in time.
# Seen: in Node 20.20.2 it does not keep the signal of AbortSignal.timeout. If a garbage collection
# comes first, it never aborts, unless the program listens to that signal itself. In Node 22.23.3 it
# aborts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node20@npm:node@20.20.2 node22@npm:node@22.23.3
cat >any.mjs <<'END'
const listens = process.argv[2] === 'listens';
function combined() {
  const late = AbortSignal.timeout(300);
  if (listens) late.addEventListener('abort', () => {});
  return AbortSignal.any([new AbortController().signal, late]);
}
const signal = combined();
signal.addEventListener('abort', () => {});
setTimeout(gc, 50);
setTimeout(gc, 100);
setTimeout(() => {
  const state = signal.aborted ? 'aborted' : 'not aborted';
  console.log(process.version.split('.')[0], listens ? 'listens:' : 'alone:', state);
  process.exit();
}, 1000);
END
seen=$(
  for version in 20 22; do
    for how in alone listens; do "node_modules/node$version/bin/node" --expose-gc any.mjs "$how"; done
  done
)
echo "$seen"
diff - <(echo "$seen") <<'END'
v20 alone: not aborted
v20 listens: aborted
v22 alone: aborted
v22 listens: aborted
END
