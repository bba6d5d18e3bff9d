#!/usr/bin/env bash
# Locks each requirements.in as requirements.txt: all packages with their versions and the hashes of
# their files, for all systems and Python 3.11.5 or later. Locked versions stay; with --upgrade all are
# updated.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv > /dev/null; then
	echo 'lock.sh: uv is needed: pip install uv' >&2
	exit 1
fi
how=(--universal --python-version 3.11.5 --generate-hashes --no-header --no-annotate --no-emit-index-url)
for directory in tests tests/gate tests/niquests tests/gateway tests/dependents tests/dist docs; do
	uv pip compile --quiet "${how[@]}" "$@" "$directory/requirements.in" -o "$directory/requirements.txt"
done
