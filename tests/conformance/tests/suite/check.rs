//! `check` against everything that can go wrong with credentials: it names the cause, sends only
//! `GET` requests, as many as it reports, and only to the hosts that it should ask.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    time::{Duration, Instant},
};

use kling_auth::{
    Credentials, KlingAuth, Origin,
    check::{CheckRequest, CheckResult, Failure, Options, Probe},
    check::{check_with, send},
    unix_now,
};
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);
const SECRET: &str = "canary0123456789canary0123456789";

fn gate(config: Config) -> Gate {
    Gate::start(config).unwrap()
}

/// A gate that gives these answers first.
fn scripted(answers: &Value) -> Gate {
    let gate = gate(Config::default());
    put(&gate, "answers", &answers.to_string());
    gate
}

fn put(gate: &Gate, resource: &str, body: &str) {
    crate::gate::agent().put(format!("{}/_gate/{resource}", gate.url())).send(body).unwrap();
}

fn log(gate: &Gate) -> Vec<Value> {
    let mut response =
        crate::gate::agent().get(format!("{}/_gate/log", gate.url())).call().unwrap();
    serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
}

/// A host that knows no credentials.
fn elsewhere() -> Gate {
    gate(Config { accounts: "{}".parse().unwrap(), ..Config::default() })
}

fn auth(base_url: &str, credentials: Credentials) -> KlingAuth {
    KlingAuth::builder().credentials(credentials).base_url(base_url).build().unwrap()
}

fn pair() -> Credentials {
    Credentials::key_pair(DEMO_ACCESS_KEY, DEMO_SECRET_KEY).unwrap()
}

fn check(base_url: &str, credentials: Credentials) -> CheckResult {
    check_with(&auth(base_url, credentials), Options::default(), PATIENCE)
}

fn checked(gate: &Gate) -> CheckResult {
    check(gate.url(), pair())
}

/// The cause, whether the credentials are valid, and the number of requests.
fn summary(result: &CheckResult) -> (&'static str, bool, u8) {
    (result.cause.as_str(), result.is_valid, result.requests)
}

#[test]
fn a_credential_that_is_right() {
    let gate = gate(Config::default());
    assert_eq!(summary(&checked(&gate)), ("accepted", true, 1));
    let api_key = Credentials::api_key(DEMO_API_KEY).unwrap();
    assert_eq!(summary(&check(gate.url(), api_key)), ("accepted", true, 1));
    // The gate is not a Kling host, so the guide's path is used for every kind of key.
    let log = log(&gate);
    let asked: Vec<_> = log.iter().map(|entry| (&entry["method"], &entry["path"])).collect();
    let list = (&json!("GET"), &json!("/v1/videos/text2video"));
    assert_eq!(asked, [list, list]);
}

/// The request for credentials and a base URL, with another path than the usual one if given.
fn asked(base_url: &str, credentials: Credentials, path: Option<&str>) -> String {
    let options = Options::default();
    let options = path.map_or_else(|| Ok(options.clone()), |path| options.clone().path(path));
    let mut probe = Probe::new(&auth(base_url, credentials), options.unwrap());
    let request = probe.next_request(unix_now());
    assert_eq!(request.method, "GET");
    request.url
}

#[test]
fn what_is_asked_for_which_credential() {
    let list = "/v1/videos/text2video?pageNum=1&pageSize=1";
    let tasks = "/tasks?task_ids=1";
    let kling = "https://api-singapore.klingai.com";
    let relay = "https://relay.example/kling";
    for (base_url, credential, root, path) in [
        (kling, "", kling, list),
        (kling, DEMO_API_KEY, kling, tasks),
        (kling, "0123456789abcdef0123456789abcdef", kling, list),
        (
            "https://api-beijing.klingai.com/v1/",
            DEMO_API_KEY,
            "https://api-beijing.klingai.com",
            tasks,
        ),
        (relay, "", relay, list),
        (relay, DEMO_API_KEY, relay, list),
        (relay, "the-key-of-a-relay", relay, list),
        ("https://relay.example/kling/v1", "the-key-of-a-relay", relay, list),
        ("https://app.klingai.com", DEMO_API_KEY, "https://app.klingai.com", list),
    ] {
        let credentials = || match credential {
            "" => pair(),
            key => Credentials::api_key(key).unwrap(),
        };
        assert_eq!(asked(base_url, credentials(), None), format!("{root}{path}"), "{base_url}");
        for path in ["/v1/models", "/", "/v1/x?a=1&b=2", "//x", "/%20", "/@evil.example", "/../y"] {
            let url = asked(base_url, credentials(), Some(path));
            assert_eq!(url, format!("{root}{path}"), "{base_url}");
            assert!(url.starts_with("https://") && Origin::parse(&url) == Origin::parse(base_url));
        }
    }
}

#[test]
fn an_invalid_path() {
    for path in
        ["", "v1", "?a", "https://evil.example/", "/a b", "/a#b", "/\n", "/é", "\\", ".evil"]
    {
        let error = Options::default().path(path).unwrap_err();
        assert_eq!(error.code(), "ERR_TYPE", "{path:?}");
        assert!(path.len() < 4 || !error.to_string().contains(path), "{error}");
    }
}

/// The caller's path is requested at both hosts, and counts like the usual path.
#[test]
fn a_path_from_the_caller() {
    let (elsewhere, home) = (elsewhere(), gate(Config::default()));
    let auth = auth(elsewhere.url(), pair());
    let options =
        Options::default().try_base_url(home.url()).unwrap().path("/account/costs").unwrap();
    let result = check_with(&auth, options, PATIENCE);
    assert_eq!(summary(&result), ("wrong_region", false, 2));
    for gate in [&elsewhere, &home] {
        assert_eq!(log(gate)[0]["path"], json!("/account/costs"));
    }
}

/// An API key without its prefix, with Kling's answer on each kind of path.
#[test]
fn an_api_key_without_its_prefix() {
    let gate = gate(Config::default());
    let auth = auth(gate.url(), Credentials::api_key("a-key-without-the-prefix").unwrap());
    for path in ["/tasks?task_ids=1", "/v1/videos/text2video"] {
        let options = Options::default().path(path).unwrap();
        let result = check_with(&auth, options, PATIENCE);
        assert_eq!(summary(&result), ("unknown_api_key", false, 1), "{path}");
        assert!(!result.remedy.contains("key pair"), "{}", result.remedy);
    }
}

/// A relay's own refusal counts. If it leaves open whether the key is valid, so does the result.
#[test]
fn a_relay() {
    for (status, cause, is_unknown) in [
        (400, "relay_refused", true),
        (401, "relay_key_refused", false),
        (402, "relay_refused", true),
        (403, "relay_forbidden", false),
        (404, "relay_not_found", true),
        (429, "relay_rate_limited", true),
        (500, "relay_failed", true),
        (503, "relay_failed", true),
        (200, "relay_refused", true),
    ] {
        let body = json!({ "error": { "message": "the relay's words", "type": "new_api_error" } });
        let answers = json!([{ "status": status, "body": body.to_string() }]);
        let gate = scripted(&answers);
        let api_key = Credentials::api_key("the-key-of-a-relay").unwrap();
        let result = check(gate.url(), api_key);
        assert_eq!(summary(&result), (cause, false, 1), "{status}");
        assert_eq!(result.is_inconclusive(), is_unknown, "{status}");
        assert!(result.to_string().contains("the relay's words"), "{result}");
        assert!(result.remedy.contains("relay"), "{result}");
        assert_eq!(result.remedy.contains("`path`"), status == 404, "{result}");
    }
}

/// Valid credentials have no remedy, but a key pair does not work on the newer paths.
#[test]
fn a_key_pair_gets_a_warning_about_the_newer_paths() {
    let gate = gate(Config::default());
    let result = checked(&gate);
    assert_eq!(result.remedy, "");
    let warning = result.warning.as_deref().unwrap();
    assert!(warning.contains("/tasks") && warning.contains("API key"), "{warning}");
    assert!(result.to_string().contains(&format!("\nwarning     {warning}\n")), "{result}");
    assert!(!result.to_string().contains("remedy"), "{result}");
    let api_key = Credentials::api_key(DEMO_API_KEY).unwrap();
    let result = check(gate.url(), api_key);
    assert_eq!((result.warning, result.remedy.as_str()), (None, ""));
    let wrong = Credentials::key_pair(DEMO_ACCESS_KEY, SECRET).unwrap();
    assert_eq!(check(gate.url(), wrong).warning, None, "a refusal has a remedy instead");
}

/// If a region's host cannot be reached, the other host is named but not asked.
#[test]
fn the_other_region_is_named_if_one_is_unreachable() {
    let hint = "nothing was sent there";
    for failure in ["dns", "tls", "timeout", "proxy", "refused", "unreachable", "cut", "other"] {
        let is_hinted = ["timeout", "refused", "unreachable"].contains(&failure);
        let failure = failure.parse::<Failure>().unwrap();
        for (base_url, other) in [
            ("https://api-singapore.klingai.com", Some("https://api-beijing.klingai.com")),
            ("https://api-beijing.klingai.com/v1", Some("https://api-singapore.klingai.com")),
            ("https://api.klingai.com", Some("https://api-beijing.klingai.com")),
            ("https://relay.example", None),
            ("http://127.0.0.1:9", None),
        ] {
            let mut probe = Probe::new(&auth(base_url, pair()), Options::default());
            assert!(probe.next_request(unix_now()).url.starts_with(base_url));
            let remedy = probe.handle_failure(failure).remedy;
            let other = other.filter(|_| is_hinted);
            assert_eq!(remedy.contains(hint), other.is_some(), "{base_url}: {remedy}");
            assert!(other.is_none_or(|other| remedy.contains(other)), "{base_url}: {remedy}");
        }
    }
}

/// If the other region was asked and did not answer, it is not recommended.
#[test]
fn the_other_region_is_not_named_if_it_was_asked() {
    let base_url = "https://api-singapore.klingai.com";
    let mut probe = Probe::new(&auth(base_url, pair()), Options::default().try_other_region());
    probe.next_request(unix_now());
    let body = br#"{"code":1002,"message":"access key not exist"}"#.to_vec();
    let answer = kling_auth::check::CheckResponse::new(401, body);
    assert_eq!(probe.handle_response(&answer, unix_now()), None);
    probe.next_request(unix_now());
    let result = probe.handle_failure(Failure::Timeout);
    assert_eq!((result.cause.as_str(), result.region.as_deref()), ("unknown_access_key", None));
    assert!(!result.remedy.contains("nothing was sent there"), "{}", result.remedy);
}

#[test]
fn the_base_url_of_the_guide_has_a_version() {
    let gate = gate(Config::default());
    assert_eq!(summary(&check(&format!("{}/v1/", gate.url()), pair())), ("accepted", true, 1));
}

#[test]
fn a_credential_that_is_wrong() {
    let gate = gate(Config::default());
    let wrong = |access_key, secret_key| {
        summary(&check(gate.url(), Credentials::key_pair(access_key, secret_key).unwrap()))
    };
    assert_eq!(wrong(DEMO_ACCESS_KEY, SECRET), ("wrong_secret_key", false, 1));
    assert_eq!(wrong("another-access-key", DEMO_SECRET_KEY), ("unknown_access_key", false, 1));
    let api_key = Credentials::api_key("api-key-kling-nobodys").unwrap();
    assert_eq!(summary(&check(gate.url(), api_key)), ("unknown_api_key", false, 1));
}

#[test]
fn every_code_of_kling() {
    for (code, cause, is_valid, requests) in [
        (0, "accepted", true, 1),
        (1000, "wrong_secret_key", false, 1),
        (1001, "authorization_missing", false, 1),
        (1002, "authorization_invalid", false, 1),
        (1100, "account_abnormal", false, 1),
        (1101, "account_in_arrears", true, 1),
        (1102, "resource_pack_used_up", true, 1),
        (1103, "no_permission", false, 1),
        (1200, "invalid_parameters", true, 1),
        (1201, "invalid_parameters", true, 1),
        (1202, "method_not_found", true, 1),
        (1203, "resource_not_found", true, 1),
        (1300, "policy_violation", true, 1),
        (1301, "content_unsafe", true, 1),
        (1302, "rate_limited", true, 1),
        (1303, "too_many_concurrent", true, 1),
        (1304, "ip_not_allowed", false, 1),
        (5000, "server_fault", false, 1),
        (5001, "server_unavailable", false, 1),
        (5002, "server_timeout", false, 1),
    ] {
        let result = checked(&scripted(&json!([{ "code": code }])));
        assert_eq!(summary(&result), (cause, is_valid, requests), "{code}");
        assert_eq!(result.is_inconclusive(), code >= 5000, "{code}");
    }
}

#[test]
fn answers_of_other_kinds() {
    let refusal = |message: &str| json!([{ "status": 401, "code": 1002, "message": message }]);
    for (answers, cause, is_valid) in [
        (refusal("The current API does not support AK/SK"), "wrong_scheme", false),
        (refusal("access key is disabled"), "key_disabled", false),
        (refusal("The token was expected to have 3 parts"), "token_malformed", false),
        (json!([{ "status": 200, "code": 200 }]), "accepted", true),
        (
            json!([{ "status": 400, "code": 1201, "message": "Task not found by id/external id: 1" }]),
            "resource_not_found",
            true,
        ),
        (
            json!([{ "status": 400, "code": 1201, "message": "task_ids or external_task_ids is required" }]),
            "invalid_parameters",
            true,
        ),
        (json!([{ "status": 401, "code": 1000, "message": "?" }]), "authentication_failed", false),
        (json!([{ "status": 418, "code": 4242 }]), "unknown_code", false),
        // The guide: 200 or 400 means valid
        (json!([{ "status": 400, "code": 4242 }]), "unknown_code", true),
        (json!([{ "body": "{}" }]), "accepted", true),
        (json!([{ "pad": 100_000 }]), "accepted", true),
        // A portal, a proxy, a gateway
        (json!([{ "body": "<html>Welcome to our network</html>" }]), "not_kling", false),
        (json!([{ "status": 400, "body": "<html>Bad CheckRequest</html>" }]), "not_kling", false),
        (json!([{ "status": 401, "body": "" }]), "not_kling", false),
        (json!([{ "status": 502, "body": "<html>Bad Gateway</html>" }]), "not_kling", false),
        (json!([{ "status": 407, "body": "" }]), "proxy", false),
    ] {
        let result = checked(&scripted(&answers));
        assert_eq!(summary(&result), (cause, is_valid, 1), "{answers}");
    }
}

#[test]
fn a_clock_that_is_off_in_either_direction() {
    for (skew, side) in [(3600, "behind"), (-3600, "ahead of")] {
        let gate = gate(Config { skew, ..Config::default() });
        let auth = auth(gate.url(), pair());
        let start = Instant::now();
        let result = check_with(&auth, Options::default(), PATIENCE);
        assert_eq!(summary(&result), ("clock_skew", true, 2));
        assert!((result.clock_offset - skew).abs() <= 2, "{}", result.clock_offset);
        assert!(result.remedy.contains(&format!("seconds {side} Kling's")), "{}", result.remedy);
        assert!(start.elapsed() >= Duration::from_secs(1), "one request a second");
        assert_eq!(auth.clock_offset(), 0, "the manager is unchanged");
    }
}

/// If Kling gives no reason, `Date` may show that the clock is wrong.
#[test]
fn a_clock_that_is_off_without_a_reason() {
    let gate = gate(Config { skew: 7200, ..Config::default() });
    put(&gate, "answers", &json!([{ "status": 401, "code": 1000, "message": "?" }]).to_string());
    assert_eq!(summary(&checked(&gate)), ("clock_skew", true, 2));
}

/// If the clock is behind by less than a token's life, Kling accepts the token, but it expires earlier.
#[test]
fn a_clock_that_is_off_without_a_refusal() {
    let result = checked(&gate(Config { skew: 1200, ..Config::default() }));
    assert_eq!(summary(&result), ("clock_skew", true, 1));
    assert!((1190..=1210).contains(&result.clock_offset));
    let result = checked(&gate(Config { skew: 4, ..Config::default() }));
    assert_eq!((summary(&result), result.clock_offset), (("accepted", true, 1), 0));
}

#[test]
fn a_clock_that_cannot_be_corrected() {
    // There is no `Date` to correct the clock with.
    let result = checked(&gate(Config { skew: -3600, date: false, ..Config::default() }));
    assert_eq!((summary(&result), result.clock_offset), (("token_not_yet_valid", false, 1), 0));
    let result = checked(&gate(Config { skew: 3600, date: false, ..Config::default() }));
    assert_eq!((result.cause.as_str(), result.is_valid), ("token_expired", false));
    // A difference of a year is not corrected, but shown.
    let year = 365 * 24 * 3600;
    let result = checked(&gate(Config { skew: year, ..Config::default() }));
    assert_eq!((result.cause.as_str(), result.is_valid), ("token_expired", false));
    assert!((result.clock_offset - year).abs() <= 2 && result.requests <= 2);
}

#[test]
fn a_correction_without_effect_is_not_repeated() {
    let refusal = json!({ "code": 1004, "date": "Fri, 15 Jan 2038 08:00:00 GMT" });
    let date = "Fri, 15 Jan 2038 08:00:00 GMT";
    let gate = scripted(&json!([refusal, refusal, refusal, { "code": 1004, "date": date }]));
    let result = checked(&gate);
    assert_eq!((result.cause.as_str(), result.is_valid), ("token_expired", false));
    assert_eq!(log(&gate).len(), usize::from(result.requests));
    assert!(result.requests <= 2, "{}", result.requests);
}

#[test]
fn a_key_of_the_other_region() {
    let (elsewhere, home) = (elsewhere(), gate(Config::default()));
    let auth = auth(elsewhere.url(), pair());
    let result = check_with(&auth, Options::default(), PATIENCE);
    assert_eq!(summary(&result), ("unknown_access_key", false, 1));
    assert_eq!((result.region, log(&home).len()), (None, 0), "no other host is asked");

    let asks = |url: &str| Options::default().try_base_url(url).unwrap();
    let result = check_with(&auth, asks(home.url()), PATIENCE);
    assert_eq!(summary(&result), ("wrong_region", false, 2));
    assert_eq!(result.region.as_deref(), Some(home.url()));
    assert!(result.remedy.contains(home.url()), "{}", result.remedy);

    let result = check_with(&auth, asks(elsewhere.url()), PATIENCE);
    assert_eq!(summary(&result), ("unknown_access_key", false, 2));
    assert_eq!(result.region, None);
    assert!(result.remedy.contains("does not know the key either"), "{}", result.remedy);

    let result = check_with(&auth, asks("http://127.0.0.1:9"), PATIENCE);
    assert_eq!((summary(&result), result.region), (("unknown_access_key", false, 2), None));
}

/// Answers of the other host: it knows the key, or leaves that open.
#[test]
fn other_answers_of_the_other_region() {
    let elsewhere = elsewhere();
    let auth = auth(elsewhere.url(), pair());
    for (code, is_known) in
        [(1000, true), (1103, true), (1102, true), (1001, false), (1002, false), (5000, false)]
    {
        let home = scripted(&json!([{ "code": code }]));
        let options = Options::default().try_base_url(home.url()).unwrap();
        let result = check_with(&auth, options, PATIENCE);
        assert_eq!(result.region.is_some(), is_known, "{code}: {result}");
        let cause = if is_known { "wrong_region" } else { "unknown_access_key" };
        assert_eq!(summary(&result), (cause, false, 2), "{code}");
    }
}

/// A disabled key is known.
#[test]
fn a_disabled_key_of_the_other_region() {
    let (elsewhere, message) = (elsewhere(), "access key is disabled");
    let home = scripted(&json!([{ "status": 401, "code": 1002, "message": message }]));
    let options = Options::default().try_base_url(home.url()).unwrap();
    let result = check_with(&auth(elsewhere.url(), pair()), options, PATIENCE);
    assert_eq!(summary(&result), ("wrong_region", false, 2));
    assert_eq!(result.region.as_deref(), Some(home.url()));
    assert!(result.remedy.contains("there, the key is disabled"), "{}", result.remedy);
}

#[test]
fn a_key_of_the_other_region_with_a_wrong_clock() {
    let (elsewhere, home) = (elsewhere(), gate(Config { skew: 7200, ..Config::default() }));
    let auth = auth(elsewhere.url(), pair());
    let options = Options::default().try_base_url(home.url()).unwrap();
    let result = check_with(&auth, options, PATIENCE);
    assert_eq!(summary(&result), ("wrong_region", false, 3));
    assert!((7198..=7202).contains(&result.clock_offset), "{}", result.clock_offset);
}

/// Kling's own hosts cannot be asked in a test, so this looks at the requests that would be sent.
#[test]
fn each_region_names_the_other() {
    let unknown = br#"{"code":1002,"message":"access key not exist"}"#;
    for (base, other) in [
        ("https://api-singapore.klingai.com", "https://api-beijing.klingai.com"),
        ("https://api-beijing.klingai.com/v1", "https://api-singapore.klingai.com"),
        ("https://api.klingai.com", "https://api-beijing.klingai.com"),
    ] {
        let mut probe = Probe::new(&auth(base, pair()), Options::default().try_other_region());
        let first = probe.next_request(unix_now());
        assert!(first.url.starts_with(base) && first.wait == 0, "{first:?}");
        let answer = kling_auth::check::CheckResponse::new(401, unknown.to_vec());
        assert_eq!(probe.handle_response(&answer, unix_now()), None);
        let second = probe.next_request(unix_now());
        assert!(second.url.starts_with(&format!("{other}/v1/videos")), "{second:?}");
        assert_eq!((second.method, second.wait), ("GET", 1));
        assert_eq!(first.headers[0], second.headers[0], "the same credential, even the same token");
    }
    let gateway = auth("https://gateway.example", pair());
    let mut probe = Probe::new(&gateway, Options::default().try_other_region());
    probe.next_request(unix_now());
    let body = unknown.to_vec();
    let answer = kling_auth::check::CheckResponse::new(401, body);
    assert!(probe.handle_response(&answer, unix_now()).is_some(), "a gateway has no other region");
}

#[test]
fn a_redirect_is_not_followed() {
    let home = gate(Config::default());
    let location = format!("{}/v1/videos/text2video?session=canary", home.url());
    let answers = json!([{ "status": 307, "headers": { "location": location } }]);
    let result = checked(&scripted(&answers));
    assert_eq!(summary(&result), ("redirect", false, 1));
    assert!(result.remedy.contains(home.url()) && !result.remedy.contains("canary"));
    assert!(log(&home).is_empty(), "the bearer was not sent there");
    let answers = json!([{ "status": 302, "headers": { "location": "/login" } }]);
    assert_eq!(summary(&checked(&scripted(&answers))), ("redirect", false, 1));
}

#[test]
fn late_and_incomplete_answers() {
    let impatient = |answers: Value| {
        let gate = scripted(&answers);
        let auth = auth(gate.url(), pair());
        summary(&check_with(&auth, Options::default(), Duration::from_millis(300)))
    };
    assert_eq!(impatient(json!([{ "delay": 1.5 }])), ("timeout", false, 1));
    assert_eq!(impatient(json!([{ "stall": 1.5 }])), ("timeout", false, 1));
    assert_eq!(summary(&checked(&scripted(&json!([{ "delay": 0.4 }])))), ("accepted", true, 1));
    assert_eq!(summary(&checked(&scripted(&json!([{ "cut": true }])))), ("connection", false, 1));
    let cut = json!([{ "code": 1000, "cut": true }]);
    assert_eq!(summary(&checked(&scripted(&cut))), ("connection", false, 1));
}

#[test]
fn an_unreachable_host() {
    assert_eq!(summary(&check("http://127.0.0.1:9", pair())), ("connection", false, 1));
    assert_eq!(summary(&check("https://nobody.invalid", pair())), ("dns", false, 1));
    let gate = gate(Config::default());
    let https = gate.url().replace("http:", "https:");
    assert_eq!(summary(&check(&https, pair())), ("tls", false, 1), "it does not speak TLS");
}

/// A connection that closes instead of answering.
#[test]
fn a_host_that_closes_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || drop::<TcpStream>(listener.accept().unwrap().0));
    assert_eq!(summary(&check(&format!("http://{address}"), pair())), ("connection", false, 1));
    server.join().unwrap();
}

#[test]
fn failures_by_name() {
    for name in ["dns", "tls", "timeout", "proxy", "refused", "unreachable", "cut", "other"] {
        let failure = name.parse::<Failure>().unwrap();
        let result =
            Probe::new(&auth("https://x", pair()), Options::default()).handle_failure(failure);
        assert_eq!((result.is_valid, result.is_inconclusive()), (false, true), "{name}");
        assert!(result.remedy.len() > 30, "{name}");
    }
    assert!("DNS".parse::<Failure>().is_err());
}

#[test]
fn no_secret_is_shown() {
    let gate = gate(Config::default());
    let auth = auth(gate.url(), Credentials::key_pair(DEMO_ACCESS_KEY, SECRET).unwrap());
    let mut probe = Probe::new(&auth, Options::default());
    let request: CheckRequest = probe.next_request(unix_now());
    let answer = send(&request, PATIENCE).unwrap();
    let shown = format!("{request:?} {answer:?} {probe:?}");
    let result = probe.handle_response(&answer, unix_now()).unwrap();
    let shown = format!("{shown} {result:?} {result} {}", result.to_json());
    assert!(!shown.contains("canary") && !shown.contains("eyJ"), "{shown}");
    assert!(shown.contains("wrong_secret_key"));
}

#[test]
fn json_has_the_fields() {
    let result = checked(&gate(Config::default()));
    let json: Value = serde_json::from_str(&result.to_json()).unwrap();
    assert_eq!(json["is_valid"], json!(true));
    assert_eq!(json["verdict"]["code"], json!(0));
    assert_eq!(json["verdict"]["cause"], json!("accepted"));
    assert_eq!(json["verdict"]["is_accepted"], json!(true));
    assert_eq!(json["source_kind"], json!("arguments"));
    assert_eq!(json["access_key"], json!("AKga…0001"));
    assert_eq!((&json["region"], &json["requests"]), (&Value::Null, &json!(1)));
    assert_eq!((&json["remedy"], json["warning"].is_string()), (&json!(""), true));
}
