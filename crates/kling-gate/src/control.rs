//! `/_gate/…`: how a test controls the gate. Not authenticated and not logged.
//!
//! | | |
//! |---|---|
//! | `GET /_gate/answers` | the scripted answers that are left, the next one first |
//! | `PUT /_gate/answers` | replaces them; the body is a list in the form of `notation` |
//! | `DELETE /_gate/answers` | removes them |
//! | `GET /_gate/skew` | by how many seconds the gate's clock is ahead of the machine's |
//! | `PUT /_gate/skew` | sets them; the body is an integer |
//! | `GET /_gate/date` | whether answers have a `Date` |
//! | `PUT /_gate/date` | sets it; the body is `true` or `false` |
//! | `GET /_gate/course` | how tasks proceed: for how many looks they are `processing`, and whether they fail |
//! | `PUT /_gate/course` | sets it for new tasks: `{"looks": 1, "fails": false}` |
//! | `GET /_gate/log` | the requests received |
//! | `DELETE /_gate/log` | removes them |

use std::str::FromStr;

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::body::Response;
use crate::door::Door;
use crate::envelope::json_response;
use crate::tasks::Course;

const RESOURCES: &str = "the gate has answers (GET, PUT, DELETE), skew (GET, PUT), \
                         date (GET, PUT), course (GET, PUT) and log (GET, DELETE)";

/// A change is answered with the new value.
pub(crate) fn answer(door: &Door, method: &Method, resource: &str, body: &[u8]) -> Response {
    match (method, resource) {
        (&Method::GET, "answers") => ok(&door.script.to_json()),
        (&Method::PUT, "answers") => match door.script.replace(body) {
            Ok(()) => ok(&door.script.to_json()),
            Err(reason) => error(StatusCode::BAD_REQUEST, &reason),
        },
        (&Method::DELETE, "answers") => {
            door.script.clear();
            ok(&door.script.to_json())
        }
        (&Method::GET, "skew") => ok(&json!(door.clock.skew())),
        (&Method::PUT, "skew") => match parse(body) {
            Some(seconds) => {
                door.clock.set_skew(seconds);
                ok(&json!(door.clock.skew()))
            }
            None => error(StatusCode::BAD_REQUEST, "the body must be an integer: seconds"),
        },
        (&Method::GET, "date") => ok(&json!(door.dates())),
        (&Method::PUT, "date") => match parse(body) {
            Some(dates) => {
                door.set_dates(dates);
                ok(&json!(door.dates()))
            }
            None => error(StatusCode::BAD_REQUEST, "the body must be true or false"),
        },
        (&Method::GET, "course") => ok(&course(door.tasks.course())),
        (&Method::PUT, "course") => {
            let body: Value = serde_json::from_slice(body).unwrap_or_default();
            match (body["looks"].as_u64(), body["fails"].as_bool()) {
                (Some(looks), Some(fails)) => {
                    door.tasks.set_course(Course { looks, fails });
                    ok(&course(door.tasks.course()))
                }
                _ => error(StatusCode::BAD_REQUEST, "the body must have looks and fails"),
            }
        }
        (&Method::GET, "log") => ok(&door.log.to_json()),
        (&Method::DELETE, "log") => {
            door.log.clear();
            ok(&door.log.to_json())
        }
        _ => error(StatusCode::NOT_FOUND, RESOURCES),
    }
}

fn course(Course { looks, fails }: Course) -> Value {
    json!({ "looks": looks, "fails": fails })
}

fn parse<T: FromStr>(body: &[u8]) -> Option<T> {
    str::from_utf8(body).ok()?.trim().parse().ok()
}

fn ok(value: &Value) -> Response {
    json_response(StatusCode::OK, value)
}

fn error(status: StatusCode, message: &str) -> Response {
    json_response(status, &json!({ "error": message }))
}
