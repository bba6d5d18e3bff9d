//! Where credentials are found, and what is removed, refused or warned of.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
};

use kling_auth::{
    Credentials, Error, KlingAuth, Origin, Region,
    bindings::{self, Lease},
    sources::{Environment, Event, Explicit, env_names, resolve},
};
use kling_conformance::{SourceCase, read, report};

/// A directory for one case, removed with it.
pub(crate) struct Root(pub(crate) PathBuf);

impl Root {
    pub(crate) fn new(name: &str) -> Self {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let path = std::env::temp_dir().join(format!("kling-{}-{name}", std::process::id()));
        fs::create_dir_all(path.join("project")).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str, mode: Option<&str>) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        if let Some(mode) = mode {
            use std::os::unix::fs::PermissionsExt;
            let mode = u32::from_str_radix(mode, 8).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        path
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{root}", self.0.to_str().unwrap())
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn found(case: &SourceCase, root: &Root) -> Result<KlingAuth, Error> {
    for (path, text) in &case.files {
        root.write(path, text, case.modes.get(path).map(String::as_str));
    }
    let environment = |name: &str| match name {
        "HOME" => Some(root.fill("{root}/home")),
        _ => case.env.get(name).map(|value| root.fill(value)),
    };
    let given = |name| case.given.get(name).map(String::as_str);
    let given = Explicit::new(given("access_key"), given("secret_key"), given("api_key"));
    let working_directory = root.0.join(&case.cwd);
    let machine = Environment::new(&environment, &working_directory);
    let mut builder = KlingAuth::builder().resolved(resolve(given, machine)?);
    if let Some(url) = case.given.get("base_url") {
        builder = builder.base_url(url);
    }
    if let Some(name) = case.given.get("region") {
        builder = builder.region(name.parse::<Region>()?);
    }
    bindings::build(builder, &environment)
}

#[test]
fn every_case() {
    let cases: Vec<SourceCase> = read("sources.json");
    assert!(cases.len() > 220);
    let cases: Vec<_> = cases.iter().filter(|case| cfg!(unix) || !case.unix_only).collect();
    let wrong: Vec<_> = cases.iter().filter_map(|case| fault(case)).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    report(&format!("vectors: sources.json: {} cases", cases.len()));
}

/// The kind that a text of a source is of.
fn kind_of(source: &str) -> &'static str {
    match source {
        "arguments" => "arguments",
        text if text.starts_with("environment (") => "environment",
        text if text.ends_with(']') => "profile",
        _ => "dotenv",
    }
}

/// What is not as the case has it.
fn fault(case: &SourceCase) -> Option<String> {
    let root = Root::new(&case.name);
    let is_as_expected = |auth: &KlingAuth, codes: &[&str]| {
        let source = case.source.as_deref().map(|source| root.fill(source));
        case.code.is_none()
            && auth.access_key() == case.access_key
            && auth.access_key().is_none() == case.api_key
            && Some(auth.source()) == source
            && auth.source_kind() == kind_of(&auth.source())
            && auth.base_url() == case.base_url.as_deref().unwrap_or(Origin::DEFAULT_BASE_URL)
            && unused(auth) == case.unused
            && codes == case.warnings
    };
    let (is_right, shown) = match found(case, &root) {
        Ok(auth) => {
            let (warnings, unused) = (auth.take_warnings(), unused(&auth));
            let codes: Vec<_> = warnings.iter().map(Event::code).collect();
            let texts: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            let shown = format!("{auth:?} {} {unused:?} {codes:?} {texts:?}", auth.base_url());
            (is_as_expected(&auth, &codes), shown)
        }
        Err(error) => (
            Some(error.code()) == case.code.as_deref(),
            format!("{}: {error} {error:?}", error.code()),
        ),
    };
    let mentions = case.mentions.iter().all(|mention| shown.contains(&root.fill(mention)));
    let is_right = is_right && mentions && !shown.contains("canary");
    (!is_right).then(|| format!("{}: {shown}", case.name))
}

const NOW: u64 = 1_800_000_000;

/// A manager whose secret is mounted, and the environment that says where.
fn mounted(root: &Root) -> (KlingAuth, impl Fn(&str) -> Option<String>) {
    root.write("secrets/ak", "access0123456789access0123456789", None);
    root.write("secrets/sk", "canary0123456789canary0123456789", None);
    let path = root.0.clone();
    let environment = move |name: &str| {
        let file = match name {
            "KLING_ACCESS_KEY_FILE" => "secrets/ak",
            "KLING_SECRET_KEY_FILE" => "secrets/sk",
            _ => return None,
        };
        Some(path.join(file).to_str().unwrap().to_owned())
    };
    let machine = Environment::new(&environment, Path::new("/"));
    let found = resolve(Explicit::default(), machine).unwrap();
    (KlingAuth::builder().resolved(found).build().unwrap(), environment)
}

fn token(auth: &KlingAuth, environment: &dyn Fn(&str) -> Option<String>, now: u64) -> String {
    let Lease { token, fresh, .. } = bindings::lease(bindings::engine(auth), environment, now);
    assert!(fresh.contains(&now) && fresh.end <= now + 60, "{fresh:?}");
    token.as_str().to_owned()
}

/// The names of other credentials at the same place.
fn unused(auth: &KlingAuth) -> Option<String> {
    bindings::engine(auth).source().unused().map(str::to_owned)
}

#[test]
fn a_mounted_secret_is_read_again_when_it_changes() {
    let root = Root::new("a mounted secret");
    let (auth, environment) = mounted(&root);
    let first = token(&auth, &environment, NOW);
    root.write("secrets/ak", "rotated-access-key", None);
    root.write("secrets/sk", "rotated-secret-key", None);
    assert_eq!(token(&auth, &environment, NOW + 59), first, "within a minute nobody looks");
    assert_ne!(token(&auth, &environment, NOW + 60), first);
    assert_eq!(auth.access_key().as_deref(), Some("rotated-access-key"));
}

#[test]
fn an_unchanged_secret_keeps_its_token() {
    let root = Root::new("an unchanged secret");
    let (auth, environment) = mounted(&root);
    let first = token(&auth, &environment, NOW);
    for minutes in 1..25 {
        assert_eq!(token(&auth, &environment, NOW + 60 * minutes), first);
    }
    assert!(auth.take_warnings().is_empty());
}

#[test]
fn a_mounted_secret_that_breaks_keeps_the_last_good_one() {
    let root = Root::new("a mounted secret that breaks");
    let (auth, environment) = mounted(&root);
    let first = token(&auth, &environment, NOW);
    root.write("secrets/sk", "", None);
    assert_eq!(token(&auth, &environment, NOW + 60), first);
    let warnings = auth.take_warnings();
    assert_eq!(warnings[0].code(), "WARN_RELOAD_FAILED");
    assert!(warnings[0].to_string().contains("KLING_SECRET_KEY_FILE"), "{}", warnings[0]);
    assert!(auth.take_warnings().is_empty(), "warned once");
    assert_eq!(
        bindings::reload(bindings::engine(&auth), &environment).unwrap_err().code(),
        "ERR_CREDENTIALS_PARTIAL"
    );

    root.write("secrets/sk", "mended-secret-key", None);
    assert_ne!(token(&auth, &environment, NOW + 120), first);
}

/// Two keys are of one moment, whatever is renamed between their reading.
#[test]
fn no_pair_is_torn_by_a_rotation() {
    let root = Root::new("no pair is torn");
    for generation in ["a", "b"] {
        root.write(&format!("{generation}/ak"), &format!("access-{generation}"), None);
        root.write(&format!("{generation}/sk"), &format!("secret-{generation}"), None);
    }
    let path = |name: &str| root.0.join(name).to_str().unwrap().to_owned();
    let point_to = |generation: &str| {
        for key in ["ak", "sk"] {
            std::fs::copy(path(&format!("{generation}/{key}")), path("staged")).unwrap();
            std::fs::rename(path("staged"), path(key)).unwrap();
        }
    };
    point_to("a");
    // The rotation happens when the second key is asked for: once, between the two.
    let rotated = std::cell::Cell::new(false);
    let environment = |name: &str| match name {
        "KLING_ACCESS_KEY_FILE" => Some(path("ak")),
        "KLING_SECRET_KEY_FILE" => {
            if !rotated.replace(true) {
                point_to("b");
            }
            Some(path("sk"))
        }
        _ => None,
    };
    let machine = Environment::new(&environment, Path::new("/"));
    let found = resolve(Explicit::default(), machine).unwrap();
    assert_eq!(found.credentials.access_key(), Some("access-b"));
}

/// A copy with the length and the times of its original is another file all the same.
#[cfg(unix)]
#[test]
fn a_copy_of_the_same_age_is_noticed() {
    let root = Root::new("a copy of the same age");
    let (auth, environment) = mounted(&root);
    let first = token(&auth, &environment, NOW);
    let path = root.0.join("secrets/sk");
    let age = path.metadata().unwrap().modified().unwrap();
    let copy = root.write("copy", "other00123456789canary0123456789", None);
    std::fs::File::options().write(true).open(&copy).unwrap().set_modified(age).unwrap();
    std::fs::rename(copy, path).unwrap();
    assert_ne!(token(&auth, &environment, NOW + 60), first);
}

#[test]
fn a_broken_file_is_told_once_and_notes_do_not_pile_up() {
    let root = Root::new("warned once");
    let (auth, environment) = mounted(&root);
    token(&auth, &environment, NOW);
    root.write("secrets/sk", "", None);
    for minute in 1..100 {
        token(&auth, &environment, NOW + 60 * minute);
    }
    assert_eq!(auth.take_warnings().len(), 1);
}

#[test]
fn refresh_looks_at_files_too() {
    let root = Root::new("refresh looks");
    let (auth, environment) = mounted(&root);
    let first = bindings::refresh(bindings::engine(&auth), &environment, NOW).token;
    root.write("secrets/sk", "rotated-secret-key", None);
    assert_ne!(
        bindings::refresh(bindings::engine(&auth), &environment, NOW).token.as_str(),
        first.as_str()
    );
}

/// However often a value is wrapped, there is one warning for each kind of wrapping.
#[test]
fn what_is_taken_off_is_told_once() {
    let wrapped = format!("{}api-key-kling-0123456789{}", "\" '".repeat(500), "' \"".repeat(500));
    let environment = |name: &str| (name == "KLING_API_KEY").then(|| wrapped.clone());
    let machine = Environment::new(&environment, Path::new("/"));
    let warnings = resolve(Explicit::default(), machine).unwrap().warnings;
    assert_eq!(warnings.iter().map(Event::code).collect::<Vec<_>>(), ["WARN_CLEANED"; 2]);
}

/// A pipe would keep its reader waiting for a writer that never comes.
#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting() {
    let root = Root::new("a pipe");
    let pipe = root.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let path = pipe.to_str().unwrap().to_owned();
    let environment = move |name: &str| (name == "KLING_API_KEY_FILE").then(|| path.clone());
    let machine = Environment::new(&environment, Path::new("/"));
    assert_eq!(resolve(Explicit::default(), machine).unwrap_err().code(), "ERR_FILE_UNREADABLE");
}

/// A rotation by hand is not undone by a file that was being read meanwhile.
#[test]
fn a_rotation_while_a_file_is_read_again_stays() {
    let root = Root::new("a rotation meanwhile");
    let (auth, environment) = mounted(&root);
    let rotating = |name: &str| {
        let by_hand = Credentials::key_pair("by-hand", "secret-key").unwrap();
        auth.rotate(&by_hand);
        environment(name)
    };
    bindings::reload(bindings::engine(&auth), &rotating).unwrap();
    assert_eq!(auth.access_key().as_deref(), Some("by-hand"));
    assert_eq!(auth.source(), "arguments");
}

#[test]
fn what_the_caller_gave_has_nowhere_to_be_read_again() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    let first = auth.token_at(NOW);
    assert!(!bindings::engine(&auth).can_reload());
    assert_eq!(auth.reload().unwrap_err().code(), "ERR_CREDENTIALS_NO_SOURCE");
    assert_eq!(auth.token_at(NOW).as_str(), first.as_str());
}

/// Hosts that read the environment beforehand read all that a search asks for.
#[test]
fn a_search_asks_for_known_variables_alone() {
    let asked = RefCell::new(Vec::new());
    let environment = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        (name == "HOME").then(|| "/nowhere".to_owned())
    };
    let machine = Environment::new(&environment, Path::new("/nowhere"));
    assert!(resolve(Explicit::default(), machine).is_err());
    let known: Vec<_> = env_names().collect();
    let asked = asked.into_inner();
    assert!(asked.len() > 50 && asked.iter().all(|name| known.contains(name)), "{asked:?}");
    assert!(known.iter().all(|name| asked.contains(name)
        || name == "USERPROFILE"
        || name.contains("BASE")
        || name.contains("URL")
        || name.contains("HOST")
        || name.contains("REGION")));
}

/// What prints an error and its sources says it once.
#[test]
fn an_error_says_it_once() {
    let error = KlingAuth::new("access key", "secret-key").unwrap_err();
    assert!(std::error::Error::source(&error).is_none());
    assert!(error.to_string().contains("access key"));
}
