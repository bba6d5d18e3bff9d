#!/usr/bin/env bash
# Tests the published crates with the oldest dependencies that they allow, in a copy.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
copy=$root/target/minimal-versions
rm -rf "$copy"
mkdir -p "$copy"
cp -r "$root/crates" "$root/Cargo.toml" "$root/README.md" "$copy"
cd "$copy"
# Only the published crates, without the tests' dependencies.
sed -i.bak 's|^members = .*|members = ["crates/*"]|' Cargo.toml
cargo +nightly update --quiet -Zdirect-minimal-versions
export CARGO_TARGET_DIR=$root/target/minimal
cargo test --quiet --package kling-jwt-core --package kling-auth \
	--package kling-auth-cli --package kling-auth-reqwest --all-features --lib --bins
