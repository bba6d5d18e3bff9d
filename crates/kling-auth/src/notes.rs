//! What there is to tell: kept until somebody takes it, or told to a listener at once.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use kling_jwt_core::{Level, Note as CoreNote};

use crate::{Builder, KlingAuth, sources::Note};

/// How many warnings are kept for somebody to take.
const MAX_KEPT: usize = 32;

/// What a [`Builder`] may be given to hear of what happens.
pub type Listener = fn(Note);

#[derive(Debug)]
pub(crate) struct Notes {
    listener: Option<Listener>,
    /// None while there is nothing to tell: that is for nearly all, and always.
    kept: ArcSwapOption<Vec<Note>>,
}

impl Notes {
    pub(crate) fn new(listener: Option<Listener>) -> Self {
        Self { listener, kept: ArcSwapOption::from_pointee(None) }
    }

    /// Tells of something, if anybody wants to hear of it: a text is made only then.
    pub(crate) fn tell(&self, note: &CoreNote<'_>) {
        let is_heard = self.listener.is_some() || cfg!(feature = "tracing");
        if is_heard || note.level() == Level::Warning {
            self.keep(vec![note.into()]);
        }
    }

    /// Tells a listener of notes, or keeps the warnings among them until they are taken, each once.
    /// Those that nobody takes do not pile up.
    pub(crate) fn keep(&self, notes: Vec<Note>) {
        #[cfg(feature = "tracing")]
        notes.iter().for_each(Note::trace);
        if let Some(listener) = self.listener {
            return notes.into_iter().for_each(listener);
        }
        let notes: Vec<_> =
            notes.into_iter().filter(|note| note.level() == Level::Warning).collect();
        if notes.is_empty() {
            return;
        }
        self.kept.rcu(|held| {
            let held = held.as_deref().map_or(&[][..], Vec::as_slice);
            let is_new = |note: &&Note| !held.contains(note);
            let room = MAX_KEPT.saturating_sub(held.len());
            let new: Vec<_> = notes.iter().filter(is_new).take(room).cloned().collect();
            Some(Arc::new([held, &new].concat()))
        });
    }

    fn take(&self) -> Vec<Note> {
        if self.kept.load().is_none() {
            return Vec::new();
        }
        self.kept.swap(None).map(Arc::unwrap_or_clone).unwrap_or_default()
    }
}

impl KlingAuth {
    /// The warnings since this was last called: what was taken off a value, what looks odd, a file
    /// that changed and could not be used. None where a [listener](Builder::listener) hears them.
    pub fn take_notes(&self) -> Vec<Note> {
        self.notes.take()
    }
}

impl Builder {
    /// A function that hears of what happens, at once and on the thread where it happens:
    /// warnings, credentials found or replaced, the clock corrected, a request that is repeated, a
    /// token minted. No text holds a secret. With the feature `tracing`, all of it goes to
    /// `tracing` too.
    ///
    /// A token that [`refresh`](KlingAuth::refresh) mints is not told of: its caller knows.
    ///
    /// ```
    /// use kling_auth::{Credentials, KlingAuth};
    ///
    /// let auth = KlingAuth::builder()
    ///     .credentials(Credentials::key_pair("access-key", "secret-key")?)
    ///     .listener(|note| eprintln!("{}: {note}", note.code()))
    ///     .build()?; // INFO_CREDENTIALS_FOUND: using the credentials from arguments
    /// auth.token(); // DEBUG_TOKEN_MINTED: minted a token that expires at …
    /// # Ok::<_, kling_auth::Error>(())
    /// ```
    #[must_use]
    pub fn listener(mut self, listener: Listener) -> Self {
        self.listener = Some(listener);
        self
    }
}
