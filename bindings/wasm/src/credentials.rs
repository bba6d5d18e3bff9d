//! The credentials that the caller passed, or those in the environment.
//!
//! WebAssembly reads no files. JavaScript passes the values of [`variables`].

use alloc::vec::Vec;
use core::fmt::{self, Display};

use kling_jwt_core::{
    Credentials, HostError, Unvalidated,
    engine::{
        self, Concat, EffectiveBaseUrl, Event, Failure as _, Found, Plain, Value, ValueLocation,
        VariableNames, checked, partial,
    },
    env_names::{self, FILE_SUFFIX, ReadNames, VARIABLES, base_urls},
};

use crate::{
    failure::{Failure, Result},
    values::{Arguments, Results},
};

/// Credentials that were found and checked, where they came from, and warnings about them.
pub(crate) struct Resolved {
    pub(crate) credentials: Credentials,
    pub(crate) source: Source,
    pub(crate) warnings: Vec<Event>,
}

impl Resolved {
    /// The same, with the caller's function as source if it returned them.
    pub(crate) fn with_function_as_source(self, by_function: bool) -> Self {
        if by_function { Self { source: Source::Function, ..self } } else { self }
    }
}

/// Where credentials came from, so that they can be reloaded.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Arguments,
    Function,
    /// The names of the variables, and the name of an API key beside them that is not used.
    Environment(VariableNames, Option<&'static str>),
}

impl engine::CredentialSource for Source {
    fn kind(&self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Function => "function",
            Self::Environment(..) => "environment",
        }
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        match self {
            Self::Environment(_, unused_api_key) => *unused_api_key,
            Self::Arguments | Self::Function => None,
        }
    }

    /// The function can be called again, by JavaScript.
    fn can_reload(&self) -> bool {
        !matches!(self, Self::Arguments)
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments | Self::Function => f.write_str(engine::CredentialSource::kind(self)),
            Self::Environment(names, _) => {
                Concat(&[&Plain("environment ("), names, &Plain(")")]).fmt(f)
            }
        }
    }
}

/// The variables that are set, as pairs of name and value.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a>(Arguments<'a>);

impl<'a> Environment<'a> {
    /// All arguments that were not read yet.
    pub(crate) fn from_rest(arguments: &Arguments<'a>) -> Self {
        Self(*arguments)
    }

    /// The first credentials in it, or the error that `missing` returns. It gets a hint at variables
    /// that are blank or not read.
    pub(crate) fn resolve(self, missing: &dyn Fn(&dyn Display) -> Failure) -> Result<Resolved> {
        let Found { credentials, names, unused_api_key, events } =
            Found::search(&|name| self.get(name), missing)?;
        let source = Source::Environment(names, unused_api_key);
        Ok(Resolved { credentials, source, warnings: events })
    }

    /// The base URL that it names, or Kling's own. Warns about each one that is not used.
    pub(crate) fn base_url(self, warnings: &mut Vec<Event>) -> Result<EffectiveBaseUrl> {
        EffectiveBaseUrl::search(&|name| self.get(name), warnings)
    }

    /// The value of the variable with this name.
    #[inline(never)]
    fn get(self, name: &str) -> Option<&'a str> {
        let mut pairs = self.0;
        while !pairs.is_empty() {
            let (found, value) = (pairs.text("name").ok()?, pairs.text("value").ok()?);
            if found? == name {
                return value;
            }
        }
        None
    }
}

/// The name of an argument, which the core's messages contain.
#[derive(Clone, Copy)]
struct Argument(&'static str);

impl Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl ValueLocation for Argument {
    fn is_argument(&self) -> bool {
        true
    }
}

/// The names of all variables that are read.
pub(crate) fn variables(_: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    for name in VARIABLES.keys() {
        results.text(name).concat(&[name, FILE_SUFFIX]);
    }
    for name in base_urls().chain(env_names::unread()) {
        results.text(name);
    }
    Ok(())
}

/// The credentials that the caller passed: access key, secret key, API key.
pub(crate) struct Explicit<'a>([Option<&'a str>; 3]);

impl<'a> Explicit<'a> {
    /// Reads the next three arguments.
    pub(crate) fn read(arguments: &mut Arguments<'a>) -> Result<Self> {
        Ok(Self([
            arguments.text("accessKey")?,
            arguments.text("secretKey")?,
            arguments.text("apiKey")?,
        ]))
    }

    /// These credentials or, if the caller passed none, those of the environment.
    #[inline(never)]
    pub(crate) fn resolve(self, environment: Environment<'_>) -> Result<Resolved> {
        let value = |text, name| Value { text, location: Argument(name) };
        let unvalidated = match self.0 {
            [None, None, None] => {
                return environment.resolve(&|hint| {
                    let tried: [&dyn Display; 4] =
                        [&Plain("the environment ("), &ReadNames, &Plain(")"), hint];
                    Failure::of(HostError::Missing(&Concat(&tried)))
                });
            }
            [None, None, Some(api_key)] => Unvalidated::ApiKey(value(api_key, "API key")),
            [Some(access_key), Some(secret_key), None] => Unvalidated::KeyPair {
                access_key: value(access_key, "access key"),
                secret_key: value(secret_key, "secret key"),
            },
            [Some(_), None, None] => return Err(partial(&THE_ACCESS_KEY, &THE_SECRET_KEY)),
            [None, Some(_), None] => return Err(partial(&THE_SECRET_KEY, &THE_ACCESS_KEY)),
            [_, _, Some(_)] => return Err(HostError::Conflict.into()),
        };
        let mut warnings = Vec::new();
        let credentials = checked::<_, Failure>(&unvalidated, &mut warnings)?;
        Ok(Resolved { credentials, source: Source::Arguments, warnings })
    }
}

const THE_ACCESS_KEY: Plain<'_> = Plain("the access key");
const THE_SECRET_KEY: Plain<'_> = Plain("the secret key");
