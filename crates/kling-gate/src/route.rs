//! Whether a request is for the gate's control, for a result, or for the API.

use std::time::Duration;

use hyper::http::request::Parts;

use crate::control;
use crate::door::{Door, Reply};

pub(crate) fn answer(door: &Door, parts: &Parts, body: &[u8]) -> Reply {
    let path = parts.uri.path();
    if let Some(resource) = path.strip_prefix("/_gate/") {
        let response = control::answer(door, &parts.method, resource, body);
        return Reply { delay: Duration::ZERO, response: door.dated(response) };
    }
    let delay = door.slow();
    if path.starts_with("/results/") {
        return Reply { delay, response: door.result(parts, body) };
    }
    let reply = door.front(parts, body);
    Reply { delay: reply.delay + delay, ..reply }
}
