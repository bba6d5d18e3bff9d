//! Pickles and restores results, for `pickle` and `copy`.
//!
//! Values are stored by name, so that a later version with more of them can read these too. None of
//! them is a secret.

use kling_auth::{Response, sources::Source};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};

use crate::{
    inspect::Inspection,
    probe::CheckResult,
    reduced::{Reduced, reduced},
    verdict::Verdict,
    webhook::Webhook,
};

#[derive(FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
struct OfVerdict {
    cause: String,
    action: String,
    status: u16,
    code: Option<u32>,
    message: String,
    request_id: Option<String>,
    remedy: String,
    unused_api_key: Option<String>,
}

#[derive(FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
struct OfCheckResult<'py> {
    is_valid: bool,
    cause: String,
    remedy: String,
    verdict: Option<Bound<'py, Verdict>>,
    clock_offset: i64,
    base_url: String,
    region: Option<String>,
    source: String,
    #[pyo3(default)]
    source_kind: String,
    access_key: Option<String>,
    warning: Option<String>,
    unused: Option<String>,
    requests: u8,
}

#[derive(FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
struct OfInspection {
    header: String,
    claims: String,
    text: String,
    #[pyo3(default)]
    json: String,
    cause: String,
    reason: String,
    is_signature_valid: Option<bool>,
    issuer: Option<String>,
    expires_at: Option<u64>,
    not_before: Option<u64>,
    now: u64,
}

#[derive(FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
struct OfWebhook {
    id: String,
    timestamp: u64,
}

impl Verdict {
    pub(crate) fn reduced<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let values = OfVerdict {
            cause: self.0.cause.as_str().to_owned(),
            action: self.0.action.as_str().to_owned(),
            status: self.0.status,
            code: self.0.code,
            message: self.0.message().to_owned(),
            request_id: self.0.request_id().map(str::to_owned),
            remedy: self.0.remedy().to_string(),
            unused_api_key: self.0.unused_api_key().map(str::to_owned),
        };
        reduced("Verdict", values.into_pyobject(py)?)
    }

    fn restored(values: &OfVerdict) -> Option<Self> {
        let OfVerdict { cause, action, status, code, message, request_id, remedy, unused_api_key } =
            values;
        let nothing = Response::default().verdict();
        let mut verdict = nothing.with_message(message, request_id.as_deref());
        (verdict.cause, verdict.action) = (cause.parse().ok()?, action.parse().ok()?);
        (verdict.status, verdict.code) = (*status, *code);
        Some(Self(verdict.with_remedy(remedy, unused_api_key.as_deref())))
    }
}

impl CheckResult {
    pub(crate) fn reduced<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let result = self.0.clone();
        let values = OfCheckResult {
            is_valid: result.is_valid,
            cause: result.cause.to_string(),
            remedy: result.remedy,
            verdict: result.verdict.map(|verdict| Bound::new(py, Verdict(verdict))).transpose()?,
            clock_offset: result.clock_offset,
            base_url: result.base_url,
            region: result.region,
            source: result.source,
            source_kind: result.source_kind.to_owned(),
            access_key: result.access_key,
            warning: result.warning,
            unused: result.unused,
            requests: result.requests,
        };
        reduced("CheckResult", values.into_pyobject(py)?)
    }

    fn restored(values: OfCheckResult<'_>) -> Option<Self> {
        let mut result = kling_auth::check::CheckResult::from_cause(values.cause.parse().ok()?);
        result.is_valid = values.is_valid;
        result.remedy = values.remedy;
        result.verdict = values.verdict.map(|verdict| verdict.get().0);
        result.clock_offset = values.clock_offset;
        result.base_url = values.base_url;
        result.region = values.region;
        result.source = values.source;
        let kind = Source::KINDS.into_iter().find(|kind| *kind == values.source_kind);
        result.source_kind = kind.unwrap_or_default();
        result.access_key = values.access_key;
        result.warning = values.warning;
        result.unused = values.unused;
        result.requests = values.requests;
        Some(Self(result))
    }
}

impl Inspection {
    pub(crate) fn reduced<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let values = OfInspection {
            header: self.header.clone(),
            claims: self.claims.clone(),
            text: self.text.clone(),
            json: self.json.clone(),
            cause: self.cause.as_str().to_owned(),
            reason: self.reason.clone(),
            is_signature_valid: self.is_signature_valid,
            issuer: self.issuer.clone(),
            expires_at: self.expires_at,
            not_before: self.not_before,
            now: self.now,
        };
        reduced("Inspection", values.into_pyobject(py)?)
    }

    fn restored(values: OfInspection) -> Option<Self> {
        Some(Self {
            header: values.header,
            claims: values.claims,
            text: values.text,
            json: values.json,
            cause: values.cause.parse().ok()?,
            reason: values.reason,
            is_signature_valid: values.is_signature_valid,
            issuer: values.issuer,
            expires_at: values.expires_at,
            not_before: values.not_before,
            now: values.now,
        })
    }
}

impl Webhook {
    pub(crate) fn reduced<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let values = OfWebhook { id: self.id.clone(), timestamp: self.timestamp };
        reduced("Webhook", values.into_pyobject(py)?)
    }
}

/// Restore a result from its pickled values.
#[pyfunction]
#[pyo3(signature = (name, values, /))]
pub(crate) fn restored<'py>(
    name: &str,
    values: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = values.py();
    let refuse = || PyValueError::new_err("it was pickled by a later version of kling_auth");
    Ok(match name {
        "Verdict" => {
            let verdict = Verdict::restored(&values.extract()?).ok_or_else(refuse)?;
            verdict.into_pyobject(py)?.into_any()
        }
        "CheckResult" => {
            let result = CheckResult::restored(values.extract()?).ok_or_else(refuse)?;
            result.into_pyobject(py)?.into_any()
        }
        "Inspection" => {
            let inspection = Inspection::restored(values.extract()?).ok_or_else(refuse)?;
            inspection.into_pyobject(py)?.into_any()
        }
        "Webhook" => {
            let OfWebhook { id, timestamp } = values.extract()?;
            Webhook { id, timestamp }.into_pyobject(py)?.into_any()
        }
        _ => return Err(refuse()),
    })
}
