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

install_debian() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
	echo "cross.sh: installing ${debian[*]}" >&2
	local install=(apt-get install -qq -y --no-install-recommends "${debian[@]}")
	DEBIAN_FRONTEND=noninteractive "${install[@]}" >&2 ||
		{ apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive "${install[@]}" >&2; }
}

if is_installed; then
	exec cargo "$command" --target "$target" "$@"
fi
if has_debian || install_debian; then
	# Debian's Rust may be older than the dependencies say they need. What they use of newer ones
	# it has as unstable features, which the wrapper turns on; its core is built from source.
	linker=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")_LINKER
	export "$linker=$sysroot/lib/rustlib/$host/bin/rust-lld"
	export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
	std=(-Zbuild-std=core,alloc)
	minor=$($RUSTC --version | sed -E 's/^rustc 1\.([0-9]+).*/\1/')
	[ "$minor" -ge 90 ] || export RUSTC_WRAPPER=$here/older-rustc.sh
	if [ "${CROSS_PANIC:-}" != immediate-abort ]; then
		:
	elif [ "$minor" -ge 92 ]; then
		export RUSTFLAGS="${RUSTFLAGS:-} -Zunstable-options -Cpanic=immediate-abort"
	else # It was a feature of core before it became a strategy.
		std+=(-Zbuild-std-features=panic_immediate_abort)
	fi
	exec cargo "$command" --target "$target" "${std[@]}" --ignore-rust-version "$@"
fi
if command -v rustup >/dev/null && rustup target add "$target" >&2; then
	exec cargo "$command" --target "$target" "$@"
fi
echo "cross.sh: no Rust for $target: as root on Debian run apt-get install ${debian[*]}," \
	"elsewhere rustup target add $target" >&2
exit 1
