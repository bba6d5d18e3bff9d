//! Reads small files, and finds out later whether they changed.

use std::{
    fs::{File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use zeroize::Zeroizing;

use crate::{Error, error::FileFault};

/// The size of a file in bytes above which it cannot be a file of credentials.
const MAX_LEN: u64 = 64 * 1024;

/// Files that were read, each with the version that it had then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TrackedFiles(Vec<(PathBuf, FileVersion)>);

/// Metadata that differs after a file was written, or replaced by another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileVersion {
    modified: Option<SystemTime>,
    len: u64,
    /// On Unix: device, inode and time of the last status change. A copy can have the same length
    /// and modification time as its original, but not these.
    identity: [i128; 4],
}

impl FileVersion {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let identity = {
            use std::os::unix::fs::MetadataExt;
            [
                metadata.dev().into(),
                metadata.ino().into(),
                metadata.ctime().into(),
                metadata.ctime_nsec().into(),
            ]
        };
        #[cfg(not(unix))]
        let identity = [0; 4];
        Self { modified: metadata.modified().ok(), len: metadata.len(), identity }
    }
}

impl TrackedFiles {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a file was written, replaced or removed since it was read.
    pub(super) fn changed(&self) -> bool {
        self.0.iter().any(|(path, version)| {
            path.metadata().map_or(true, |metadata| FileVersion::of(&metadata) != *version)
        })
    }

    /// Reads a text file and records its version. Invalid UTF-8 becomes replacement characters,
    /// which no key contains.
    pub(super) fn read(&mut self, path: &Path) -> Result<Zeroizing<String>, Error> {
        self.read_if(path, |_| Ok(()))
    }

    /// [`read`](Self::read)s a file, unless every user of the machine can read it. Permissions are
    /// checked on Unix only.
    pub(super) fn read_private(&mut self, path: &Path) -> Result<Zeroizing<String>, Error> {
        self.read_if(path, |metadata| {
            #[cfg(unix)]
            if std::os::unix::fs::MetadataExt::mode(metadata) & READABLE_BY_OTHERS != 0 {
                return Err(FileFault::WorldReadable);
            }
            #[cfg(not(unix))]
            let _ = metadata;
            Ok(())
        })
    }

    fn read_if(
        &mut self,
        path: &Path,
        check: impl Fn(&Metadata) -> Result<(), FileFault>,
    ) -> Result<Zeroizing<String>, Error> {
        let read = || {
            let unreadable = |error: io::Error| FileFault::Unreadable(error.kind());
            // Checked before opening, because opening a pipe blocks until somebody writes to it.
            if !path.metadata().map_err(unreadable)?.is_file() {
                return Err(FileFault::NotAFile);
            }
            let file = File::open(path).map_err(unreadable)?;
            let metadata = file.metadata().map_err(unreadable)?;
            check(&metadata)?;
            Ok((text_of(file, metadata.len())?, FileVersion::of(&metadata)))
        };
        let (text, version) = read().map_err(|fault| Error::file(path, fault))?;
        self.0.push((path.to_owned(), version));
        Ok(text)
    }
}

/// Reads a small text file once, without recording its version.
///
/// # Errors
///
/// [`Error::File`] if it cannot be read, is larger than 64 KiB, or is encoded in UTF-16.
pub fn read_once(path: &Path) -> Result<Zeroizing<String>, Error> {
    TrackedFiles::default().read(path)
}

#[cfg(unix)]
const READABLE_BY_OTHERS: u32 = 0o004;

fn text_of(file: File, len: u64) -> Result<Zeroizing<String>, FileFault> {
    // Allocated once, because a buffer that grows leaves copies of a secret in memory. One byte
    // more than the limit shows that the file is too large.
    let capacity = usize::try_from(len.min(MAX_LEN) + 1).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    let read = file.take(MAX_LEN + 1).read_to_end(&mut bytes);
    read.map_err(|error| FileFault::Unreadable(error.kind()))?;
    if bytes.len() as u64 > MAX_LEN {
        return Err(FileFault::TooLarge);
    }
    if is_utf16(&bytes) {
        return Err(FileFault::Utf16);
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Whether a file begins like UTF-16: with a byte order mark, or with two-byte ASCII.
fn is_utf16(bytes: &[u8]) -> bool {
    let is_ascii = |byte: u8| byte != 0 && byte.is_ascii();
    match *bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, 0, second, 0, ..] | [0, first, 0, second, ..] => {
            is_ascii(first) && is_ascii(second)
        }
        _ => false,
    }
}

/// Whether there is no file at this path. If that cannot be determined, the answer is no, so that
/// reading the file returns the error.
pub(super) fn is_absent(path: &Path) -> bool {
    matches!(
        path.metadata().map_err(|error| error.kind()),
        Err(io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    )
}

/// Repeats `read` until no file changes while it is read, so that both keys are from the same
/// version of the files.
///
/// After 3 attempts the last result is used. The next file check then finds the change.
pub(super) fn read_consistently<T>(
    mut read: impl FnMut(&mut TrackedFiles) -> Result<T, Error>,
) -> Result<(T, TrackedFiles), Error> {
    const MAX_ATTEMPTS: usize = 3;
    let mut attempts = 0;
    loop {
        let mut files = TrackedFiles::default();
        let result = read(&mut files);
        attempts += 1;
        if !files.changed() || attempts == MAX_ATTEMPTS {
            return result.map(|value| (value, files));
        }
    }
}
