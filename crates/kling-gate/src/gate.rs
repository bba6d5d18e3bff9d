//! A running gate: a server on a thread of its own, which stops when the handle is dropped.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;

use crate::accounts::Account;
use crate::callbacks::{Callback, SentCallback};
use crate::config::Config;
use crate::door::Door;
use crate::log::Received;
use crate::server;
use crate::task::TaskSettings;
use crate::tasks::Limits;

/// A gate that answers until it is dropped.
///
/// ```
/// use std::time::Duration;
///
/// use kling_gate::{Gate, TaskSettings};
///
/// let gate = Gate::start(Default::default())?;
/// gate.set_tasks(TaskSettings { seconds: 600, ..TaskSettings::default() });
/// gate.refuse(1303, 1)?; // the next request
/// // … the program under test sends requests to gate.url() …
/// gate.advance(Duration::from_secs(600));
/// assert!(gate.requests().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Gate {
    url: String,
    door: Arc<Door>,
    /// Dropped to stop the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A gate cannot do what a test asks for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(String);

impl Gate {
    /// Starts a gate; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// If the address is not a loopback address or is not available, or no region has the name.
    pub fn start(config: Config) -> io::Result<Self> {
        config.accounts.check_region(config.region.as_deref()).map_err(invalid_input)?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = bind(&runtime, config.address)?;
        let authority = listener.local_addr()?.to_string();
        let door = Arc::new(Door::new(config, &authority));
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&door);
        let thread = thread::Builder::new()
            .name("kling-gate".to_owned())
            .spawn(move || run(&runtime, listener, shared, stopped))?;
        let url = format!("http://{authority}");
        Ok(Self { url, door, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The account that the gate knows: the demo account, until it is [rotated](Self::rotate). The
    /// accounts of a [`Config`] are not shown.
    pub fn account(&self) -> Account {
        self.door.account()
    }

    /// Refuses the next `times` requests with a code of Kling's table, with its HTTP status and
    /// message.
    ///
    /// # Errors
    ///
    /// A code that is not in the table, or more than 10,000 times.
    pub fn refuse(&self, code: u16, times: usize) -> Result<(), Refused> {
        self.door.refuse(code, times, None).map_err(Refused)
    }

    /// Gives the next request this answer: JSON in the form that `kling-gate --help` names.
    ///
    /// # Errors
    ///
    /// A field that no answer has, or a value that the field cannot have.
    pub fn answer(&self, answer: Value) -> Result<(), Refused> {
        self.door.script.append(vec![answer]).map_err(Refused)
    }

    /// Sets by how many seconds the server's clock is ahead of the client's.
    pub fn set_skew(&self, seconds: i64) {
        self.door.clocks.set_skew(seconds);
    }

    /// Moves the gate's time on. Tasks proceed by it, and tokens expire.
    pub fn advance(&self, time: Duration) {
        self.door.clocks.advance(time);
        self.door.progress.notify_one();
    }

    /// Acts as the host of a region, such as `beijing`: the demo account is of the region
    /// `singapore`. `None`: as a host that knows every account.
    ///
    /// # Errors
    ///
    /// A name that is neither a region of Kling's nor of an account.
    pub fn set_region(&self, region: Option<&str>) -> Result<(), Refused> {
        self.door.set_region(region.map(str::to_owned)).map_err(Refused)
    }

    /// Delays each answer by this time, of the machine's clock.
    pub fn set_slow(&self, delay: Duration) {
        self.door.set_slow(delay);
    }

    /// Sets how new tasks proceed.
    pub fn set_tasks(&self, settings: TaskSettings) {
        self.door.tasks.set_settings(settings);
    }

    /// Limits the tasks of the account.
    pub fn set_limits(&self, limits: Limits) {
        self.door.tasks.set_limits(limits);
    }

    /// Makes new keys, and refuses the earlier ones from now on, as an unknown account.
    pub fn rotate(&self) -> Account {
        self.door.rotate()
    }

    /// The latest 10,000 requests, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.door.log.list()
    }

    /// A callback about the present state of a task, by default the newest one, signed now with
    /// [`DEMO_WEBHOOK_SECRET`](crate::DEMO_WEBHOOK_SECRET). It is not sent.
    ///
    /// # Errors
    ///
    /// If there is no such task.
    pub fn callback(&self, task_id: Option<&str>) -> Result<Callback, Refused> {
        self.door.callback(task_id).map_err(|reason| Refused(reason.to_owned()))
    }

    /// The callbacks that the gate sent to the `callback_url` of a task when it had ended.
    pub fn callbacks(&self) -> Vec<SentCallback> {
        self.door.callbacks.list()
    }

    /// Blocks for as long as the server runs.
    pub fn wait(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the thread is already on stderr.
            let _ = thread.join();
        }
    }
}

/// Without the keys.
impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("url", &self.url).finish_non_exhaustive()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Refused {}

impl Drop for Gate {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.join();
    }
}

/// Binds to loopback only: the gate's keys are public, and it is not a server for a network.
fn bind(runtime: &Runtime, address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        return Err(invalid_input(format!("the gate listens on loopback only, not on {address}")));
    }
    runtime.block_on(TcpListener::bind(address))
}

fn invalid_input(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

/// The server's thread. Its runtime ends with it, and every connection with the runtime.
fn run(runtime: &Runtime, listener: TcpListener, door: Arc<Door>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        tokio::spawn(server::report(Arc::clone(&door)));
        tokio::spawn(server::serve(listener, door));
        // The sender is only ever dropped, never used: the error is the signal.
        let _ = stopped.await;
    });
}
