//! Verdicts and inspections as JSON, with the same names on the command line and in every language.
//! For a [`CheckResult`](crate::check::CheckResult), use its method [`to_json`].
//!
//! [`to_json`]: crate::check::CheckResult::to_json

use serde::Serialize;
use serde_json::Value;

use crate::{Inspection, Masked, Verdict};

/// A verdict as JSON, on one line.
///
/// ```
/// use kling_auth::{Response, json};
///
/// let body = br#"{"code":1102,"message":"exhausted"}"#;
/// let verdict = Response::new(429, body).verdict();
/// assert!(json::of_verdict(&verdict).contains(r#""cause":"resource_pack_used_up""#));
/// ```
pub fn of_verdict(verdict: &Verdict) -> String {
    to_json(&VerdictJson::of(verdict))
}

/// The content of a token as JSON, on one line.
///
/// The access key in it is [masked](crate::Masked), because JSON ends up in logs, and because
/// somebody may have used the secret key as access key.
///
/// ```
/// use kling_auth::{Credentials, generate_kling_token, inspect, json};
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// let token = generate_kling_token(&credentials, 1_800_000_000);
/// let mut buffer = [0; 512];
/// let inspection = inspect(token.as_str(), None, 1_800_000_000, &mut buffer).unwrap();
/// assert!(json::of_inspection(&inspection).contains(r#""issuer":"a…y""#));
/// ```
pub fn of_inspection(inspection: &Inspection<'_>) -> String {
    // A part that serde_json rejects, such as a number out of range, is output as a string.
    let part = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let masked = |issuer: &str| Masked(issuer).to_string();
    let mut claims = part(inspection.claims);
    if let Some(Value::String(issuer)) = claims.get_mut("iss") {
        *issuer = masked(issuer);
    }
    let (cause, reason) = inspection.prediction();
    let issuer = inspection.issuer().map(|issuer| masked(&issuer.to_string()));
    to_json(&InspectionJson {
        header: part(inspection.header),
        claims,
        access_key: issuer.clone(),
        issuer,
        not_before: inspection.not_before(),
        expires_at: inspection.expires_at(),
        now: inspection.now,
        is_signature_valid: inspection.is_signature_valid,
        cause: cause.as_str(),
        reason,
    })
}

#[derive(Serialize)]
pub(crate) struct VerdictJson<'a> {
    status: u16,
    code: Option<u32>,
    message: &'a str,
    request_id: Option<&'a str>,
    action: &'static str,
    cause: &'static str,
    remedy: String,
    is_accepted: bool,
}

impl<'a> VerdictJson<'a> {
    pub(crate) fn of(verdict: &'a Verdict) -> Self {
        Self {
            status: verdict.status,
            code: verdict.code,
            message: verdict.message(),
            request_id: verdict.request_id(),
            action: verdict.action.as_str(),
            cause: verdict.cause.as_str(),
            remedy: verdict.remedy().to_string(),
            is_accepted: verdict.is_accepted(),
        }
    }
}

#[derive(Serialize)]
struct InspectionJson {
    header: Value,
    claims: Value,
    access_key: Option<String>,
    /// The access key again, under the name that the languages use.
    issuer: Option<String>,
    not_before: Option<u64>,
    expires_at: Option<u64>,
    now: u64,
    is_signature_valid: Option<bool>,
    cause: &'static str,
    reason: &'static str,
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers can be serialized")
}
