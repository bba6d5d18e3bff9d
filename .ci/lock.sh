#!/usr/bin/env bash
# Writes what the Python tools' requirements.in ask for as requirements.txt: every package that comes
# along, its version, and the hashes of its files, for all systems and from Python 3.11.5 on. What is
# locked already stays; with --upgrade all of it is the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv > /dev/null; then
	echo 'lock.sh: uv is needed: pip install uv' >&2
	exit 1
fi
how=(--universal --python-version 3.11.5 --generate-hashes --no-header --no-annotate --no-emit-index-url)
for directory in tests tests/niquests tests/dependents tests/dist docs; do
	uv pip compile --quiet "${how[@]}" "$@" "$directory/requirements.in" -o "$directory/requirements.txt"
done
