//! The configurations and the requests of one worker.

use alloc::{rc::Rc, vec::Vec};

use crate::{
    callback::{self, Callback},
    config::Config,
    counters::Counters,
    environment::Variables,
    gateway::{Flow, Gateway, LogLevel, Message, Part, text},
    outgoing::{self, Attempt},
};

/// Configurations and requests, by the numbers that the gateway gives them.
///
/// The numbers grow, so a new one goes to the end of a sorted list. A map would need 9 KB of code.
pub(crate) struct Filters {
    all: Vec<(u32, Filter)>,
    /// `None` before the first configuration.
    counters: Option<Rc<Counters>>,
}

enum Filter {
    /// A configuration.
    Root(Root),
    /// A request.
    Stream(Stream),
}

enum Root {
    Outgoing(Rc<outgoing::Shared>),
    Callback(Rc<callback::Shared>),
}

enum Stream {
    Outgoing(Attempt),
    Callback(Callback),
}

impl Filters {
    pub(crate) const fn new() -> Self {
        Self { all: Vec::new(), counters: None }
    }

    /// Starts to use a configuration; returns false if it is refused. Envoy then keeps the one
    /// before. A request that is under way keeps its own.
    pub(crate) fn configure(
        &mut self,
        root: u32,
        configuration: &[u8],
        variables: &Variables,
        gateway: &dyn Gateway,
    ) -> bool {
        match Config::parse(configuration, variables) {
            Ok(config) => {
                let counters = Rc::clone(self.counters.get_or_insert_default());
                self.insert(root, Filter::Root(Root::new(config, counters, gateway)));
                true
            }
            Err(refused) => {
                gateway.log(LogLevel::Error, &text(&refused));
                false
            }
        }
    }

    /// Begins a request of a configuration.
    pub(crate) fn begin(&mut self, stream: u32, root: u32) {
        let new = match self.get(root) {
            Some(Filter::Root(Root::Outgoing(shared))) => {
                Stream::Outgoing(Attempt::new(Rc::clone(shared)))
            }
            Some(Filter::Root(Root::Callback(shared))) => {
                Stream::Callback(Callback::new(Rc::clone(shared)))
            }
            _ => return,
        };
        self.insert(stream, Filter::Stream(new));
    }

    /// Handles a part of a message.
    pub(crate) fn handle(
        &mut self,
        stream: u32,
        message: Message,
        part: Part,
        gateway: &dyn Gateway,
    ) -> Flow {
        match (self.get(stream), message) {
            (Some(Filter::Stream(Stream::Outgoing(attempt))), Message::Request) => {
                attempt.request(part, gateway)
            }
            (Some(Filter::Stream(Stream::Outgoing(attempt))), Message::Response) => {
                attempt.response(part, gateway)
            }
            (Some(Filter::Stream(Stream::Callback(callback))), Message::Request) => {
                callback.request(part, gateway)
            }
            (_, Message::Response) => Flow::Continue,
            // Nothing is passed on that no configuration signs or verifies.
            (_, Message::Request | Message::RequestTrailers) => Flow::Pause,
        }
    }

    /// Ends a request or a configuration.
    pub(crate) fn end(&mut self, context: u32) {
        if let Ok(index) = self.position(context) {
            self.all.remove(index);
        }
    }

    fn position(&self, context: u32) -> Result<usize, usize> {
        self.all.binary_search_by_key(&context, |(context, _)| *context)
    }

    fn get(&mut self, context: u32) -> Option<&mut Filter> {
        let index = self.position(context).ok()?;
        self.all.get_mut(index).map(|(_, filter)| filter)
    }

    fn insert(&mut self, context: u32, filter: Filter) {
        match self.position(context) {
            Ok(index) => self.all[index].1 = filter,
            Err(index) => self.all.insert(index, (context, filter)),
        }
    }
}

impl Root {
    fn new(config: Config, counters: Rc<Counters>, gateway: &dyn Gateway) -> Self {
        match config {
            Config::Outgoing(config) => {
                counters.add("minted", "", 0, gateway);
                counters.add("corrected", "", 0, gateway);
                counters.add_events(&config.warnings, gateway);
                Self::Outgoing(Rc::new(outgoing::Shared::new(config, counters)))
            }
            Config::Callback(config) => {
                counters.add("callbacks", "verified", 0, gateway);
                Self::Callback(Rc::new(callback::Shared { config, counters }))
            }
        }
    }
}
