//! The base URL beside credentials, or in the environment.

use std::convert::Infallible;

use kling_jwt_core::{EventKind, engine};

use super::{Event, Location};
use crate::Error;

/// A base URL or a region as it was found, before it is parsed.
pub(crate) type BaseUrlSetting = engine::BaseUrlSetting<String, Location>;

/// The first base URL or region that is set in the environment. Warns of each other variable with a
/// different value.
pub(super) fn find_in_environment(
    environment: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<Event>,
) -> Option<BaseUrlSetting> {
    let get = |name: &'static str| {
        let located = |text| (text, Location::Variable(name.to_owned()));
        Ok::<_, Infallible>(environment(name).map(located))
    };
    let Ok(setting) = BaseUrlSetting::find(get, warnings);
    setting
}

/// The base URL to use: the one beside the credentials or, if there is none, that of the
/// environment; `None` for Kling's own. Warns if the environment has a different one that is
/// ignored.
///
/// # Errors
///
/// [`Error::InvalidAt`] if the value cannot be used.
pub(crate) fn base_url(
    beside_credentials: Option<&BaseUrlSetting>,
    environment: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<Event>,
) -> Result<Option<String>, Error> {
    let parse = |setting: &BaseUrlSetting| {
        setting
            .base_url()
            .map_err(|error| Error::InvalidAt { location: setting.location.clone(), error })
    };
    let Some(setting) = beside_credentials else {
        return find_in_environment(environment, warnings).as_ref().map(parse).transpose();
    };
    let url = parse(setting)?;
    // Its own warnings are dropped: if the credentials come from the environment, they exist
    // already.
    if let Some(other) = find_in_environment(environment, &mut Vec::new())
        && other.base_url().ok().as_ref() != Some(&url)
    {
        warnings.push(EventKind::Ignored(&setting.location, &other.location).into());
    }
    Ok(Some(url))
}
