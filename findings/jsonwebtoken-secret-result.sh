#!/usr/bin/env bash
# Guess: EncodingKey::from_secret of the crate jsonwebtoken gives a key, as it always did.
# Seen: since 12.0.0 it gives a Result; an empty secret, which 11.1.0 takes, is refused as
# InvalidKeyFormat. A secret of 5 bytes, below the 32 of RFC 7518, is taken by both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init -q --vcs none --name secret .
cargo add -q --no-default-features jsonwebtoken@=12.0.0
cargo add -q --no-default-features --rename jsonwebtoken11 jsonwebtoken@=11.1.0
cat >src/main.rs <<'END'
fn main() {
    for secret in ["", "short"] {
        let _key: jsonwebtoken11::EncodingKey = jsonwebtoken11::EncodingKey::from_secret(secret.as_bytes());
        let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        println!("{secret:?} {:?}", key.map(|_| "a key").map_err(|error| error.into_kind()));
    }
}
END
seen=$(CARGO_TARGET_DIR=target cargo run -q)
echo "$seen"
diff - <(echo "$seen") <<'END'
"" Err(InvalidKeyFormat)
"short" Ok("a key")
END
