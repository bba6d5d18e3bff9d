//! What a rotation replaces: the credentials and their source.

use crate::{Credentials, Validity, engine::host::CredentialSource, manager::issuer::Issuer};

/// The bit of a [version](Account::version) that is set if the credentials came from files, which
/// may change.
pub(super) const HAS_FILES: u64 = 1;

/// Credentials, ready to mint, and where they came from. Immutable: a rotation replaces all of it.
#[derive(Debug)]
pub(super) struct Account<S> {
    pub(super) issuer: Issuer,
    pub(super) source: S,
    /// How often the credentials were replaced, modulo 2^32.
    pub(super) generation: u32,
}

impl<S: CredentialSource> Account<S> {
    pub(super) fn new(credentials: &Credentials, validity: Validity, source: S) -> Self {
        Self { issuer: Issuer::new(credentials, validity), source, generation: 0 }
    }

    /// The next account, after a rotation.
    pub(super) fn with(&self, issuer: Issuer, source: S) -> Self {
        Self { issuer, source, generation: self.generation.wrapping_add(1) }
    }

    /// The generation, and whether the credentials came from files, in one word.
    pub(super) fn version(&self) -> u64 {
        u64::from(self.generation) << 1 | u64::from(self.source.has_files())
    }

    pub(super) fn generation(&self) -> Generation<S> {
        Generation { source: self.source.clone(), generation: self.generation }
    }
}

/// Which credentials were in use at one moment, to find out later whether they still are.
#[derive(Clone, Debug)]
pub struct Generation<S> {
    /// Where they came from.
    pub source: S,
    pub(super) generation: u32,
}
