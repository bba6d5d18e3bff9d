//! The credentials that a caller gave, or those that stand in the host's environment.
//!
//! There are no files here. JavaScript passes the variables that [`names`] asks for.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{self, Display};

use kling_jwt_core::{
    BaseUrl, Chosen, Credentials, Field, Note, Problem, Raw, Search, Unusable, is_blank,
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
    pub(crate) notes: Notes,
}

/// Where credentials came from, to look there again.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Arguments,
    Function,
    /// The names of the variables, and that of an API key beside them which is not used.
    Environment(Raw<&'static str>, Option<&'static str>),
}

impl Source {
    /// Its stable name: `kling_auth::sources::Source::kind`, without files.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Function => "function",
            Self::Environment(..) => "environment",
        }
    }

    /// The name of an API key that stands beside these credentials and is not used.
    pub(crate) fn unused_api_key(&self) -> Option<&'static str> {
        match self {
            Self::Environment(_, unused_api_key) => *unused_api_key,
            Self::Arguments | Self::Function => None,
        }
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments | Self::Function => f.write_str(self.kind()),
            Self::Environment(names, _) => {
                Joined(&[&Text("environment ("), &Names(names), &Text(")")]).fmt(f)
            }
        }
    }
}

/// The variables that credentials stand in, for people.
struct Names<'a>(&'a Raw<&'static str>);

impl Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Raw::KeyPair { access_key, secret_key } => {
                write_all(f, &[access_key, ", ", secret_key])
            }
            Raw::ApiKey(name) => f.write_str(name),
        }
    }
}

/// What there is to tell, as JavaScript takes it: the code and the message of each note.
pub(crate) type Notes = Vec<Results>;

/// A note as JavaScript takes it.
#[inline(never)]
pub(crate) fn written(note: &Note<'_>) -> Results {
    let mut results = Results::new();
    results.text(note.code()).shown(note);
    results
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
    let mut notes = Notes::new();
    let get = |name| {
        let text = environment.get(name);
        let names_file = environment.names_file(name);
        if names_file {
            if text.is_none_or(is_blank) {
                return Err(no_files(name));
            }
            notes.push(written(&Note::Several(&Place::Variable(name), &Place::File(name))));
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
    let names = raw.map(|value| value.place.name());
    let mut told = Notes::new();
    if let (true, Raw::KeyPair { access_key, secret_key }) = (is_mixed, &names) {
        told.push(written(&Note::Mixed(&Text(access_key), &Text(secret_key))));
    }
    let unused: Vec<&str> = search.names().collect();
    if !unused.is_empty() {
        told.push(written(&Note::Several(&Names(&names), &Listing(&unused))));
    }
    told.append(&mut notes);
    let unused_api_key = search.unused_api_key();
    interpret(&raw, Source::Environment(names, unused_api_key), told)
}

/// The base URL that the environment names, as an address in it; nothing where it names none. Of
/// each other one there is a note.
pub(crate) fn address_in(
    environment: Environment<'_>,
    notes: &mut Notes,
) -> Result<Option<String>> {
    let mut found = base_urls().filter_map(|name| {
        let value = environment.get(name).filter(|value| !is_blank(value))?;
        Some((name, BaseUrl::parse_variable(name, value).map(|url| url.to_string())))
    });
    let Some((first, url)) = found.next() else { return Ok(None) };
    for (other, other_url) in found {
        if url != other_url {
            notes.push(written(&Note::Several(&Text(first), &Text(other))));
        }
    }
    url.map(Some).map_err(|error| Failure::at(&Text(first), error))
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
fn interpret(raw: &Raw<Value<'_>>, source: Source, mut notes: Notes) -> Result<Found> {
    let place = |field| &raw.value(field).place;
    let (access_key, secret_key) = (place(Field::AccessKey), place(Field::SecretKey));
    let credentials = raw
        .map(|value| value.text)
        .credentials(&mut |oddity| notes.push(written(&oddity.at(access_key, secret_key))));
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
