#!/usr/bin/env bash
# Runs what builds for a target with an operating system: with-std.sh TARGET cargo|maturin ...
#
# Where the target's standard library is installed beside the Rust that is on PATH, that Rust builds.
# Otherwise Debian's newest compiler does, with the standard library from Debian's sources. It is
# unpacked below target/, not installed: an older one may be there for the microcontroller and
# WebAssembly, and their sizes depend on which it is. Without either this fails; `true` as the command
# asks for that alone.
#
# The library unwinds: a panic in a binding becomes an exception, and does not end the host. For
# musl the C library is the host's too, not a copy inside.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_RUST=$here/../target/debian-rust
target=$1
shift

is_installed() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }
minor() { sed -En "s/^(rustc |rust-version = \")1\.([0-9]+).*/\2/p"; }
is_new() { [ "$("$here/debian-rustc.sh" --version | minor)" -ge "$(minor <"$here/../Cargo.toml")" ]; }

unpack() { # takes neither root nor dpkg's lock; only the lists of packages are the system's
	command -v apt-get >/dev/null || return 1
	rm -rf "$DEBIAN_RUST"
	mkdir -p "$DEBIAN_RUST/half" "$DEBIAN_RUST/archives/partial"
	apt-get update -qq >&2 || echo 'with-std.sh: the lists of packages stay as they are' >&2
	apt-get install -qq -y --download-only --reinstall --no-install-recommends \
		-o Debug::NoLocking=1 -o Dir::Cache::archives="$DEBIAN_RUST/archives" \
		rustc-web rust-web-src >&2 || return 1
	for package in "$DEBIAN_RUST"/archives/*.deb; do
		dpkg-deb --extract "$package" "$DEBIAN_RUST/half" || return 1
	done
	rm -r "$DEBIAN_RUST/archives"
	mv "$DEBIAN_RUST/half" "$DEBIAN_RUST/root"
}

[[ $target != *-musl ]] || export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }-C target-feature=-crt-static"
if ! is_installed; then
	if ! { [ -d "$DEBIAN_RUST/root" ] || unpack; } || ! is_new; then
		echo "with-std.sh: no standard library for $target: rustup target add $target, or on Debian" \
			"what apt-get can download of rustc-web and rust-web-src" >&2
		exit 1
	fi
	export RUSTC=$here/debian-rustc.sh RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_unwind
fi
exec "$@"
