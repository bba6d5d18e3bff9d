#!/usr/bin/env bash
# Runs the storms on every CPython that the package serves, all with one wheel: interpreters.sh [3.8 ...]
#
# An interpreter that is absent (cpython.py) is named at the end, and fails the run where
# KLING_AUTH_ALL_INTERPRETERS is set. The gate has to be built: make build.
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
[ $# -gt 0 ] || versions=(3.8 3.9 3.10 3.11 3.12 3.13)
work=$PWD/target/interpreters
storms=(python/tests/test_storm.py python/tests/test_storms_{threads,fork,cancel}.py)
# The newest of each that an interpreter has, which for the old ones are old.
tools=(pytest PyJWT requests httpx aiohttp gunicorn)

# By pytest, and not python -m pytest, which would find the package in the checkout.
run() {
  local version=$1 bin=$work/$1/bin
  local options=(--quiet --config-file python/pyproject.toml --rootdir python -p no:cacheprovider)
  # The adapter is for aiohttp 3.12, which no Python 3.8 has.
  [ "$version" != 3.8 ] || options+=(-k 'not aiohttp')
  "$bin/pytest" "${options[@]}" "${storms[@]}"
}

rm -rf "$work/wheels"
(cd python && ../.venv/bin/maturin build --release --locked --quiet --out "$work/wheels")

absent=() failed=()
for version in "${versions[@]}"; do
  if ! python=$(tests/cpython.py "$version"); then
    absent+=("$version")
    continue
  fi
  printf '\nCPython %s: %s\n' "$version" "$("$python" --version)"
  [ -x "$work/$version/bin/python" ] || "$python" -m venv "$work/$version"
  pip=("$work/$version/bin/python" -m pip --quiet --disable-pip-version-check)
  "${pip[@]}" install --upgrade "${tools[@]}"
  "${pip[@]}" install --force-reinstall --no-deps "$work"/wheels/*.whl
  run "$version" || failed+=("$version")
done

printf '\ninterpreters: %d of %d' "$((${#versions[@]} - ${#absent[@]} - ${#failed[@]}))" "${#versions[@]}"
[ ${#failed[@]} = 0 ] || printf '; FAILED: %s' "${failed[*]}"
[ ${#absent[@]} = 0 ] || printf '; NOT TESTED, since they are not here: %s' "${absent[*]}"
printf '\n'
[ ${#failed[@]} = 0 ] && { [ ${#absent[@]} = 0 ] || [ -z "${KLING_AUTH_ALL_INTERPRETERS:-}" ]; }
