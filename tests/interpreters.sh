#!/usr/bin/env bash
# Runs the storms on every supported CPython, with the same wheel: interpreters.sh [3.8 ...]
#
# A missing interpreter (cpython.py) is listed at the end, and is a failure if
# KLING_AUTH_ALL_INTERPRETERS is set. The gate has to be built: make build.
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
[ $# -gt 0 ] || versions=(3.8 3.9 3.10 3.11 3.12 3.13)
work=$PWD/target/interpreters
storms=(python/tests/test_storm.py python/tests/test_storms_{threads,fork,cancel}.py)
# The newest versions for each interpreter, which are old for old interpreters.
tools=(pytest PyJWT requests httpx aiohttp gunicorn)

# With pytest and not python -m pytest, which would find the package in the checkout.
run() {
  local version=$1 bin=$work/$1/bin
  local options=(--quiet --config-file python/pyproject.toml --rootdir python -p no:cacheprovider)
  # The adapter needs aiohttp 3.12, which does not support Python 3.8.
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
[ ${#absent[@]} = 0 ] || printf '; NOT TESTED, since they are not available here: %s' "${absent[*]}"
printf '\n'
[ ${#failed[@]} = 0 ] && { [ ${#absent[@]} = 0 ] || [ -z "${KLING_AUTH_ALL_INTERPRETERS:-}" ]; }
