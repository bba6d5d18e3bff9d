//! The files of `tests/vectors`, as Rust reads them. Python and Node read the same.

use std::{collections::HashMap, fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

/// A token of Kling's, with every stage of its making.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the stages are")]
pub struct KlingVector {
    pub name: String,
    pub access_key: String,
    pub secret_key: String,
    pub lifetime: u64,
    pub now: u64,
    pub header: String,
    pub claims: String,
    pub signing_input: String,
    pub signature: String,
    pub token: String,
}

/// A token of any header, payload and key.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the parts are")]
pub struct CompactVector {
    pub source: String,
    pub header: String,
    pub payload: String,
    pub key: String,
    pub token: String,
}

/// A test case of RFC 4231; key, data and HMAC in hexadecimal.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as in the RFC")]
pub struct HmacVector {
    pub source: String,
    pub key: String,
    pub data: String,
    pub hmac_sha256: String,
}

/// The token of RFC 7515, appendix A.1; key and signature in hexadecimal.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as in the RFC")]
pub struct JwsVector {
    pub key: String,
    pub header: String,
    pub payload: String,
    pub signing_input: String,
    pub signature: String,
    pub token: String,
}

/// What happens to a cached token at each of these readings of the clock.
#[derive(Debug, Deserialize)]
pub struct RenewalVector {
    /// What the case is about.
    pub name: String,
    /// The policy, in seconds.
    pub lifetime: u64,
    /// The policy, in seconds.
    pub buffer: u64,
    /// Unix seconds, and whether the token is `minted` then or `kept`.
    pub readings: Vec<(u64, String)>,
}

/// Bad input of every kind, and the code that refuses it.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the arguments are")]
pub struct Refusals {
    pub credentials: Vec<CredentialRefusal>,
    pub tokens: Vec<TokenRefusal>,
    pub lifetime: Vec<(serde_json::Value, String)>,
    pub buffer: Vec<(serde_json::Value, String)>,
    pub now: Vec<(serde_json::Value, String)>,
}

/// Arguments that are no credential.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the arguments are")]
pub struct CredentialRefusal {
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub api_key: Option<String>,
    pub code: String,
}

/// A token that no key, or not this one, signed with HS256.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the arguments are")]
pub struct TokenRefusal {
    pub name: String,
    pub token: String,
    pub key: String,
    pub code: String,
}

/// A machine with credentials in some place, and what is to be found there.
#[derive(Debug, Deserialize)]
pub struct SourceCase {
    /// What the case is about.
    pub name: String,
    /// Arguments of the caller's, by their names.
    #[serde(default)]
    pub given: HashMap<String, String>,
    /// The environment. `{root}` stands for the temporary directory that holds the case.
    #[serde(default)]
    pub env: HashMap<String, String>,
    /// Files below the root, and their contents.
    #[serde(default)]
    pub files: HashMap<String, String>,
    /// Permissions of files, in octal digits.
    #[serde(default)]
    pub modes: HashMap<String, String>,
    /// The working directory below the root.
    #[serde(default = "project")]
    pub cwd: String,
    /// Only where a file has permissions.
    #[serde(default)]
    pub unix_only: bool,
    /// The access key that is found.
    pub access_key: Option<String>,
    /// Whether an API key is found.
    #[serde(default)]
    pub api_key: bool,
    /// Where it is found.
    pub source: Option<String>,
    /// The codes of the notes.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The code of the refusal, where nothing is found.
    pub code: Option<String>,
    /// What the refusal or the notes say among other things.
    #[serde(default)]
    pub mentions: Vec<String>,
}

fn project() -> String {
    "project".to_owned()
}

/// Reads a file of `tests/vectors`.
///
/// # Panics
///
/// If it is not there, or not of this form.
pub fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(name);
    let text = fs::read_to_string(path).expect(name);
    serde_json::from_str(&text).expect(name)
}

/// Bytes from hexadecimal digits.
///
/// # Panics
///
/// If these are not pairs of hexadecimal digits.
pub fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(str::from_utf8(pair).expect("ASCII"), 16).expect("hex");
    pairs.map(byte).collect()
}

/// The README's Rust, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
