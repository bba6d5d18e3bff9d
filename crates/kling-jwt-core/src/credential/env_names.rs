//! The names of the variables and profile entries that hold credentials and base URLs, in one
//! table for all languages.
//!
//! Most variables have two names, one with `KLING_` and one with `KLINGAI_`.

use core::fmt;

use crate::encoding::write::write_all;

/// The names of keys in one kind of location: the environment, or Kling's profile.
#[derive(Debug)]
pub struct Names {
    /// Names of access keys.
    pub(crate) access_keys: &'static [&'static str],
    /// Names of secret keys.
    pub(crate) secret_keys: &'static [&'static str],
    /// Names of an API key. Public code also uses them for an access key and for a whole pair, so
    /// the value decides.
    pub(crate) api_keys: &'static [&'static str],
    /// Access key name and secret key name that belong together, the preferred ones first.
    pub(crate) pairs: &'static [(&'static str, &'static str)],
}

/// Each name with both prefixes: `KLING_…`, then `KLINGAI_…`.
macro_rules! prefixed {
    ($($name:literal),* $(,)?) => {
        &[$(concat!("KLING_", $name), concat!("KLINGAI_", $name)),*]
    };
    ($(($access:literal, $secret:literal)),* $(,)?) => {
        &[$(
            (concat!("KLING_", $access), concat!("KLING_", $secret)),
            (concat!("KLINGAI_", $access), concat!("KLINGAI_", $secret))
        ),*]
    };
}

/// The names in an environment and in a `.env` file: those of Kling's guide, of Kling's official
/// skill, and others that public code uses.
pub static VARIABLES: Names = Names {
    access_keys: prefixed!["ACCESS_KEY", "ACCESS_KEY_ID", "AK"],
    secret_keys: prefixed![
        "SECRET_KEY",
        "SECRET_ACCESS_KEY",
        "ACCESS_KEY_SECRET",
        "SK",
        "API_SECRET"
    ],
    api_keys: prefixed!["API_KEY"],
    pairs: prefixed![
        ("ACCESS_KEY", "SECRET_KEY"),
        ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"),
        ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET"),
        ("AK", "SK"),
        ("API_KEY", "API_SECRET"),
    ],
};

/// The names in a section of Kling's profile.
pub static PROFILE: Names = Names {
    access_keys: &["access_key_id", "access_key"],
    secret_keys: &["secret_access_key", "secret_key"],
    api_keys: &["api_key"],
    pairs: &[("access_key_id", "secret_access_key"), ("access_key", "secret_key")],
};

/// The suffix of a variable's name that means: it holds the path of a file with the value.
pub const FILE_SUFFIX: &str = "_FILE";

/// The variables with the base URL. Kling's own tools use the first name.
const BASE_URLS: &[&str] = prefixed!["API_BASE", "BASE_URL", "API_BASE_URL", "API_URL", "API_HOST"];

/// The variables with the region, which determines the base URL.
pub(crate) const REGIONS: &[&str] = prefixed!["REGION"];

/// Variables that seem to hold a credential, but are not read.
const UNREAD: &[&str] = prefixed![
    "ACCESS",
    "ACCESSKEY",
    "ACCESS_SECRET",
    "AI_ACCESS_KEY",
    "AI_API_KEY",
    "AI_SECRET_KEY",
    "APIKEY",
    "API_ACCESS_KEY",
    "API_ID",
    "API_KEY_ID",
    "API_KEY_SECRET",
    "API_SECRET_KEY",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "KEY",
    "KEY_ID",
    "KEY_SECRET",
    "SECRET",
    "SECRETKEY",
];

/// Variables that seem to hold a token, and are not read either.
const UNREAD_TOKENS: &[&str] = prefixed![
    "ACCESS_TOKEN",
    "API_TOKEN",
    "AUTH_TOKEN",
    "BEARER_TOKEN",
    "JWT",
    "JWT_TOKEN",
    "TOKEN"
];

impl Names {
    /// The names of all keys.
    ///
    /// ```
    /// use kling_jwt_core::env_names::VARIABLES;
    ///
    /// assert_eq!(VARIABLES.keys().next(), Some("KLING_ACCESS_KEY"));
    /// assert!(VARIABLES.keys().any(|name| name == "KLINGAI_API_KEY"));
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        [self.access_keys, self.secret_keys, self.api_keys].into_iter().flatten().copied()
    }

    /// The index of a name among the [keys](Self::keys).
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.keys().position(|known| known == name)
    }

    /// The name under which the other key of the pair is expected.
    pub(crate) fn partner(&self, name: &str) -> Option<&'static str> {
        self.pairs.iter().find_map(|(access_key, secret_key)| {
            if *access_key == name {
                Some(*secret_key)
            } else if *secret_key == name {
                Some(*access_key)
            } else {
                None
            }
        })
    }
}

/// All variables that are read: keys, base URLs, regions.
pub fn read() -> impl Iterator<Item = &'static str> {
    VARIABLES.keys().chain(base_urls())
}

/// The variables with the base URL or the region; the first one that has a value is used.
pub fn base_urls() -> impl Iterator<Item = &'static str> {
    BASE_URLS.iter().chain(REGIONS).copied()
}

/// The variables that are not read, but that a message names if no credentials were found. Their
/// values are never shown.
pub fn unread() -> impl Iterator<Item = &'static str> {
    UNREAD.iter().chain(UNREAD_TOKENS).copied()
}

/// A list of the variables to set, for messages: `KLING_ACCESS_KEY + KLING_SECRET_KEY, …`.
#[derive(Clone, Copy, Debug)]
pub struct ReadNames;

impl fmt::Display for ReadNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every second name is the same with `KLINGAI_`.
        for (access, secret) in VARIABLES.pairs.iter().step_by(2) {
            write_all(f, &[access, " + ", secret, ", "])?;
        }
        for name in VARIABLES.api_keys.iter().step_by(2) {
            write_all(f, &[name, ", "])?;
        }
        f.write_str("and the same with KLINGAI_")
    }
}

/// The variables that are set but not read, for messages; empty if there are none.
///
/// The function returns whether a variable is set.
///
/// ```
/// use kling_jwt_core::env_names::UnreadNames;
///
/// let unread = UnreadNames(&|name| name == "KLING_API_KEY_ID");
/// assert_eq!(unread.to_string(), "; KLING_API_KEY_ID is set, but is not read");
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct UnreadNames<'a>(pub &'a dyn Fn(&str) -> bool);

impl fmt::Display for UnreadNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_set = |name: &&&str| (self.0)(name);
        for name in UNREAD.iter().filter(is_set) {
            write_all(f, &["; ", name, " is set, but is not read"])?;
        }
        for name in UNREAD_TOKENS.iter().filter(is_set) {
            let why = " is set, but is not read: a token expires within 30 minutes, so set the \
                       keys instead";
            write_all(f, &["; ", name, why])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search uses all the lists, so they have to agree.
    #[test]
    fn every_name_of_a_pair_is_listed_and_has_a_partner() {
        for names in [&VARIABLES, &PROFILE] {
            for (access_key, secret_key) in names.pairs {
                let listed = names.access_keys.contains(access_key);
                assert!(listed || names.api_keys.contains(access_key), "{access_key}");
                assert!(names.secret_keys.contains(secret_key), "{secret_key}");
            }
            let halves = names.access_keys.iter().chain(names.secret_keys);
            assert!(halves.clone().all(|name| names.partner(name).is_some()));
            assert!(names.keys().count() <= crate::credential::search::MAX_NAMES);
        }
    }

    #[test]
    fn no_variable_is_both_read_and_unread() {
        assert!(unread().all(|name| read().all(|other| other != name)));
    }
}
