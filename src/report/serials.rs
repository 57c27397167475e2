//! Screens of serial numbers: the root of a list, a proof that was made, proofs that were checked.

use std::path::PathBuf;

use serde::Serialize;

use super::known::Called;
use super::page::Page;
use super::screen::Screen;
use crate::custody::names;
use crate::hash::Hash;
use crate::model::lotref::LotRef;

/// A list of serial numbers that was salted.
#[derive(Clone, Debug, Serialize)]
pub struct SerialsScreen {
    /// The root, as a lot's record names it.
    pub root: Hash,
    /// How many numbers there are.
    pub count: usize,
    /// The file that is kept.
    pub file: PathBuf,
}

impl Screen for SerialsScreen {
    const NAME: &'static str = "serials-made";

    fn write(&self, page: &mut Page) {
        page.line(0, &format!("Salted {}.", names::count(self.count, "serial number")));
        page.line(2, &format!("root: {}", self.root));
        page.line(
            2,
            &format!(
                "kept in {}: keep it safe and private. Without it no number can be shown; whoever has it can show all",
                self.file.display()
            ),
        );
        page.line(
            0,
            "Next: record the lot with `--serials FILE`, or with `serials ROOT` behind it in `--out`.",
        );
    }
}

/// A proof that was made.
#[derive(Clone, Debug, Serialize)]
pub struct SerialProofScreen {
    /// The lot.
    pub lot: Called<LotRef>,
    /// The root it leads to.
    pub root: Hash,
    /// How many numbers it shows.
    pub shown: usize,
    /// Of how many.
    pub size: u64,
    /// The file.
    pub file: PathBuf,
    /// Whether the lot's record is held here and names the root; none where it is not held.
    pub is_named_by_record: Option<bool>,
}

impl Screen for SerialProofScreen {
    const NAME: &'static str = "serials-proved";

    fn write(&self, page: &mut Page) {
        let lot = self.lot.text(page.style());
        let shown = names::count(self.shown, "serial number");
        page.line(0, &format!("Wrote {}: {shown} of {} of lot {lot}.", self.file.display(), self.size));
        if self.is_named_by_record != Some(true) {
            page.line(
                2,
                "the record of the lot is not held here, so whether it names this root was not checked",
            );
        }
    }
}

/// What was found about one proof.
#[derive(Clone, Debug, Serialize)]
pub struct CheckedSerials {
    /// The file.
    pub file: PathBuf,
    /// The lot that it is about.
    pub lot: Called<LotRef>,
    /// The root that it leads to.
    pub root: Hash,
    /// How many numbers it shows.
    pub shown: usize,
    /// Of how many.
    pub size: u64,
    /// Whether it holds.
    pub verdict: SerialsVerdict,
    /// What is wrong with it, or what is missing.
    pub why: Vec<String>,
}

/// Whether a proof of serial numbers holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SerialsVerdict {
    /// The record of the lot names the root, and every number is below it.
    Holds,
    /// Every number is below the root, and whether the lot's record names that is not known.
    NotEstablished,
    /// It does not hold.
    DoesNotHold,
}

/// Proofs that were checked.
#[derive(Clone, Debug, Serialize)]
pub struct SerialsCheckScreen {
    /// The worst of all.
    pub verdict: SerialsVerdict,
    /// One for each file.
    pub proofs: Vec<CheckedSerials>,
    /// Numbers shown for two lots that are not the same goods.
    pub shown_twice: Vec<ShownTwice>,
}

/// A serial number shown for two lots.
#[derive(Clone, Debug, Serialize)]
pub struct ShownTwice {
    /// The number.
    pub serial: String,
    /// The lots.
    pub lots: [Called<LotRef>; 2],
}

impl Screen for SerialsCheckScreen {
    const NAME: &'static str = "serials-check";

    fn write(&self, page: &mut Page) {
        for proof in &self.proofs {
            let lot = proof.lot.text(page.style());
            let shown = format!("{} of {}", names::count(proof.shown, "serial number"), proof.size);
            let file = proof.file.display();
            match proof.verdict {
                SerialsVerdict::Holds => {
                    page.line(
                        0,
                        &format!("{file} holds: {shown} of lot {lot} are shown, as its record says."),
                    );
                }
                SerialsVerdict::NotEstablished => {
                    page.line(
                        0,
                        &format!("{file} is sound, but not established: {shown}, said to be of lot {lot}."),
                    );
                }
                SerialsVerdict::DoesNotHold => {
                    page.line(0, &format!("{file} does not hold: {shown}, said to be of lot {lot}."));
                }
            }
            for why in &proof.why {
                page.hanging("  - ", "    ", why);
            }
        }
        if !self.shown_twice.is_empty() {
            page.heading("Shown for two lots");
            for one in &self.shown_twice {
                let lots = [0, 1].map(|at: usize| one.lots[at].text(page.style()));
                page.line(2, &format!("{}: for {} and for {}", one.serial, lots[0], lots[1]));
            }
            page.line(2, "One thing is in one lot: at most one of the proofs can be right.");
        }
    }
}
