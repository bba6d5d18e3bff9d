#!/usr/bin/env bash
# Runs what builds for a target with an operating system: with-std.sh TARGET cargo|maturin ...
#
# If the Rust on PATH has the target's standard library, it is used. Otherwise Debian's newest compiler
# is, with the standard library from Debian's sources. It is unpacked in target/ and not installed,
# since an installed older one may be needed for the microcontroller and WebAssembly, whose sizes
# depend on it. If neither is available, this fails; use `true` as the command to find out.
#
# The library unwinds, so a panic in a binding becomes an exception and does not end the host. With
# musl, the C library is linked dynamically.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_RUST=$here/../target/debian-rust
target=$1
shift

is_installed() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }
minor() { sed -En "s/^(rustc |rust-version = \")1\.([0-9]+).*/\2/p"; }
is_new() { [ "$("$here/debian-rustc.sh" --version | minor)" -ge "$(minor <"$here/../Cargo.toml")" ]; }

unpack() { # needs neither root nor dpkg's lock; only the package lists are the system's
	command -v apt-get >/dev/null || return 1
	rm -rf "$DEBIAN_RUST"
	mkdir -p "$DEBIAN_RUST/half" "$DEBIAN_RUST/archives/partial"
	apt-get update -qq >&2 || echo 'with-std.sh: the package lists could not be updated' >&2
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
