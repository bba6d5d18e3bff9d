//! Mints the bearers of some credentials, and handles responses to them.

use crate::{
    AccessKey, Action, ApiKey, Credentials, Response, Signer, Token, Validity, Verdict,
    manager::{
        refused::Refused,
        schedule::{Policy, Schedule},
        sent_claims::SentClaims,
    },
    parse_http_date,
    responses::bearer_kind::BearerKind,
};

/// Credentials of either kind, ready to mint. Immutable: a token is a function of them and of one
/// second.
#[derive(Clone, Debug)]
pub(crate) enum Issuer {
    /// A key pair, which signs tokens.
    KeyPair(Signer),
    /// An API key, which is the bearer itself.
    ApiKey(ApiKey),
}

impl Issuer {
    pub(crate) fn new(credentials: &Credentials, validity: Validity) -> Self {
        match credentials {
            Credentials::KeyPair(pair) => Self::KeyPair(Signer::new(pair, validity)),
            Credentials::ApiKey(api_key) => Self::ApiKey(api_key.clone()),
        }
    }

    /// Mints a token at `now`, in Unix seconds of the server's clock.
    pub(crate) fn token(&self, now: u64) -> Token {
        match self {
            Self::KeyPair(signer) => signer.sign(now),
            Self::ApiKey(api_key) => api_key.into(),
        }
    }

    /// The access key; `None` for an API key.
    pub(crate) fn access_key(&self) -> Option<AccessKey> {
        match self {
            Self::KeyPair(signer) => Some(signer.access_key()),
            Self::ApiKey(_) => None,
        }
    }

    /// Whether these credentials issued a bearer: it is the API key, or a token of the key pair,
    /// minted at any time.
    // Not inlined, so that its buffer is not on the caller's stack.
    #[inline(never)]
    pub(crate) fn issued(&self, bearer: &str) -> bool {
        match self {
            Self::ApiKey(api_key) => api_key.as_str() == bearer,
            Self::KeyPair(signer) => SentClaims::of(bearer, &mut [0; Token::MAX_LEN])
                .is_some_and(|token| token.issuer() == signer.access_key().as_str()),
        }
    }

    /// Handles a response that was received at `now`: returns what it means, and changes the
    /// schedule if needed.
    pub(crate) fn handle_response(
        &self,
        policy: Policy,
        schedule: &mut Schedule,
        response: &Response<'_>,
        now: u64,
    ) -> Verdict {
        let mut verdict = response.verdict_on(match self {
            Self::KeyPair(_) => BearerKind::Token,
            Self::ApiKey(_) => BearerKind::ApiKey,
        });
        // A token is recognized by its form, and hidden already.
        if let Self::ApiKey(api_key) = self {
            verdict.hide(api_key.as_str());
        }
        if verdict.status != 401 {
            return verdict;
        }
        if let Some(refused) = Refused::of(&verdict) {
            let is_replaced;
            (*schedule, is_replaced) =
                self.after_refusal(policy, *schedule, refused, response, now);
            verdict.action = if is_replaced { Action::Retry } else { Action::Fail };
        } else if verdict.is_unknown_credentials()
            && response.token.is_some_and(|token| !token.is_empty() && !self.issued(token))
        {
            // Other credentials issued this bearer. Kling may know the current ones.
            verdict.action = Action::Retry;
        }
        verdict
    }

    /// The schedule after a token was refused because of its time, and whether a retry may help.
    ///
    /// A token of other credentials, such as those before a rotation, does not correct the clock.
    // Not inlined, so that its buffers are not on the stack while the verdict is made.
    #[inline(never)]
    fn after_refusal(
        &self,
        policy: Policy,
        schedule: Schedule,
        refused: Refused,
        response: &Response<'_>,
        now: u64,
    ) -> (Schedule, bool) {
        let mut buffer = [0; Token::MAX_LEN];
        let token = match (response.token, schedule.minted_at) {
            (Some(token), _) => SentClaims::of(token, &mut buffer),
            (None, Some(minted_at)) => Some(SentClaims::at("", minted_at, policy.validity)),
            (None, None) => None,
        };
        match (self, token) {
            (Self::KeyPair(signer), Some(token))
                if response.token.is_some() && token.issuer() != signer.access_key().as_str() =>
            {
                (schedule.renew(policy, now), true)
            }
            (Self::KeyPair(_), Some(token)) => {
                let date = response.date.and_then(parse_http_date);
                schedule.after_refusal(policy, refused, &token, date, now)
            }
            // An API key has no times.
            _ => (schedule, false),
        }
    }
}
