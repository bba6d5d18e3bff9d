//! What the checks need from the machine that they run on.

use core::fmt;

/// A machine that can print, and measure the stack of a call.
pub trait Environment {
    /// Prints a line.
    fn print(&mut self, line: fmt::Arguments<'_>);

    /// Makes one call into the core, and records its stack.
    fn call<T>(&mut self, what: Call, call: impl FnOnce() -> T) -> T;
}

/// What a call into the core is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// From two keys to a signer or a token provider.
    Keys,
    /// A signature, written into the caller's buffer.
    Sign,
    /// A token of the provider, minted or cached.
    Token,
    /// A response handled, and a new token signed if needed.
    HandleResponse,
    /// The verdict on a response, without a provider.
    Verdict,
    /// A callback verified.
    Webhook,
    /// A token inspected.
    Inspect,
    /// A text parsed: a date, a URL.
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

    /// The name that is printed.
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
