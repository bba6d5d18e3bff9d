#!/usr/bin/env bash
# Runs each fuzz target for a number of seconds, one after the other, from the committed corpus.
# New inputs are not added to it; a crash is stored in `artifacts`.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-600}

if ! cargo +nightly fuzz --version > /dev/null 2>&1; then
  echo 'fuzz: a nightly compiler and cargo-fuzz are needed: cargo install --locked cargo-fuzz' >&2
  exit 1
fi
cargo +nightly fuzz build --fuzz-dir .

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for target in token inspect verdict webhook credentials dotenv; do
  mkdir "$work/$target"
  log=$work/$target.log
  if ! cargo +nightly fuzz run --fuzz-dir . "$target" "$work/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -print_final_stats=1 > "$log" 2>&1; then
    tail -n 60 "$log"
    echo "fuzz: $target: a finding, in tests/fuzz/artifacts/$target"
    exit 1
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "fuzz: $target: $runs runs in $seconds s, no finding"
done
