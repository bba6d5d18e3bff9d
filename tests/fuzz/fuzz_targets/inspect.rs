//! Inspects any text as a token, and a token made from claims (first line) and a header (second).

#![no_main]

use kling_auth::{Inspection, bare_token, encode, encoded_len, inspect};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

const KEY: &[u8] = b"secret-key";
const NOW: u64 = 1_800_000_000;

fuzz_target!(|text: &str| {
    let mut buffer = vec![0; text.len()];
    if let Ok(inspection) = inspect(text, Some(KEY), NOW, &mut buffer) {
        assert!(inspection.is_signature_valid.is_some());
        look(&inspection, text);
        assert_eq!(bare_token(text), bare_token(bare_token(text)));
    }

    let Some((claims, header)) = text.split_once('\n') else { return };
    let mut buffer = vec![0; encoded_len(header.len(), claims.len())];
    let token = encode(header.as_bytes(), claims.as_bytes(), KEY, &mut buffer).unwrap();
    let mut buffer = vec![0; token.len()];
    if let Ok(inspection) = inspect(token, Some(KEY), NOW, &mut buffer) {
        assert_eq!(inspection.is_signature_valid, Some(true));
        assert_eq!((inspection.header, inspection.claims), (header, claims));
        look(&inspection, token);
    }
});

fn look(inspection: &Inspection<'_>, token: &str) {
    for part in [inspection.header, inspection.claims] {
        // Only the grammar: serde_json's values do not allow everything that RFC 8259 allows.
        serde_json::from_str::<IgnoredAny>(part).expect("JSON");
        assert!(part.trim_start().starts_with('{'));
    }
    let output = inspection.to_string();
    assert!(output.chars().all(|char| !char.is_control() || char == '\n'), "{output:?}");
    assert!(output.len() < 4000 + 200 * token.len());
    assert!(output.contains(inspection.prediction().1));
}
