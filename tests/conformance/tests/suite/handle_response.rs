//! After a refusal of unknown credentials, they are reloaded from their source. A failed reload
//! changes nothing.

use std::{
    cell::Cell,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use kling_auth::{
    Action, Credentials, KlingAuth, Response, Verdict, bindings,
    sources::{Environment, Explicit, resolve},
};

use crate::sources::Root;

const NOW: u64 = 1_800_000_000;

/// A manager whose credentials are in a `.env` file, with an empty environment.
fn in_dotenv(root: &Root, access_key: &str) -> KlingAuth {
    write(root, access_key);
    let working_directory = root.0.join("project");
    let environment = |name: &str| (name == "HOME").then(|| "/nowhere".to_owned());
    let machine = Environment::new(&environment, &working_directory);
    KlingAuth::builder().resolved(resolve(Explicit::default(), machine).unwrap()).build().unwrap()
}

fn write(root: &Root, access_key: &str) {
    let text = format!("KLING_ACCESS_KEY={access_key}\nKLING_SECRET_KEY=canary-{access_key}\n");
    root.write("project/.env", &text, Some("600"));
}

const fn nothing(_: &str) -> Option<String> {
    None
}

/// A refusal of a token with this code and message.
fn refuse(auth: &KlingAuth, code: u32, message: &str, now: u64) -> Verdict {
    refuse_token(auth, code, message, now, auth.token_at(now).as_str())
}

fn refuse_token(auth: &KlingAuth, code: u32, message: &str, now: u64, token: &str) -> Verdict {
    let body = format!("{{\"code\":{code},\"message\":\"{message}\"}}");
    let (body, token) = (body.as_bytes(), Some(token));
    bindings::handle_response(
        bindings::engine(auth),
        &nothing,
        &Response::new(401, body).with_token(token),
        now,
    )
}

#[test]
fn a_file_that_changed_is_read_again_at_once() {
    let root = Root::new("handle_response: a changed file");
    let auth = in_dotenv(&root, "access-a");
    let first = auth.token_at(NOW);
    write(&root, "access-b");
    assert_eq!(
        auth.token_at(NOW + 1).as_str(),
        first.as_str(),
        "files are read at most once a minute"
    );
    let verdict = refuse(&auth, 1002, "access key not exist", NOW + 1);
    // The request may pass with the new keys, and so may other requests sent with the old ones.
    assert_eq!((verdict.action, verdict.cause.as_str()), (Action::Retry, "unknown_access_key"));
    let late = refuse_token(&auth, 1002, "access key not exist", NOW + 1, first.as_str());
    assert_eq!(late.action, Action::Retry);
    let again = refuse(&auth, 1002, "access key not exist", NOW + 1);
    assert_eq!(again.action, Action::Fail, "there are no others");
    for bearer in ["", first.as_str()] {
        let is_scheme = refuse_token(&auth, 1002, "does not support AK/SK", NOW + 1, bearer);
        assert_eq!(is_scheme.action, Action::Fail);
    }
    assert_eq!(refuse_token(&auth, 1002, "access key not exist", NOW + 1, "").action, Action::Fail);
    assert_eq!(auth.access_key().as_deref(), Some("access-b"));
    assert_ne!(auth.token_at(NOW + 1).as_str(), first.as_str());
    assert!(auth.take_warnings().iter().all(|note| note.code() == "WARN_SHAPE"));
}

#[test]
fn every_1002_but_the_wrong_scheme() {
    for (message, expected) in [
        ("access key not exist", "access-b"),
        ("api key not found", "access-b"),
        ("Authorization is invalid", "access-b"),
        ("this model does not support AK/SK; please go to the console", "access-a"),
    ] {
        let root = Root::new(message);
        let auth = in_dotenv(&root, "access-a");
        auth.token_at(NOW);
        write(&root, "access-b");
        refuse(&auth, 1002, message, NOW);
        assert_eq!(auth.access_key().as_deref(), Some(expected), "{message}");
    }
}

/// For an API key, the same message means that the key is unknown.
#[test]
fn the_wrong_scheme_of_an_api_key() {
    let root = Root::new("handle_response: an API key in the words for a key pair");
    let held =
        |key: &str| root.write("project/.env", &format!("KLING_API_KEY={key}\n"), Some("600"));
    held("api-key-kling-canary-a");
    let environment = |name: &str| (name == "HOME").then(|| "/nowhere".to_owned());
    let working_directory = root.0.join("project");
    let machine = Environment::new(&environment, &working_directory);
    let auth = KlingAuth::builder()
        .resolved(resolve(Explicit::default(), machine).unwrap())
        .build()
        .unwrap();
    let first = auth.token_at(NOW);
    held("api-key-kling-canary-b");
    let verdict = refuse(&auth, 1002, "The current API does not support AK/SK", NOW);
    assert_eq!(verdict.cause.as_str(), "unknown_api_key");
    assert_ne!(auth.token_at(NOW).as_str(), first.as_str());
}

#[test]
fn no_other_code_reloads() {
    let root = Root::new("handle_response: other codes");
    let auth = in_dotenv(&root, "access-a");
    auth.token_at(NOW);
    write(&root, "access-b");
    for (code, message) in [
        (1000, "signature is invalid"),
        (1000, "access key not exist"),
        (1001, "empty"),
        (1003, "early"),
        (1004, "late"),
        (1005, "access key not exist"),
        (1103, "no"),
        (0, "ok"),
    ] {
        refuse(&auth, code, message, NOW);
        assert_eq!(auth.access_key().as_deref(), Some("access-a"), "{code} {message}");
    }
    assert!(auth.take_warnings().iter().all(|note| note.code() != "WARN_RELOAD_FAILED"));
}

/// Many refusals cause one reload a minute.
#[test]
fn at_most_once_a_minute() {
    let root = Root::new("handle_response: once a minute");
    let auth = in_dotenv(&root, "access-a");
    let handles = |now: u64, expected: &str| {
        // Requesting a token would read the file, too, so this does not.
        let body = br#"{"code":1002,"message":"access key not exist"}"#;
        bindings::handle_response(
            bindings::engine(&auth),
            &nothing,
            &Response::new(401, body),
            now,
        );
        assert_eq!(auth.access_key().as_deref(), Some(expected), "at {now}");
    };
    auth.token_at(NOW);
    handles(NOW, "access-a");
    write(&root, "access-b");
    handles(NOW, "access-a");
    handles(NOW + 59, "access-a");
    handles(NOW + 60, "access-b");
    write(&root, "access-c");
    handles(NOW + 61, "access-b");
    // A clock that was set back by a day does not prevent reloads for a day.
    handles(NOW - 86_400, "access-c");
}

/// The first refusal causes a reload at any clock reading: a board without a battery starts in
/// 1970.
#[test]
fn the_first_reload_is_due_at_any_time() {
    for now in [0, 1, 59, 60, NOW, u64::MAX - 1] {
        let root = Root::new(&format!("handle_response: at {now}"));
        let auth = in_dotenv(&root, "access-a");
        let token = auth.token_at(now);
        write(&root, "access-b");
        refuse_token(&auth, 1002, "access key not exist", now, token.as_str());
        assert_eq!(auth.access_key().as_deref(), Some("access-b"), "at {now}");
    }
}

#[test]
fn a_failed_reload_keeps_the_credentials() {
    let root = Root::new("handle_response: a broken file");
    let auth = in_dotenv(&root, "access-a");
    let first = auth.token_at(NOW);
    root.write("project/.env", "KLING_ACCESS_KEY=access-b\n", Some("600"));
    auth.take_warnings();
    refuse(&auth, 1002, "access key not exist", NOW);
    assert_eq!(auth.token_at(NOW).as_str(), first.as_str());
    let warnings = auth.take_warnings();
    assert_eq!(
        warnings.iter().map(kling_auth::sources::Event::code).collect::<Vec<_>>(),
        ["WARN_RELOAD_FAILED"]
    );
    let text = format!("{} {:?}", warnings[0], warnings[0]);
    assert!(text.contains("KLING_SECRET_KEY") && !text.contains("canary"), "{text}");

    // Repaired, a minute later.
    write(&root, "access-c");
    refuse(&auth, 1002, "access key not exist", NOW + 60);
    assert_eq!(auth.access_key().as_deref(), Some("access-c"));

    std::fs::remove_file(root.0.join("project/.env")).unwrap();
    auth.take_warnings();
    refuse(&auth, 1002, "access key not exist", NOW + 120);
    assert_eq!(auth.access_key().as_deref(), Some("access-c"));
    assert_eq!(auth.take_warnings()[0].code(), "WARN_RELOAD_FAILED");
}

#[test]
fn the_environment_is_read_again() {
    let given = |access_key: &'static str| {
        move |name: &str| match name {
            "KLING_ACCESS_KEY" => Some(access_key.to_owned()),
            "KLING_SECRET_KEY" => Some("canary-secret-key".to_owned()),
            _ => None,
        }
    };
    let environment = given("access-a");
    let machine = Environment::new(&environment, Path::new("/"));
    let auth = KlingAuth::builder()
        .resolved(resolve(Explicit::default(), machine).unwrap())
        .build()
        .unwrap();
    let token = auth.token_at(NOW);
    let body = br#"{"code":1002,"message":"access key not exist"}"#;
    let response = Response::new(401, body).with_token(Some(token.as_str()));
    bindings::handle_response(bindings::engine(&auth), &given("access-b"), &response, NOW);
    assert_eq!(auth.access_key().as_deref(), Some("access-b"));
}

#[test]
fn explicit_credentials_are_kept_without_a_warning() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    auth.take_warnings();
    let asked = Cell::new(false);
    let environment = |_: &str| {
        asked.set(true);
        None
    };
    let token = auth.token_at(NOW);
    let body = br#"{"code":1002,"message":"access key not exist"}"#;
    let response = Response::new(401, body).with_token(Some(token.as_str()));
    bindings::handle_response(bindings::engine(&auth), &environment, &response, NOW);
    assert!(!asked.get() && auth.take_warnings().is_empty());
    // A host whose credentials come from a function may still reload.
    assert!(bindings::engine(&auth).claim_reload(&response.verdict(), &response, NOW));
    assert!(!bindings::engine(&auth).claim_reload(&response.verdict(), &response, NOW + 59));
    assert!(bindings::engine(&auth).claim_reload(&response.verdict(), &response, NOW + 60));
}

/// A refusal of replaced credentials does not reload the current ones.
#[test]
fn a_bearer_from_before_a_rotation_does_not_reload() {
    let root = Root::new("handle_response: a stale bearer");
    let auth = in_dotenv(&root, "access-a");
    let old = auth.token_at(NOW);
    write(&root, "access-b");
    refuse(&auth, 1002, "access key not exist", NOW);
    assert_eq!(auth.access_key().as_deref(), Some("access-b"));
    write(&root, "access-c");
    for bearer in [old.as_str(), "not-a-token", ""] {
        refuse_token(&auth, 1002, "access key not exist", NOW + 90, bearer);
        assert_eq!(auth.access_key().as_deref(), Some("access-b"), "{bearer:?}");
    }
    refuse(&auth, 1002, "access key not exist", NOW + 90);
    assert_eq!(auth.access_key().as_deref(), Some("access-c"));
}

/// The clock stays corrected when the credentials are replaced.
#[test]
fn the_clock_stays_corrected() {
    let root = Root::new("handle_response: keeps the clock");
    let auth = in_dotenv(&root, "access-a");
    let late = br#"{"code":1004,"message":"late"}"#;
    let token = auth.token_at(NOW - 3600);
    let date = Some("Fri, 15 Jan 2027 08:00:00 GMT");
    let response = Response::new(401, late).with_date(date).with_token(Some(token.as_str()));
    assert_eq!(
        bindings::handle_response(bindings::engine(&auth), &nothing, &response, NOW - 3600).action,
        Action::Retry
    );
    write(&root, "access-b");
    refuse(&auth, 1002, "access key not exist", NOW - 3600);
    assert_eq!(auth.access_key().as_deref(), Some("access-b"));
    assert_eq!(auth.clock_offset(), 3600);
    assert_eq!(auth.token_at(NOW - 3600).expires_at(), Some(NOW + 1800));
}

/// Of 64 threads that are refused at once, one reloads.
#[test]
fn one_thread_reloads() {
    for round in 0..20 {
        let reads = AtomicUsize::new(0);
        let held = |name: &str| match name {
            "KLING_ACCESS_KEY" => Some("access-a".to_owned()),
            "KLING_SECRET_KEY" => Some("canary-secret-key".to_owned()),
            _ => None,
        };
        let counted = |name: &str| {
            reads.fetch_add(usize::from(name == "KLING_ACCESS_KEY"), Ordering::Relaxed);
            held(name)
        };
        let machine = Environment::new(&held, Path::new("/"));
        let found = resolve(Explicit::default(), machine).unwrap();
        let auth = KlingAuth::builder().resolved(found).build().unwrap();
        let token = auth.token_at(NOW + round);
        let gate = std::sync::Barrier::new(64);
        std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| {
                    let body = br#"{"code":1002,"message":"access key not exist"}"#;
                    let response = Response::new(401, body).with_token(Some(token.as_str()));
                    gate.wait();
                    bindings::handle_response(
                        bindings::engine(&auth),
                        &counted,
                        &response,
                        NOW + round,
                    );
                });
            }
        });
        assert_eq!(reads.into_inner(), 1);
    }
}

#[test]
fn the_last_verdict_is_the_last_refusal() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    assert_eq!(auth.last_verdict(), None);
    let verdict = refuse(&auth, 1102, "used up", NOW);
    assert_eq!(auth.last_verdict(), Some(verdict));
    // Kling refuses with HTTP 200 too.
    for (status, body) in [
        (200, r#"{"code":1102,"message":"Account balance not enough"}"#),
        (200, r#"{"code":0,"data":{"code":1102,"msg":"used up"}}"#),
        (200, r#"{"error":{"message":"no quota"}}"#),
        (302, r#"{"code":1102}"#),
        (500, ""),
    ] {
        let refusal = Response::new(status, body.as_bytes());
        let verdict = auth.handle_response_at(&refusal, NOW);
        assert_eq!((auth.last_verdict(), verdict.status), (Some(verdict), status), "{body}");
    }
    let verdict = refuse(&auth, 1102, "used up", NOW);
    let accepted = Response::new(200, br#"{"code":0}"#);
    assert_eq!(auth.handle_response_at(&accepted, NOW).action, Action::Accept);
    assert_eq!(auth.last_verdict(), Some(verdict), "an accepted response keeps the last verdict");
    auth.rotate(&Credentials::api_key("api-key-kling-0123456789").unwrap());
    assert!(format!("{auth:?}").len() > 10 && !format!("{auth:?}").contains("0123456789"));
}
