//! Who may pass: key pairs and API keys.
//!
//! They come from a JSON file or are the demo account; never from the command line,
//! where any process on the machine could read them.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jsonwebtoken::DecodingKey;
use serde::Deserialize;

/// The demo account's access key.
pub const DEMO_ACCESS_KEY: &str = "AKgateDemo0000000000000000000001";
/// The demo account's secret key: public, and of use at the gate alone.
pub const DEMO_SECRET_KEY: &str = "SKgateDemo0000000000000000000001";
/// The demo account's API key.
pub const DEMO_API_KEY: &str = "api-key-kling-GateDemo00000000000000000000000000000000001";

/// What every API key of Kling's begins with.
pub(crate) const API_KEY_PREFIX: &str = "api-key-";

/// The key pairs and API keys that the gate knows.
///
/// Parsed from `{"key_pairs": [{"access_key": …, "secret_key": …}], "api_keys": […]}`;
/// either list may be left out.
pub struct Accounts {
    secret_keys: HashMap<String, DecodingKey>,
    api_keys: HashSet<String>,
}

/// Why a text is not a list of accounts.
///
/// It tells the place and never quotes the text, which holds secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidAccounts {
    /// Not JSON, or not of the form that [`Accounts`] shows.
    Form {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// An API key without the prefix by which it is told from a token.
    ApiKeyPrefix,
}

/// The accounts as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    key_pairs: Vec<KeyPair>,
    #[serde(default)]
    api_keys: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPair {
    access_key: String,
    secret_key: String,
}

impl Accounts {
    /// The one account that is the same on every machine.
    pub fn demo() -> Self {
        let secret_key = DecodingKey::from_secret(DEMO_SECRET_KEY.as_bytes());
        Self {
            secret_keys: HashMap::from([(DEMO_ACCESS_KEY.to_owned(), secret_key)]),
            api_keys: HashSet::from([DEMO_API_KEY.to_owned()]),
        }
    }

    /// The secret key that belongs to an access key.
    pub(crate) fn secret_key(&self, access_key: &str) -> Option<&DecodingKey> {
        self.secret_keys.get(access_key)
    }

    pub(crate) fn knows_api_key(&self, api_key: &str) -> bool {
        self.api_keys.contains(api_key)
    }
}

impl FromStr for Accounts {
    type Err = InvalidAccounts;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let listed: Listed = serde_json::from_str(json)?;
        if !listed.api_keys.iter().all(|key| key.starts_with(API_KEY_PREFIX)) {
            return Err(InvalidAccounts::ApiKeyPrefix);
        }
        let decoding_key = |pair: KeyPair| {
            let secret_key = DecodingKey::from_secret(pair.secret_key.as_bytes());
            (pair.access_key, secret_key)
        };
        Ok(Self {
            secret_keys: listed.key_pairs.into_iter().map(decoding_key).collect(),
            api_keys: listed.api_keys,
        })
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts")
            .field("key_pairs", &self.secret_keys.len())
            .field("api_keys", &self.api_keys.len())
            .finish()
    }
}

impl From<serde_json::Error> for InvalidAccounts {
    fn from(error: serde_json::Error) -> Self {
        Self::Form { line: error.line(), column: error.column() }
    }
}

impl fmt::Display for InvalidAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form { line, column } => write!(
                f,
                "not a list of accounts at line {line}, column {column}; write \
                 {{\"key_pairs\": [{{\"access_key\": …, \"secret_key\": …}}], \"api_keys\": […]}}",
            ),
            Self::ApiKeyPrefix => write!(f, "an API key begins with `{API_KEY_PREFIX}`"),
        }
    }
}

impl Error for InvalidAccounts {}
