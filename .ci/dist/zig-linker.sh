#!/bin/sh
# A linker for cargo: Zig's, for the target that ZIG_TARGET names as Zig does (`aarch64-linux-gnu.2.17`).
#
# As `cargo zigbuild` and `maturin --zig` link, by the same program; but to cargo it is one linker for
# both of them, so what was built for the wheel is not built again for the add-on.
exec cargo-zigbuild zig cc -- -g -fno-sanitize=all -target "$ZIG_TARGET" "$@"
