#!/usr/bin/env bash
# Runs cargo for a target without an operating system: cross.sh TARGET build --release ...
#
# If the Rust on PATH has the target, it is used. Otherwise Debian's packages are, which CI has and
# which are installed if this runs as root. Without Debian, rustup adds the target. If none of these
# is possible, this fails.
#
# With CROSS_PANIC=immediate-abort a panic aborts without a message, and without the code for one, if
# core is built from source (with Debian's packages).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$1 command=$2
shift 2

sysroot=$(rustc --print sysroot)
host=$(rustc -vV | sed -n 's/^host: //p')
debian=(rustc-web rust-web-src)

is_installed() { [ -d "$sysroot/lib/rustlib/$target/lib" ]; }
has_debian() { dpkg --status "${debian[@]}" >/dev/null 2>&1; }

# Extra options to build core from source with Debian's Rust, by its minor version.
std=(-Zbuild-std=core,alloc)
suit() {
	# It may be older than the dependencies require. It has what they need as unstable features,
	# which the wrapper enables.
	[ "$1" -ge 90 ] || export RUSTC_WRAPPER=$here/older-rustc.sh
	[ "${CROSS_PANIC:-}" = immediate-abort ] || return 0
	if [ "$1" -ge 92 ]; then
		export RUSTFLAGS="${RUSTFLAGS:-} -Zunstable-options -Cpanic=immediate-abort"
	else # In older versions it is a feature of core, not a panic strategy.
		std+=(-Zbuild-std-features=panic_immediate_abort)
	fi
}

if is_installed; then
	exec cargo "$command" --target "$target" "$@"
fi
if has_debian || "$here/debian.sh" "${debian[@]}"; then
	linker=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")_LINKER
	export "$linker=$sysroot/lib/rustlib/$host/bin/rust-lld"
	export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
	suit "$($RUSTC --version | sed -E 's/^rustc 1\.([0-9]+).*/\1/')"
	exec cargo "$command" --target "$target" "${std[@]}" --ignore-rust-version "$@"
fi
if command -v rustup >/dev/null && rustup target add "$target" >&2; then
	exec cargo "$command" --target "$target" "$@"
fi
echo "cross.sh: no Rust for $target: as root on Debian run apt-get install ${debian[*]}," \
	"elsewhere rustup target add $target" >&2
exit 1
