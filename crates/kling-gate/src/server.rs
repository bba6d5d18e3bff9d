//! Sockets and HTTP: one task per connection; every read is bounded in size and time.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::body::Response;
use crate::door::Door;
use crate::route;
use crate::tasks::Ended;

/// Two pictures of Kling's maximum, 10 MB each, in Base64, and the rest of the body.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// Also how long an idle connection is kept.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a failed accept. The usual reason is a lack of file descriptors, so an immediate
/// retry would fail again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How many callbacks are on their way at once: each needs a file descriptor.
const MAX_CALLBACKS: usize = 100;
/// The shortest wait for the end of a task: its clock has whole seconds.
const TICK: Duration = Duration::from_millis(100);

/// Serves until it is dropped.
pub(crate) async fn serve(listener: TcpListener, door: Arc<Door>) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, Arc::clone(&door)));
            }
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Sends the callbacks of tasks that have ended, until it is dropped.
pub(crate) async fn report(door: Arc<Door>) -> Infallible {
    let places = Arc::new(Semaphore::new(MAX_CALLBACKS));
    loop {
        // Before the task is taken, so that its callback is signed when it is sent.
        let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
        let now = door.moment();
        if let Some(Ended { task_id, url }) = door.tasks.next_ended(now) {
            if let Ok(callback) = door.callback(Some(&task_id)) {
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    door.callbacks.send(url, callback).await;
                    drop(place);
                });
            }
            continue;
        }
        drop(place);
        match door.tasks.next_end(now) {
            Some(wait) => drop(timeout(wait.max(TICK), door.progress.notified()).await),
            None => door.progress.notified().await,
        }
    }
}

async fn connection(stream: TcpStream, door: Arc<Door>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&door)));
    let served = http1::Builder::new()
        // The gate sets `Date` itself: it follows the skewed clock, or is left out.
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // An error here is the client's: it disconnected, was too slow, or did not send HTTP.
    drop(served);
}

/// Reads the body before the answer, so that the connection can be reused even after a refused
/// request. A client that is cut off in its body would not see an answer.
async fn respond(
    request: Request<Incoming>,
    door: Arc<Door>,
) -> Result<Response, Box<dyn Error + Send + Sync>> {
    let (parts, body) = request.into_parts();
    let Ok(body) = timeout(BODY_TIMEOUT, read(body)).await else {
        let reason = format!("the body did not arrive within {} seconds", BODY_TIMEOUT.as_secs());
        return Ok(door.unread(&parts, StatusCode::REQUEST_TIMEOUT, &reason));
    };
    let Some(body) = body? else {
        let reason = format!("the stand-in reads at most {MAX_BODY} bytes");
        return Ok(door.unread(&parts, StatusCode::PAYLOAD_TOO_LARGE, &reason));
    };
    let reply = route::answer(&door, &parts, &body);
    if !reply.delay.is_zero() {
        sleep(reply.delay).await;
    }
    Ok(reply.response)
}

/// The body; `None` if it is too long. Then the rest is read, and discarded.
async fn read(mut body: Incoming) -> Result<Option<Bytes>, Box<dyn Error + Send + Sync>> {
    match Limited::new(&mut body, MAX_BODY).collect().await {
        Ok(collected) => return Ok(Some(collected.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => {}
        Err(error) => return Err(error),
    }
    while let Some(frame) = body.frame().await {
        frame?;
    }
    Ok(None)
}
