#!/usr/bin/env bash
# Whether the time of a refusal shows where a signature differs: by the clock, and by counting
# instructions. The second is repeatable; the first wants a machine with nothing else to do.
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

# The index has two digits everywhere, so that reading it takes as many instructions.
compared() { # SUBJECT
  local first middle last
  first=$(counted "$1" 00) middle=$(counted "$1" 15) last=$(counted "$1" 31)
  echo "constant time: subject $1: $first, $middle, $last instructions for byte 0, 15, 31" >&2
  [ -n "$first" ] && [ "$first" = "$middle" ] && [ "$first" = "$last" ]
}
compared 0 || { echo 'constant time: HmacKey::verify depends on the place'; exit 1; }
compared 1 || { echo 'constant time: verify_signature depends on the place'; exit 1; }
if compared 2; then
  echo 'constant time: nothing found out: the control seems constant too'
  exit 2
fi

"$program"
