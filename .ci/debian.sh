#!/usr/bin/env bash
# Installs packages of Debian's where this runs as root on Debian, and fails elsewhere.
set -euo pipefail

[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
export DEBIAN_FRONTEND=noninteractive
echo "debian.sh: installing $*" >&2
install=(apt-get install -qq -y --no-install-recommends "$@")
# The list of packages may be older than what the archive still has.
"${install[@]}" >&2 || { apt-get update -qq >&2 && "${install[@]}" >&2; }
