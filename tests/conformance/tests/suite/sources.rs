//! Where credentials are found, and how they are sanitized, refused or warned about.

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

/// The kind of a source, from its text.
fn kind_of(source: &str) -> &'static str {
    match source {
        "arguments" => "arguments",
        text if text.starts_with("environment (") => "environment",
        text if text.ends_with(']') => "profile",
        _ => "dotenv",
    }
}

/// What differs from the case, if anything.
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
    let (is_right, output) = match found(case, &root) {
        Ok(auth) => {
            let (warnings, unused) = (auth.take_warnings(), unused(&auth));
            let codes: Vec<_> = warnings.iter().map(Event::code).collect();
            let texts: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            let output = format!("{auth:?} {} {unused:?} {codes:?} {texts:?}", auth.base_url());
            (is_as_expected(&auth, &codes), output)
        }
        Err(error) => (
            Some(error.code()) == case.code.as_deref(),
            format!("{}: {error} {error:?}", error.code()),
        ),
    };
    let mentions = case.mentions.iter().all(|mention| output.contains(&root.fill(mention)));
    let is_right = is_right && mentions && !output.contains("canary");
    (!is_right).then(|| format!("{}: {output}", case.name))
}

const NOW: u64 = 1_800_000_000;

/// A manager with a mounted secret, and the environment that names its files.
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

/// The names of other credentials in the same location.
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
    assert_eq!(token(&auth, &environment, NOW + 59), first, "files are read at most once a minute");
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

    root.write("secrets/sk", "repaired-secret-key", None);
    assert_ne!(token(&auth, &environment, NOW + 120), first);
}

/// The two keys belong together even if files are renamed between reading them.
#[test]
fn a_rotation_never_mixes_two_pairs() {
    let root = Root::new("pairs are not mixed");
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

/// A copy with the same length and times as its original counts as another file.
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
fn a_broken_file_causes_one_warning() {
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

/// A value that is wrapped many times causes one warning for each kind of wrapping.
#[test]
fn sanitizing_warns_once() {
    let wrapped = format!("{}api-key-kling-0123456789{}", "\" '".repeat(500), "' \"".repeat(500));
    let environment = |name: &str| (name == "KLING_API_KEY").then(|| wrapped.clone());
    let machine = Environment::new(&environment, Path::new("/"));
    let warnings = resolve(Explicit::default(), machine).unwrap().warnings;
    assert_eq!(warnings.iter().map(Event::code).collect::<Vec<_>>(), ["WARN_CLEANED"; 2]);
}

/// Opening a pipe would block until a writer opens it.
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

/// An explicit rotation is not undone by a file that is being read at the same time.
#[test]
fn a_rotation_while_a_file_is_read_again_stays() {
    let root = Root::new("a rotation during a reload");
    let (auth, environment) = mounted(&root);
    let rotating = |name: &str| {
        let explicit = Credentials::key_pair("explicit", "secret-key").unwrap();
        auth.rotate(&explicit);
        environment(name)
    };
    bindings::reload(bindings::engine(&auth), &rotating).unwrap();
    assert_eq!(auth.access_key().as_deref(), Some("explicit"));
    assert_eq!(auth.source(), "arguments");
}

#[test]
fn explicit_credentials_cannot_be_reloaded() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    let first = auth.token_at(NOW);
    assert!(!bindings::engine(&auth).can_reload());
    assert_eq!(auth.reload().unwrap_err().code(), "ERR_CREDENTIALS_NO_SOURCE");
    assert_eq!(auth.token_at(NOW).as_str(), first.as_str());
}

/// Some hosts read the environment in advance: `env_names` lists all variables that a search reads.
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

/// Printing an error and its sources does not repeat the message.
#[test]
fn an_error_says_it_once() {
    let error = KlingAuth::new("access key", "secret-key").unwrap_err();
    assert!(std::error::Error::source(&error).is_none());
    assert!(error.to_string().contains("access key"));
}
