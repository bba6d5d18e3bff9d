#!/usr/bin/env bash
# Runs what builds for a target with an operating system: with-std.sh TARGET cargo|maturin ...
#
# Where the target's standard library is installed beside the Rust that is on PATH, that Rust builds.
# Otherwise Debian's compiler does, and the standard library from Debian's sources with it, if it is
# as new as our crates ask. Without either this fails; `true` as the command asks for that alone.
#
# The library unwinds: a panic in a binding becomes an exception, and does not end the host. For
# musl the C library is the host's too, not a copy inside.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$1
shift
debian=(rustc-web rust-web-src)

is_installed() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }
has_debian() { dpkg --status "${debian[@]}" >/dev/null 2>&1 || "$here/debian.sh" "${debian[@]}"; }
minor() { sed -En "s/^(rustc |rust-version = \")1\.([0-9]+).*/\2/p"; }
is_new() { [ "$(/usr/bin/rustc --version | minor)" -ge "$(minor <"$here/../Cargo.toml")" ]; }

[[ $target != *-musl ]] || export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }-C target-feature=-crt-static"
if ! is_installed; then
	if ! has_debian || ! is_new; then
		echo "with-std.sh: no standard library for $target: rustup target add $target, or as root on" \
			"Debian apt-get install ${debian[*]}" >&2
		exit 1
	fi
	export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_unwind
fi
exec "$@"
