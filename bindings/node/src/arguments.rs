//! Converts JavaScript values for the core. The core words the errors about wrong values.

use kling_auth::{
    Validity, buffer_seconds,
    sources::{Explicit, Resolved, resolve_here},
    unix_seconds,
};
use napi::bindgen_prelude::{Either, Object, Unknown};
use zeroize::Zeroizing;

use crate::errors::{Result, throw, wrong_type};

/// A string that may be left out. Any other value is refused with an error that names the argument.
pub(crate) type Text<'a> = Option<Either<String, Unknown<'a>>>;

/// A number that may be left out. Any other value is refused with an error that names the argument.
pub(crate) type Number<'a> = Option<Either<f64, Unknown<'a>>>;

/// The credentials that the caller passed or, if none were passed, those that are found on the
/// machine. `environment` is `process.env`, which each worker has for itself.
pub(crate) fn credentials(
    (access_key, secret_key, api_key): (Text<'_>, Text<'_>, Text<'_>),
    environment: Object<'_>,
) -> Result<Resolved> {
    let access_key = text(access_key, "accessKey")?;
    let secret_key = text(secret_key, "secretKey")?;
    let api_key = text(api_key, "apiKey")?;
    let explicit = Explicit::new(
        access_key.as_ref().map(|key| key.as_str()),
        secret_key.as_ref().map(|key| key.as_str()),
        api_key.as_ref().map(|key| key.as_str()),
    );
    resolve_here(explicit, &variable(environment)).map_err(throw)
}

/// The function with which the core reads environment variables.
pub(crate) fn variable(environment: Object<'_>) -> impl Fn(&str) -> Option<String> {
    move |name| environment.get(name).ok().flatten()
}

/// A lifetime in seconds, or the default.
pub(crate) fn validity(lifetime: Number<'_>) -> Result<Validity> {
    match number(lifetime, "lifetime")? {
        None => Ok(Validity::default()),
        Some(lifetime) => Validity::try_from(lifetime).map_err(throw),
    }
}

/// A buffer in seconds, or the default.
pub(crate) fn buffer(seconds: Number<'_>, validity: Validity) -> Result<u64> {
    match number(seconds, "bufferSec")? {
        None => Ok(validity.default_buffer()),
        Some(seconds) => buffer_seconds(seconds).map_err(throw),
    }
}

/// A time in Unix seconds.
pub(crate) fn now(now: Number<'_>) -> Result<u64> {
    let now = number(now, "now")?.ok_or_else(|| wrong_type("now", A_NUMBER))?;
    unix_seconds(now).map_err(throw)
}

const A_NUMBER: &str = "a number of seconds";

fn number(value: Number<'_>, name: &'static str) -> Result<Option<f64>> {
    expected(value, || wrong_type(name, A_NUMBER))
}

/// A string that is not a secret.
pub(crate) fn string(value: Text<'_>, name: &'static str) -> Result<Option<String>> {
    expected(value, || wrong_type(name, "a string"))
}

/// A string that is wiped when it is dropped, because it may be a secret.
fn text(value: Text<'_>, name: &'static str) -> Result<Option<Zeroizing<String>>> {
    let text = expected(value, || wrong_type(name, "a string"))?;
    Ok(text.map(Zeroizing::new))
}

/// A value of the expected type, `None` if it was left out; any other type is refused.
fn expected<T>(
    value: Option<Either<T, Unknown<'_>>>,
    refuse: impl FnOnce() -> napi::Error<&'static str>,
) -> Result<Option<T>> {
    match value {
        None => Ok(None),
        Some(Either::A(value)) => Ok(Some(value)),
        Some(Either::B(_)) => Err(refuse()),
    }
}
