//! The files of `tests/vectors`, as Rust reads them. Python and Node read the same.

use std::{
    collections::HashMap,
    fs,
    io::{Write, stdout},
    path::Path,
};

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A Kling token, with every stage of how it is made.
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

/// A token with any header, payload and key.
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
    /// The policy, in seconds; the default if there is none.
    pub buffer: Option<u64>,
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

/// Arguments that are not credentials.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the arguments are")]
pub struct CredentialRefusal {
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub api_key: Option<String>,
    pub code: String,
}

/// A token that was not signed with HS256, or not by this key.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the fields are named as the arguments are")]
pub struct TokenRefusal {
    pub name: String,
    pub token: String,
    pub key: String,
    pub code: String,
}

/// An environment with credentials in some location, and what is expected to be found.
#[derive(Debug, Deserialize)]
pub struct SourceCase {
    /// What the case is about.
    pub name: String,
    /// The caller's arguments, by name.
    #[serde(default)]
    pub given: HashMap<String, String>,
    /// The environment. `{root}` is replaced by the case's temporary directory.
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
    /// Whether the case needs file permissions.
    #[serde(default)]
    pub unix_only: bool,
    /// The access key that is found.
    pub access_key: Option<String>,
    /// Whether an API key is found.
    #[serde(default)]
    pub api_key: bool,
    /// Where it is found.
    pub source: Option<String>,
    /// The base URL that belongs to it, if not the default.
    pub base_url: Option<String>,
    /// The names of other credentials in the same location, which are not used.
    pub unused: Option<String>,
    /// The codes of the warnings.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The error code, if nothing is found.
    pub code: Option<String>,
    /// Texts that the error or the warnings contain.
    #[serde(default)]
    pub mentions: Vec<String>,
}

/// A `.env` file, and what is expected to be read from it.
#[derive(Debug, Deserialize)]
pub struct DotenvCase {
    /// What the case is about.
    pub name: String,
    /// The file, as text.
    pub text: Option<String>,
    /// The file in Base64, if it is not UTF-8.
    pub base64: Option<String>,
    /// What we read.
    pub ours: Option<OurReading>,
    /// What other programs read, by their names.
    #[serde(flatten)]
    pub readers: HashMap<String, serde_json::Value>,
}

/// What we read from a `.env` file. If every field is absent, both keys are as expected.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct OurReading {
    /// The error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The access key, if it differs from `ACCESS_KEY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<String>,
    /// `other`, if the secret key differs from `SECRET_KEY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<String>,
    /// The codes of the warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Texts that the error or the warnings contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
}

impl OurReading {
    /// Both keys.
    pub fn keys(&self) -> (&str, &str) {
        let access_key = self.access_key.as_deref().unwrap_or(ACCESS_KEY);
        (access_key, self.secret_key.as_deref().unwrap_or(SECRET_KEY))
    }
}

/// The access key of the cases.
pub const ACCESS_KEY: &str = "access0123456789access0123456789";
/// The secret key of the cases. No message contains a part of it.
pub const SECRET_KEY: &str = "canary0123456789canary0123456789";

fn project() -> String {
    "project".to_owned()
}

/// A response, and what it means by itself.
#[derive(Debug, Deserialize)]
pub struct VerdictVector {
    /// What the case is about.
    pub name: String,
    /// The HTTP status.
    pub status: u16,
    /// The bearer that the request carried, if it is known.
    pub token: Option<String>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
    /// The stable name of the cause.
    pub cause: String,
    /// The stable name of the action.
    pub action: String,
    /// Kling's code.
    pub code: Option<u32>,
    /// Kling's message, as it is shown.
    #[serde(default)]
    pub message: String,
    /// The id of the request.
    pub request_id: Option<String>,
    /// Texts that the remedy contains.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// Texts that the remedy does not contain.
    #[serde(default)]
    pub omits: Vec<String>,
}

impl VerdictVector {
    /// The body, byte for byte.
    pub fn body(&self) -> Vec<u8> {
        self.body.bytes()
    }
}

/// A body, as text or as Base64.
#[derive(Debug, Deserialize)]
pub struct Body {
    /// The body, if it is UTF-8.
    #[serde(default, rename = "body")]
    text: String,
    /// The body, if it is not.
    #[serde(rename = "body_base64")]
    base64: Option<String>,
    /// How many times `x` replaces `{pad}` in the body.
    #[serde(default)]
    pad: usize,
}

impl Body {
    /// The body, byte for byte.
    ///
    /// # Panics
    ///
    /// If it is not base64 (RFC 4648, section 4).
    pub fn bytes(&self) -> Vec<u8> {
        let Some(encoded) = &self.base64 else {
            return self.text.replace("{pad}", &"x".repeat(self.pad)).into_bytes();
        };
        let mut decoded = vec![0; encoded.len()];
        Base64::decode(encoded, &mut decoded).expect("base64").to_vec()
    }
}

/// How credentials handle a series of responses, step by step.
#[derive(Debug, Deserialize)]
pub struct ClockWalk {
    /// What the case is about.
    pub name: String,
    /// The policy, in seconds.
    #[serde(default = "lifetime")]
    pub lifetime: u64,
    /// The policy, in seconds.
    #[serde(default = "buffer")]
    pub buffer: u64,
    /// The API key; without it, the key pair `access-key` and `secret-key`.
    pub api_key: Option<String>,
    /// What happens.
    pub steps: Vec<ClockStep>,
}

const fn lifetime() -> u64 {
    1800
}

const fn buffer() -> u64 {
    300
}

/// What happens at one reading of the clock, and the expected state after it.
#[derive(Debug, Deserialize)]
pub struct ClockStep {
    /// The host's clock, in Unix seconds.
    pub now: u64,
    /// What happens.
    #[serde(flatten)]
    pub event: ClockEvent,
    /// The correction after it, in seconds.
    pub clock_offset: i64,
    /// Whether the token to send has changed.
    pub is_new: bool,
    /// When the token to send after it expires.
    pub expires_at: Option<u64>,
}

/// What happens to the credentials.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ClockEvent {
    /// A token is requested.
    Token,
    /// They are rotated.
    #[expect(missing_docs, reason = "the fields are named as the arguments are")]
    Rotate { access_key: String, secret_key: String },
    /// A response arrives.
    HandleResponse(ResponseStep),
}

/// A response to an earlier request, and the expected action.
#[derive(Debug, Deserialize)]
pub struct ResponseStep {
    /// The HTTP status.
    pub status: u16,
    /// Kling's code.
    pub code: u32,
    /// Kling's message.
    pub message: String,
    /// The server's clock in Unix seconds, the text of its `Date`, or none.
    pub date: Value,
    /// The request's bearer: `current`, the index of an earlier token, another text, or not known.
    pub token: Value,
    /// How many such responses come at once.
    #[serde(default = "once")]
    pub times: usize,
    /// The stable name of the action.
    pub action: String,
}

const fn once() -> usize {
    1
}

impl ResponseStep {
    /// The body of the response.
    pub fn body(&self) -> Vec<u8> {
        let envelope = serde_json::json!({"code": self.code, "message": self.message});
        envelope.to_string().into_bytes()
    }
}

/// A text, and the time that it means as an HTTP date.
#[derive(Debug, Deserialize)]
pub struct DateVector {
    /// The text.
    pub date: String,
    /// The time, if the text is a valid date.
    pub unix_seconds: Option<u64>,
}

/// A URL, and whether the bearer may be sent there.
#[derive(Debug, Deserialize)]
pub struct OriginVector {
    /// The URL.
    pub url: String,
    /// Whether it belongs to Kling's API.
    pub kling: bool,
    /// The base URL that the user gave.
    pub base_url: Option<String>,
    /// The error code, if the base URL is refused.
    pub code: Option<String>,
    /// Whether the bearer may be sent to the URL.
    pub allowed: bool,
}

/// A callback, and the expected result.
#[derive(Debug, Deserialize)]
pub struct WebhookVector {
    /// What the case is about.
    pub name: String,
    /// The secrets that are tried.
    pub secrets: Vec<String>,
    /// The headers, as they arrived.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
    /// The clock, in Unix seconds.
    pub now: u64,
    /// The error code, if it is refused.
    pub code: Option<String>,
}

impl WebhookVector {
    /// The body, byte for byte.
    pub fn body(&self) -> Vec<u8> {
        self.body.bytes()
    }

    /// The headers in pairs of name and value, as they arrived.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// A token, and the expected inspection.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct InspectVector {
    /// What the case is about.
    pub name: String,
    /// The token.
    pub token: String,
    /// The key that its signature is checked with.
    pub secret_key: Option<String>,
    /// The clock, in Unix seconds.
    pub now: u64,
    /// The error code, if it is refused.
    pub code: Option<String>,
    /// The stable name of the prediction.
    #[serde(default)]
    pub cause: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Whether the key made the signature.
    pub is_signature_valid: Option<bool>,
    /// The access key that signed.
    pub issuer: Option<String>,
    /// When it expires.
    pub expires_at: Option<u64>,
    /// When it becomes valid.
    pub not_before: Option<u64>,
    /// Texts that the printed inspection contains.
    #[serde(default)]
    pub shows: Vec<String>,
}

/// Reads a file of `tests/vectors`.
///
/// # Panics
///
/// If the file is missing, or does not have this form.
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

/// Bytes in base64 (RFC 4648, section 4).
pub fn base64(bytes: &[u8]) -> String {
    let mut encoded = vec![0; bytes.len().div_ceil(3) * 4];
    Base64::encode(bytes, &mut encoded).expect("the length fits").to_owned()
}

/// Prints a line even if the test passes. `println!` is only shown for a failed test.
///
/// # Panics
///
/// If nothing can be printed.
pub fn report(line: &str) {
    stdout().write_all(format!("{line}\n").as_bytes()).expect("standard output");
}

/// The README's Rust, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
