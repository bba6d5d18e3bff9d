//! Credentials in the environment of a host that reads no files, such as WebAssembly.

use alloc::{string::String, vec::Vec};
use core::fmt::{self, Display};

use crate::{
    Credentials, Error, EventKind, Field, HostError, InvalidCredentials, KeySearch, SelectedKeys,
    Unvalidated,
    credential::env_names::{FILE_SUFFIX, UnreadNames, VARIABLES},
    encoding::write::{Concat, Plain, write_all},
    engine::{
        base_url::{BaseUrlSetting, EffectiveBaseUrl},
        event::Event,
    },
    is_blank,
};

/// An error of a host.
pub trait Failure: Sized {
    /// Makes an error from its stable code and its message.
    fn new(code: &'static str, message: &dyn Display) -> Self;

    /// The core's error about the value at a location.
    #[inline(never)]
    fn at(location: &dyn Display, error: Error) -> Self {
        Self::new(error.code(), &Concat(&[location, &Plain(": "), &error]))
    }

    /// An error of a host's credentials or requests.
    #[inline(never)]
    fn of(error: HostError<'_>) -> Self {
        Self::new(error.code(), &error)
    }
}

/// Reads a variable.
pub type Get<'a, 'v> = &'a dyn Fn(&str) -> Option<&'v str>;

/// Credentials that were found in the environment.
#[derive(Debug)]
pub struct Found {
    /// The credentials.
    pub credentials: Credentials,
    /// The variables that contain them.
    pub names: VariableNames,
    /// The name of an API key that is set as well, but not used.
    pub unused_api_key: Option<&'static str>,
    /// What to warn about.
    pub events: Vec<Event>,
}

impl Found {
    /// The first credentials in the environment, or the error that `missing` returns. It gets a
    /// hint at variables that are blank or not read.
    ///
    /// # Errors
    ///
    /// There are none, or they cannot be used.
    #[inline(never)]
    pub fn search<F: Failure>(
        get: Get<'_, '_>,
        missing: &dyn Fn(&dyn Display) -> F,
    ) -> Result<Self, F> {
        let mut warnings = Vec::new();
        let names_file = |name: &str| {
            let path = get(&[name, FILE_SUFFIX].concat());
            path.is_some_and(|path| !path.is_empty())
        };
        let read = |name| {
            let text = get(name);
            if names_file(name) {
                let location = Location::File(name);
                if text.is_none_or(is_blank) {
                    let message: [&dyn Display; 3] = [&location, &Plain(NO_FILES), &Plain(name)];
                    return Err(F::new("ERR_FILE_UNREADABLE", &Concat(&message)));
                }
                let variable = Location::Variable(name);
                warnings.push(EventKind::Ignored(&variable, &location).into());
            }
            Ok(text.map(|text| Value { text, location: Location::Variable(name) }))
        };
        let mut search = KeySearch::new(&VARIABLES, read)?;
        let is_set = |name: &str| get(name).is_some();
        let unread = UnreadNames(&is_set);
        let chosen = search.take().map_err(|half| {
            let (present, absent) = (&half.present.location, &Plain(half.absent));
            let is_blank = half.blank.is_some();
            F::of(HostError::Partial { present, absent, is_blank, unread: &unread })
        })?;
        let Some(SelectedKeys { unvalidated, is_mixed }) = chosen else {
            return Err(missing(&Concat(&[&search.blank(), &unread])));
        };
        let names = VariableNames(unvalidated.map(|value| value.location.name()));
        let mut events = Vec::new();
        if let (true, Unvalidated::KeyPair { access_key, secret_key }) = (is_mixed, names.0) {
            events.push(EventKind::Mixed(&Plain(access_key), &Plain(secret_key)).into());
        }
        let unused: Vec<&str> = search.names().collect();
        if !unused.is_empty() {
            events.push(EventKind::Ignored(&names, &List(&unused)).into());
        }
        events.append(&mut warnings);
        let credentials = checked(&unvalidated, &mut events)?;
        Ok(Self { credentials, names, unused_api_key: search.unused_api_key(), events })
    }
}

const NO_FILES: &str = ": as WebAssembly, kling-auth cannot read files: put the key itself into ";

impl EffectiveBaseUrl {
    /// The base URL that the environment names, or Kling's own. Adds an event for each one that is
    /// not used.
    ///
    /// # Errors
    ///
    /// The base URL cannot be used.
    pub fn search<F: Failure>(get: Get<'_, '_>, events: &mut Vec<Event>) -> Result<Self, F> {
        let read = |name| Ok::<_, F>(get(name).map(|text| (text, Plain(name))));
        let found = BaseUrlSetting::find(read, events)?;
        let url: Option<Result<String, F>> = found
            .map(|setting| setting.base_url().map_err(|error| F::at(&setting.location, error)));
        url.transpose().map(Self::resolved)
    }
}

/// A value, and where it was found.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a secret")]
pub struct Value<'a, L> {
    /// The value.
    pub text: &'a str,
    /// Where it was found.
    pub location: L,
}

impl<L> AsRef<str> for Value<'_, L> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

/// Where a value was found.
pub trait ValueLocation: Display {
    /// Whether the core's message already names the value, as the argument of a function.
    fn is_argument(&self) -> bool {
        false
    }
}

/// A variable, or the file that it names.
#[derive(Clone, Copy, Debug)]
enum Location {
    Variable(&'static str),
    File(&'static str),
}

impl Location {
    /// The name, without the ending of a variable for a file.
    fn name(self) -> &'static str {
        match self {
            Self::Variable(name) | Self::File(name) => name,
        }
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File(name) => write_all(f, &[name, FILE_SUFFIX]),
        }
    }
}

impl ValueLocation for Location {}

/// The names of the variables that contain the credentials.
#[derive(Clone, Copy)]
pub struct VariableNames(Unvalidated<&'static str>);

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

/// The credentials, without what surrounds them. Adds an event for what is unusual.
///
/// # Errors
///
/// They cannot be used. The message names their location.
pub fn checked<L: ValueLocation, F: Failure>(
    unvalidated: &Unvalidated<Value<'_, L>>,
    events: &mut Vec<Event>,
) -> Result<Credentials, F> {
    let locations = unvalidated.map(|value| &value.location as &dyn ValueLocation);
    checked_at(&unvalidated.map(|value| value.text), &locations, events)
}

#[inline(never)]
fn checked_at<F: Failure>(
    unvalidated: &Unvalidated<&str>,
    locations: &Unvalidated<&dyn ValueLocation>,
    events: &mut Vec<Event>,
) -> Result<Credentials, F> {
    let location = |field| *locations.value(field);
    let (access_key, secret_key) = (location(Field::AccessKey), location(Field::SecretKey));
    let credentials = unvalidated.credentials(&mut |warning| {
        events.push(EventKind::of(warning, &access_key, &secret_key).into());
    });
    let invalid = match credentials {
        Ok(credentials) => return Ok(credentials),
        Err(invalid) => invalid,
    };
    let location = location(invalid.field());
    Err(match invalid {
        InvalidCredentials::Value(error) if location.is_argument() => F::new(error.code(), &error),
        InvalidCredentials::Value(error) => F::at(&location, error),
        InvalidCredentials::PartialPair => {
            let there: [&dyn Display; 3] = [&Plain("an access key ("), &location, &Plain(")")];
            partial(&Concat(&there), &Plain("its secret key"))
        }
        InvalidCredentials::Equal => F::of(HostError::EqualKeys(&access_key, &secret_key)),
    })
}

/// The error that one key of a pair is missing.
pub fn partial<F: Failure>(present: &dyn Display, absent: &dyn Display) -> F {
    F::of(HostError::Partial { present, absent, is_blank: false, unread: &Plain("") })
}
