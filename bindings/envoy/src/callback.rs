//! The filter of a listener: passes on the callbacks that Kling signed, and answers 401 to others.
//!
//! The program behind it gets the body as it arrived, and the callback's id and time as headers.

use alloc::{rc::Rc, string::String, vec::Vec};
use core::fmt::Display;

use kling_jwt_core::{
    Error,
    engine::{Plain, decimal},
    webhook::{Delivery, ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, verify},
};

use crate::{
    config,
    counters::Counters,
    gateway::{Answer, Flow, Gateway, Message, Part},
};

/// The headers for the program. What a client sends under these names is removed.
const VERIFIED_ID: &str = "x-kling-auth-webhook-id";
const VERIFIED_TIMESTAMP: &str = "x-kling-auth-webhook-timestamp";

/// What the filters of one configuration share in one worker.
pub(crate) struct Shared {
    pub(crate) config: config::Callback,
    pub(crate) counters: Rc<Counters>,
}

/// The longest body, in bytes. Those of Kling have a thousandth of that.
const MAX_BODY_LEN: usize = 1024 * 1024;

/// One callback.
pub(crate) struct Callback {
    shared: Rc<Shared>,
    is_answered: bool,
}

impl Callback {
    pub(crate) fn new(shared: Rc<Shared>) -> Self {
        Self { shared, is_answered: false }
    }

    /// Waits for the whole body, and verifies it. What the headers alone show is refused at once.
    pub(crate) fn request(&mut self, part: Part, gateway: &dyn Gateway) -> Flow {
        if self.is_answered {
            return Flow::Pause;
        }
        if let Part::Headers(_) = part {
            gateway.set_header(Message::Request, VERIFIED_ID, None);
            gateway.set_header(Message::Request, VERIFIED_TIMESTAMP, None);
        }
        let is_long = matches!(part, Part::Body(len, _) if len > MAX_BODY_LEN);
        if is_long {
            return self.answer(413, "ERR_WEBHOOK_SIZE", "size", &Plain(TOO_LONG), gateway);
        }
        let body = match part {
            Part::Headers(_) => Vec::new(),
            Part::Body(_, false) => return Flow::Pause,
            Part::Body(..) | Part::Trailers => gateway.body(Message::Request, MAX_BODY_LEN),
        };
        match self.verify(&body, gateway) {
            // The signature is that of the whole body.
            Ok(_) | Err(Error::WebhookSignature | Error::WebhookShortSecret) if !part.is_last() => {
                Flow::Pause
            }
            Ok((id, timestamp)) => {
                self.shared.counters.add("callbacks", "verified", 1, gateway);
                let set =
                    |name, value: &str| gateway.set_header(Message::Request, name, Some(value));
                set(VERIFIED_ID, &id);
                set(VERIFIED_TIMESTAMP, &decimal(timestamp.cast_signed()));
                Flow::Continue
            }
            Err(error) => self.answer(401, error.code(), reason(error), &error, gateway),
        }
    }

    /// The id and the time of the callback.
    fn verify(&self, body: &[u8], gateway: &dyn Gateway) -> Result<(String, u64), Error> {
        let header = |name| gateway.header(Message::Request, name);
        let (id, timestamp) = (header(ID_HEADER), header(TIMESTAMP_HEADER));
        let signature = header(SIGNATURE_HEADER);
        let (id, timestamp) = (id.as_deref(), timestamp.as_deref());
        let delivery = Delivery::from_parts(id, timestamp, signature.as_deref(), body);
        let verified = verify(&self.shared.config.secrets, &delivery, gateway.now())?;
        Ok((verified.id.into(), verified.timestamp))
    }

    fn answer(
        &mut self,
        status: u16,
        code: &str,
        reason: &str,
        message: &dyn Display,
        gateway: &dyn Gateway,
    ) -> Flow {
        self.is_answered = true;
        self.shared.counters.add("callbacks.refused", reason, 1, gateway);
        Answer::new(status, code, message).send(gateway)
    }
}

const TOO_LONG: &str = "the callback has more than 1 MiB, which none of Kling's has";

/// The error's name among the counters.
fn reason(error: Error) -> &'static str {
    match error {
        Error::WebhookUnsigned => "unsigned",
        Error::WebhookHeader { .. } => "header",
        Error::WebhookTime { .. } => "time",
        _ => "signature",
    }
}
