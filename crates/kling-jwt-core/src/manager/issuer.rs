//! A credential, ready to mint, and what a response says of its bearer.

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

/// A credential of either kind. It never changes: a token is a function of it and of a second.
#[derive(Clone, Debug)]
pub(crate) enum Issuer {
    /// Signs tokens.
    KeyPair(Signer),
    /// Is the token.
    ApiKey(ApiKey),
}

impl Issuer {
    pub(crate) fn new(credentials: &Credentials, validity: Validity) -> Self {
        match credentials {
            Credentials::KeyPair(pair) => Self::KeyPair(Signer::new(pair, validity)),
            Credentials::ApiKey(api_key) => Self::ApiKey(api_key.clone()),
        }
    }

    /// The token that is minted at `now` by the server's clock, in Unix seconds.
    pub(crate) fn token(&self, now: u64) -> Token {
        match self {
            Self::KeyPair(signer) => signer.sign(now),
            Self::ApiKey(api_key) => api_key.into(),
        }
    }

    /// The access key that signs. An API key has none.
    pub(crate) fn access_key(&self) -> Option<AccessKey> {
        match self {
            Self::KeyPair(signer) => Some(signer.access_key()),
            Self::ApiKey(_) => None,
        }
    }

    /// Whether a bearer is one of this credential's: the API key, or a token of the key pair,
    /// whenever it was minted.
    // Not inlined: its buffer is not on the stack for longer.
    #[inline(never)]
    pub(crate) fn issued(&self, bearer: &str) -> bool {
        match self {
            Self::ApiKey(api_key) => api_key.as_str() == bearer,
            Self::KeyPair(signer) => SentClaims::of(bearer, &mut [0; Token::MAX_LEN])
                .is_some_and(|token| token.issuer() == signer.access_key().as_str()),
        }
    }

    /// What a response means that was received at `now`. The schedule becomes the one after it.
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
        // What is of a token's form is hidden already.
        if let Self::ApiKey(api_key) = self {
            verdict.hide(api_key.as_str());
        }
        if verdict.status != 401 {
            return verdict;
        }
        if let Some(refused) = Refused::by(&verdict) {
            let is_replaced;
            (*schedule, is_replaced) = self.learn(policy, *schedule, refused, response, now);
            verdict.action = if is_replaced { Action::Retry } else { Action::Fail };
        } else if verdict.is_unknown_credentials()
            && response.token.is_some_and(|token| !token.is_empty() && !self.issued(token))
        {
            // The bearer that is current now is another one: it may pass.
            verdict.action = Action::Retry;
        }
        verdict
    }

    /// The schedule after a token was refused for its time, and whether another one may pass. A
    /// token of others teaches nothing: that of credentials that were rotated away meanwhile, say.
    // Not inlined: its buffers are not on the stack while the verdict is made.
    #[inline(never)]
    fn learn(
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
                schedule.learn(policy, refused, &token, date, now)
            }
            // An API key has no time.
            _ => (schedule, false),
        }
    }
}
