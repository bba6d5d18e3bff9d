//! The core's notes, kept until somebody takes them.

use std::fmt;

use kling_jwt_core::Level;

/// Something that was mended, that looks odd, or that happened. Its text holds no secret.
///
/// ```
/// use kling_auth::KlingAuth;
///
/// let auth = KlingAuth::new(" 0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
/// let notes = auth?.take_notes();
/// assert_eq!(notes[0].code(), "WARN_CLEANED");
/// assert_eq!(
///     notes[0].to_string(),
///     "access key: removed white space around the value",
/// );
/// # Ok::<_, kling_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    code: &'static str,
    level: Level,
    text: String,
}

impl Note {
    /// The stable code: its level and upper case, the same in all languages.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// How much it matters to whoever reads a log.
    pub fn level(&self) -> Level {
        self.level
    }
}

#[cfg(feature = "tracing")]
impl Note {
    /// Passes it on to `tracing`, whose levels are constants.
    pub(crate) fn trace(&self) {
        let Self { code, level, text } = self;
        match level {
            Level::Debug => tracing::debug!(target: "kling_auth", code, "{text}"),
            Level::Info => tracing::info!(target: "kling_auth", code, "{text}"),
            _ => tracing::warn!(target: "kling_auth", code, "{text}"),
        }
    }
}

impl From<kling_jwt_core::Note<'_>> for Note {
    fn from(note: kling_jwt_core::Note<'_>) -> Self {
        Self::from(&note)
    }
}

impl From<&kling_jwt_core::Note<'_>> for Note {
    fn from(note: &kling_jwt_core::Note<'_>) -> Self {
        Self { code: note.code(), level: note.level(), text: note.to_string() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
