//! Screens of a chain: what was just recorded, and what it holds.

use std::collections::HashMap;

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page};
use super::screen::Screen;
use crate::custody::{graph, names, place};
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Body, Subject, TransferTitle};
use crate::model::kind::Kind;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::time::Timestamp;

/// One record in a line.
#[derive(Clone, Debug, Serialize)]
pub struct RecordLine {
    seq: u64,
    id: RecordId,
    kind: Kind,
    signed_at: Timestamp,
    /// What it is about, in a few words.
    about: String,
    /// Who attests it, where that is not who recorded it.
    attested_by: Option<String>,
    /// The claim code of the lots in it, told once, when it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_code: Option<String>,
    /// Positions of the records of the same chain that correct it or take it back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amended_by: Vec<u64>,
    lots: Vec<LotLine>,
}

/// One lot in a line.
#[derive(Clone, Debug, Serialize)]
pub struct LotLine {
    lot: Called<LotRef>,
    material: Material,
    mass: Option<Mass>,
}

impl LotLine {
    fn new(known: &Known, lot: &LotRef, value: &Lot) -> Self {
        Self { lot: known.lot(lot), material: value.material.clone(), mass: value.mass() }
    }

    fn text(&self, style: super::page::Style) -> String {
        let mass = self.mass.map_or_else(|| "mass withheld".to_owned(), |mass| mass.to_string());
        format!("{} ({mass}, {})", self.lot.text(style), self.material)
    }
}

impl RecordLine {
    /// Returns the line of a record.
    pub fn new(record: &Record, known: &Known) -> Self {
        Self {
            seq: record.seq,
            id: record.id,
            kind: record.kind(),
            signed_at: record.signed_at,
            about: about(record, known),
            attested_by: attested_by(record, known),
            claim_code: None,
            amended_by: Vec::new(),
            lots: graph::outputs(record).map(|(lot, value)| LotLine::new(known, &lot, value)).collect(),
        }
    }

    fn words(&self, style: super::page::Style) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.about.is_empty() {
            parts.push(self.about.clone());
        }
        parts.extend(self.attested_by.as_ref().map(|who| format!("attested by {who}")));
        parts.extend(self.lots.iter().map(|lot| lot.text(style)));
        if !self.amended_by.is_empty() {
            let by: Vec<String> = self.amended_by.iter().map(u64::to_string).collect();
            parts.push(format!("but see record {}", by.join(", ")));
        }
        if style.ids {
            parts.push(format!("[{}]", self.id));
        }
        parts.join("; ")
    }
}

/// Returns who attests a record, where that is not its author.
pub(super) fn attested_by(record: &Record, known: &Known) -> Option<String> {
    Some(match place::behalf(record)? {
        Maybe::Shown(behalf) => receiver(known, &behalf.who),
        Maybe::Withheld => "somebody who is withheld".to_owned(),
    })
}

/// Returns what a record is about besides the lots it creates.
pub(super) fn about(record: &Record, known: &Known) -> String {
    let style = super::page::Style::default();
    let party = |id: &PartyId| known.party(id).text(style);
    let lot = |id: &LotRef| known.lot(id).text(style);
    match &record.event.body {
        Body::Establish(establish) => establish.name.shown().cloned().unwrap_or_default(),
        Body::DeclareFacility(facility) => {
            format!("{}, {}", known.facility(&record.id).text(style), facility.place)
        }
        Body::Accredit(accredit) => {
            format!(
                "{} as {}, {}, valid {}",
                party(&accredit.subject),
                accredit.role,
                accredit.scheme,
                accredit.valid
            )
        }
        Body::Certify(certify) => {
            format!("{}, {}, valid {}", party(&certify.subject), certify.scheme, certify.valid)
        }
        Body::WithdrawAccreditation(end) | Body::SuspendCertificate(end) | Body::EndHost(end) => {
            format!("{} from {}", known.record(&end.target), end.from)
        }
        Body::Transform(transform) => {
            transform.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Body::Extract(extract) => {
            extract.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Body::Charge(charge) => {
            let inputs = charge.inputs.shown().unwrap_or_default();
            let lots: Vec<String> =
                inputs.iter().map(|input| format!("{} of {}", input.mass, lot(&input.lot))).collect();
            match lots.is_empty() {
                true => format!("into {}", charge.circuit),
                false => format!("into {}: {}", charge.circuit, lots.join(", ")),
            }
        }
        Body::Draw(draw) => {
            let steps: Vec<String> = draw.steps.iter().map(ToString::to_string).collect();
            format!("from {}: {}", draw.circuit, steps.join(", "))
        }
        Body::ClosePeriod(close) => {
            let period = close.at.period.shown().map(|period| format!(", {period}")).unwrap_or_default();
            format!("{}{period}: {} counted", close.circuit, names::count(close.covers.count(), "record"))
        }
        Body::Collect(collect) => {
            collect.steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Body::Host(host) => {
            let stages: Vec<String> = host.stages.iter().map(ToString::to_string).collect();
            let stages =
                if stages.is_empty() { "storing and handing over".to_owned() } else { stages.join(", ") };
            let place = known.facility(&host.facility).text(style);
            format!("{} at {place} for {}, {stages}, valid {}", party(&host.guest), host.purpose, host.valid)
        }
        Body::RequestReturn(request) => {
            let lots: Vec<String> = request.lots.iter().map(lot).collect();
            format!("{}, from {} on", lots.join(", "), request.from)
        }
        Body::Assign(assign) => {
            let lots: Vec<String> = assign.lots.iter().map(lot).collect();
            let to = assign
                .receiver
                .shown()
                .map_or_else(|| "a receiver that is withheld".to_owned(), |to| receiver(known, to));
            format!("{} to {to}", lots.join(", "))
        }
        Body::Release(release) => {
            let why = release.why.to_string().replace('_', " ");
            match release.receiver.shown() {
                Some(to) => format!("{why}, back to {}", receiver(known, to)),
                None => why,
            }
        }
        Body::Dispatch(_) | Body::Refuse(_) => match record.event.body.receiver().and_then(|to| to.shown()) {
            Some(to) => format!("to {}", receiver(known, to)),
            None => "to a receiver that is withheld".to_owned(),
        },
        Body::TransferTitle(passed) => title(passed, known),
        Body::CedeFacility(cede) => {
            let to = receiver(known, &cede.to);
            format!("{} to {to} from {}", known.facility(&cede.facility).text(style), cede.from)
        }
        Body::Inspect(inspect) => {
            let what = match &inspect.about {
                Subject::Party(id) => party(id),
                Subject::Record(id) => {
                    known.any(&id.to_hex()).map_or_else(|| known.record(id), str::to_owned)
                }
                Subject::Lot(id) => lot(id),
            };
            format!("{what}: {}", inspect.outcome.to_string().replace('_', " "))
        }
        Body::CloseAccount(close) => {
            let account = &close.account;
            format!(
                "{} of {}, {}, {}",
                account.characteristic, account.elements, account.scheme, close.period
            )
        }
        Body::RetireClaim(claim) => {
            let account = &claim.account;
            format!("`{}`: {} of {} {}", claim.serial, claim.mass, account.elements, account.characteristic)
        }
        Body::Waive(waive) => {
            let mut named: Vec<String> = waive.lots.iter().map(lot).collect();
            named.extend(waive.part_numbers.iter().cloned());
            named.extend(waive.materials.iter().map(ToString::to_string));
            format!("{} for {}, valid {}", waive.rule, named.join(", "), waive.valid)
        }
        Body::Appoint(appoint) => {
            let share = appoint.share.map(|share| format!(", {share}")).unwrap_or_default();
            format!("{} as {}{share}, valid {}", party(&appoint.party), appoint.tie, appoint.valid)
        }
        Body::Measure(measure) => lot(&measure.lot),
        Body::Assay(assay) => lot(&assay.lot),
        Body::IssueTags(issue) => {
            let tags = names::count(usize::try_from(issue.tags.count()).unwrap_or(usize::MAX), "tag");
            format!("{tags} of {} for {}", issue.scheme, known.facility(&issue.pit).text(style))
        }
        Body::ApplyTags(apply) => {
            let tags = names::count(usize::try_from(apply.tags.count()).unwrap_or(usize::MAX), "tag");
            format!("{tags} of {} on {}", apply.scheme, lot(&apply.lot))
        }
        Body::DeclareBorder(declared) => {
            let lots: Vec<String> = declared.lots.iter().map(lot).collect();
            let (from, to) = (declared.from, declared.to);
            format!("{} of {}, {from} to {to}, as {}", declared.side, lots.join(", "), declared.hs)
        }
        Body::RegisterDocument(document) => document.document.to_string().replace('_', " "),
        Body::Withdraw(withdraw) => {
            format!("{}, {}", known.record(&withdraw.target), withdraw.reason.to_string().replace('_', " "))
        }
        Body::Correct(correct) => {
            format!("{}, {}", known.record(&correct.target), correct.reason.to_string().replace('_', " "))
        }
        Body::Dispute(dispute) => {
            let about = match &dispute.about {
                Subject::Party(id) => party(id),
                Subject::Lot(id) => lot(id),
                Subject::Record(id) => known.record(id),
            };
            format!("{} of {about}", dispute.reason)
        }
        Body::Resolve(resolve) => format!("{}, {}", known.record(&resolve.target), resolve.outcome),
        Body::Acknowledge(acknowledge) => known.record(&acknowledge.target),
        Body::Attest(attest) => {
            format!("{}, {}, valid until {}", lot(&attest.lot), attest.custody, attest.valid_until)
        }
        Body::Witness(witness) => names::count(witness.from.len(), "checkpoint"),
        _ => String::new(),
    }
}

/// Returns a transfer of title in words: what passes, of which lots, to whom.
fn title(passed: &TransferTitle, known: &Known) -> String {
    let style = super::page::Style::default();
    let lots = match passed.titled.shown() {
        Some(titled) => titled
            .iter()
            .map(|one| match one.from {
                Some(from) => format!("{} of {} from {from}", one.mass, known.lot(&one.lot).text(style)),
                None => format!("{} of {}", one.mass, known.lot(&one.lot).text(style)),
            })
            .collect::<Vec<_>>()
            .join(", "),
        None => "lots that are withheld".to_owned(),
    };
    let to =
        passed.to.shown().map_or_else(|| "a party that is withheld".to_owned(), |to| receiver(known, to));
    let number =
        passed.number.shown().cloned().flatten().map(|number| format!(" {number}")).unwrap_or_default();
    format!("{}{number} over {lots}, to {to}, from {}", passed.title, passed.from)
}

/// Returns a receiver in words.
pub fn receiver(known: &Known, to: &crate::model::event::Receiver) -> String {
    match to {
        crate::model::event::Receiver::Party(party) => known.party(party).text(super::page::Style::default()),
        crate::model::event::Receiver::Outside(outsider) => format!("{} (outside the ledger)", outsider.name),
        crate::model::event::Receiver::Later => "a receiver to be named later".to_owned(),
    }
}

/// Records that were just appended.
#[derive(Clone, Debug, Serialize)]
pub struct AppendedScreen {
    records: Vec<RecordLine>,
    warnings: Vec<String>,
}

impl AppendedScreen {
    /// Returns the screen of new records.
    pub fn new(records: &[Record], warnings: Vec<String>, known: &Known) -> Self {
        Self { records: records.iter().map(|record| RecordLine::new(record, known)).collect(), warnings }
    }

    /// Adds claim codes, which are told here and nowhere else.
    pub fn with_codes(mut self, codes: &[(RecordId, String)]) -> Self {
        for record in &mut self.records {
            let code = codes.iter().find(|(id, _)| *id == record.id);
            record.claim_code = code.map(|(_, code)| code.clone());
        }
        self
    }
}

impl Screen for AppendedScreen {
    const NAME: &'static str = "appended";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        for record in &self.records {
            let kind = record.kind.to_string().replace('_', " ");
            page.line(0, &format!("Recorded {kind} as record {}.", record.seq));
            if !record.about.is_empty() {
                page.line(2, &record.about);
            }
            if let Some(who) = &record.attested_by {
                page.line(2, &format!("attested by {who}, recorded by you"));
            }
            for lot in &record.lots {
                page.line(2, &lot.text(style));
            }
            if let Some(code) = &record.claim_code {
                page.line(2, &format!("claim code, for the paper that goes with it: {code}"));
                page.line(2, "It is kept nowhere. Whoever shows it may ask; you decide with `assign`.");
            }
            if style.ids {
                page.line(2, &format!("id: {}", record.id));
            }
        }
    }
}

/// The records of a chain.
#[derive(Clone, Debug, Serialize)]
pub struct LogScreen {
    party: Called<PartyId>,
    total: usize,
    records: Vec<RecordLine>,
}

impl LogScreen {
    /// Returns the screen of `records`, out of `total` in the chain of `party`.
    pub fn new(party: &PartyId, records: &[Record], total: usize, known: &Known) -> Self {
        let mut amended: HashMap<RecordId, Vec<u64>> = HashMap::new();
        for record in records {
            let target = match &record.event.body {
                Body::Correct(correct) => correct.target,
                Body::Withdraw(withdraw) => withdraw.target,
                _ => continue,
            };
            amended.entry(target).or_default().push(record.seq);
        }
        let line = |record: &Record| RecordLine {
            amended_by: amended.remove(&record.id).unwrap_or_default(),
            ..RecordLine::new(record, known)
        };
        let records = records.iter().map(line).collect();
        Self { party: known.party(party), total, records }
    }
}

impl Screen for LogScreen {
    const NAME: &'static str = "log";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        let shown = match self.records.len() == self.total {
            true => names::count(self.total, "record"),
            false => format!("the last {} of {} records", self.records.len(), self.total),
        };
        page.heading(&format!("{}: {shown}", self.party.text(style)));
        let head = ["record", "signed", "kind", "what"].map(str::to_owned).to_vec();
        let rows = self.records.iter().map(|record| {
            vec![
                record.seq.to_string(),
                record.signed_at.day().to_string(),
                record.kind.to_string().replace('_', " "),
                record.words(style),
            ]
        });
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        page.table(2, &[Lean::Right, Lean::Left, Lean::Left, Lean::Left], &rows);
    }
}
