//! `inspect`: a token's header and claims, its validity in time, and whether Kling would accept it.

use kling_auth::{
    ApiKey, Cause, CoreError, Error, HmacKey, Inspection, bare_token, decode, inspect, json,
};
use zeroize::Zeroizing;

use crate::{
    Exit, Host, Reply, Step,
    arguments::Arguments,
    credentials::{self, Found},
    error::CliError,
    outcome::{Outcome, Warnings},
    status::Status,
    timeline,
    view::{Colour, View},
};

/// More bytes than any token has.
const MAX_TOKEN: usize = 64 * 1024;

/// A token that is still to be read, and the key that checks its signature.
pub(crate) struct Inspect {
    signer: Option<Signer>,
}

/// The user's own key pair.
struct Signer {
    access_key: String,
    key: HmacKey,
}

impl Signer {
    fn of(found: &Found) -> Option<Self> {
        Some(Self { access_key: found.auth.access_key()?, key: found.key.clone()? })
    }

    /// Whether it signed a token of its own access key; `None` for the token of another one.
    fn signed(&self, token: &str, inspection: &Inspection<'_>) -> Option<bool> {
        if inspection.issuer().is_none_or(|issuer| issuer != *self.access_key) {
            return None;
        }
        let mut buffer = vec![0; token.len()];
        let decoded = decode(token, &mut buffer).ok()?;
        let (signing_input, _) = token.rsplit_once('.')?;
        Some(self.key.verify(signing_input.as_bytes(), decoded.signature))
    }
}

impl Inspect {
    pub(crate) fn start(
        arguments: &Arguments,
        host: &Host,
        warnings: &mut Warnings,
        view: &View,
        now: u64,
    ) -> Result<Outcome<Self>, CliError> {
        let operand = arguments.operand_text()?;
        let credential = credentials::find(arguments, host);
        let is_needed = operand.is_none() || arguments.has("env-file") || arguments.has("profile");
        let credential = match credential {
            Err(refusal) if is_needed || refusal.status == Status::Usage => return Err(refusal),
            other => other.ok(),
        };
        if let Some(credential) = &credential {
            warnings.collect(&credential.auth);
        }
        let inspect = Self { signer: credential.as_ref().and_then(Signer::of) };
        match (operand, &credential) {
            (Some("-"), _) if host.terminals.stdin => Err(CliError::usage(
                "`inspect -` reads the token from a pipe or a file, not from a terminal",
            )),
            (Some("-"), _) => Ok(Outcome::Ask(Step::Read { limit: MAX_TOKEN + 1 }, inspect)),
            (Some(token), _) => inspect.of(token, view, now),
            (None, Some(credential)) => {
                inspect.of(credential.auth.token_at(now).as_str(), view, now)
            }
            (None, None) => Err(Error::Missing { tried: Vec::new(), hint: String::new() }.into()),
        }
    }

    pub(crate) fn take(
        &self,
        reply: Reply,
        view: &View,
        now: u64,
    ) -> Result<Outcome<Self>, CliError> {
        let Reply::Input(input) = reply else { return Err(CliError::of_host()) };
        let input = Zeroizing::new(input);
        let text = str::from_utf8(&input).ok().filter(|text| text.len() <= MAX_TOKEN);
        if text.is_some_and(|text| text.trim().is_empty()) {
            return Err(CliError::usage("standard input is empty"));
        }
        self.of(text.ok_or(CoreError::TokenSegments)?, view, now)
    }

    fn of(&self, token: &str, view: &View, now: u64) -> Result<Outcome<Self>, CliError> {
        // The signature covers only this.
        let token = bare_token(token);
        if ApiKey::is_likely(token) {
            let message = "this is an API key, not a token: it has no claims and does not expire. \
                           `kling-auth check` checks it with Kling";
            return Err(CliError::new("ERR_TOKEN_API_KEY", message, Status::Invalid));
        }
        let mut buffer = vec![0; token.len()];
        let mut inspection = inspect(token, None, now, &mut buffer)?;
        let signer = self.signer.as_ref();
        inspection.is_signature_valid = signer.and_then(|signer| signer.signed(token, &inspection));
        let is_good = inspection.prediction().0 == Cause::Accepted;
        let status = if is_good { Status::Ok } else { Status::Invalid };
        let stdout = if view.is_json {
            json::of_inspection(&inspection) + "\n"
        } else {
            drawn(&inspection, view)
        };
        Ok(Outcome::Exit(Exit { status: status as u8, stdout, stderr: String::new() }))
    }
}

/// For people: the core's text, and a timeline.
fn drawn(inspection: &Inspection<'_>, view: &View) -> String {
    let text = inspection.to_string();
    let lines = text.lines().map(|line| match colour(line) {
        Some(colour) => view.paint(colour, line) + "\n",
        None => line.to_owned() + "\n",
    });
    let life = inspection.not_before().zip(inspection.expires_at());
    let life = life.and_then(|(begin, end)| timeline::draw(begin, end, inspection.now, view));
    lines.chain(life.map(|life| format!("\n{life}"))).collect()
}

fn colour(line: &str) -> Option<Colour> {
    const BEGINNINGS: [(&str, Colour); 6] = [
        ("header", Colour::Strong),
        ("claims", Colour::Strong),
        ("signature: made", Colour::Good),
        ("signature: NOT", Colour::Bad),
        ("Kling: would accept", Colour::Good),
        ("Kling: would refuse", Colour::Bad),
    ];
    let found = BEGINNINGS.iter().find(|(beginning, _)| line.starts_with(beginning));
    found.map(|(_, colour)| *colour)
}
