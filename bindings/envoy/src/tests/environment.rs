//! Credentials and base URLs in the variables that Envoy gives to the filter.

use std::format;

use super::{
    API_KEY,
    config::{BASE_URL, accepted},
    pair_with, parse,
};

#[test]
fn an_empty_configuration_uses_the_usual_variables() {
    for text in ["", " \n\t", "{}", r#"{"access_key":null}"#] {
        let pair =
            [("KLING_ACCESS_KEY", super::ACCESS_KEY), ("KLING_SECRET_KEY", super::SECRET_KEY)];
        assert_eq!(accepted(text, &pair), [""; 0]);
        let pair = [("KLINGAI_AK", super::ACCESS_KEY), ("KLINGAI_SK", super::SECRET_KEY)];
        assert_eq!(accepted(text, &pair), [""; 0]);
        let both = [&pair[..], &[("KLING_API_KEY", API_KEY)]].concat();
        assert_eq!(accepted(text, &both), ["WARN_IGNORED"]);
        assert_eq!(accepted(text, &[("KLING_API_KEY", API_KEY)]), [""; 0]);
        let mixed = [("KLING_AK", super::ACCESS_KEY), ("KLING_SECRET_KEY", super::SECRET_KEY)];
        assert_eq!(accepted(text, &mixed), ["WARN_MIXED"]);
        for (of, code, part) in [
            (
                &[][..],
                "ERR_CREDENTIALS_MISSING",
                "tried its configuration, and the variables that Envoy gives it (host_env_keys: KLING_ACCESS_KEY + KLING_SECRET_KEY, ",
            ),
            (
                &[("KLING_API_KEY", " ")],
                "ERR_CREDENTIALS_MISSING",
                "; KLING_API_KEY is set, but blank",
            ),
            (
                &[("KLING_TOKEN", "a")],
                "ERR_CREDENTIALS_MISSING",
                "; KLING_TOKEN is set, but is not read",
            ),
            (
                &[("KLING_ACCESS_KEY", "a")],
                "ERR_CREDENTIALS_PARTIAL",
                "KLING_ACCESS_KEY is set, but KLING_SECRET_KEY is not",
            ),
            (
                &[("KLING_SECRET_KEY_FILE", "/key")],
                "ERR_FILE_UNREADABLE",
                "KLING_SECRET_KEY_FILE: ",
            ),
            (&[("KLING_API_KEY", "a b")], "ERR_API_KEY_CHARACTER", "KLING_API_KEY: "),
        ] {
            let refused = parse(text, of).err().unwrap();
            assert_eq!(refused.code, code, "{of:?}");
            assert!(refused.message.contains(part), "{refused}");
        }
    }
}

#[test]
fn the_base_url_is_found_in_variables_too() {
    assert_eq!(accepted(&pair_with(""), &[("KLING_BASE_URL", "https://gateway.example")]), [""; 0]);
    let two = [("KLING_REGION", "beijing"), ("KLING_BASE_URL", "https://gateway.example")];
    assert_eq!(accepted(&pair_with(""), &two), ["WARN_IGNORED"]);
    let broken = [("KLING_BASE_URL", "ftp://a:password@b")];
    let refused = parse(&pair_with(""), &broken).err().unwrap();
    assert_eq!(refused.message, format!("KLING_BASE_URL: {BASE_URL}"));
    // What is written in the configuration counts before variables, whatever they contain.
    assert_eq!(accepted(&pair_with(r#""region":"Singapore""#), &broken), [""; 0]);
    assert_eq!(accepted(&pair_with(r#""base_url":"http://127.0.0.1:1/v1/""#), &broken), [""; 0]);
}

#[test]
fn variables_are_read_by_their_whole_name() {
    let of = super::variables(&[("A", "1"), ("AB", "2=3"), ("C", ""), ("", "4")]);
    let get = |name| of.get(name);
    assert_eq!(
        (get("A"), get("AB"), get("C"), get("")),
        (Some("1"), Some("2=3"), Some(""), Some("4"))
    );
    assert_eq!((get("B"), get("a"), get("A\0AB"), get("D")), (None, None, None, None));
    let broken = zeroize::Zeroizing::new(b"A=\xff\0no equals sign\0B=1".to_vec());
    let broken = crate::environment::Variables::new(broken);
    assert_eq!((broken.get("A"), broken.get("B"), broken.get("no")), (None, Some("1"), None));
}
