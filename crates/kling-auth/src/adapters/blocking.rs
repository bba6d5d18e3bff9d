//! Runs blocking work, such as reading a file, on a separate thread.
//!
//! A file system that hangs must not block an async executor. This code does not depend on a
//! particular executor, so it cannot use the executor's own threads.

use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, Waker},
    thread,
};

/// The state that the thread and the future share.
struct Shared<T> {
    result: Option<T>,
    waker: Option<Waker>,
}

/// Runs `work` on a new thread and waits for its result. If no thread can be started, it runs here.
///
/// There is no thread pool, because this happens about once a minute.
pub(super) async fn run<T, W>(work: W) -> T
where
    T: Send + 'static,
    W: Fn() -> T + Clone + Send + 'static,
{
    let shared = Arc::new(Mutex::new(Shared { result: None, waker: None }));
    let (thread_shared, thread_work) = (Arc::clone(&shared), work.clone());
    let spawned = thread::Builder::new().name("kling-auth".to_owned()).spawn(move || {
        let result = thread_work();
        let mut shared = thread_shared.lock().unwrap_or_else(PoisonError::into_inner);
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
