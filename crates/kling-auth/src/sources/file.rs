//! Small files, read whole, and whether they changed since.

use std::{
    fs::{File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use zeroize::Zeroizing;

use crate::{Error, error::FileFault};

/// More than any file of credentials holds, in bytes. A larger one is something else.
const MAX_LEN: u64 = 64 * 1024;

/// The files that credentials were read from, and what they looked like then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Watch(Vec<(PathBuf, FileVersion)>);

/// What changes when a file is written or another one is moved into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileVersion {
    modified: Option<SystemTime>,
    len: u64,
    /// Device, number and time of change of the file, where the system keeps them: a copy may
    /// have the length and the time of its original.
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

impl Watch {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a file was written, replaced or removed since it was read. Asks the file system.
    pub(super) fn changed(&self) -> bool {
        self.0.iter().any(|(path, stamp)| {
            path.metadata().map_or(true, |metadata| FileVersion::of(&metadata) != *stamp)
        })
    }

    /// Reads a file of text, and remembers what it looks like. What is not UTF-8 in it becomes
    /// replacement characters, which no key has.
    pub(super) fn read(&mut self, path: &Path) -> Result<Zeroizing<String>, Error> {
        self.read_if(path, |_| Ok(()))
    }

    /// Reads a file of text that not every user of the machine may read. Where the system has
    /// no such permissions, nothing is refused.
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
            // Before it is opened: opening a pipe waits for its other end.
            if !path.metadata().map_err(unreadable)?.is_file() {
                return Err(FileFault::NotAFile);
            }
            let file = File::open(path).map_err(unreadable)?;
            let metadata = file.metadata().map_err(unreadable)?;
            check(&metadata)?;
            Ok((text_of(file, metadata.len())?, FileVersion::of(&metadata)))
        };
        let (text, stamp) = read().map_err(|fault| Error::file(path, fault))?;
        self.0.push((path.to_owned(), stamp));
        Ok(text)
    }
}

/// Reads a small file of text that nobody looks at again.
///
/// # Errors
///
/// [`Error::File`] where it cannot be read, or is none of credentials.
pub fn read_once(path: &Path) -> Result<Zeroizing<String>, Error> {
    Watch::default().read(path)
}

#[cfg(unix)]
const READABLE_BY_OTHERS: u32 = 0o004;

fn text_of(file: File, len: u64) -> Result<Zeroizing<String>, FileFault> {
    // Large enough at once: a buffer that grows leaves copies of a secret behind. One byte above
    // the limit tells that there is more.
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

/// Whether a file begins as UTF-16 does: with its byte order mark, or with ASCII in two bytes each.
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

/// Whether there is nothing at a path. Where that cannot be told, there is something: reading it
/// will say why it cannot be read.
pub(super) fn is_absent(path: &Path) -> bool {
    matches!(
        path.metadata().map_err(|error| error.kind()),
        Err(io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    )
}

/// Reads until no file changes meanwhile, so that two keys come from one moment. Thrice at most:
/// what never rests is taken as it is, and looked at again with the next token.
pub(super) fn settled<T>(
    mut read: impl FnMut(&mut Watch) -> Result<T, Error>,
) -> Result<(T, Watch), Error> {
    const TRIES: usize = 3;
    let mut tries = 0;
    loop {
        let mut watch = Watch::default();
        let found = read(&mut watch);
        tries += 1;
        if !watch.changed() || tries == TRIES {
            return found.map(|found| (found, watch));
        }
    }
}
