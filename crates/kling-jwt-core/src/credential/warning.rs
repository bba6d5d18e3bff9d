//! What is worth a warning in a value that is taken all the same.

use crate::Field;

/// What was taken off a value, or looks odd about it: worth a warning, and no refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialWarning {
    /// This stood around the value and was taken off.
    Cleaned(Field, &'static str),
    /// The value does not look like those that Kling gives out; it is used as it is.
    Shape(Field),
    /// The keys of a pair look swapped; they are used as they are.
    Swapped,
}
