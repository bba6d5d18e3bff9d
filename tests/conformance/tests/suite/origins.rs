//! Which origins the bearer may be sent to.

use kling_auth::{CoreError, Error, KlingAuth, Origin, bindings};
use kling_conformance::{OriginVector, read};
use proptest::prelude::*;

fn auth(base_url: Option<&str>) -> Result<KlingAuth, Error> {
    built(base_url, &|_| None)
}

fn built(
    base_url: Option<&str>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<KlingAuth, Error> {
    let credentials = kling_auth::Credentials::key_pair("access-key", "secret-key").unwrap();
    let builder = KlingAuth::builder().credentials(credentials);
    let builder = match base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    };
    bindings::build(builder, environment)
}

/// What is wrong with a case, if anything.
fn fault(case: &OriginVector) -> Option<String> {
    let OriginVector { url, kling, base_url, code, allowed } = case;
    let is_kling = Origin::parse(url).is_some_and(|origin| origin.is_kling());
    if is_kling != *kling {
        return Some(format!("{url:?}: Kling's, {is_kling}"));
    }
    let auth = match (auth(base_url.as_deref()), code) {
        (Ok(auth), None) => auth,
        (Err(error), Some(code)) if error.code() == code => return None,
        (result, code) => {
            let result = result.map(drop);
            return Some(format!("base URL {base_url:?}: {result:?}, not {code:?}"));
        }
    };
    let is_allowed = auth.allows(url);
    if is_allowed != *allowed {
        return Some(format!("{url:?} with {base_url:?}: allowed, {is_allowed}"));
    }

    // Every way to get the bearer agrees.
    let bearer = auth.authorization();
    match auth.authorization_for(url) {
        Ok(value) => assert!(is_allowed && value == bearer, "{url:?}"),
        Err(error) => assert!(!is_allowed && error.code() == "ERR_ORIGIN", "{url:?}"),
    }
    for other in [None, Some(""), Some("Basic dXNlcjpwYXNz"), Some("Bearer another")] {
        assert_eq!(
            bindings::should_authorize(bindings::engine(&auth), url, other).unwrap(),
            is_allowed,
            "{url:?} {other:?}"
        );
    }
    let refused = bindings::should_authorize(bindings::engine(&auth), url, Some(&bearer))
        .map_err(|error| error.code());
    assert_eq!(refused, if is_allowed { Ok(true) } else { Err("ERR_ORIGIN") }, "{url:?}");
    None
}

#[test]
fn every_case() {
    let cases: Vec<OriginVector> = read("origins.json");
    assert!(cases.len() > 250);
    let wrong: Vec<String> = cases.iter().filter_map(fault).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_base_url_is_explicit_or_from_the_environment_or_the_default() {
    let variable = |name: &str| {
        (name == "KLING_API_BASE").then(|| "https://api-beijing.klingai.com/".to_owned())
    };
    assert_eq!(auth(None).unwrap().base_url(), "https://api-singapore.klingai.com");
    assert_eq!(built(None, &variable).unwrap().base_url(), "https://api-beijing.klingai.com");
    let given = built(Some("https://gateway.example.com/kling//"), &variable).unwrap();
    assert_eq!(given.base_url(), "https://gateway.example.com/kling");
    assert!(!built(Some("https://other.example.com"), &variable).unwrap().allows(given.base_url()));
    let gateway = |_: &str| Some("http://127.0.0.1:8080".to_owned());
    assert!(built(None, &gateway).unwrap().allows("http://127.0.0.1:8080/v1"));
    assert!(!built(None, &gateway).unwrap().allows("http://127.0.0.1:8081/v1"));
    assert_eq!(built(None, &|_| Some(String::new())).unwrap().base_url(), Origin::DEFAULT_BASE_URL);
}

#[test]
fn an_error_of_a_base_url_names_its_location() {
    let variable = |_: &str| Some("http://user:canary@api.klingai.com?canary".to_owned());
    let error = built(None, &variable).unwrap_err();
    assert_eq!(error.code(), "ERR_BASE_URL");
    let text = format!("{error} {error:?}");
    assert!(text.contains("KLING_API_BASE") && !text.contains("canary"), "{text}");
    // An explicit base URL takes precedence: the environment is not read.
    assert!(built(Some("https://gateway.example.com"), &variable).is_ok());
    assert_eq!(auth(Some("http://api.klingai.com")).unwrap_err(), Error::Core(CoreError::BaseUrl));
}

/// A refusal names only the origin: the rest may contain the secret part of a signed URL.
#[test]
fn a_refusal_holds_no_secret() {
    let auth = auth(None).unwrap();
    let bearer = auth.authorization();
    for url in [
        "https://cdn.example.com:8443/canary.mp4?signature=canary#canary",
        "https://user:canary@cdn.example.com/",
        "https://cdn.example.com\\canary",
        "canary",
    ] {
        let refusals = [
            auth.authorization_for(url).unwrap_err(),
            bindings::should_authorize(bindings::engine(&auth), url, Some(&bearer)).unwrap_err(),
        ];
        for error in refusals {
            assert_eq!(error.code(), "ERR_ORIGIN");
            let text = format!("{error} {error:?}");
            assert!(!text.contains("canary") && !text.contains(&bearer[7..]), "{text}");
        }
        bindings::engine(&auth).warn_withheld(url);
    }
    let error = auth.authorization_for("https://cdn.example.com:8443/canary.mp4").unwrap_err();
    assert!(error.to_string().contains("https://cdn.example.com:8443"), "{error}");
    for note in auth.take_warnings() {
        assert_eq!(note.code(), "WARN_WITHHELD");
        assert!(!format!("{note} {note:?}").contains("canary"), "{note}");
    }
}

/// Any token of the pair, with its scheme in upper or lower case.
#[test]
fn an_issued_bearer_goes_nowhere_else() {
    let auth = auth(None).unwrap();
    let url = "https://cdn.example.com/x.mp4";
    let old = auth.token_at(1_800_000_000);
    auth.refresh_at(1_800_010_000);
    for scheme in ["Bearer ", "bearer ", "BEARER ", "Bearer  "] {
        let present = format!("{scheme}{}", old.as_str());
        assert!(
            bindings::should_authorize(bindings::engine(&auth), url, Some(&present)).is_err(),
            "{scheme:?}"
        );
    }
    let another = KlingAuth::new("another-access-key", "secret-key").unwrap();
    assert!(
        !bindings::should_authorize(bindings::engine(&auth), url, Some(&another.authorization()))
            .unwrap()
    );

    let auth = KlingAuth::from_api_key("api-key-kling-0123456789").unwrap();
    assert!(
        bindings::should_authorize(
            bindings::engine(&auth),
            url,
            Some("Bearer api-key-kling-0123456789")
        )
        .is_err()
    );
    assert!(
        !bindings::should_authorize(
            bindings::engine(&auth),
            url,
            Some("Bearer api-key-kling-0123456788")
        )
        .unwrap()
    );
}

#[test]
fn an_issued_bearer_is_recognized_in_any_surrounding_text() {
    let auth = auth(None).unwrap();
    let url = "https://cdn.example.com/x.mp4";
    let token = auth.token();
    // Servers and clients strip white space, and some read a token without its scheme.
    for around in [" Bearer ", "\tBearer ", "Bearer\t", "Bearer  \t", "", " ", "Token "] {
        let present = format!("{around}{} ", token.as_str());
        assert!(
            bindings::should_authorize(bindings::engine(&auth), url, Some(&present)).is_err(),
            "{around:?}"
        );
    }
}

#[test]
fn a_withheld_bearer_is_warned_about_once_per_host() {
    let auth = auth(None).unwrap();
    for path in 0..100 {
        bindings::engine(&auth).warn_withheld(&format!("https://gateway.example.com/{path}"));
        bindings::engine(&auth).warn_withheld(&format!("https://other.example.com/{path}"));
    }
    let texts: Vec<String> = auth.take_warnings().iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("https://gateway.example.com "), "{texts:?}");
    assert!(auth.take_warnings().is_empty());
}

/// The origin of a simple URL by RFC 3986 (appendix B) and RFC 6454.
fn plain_origin(url: &str) -> Option<(String, String, u16)> {
    let (scheme, rest) = url.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let scheme = scheme.to_ascii_lowercase();
    let default = if scheme == "https" { 443 } else { 80 };
    let port = port.map_or(Some(default), |port| {
        let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| port.parse().ok())?
    })?;
    let is_plain = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (is_plain && matches!(&*scheme, "http" | "https"))
        .then(|| (scheme, host.to_ascii_lowercase(), port))
}

/// A text that resembles a URL of Kling's API.
fn nearly_kling() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "https",
            "http",
            "HTTPS",
            ":",
            "//",
            "/",
            "api",
            "-",
            "singapore",
            ".",
            "klingai",
            "com",
            "kling.ai",
            "api.klingai.com",
            "https://",
            "https://api.klingai.com",
            "evil.com",
            "@",
            "\\",
            "443",
            "80",
            "+",
            "?",
            "#",
            " ",
            "\t",
            "%2e",
            "[",
            "]",
            "::1",
            "127.1",
            "é",
            "0",
        ][..],
    );
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// An origin counts as Kling's exactly if the RFCs agree, however it is written.
    #[test]
    fn nothing_else_is_klings(url in prop_oneof![nearly_kling(), any::<String>()]) {
        let Some(origin) = Origin::parse(&url) else { return Ok(()) };
        let written = origin.to_string();
        prop_assert_eq!(Origin::parse(&written), Some(origin), "{:?} {:?}", url, written);
        if written.contains('[') {
            prop_assert!(!origin.is_kling());
            return Ok(());
        }
        let Some((scheme, host, port)) = plain_origin(&url) else {
            return Err(TestCaseError::fail(format!("{url:?} is not plain, but has {origin}")));
        };
        let api = host.strip_suffix(".klingai.com").or_else(|| host.strip_suffix(".kling.ai"));
        let is_api = api.is_some_and(|label| {
            let region = label.strip_prefix("api-").is_some_and(|region| !region.is_empty());
            !label.contains('.') && (label == "api" || region)
        });
        prop_assert_eq!(origin.is_kling(), scheme == "https" && port == 443 && is_api, "{:?}", url);
    }

    /// An accepted base URL allows every URL that begins with it.
    #[test]
    fn a_base_url_allows_what_begins_with_it(url in nearly_kling(), path in "[a-z/]{0,9}") {
        let Ok(auth) = auth(Some(&url)) else { return Ok(()) };
        prop_assert!(auth.allows(&format!("{}/{path}", auth.base_url())), "{:?}", url);
        prop_assert!(!auth.base_url().ends_with('/'));
    }
}
