//! Work that may wait for a file, on a thread of its own: a file system that hangs must not stop an
//! executor, and no executor is assumed here.

use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, Waker},
    thread,
};

/// What the thread and the future share.
struct Shared<T> {
    result: Option<T>,
    waker: Option<Waker>,
}

/// Runs work on a new thread and waits for its result. Files are read once a minute at most, so a pool
/// would stand idle. Without a thread to be had, the work runs here.
pub(super) async fn run<T, W>(work: W) -> T
where
    T: Send + 'static,
    W: Fn() -> T + Clone + Send + 'static,
{
    let shared = Arc::new(Mutex::new(Shared { result: None, waker: None }));
    let (there, inner) = (Arc::clone(&shared), work.clone());
    let spawned = thread::Builder::new().name("kling-auth".to_owned()).spawn(move || {
        let result = inner();
        let mut shared = there.lock().unwrap_or_else(PoisonError::into_inner);
        shared.result = Some(result);
        if let Some(waker) = shared.waker.take() {
            waker.wake();
        }
    });
    if spawned.is_err() {
        return work();
    }
    std::future::poll_fn(move |context| {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = shared.result.take() {
            return Poll::Ready(result);
        }
        shared.waker = Some(context.waker().clone());
        Poll::Pending
    })
    .await
}
