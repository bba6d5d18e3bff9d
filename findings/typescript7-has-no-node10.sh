#!/usr/bin/env bash
# Guess: TypeScript 7, the compiler written anew, takes the options of 5.9, so that who still compiles
# with moduleResolution node10 can use it.
# Seen: 7.0.2 refuses node10 (TS5108), which 5.9.3 takes, and by which it finds no package through an
# exports map (TS2307). Without it, 7.0.2 finds one so with --module commonjs too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent typescript@5.9.3 typescript7@npm:typescript@7.0.2
mkdir -p node_modules/mapped/types
echo '{"name":"mapped","version":"1.0.0","exports":{"./part":{"types":"./types/part.d.ts"}}}' >node_modules/mapped/package.json
echo 'export const part: number;' >node_modules/mapped/types/part.d.ts
echo 'import { part } from "mapped/part"; export const twice: number = part * 2;' >program.ts
compile() {
  name=$1
  shift
  told=$(node "node_modules/$name/bin/tsc" --noEmit --strict --module commonjs "$@" program.ts || true)
  echo "$name${*:+ $*}: $(grep -oE 'TS[0-9]+' <<<"${told:-}" | sort -u | tr '\n' ' ' || true)"
}
seen=$(
  compile typescript --moduleResolution node10
  compile typescript7 --moduleResolution node10
  compile typescript7
)
echo "$seen"
diff - <(echo "$seen") <<'END'
typescript --moduleResolution node10: TS2307 
typescript7 --moduleResolution node10: TS5108 
typescript7: 
END
