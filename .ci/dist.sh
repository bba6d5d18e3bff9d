#!/usr/bin/env bash
# Builds the packages into target/dist, checks them, and runs them in clean environments.
#
# dist.sh [--no-cross]: without the option, it also cross-builds for Linux on aarch64 and musl. What
# cannot be built here is listed, in the table, too; on CI that is a failure.
#
# Zig is the linker: with its libraries, a build on any machine only needs the oldest glibc that Rust
# supports, or musl.
set -euo pipefail
cd "$(dirname "$0")/.."

cross=yes
[ "${1:-}" != --no-cross ] || cross=
dist=$PWD/target/dist
tools=$dist/python-tools
say() { printf '\n\033[1m==> %s\033[0m\n' "$1"; }
skip() {
	echo "- $1" | tee -a "$dist/skipped.txt" >&2
	[ -z "${CI:-}" ] || exit 1
}

mkdir -p "$dist"
find "$dist" -maxdepth 1 -type f -delete
PYTHON=${PYTHON:-python3}
if ! cmp -s tests/dist/requirements.txt "$tools/installed"; then
	say 'tools for packages, into target/dist'
	"$PYTHON" -m venv "$tools"
	"$tools/bin/pip" install --quiet --requirement tests/dist/requirements.txt
	cp tests/dist/requirements.txt "$tools/installed"
fi
export PATH=$tools/bin:$PATH
host=$(rustc -vV | sed -n 's/^host: //p')

natives=()
build() { # the wheels, the add-on and the gate, for a target: one wheel for CPython 3.8 and 3.9, one from 3.10 on
	local target=$1 manylinux=musllinux_1_2 zig=${1/-unknown/}
	[[ $target != *-gnu ]] || manylinux=manylinux2014 zig+=.2.17
	local linker abi
	linker=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")_LINKER
	local with=(env "ZIG_TARGET=$zig" "$linker=$PWD/.ci/dist/zig-linker.sh" "$PWD/.ci/with-std.sh" "$target")
	local how=(--release --locked --quiet --target "$target")
	say "Python and Node: $target"
	for abi in cp38 cp310; do
		(cd python && "${with[@]}" maturin build "${how[@]}" --no-default-features --features "$abi" \
			--compatibility "$manylinux" --out "$dist")
	done
	"${with[@]}" cargo build "${how[@]}" --package kling-auth-node
	(cd python/gate && "${with[@]}" maturin build "${how[@]}" --compatibility "$manylinux" --out "$dist")
	natives+=("$target=$PWD/target/$target/release/libkling_auth_node.so")
	natives+=("gate:$target=$PWD/target/$target/release/kling-gate")
}

say 'the gate'
cargo build --locked --quiet --package kling-gate --bins

say 'one version'
"$PYTHON" .ci/dist/version.py

say 'Python: the sources'
(cd python && maturin sdist --out "$dist")
(cd python/gate && maturin sdist --out "$dist")

say 'Rust: the crates'
cargo package --locked --quiet --allow-dirty --package kling-jwt-core --package kling-gate \
	--package kling-auth --package kling-auth-cli --target-dir "$dist/cargo"
cp "$dist"/cargo/package/*.crate "$dist"

build "$host"
others=(aarch64-unknown-linux-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-musl)
if [ -n "$cross" ]; then
	for target in "${others[@]}"; do
		if .ci/with-std.sh "$target" true; then
			build "$target"
		else
			skip "\`$target\`: its standard library is missing (\`rustup target add $target\`)"
		fi
	done
fi
echo '- macOS and Windows: the release workflow builds them' >>"$dist/skipped.txt"
node .ci/dist/npm.mjs "$dist" "${natives[@]}"

say 'checks of the packages'
tests/dist/judge.sh "$dist"

say 'tests of the installed packages'
"$PYTHON" tests/dist/run.py
echo "total time: $((SECONDS / 60)) minutes and $((SECONDS % 60)) seconds"
