//! `commands.json`: one table of command lines, for each way to install the program. Here it is
//! run through the binary; what needs a terminal is run through the binary's library.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
};

use base64ct::{Base64, Encoding};
use kling_auth::{
    HmacKey,
    check::{CheckResponse, send},
    unix_now,
};
use kling_auth_cli::{Cli, Host, Reply, Step, Terminals};
use kling_conformance::read;
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, Gate};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

/// The key of the secret in the table's callbacks.
const WEBHOOK_KEY: &[u8] = b"the gate's webhook secret";
/// Where nobody listens.
const CLOSED: &str = "http://127.0.0.1:9";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    arguments: Vec<String>,
    #[serde(default)]
    environment: HashMap<String, String>,
    #[serde(default)]
    stdin: String,
    /// Below the root; the program runs in its `project`, and `home` is its home.
    #[serde(default)]
    files: HashMap<String, String>,
    #[serde(default)]
    gate: Situation,
    /// Whether standard output is a terminal.
    #[serde(default)]
    terminal: bool,
    status: u8,
    stdout: Option<String>,
    stdout_matches: Option<String>,
    stderr: Option<String>,
    stderr_matches: Option<String>,
}

/// How the gate is set up.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Situation {
    answers: Value,
    skew: i64,
    date: bool,
}

impl Default for Situation {
    fn default() -> Self {
        Self { answers: Value::Array(Vec::new()), skew: 0, date: true }
    }
}

/// The values of the table's placeholders.
struct World {
    gate: Gate,
    elsewhere: Gate,
    root: PathBuf,
}

impl World {
    fn new() -> Self {
        let nobody = Config { accounts: "{}".parse().unwrap(), ..Config::default() };
        let root = std::env::temp_dir().join(format!("kling-cli-{}", std::process::id()));
        Self {
            gate: Gate::start(Config::default()).unwrap(),
            elsewhere: Gate::start(nobody).unwrap(),
            root,
        }
    }

    fn prepare(&self, case: &Case) {
        let Situation { answers, skew, date } = &case.gate;
        let settings = [
            ("answers", answers.to_string()),
            ("skew", skew.to_string()),
            ("date", date.to_string()),
        ];
        for (resource, body) in settings {
            crate::gate::agent()
                .put(format!("{}/_gate/{resource}", self.gate.url()))
                .send(body)
                .unwrap();
        }
        let _ = fs::remove_dir_all(&self.root);
        fs::create_dir_all(self.root.join("project")).unwrap();
        for (path, text) in &case.files {
            let path = self.root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, self.fill(text, case)).unwrap();
            #[cfg(unix)]
            fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .unwrap();
        }
    }

    fn fill(&self, text: &str, case: &Case) -> String {
        let gate = self.gate.url();
        let now = unix_now().to_string();
        let values = [
            ("{gate}", gate),
            ("{gate_https}", &gate.replace("http:", "https:")),
            ("{elsewhere}", self.elsewhere.url()),
            ("{closed}", CLOSED),
            ("{access_key}", DEMO_ACCESS_KEY),
            ("{secret_key}", DEMO_SECRET_KEY),
            ("{api_key}", DEMO_API_KEY),
            ("{webhook_secret}", &format!("whsec_{}", Base64::encode_string(WEBHOOK_KEY))),
            ("{signature}", &signature(&case.stdin, &now)),
            ("{now}", &now),
            ("{version}", env!("CARGO_PKG_VERSION")),
        ];
        values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    fn environment(&self, case: &Case) -> HashMap<String, String> {
        let filled = case.environment.iter();
        let mut environment: HashMap<_, _> =
            filled.map(|(name, value)| (name.clone(), self.fill(value, case))).collect();
        environment.insert("HOME".to_owned(), self.root.join("home").display().to_string());
        environment
    }

    fn arguments(&self, case: &Case) -> Vec<String> {
        case.arguments.iter().map(|argument| self.fill(argument, case)).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The signature of the callback `msg_1` over this body.
fn signature(body: &str, now: &str) -> String {
    let signed = format!("msg_1.{now}.{body}");
    format!("v1,{}", Base64::encode_string(&HmacKey::new(WEBHOOK_KEY).sign(signed.as_bytes())))
}

/// The program, built once: Cargo only gives a test the binaries of the test's own package.
pub(crate) fn binary() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().nth(3).unwrap();
        let status = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--quiet", "--package", "kling-auth-cli", "--bins"])
            .arg("--target-dir")
            .arg(target)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(status.unwrap().success());
        target.join("debug").join(format!("kling-auth{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Exit status, standard output and standard error.
type Output = (u8, String, String);

fn through_the_binary(world: &World, case: &Case) -> Output {
    let mut child = Command::new(binary())
        .args(world.arguments(case))
        .env_clear()
        // If coverage is measured, the program's is, too.
        .envs(std::env::var("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
        .envs(world.environment(case))
        .current_dir(world.root.join("project"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends without reading its input has closed the pipe.
    let _ = child.stdin.take().unwrap().write_all(world.fill(&case.stdin, case).as_bytes());
    let output = child.wait_with_output().unwrap();
    (
        u8::try_from(output.status.code().unwrap()).unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn through_the_library(world: &World, case: &Case) -> Output {
    let environment = world.environment(case);
    let mut cli = Cli::new(Host::new(
        world.arguments(case).into_iter().map(Into::into).collect(),
        Box::new(move |name| environment.get(name).cloned()),
        world.root.join("project"),
        Terminals::new(false, case.terminal, false),
    ));
    let mut reply = Reply::Start;
    loop {
        reply = match cli.step(reply, unix_now()) {
            Step::Exit(exit) => return (exit.status, exit.stdout, exit.stderr),
            Step::Read { .. } => Reply::Input(world.fill(&case.stdin, case).into_bytes()),
            Step::Send { request, timeout, notice } => {
                assert_eq!(notice, "", "{}", case.name);
                thread::sleep(Duration::from_secs(request.wait));
                send(&request, timeout).map_or_else(Reply::Failed, Reply::Response)
            }
        };
    }
}

/// What is wrong with the exit of a case, if anything.
fn fault(world: &World, case: &Case, output: &Output) -> Option<String> {
    let (status, stdout, stderr) = output;
    let matches = |text: &str, exact: Option<&String>, pattern: Option<&String>| match pattern {
        Some(pattern) => {
            let pattern = format!("^(?:{})$", world.fill(pattern, case));
            Regex::new(&pattern).expect(&case.name).is_match(text)
        }
        None => text == world.fill(exact.map_or("", String::as_str), case),
    };
    let is_as_expected = *status == case.status
        && matches(stdout, case.stdout.as_ref(), case.stdout_matches.as_ref())
        && matches(stderr, case.stderr.as_ref(), case.stderr_matches.as_ref());
    // All secrets of the tests contain `canary`, except those of the gate's account.
    let all = format!("{stdout}{stderr}");
    let shows = all.contains("canary") || all.contains(DEMO_SECRET_KEY) || stderr.contains("eyJ");
    (!is_as_expected || shows).then(|| format!("{}: {status}\n{stdout}{stderr}", case.name))
}

#[test]
fn every_command_line() {
    let cases: Vec<Case> = read("commands.json");
    assert!(cases.len() > 100);
    let world = World::new();
    let faults = cases.iter().filter_map(|case| {
        let run = || {
            world.prepare(case);
            let through = if case.terminal { through_the_library } else { through_the_binary };
            fault(&world, case, &through(&world, case))
        };
        // Run again if it fails: a second may begin between filling in the time and comparing.
        run().and_then(|_| run())
    });
    let faults: Vec<_> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A host with this API key in its environment.
fn with_api_key(arguments: Vec<OsString>, api_key: &'static str, stderr: bool) -> Host {
    let variable = move |name: &str| (name == "KLING_API_KEY").then(|| api_key.to_owned());
    let terminals = Terminals::new(false, false, stderr);
    Host::new(arguments, Box::new(variable), PathBuf::new(), terminals)
}

/// A host that replies to another step gets an error, and nothing panics.
#[test]
fn a_reply_to_another_step() {
    let arguments = |list: &[&str]| list.iter().map(Into::into).collect();
    for list in [&["inspect", "-"][..], &["check", "--base-url", "https://x"]] {
        let mut cli = Cli::new(with_api_key(arguments(list), DEMO_API_KEY, false));
        assert!(!matches!(cli.step(Reply::Start, 0), Step::Exit(_)));
        for _ in 0..2 {
            let Step::Exit(exit) = cli.step(Reply::Start, 0) else { panic!("no exit") };
            assert_eq!(exit.status, 1);
        }
    }
}

#[test]
fn the_host_that_a_check_asks_is_shown_on_a_terminal_once() {
    let notices = |list: &[&str], stderr| {
        let arguments = list.iter().map(Into::into).collect();
        let mut cli = Cli::new(with_api_key(arguments, DEMO_API_KEY, stderr));
        let early = CheckResponse::new(
            401,
            br#"{"code":1003,"message":"Authorization is not active"}"#.to_vec(),
        )
        .with_date(Some("Fri, 15 Jan 2027 09:00:00 GMT".to_owned()));
        let Step::Send { notice, .. } = cli.step(Reply::Start, 0) else { panic!("no request") };
        match cli.step(Reply::Response(early), 0) {
            Step::Send { notice: second, .. } => assert_eq!(second, ""),
            Step::Exit(exit) => assert!(!exit.stderr.contains("asking"), "{exit:?}"),
            Step::Read { .. } => panic!("reads input"),
        }
        notice
    };
    let host = ["check", "--base-url", "https://api-beijing.klingai.com"];
    assert_eq!(notices(&host, true), "asking https://api-beijing.klingai.com …\n");
    assert_eq!(notices(&host, false), "");
    assert_eq!(notices(&["check", "--json"], true), "");
}

#[test]
fn debug_output_holds_no_secret() {
    let host = with_api_key(vec!["token".into()], "api-key-kling-canary", false);
    let mut cli = Cli::new(host);
    let step = cli.step(Reply::Start, unix_now());
    assert!(!format!("{cli:?} {step:?}").contains("canary"));
    let Step::Exit(exit) = step else { panic!("`token` did not exit") };
    assert_eq!(exit.stdout, "api-key-kling-canary\n");
}
