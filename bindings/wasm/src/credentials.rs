//! The credentials that a caller gave, or those that stand in the host's environment.
//!
//! There are no files here. JavaScript passes the variables that [`names`] asks for.

use alloc::vec::Vec;
use core::fmt::{self, Display};

use kling_jwt_core::{
    Chosen, Credentials, Field, Note as Told, Problem, Raw, Search, Unusable,
    engine::{self, Address, Base, Note},
    is_blank,
    names::{self, FILE_SUFFIX, Listed, Unread, VARIABLES, base_urls},
};

use crate::{
    failure::{Failure, Result},
    texts::{Joined, Text, write_all},
    values::{Arguments, Results},
};

/// Credentials, where they came from, and what there is to tell of them.
pub(crate) struct Found {
    pub(crate) credentials: Credentials,
    pub(crate) source: Source,
    pub(crate) notes: Vec<Note>,
}

impl Found {
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

impl engine::Source for Source {
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
    fn is_a_place(&self) -> bool {
        !matches!(self, Self::Arguments)
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments | Self::Function => f.write_str(engine::Source::kind(self)),
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
    place: Place,
}

impl AsRef<str> for Value<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

#[derive(Clone, Copy)]
enum Place {
    Argument(&'static str),
    Variable(&'static str),
    /// The variable that names a file.
    File(&'static str),
}

impl Place {
    /// The name alone.
    fn name(self) -> &'static str {
        match self {
            Self::Argument(name) | Self::Variable(name) | Self::File(name) => name,
        }
    }
}

impl Display for Place {
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
        results.text(name).pieces(&[name, FILE_SUFFIX]);
    }
    for name in base_urls().chain(names::unread()) {
        results.text(name);
    }
    Ok(())
}

/// What a caller gave by hand: access key, secret key, API key.
pub(crate) struct Given<'a>([Option<&'a str>; 3]);

impl<'a> Given<'a> {
    pub(crate) fn next_of(arguments: &mut Arguments<'a>) -> Result<Self> {
        Ok(Self([
            arguments.text("accessKey")?,
            arguments.text("secretKey")?,
            arguments.text("apiKey")?,
        ]))
    }

    /// These credentials or, if none were given, those of the environment.
    #[inline(never)]
    pub(crate) fn or_in(self, environment: Environment<'_>) -> Result<Found> {
        let value = |text, name| Value { text, place: Place::Argument(name) };
        let raw = match self.0 {
            [None, None, None] => {
                return in_environment(environment, &|hint| {
                    let tried: [&dyn Display; 4] =
                        [&Text("the environment ("), &Listed, &Text(")"), hint];
                    Problem::Missing(&Joined(&tried)).into()
                });
            }
            [None, None, Some(api_key)] => Raw::ApiKey(value(api_key, "API key")),
            [Some(access_key), Some(secret_key), None] => Raw::KeyPair {
                access_key: value(access_key, "access key"),
                secret_key: value(secret_key, "secret key"),
            },
            [Some(_), None, None] => return Err(partial(&THE_ACCESS_KEY, &THE_SECRET_KEY)),
            [None, Some(_), None] => return Err(partial(&THE_SECRET_KEY, &THE_ACCESS_KEY)),
            [_, _, Some(_)] => return Err(Problem::Conflict.into()),
        };
        interpret(&raw, Source::Arguments, Vec::new())
    }
}

const THE_ACCESS_KEY: Text<'_> = Text("the access key");
const THE_SECRET_KEY: Text<'_> = Text("the secret key");

fn partial(there: &dyn Display, absent: &dyn Display) -> Failure {
    Problem::Partial { there, absent, is_blank: false, unread: &Text("") }.into()
}

/// The first credentials that stand in the environment, or the error that `missing` makes of what
/// is set, but blank or not read.
#[inline(never)]
pub(crate) fn in_environment(
    environment: Environment<'_>,
    missing: &dyn Fn(&dyn Display) -> Failure,
) -> Result<Found> {
    let mut notes = Vec::new();
    let get = |name| {
        let text = environment.get(name);
        let names_file = environment.names_file(name);
        if names_file {
            if text.is_none_or(is_blank) {
                return Err(no_files(name));
            }
            notes.push(Told::Several(&Place::Variable(name), &Place::File(name)).into());
        }
        Ok(text.map(|text| Value { text, place: Place::Variable(name) }))
    };
    let mut search = Search::new(&VARIABLES, get)?;
    let is_set = |name: &str| environment.get(name).is_some();
    let unread = Unread(&is_set);
    let chosen = search.take().map_err(|half| {
        let (there, absent) = (&half.there.place, &Text(half.absent));
        let is_blank = half.blank.is_some();
        Failure::from(Problem::Partial { there, absent, is_blank, unread: &unread })
    })?;
    let Some(Chosen { raw, is_mixed }) = chosen else {
        return Err(missing(&Joined(&[&search.blank(), &unread])));
    };
    let names = match &raw {
        Raw::KeyPair { access_key, secret_key } => {
            Names::KeyPair(access_key.place.name(), secret_key.place.name())
        }
        Raw::ApiKey(value) => Names::ApiKey(value.place.name()),
    };
    let mut told = Vec::new();
    if let (true, Names::KeyPair(access_key, secret_key)) = (is_mixed, &names) {
        told.push(Told::Mixed(&Text(access_key), &Text(secret_key)).into());
    }
    let unused: Vec<&str> = search.names().collect();
    if !unused.is_empty() {
        told.push(Told::Several(&names, &Listing(&unused)).into());
    }
    told.append(&mut notes);
    let unused_api_key = search.unused_api_key();
    interpret(&raw, Source::Environment(names, unused_api_key), told)
}

/// The base URL that the environment names, or Kling's own. Of each other one there is a note.
pub(crate) fn base_url_in(environment: Environment<'_>, notes: &mut Vec<Note>) -> Result<Base> {
    let get = |name| Ok::<_, Failure>(environment.get(name).map(|text| (text, Text(name))));
    let found = Address::find(get, notes)?;
    let url =
        found.map(|address| address.base_url().map_err(|error| Failure::at(&address.place, error)));
    url.transpose().map(Base::found)
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
        &Place::File(name),
        &Text(
            ": files cannot be read where kling-auth runs as WebAssembly: put the key itself into ",
        ),
        &Text(name),
    ];
    Failure::new("ERR_FILE_UNREADABLE", &Joined(&message))
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
#[inline(never)]
fn interpret(raw: &Raw<Value<'_>>, source: Source, mut notes: Vec<Note>) -> Result<Found> {
    let place = |field| &raw.value(field).place;
    let (access_key, secret_key) = (place(Field::AccessKey), place(Field::SecretKey));
    let credentials = raw
        .map(|value| value.text)
        .credentials(&mut |oddity| notes.push(Told::of(oddity, access_key, secret_key).into()));
    let unusable = match credentials {
        Ok(credentials) => return Ok(Found { credentials, source, notes }),
        Err(unusable) => unusable,
    };
    let place = place(unusable.field());
    Err(match (unusable, place) {
        // The message names the argument already.
        (Unusable::Value(error), Place::Argument(_)) => error.into(),
        (Unusable::Value(error), place) => Failure::at(place, error),
        (Unusable::Half, place) => {
            let there: [&dyn Display; 3] = [&Text("an access key ("), place, &Text(")")];
            partial(&Joined(&there), &Text("its secret key"))
        }
        _ => Problem::EqualKeys(access_key, secret_key).into(),
    })
}
