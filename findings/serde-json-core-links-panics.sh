#!/usr/bin/env bash
# Guess: to_slice into a buffer that is long enough compiles to code without a panic, as a writer
# that returns an error does, also at opt-level z.
# Seen: serde-json-core 0.7.0 with serde 1.0.229, a struct of a &str and two u64, opt-level z, fat LTO,
# panic=abort, rustc 1.95 on x86-64: the archive refers to panic_bounds_check. The same bytes copied
# by hand, with get() for each slice, refer to none.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "linked"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["staticlib"]
[features]
by-serde = []
by-hand = []
[dependencies]
serde = { version = "=1.0.229", default-features = false, features = ["derive"] }
serde-json-core = { version = "=0.7.0", default-features = false }
[profile.release]
opt-level = "z"
lto = true
codegen-units = 1
panic = "abort"
TOML
cat >src/lib.rs <<'RS'
#![no_std]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}
#[derive(serde::Serialize)]
struct Claims<'a> {
    iss: &'a str,
    exp: u64,
    nbf: u64,
}
#[no_mangle]
pub fn write_claims(iss: &str, exp: u64, nbf: u64, to: &mut [u8; 256]) -> usize {
    #[cfg(feature = "by-serde")]
    return serde_json_core::to_slice(&Claims { iss, exp, nbf }, to).unwrap_or(0);
    #[cfg(not(feature = "by-serde"))]
    {
        let _ = (exp, nbf, core::mem::size_of::<Claims>());
        let mut len = 0;
        for part in [r#"{"iss":""#, iss, r#"","exp":"#] {
            for (to, from) in to.get_mut(len..).unwrap_or_default().iter_mut().zip(part.as_bytes()) {
                *to = *from;
            }
            len += part.len();
        }
        len
    }
}
RS
panics() { # of what is linked with these features
	cargo build --quiet --release --target-dir "$1" --features "$1" 2>/dev/null
	nm "$1"/release/liblinked.a 2>/dev/null | grep -c 'panicking.*panic_bounds_check' || true
}
by_serde=$(panics by-serde) by_hand=$(panics by-hand)
echo "references to panic_bounds_check: by serde-json-core $by_serde, by hand $by_hand"
[ "$by_serde" -gt 0 ] && [ "$by_hand" -eq 0 ]
