//! What we read from a `.env` file, compared with what other programs read.

use std::{collections::HashMap, fs};

use base64ct::{Base64, Encoding};
use kling_auth::{
    Credentials, generate_kling_token,
    sources::{Environment, Event, Explicit, resolve},
};
use kling_conformance::{ACCESS_KEY, DotenvCase, OurReading, SECRET_KEY, read, report};
use serde_json::Value;

use crate::sources::Root;

const NOW: u64 = 1_800_000_000;
/// The programs whose majority counts where they differ.
const READERS: [&str; 4] = ["python-dotenv", "dotenv", "node", "next"];

#[test]
fn every_line() {
    let cases: Vec<DotenvCase> = read("dotenv.json");
    let root = Root::new("every line of a dotenv");
    let path = root.0.join("project/.env");
    let mut wrong = Vec::new();
    for case in &cases {
        fs::write(&path, bytes(case)).unwrap();
        let (reading, output) = reading(&root);
        assert!(!output.contains("canary"), "{}: {output}", case.name);
        let mentions = case.ours.iter().flat_map(|ours| &ours.mentions);
        let missing: Vec<_> = mentions.filter(|mention| !output.contains(*mention)).collect();
        let ours = case.ours.as_ref().map(|ours| (&ours.code, &ours.warnings, ours.keys()));
        if ours != Some((&reading.code, &reading.warnings, reading.keys())) || !missing.is_empty() {
            wrong.push(format!(
                "{:?}: {}: {output}",
                case.name,
                serde_json::to_string(&reading).unwrap()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 190);
    report(&format!("vectors: dotenv.json: {} cases", cases.len()));
}

/// We read what most of the others read, if it can be a key. If they disagree, there is a warning.
#[test]
fn as_the_others_do() {
    let cases: Vec<DotenvCase> = read("dotenv.json");
    for DotenvCase { name, ours, readers, .. } in &cases {
        let ours = ours.as_ref().unwrap();
        let mut votes = HashMap::new();
        // A program that refuses the file has no vote.
        for reader in READERS.iter().filter(|reader| readers[**reader].get("error").is_none()) {
            let key = |key: &str| readers[*reader].get(key).and_then(Value::as_str).unwrap_or("");
            *votes.entry((key("KLING_ACCESS_KEY"), key("KLING_SECRET_KEY"))).or_insert(0) += 1;
        }
        let has_note = |code: &str| ours.warnings.iter().any(|note| note == code);
        if ours.code.is_none() {
            assert_eq!(has_note("WARN_AMBIGUOUS"), votes.len() > 1, "{name}: {votes:?}");
        }
        let (most, count) = votes.into_iter().max_by_key(|(_, count)| *count).unwrap();
        if ours.code.is_none() && !has_note("WARN_CLEANED") && ours.secret_key.is_none() {
            assert!(ours.keys() == most || count <= 2, "{name}: {most:?}");
        }
        if most == (ACCESS_KEY, SECRET_KEY) && count > 2 {
            assert_eq!(ours.code, None, "{name}");
        }
    }
}

fn bytes(case: &DotenvCase) -> Vec<u8> {
    match (&case.text, &case.base64) {
        (Some(text), None) => text.clone().into_bytes(),
        (None, Some(base64)) => {
            let mut bytes = vec![0; base64.len()];
            Base64::decode(base64, &mut bytes).unwrap().to_vec()
        }
        _ => panic!("{}: a text or its bytes", case.name),
    }
}

/// What we read, and the text of its warnings or error.
fn reading(root: &Root) -> (OurReading, String) {
    let working_directory = root.0.join("project");
    let machine = Environment::new(&|_| None, &working_directory);
    let found = match resolve(Explicit::default(), machine) {
        Err(error) => {
            let code = Some(error.code().to_owned());
            return (OurReading { code, ..OurReading::default() }, error.to_string());
        }
        Ok(found) => found,
    };
    let warnings: Vec<_> = found.warnings.iter().map(|note| note.code().to_owned()).collect();
    let output = found.warnings.iter().map(Event::to_string).collect::<Vec<_>>().join("; ");
    let access_key = found.credentials.access_key().unwrap_or_default().to_owned();
    let token =
        |credentials: &Credentials| generate_kling_token(credentials, NOW).as_str().to_owned();
    let expected = Credentials::key_pair(&access_key, SECRET_KEY).unwrap();
    let is_expected = token(&expected) == token(&found.credentials);
    let secret_key = (!is_expected).then(|| "other".to_owned());
    let access_key = (access_key != ACCESS_KEY).then_some(access_key);
    (OurReading { warnings, access_key, secret_key, ..OurReading::default() }, output)
}
