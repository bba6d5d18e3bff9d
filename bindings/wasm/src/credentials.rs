//! The credentials that the caller passed, or those in the environment.
//!
//! WebAssembly reads no files. JavaScript passes the values of [`variables`].

use alloc::vec::Vec;
use core::fmt::{self, Display};

use kling_jwt_core::{
    Credentials, EventKind, Field, HostError, InvalidCredentials, KeySearch, SelectedKeys,
    Unvalidated,
    engine::{self, BaseUrlSetting, EffectiveBaseUrl, Event},
    env_names::{self, FILE_SUFFIX, ReadNames, UnreadNames, VARIABLES, base_urls},
    is_blank,
};

use crate::{
    display::{Concat, Verbatim, write_all},
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
                Concat(&[&Verbatim("environment ("), names, &Verbatim(")")]).fmt(f)
            }
        }
    }
}

/// The names of the variables that contain the credentials.
#[derive(Clone, Copy)]
pub(crate) struct VariableNames(Unvalidated<&'static str>);

impl Display for VariableNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unvalidated::KeyPair { access_key, secret_key } => {
                write_all(f, &[access_key, ", ", secret_key])
            }
            Unvalidated::ApiKey(name) => f.write_str(name),
        }
    }
}

impl fmt::Debug for VariableNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
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

    /// The value of the variable with this name.
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        self.find(name, "")
    }

    /// Whether a variable names a file that contains the value.
    fn names_file(self, name: &str) -> bool {
        self.find(name, FILE_SUFFIX).is_some_and(|path| !path.is_empty())
    }

    #[inline(never)]
    fn find(self, start: &str, end: &str) -> Option<&'a str> {
        let mut pairs = self.0;
        while !pairs.is_empty() {
            let (name, value) = (pairs.text("name").ok()?, pairs.text("value").ok()?);
            if name?.strip_prefix(start) == Some(end) {
                return value;
            }
        }
        None
    }
}

/// A value, and where it was found.
#[derive(Clone, Copy)]
struct Value<'a> {
    text: &'a str,
    location: Location,
}

impl AsRef<str> for Value<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

#[derive(Clone, Copy)]
enum Location {
    Argument(&'static str),
    Variable(&'static str),
    /// The file that a variable names.
    File(&'static str),
}

impl Location {
    /// The name, without the ending of a variable for a file.
    fn name(self) -> &'static str {
        match self {
            Self::Argument(name) | Self::Variable(name) | Self::File(name) => name,
        }
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) | Self::Variable(name) => f.write_str(name),
            Self::File(name) => write_all(f, &[name, FILE_SUFFIX]),
        }
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
        let value = |text, name| Value { text, location: Location::Argument(name) };
        let raw = match self.0 {
            [None, None, None] => {
                return resolve_from_environment(environment, &|hint| {
                    let tried: [&dyn Display; 4] =
                        [&Verbatim("the environment ("), &ReadNames, &Verbatim(")"), hint];
                    HostError::Missing(&Concat(&tried)).into()
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
        validate(&raw, Source::Arguments, Vec::new())
    }
}

const THE_ACCESS_KEY: Verbatim<'_> = Verbatim("the access key");
const THE_SECRET_KEY: Verbatim<'_> = Verbatim("the secret key");

fn partial(present: &dyn Display, absent: &dyn Display) -> Failure {
    HostError::Partial { present, absent, is_blank: false, unread: &Verbatim("") }.into()
}

/// The first credentials in the environment, or the error that `missing` returns. It gets a hint at
/// variables that are blank or not read.
#[inline(never)]
pub(crate) fn resolve_from_environment(
    environment: Environment<'_>,
    missing: &dyn Fn(&dyn Display) -> Failure,
) -> Result<Resolved> {
    let mut warnings = Vec::new();
    let get = |name| {
        let text = environment.get(name);
        let names_file = environment.names_file(name);
        if names_file {
            if text.is_none_or(is_blank) {
                return Err(no_files(name));
            }
            warnings
                .push(EventKind::Ignored(&Location::Variable(name), &Location::File(name)).into());
        }
        Ok(text.map(|text| Value { text, location: Location::Variable(name) }))
    };
    let mut search = KeySearch::new(&VARIABLES, get)?;
    let is_set = |name: &str| environment.get(name).is_some();
    let unread = UnreadNames(&is_set);
    let chosen = search.take().map_err(|half| {
        let (present, absent) = (&half.present.location, &Verbatim(half.absent));
        let is_blank = half.blank.is_some();
        Failure::from(HostError::Partial { present, absent, is_blank, unread: &unread })
    })?;
    let Some(SelectedKeys { unvalidated, is_mixed }) = chosen else {
        return Err(missing(&Concat(&[&search.blank(), &unread])));
    };
    let names = VariableNames(unvalidated.map(|value| value.location.name()));
    let mut events = Vec::new();
    if let (true, Unvalidated::KeyPair { access_key, secret_key }) = (is_mixed, names.0) {
        events.push(EventKind::Mixed(&Verbatim(access_key), &Verbatim(secret_key)).into());
    }
    let unused: Vec<&str> = search.names().collect();
    if !unused.is_empty() {
        events.push(EventKind::Ignored(&names, &List(&unused)).into());
    }
    events.append(&mut warnings);
    let unused_api_key = search.unused_api_key();
    validate(&unvalidated, Source::Environment(names, unused_api_key), events)
}

/// The base URL that the environment names, or Kling's own. Warns about each one that is not used.
pub(crate) fn base_url_from(
    environment: Environment<'_>,
    warnings: &mut Vec<Event>,
) -> Result<EffectiveBaseUrl> {
    let get = |name| Ok::<_, Failure>(environment.get(name).map(|text| (text, Verbatim(name))));
    let found = BaseUrlSetting::find(get, warnings)?;
    let url = found
        .map(|address| address.base_url().map_err(|error| Failure::at(&address.location, error)));
    url.transpose().map(EffectiveBaseUrl::resolved)
}

/// Names, separated by commas.
struct List<'a>(&'a [&'a str]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            write_all(f, &[if index == 0 { "" } else { ", " }, name])?;
        }
        Ok(())
    }
}

fn no_files(name: &'static str) -> Failure {
    let message: [&dyn Display; 3] = [
        &Location::File(name),
        &Verbatim(": as WebAssembly, kling-auth cannot read files: put the key itself into "),
        &Verbatim(name),
    ];
    Failure::new("ERR_FILE_UNREADABLE", &Concat(&message))
}

/// Sanitizes and checks what was found.
#[inline(never)]
fn validate(
    unvalidated: &Unvalidated<Value<'_>>,
    source: Source,
    mut warnings: Vec<Event>,
) -> Result<Resolved> {
    let location = |field| &unvalidated.value(field).location;
    let (access_key, secret_key) = (location(Field::AccessKey), location(Field::SecretKey));
    let credentials = unvalidated.map(|value| value.text).credentials(&mut |warning| {
        warnings.push(EventKind::of(warning, access_key, secret_key).into());
    });
    let invalid = match credentials {
        Ok(credentials) => return Ok(Resolved { credentials, source, warnings }),
        Err(invalid) => invalid,
    };
    let location = location(invalid.field());
    Err(match (invalid, location) {
        // The message already names the argument.
        (InvalidCredentials::Value(error), Location::Argument(_)) => error.into(),
        (InvalidCredentials::Value(error), location) => Failure::at(location, error),
        (InvalidCredentials::PartialPair, location) => {
            let there: [&dyn Display; 3] = [&Verbatim("an access key ("), location, &Verbatim(")")];
            partial(&Concat(&there), &Verbatim("its secret key"))
        }
        _ => HostError::EqualKeys(access_key, secret_key).into(),
    })
}
