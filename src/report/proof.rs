//! What one proof shows, judged with nothing else at hand.

use std::path::PathBuf;

use serde::Serialize;

use super::page::Page;
use super::screen::Screen;
use crate::chain::proof::{Objection, Proof, ProofFileError, ProofKind, Statement};
use crate::hash::{PartyId, RecordId};
use crate::model::time::Timestamp;
use crate::record::SignedHeader;

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

/// What stands in a proof, whether or not it holds.
#[derive(Clone, Debug, Serialize)]
pub struct ProofPartsScreen {
    file: PathBuf,
    kind: ProofKind,
    party: PartyId,
    parts: Vec<PartLine>,
}

/// One part; without a header where its first bytes are none.
#[derive(Clone, Debug, Serialize)]
struct PartLine {
    bytes: usize,
    whole: bool,
    inputs_shown: bool,
    header: Option<HeaderLine>,
}

#[derive(Clone, Debug, Serialize)]
struct HeaderLine {
    record: RecordId,
    kind: String,
    control_record: bool,
    party: PartyId,
    epoch: u16,
    seq: u64,
    signed_at: Timestamp,
    prev: RecordId,
    control: RecordId,
}

impl ProofPartsScreen {
    /// Returns the screen of a proof that nobody has judged.
    pub fn new(file: PathBuf, proof: &Proof) -> Self {
        let header = |bytes: &[u8]| {
            let signed = SignedHeader::parse(bytes).ok()?;
            let header = signed.header();
            Some(HeaderLine {
                record: signed.id(),
                kind: signed.kind().map_or_else(|| format!("{:#06x}", header.kind), |kind| kind.to_string()),
                control_record: signed.is_control(),
                party: header.party,
                epoch: header.epoch,
                seq: header.seq,
                signed_at: header.signed_at,
                prev: header.prev,
                control: header.control,
            })
        };
        let part = |part: &crate::chain::proof::Part| PartLine {
            bytes: part.bytes.len(),
            whole: part.bytes.len() > crate::record::SEAL_LEN,
            inputs_shown: part.inputs.is_some(),
            header: header(&part.bytes),
        };
        Self { file, kind: proof.kind, party: proof.party(), parts: proof.parts.iter().map(part).collect() }
    }
}

impl Screen for ProofPartsScreen {
    const NAME: &'static str = "proof";

    fn write(&self, page: &mut Page) {
        page.heading(&format!("What stands in this proof of {}", self.kind.name().replace('_', " ")));
        page.line(2, "Nothing of it is checked here: `proof check` judges it.");
        page.line(2, &format!("the key makes party {}", self.party));
        for (number, part) in self.parts.iter().enumerate() {
            let form = match (part.whole, part.inputs_shown) {
                (true, true) => "a whole record, its inputs shown",
                (true, false) => "a whole record",
                (false, _) => "a signed header",
            };
            page.line(2, &format!("{}: {form}, {} bytes", number + 1, part.bytes));
            let Some(header) = &part.header else {
                page.line(6, "its first bytes are no header of this version");
                continue;
            };
            let what = format!(
                "{} record {} of epoch {}, claims {}",
                header.kind, header.seq, header.epoch, header.signed_at
            );
            page.line(6, &what.replace('_', " "));
            for (name, id) in [("id", header.record), ("prev", header.prev), ("control", header.control)] {
                page.line(6, &format!("{name:<7} {id}"));
            }
            if header.party != self.party {
                page.line(6, &format!("of another party: {}", header.party));
            }
        }
    }
}
