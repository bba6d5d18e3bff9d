#!/usr/bin/env bash
# Installs Debian packages if this runs as root on Debian; fails otherwise.
set -euo pipefail

[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
export DEBIAN_FRONTEND=noninteractive
echo "debian.sh: installing $*" >&2
install=(apt-get install -qq -y --no-install-recommends "$@")
# The package lists may be outdated.
"${install[@]}" >&2 || { apt-get update -qq >&2 && "${install[@]}" >&2; }
