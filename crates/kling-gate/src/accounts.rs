//! Accounts: key pairs and API keys.
//!
//! They come from a JSON file, or are the demo account. Never from the command line,
//! which any process on the machine can read.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// The demo account's access key.
pub const DEMO_ACCESS_KEY: &str = "AKgateDemo0000000000000000000001";
/// The demo account's secret key: public, and only valid at the gate.
pub const DEMO_SECRET_KEY: &str = "SKgateDemo0000000000000000000001";
/// The demo account's API key.
pub const DEMO_API_KEY: &str = "api-key-kling-GateDemo00000000000000000000000000000000001";
/// The region of the demo account.
pub const DEMO_REGION: &str = "singapore";

/// Kling's regions.
const REGIONS: [&str; 2] = [DEMO_REGION, "beijing"];

/// The prefix of every Kling API key.
pub(crate) const API_KEY_PREFIX: &str = "api-key-";

/// The keys of one account of the gate: public, and only valid there.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// 32 characters.
    pub access_key: String,
    /// 32 characters.
    pub secret_key: String,
    /// 57 characters.
    pub api_key: String,
}

/// The key pairs and API keys that the gate knows.
///
/// Parsed from `{"key_pairs": [{"access_key": …, "secret_key": …}], "api_keys": […]}`;
/// either list may be left out. A key pair may have a `"region"`, and so may an API key that
/// is written `{"api_key": …, "region": …}`: then the hosts of other regions do not know it.
pub struct Accounts {
    /// By access key.
    key_pairs: HashMap<String, KeyPair>,
    /// The region, if it has one, by API key.
    api_keys: HashMap<String, Option<String>>,
}

struct KeyPair {
    secret_key: String,
    region: Option<String>,
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
    key_pairs: Vec<ListedPair>,
    #[serde(default)]
    api_keys: Vec<ListedKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedPair {
    access_key: String,
    #[serde(deserialize_with = "not_empty")]
    secret_key: String,
    region: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum ListedKey {
    OfAnyRegion(String),
    OfRegion { api_key: String, region: Option<String> },
}

impl Account {
    /// The demo account, which is the same on every machine.
    pub fn demo() -> Self {
        Self::numbered(1)
    }

    /// The demo account after so many rotations, and one more.
    pub(crate) fn numbered(number: u64) -> Self {
        Self {
            access_key: format!("AKgateDemo{number:022}"),
            secret_key: format!("SKgateDemo{number:022}"),
            api_key: format!("api-key-kling-GateDemo{number:035}"),
        }
    }
}

impl Accounts {
    /// The demo account alone, in the region of Singapore.
    pub fn demo() -> Self {
        Self::only(&Account::demo())
    }

    /// This account alone, in the region of Singapore.
    pub(crate) fn only(account: &Account) -> Self {
        let region = Some(DEMO_REGION.to_owned());
        let key_pair = KeyPair { secret_key: account.secret_key.clone(), region: region.clone() };
        Self {
            key_pairs: HashMap::from([(account.access_key.clone(), key_pair)]),
            api_keys: HashMap::from([(account.api_key.clone(), region)]),
        }
    }

    /// Refuses a name that is neither a region of Kling's nor of an account: it would refuse
    /// everyone, and a test would pass with a misspelled name.
    pub(crate) fn check_region(&self, name: Option<&str>) -> Result<(), String> {
        let of_pairs = self.key_pairs.values().filter_map(|pair| pair.region.as_deref());
        let of_keys = self.api_keys.values().filter_map(Option::as_deref);
        let regions: BTreeSet<_> = of_pairs.chain(of_keys).chain(REGIONS).collect();
        if name.is_none_or(|name| regions.contains(name)) {
            return Ok(());
        }
        let names: Vec<_> = regions.into_iter().collect();
        Err(format!("no region has this name; there are {}", names.join(", ")))
    }

    /// The secret key that belongs to an access key, if a host of this region knows it.
    pub(crate) fn secret_key(&self, access_key: &str, host: Option<&str>) -> Option<&str> {
        let pair = self.key_pairs.get(access_key)?;
        is_known(pair.region.as_deref(), host).then_some(&pair.secret_key)
    }

    /// Whether a host of this region knows an API key.
    pub(crate) fn knows_api_key(&self, api_key: &str, host: Option<&str>) -> bool {
        self.api_keys.get(api_key).is_some_and(|region| is_known(region.as_deref(), host))
    }
}

/// A host without a region knows every account, and every host knows an account without one.
fn is_known(region: Option<&str>, host: Option<&str>) -> bool {
    host.is_none() || region.is_none() || region == host
}

impl FromStr for Accounts {
    type Err = InvalidAccounts;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        let listed: Listed = serde_json::from_str(json)?;
        let key_pairs = listed.key_pairs.into_iter().map(|pair| {
            let ListedPair { access_key, secret_key, region } = pair;
            (access_key, KeyPair { secret_key, region })
        });
        let api_keys: HashMap<_, _> = listed.api_keys.into_iter().map(ListedKey::parts).collect();
        if !api_keys.keys().all(|key| key.starts_with(API_KEY_PREFIX)) {
            return Err(InvalidAccounts::ApiKeyPrefix);
        }
        Ok(Self { key_pairs: key_pairs.collect(), api_keys })
    }
}

impl ListedKey {
    fn parts(self) -> (String, Option<String>) {
        match self {
            Self::OfAnyRegion(api_key) => (api_key, None),
            Self::OfRegion { api_key, region } => (api_key, region),
        }
    }
}

fn not_empty<'de, D: Deserializer<'de>>(secret_key: D) -> Result<String, D::Error> {
    let text = String::deserialize(secret_key)?;
    if text.is_empty() { Err(serde::de::Error::custom("it is empty")) } else { Ok(text) }
}

/// Without secrets, as everywhere: a test is often a model for a program.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("access_key", &self.access_key).finish_non_exhaustive()
    }
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
