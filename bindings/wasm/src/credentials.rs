//! The credentials that a caller gave, or those that stand in the host's environment.
//!
//! There are no files here. JavaScript passes the variables that [`names`] asks for.

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
    failure::{Failure, Result},
    strings::{Joined, Text, write_all},
    values::{Arguments, Results},
};

/// Credentials, where they came from, and what there is to tell of them.
pub(crate) struct Resolved {
    pub(crate) credentials: Credentials,
    pub(crate) source: Source,
    pub(crate) warnings: Vec<Event>,
}

impl Resolved {
    /// The same, as what a function of the caller's returned, if it was one.
    pub(crate) fn made(self, by_function: bool) -> Self {
        if by_function { Self { source: Source::Function, ..self } } else { self }
    }
}

/// Where credentials came from, to look there again.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Arguments,
    Function,
    /// The names of the variables, and that of an API key beside them which is not used.
    Environment(Names, Option<&'static str>),
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

    /// A function too is a place to look again: JavaScript asks it.
    fn can_reload(&self) -> bool {
        !matches!(self, Self::Arguments)
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments | Self::Function => f.write_str(engine::CredentialSource::kind(self)),
            Self::Environment(names, _) => {
                Joined(&[&Text("environment ("), names, &Text(")")]).fmt(f)
            }
        }
    }
}

/// The variables that credentials stand in, for people.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names {
    KeyPair(&'static str, &'static str),
    ApiKey(&'static str),
}

impl Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyPair(access_key, secret_key) => write_all(f, &[access_key, ", ", secret_key]),
            Self::ApiKey(name) => f.write_str(name),
        }
    }
}

/// The variables that are set, as pairs of name and value.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a>(Arguments<'a>);

impl<'a> Environment<'a> {
    /// All arguments that are left.
    pub(crate) fn rest_of(arguments: &Arguments<'a>) -> Self {
        Self(*arguments)
    }

    /// The value of the variable with this name.
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        self.find(name, "")
    }

    /// Whether a file is named that is to hold the value.
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

/// A value, and what a person finds it by.
#[derive(Clone, Copy)]
struct Value<'a> {
    text: &'a str,
    place: Location,
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
    /// The variable that names a file.
    File(&'static str),
}

impl Location {
    /// The name alone.
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

/// The names of all variables that are looked at.
pub(crate) fn variables(_: &mut Arguments<'_>, results: &mut Results) -> Result<()> {
    for name in VARIABLES.keys() {
        results.text(name).parts(&[name, FILE_SUFFIX]);
    }
    for name in base_urls().chain(env_names::unread()) {
        results.text(name);
    }
    Ok(())
}

/// What a caller gave by hand: access key, secret key, API key.
pub(crate) struct Explicit<'a>([Option<&'a str>; 3]);

impl<'a> Explicit<'a> {
    pub(crate) fn next_of(arguments: &mut Arguments<'a>) -> Result<Self> {
        Ok(Self([
            arguments.text("accessKey")?,
            arguments.text("secretKey")?,
            arguments.text("apiKey")?,
        ]))
    }

    /// These credentials or, if none were given, those of the environment.
    #[inline(never)]
    pub(crate) fn or_in(self, environment: Environment<'_>) -> Result<Resolved> {
        let value = |text, name| Value { text, place: Location::Argument(name) };
        let raw = match self.0 {
            [None, None, None] => {
                return in_environment(environment, &|hint| {
                    let tried: [&dyn Display; 4] =
                        [&Text("the environment ("), &ReadNames, &Text(")"), hint];
                    HostError::Missing(&Joined(&tried)).into()
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
        interpret(&raw, Source::Arguments, Vec::new())
    }
}

const THE_ACCESS_KEY: Text<'_> = Text("the access key");
const THE_SECRET_KEY: Text<'_> = Text("the secret key");

fn partial(there: &dyn Display, absent: &dyn Display) -> Failure {
    HostError::Partial { there, absent, is_blank: false, unread: &Text("") }.into()
}

/// The first credentials that stand in the environment, or the error that `missing` makes of what
/// is set, but blank or not read.
#[inline(never)]
pub(crate) fn in_environment(
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
        Ok(text.map(|text| Value { text, place: Location::Variable(name) }))
    };
    let mut search = KeySearch::new(&VARIABLES, get)?;
    let is_set = |name: &str| environment.get(name).is_some();
    let unread = UnreadNames(&is_set);
    let chosen = search.take().map_err(|half| {
        let (there, absent) = (&half.there.place, &Text(half.absent));
        let is_blank = half.blank.is_some();
        Failure::from(HostError::Partial { there, absent, is_blank, unread: &unread })
    })?;
    let Some(SelectedKeys { raw, is_mixed }) = chosen else {
        return Err(missing(&Joined(&[&search.blank(), &unread])));
    };
    let names = match &raw {
        Unvalidated::KeyPair { access_key, secret_key } => {
            Names::KeyPair(access_key.place.name(), secret_key.place.name())
        }
        Unvalidated::ApiKey(value) => Names::ApiKey(value.place.name()),
    };
    let mut told = Vec::new();
    if let (true, Names::KeyPair(access_key, secret_key)) = (is_mixed, &names) {
        told.push(EventKind::Mixed(&Text(access_key), &Text(secret_key)).into());
    }
    let unused: Vec<&str> = search.names().collect();
    if !unused.is_empty() {
        told.push(EventKind::Ignored(&names, &Listing(&unused)).into());
    }
    told.append(&mut warnings);
    let unused_api_key = search.unused_api_key();
    interpret(&raw, Source::Environment(names, unused_api_key), told)
}

/// The base URL that the environment names, or Kling's own. Of each other one there is a event.
pub(crate) fn base_url_in(
    environment: Environment<'_>,
    warnings: &mut Vec<Event>,
) -> Result<EffectiveBaseUrl> {
    let get = |name| Ok::<_, Failure>(environment.get(name).map(|text| (text, Text(name))));
    let found = BaseUrlSetting::find(get, warnings)?;
    let url = found
        .map(|address| address.base_url().map_err(|error| Failure::at(&address.location, error)));
    url.transpose().map(EffectiveBaseUrl::found)
}

/// Names, for people.
struct Listing<'a>(&'a [&'a str]);

impl Display for Listing<'_> {
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
        &Text(
            ": files cannot be read where kling-auth runs as WebAssembly: put the key itself into ",
        ),
        &Text(name),
    ];
    Failure::new("ERR_FILE_UNREADABLE", &Joined(&message))
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
#[inline(never)]
fn interpret(
    raw: &Unvalidated<Value<'_>>,
    source: Source,
    mut warnings: Vec<Event>,
) -> Result<Resolved> {
    let place = |field| &raw.value(field).place;
    let (access_key, secret_key) = (place(Field::AccessKey), place(Field::SecretKey));
    let credentials = raw.map(|value| value.text).credentials(&mut |oddity| {
        warnings.push(EventKind::of(oddity, access_key, secret_key).into());
    });
    let unusable = match credentials {
        Ok(credentials) => return Ok(Resolved { credentials, source, warnings }),
        Err(unusable) => unusable,
    };
    let place = place(unusable.field());
    Err(match (unusable, place) {
        // The message names the argument already.
        (InvalidCredentials::Value(error), Location::Argument(_)) => error.into(),
        (InvalidCredentials::Value(error), place) => Failure::at(place, error),
        (InvalidCredentials::PartialPair, place) => {
            let there: [&dyn Display; 3] = [&Text("an access key ("), place, &Text(")")];
            partial(&Joined(&there), &Text("its secret key"))
        }
        _ => HostError::EqualKeys(access_key, secret_key).into(),
    })
}
