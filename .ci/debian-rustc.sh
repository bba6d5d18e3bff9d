#!/bin/sh
# Runs Debian's rustc from the folder DEBIAN_RUST, where with-std.sh unpacked it. Since it is not
# installed, it needs the path of its libraries.
root=$DEBIAN_RUST/root/usr
LD_LIBRARY_PATH=$root/lib/$(uname -m)-linux-gnu exec "$root/bin/rustc" "$@"
