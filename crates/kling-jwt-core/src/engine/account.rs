//! What a rotation replaces.

use crate::{Credentials, Validity, engine::host::CredentialSource, manager::issuer::Issuer};

/// The bit of a [version](Account::version) that says that credentials came from files, which may
/// change.
pub(super) const HAS_FILES: u64 = 1;

/// A credential, ready to mint, and where it came from. It never changes.
#[derive(Debug)]
pub(super) struct Account<S> {
    pub(super) issuer: Issuer,
    pub(super) source: S,
    /// How often the credentials were replaced before.
    pub(super) generation: u32,
}

impl<S: CredentialSource> Account<S> {
    pub(super) fn new(credentials: &Credentials, validity: Validity, source: S) -> Self {
        Self { issuer: Issuer::new(credentials, validity), source, generation: 0 }
    }

    /// The account after this one.
    pub(super) fn with(&self, issuer: Issuer, source: S) -> Self {
        Self { issuer, source, generation: self.generation.wrapping_add(1) }
    }

    /// Which account it is, in a word: its generation, and whether it has files.
    pub(super) fn version(&self) -> u64 {
        u64::from(self.generation) << 1 | u64::from(self.source.has_files())
    }

    pub(super) fn generation(&self) -> Generation<S> {
        Generation { source: self.source.clone(), generation: self.generation }
    }
}

/// Which credentials were in use at one moment, to tell later whether they still are.
#[derive(Clone, Debug)]
pub struct Generation<S> {
    /// Where they came from.
    pub source: S,
    pub(super) generation: u32,
}
