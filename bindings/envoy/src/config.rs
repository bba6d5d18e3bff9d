//! The configuration: JSON, as the operator writes it, or an error that says what to change.
//!
//! ```json
//! {"access_key_env": "KLING_ACCESS_KEY", "secret_key_env": "KLING_SECRET_KEY"}
//! ```

use alloc::vec::Vec;
use core::fmt::Display;

use kling_jwt_core::{
    Credentials, Error, HostError, Unvalidated, Validity,
    engine::{
        Concat, EffectiveBaseUrl, Event, Failure, Found, Plain, Value, checked, json, partial,
    },
    env_names::ReadNames,
    webhook::Secret,
};

use crate::{
    account::{Account, Policy},
    accounts::Accounts,
    environment::Variables,
    members::{Location, Members, Text, variable},
    refused::{Refused, Result, TWICE, not, refused},
};

/// The configuration of one filter.
pub(crate) enum Config {
    Outgoing(Outgoing),
    Callback(Callback),
}

/// For requests to Kling.
pub(crate) struct Outgoing {
    pub(crate) accounts: Accounts,
    /// Whether a request with an `Authorization` of its own is refused. If not, it is replaced.
    pub(crate) refuses_authorization: bool,
    pub(crate) has_verdict_headers: bool,
    pub(crate) has_debug_header: bool,
    /// What to warn about, once.
    pub(crate) warnings: Vec<Event>,
}

/// For callbacks from Kling.
pub(crate) struct Callback {
    pub(crate) secrets: Vec<Secret>,
}

impl Config {
    /// Parses a configuration; an empty one is like `{}`. `variables` are those that Envoy gives to
    /// the filter.
    pub(crate) fn parse(text: &[u8], variables: &Variables) -> Result<Self> {
        let text = if text.trim_ascii().is_empty() { b"{}" } else { text };
        let object = json::object(text).ok_or_else(|| not("the configuration", A_JSON_OBJECT))?;
        let is_callback = json::members(object).any(|(name, _)| name.starts_with("webhook_"));
        if is_callback {
            return Callback::parse(object, variables).map(Self::Callback);
        }
        Outgoing::parse(object, variables).map(Self::Outgoing)
    }
}

/// Envoy passes a Struct on in binary form, though its documentation says that it is JSON.
const A_JSON_OBJECT: &str =
    "a JSON object (in Envoy, as a google.protobuf.StringValue, not as a Struct)";

impl Callback {
    const MEMBERS: &[&str] = &["webhook_secrets", "webhook_secrets_env"];

    fn parse(object: &str, variables: &Variables) -> Result<Self> {
        let members = Members::read(object, "", Self::MEMBERS)?;
        let mut secrets = Vec::new();
        for secret in members.texts("webhook_secrets")? {
            let location = members.location("webhook_secrets");
            secrets.push(Secret::new(&secret).map_err(|error| Refused::at(&location, error))?);
        }
        for name in members.texts("webhook_secrets_env")? {
            let secret = variable(variables, &name, &members.location("webhook_secrets_env"))?;
            secrets.push(Secret::new(secret).map_err(|error| Refused::at(&Plain(&name), error))?);
        }
        if secrets.is_empty() { Err(Error::WebhookSecret.into()) } else { Ok(Self { secrets }) }
    }
}

impl Outgoing {
    const MEMBERS: &[&str] = &[
        "access_key",
        "access_key_env",
        "secret_key",
        "secret_key_env",
        "api_key",
        "api_key_env",
        "accounts",
        "account_header",
        "base_url",
        "region",
        "lifetime",
        "buffer_sec",
        "client_authorization",
        "verdict_headers",
        "debug_header",
    ];

    /// The default of `account_header`.
    const ACCOUNT_HEADER: &str = "x-kling-account";

    fn parse(object: &str, variables: &Variables) -> Result<Self> {
        let members = Members::read(object, "", Self::MEMBERS)?;
        let mut warnings = Vec::new();
        let policy = policy(&members, variables, &mut warnings)?;
        let accounts = match members.get("accounts") {
            Some(accounts) => {
                if Explicit::read(&members, variables)?.is_some() {
                    return Err(Refused::of(HostError::Conflict));
                }
                let header = members.text("account_header")?;
                let header = header.as_deref().unwrap_or(Self::ACCOUNT_HEADER);
                if !is_header_of_its_own(header) {
                    return Err(not(
                        "account_header",
                        "the name of a header that has no other use",
                    ));
                }
                let object = json::object(accounts.as_bytes());
                let object = object.ok_or_else(|| not("accounts", "an object"))?;
                named_accounts(header, object, variables, &policy, &mut warnings)?
            }
            None if members.get("account_header").is_some() => {
                return refused(&["account_header chooses one of accounts, but there are none"]);
            }
            None => {
                let credentials = match Explicit::read(&members, variables)? {
                    Some(explicit) => explicit.credentials(&mut warnings)?,
                    None => from_environment(variables, &mut warnings)?,
                };
                Accounts::single(Account::new(credentials, &policy))
            }
        };
        let client = members.text("client_authorization")?;
        let refuses_authorization = match client.as_deref() {
            None | Some("replace") => false,
            Some("refuse") => true,
            Some(_) => return Err(not("client_authorization", "`replace` or `refuse`")),
        };
        Ok(Self {
            accounts,
            refuses_authorization,
            has_verdict_headers: members.flag("verdict_headers")?.unwrap_or(true),
            has_debug_header: members.flag("debug_header")?.unwrap_or(false),
            warnings,
        })
    }
}

/// Headers that mean something to Envoy, to Kling or to this filter.
const KNOWN_HEADERS: [&str; 12] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a text is the name of a header (RFC 9110, section 5.1) that means nothing else.
fn is_header_of_its_own(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let lower = name.to_ascii_lowercase();
    let is_ours = lower.starts_with("x-kling-auth-");
    !lower.is_empty()
        && lower.bytes().all(is_token)
        && !is_ours
        && !KNOWN_HEADERS.contains(&&*lower)
}

fn policy(
    members: &Members<'_>,
    variables: &Variables,
    warnings: &mut Vec<Event>,
) -> Result<Policy> {
    let (base_url, region) = (members.text("base_url")?, members.text("region")?);
    let region = region.as_deref().map(str::parse).transpose()?;
    let base_url = match EffectiveBaseUrl::from_options(base_url.as_deref(), region)? {
        Some(base_url) => base_url,
        None => EffectiveBaseUrl::search::<Refused>(&|name| variables.get(name), warnings)?,
    };
    let lifetime = members.number("lifetime")?.map(Validity::new).transpose()?;
    let validity = lifetime.unwrap_or_default();
    let buffer = members.number("buffer_sec")?.unwrap_or(validity.default_buffer());
    Ok(Policy { validity, buffer, base_url })
}

/// The credentials in the variables that Envoy gives to the filter, by their usual names.
fn from_environment(variables: &Variables, warnings: &mut Vec<Event>) -> Result<Credentials> {
    let found = Found::search(&|name| variables.get(name), &|hint| {
        let tried: [&dyn Display; 4] = [
            &Plain("its configuration, and the variables that Envoy gives it (host_env_keys: "),
            &ReadNames,
            &Plain(")"),
            hint,
        ];
        Refused::of(HostError::Missing(&Concat(&tried)))
    })?;
    warnings.extend(found.events);
    Ok(found.credentials)
}

fn named_accounts(
    header: &str,
    object: &str,
    variables: &Variables,
    policy: &Policy,
    warnings: &mut Vec<Event>,
) -> Result<Accounts> {
    let mut accounts = Accounts::named(header, json::members(object).count());
    for (name, account) in json::members(object) {
        let name = json::string(&["\"", name, "\""].concat()).unwrap_or_default();
        let is_value = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if name.is_empty() || !is_value || name.trim_ascii() != name {
            return refused(&[
                "the name of an account must be the value of a header: letters of ASCII, no space \
                 around them",
            ]);
        }
        let place = ["accounts.", &name].concat();
        let object = json::object(account.as_bytes());
        let object = object.ok_or_else(|| not(&place, "an object"))?;
        let members = Members::read(object, &place, Explicit::MEMBERS)?;
        let Some(explicit) = Explicit::read(&members, variables)? else {
            return refused(&[&place, " has no credentials"]);
        };
        let credentials = explicit.credentials(warnings)?;
        if !accounts.insert(&name, Account::new(credentials, policy)) {
            return refused(&[&place, TWICE]);
        }
    }
    if accounts.is_empty() {
        return refused(&["accounts is empty: name at least one, or leave it out"]);
    }
    Ok(accounts)
}

/// Credentials in the configuration, or in the variables that it names.
struct Explicit<'a>(Unvalidated<(Text<'a>, Location)>);

impl<'a> Explicit<'a> {
    /// The members of one account.
    const MEMBERS: &'static [&'static str] =
        &["access_key", "access_key_env", "secret_key", "secret_key_env", "api_key", "api_key_env"];

    /// Reads the credentials; `None` if there are none.
    fn read(members: &Members<'a>, variables: &'a Variables) -> Result<Option<Self>> {
        let read = |name, name_env| members.credential(name, name_env, variables);
        let access_key = read("access_key", "access_key_env")?;
        let secret_key = read("secret_key", "secret_key_env")?;
        let api_key = read("api_key", "api_key_env")?;
        Ok(Some(Self(match (access_key, secret_key, api_key) {
            (None, None, None) => return Ok(None),
            (None, None, Some(api_key)) => Unvalidated::ApiKey(api_key),
            (Some(access_key), Some(secret_key), None) => {
                Unvalidated::KeyPair { access_key, secret_key }
            }
            (Some((_, present)), None, None) => {
                return Err(partial(&present, &members.location("secret_key")));
            }
            (None, Some((_, present)), None) => {
                return Err(partial(&present, &members.location("access_key")));
            }
            (_, _, Some(_)) => return Err(Refused::of(HostError::Conflict)),
        })))
    }

    fn credentials(&self, warnings: &mut Vec<Event>) -> Result<Credentials> {
        checked(
            &self.0.map(|(text, location): &(Text<'_>, _)| Value { text: text.as_ref(), location }),
            warnings,
        )
    }
}
