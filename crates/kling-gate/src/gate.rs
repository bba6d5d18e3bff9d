//! A running gate: a server on a thread of its own, which stops when the handle is dropped.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;

use crate::config::Config;
use crate::door::Door;
use crate::server;
use crate::verify;

/// A gate that answers until it is dropped.
#[derive(Debug)]
pub struct Gate {
    url: String,
    /// Dropped to stop the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Gate {
    /// Starts a gate; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// If the address is not a loopback address or is not available.
    pub fn start(config: Config) -> io::Result<Self> {
        verify::settle_cryptography();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = bind(&runtime, config.address)?;
        let url = format!("http://{}", listener.local_addr()?);
        let door = Arc::new(Door::new(config));
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("kling-gate".to_owned())
            .spawn(move || run(&runtime, listener, door, stopped))?;
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
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

impl Drop for Gate {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.join();
    }
}

/// Binds to loopback only: the gate's keys are public, and it is not a server for a network.
fn bind(runtime: &Runtime, address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        let refusal = format!("the gate listens on loopback only, not on {address}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, refusal));
    }
    runtime.block_on(TcpListener::bind(address))
}

/// The server's thread. Its runtime ends with it, and every connection with the runtime.
fn run(runtime: &Runtime, listener: TcpListener, door: Arc<Door>, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        tokio::spawn(server::serve(listener, door));
        // The sender is only ever dropped, never used: the error is the signal.
        let _ = stopped.await;
    });
}
