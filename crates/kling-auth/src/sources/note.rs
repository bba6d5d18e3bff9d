//! The core's notes, kept until somebody takes them.

use std::fmt;

/// Something that was mended, or that looks odd. Its text holds no secret.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new(" 0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
/// let notes = auth?.take_notes();
/// assert_eq!(notes[0].code(), "WARN_CLEANED");
/// assert_eq!(
///     notes[0].to_string(),
///     "argument (access key): white space was taken off the value",
/// );
/// # Ok::<_, kling_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    code: &'static str,
    text: String,
}

impl Note {
    /// The stable code: `WARN_` and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<kling_jwt_core::Note<'_>> for Note {
    fn from(note: kling_jwt_core::Note<'_>) -> Self {
        Self { code: note.code(), text: note.to_string() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
