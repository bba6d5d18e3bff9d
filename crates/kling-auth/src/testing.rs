//! Test your code without Kling: a local stand-in, its account, and a clock that a test moves.
//! Feature `testing`.
//!
//! ```
//! use std::time::Duration;
//!
//! use kling_auth::testing::KlingGate;
//!
//! let gate = KlingGate::start()?;
//! let auth = gate.auth(); // for the program under test
//! let first = auth.token();
//! gate.clock().advance(Duration::from_secs(1501)); // 299 seconds before it expires
//! assert_ne!(auth.token().as_str(), first.as_str());
//! # Ok::<_, std::io::Error>(())
//! ```
//!
//! [`KlingGate`] has the methods of [`Gate`]: refusals, skew, regions, tasks, and a record of what
//! arrived. A program that finds its credentials itself gets them by [`KlingGate::environment`].

use std::{
    collections::BTreeMap,
    fmt, fs, io, mem,
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub use kling_gate::{
    Account, Callback, DEMO_WEBHOOK_SECRET, Gate, Limits, Received, Refused, SentCallback,
    TaskSettings,
};

use crate::{
    KlingAuth, KlingAuthBuilder,
    sources::{Environment, Explicit, resolve},
    unix_now,
};

/// The directory of each scheme's file.
const PAIR: &str = "jwt";
const API_KEY: &str = "api_key";

/// A running stand-in for Kling's API. It stops when it is dropped.
#[derive(Debug)]
pub struct KlingGate {
    gate: Arc<Gate>,
    clock: GateClock,
    files: CredentialFiles,
}

/// Each scheme's credentials in a `.env` of its own, so that a program reads new keys after a
/// rotation as it does in production.
#[derive(Debug)]
struct CredentialFiles {
    directory: PathBuf,
}

/// The time of the program under test and of the stand-in: the real time, and what a test has moved.
#[derive(Clone)]
pub struct GateClock {
    /// A program keeps its clock; the stand-in stops all the same.
    gate: Weak<Gate>,
    moved: Arc<Mutex<Moved>>,
}

#[derive(Default)]
struct Moved {
    by: Duration,
    /// What happens when, in the order of the time.
    events: BTreeMap<Duration, Vec<Event>>,
}

type Event = Box<dyn FnOnce() + Send>;

impl KlingGate {
    /// Starts a stand-in; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// If no port is available on loopback, no thread, or no temporary directory.
    pub fn start() -> io::Result<Self> {
        let gate = Arc::new(Gate::start(kling_gate::Config::default())?);
        let clock = GateClock { gate: Arc::downgrade(&gate), moved: Arc::default() };
        let files = CredentialFiles::create()?;
        files.write(&gate.account())?;
        Ok(Self { gate, clock, files })
    }

    /// A `KlingAuth` with the account's key pair, for the program under test. It reads new keys by
    /// itself after a [rotation](Self::rotate).
    pub fn auth(&self) -> KlingAuth {
        self.build(PAIR)
    }

    /// A `KlingAuth` with the account's API key. It reads a new one by itself after a
    /// [rotation](Self::rotate).
    pub fn auth_with_api_key(&self) -> KlingAuth {
        self.build(API_KEY)
    }

    /// Makes new keys, and refuses the earlier ones from now on, as an unknown account.
    ///
    /// # Errors
    ///
    /// If the new keys cannot be written for [`auth`](Self::auth).
    pub fn rotate(&self) -> io::Result<Account> {
        let account = self.gate.rotate();
        self.files.write(&account)?;
        Ok(account)
    }

    /// A builder with the stand-in's base URL and clock, for other settings or credentials.
    pub fn builder(&self) -> KlingAuthBuilder {
        let clock = self.clock.clone();
        KlingAuth::builder().base_url(self.url()).clock(move || clock.now())
    }

    /// Environment variables for a program that finds its credentials itself:
    /// `Command::new(…).envs(gate.environment())`.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        let Account { access_key, secret_key, .. } = self.account();
        [
            ("KLING_API_BASE", self.url().to_owned()),
            ("KLING_ACCESS_KEY", access_key),
            ("KLING_SECRET_KEY", secret_key),
            ("KLING_WEBHOOK_SECRET", DEMO_WEBHOOK_SECRET.to_owned()),
        ]
    }

    /// Moves the time on, for the program under test as well: the clock's
    /// [`advance`](GateClock::advance).
    pub fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// The time of the program under test.
    pub const fn clock(&self) -> &GateClock {
        &self.clock
    }

    fn build(&self, scheme: &str) -> KlingAuth {
        let directory = self.files.directory.join(scheme);
        let environment = Environment::new(&|_| None, &directory);
        let resolved = resolve(Explicit::default(), environment);
        let builder = self.builder().resolved(resolved.expect("the account's file is valid"));
        builder.build().expect("the settings are valid")
    }
}

impl CredentialFiles {
    fn create() -> io::Result<Self> {
        let files = Self { directory: new_directory()? };
        for scheme in [PAIR, API_KEY] {
            fs::create_dir(files.directory.join(scheme))?;
        }
        Ok(files)
    }

    fn write(&self, account: &Account) -> io::Result<()> {
        let Account { access_key, secret_key, api_key } = account;
        let pair = format!("KLING_ACCESS_KEY={access_key}\nKLING_SECRET_KEY={secret_key}\n");
        self.replace(PAIR, &pair)?;
        self.replace(API_KEY, &format!("KLING_API_KEY={api_key}\n"))
    }

    /// At once: a program on another thread may be reading the file.
    fn replace(&self, scheme: &str, text: &str) -> io::Result<()> {
        let directory = self.directory.join(scheme);
        let new = directory.join("new");
        fs::write(&new, text)?;
        fs::rename(new, directory.join(".env"))
    }
}

/// A directory that was not there before: what is there may be another user's.
fn new_directory() -> io::Result<PathBuf> {
    static SERIAL: AtomicU64 = AtomicU64::new(0);
    loop {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let name = format!("kling-gate-{}-{serial}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        match fs::create_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| directory),
        }
    }
}

impl Drop for CredentialFiles {
    fn drop(&mut self) {
        // What is left is in the temporary directory, and public.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

impl Deref for KlingGate {
    type Target = Gate;

    fn deref(&self) -> &Gate {
        &self.gate
    }
}

impl GateClock {
    /// The time of the program under test, in Unix seconds.
    pub fn now(&self) -> u64 {
        unix_now().saturating_add(self.moved().by.as_secs())
    }

    /// Moves the time on. Give it to the program in the place of `thread::sleep`.
    pub fn advance(&self, time: Duration) {
        let until = self.moved().by.saturating_add(time);
        while let Some((moment, events)) = self.next_events(until) {
            self.move_to(moment);
            // Without the lock: an event may move the time, too.
            for event in events {
                event();
            }
        }
        self.move_to(until);
    }

    /// Calls a function when the time has been moved on by so much from now: to rotate the keys while
    /// the program polls, for example.
    pub fn at(&self, time: Duration, event: impl FnOnce() + Send + 'static) {
        let mut moved = self.moved();
        let moment = moved.by.saturating_add(time);
        moved.events.entry(moment).or_default().push(Box::new(event));
    }

    fn next_events(&self, until: Duration) -> Option<(Duration, Vec<Event>)> {
        let mut moved = self.moved();
        let next = moved.events.first_entry().filter(|next| *next.key() <= until)?;
        Some(next.remove_entry())
    }

    /// Does not move back, if an event or another thread has moved the time further.
    fn move_to(&self, moment: Duration) {
        let mut moved = self.moved();
        let by = moved.by.max(moment);
        let step = by.saturating_sub(mem::replace(&mut moved.by, by));
        if let Some(gate) = self.gate.upgrade() {
            gate.advance(step);
        }
    }

    fn moved(&self) -> MutexGuard<'_, Moved> {
        // The state is consistent even after a panic.
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for GateClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateClock").field("now", &self.now()).finish_non_exhaustive()
    }
}
