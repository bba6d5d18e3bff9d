//! What is unusual in a value that is accepted.

use crate::Field;

/// What was removed from around a value, or is unusual about it. The value is used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialWarning {
    /// This surrounded the value and was removed.
    Cleaned(Field, &'static str),
    /// The value does not look like Kling's keys; it is used unchanged.
    Shape(Field),
    /// The keys of a pair seem to be swapped; they are used unchanged.
    Swapped,
}
