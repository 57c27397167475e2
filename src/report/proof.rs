//! What one proof shows, judged with nothing else at hand.

use std::path::PathBuf;

use serde::Serialize;

use super::page::Page;
use super::screen::Screen;
use crate::chain::proof::{Objection, Proof, ProofFileError, ProofKind, Statement};
use crate::hash::PartyId;

/// Whether a proof shows what it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    /// It does.
    Holds,
    /// It does not.
    DoesNotHold,
    /// This version cannot tell.
    CannotJudge,
}

/// A proof that was judged.
#[derive(Clone, Debug, Serialize)]
pub struct ProofScreen {
    file: PathBuf,
    /// Whether it holds.
    pub verdict: ProofVerdict,
    kind: Option<ProofKind>,
    party: Option<PartyId>,
    statement: Option<Statement>,
    /// The step that fails.
    step: Option<&'static str>,
    why: Option<String>,
}

impl ProofScreen {
    /// Returns the screen of a proof that was judged.
    pub fn judged(file: PathBuf, proof: &Proof, outcome: Result<Statement, Objection>) -> Self {
        let (verdict, statement, objection) = match outcome {
            Ok(statement) => (ProofVerdict::Holds, Some(statement), None),
            Err(one) if one.cannot_judge => (ProofVerdict::CannotJudge, None, Some(one)),
            Err(one) => (ProofVerdict::DoesNotHold, None, Some(one)),
        };
        Self {
            file,
            verdict,
            kind: Some(proof.kind),
            party: Some(proof.party()),
            statement,
            step: objection.as_ref().map(|one| one.step),
            why: objection.map(|one| one.why),
        }
    }

    /// Returns the screen of a file that a later version wrote.
    pub fn not_read(file: PathBuf, error: &ProofFileError) -> Self {
        Self {
            file,
            verdict: ProofVerdict::CannotJudge,
            kind: None,
            party: None,
            statement: None,
            step: Some("file"),
            why: Some(error.to_string()),
        }
    }
}

impl Screen for ProofScreen {
    const NAME: &'static str = "proof-check";

    fn write(&self, page: &mut Page) {
        let kind = self.kind.map_or("unknown kind", ProofKind::name).replace('_', " ");
        let verdict = match self.verdict {
            ProofVerdict::Holds => "holds",
            ProofVerdict::DoesNotHold => "does not hold",
            ProofVerdict::CannotJudge => "cannot be judged by this version",
        };
        page.heading(&format!("Proof of {kind}: it {verdict}"));
        if let Some(party) = &self.party {
            page.line(2, &format!("signed by party {party}"));
        }
        if let Some(statement) = &self.statement {
            page.line(2, &format!("what it signed: {}", statement.says));
            for record in &statement.records {
                let line = format!("{} record {}, claims {}", record.kind, record.seq, record.signed_at);
                page.line(4, &line.replace('_', " "));
                page.line(6, &record.record.to_string());
            }
            if let Some(twice) = &statement.twice {
                page.line(2, &format!("lot {}", twice.lot));
            }
            if let Some(target) = &statement.target {
                page.line(2, &format!("corrected record {target}"));
            }
            page.line(2, "The file says what was signed. It does not say why, who holds the key now, or what was true.");
        }
        if let (Some(step), Some(why)) = (self.step, &self.why) {
            page.line(2, &format!("step `{step}`: {why}"));
        }
    }
}
