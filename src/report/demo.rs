//! The demonstration: who took part, what was handed over, and the buyer's screen.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::page::{Lean, Page};
use super::screen::Screen;
use super::trace::TraceScreen;
use super::verify::VerifyScreen;
use crate::model::day::Day;
use crate::scenario::{Checked, Count};

/// A chain that was played, and what the buyer sees of it.
#[derive(Clone, Debug, Serialize)]
pub struct DemoScreen {
    /// Directory with everything in it.
    pub dir: PathBuf,
    /// What is played.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Who took part.
    pub parties: Vec<DemoParty>,
    /// What was handed over, in order.
    pub handovers: Vec<DemoHandover>,
    /// Private items that senders kept back.
    pub withheld: Vec<String>,
    /// What was expected of the verifier, and whether it came out.
    pub expectations: Count,
    /// Each expectation with what came out.
    pub checked: Vec<Checked>,
    /// What the buyer is told.
    pub report: VerifyScreen,
    /// The chain as a tree.
    pub tree: TraceScreen,
    /// What to try next.
    pub commands: Commands,
}

/// One party of the demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct DemoParty {
    /// Its name in the scenario.
    pub alias: String,
    /// Its legal name.
    pub name: String,
    /// What it does.
    pub roles: Vec<String>,
    /// Directory of its ledger.
    pub ledger: PathBuf,
    /// Records in its chain.
    pub records: usize,
}

/// One file that was handed over.
#[derive(Clone, Debug, Serialize)]
pub struct DemoHandover {
    /// The file.
    pub file: PathBuf,
    /// Who wrote it.
    pub by: String,
    /// Who took it in.
    pub to: Vec<String>,
    /// Records in it.
    pub records: u64,
    /// Its length.
    pub bytes: usize,
    /// Private values shown in it.
    pub shown: u64,
    /// Private values held back.
    pub withheld: u64,
}

/// Commands to paste.
#[derive(Clone, Debug, Serialize)]
pub struct Commands {
    /// What each is for, and the command.
    pub next: Vec<(String, String)>,
}

impl Commands {
    /// Returns the commands for a demonstration in `dir`; the goods that the capsule `file` is about were due on the day `arrival`.
    pub fn new(program: &Path, dir: &Path, buyer: &str, lot: &str, file: &Path, arrival: Day) -> Self {
        let program = quoted(&program.display().to_string());
        let at = |path: &Path| quoted(&path.display().to_string());
        let ledger = dir.join(buyer);
        let verify = format!("{program} --ledger {} verify {lot}", at(&ledger));
        let trace = format!("{program} --ledger {} trace {lot}", at(&ledger));
        let from_file = format!(
            "{program} capsule verify {} --trust {} --as-of {arrival}",
            at(file),
            at(&ledger.join("trust.toml"))
        );
        Self {
            next: vec![
                ("ask for the whole report again, from the buyer's ledger".to_owned(), verify),
                ("walk the chain back to the ground".to_owned(), trace),
                (
                    "need no ledger at all: judge the capsule on the way, before the goods arrived"
                        .to_owned(),
                    from_file,
                ),
            ],
        }
    }
}

fn quoted(text: &str) -> String {
    let plain =
        text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '\\'));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

impl DemoScreen {
    /// Counts which expectations hold.
    pub fn count(checked: &[Checked]) -> Count {
        let held = checked.iter().filter(|one| one.holds).count();
        Count { held, broken: checked.len() - held }
    }
}

impl Screen for DemoScreen {
    const NAME: &'static str = "demo";

    fn write(&self, page: &mut Page) {
        page.heading(&self.title);
        page.line(0, &self.about);
        page.heading("Who keeps a ledger");
        let mut rows = vec![["party", "what it does", "records", "ledger"].map(str::to_owned).to_vec()];
        for party in &self.parties {
            let roles: Vec<String> = party.roles.iter().map(|role| role.replace('_', " ")).collect();
            let ledger = party.ledger.file_name().map_or_else(String::new, |name| name.display().to_string());
            rows.push(vec![party.name.clone(), roles.join(", "), party.records.to_string(), ledger]);
        }
        page.table(2, &[Lean::Left, Lean::Left, Lean::Right, Lean::Left], &rows);
        page.line(2, &format!("all of it is in {}; every key is fresh", self.dir.display()));
        page.heading("What was handed over");
        let mut rows = vec![["file", "records", "bytes", "shown", "kept back"].map(str::to_owned).to_vec()];
        for one in &self.handovers {
            let file = one.file.file_name().map_or_else(String::new, |name| name.display().to_string());
            rows.push(vec![
                file,
                one.records.to_string(),
                one.bytes.to_string(),
                one.shown.to_string(),
                one.withheld.to_string(),
            ]);
        }
        page.table(2, &[Lean::Left, Lean::Right, Lean::Right, Lean::Right, Lean::Right], &rows);
        page.line(
            2,
            &format!(
                "kept back by every sender: {}; a reader sees that they exist, and not what they say",
                self.withheld.join(", ")
            ),
        );
        page.blank();
        page.line(0, &"=".repeat(page.style().width.min(72)));
        page.heading("The buyer's screen");
        self.report.write_for_demo(page);
        page.heading("The chain as a tree; each line is made of what stands under it");
        self.tree.write_tree(page);
        self.report.write_not_established(page);
        page.heading("Checked against what the scenario expects");
        page.line(
            2,
            &format!("{} expectations hold, {} are broken", self.expectations.held, self.expectations.broken),
        );
        for one in self.checked.iter().filter(|one| !one.holds) {
            super::scenario::checked(page, one);
        }
        page.heading("Try next");
        for (what, command) in &self.commands.next {
            page.line(2, &format!("{what}:"));
            page.verbatim(&format!("    {command}"));
        }
    }
}
