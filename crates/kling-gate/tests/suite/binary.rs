//! The program: its output, its flags, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use kling_gate::{DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, DEMO_WEBHOOK_SECRET};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{LIST, RESOURCES, control, get, send, token};

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kling-gate"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command line that ends by itself, or when stdin is closed, which happens at once.
fn output(arguments: &[&str]) -> Output {
    command().arg("--until-stdin-closes").args(arguments).output().expect("the program ends")
}

/// A running program that does not outlive its test.
struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// The line printed at start.
    greeting: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command().arg("--until-stdin-closes").args(arguments).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let greeting = serde_json::from_str(&line).expect("one line of JSON");
        Self { child, stdout, greeting }
    }

    fn url(&self) -> &str {
        self.greeting["url"].as_str().expect("a url")
    }

    /// Closes stdin and returns the exit status and the rest of the output.
    fn finish(mut self) -> (ExitStatus, String, String) {
        drop(self.child.stdin.take());
        let deadline = Instant::now() + Duration::from_secs(20);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "still running after stdin has closed");
            std::thread::sleep(Duration::from_millis(5));
        };
        let [mut stdout, mut stderr] = [String::new(), String::new()];
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (status, stdout, stderr)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails if the program has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file that is removed with its handle.
struct AccountsFile(PathBuf);

impl AccountsFile {
    fn new(name: &str, json: &str) -> Self {
        // The directory is shared with other runs of these tests at the same time.
        let name = format!("{}-{name}", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, json).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for AccountsFile {
    fn drop(&mut self) {
        // A file that is left is in the target directory and harmless.
        let _ = fs::remove_file(&self.0);
    }
}

fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

#[test]
fn prints_one_line_serves_and_ends_with_stdin() {
    let program = Program::start(&[]);
    let url = program.url().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"));
    assert_eq!(
        program.greeting,
        json!({
            "url": url,
            "access_key": DEMO_ACCESS_KEY,
            "secret_key": DEMO_SECRET_KEY,
            "api_key": DEMO_API_KEY,
            "webhook_secret": DEMO_WEBHOOK_SECRET,
        })
    );
    let answer = get(&url, LIST, &token(now()));
    assert_eq!(answer.status, 200);
    assert!(answer.date.is_some());

    let (status, stdout, stderr) = program.finish();
    assert!(status.success());
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""));
}

#[test]
fn serves_without_end_unless_it_watches_stdin() {
    let mut child = command().spawn().unwrap();
    drop(child.stdin.take());
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let greeting: Value = serde_json::from_str(&line).unwrap();
    let answer = get(greeting["url"].as_str().unwrap(), LIST, DEMO_API_KEY);
    let ended = child.try_wait().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((answer.status, ended), (200, None));
}

#[test]
fn sets_skew_and_date() {
    let program = Program::start(&["--skew", "-3600", "--no-date"]);
    let answer = get(program.url(), LIST, &token(now()));
    assert_eq!((answer.verdict().1, answer.date), (1003, None));
}

#[test]
fn logs_to_stderr_without_a_secret() {
    let program = Program::start(&["--log"]);
    let token = token(now());
    get(program.url(), &format!("/account/costs?token={token}"), &token);
    get(program.url(), LIST, DEMO_API_KEY);
    send(&Method::POST, program.url(), LIST, None, Some("{}"));
    let (_, _, stderr) = program.finish();
    assert_eq!(
        stderr,
        "GET /account/costs 400 1201 jwt\n\
         GET /v1/videos/text2video 200 0 api_key\n\
         POST /v1/videos/text2video 401 1001 none\n"
    );
}

#[test]
fn logs_a_body_without_a_code() {
    let program = Program::start(&["--log"]);
    control(&Method::PUT, program.url(), "answers", Some(r#"[{"body": "{}"}]"#));
    get(program.url(), LIST, DEMO_API_KEY);
    let (_, _, stderr) = program.finish();
    assert_eq!(stderr, "GET /v1/videos/text2video 200 - api_key\n");
}

#[test]
fn reads_accounts_from_a_file_and_does_not_repeat_them() {
    let accounts = r#"{"api_keys": ["api-key-kling-of-the-file"]}"#;
    let file = AccountsFile::new("accounts.json", accounts);
    let program = Program::start(&["--accounts", file.path()]);
    assert_eq!(
        program.greeting,
        json!({ "url": program.url(), "webhook_secret": DEMO_WEBHOOK_SECRET })
    );
    assert_eq!(get(program.url(), LIST, "api-key-kling-of-the-file").status, 200);
    assert_eq!(get(program.url(), LIST, DEMO_API_KEY).status, 401);
}

#[test]
fn is_the_host_of_a_region() {
    let accounts = r#"{"api_keys": [
        {"api_key": "api-key-kling-of-singapore", "region": "singapore"},
        {"api_key": "api-key-kling-of-beijing", "region": "beijing"}
    ]}"#;
    let file = AccountsFile::new("regions.json", accounts);
    let program = Program::start(&["--accounts", file.path(), "--region", "beijing"]);
    assert_eq!(get(program.url(), LIST, "api-key-kling-of-beijing").status, 200);
    assert_eq!(get(program.url(), LIST, "api-key-kling-of-singapore").verdict().1, 1002);
}

#[test]
fn names_the_file_that_it_cannot_use() {
    let malformed = AccountsFile::new("malformed.json", "canary");
    for file in [malformed.path(), "no/such/file"] {
        let output = output(&["--accounts", file]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr.starts_with(&format!("kling-gate: {file}: ")), "{stderr}");
        assert!(!stderr.contains("canary"));
    }
}

#[test]
fn refuses_what_it_cannot_do() {
    for (arguments, reason) in [
        (&["--listen", "0.0.0.0:0"][..], "loopback only"),
        (&["--listen", "loopback"], "loopback"),
        (&["--skew", "1.5"], "1.5"),
        (&["--skew"], "--skew"),
        (&["--region"], "--region"),
        (&["--secret-key", "x"], "--secret-key"),
        (&["x"], "x"),
    ] {
        let output = output(arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(stderr.starts_with("kling-gate: ") && stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn prints_its_version() {
    for argument in ["--version", "-V"] {
        let output = output(&[argument]);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        let version = format!("kling-gate {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), version);
    }
}

#[test]
fn help_names_every_flag_and_resource() {
    let output = output(&["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for word in [
        "--accounts",
        "--region",
        "--listen",
        "--skew",
        "--no-date",
        "--log",
        "--until-stdin-closes",
        "--help",
        "--version",
    ] {
        assert!(help.contains(word), "{word}");
    }
    for resource in RESOURCES {
        assert!(help.contains(&format!("/_gate/{resource} ")), "{resource}");
    }
}
