#!/usr/bin/env bash
# Checks that the time of a refusal does not reveal where a signature differs: with the clock, and by
# counting instructions. The count is repeatable; the clock needs an otherwise idle machine.
set -euo pipefail
cd "$(dirname "$0")"

cargo build --release --locked --quiet
program=target/release/kling-constant-time

if ! command -v valgrind > /dev/null; then
  echo 'constant time: valgrind is missing: apt-get install valgrind' >&2
  exit 1
fi
counted() { # SUBJECT INDEX
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : //p'
}

# The index always has two digits, so that parsing it takes the same number of instructions.
compared() { # SUBJECT
  local first middle last
  first=$(counted "$1" 00) middle=$(counted "$1" 15) last=$(counted "$1" 31)
  echo "constant time: subject $1: $first, $middle, $last instructions for byte 0, 15, 31" >&2
  [ -n "$first" ] && [ "$first" = "$middle" ] && [ "$first" = "$last" ]
}
compared 0 || { echo 'constant time: HmacKey::verify depends on the place'; exit 1; }
compared 1 || { echo 'constant time: verify_signature depends on the place'; exit 1; }
if compared 2; then
  echo 'constant time: inconclusive: the control seems constant, too'
  exit 2
fi

"$program"
