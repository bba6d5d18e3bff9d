//! Small files, read whole, and whether they changed since.

use std::{
    fs::{File, Metadata},
    io::Read,
    path::{Path, PathBuf},
    time::SystemTime,
};

use zeroize::Zeroizing;

use crate::{Error, error::FileFault};

/// More than any file of credentials holds, in bytes. A larger one is something else.
const MAX_LEN: u64 = 64 * 1024;

/// The files that credentials were read from, and what they looked like then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Watch(Vec<(PathBuf, Stamp)>);

/// What changes when a file is written or another one is moved into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
    /// Another file in its place, where the system numbers files.
    number: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let number = 0;
        Self { modified: metadata.modified().ok(), len: metadata.len(), number }
    }
}

impl Watch {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a file was written, replaced or removed since it was read. Asks the file system.
    pub(super) fn changed(&self) -> bool {
        self.0.iter().any(|(path, stamp)| {
            path.metadata().map_or(true, |metadata| Stamp::of(&metadata) != *stamp)
        })
    }

    /// Reads a file of text, and remembers what it looks like.
    pub(super) fn read(&mut self, path: &Path) -> Result<Zeroizing<String>, Error> {
        let fault = |fault| Error::File(path.to_owned(), fault);
        let unreadable = |error: std::io::Error| fault(FileFault::Unreadable(error.kind()));

        // Before it is opened: opening a pipe waits for its other end.
        if !path.metadata().map_err(unreadable)?.is_file() {
            return Err(fault(FileFault::NoFile));
        }
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        // Large enough at once: a buffer that grows leaves copies of a secret behind. One byte
        // above the limit tells that there is more.
        let capacity = metadata.len().min(MAX_LEN) + 1;
        let mut text =
            Zeroizing::new(String::with_capacity(usize::try_from(capacity).unwrap_or(0)));
        let read = file.take(MAX_LEN + 1).read_to_string(&mut text);
        if text.len() as u64 > MAX_LEN {
            return Err(fault(FileFault::TooLarge));
        }
        read.map_err(unreadable)?;
        self.0.push((path.to_owned(), Stamp::of(&metadata)));
        Ok(text)
    }
}

/// Refuses a file that every user of the machine can read. Where the system has no such
/// permissions, nothing is refused.
pub(super) fn refuse_world_readable(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        const READABLE_BY_OTHERS: u32 = 0o004;
        let mode = path.metadata().map_or(0, |metadata| metadata.permissions().mode());
        if mode & READABLE_BY_OTHERS != 0 {
            return Err(Error::File(path.to_owned(), FileFault::WorldReadable));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
