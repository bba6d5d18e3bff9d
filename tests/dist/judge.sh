#!/usr/bin/env bash
# Checks the artifacts in target/dist with packaging tools: judge.sh DIST
set -euo pipefail
cd "$(dirname "$0")/../.."
dist=$1

abi3audit --strict "$dist"/*-abi3-*.whl
check-wheel-contents "$dist"/*.whl
twine check --strict "$dist"/*.whl "$dist"/*.tar.gz
for packed in "$dist"/*.{whl,tar.gz,tgz,crate}; do
	case $packed in
	*.whl) files=$(unzip -Z1 "$packed") ;;
	*) files=$(tar -tzf "$packed") ;;
	esac
	for licence in LICENSE-MIT LICENSE-APACHE; do
		grep --quiet "$licence\$" <<<"$files" || { echo "$packed has no $licence" >&2; exit 1; }
	done
done

# An add-on may only need the C library; with glibc, the symbols of 2012.
for packed in "$dist"/kling-auth-linux-*.tgz; do
	tar -xzOf "$packed" package/kling-auth.node >"$dist/addon.node"
	asked=$(readelf --wide --dynamic --version-info "$dist/addon.node" |
		grep -oE 'library: \[[^]]+|GLIBC_[0-9.]+' | sort -u)
	case $packed in
	*-musl-*) fits='library: \[libc\.so' ;;
	*) fits='library: \[(lib(c|m|dl|pthread|rt)|ld-linux-[a-z0-9-]+)\.so\.[0-9]+|GLIBC_2\.([0-9]|1[0-7])(\.[0-9]+)?' ;;
	esac
	! grep -Evx "$fits" <<<"$asked" || { echo "$packed asks for that" >&2; exit 1; }
done
rm -f "$dist/addon.node"

tools=$dist/tools
mkdir -p "$tools"
cp tests/dist/pins/package*.json "$tools"
(cd "$tools" && npm ci --no-audit --no-fund --loglevel=error)
for packed in "$dist"/kling-*.tgz; do
	"$tools/node_modules/.bin/publint" run --strict "$packed"
done
"$tools/node_modules/.bin/attw" "$dist"/kling-auth-[0-9]*.tgz --format ascii
"$tools/node_modules/.bin/attw" "$dist"/kling-gate-[0-9]*.tgz --format ascii

# The types of the wheel, checked with a program that uses it.
typed=$dist/typed
python3 -m venv "$typed"
"$typed/bin/pip" install --quiet --requirement tests/dist/python/typed.txt
"$typed/bin/pip" install --quiet --force-reinstall --no-index --find-links "$dist" 'kling-auth[testing]'
"$typed/bin/python" -m mypy.stubtest kling_auth
"$typed/bin/mypy" --strict tests/dist/python/typed.py
pyright=$tools/node_modules/.bin/pyright
"$pyright" --pythonpath "$typed/bin/python" tests/dist/python/typed.py
"$typed/bin/python" tests/dist/python/hover.py "$typed/bin/python" "$tools/node_modules/.bin/pyright-langserver"
(cd "$typed" && PATH=$typed/bin:$PATH "$pyright" --verifytypes kling_auth --ignoreexternal) |
	grep 'Type completeness score: 100%'
