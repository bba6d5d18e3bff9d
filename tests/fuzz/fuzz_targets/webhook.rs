//! Any callback: id, time and signatures in its first three lines, then its body.

#![no_main]

use base64ct::{Base64, Encoding};
use kling_auth::{
    HmacKey,
    webhook::{Delivery, Secret, TOLERANCE, verify},
};
use libfuzzer_sys::fuzz_target;

const NOW: u64 = 1_614_265_330;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (id, timestamp, signature, body) = (line(), line(), line(), line());
    let [Ok(id), Ok(timestamp), Ok(signature)] = [id, timestamp, signature].map(str::from_utf8)
    else {
        return;
    };
    // Any text as a secret must not panic.
    let _ = Secret::new(signature);

    let key = b"a key that no fuzzer has";
    let secret = [Secret::new(&Base64::encode_string(key)).unwrap()];
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    let genuine = format!("v1,{}", Base64::encode_string(&HmacKey::new(key).sign(&signed)));
    let delivery =
        |signature| Delivery::from_parts(Some(id), Some(timestamp), Some(signature), body);
    if !signature.split(' ').any(|one| one == genuine) {
        assert!(verify(&secret, &delivery(signature), NOW).is_err());
    }

    // A genuine signature among these is found, within the tolerance and not beyond it.
    let among = format!("{signature} {genuine}");
    let is_digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let sent = timestamp.parse::<u64>().ok().filter(|_| is_digits && !id.is_empty());
    let is_due = sent.is_some_and(|sent| sent.abs_diff(NOW) <= TOLERANCE);
    assert_eq!(verify(&secret, &delivery(&among), NOW).is_ok(), is_due);
});
