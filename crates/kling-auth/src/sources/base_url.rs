//! The base URL that stands beside credentials, or in the environment.

use std::convert::Infallible;

use kling_jwt_core::{EventKind, engine};

use super::{Event, Location};
use crate::Error;

/// A base URL or a region as it was found, not looked at yet.
pub(crate) type BaseUrlSetting = engine::BaseUrlSetting<String, Location>;

/// The first of the known variables that is set in the environment, with a note of each that says
/// something else.
pub(super) fn in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<Event>,
) -> Option<BaseUrlSetting> {
    let get = |name: &'static str| {
        let at = |text| (text, Location::Variable(name.to_owned()));
        Ok::<_, Infallible>(environment(name).map(at))
    };
    let Ok(found) = BaseUrlSetting::find(get, warnings);
    found
}

/// The base URL that stands beside credentials or, where none does, that of the environment; nothing
/// where it is Kling's own. What is passed over for it is noted.
///
/// # Errors
///
/// That the value cannot be used, and where it stands.
pub(crate) fn base_url(
    beside: Option<&BaseUrlSetting>,
    environment: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<Event>,
) -> Result<Option<String>, Error> {
    let url = |address: &BaseUrlSetting| {
        address
            .base_url()
            .map_err(|error| Error::InvalidAt { location: address.location.clone(), error })
    };
    let Some(address) = beside else {
        return in_environment(environment, warnings).as_ref().map(url).transpose();
    };
    let found = url(address)?;
    // What else the environment says of it was noted if the credentials are from there.
    if let Some(other) = in_environment(environment, &mut Vec::new())
        && other.base_url().ok().as_ref() != Some(&found)
    {
        warnings.push(EventKind::Ignored(&address.location, &other.location).into());
    }
    Ok(Some(found))
}
