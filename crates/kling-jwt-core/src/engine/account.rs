//! What a rotation replaces.

use crate::{Credentials, Validity, engine::host::Source, manager::issuer::Issuer};

/// The bit of a [tag](Account::tag) that says that credentials came from files, which may change.
pub(super) const HAS_FILES: u8 = 1;

/// A credential, ready to mint, and where it came from. It never changes.
#[derive(Debug)]
pub(super) struct Account<S> {
    pub(super) issuer: Issuer,
    pub(super) source: S,
    /// How often the credentials were replaced before.
    pub(super) generation: u32,
}

impl<S: Source> Account<S> {
    pub(super) fn new(credentials: &Credentials, validity: Validity, source: S) -> Self {
        Self { issuer: Issuer::new(credentials, validity), source, generation: 0 }
    }

    /// The account after this one.
    pub(super) fn with(&self, issuer: Issuer, source: S) -> Self {
        Self { issuer, source, generation: self.generation.wrapping_add(1) }
    }

    /// What stands beside the schedule that is of this account: the last bits of its generation, and
    /// whether it has files.
    #[expect(clippy::cast_possible_truncation, reason = "the last bits")]
    pub(super) fn tag(&self) -> u8 {
        let has_files = if self.source.has_files() { HAS_FILES } else { 0 };
        (self.generation << 1) as u8 | has_files
    }

    pub(super) fn held(&self) -> Held<S> {
        Held { source: self.source.clone(), generation: self.generation }
    }
}

/// Which credentials were held at one moment, to tell later whether they still are.
#[derive(Clone, Debug)]
pub struct Held<S> {
    /// Where they came from.
    pub source: S,
    pub(super) generation: u32,
}
