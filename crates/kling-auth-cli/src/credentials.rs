//! The credentials of a command: from the `.env` file or the profile that it names, or from the usual
//! sources.

use kling_auth::{
    Error, HmacKey, KlingAuth, Region, bindings,
    bindings::{Scope, resolve_in},
    sources::Environment,
};

use crate::{Host, arguments::Arguments, error::CliError, status::Status};

/// The credentials, and the key that checks signatures, if they are a key pair.
pub(crate) struct Found {
    pub(crate) auth: KlingAuth,
    pub(crate) key: Option<HmacKey>,
}

pub(crate) fn find(arguments: &Arguments, host: &Host) -> Result<Found, CliError> {
    let path = arguments.path("env-file").map(|path| host.working_directory.join(path));
    let scope = match (&path, arguments.text("profile")?) {
        (Some(path), _) => Scope::Dotenv(path),
        (None, Some(name)) => Scope::Profile(name),
        (None, None) => Scope::Everywhere,
    };
    let environment = Environment::new(&*host.environment, &host.working_directory);
    let (found, key) = resolve_in(scope, environment).map_err(missing)?;
    let mut builder = KlingAuth::builder().resolved(found);
    if let Some(lifetime) = arguments.lifetime()? {
        builder = builder.lifetime(std::time::Duration::from_secs(lifetime));
    }
    if let Some(url) = arguments.text("base-url")? {
        builder = builder.base_url(url);
    }
    if let Some(name) = arguments.text("region")? {
        builder = builder.region(name.parse::<Region>()?);
    }
    let auth = bindings::build(builder, &*host.environment)?;
    Ok(Found { auth, key })
}

/// The library's message names arguments of a function, which a command line does not have.
fn missing(error: Error) -> CliError {
    let Error::Missing { tried, hint } = &error else { return error.into() };
    let message = format!(
        "no credentials: set KLING_ACCESS_KEY and KLING_SECRET_KEY (or KLING_API_KEY) in the \
         environment, or use --env-file or --profile; tried {}{hint}",
        tried.join("; "),
    );
    CliError::new(error.code(), message, Status::of_error(&error))
}
