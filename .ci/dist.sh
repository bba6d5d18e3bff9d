#!/usr/bin/env bash
# Builds what a user installs into target/dist, judges it, and runs it from clean environments.
#
# dist.sh [--no-cross]: without it also what this machine can cross build, Linux on aarch64 by Zig.
# What cannot be built here is named, in the table too; on CI that fails, unless it was asked for.
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

wheel() { # for a target, on the oldest glibc that Rust serves
	(cd python && maturin build --release --locked --quiet --zig --compatibility manylinux2014 \
		--target "$1" --out "$dist" "${@:2}")
}

say 'the gate'
cargo build --locked --quiet --package kling-gate --bins

say 'one version'
"$PYTHON" .ci/dist/version.py

say "Python: $host, and the sources"
wheel "$host"
(cd python && maturin sdist --quiet --out "$dist")

say 'Rust: the crates'
cargo package --locked --quiet --no-verify --allow-dirty --package kling-jwt-core --package kling-auth \
	--target-dir "$dist/cargo"
cp "$dist"/cargo/package/*.crate "$dist"

say "Node: $host"
node node/build.mjs
natives=("$host=$PWD/node/kling-auth.node")

others=(aarch64-unknown-linux-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-musl)
if [ -n "$cross" ]; then
	for target in "${others[@]}"; do
		if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
			skip "\`$target\`: its standard library is not installed (\`rustup target add $target\`)"
			continue
		fi
		say "Python and Node: $target"
		case $target in
		*-gnu) wheel "$target" ;;
		*-musl) (cd python && RUSTFLAGS='-C target-feature=-crt-static' maturin build --release --locked \
			--quiet --zig --compatibility musllinux_1_2 --target "$target" --out "$dist") ;;
		esac
		RUSTFLAGS='-C target-feature=-crt-static' cargo zigbuild --release --locked --quiet \
			--package kling-auth-node --target "$target"
		natives+=("$target=$PWD/target/$target/release/libkling_auth_node.so")
	done
fi
echo '- macOS and Windows: the release workflow builds them' >>"$dist/skipped.txt"
node .ci/dist/npm.mjs "$dist" "${natives[@]}"

say 'the packages, judged'
tests/dist/judge.sh "$dist"

say 'the packages, installed and run'
"$PYTHON" tests/dist/run.py
