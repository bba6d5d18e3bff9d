#!/usr/bin/env bash
# Guess: a JSON reader gives the text that was written, or refuses what it cannot give.
# Seen, serde-json-core 0.7.0: as `&str` a text with escapes comes back as it stands in the JSON,
# backslashes and all, without an error (a borrowed text cannot be unescaped). "\u0048S256" is not
# equal to "HS256", though JSON has them equal; serde_json 1.0.154 refuses to borrow such a text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init -q --vcs none --name escapes .
cargo add -q serde-json-core@=0.7.0 serde_json@=1.0.154
cat >src/main.rs <<'END'
fn main() {
    let json = r#""\u0048S256""#;
    println!("core {:?}", serde_json_core::from_str::<&str>(json).map(|(text, _)| text));
    println!("serde_json borrowed {:?}", serde_json::from_str::<&str>(json).is_ok());
    println!("serde_json owned {:?}", serde_json::from_str::<String>(json).ok());
}
END
seen=$(CARGO_TARGET_DIR=target cargo run -q)
echo "$seen"
diff - <(echo "$seen") <<'END'
core Ok("\\u0048S256")
serde_json borrowed false
serde_json owned Some("HS256")
END
