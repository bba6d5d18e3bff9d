//! `/_gate/…`: what a test asks of the gate itself. Not authenticated and not logged.
//!
//! | | |
//! |---|---|
//! | `GET /_gate/skew` | the seconds by which the gate's clock runs ahead of the machine's |
//! | `PUT /_gate/skew` | sets them; the body is an integer |
//! | `GET /_gate/log` | the requests seen at the front door |
//! | `DELETE /_gate/log` | forgets them |

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::door::{Door, Response};
use crate::envelope::json_response;

pub(crate) fn answer(door: &Door, method: &Method, resource: &str, body: &[u8]) -> Response {
    match (method, resource) {
        (&Method::GET, "skew") => skew(door),
        (&Method::PUT, "skew") => set_skew(door, body),
        (&Method::GET, "log") => json_response(StatusCode::OK, &door.log.to_json()),
        (&Method::DELETE, "log") => {
            door.log.clear();
            json_response(StatusCode::OK, &door.log.to_json())
        }
        _ => error(StatusCode::NOT_FOUND, "the gate has skew (GET, PUT) and log (GET, DELETE)"),
    }
}

fn skew(door: &Door) -> Response {
    json_response(StatusCode::OK, &json!(door.clock.skew()))
}

fn set_skew(door: &Door, body: &[u8]) -> Response {
    match str::from_utf8(body).map(|text| text.trim().parse()) {
        Ok(Ok(seconds)) => {
            door.clock.set_skew(seconds);
            skew(door)
        }
        _ => error(StatusCode::BAD_REQUEST, "the body must be an integer: seconds"),
    }
}

fn error(status: StatusCode, message: &str) -> Response {
    json_response(status, &json!({ "error": message }))
}
