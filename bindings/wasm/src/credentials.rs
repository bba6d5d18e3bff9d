//! The credentials that a caller gave, or those that stand in the host's environment.
//!
//! There are no files here. JavaScript passes the variables that [`names`] asks for.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Display};

use kling_jwt_core::{
    Credentials, Field, Note, Oddity, Problem, Raw, Unusable,
    names::{self, FILE_SUFFIX, Listed},
};

use crate::{
    failure::{Failure, Result},
    values::{Arguments, Results},
};

/// Credentials, where they came from, and what there is to tell of them.
pub(crate) struct Found {
    pub(crate) credentials: Credentials,
    pub(crate) source: Source,
    pub(crate) notes: Vec<Warning>,
}

/// Where credentials came from, to look there again.
pub(crate) enum Source {
    Arguments,
    Function,
    /// The names of the variables, for people.
    Environment(String),
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments => f.write_str("arguments"),
            Self::Function => f.write_str("function"),
            Self::Environment(names) => write!(f, "environment ({names})"),
        }
    }
}

/// A note, until JavaScript takes it.
#[derive(PartialEq)]
pub(crate) struct Warning {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl From<Note<'_>> for Warning {
    fn from(note: Note<'_>) -> Self {
        Self { code: note.code(), message: note.to_string() }
    }
}

/// The variables that are set, as pairs of name and value.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a>(Arguments<'a>);

impl<'a> Environment<'a> {
    /// All arguments that are left.
    pub(crate) fn rest_of(arguments: Arguments<'a>) -> Self {
        Self(arguments)
    }

    pub(crate) fn get(self, wanted: &str) -> Option<&'a str> {
        let mut pairs = self.0;
        while !pairs.is_empty() {
            let (name, value) = (pairs.text("name").ok()?, pairs.text("value").ok()?);
            if name == Some(wanted) {
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

#[derive(Clone, Copy)]
enum Place {
    Argument(&'static str),
    Variable(&'static str),
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) => write!(f, "argument ({name})"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// The names of all variables that are looked at.
pub(crate) fn variables(_: Arguments<'_>, results: &mut Results) -> Result<()> {
    for name in names::all() {
        results.text(name).text(&format!("{name}{FILE_SUFFIX}"));
    }
    results.text(names::BASE_URL);
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
    pub(crate) fn or_in(self, environment: Environment<'_>) -> Result<Found> {
        match self.raw()? {
            Some(raw) => interpret(raw, Source::Arguments, Vec::new()),
            None => in_environment(environment)?.ok_or_else(|| {
                let tried = format!("the environment ({Listed})");
                Problem::Missing(&tried).into()
            }),
        }
    }

    fn raw(self) -> Result<Option<Raw<Value<'a>>>> {
        let value = |text, name| Value { text, place: Place::Argument(name) };
        Ok(Some(match self.0 {
            [None, None, None] => return Ok(None),
            [None, None, Some(api_key)] => Raw::ApiKey(value(api_key, "API key")),
            [Some(access_key), Some(secret_key), None] => Raw::KeyPair {
                access_key: value(access_key, "access key"),
                secret_key: value(secret_key, "secret key"),
            },
            [Some(_), None, None] => {
                return Err(Problem::Partial(&"the access key", &"the secret key").into());
            }
            [None, Some(_), None] => {
                return Err(Problem::Partial(&"the secret key", &"the access key").into());
            }
            [_, _, Some(_)] => return Err(Problem::Conflict.into()),
        }))
    }
}

/// The first credentials that stand in the environment, if any do.
pub(crate) fn in_environment(environment: Environment<'_>) -> Result<Option<Found>> {
    let mut notes = Vec::new();
    let get = |name| {
        let file_name = format!("{name}{FILE_SUFFIX}");
        let is_file_named = environment.get(&file_name).is_some_and(|path| !path.is_empty());
        match environment.get(name) {
            Some(text) => {
                if is_file_named {
                    notes.push(Note::Several(&name, &file_name).into());
                }
                Ok(Some(Value { text, place: Place::Variable(name) }))
            }
            None if is_file_named => Err(no_files(&file_name, name)),
            None => Ok(None),
        }
    };
    let partial = |half: &Value<'_>, absent| Failure::from(Problem::Partial(&half.place, &absent));
    let mut found = names::find(get, partial)?;
    let Some(used) = found.next() else { return Ok(None) };
    let names = names_of(&used);
    let mut ignored: Vec<_> =
        found.map(|ignored| Note::Several(&names, &names_of(&ignored)).into()).collect();
    ignored.append(&mut notes);
    interpret(used, Source::Environment(names), ignored).map(Some)
}

fn no_files(variable: &str, name: &str) -> Failure {
    let message = format!(
        "{variable}: files cannot be read where kling-auth runs as WebAssembly: put the key \
         itself into {name}",
    );
    Failure::new("ERR_FILE_UNREADABLE", &message)
}

fn names_of(raw: &Raw<Value<'_>>) -> String {
    match raw.map(|value| value.place) {
        Raw::KeyPair { access_key, secret_key } => format!("{access_key}, {secret_key}"),
        Raw::ApiKey(place) => place.to_string(),
    }
}

/// From what was found to what it is: cleaned, told apart by shape, checked.
fn interpret(raw: Raw<Value<'_>>, source: Source, mut notes: Vec<Warning>) -> Result<Found> {
    let place = |field| &raw.value(field).place;
    let (access_key, secret_key) = (place(Field::AccessKey), place(Field::SecretKey));
    let mut tell = |oddity: Oddity| notes.push(oddity.at(access_key, secret_key).into());
    let credentials = raw.map(|value| value.text).credentials(&mut tell);
    let credentials =
        credentials.map_err(|unusable| match (unusable, place(unusable.field())) {
            // The message names the argument already.
            (Unusable::Value(error), Place::Argument(_)) => error.into(),
            (Unusable::Value(error), place) => Failure::at(place, error),
            (Unusable::Half, place) => {
                let there = format!("an access key ({place})");
                Problem::Partial(&there, &"its secret key").into()
            }
            _ => Problem::EqualKeys(access_key, secret_key).into(),
        })?;
    Ok(Found { credentials, source, notes })
}
