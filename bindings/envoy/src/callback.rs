//! The filter of a listener: passes on the callbacks that Kling signed, and answers 401 to others.
//!
//! The program behind it gets the body as it arrived, and the callback's id and time as headers.

use alloc::{rc::Rc, vec::Vec};

use kling_jwt_core::{
    Error,
    engine::decimal,
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

/// One callback.
pub(crate) struct Callback {
    shared: Rc<Shared>,
}

impl Callback {
    pub(crate) fn new(shared: Rc<Shared>) -> Self {
        Self { shared }
    }

    /// Waits for the whole body, and verifies it.
    pub(crate) fn request(&self, part: Part, gateway: &dyn Gateway) -> Flow {
        if let Part::Headers(_) = part {
            gateway.set_header(Message::Request, VERIFIED_ID, None);
            gateway.set_header(Message::Request, VERIFIED_TIMESTAMP, None);
        }
        if !part.is_last() {
            return Flow::Pause;
        }
        let body = match part {
            Part::Headers(_) => Vec::new(),
            Part::Body(len, _) => gateway.body(Message::Request, len),
            Part::Trailers => gateway.body(Message::Request, usize::MAX),
        };
        self.verify(&body, gateway)
    }

    fn verify(&self, body: &[u8], gateway: &dyn Gateway) -> Flow {
        let header = |name| gateway.header(Message::Request, name);
        let (id, timestamp) = (header(ID_HEADER), header(TIMESTAMP_HEADER));
        let signature = header(SIGNATURE_HEADER);
        let (id, timestamp) = (id.as_deref(), timestamp.as_deref());
        let delivery = Delivery::from_parts(id, timestamp, signature.as_deref(), body);
        let counters = &self.shared.counters;
        match verify(&self.shared.config.secrets, &delivery, gateway.now()) {
            Ok(verified) => {
                counters.add("callbacks", "verified", 1, gateway);
                let set = |name, value| gateway.set_header(Message::Request, name, Some(value));
                set(VERIFIED_ID, verified.id);
                set(VERIFIED_TIMESTAMP, &decimal(verified.timestamp.cast_signed()));
                Flow::Continue
            }
            Err(error) => {
                counters.add("callbacks.refused", reason(error), 1, gateway);
                Answer::new(401, error.code(), &error).send(gateway)
            }
        }
    }
}

/// The error's name among the counters.
fn reason(error: Error) -> &'static str {
    match error {
        Error::WebhookUnsigned => "unsigned",
        Error::WebhookHeader { .. } => "header",
        Error::WebhookTime { .. } => "time",
        _ => "signature",
    }
}
