//! What the gateway counts: `kling_auth.…`, which Envoy shows as `wasmcustom.kling_auth.…`.

use alloc::{string::String, vec::Vec};
use core::cell::RefCell;

use kling_jwt_core::engine::Event;

use crate::gateway::{Gateway, text};

/// Counters by name, and their numbers. Envoy adds up those of all workers.
#[derive(Default)]
pub(crate) struct Counters(RefCell<Vec<(String, u32)>>);

impl Counters {
    /// Counts events, and writes them to the log.
    pub(crate) fn add_events(&self, events: &[Event], gateway: &dyn Gateway) {
        for event in events {
            if event.code() == "INFO_CLOCK_CORRECTED" {
                self.add("corrected", "", 1, gateway);
            }
            let line = ["kling-auth: ", &text(event), " (", event.code(), ")"].concat();
            gateway.log(event.level().into(), &line);
        }
    }

    /// Adds to the counter `kind.name`. With 0, it is shown before anything happened.
    pub(crate) fn add(&self, kind: &str, name: &str, by: u64, gateway: &dyn Gateway) {
        let dot = if name.is_empty() { "" } else { "." };
        let full_name = ["kling_auth.", kind, dot, name].concat();
        let mut counters = self.0.borrow_mut();
        let known = counters.iter().find_map(|(known, id)| (*known == full_name).then_some(*id));
        let counter = known.or_else(|| {
            let counter = gateway.define_counter(&full_name)?;
            counters.push((full_name, counter));
            Some(counter)
        });
        if let Some(counter) = counter {
            gateway.count(counter, by);
        }
    }
}
