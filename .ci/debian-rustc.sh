#!/bin/sh
# Debian's rustc out of the folder DEBIAN_RUST, where with-std.sh unpacked it: installed, it would find
# its libraries by itself.
root=$DEBIAN_RUST/root/usr
LD_LIBRARY_PATH=$root/lib/$(uname -m)-linux-gnu exec "$root/bin/rustc" "$@"
