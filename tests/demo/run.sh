#!/usr/bin/env bash
# Creates a token in three languages and sends it to a gate on loopback, which verifies with the crate
# jsonwebtoken. Fails unless all three get the same results. The gate ends with this script.
set -euo pipefail
cd "$(dirname "$0")/../.."

coproc GATE_PROCESS { exec target/debug/kling-gate --until-stdin-closes; }
gate=$GATE_PROCESS_PID stdin=${GATE_PROCESS[1]}
trap 'exec {stdin}>&-; wait "$gate"' EXIT
read -r opening <&"${GATE_PROCESS[0]}"
field() { sed -E "s/.*\"$1\":\"([^\"]*)\".*/\1/" <<<"$opening"; }
GATE=$(field url) KLING_ACCESS_KEY=$(field access_key) KLING_SECRET_KEY=$(field secret_key)
NOW=$(date +%s)
export GATE KLING_ACCESS_KEY KLING_SECRET_KEY NOW

expected="  accepted  200 code 0, SUCCEED
  refused   401 code 1000, signature is invalid  (a wrong secret key)
  because   the secret key does not belong to the access key: copy both again from https://kling.ai/dev/api-key
  expired   401 code 1004, Authorization has expired  (its token of an hour ago)
  renewed   200 code 0, SUCCEED  (the same object, now)
  corrected 200 code 0, SUCCEED  (a clock an hour slow: one refusal set it right)"
tokens=()

show() {
  local language=$1 output
  shift
  output=$("$@")
  printf '\n%s\n%s\n' "$language" "$output"
  tokens+=("$(head -n 1 <<<"$output")")
  [ "$(tail -n +2 <<<"$output")" = "$expected" ] || { echo "unexpected answers" >&2; exit 1; }
}

printf '\nkling-auth demo. A stand-in for Kling listens on %s\n' "$GATE"
printf 'and verifies with the independent crate jsonwebtoken.\n'
show Rust target/debug/kling-demo
show Python .venv/bin/python tests/demo/demo.py
show Node node tests/demo/demo.mjs

[ "${tokens[0]}" = "${tokens[1]}" ] && [ "${tokens[1]}" = "${tokens[2]}" ] ||
  { echo "the tokens differ" >&2; exit 1; }
printf '\nThree languages, one core: the three tokens are the same to the byte.\n'
