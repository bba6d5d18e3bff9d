//! A response body that can be read in advance and still be passed on complete.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::Response;

/// How many bytes of a body are read in advance. Kling's refusals are shorter.
const MAX_PEEK: usize = Response::MAX_BODY_LEN;

/// The body of a response that an adapter returns. It has the same frames as the client's own body.
///
/// The first frames of a refusal were read in advance, and come from memory.
pub struct KlingBody<R: Body<Data = Bytes>> {
    /// The frames that were read in advance. An error can only be the last.
    seen: VecDeque<Result<Frame<Bytes>, R::Error>>,
    /// The rest of the body; `None` at its end. Boxed, since it is polled before it is moved.
    rest: Option<Pin<Box<R>>>,
}

impl<R: Body<Data = Bytes>> KlingBody<R> {
    #[doc(hidden)]
    pub fn new(body: R) -> Self {
        Self { seen: VecDeque::new(), rest: Some(Box::pin(body)) }
    }

    /// Reads the beginning of the body and keeps its frames. `None` if reading fails.
    pub(super) async fn peek(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() <= MAX_PEEK
            && let Some(rest) = &mut self.rest
        {
            match poll_fn(|context| rest.as_mut().poll_frame(context)).await {
                Some(Ok(frame)) => {
                    bytes.extend_from_slice(frame.data_ref().map_or(&[], Bytes::as_ref));
                    self.seen.push_back(Ok(frame));
                }
                Some(Err(error)) => {
                    self.seen.push_back(Err(error));
                    return None;
                }
                None => self.rest = None,
            }
        }
        Some(bytes)
    }
}

impl<R: Body<Data = Bytes>> Body for KlingBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        let frame = match (self.seen.pop_front(), &mut self.rest) {
            (None, Some(rest)) => ready!(rest.as_mut().poll_frame(context)),
            (seen, _) => seen,
        };
        if !matches!(frame, Some(Ok(_))) {
            self.rest = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.seen.is_empty() && self.rest.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let frames = self.seen.iter().flatten().filter_map(Frame::data_ref);
        let seen: u64 = frames.map(|data| data.len() as u64).sum();
        let rest = self.rest.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint);
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(seen));
        if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(seen)) {
            hint.set_upper(upper);
        }
        hint
    }
}

/// The inner body is pinned on its own.
impl<R: Body<Data = Bytes>> Unpin for KlingBody<R> {}

/// Without the content, which may be private.
impl<R: Body<Data = Bytes>> fmt::Debug for KlingBody<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KlingBody").finish_non_exhaustive()
    }
}
