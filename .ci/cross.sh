#!/usr/bin/env bash
# Runs cargo for a target without an operating system: cross.sh TARGET build --release ...
#
# Where the target is installed beside the Rust that is on PATH, that Rust builds. Otherwise
# Debian's packages do, which CI has and which are installed here where this runs as root; and
# where there is no Debian, rustup adds the target. Without any of them this fails.
#
# With CROSS_PANIC=immediate-abort a panic ends the program without a word, nor the code for one,
# where core is built from source, with Debian's packages.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$1 command=$2
shift 2

sysroot=$(rustc --print sysroot)
host=$(rustc -vV | sed -n 's/^host: //p')
debian=(rustc-web rust-web-src)

is_installed() { [ -d "$sysroot/lib/rustlib/$target/lib" ]; }
has_debian() { dpkg --status "${debian[@]}" >/dev/null 2>&1; }

# What Debian's Rust also needs to build core from source, by its minor version.
std=(-Zbuild-std=core,alloc)
suit() {
	# It may be older than the dependencies say they need. What they use of newer ones it has as
	# unstable features, which the wrapper turns on.
	[ "$1" -ge 90 ] || export RUSTC_WRAPPER=$here/older-rustc.sh
	[ "${CROSS_PANIC:-}" = immediate-abort ] || return 0
	if [ "$1" -ge 92 ]; then
		export RUSTFLAGS="${RUSTFLAGS:-} -Zunstable-options -Cpanic=immediate-abort"
	else # It was a feature of core before it became a strategy.
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
