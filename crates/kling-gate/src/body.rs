//! The body of an answer, which may be late or incomplete.
//!
//! Tests of timeouts need an answer whose body arrives after its head, and one whose body is
//! shorter than its `Content-Length`.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{self, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

pub(crate) type Response = hyper::Response<Body>;

/// Between the last byte of a cut body and the end of the connection. On a body's error hyper
/// discards what it has not sent, so it gets the time to send it.
const FLUSH: Duration = Duration::from_millis(100);

/// Bytes of a known length, sent completely and at once by default.
pub(crate) struct Body {
    steps: VecDeque<Step>,
    /// The rest of the promised length.
    remaining: usize,
    pausing: Option<Pin<Box<Sleep>>>,
}

enum Step {
    /// Starts when the body is polled, which is after the head is sent.
    Pause(Duration),
    Send(Bytes),
    Break,
}

/// Ends the connection in the middle of a body.
#[derive(Debug)]
pub(crate) struct Cut;

impl Body {
    /// Promises the full length, sends half of it, then closes the connection.
    pub(crate) fn cut(text: String) -> Self {
        let remaining = text.len();
        let half = Bytes::from(text).slice(..remaining / 2);
        let steps = [Step::Send(half), Step::Pause(FLUSH), Step::Break].into();
        Self { steps, remaining, pausing: None }
    }

    /// Sends the head first, and the body after a pause.
    pub(crate) fn stalled(mut self, pause: Duration) -> Self {
        self.steps.push_front(Step::Pause(pause));
        self
    }

    fn poll_pause(&mut self, pause: Duration, context: &mut Context<'_>) -> Poll<()> {
        let pausing = self.pausing.get_or_insert_with(|| Box::pin(sleep(pause)));
        ready!(pausing.as_mut().poll(context));
        self.pausing = None;
        Poll::Ready(())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        let remaining = text.len();
        Self { steps: [Step::Send(text.into())].into(), remaining, pausing: None }
    }
}

impl body::Body for Body {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(&Step::Pause(pause)) = self.steps.front() {
            ready!(self.poll_pause(pause, context));
            self.steps.pop_front();
        }
        Poll::Ready(match self.steps.pop_front() {
            Some(Step::Send(bytes)) => {
                self.remaining -= bytes.len();
                Some(Ok(Frame::data(bytes)))
            }
            Some(Step::Break) => Some(Err(Cut)),
            // A pause is never followed by another pause.
            Some(Step::Pause(_)) | None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.remaining == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining as u64)
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the script cuts this body")
    }
}

impl Error for Cut {}
