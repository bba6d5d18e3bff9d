#!/usr/bin/env bash
# Whether packagers' own tools find fault with what is in target/dist: judge.sh DIST
set -euo pipefail
cd "$(dirname "$0")/../.."
dist=$1

abi3audit --strict "$dist"/*-abi3-*.whl
check-wheel-contents "$dist"/*.whl
twine check --strict "$dist"/*.whl "$dist"/*.tar.gz
for licence in LICENSE-MIT LICENSE-APACHE; do
	for packed in "$dist"/*.whl; do unzip -l "$packed" | grep -q "licenses/$licence"; done
	for packed in "$dist"/*.{tar.gz,tgz,crate}; do tar -tzf "$packed" | grep -q "$licence\$"; done
done

tools=$dist/tools
mkdir -p "$tools"
cp tests/dist/pins/package*.json "$tools"
(cd "$tools" && npm ci --no-audit --no-fund --loglevel=error)
for packed in "$dist"/kling-auth-*.tgz; do
	"$tools/node_modules/.bin/publint" run --strict "$packed"
done
"$tools/node_modules/.bin/attw" "$dist"/kling-auth-[0-9]*.tgz --profile node16 --format ascii
