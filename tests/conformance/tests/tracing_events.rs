//! The same events through `tracing`. By itself: whether an event is wanted is known once per
//! process, and another test's thread may have said no.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use kling_auth::{Credentials, KlingAuth, bindings};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::with_default,
};

/// Records each event: its level, its target and its fields.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut fields = Fields(format!("{} {}", metadata.level(), metadata.target()));
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn events_without_a_listener() {
    let lines = Lines::default();
    with_default(lines.clone(), || {
        let keys = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
        let credentials = Credentials::key_pair(keys.0, keys.1).unwrap();
        let auth = KlingAuth::builder().credentials(credentials).build().unwrap();
        auth.token_at(1_800_000_000);
        bindings::engine(&auth).warn_withheld("https://gateway.example/v1");
    });
    let lines = lines.0.lock().unwrap();
    assert_eq!(
        lines[0],
        "INFO kling_auth message=using the credentials from arguments \
         code=\"INFO_CREDENTIALS_FOUND\"",
    );
    assert!(lines[1].starts_with("DEBUG kling_auth message=minted a token that expires at 2027"));
    assert!(lines[2].starts_with("WARN kling_auth message=https://gateway.example answered 401"));
    assert_eq!(lines.len(), 3);
}
