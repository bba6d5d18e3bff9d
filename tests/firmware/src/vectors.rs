//! The files of `tests/vectors` as constants, made by `build.rs` out of what every other language
//! reads. What each field means, `tests/vectors/README.md` says.
#![expect(missing_docs, reason = "the fields are named as in the files")]
#![allow(clippy::unreadable_literal, reason = "build.rs writes numbers as JSON does")]
#![allow(clippy::unicode_not_nfc, reason = "some URLs are meant to deceive")]

/// A case and what it is about.
pub type Named<C> = (&'static str, C);

/// A body: a long one stands here without its padding, since flash is no place for it.
pub struct Body {
    pub start: &'static [u8],
    /// How many times `x` stands between start and end.
    pub pad: usize,
    pub end: &'static [u8],
}

impl Body {
    /// More than the longest has.
    pub const MAX_LEN: usize = 0x0011_0000;

    /// All of it; a buffer is made where it is needed.
    pub fn with<T>(&self, then: impl FnOnce(&[u8]) -> T) -> T {
        if self.pad == 0 { then(self.start) } else { self.with_padding(then) }
    }

    #[inline(never)]
    fn with_padding<T>(&self, then: impl FnOnce(&[u8]) -> T) -> T {
        let mut buffer = [b'x'; Self::MAX_LEN];
        let len = self.start.len() + self.pad + self.end.len();
        buffer[..self.start.len()].copy_from_slice(self.start);
        buffer[len - self.end.len()..len].copy_from_slice(self.end);
        then(&buffer[..len])
    }
}

pub struct Kling {
    pub access_key: &'static str,
    pub secret_key: &'static str,
    pub lifetime: u64,
    pub now: u64,
    pub token: &'static str,
}

pub struct Renewal {
    pub lifetime: u64,
    pub buffer: Option<u64>,
    /// Unix seconds, and whether a token is minted then.
    pub readings: &'static [(u64, bool)],
}

pub struct Walk {
    pub lifetime: u64,
    pub buffer: u64,
    pub api_key: Option<&'static str>,
    pub steps: &'static [Step],
}

pub struct Step {
    pub now: u64,
    pub event: Event,
    pub clock_offset: i64,
    pub is_new: bool,
    pub expires_at: Option<u64>,
}

pub enum Event {
    Token,
    Rotate { access_key: &'static str, secret_key: &'static str },
    HandleResponse(ReceivedResponse),
}

pub struct ReceivedResponse {
    pub status: u16,
    pub body: &'static [u8],
    pub date: Option<&'static str>,
    pub bearer: Bearer,
    pub times: usize,
    pub action: &'static str,
}

pub enum Bearer {
    Current,
    Earlier(usize),
    Text(&'static str),
    Unknown,
}

pub struct Judged {
    pub status: u16,
    pub token: Option<&'static str>,
    pub body: Body,
    pub cause: &'static str,
    pub action: &'static str,
    pub code: Option<u32>,
    pub message: &'static str,
    pub request_id: Option<&'static str>,
}

pub struct Webhook {
    pub secrets: &'static [&'static str],
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Body,
    pub now: u64,
    pub code: Option<&'static str>,
}

pub struct Inspected {
    pub token: &'static str,
    pub secret_key: Option<&'static str>,
    pub now: u64,
    pub code: Option<&'static str>,
    pub cause: &'static str,
    pub reason: &'static str,
    pub is_signature_valid: Option<bool>,
    pub issuer: Option<&'static str>,
    pub expires_at: Option<u64>,
    pub not_before: Option<u64>,
    pub shows: &'static [&'static str],
}

pub struct Url {
    pub is_kling: bool,
    pub base_url: Option<&'static str>,
    pub code: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/vectors.rs"));
