//! What the checks need of the machine that they run on.

use core::fmt;

/// A machine that prints, and knows how much stack a call took.
pub trait Environment {
    /// Prints a line.
    fn print(&mut self, line: fmt::Arguments<'_>);

    /// Makes one call into the core, and takes down the stack that it needed.
    fn call<T>(&mut self, what: Call, call: impl FnOnce() -> T) -> T;
}

/// What a call into the core is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// From two keys to a signer or a token provider.
    Keys,
    /// A signature, written into the caller's buffer.
    Sign,
    /// A token of the provider, minted or kept.
    Token,
    /// A response is handled, and a new token is signed if that helps.
    HandleResponse,
    /// A response understood, without a provider.
    Verdict,
    /// A callback verified.
    Webhook,
    /// A token looked at.
    Inspect,
    /// A text read: a date, a URL.
    Text,
}

impl Call {
    /// Each of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Keys,
        Self::Sign,
        Self::Token,
        Self::HandleResponse,
        Self::Verdict,
        Self::Webhook,
        Self::Inspect,
        Self::Text,
    ];

    /// As it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Sign => "sign",
            Self::Token => "token",
            Self::HandleResponse => "handle_response",
            Self::Verdict => "verdict",
            Self::Webhook => "webhook",
            Self::Inspect => "inspect",
            Self::Text => "text",
        }
    }
}
