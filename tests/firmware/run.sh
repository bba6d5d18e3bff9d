#!/usr/bin/env bash
# Builds the firmware, runs it on a Cortex-M4F in QEMU, and writes its output to a file for size.py.
# It also runs the build for a core without extensions, and builds for RISC-V.
set -euo pipefail

cd "$(dirname "$0")"
out=$PWD/../../target/firmware
export CARGO_TARGET_DIR=$out
qemu=qemu-system-arm

if ! command -v $qemu >/dev/null && ! ../../.ci/debian.sh $qemu; then
	echo "run.sh: $qemu is missing: apt-get install $qemu, or brew install qemu" >&2
	exit 1
fi

run() {
	../../.ci/cross.sh "$1" build --quiet --release --locked --bin firmware
	echo "$1 on $($qemu --version | sed -n 's/.*\(version [0-9.]*\).*/QEMU \1/p')"
	timeout 60 $qemu -M mps2-an386 -semihosting-config enable=on,target=native \
		-nographic -monitor none -serial null -kernel "$out/$1/release/firmware" </dev/null |
		tee "$out/$1.txt"
}

run thumbv6m-none-eabi
run thumbv7em-none-eabihf
../../.ci/cross.sh riscv32imac-unknown-none-elf build --quiet --release --locked --lib
echo "riscv32imac-unknown-none-elf is built"
