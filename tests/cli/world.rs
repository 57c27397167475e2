//! A directory with ledgers in it, and the program run there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A directory of its own and the time the program is told.
pub struct World {
    dir: tempfile::TempDir,
    now: String,
}

/// What one run gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory can be made");
        Self { dir, now: "2026-11-25T08:00:00Z".to_owned() }
    }

    /// Sets the time that later runs are told.
    pub fn at(&mut self, now: &str) {
        self.now = now.to_owned();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the directory is ours");
    }

    fn command(&self, ledger: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lodemark"));
        command.current_dir(self.dir.path()).env_remove("LODEMARK_LEDGER").stdin(Stdio::null());
        command.args(["--ledger", ledger, "--now", &self.now]).args(arguments);
        command
    }

    /// Runs the program on a ledger of this world.
    pub fn run(&self, ledger: &str, arguments: &[&str]) -> Ran {
        ran(self.command(ledger, arguments).output().expect("the program starts"))
    }

    /// Runs the program with a text on its standard input.
    pub fn run_with(&self, ledger: &str, arguments: &[&str], input: &str) -> Ran {
        use std::io::Write;
        let mut command = self.command(ledger, arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        child.stdin.take().expect("it was piped").write_all(input.as_bytes()).expect("it reads");
        ran(child.wait_with_output().expect("it ends"))
    }

    /// Runs the program and expects status 0; returns what it printed.
    ///
    /// Where the day of an event is not what a test is about, it goes on with `--yes` as a person would.
    pub fn ok(&self, ledger: &str, arguments: &[&str]) -> String {
        let mut ran = self.run(ledger, arguments);
        if ran.code == 2 && ran.err.contains("`--late REASON`") {
            ran = self.run(ledger, &[arguments, &["--yes"]].concat());
        }
        assert_eq!(ran.code, 0, "{arguments:?}\n{}{}", ran.out, ran.err);
        ran.out
    }

    /// Runs a command line as a shell would, without the ledger and the time that other runs are told.
    pub fn paste(&self, line: &str) -> Ran {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).current_dir(self.dir.path()).env_remove("LODEMARK_LEDGER");
        ran(command.output().expect("a shell starts"))
    }

    /// Makes a ledger and one facility in it; returns the party's id.
    pub fn party(&self, ledger: &str, name: &str, place: &str, role: &str, stages: &[&str]) -> String {
        self.ok(ledger, &["init", "--name", name, "--country", &place[..2], "--role", role]);
        if !stages.is_empty() {
            let facility = format!("{name} works");
            let mut arguments = vec!["facility", "declare", &facility, "--place", place];
            arguments.extend(stages.iter().flat_map(|stage| ["--stage", stage]));
            self.ok(ledger, &arguments);
        }
        field(&self.ok(ledger, &["--format", "json", "key", "show"]), "party")
    }
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("results are UTF-8"),
        err: String::from_utf8(output.stderr).expect("errors are UTF-8"),
    }
}

/// Returns the first text field of this name in a JSON text.
pub fn field(json: &str, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is no text in {json}")).to_owned()
}

/// Compares a screen with the one kept under `tests/snapshots`.
///
/// Ids and directories, which differ from run to run, are written as `#` and `DIR`. With `LODEMARK_ACCEPT=1` in the
/// environment the file is written instead: read the difference before it is committed.
pub fn compare(world: &World, name: &str, text: &str) {
    let text = steady(text, &world.dir.path().display().to_string());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("LODEMARK_ACCEPT").is_some() {
        std::fs::write(&path, &text).expect("the snapshot can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(kept == text, "{name} differs; it is now:\n{text}");
}

/// Replaces what differs from run to run: hex of 16 digits or more, and the directory.
fn steady(text: &str, dir: &str) -> String {
    let text = text.replace(dir, "DIR").replace(env!("CARGO_BIN_EXE_lodemark"), "lodemark");
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if matches!(c, '0'..='9' | 'a'..='f') {
            run.push(c);
            continue;
        }
        match run.len() {
            64 => out.push_str("ID"),
            16 | 47 => out.push_str("SHORT"),
            _ => out.push_str(&run),
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}
