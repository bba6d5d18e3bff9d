//! Sockets and HTTP: a task a connection, every read bounded in size and in time.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::body::Response;
use crate::door::Door;

/// More than any JSON body of an end-to-end test.
const MAX_BODY: usize = 1024 * 1024;
/// Also how long an idle connection is kept.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// After a failed accept: for want of file descriptors, so at once would fail again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

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

async fn connection(stream: TcpStream, door: Arc<Door>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&door)));
    let served = http1::Builder::new()
        // `Date` is the gate's to say: it follows the skewed clock, or is left out.
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    // An error here is the client's: it broke off, was too slow, or sent no HTTP.
    drop(served);
}

/// Takes the body in before the answer, so that a refused request too leaves the connection
/// fit for the next. One that is too long or too slow ends the connection: Kling is not known
/// to have a code for it, and the gate makes none up.
async fn respond(
    request: Request<Incoming>,
    door: Arc<Door>,
) -> Result<Response, Box<dyn Error + Send + Sync>> {
    let (parts, body) = request.into_parts();
    let body = timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY).collect()).await??;
    let reply = door.answer(&parts, &body.to_bytes());
    if !reply.delay.is_zero() {
        sleep(reply.delay).await;
    }
    Ok(reply.response)
}
