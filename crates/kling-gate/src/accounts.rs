//! Accounts: key pairs and API keys.
//!
//! They come from a JSON file, or are the demo account. Never from the command line,
//! which any process on the machine can read.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Deserializer};

/// The demo account's access key.
pub const DEMO_ACCESS_KEY: &str = "AKgateDemo0000000000000000000001";
/// The demo account's secret key: public, and only valid at the gate.
pub const DEMO_SECRET_KEY: &str = "SKgateDemo0000000000000000000001";
/// The demo account's API key.
pub const DEMO_API_KEY: &str = "api-key-kling-GateDemo00000000000000000000000000000000001";

/// The prefix of every Kling API key.
pub(crate) const API_KEY_PREFIX: &str = "api-key-";

/// The key pairs and API keys that the gate knows.
///
/// Parsed from `{"key_pairs": [{"access_key": …, "secret_key": …}], "api_keys": […]}`;
/// either list may be left out. A key pair may have a `"region"`, and so may an API key that
/// is written `{"api_key": …, "region": …}`: then the hosts of other regions do not know it.
pub struct Accounts {
    key_pairs: Vec<KeyPair>,
    api_keys: Vec<ApiKey>,
}

/// Why a text is not a list of accounts.
///
/// It names the position and never quotes the text, which contains secrets.
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
    /// An API key without the prefix that distinguishes it from a token.
    ApiKeyPrefix,
}

/// The accounts as written in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    key_pairs: Vec<KeyPair>,
    #[serde(default)]
    api_keys: Vec<ApiKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPair {
    access_key: String,
    #[serde(deserialize_with = "decoding_key")]
    secret_key: DecodingKey,
    region: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum ApiKey {
    OfAnyRegion(String),
    OfRegion { api_key: String, region: Option<String> },
}

impl Accounts {
    /// The demo account, which is the same on every machine.
    pub fn demo() -> Self {
        let key_pair = KeyPair {
            access_key: DEMO_ACCESS_KEY.to_owned(),
            secret_key: DecodingKey::from_secret(DEMO_SECRET_KEY.as_bytes())
                .expect("it is not empty"),
            region: None,
        };
        Self {
            key_pairs: vec![key_pair],
            api_keys: vec![ApiKey::OfAnyRegion(DEMO_API_KEY.to_owned())],
        }
    }

    /// The accounts that a host of this region knows. A host without a region knows all.
    pub(crate) fn known_in(mut self, host: Option<&str>) -> Self {
        let known = |region: Option<&str>| host.is_none() || region.is_none() || region == host;
        self.key_pairs.retain(|pair| known(pair.region.as_deref()));
        self.api_keys.retain(|key| known(key.region()));
        self
    }

    /// The secret key that belongs to an access key.
    pub(crate) fn secret_key(&self, access_key: &str) -> Option<&DecodingKey> {
        let pair = self.key_pairs.iter().find(|pair| pair.access_key == access_key)?;
        Some(&pair.secret_key)
    }

    pub(crate) fn knows_api_key(&self, api_key: &str) -> bool {
        self.api_keys.iter().any(|known| known.text() == api_key)
    }
}

impl ApiKey {
    fn text(&self) -> &str {
        match self {
            Self::OfAnyRegion(text) | Self::OfRegion { api_key: text, .. } => text,
        }
    }

    fn region(&self) -> Option<&str> {
        match self {
            Self::OfAnyRegion(_) => None,
            Self::OfRegion { region, .. } => region.as_deref(),
        }
    }
}

impl FromStr for Accounts {
    type Err = InvalidAccounts;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let listed: Listed = serde_json::from_str(json)?;
        if !listed.api_keys.iter().all(|key| key.text().starts_with(API_KEY_PREFIX)) {
            return Err(InvalidAccounts::ApiKeyPrefix);
        }
        Ok(Self { key_pairs: listed.key_pairs, api_keys: listed.api_keys })
    }
}

fn decoding_key<'de, D: Deserializer<'de>>(secret_key: D) -> Result<DecodingKey, D::Error> {
    let text = String::deserialize(secret_key)?;
    DecodingKey::from_secret(text.as_bytes()).map_err(serde::de::Error::custom)
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts")
            .field("key_pairs", &self.key_pairs.len())
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
