//! Which findings bear on a lot, and how heavily.
//!
//! A finding about another lot of the same file says nothing of this one. But what could not be read might
//! have been about it, so no unread piece leaves a lot *verified*.

mod tags;

use std::collections::{HashMap, HashSet};

use super::examine::Examined;
use crate::chain::Line;
use crate::custody::ancestry::Ancestry;
use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::event::{Assign, Body, RequestReturn};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::model::verdict::Verdict;

/// The records and lots a verdict rests on.
pub struct Basis {
    records: HashSet<RecordId>,
    lots: HashSet<LotRef>,
    /// Highest position used of each (party, epoch).
    reach: HashMap<(PartyId, u16), u64>,
    parties: HashSet<PartyId>,
    /// The lot asked for, and the lots it is the same goods as.
    goods: HashSet<LotRef>,
}

impl Basis {
    /// Returns what a lot with this ancestry rests on: the records behind it, the facilities they name, tags
    /// and declarations about its lots, and what authorities and documents say of those parties and facilities.
    pub fn new(graph: &Graph, ancestry: &Ancestry) -> Self {
        let mut basis = Self {
            records: ancestry.records.iter().copied().collect(),
            lots: ancestry.lots.iter().chain(&ancestry.missing).copied().collect(),
            reach: HashMap::new(),
            parties: HashSet::new(),
            goods: HashSet::new(),
        };
        // What was handed over damaged is not held, but a lot may still be made of it.
        basis.records.extend(ancestry.missing.iter().map(|lot| lot.record));
        let held = |id: &RecordId| graph.record(id);
        let facilities: Vec<RecordId> = ancestry
            .records
            .iter()
            .filter_map(|id| held(id)?.event.body.at()?.facility.shown().copied())
            .collect();
        basis.records.extend(facilities);
        let hosts = ancestry.records.iter().filter_map(|id| held(id)?.event.body.at()?.host);
        basis.records.extend(hosts);
        // Whoever attests what a lot rests on is rested on with it: what it took back since may be left out.
        let attested = basis.lots.iter().filter_map(|lot| graph.attested_of(lot));
        let attested: Vec<RecordId> = attested.flat_map(|one| one.records.iter().copied()).collect();
        basis.records.extend(attested);
        let is_dealing = |record: &&Record| basis.is_dealing(graph, record);
        let dealings: Vec<RecordId> =
            graph.records().iter().filter(is_dealing).map(|record| record.id).collect();
        basis.records.extend(dealings);
        basis.records.extend(tags::about(graph, &basis.lots));
        basis.parties.extend(basis.records.iter().filter_map(held).map(|record| record.author));
        let status: Vec<RecordId> =
            graph.records().iter().filter(|record| basis.is_status(record)).map(|record| record.id).collect();
        basis.records.extend(status);
        for record in basis.records.iter().filter_map(held) {
            let reach = basis.reach.entry((record.author, record.epoch)).or_default();
            *reach = (*reach).max(record.seq);
            basis.parties.insert(record.author);
        }
        basis
    }

    /// Whether a record is a second thought of the author's about a record or lot that counts, or ends a stay that counts.
    fn is_dealing(&self, graph: &Graph, record: &Record) -> bool {
        let by_author = |id: &RecordId| graph.record(id).is_some_and(|one| one.author == record.author);
        match &record.event.body {
            // A fork among the corrections of what counts is a fork that counts.
            Body::Correct(correct) => self.records.contains(&correct.target) && by_author(&correct.target),
            Body::Assign(Assign { lots, .. }) | Body::RequestReturn(RequestReturn { lots, .. }) => {
                lots.iter().any(|lot| self.lots.contains(lot) && by_author(&lot.record))
            }
            Body::EndHost(end) => self.records.contains(&end.target) && by_author(&end.target),
            _ => false,
        }
    }

    /// Adds the lot asked for and the lots it is the same goods as: whose those are bears on it, but not whose the
    /// goods were that it was made of.
    pub fn with_goods(mut self, goods: impl IntoIterator<Item = LotRef>) -> Self {
        self.goods.extend(goods);
        self
    }

    /// Whether a record gives or ends a status of a party or facility that counts.
    fn is_status(&self, record: &Record) -> bool {
        let about = |subject: &PartyId, facility: &Option<RecordId>| {
            self.parties.contains(subject)
                || facility.is_some_and(|facility| self.records.contains(&facility))
        };
        match &record.event.body {
            Body::Accredit(accredit) => about(&accredit.subject, &accredit.facility),
            Body::Certify(certify) => about(&certify.subject, &certify.facility),
            _ => false,
        }
    }

    /// Whether a record is among those that count.
    pub fn has_record(&self, record: &RecordId) -> bool {
        self.records.contains(record)
    }

    /// Whether a lot is the one asked for, or among those that it is made of.
    pub fn has_lot(&self, lot: &LotRef) -> bool {
        self.lots.contains(lot)
    }

    /// Returns the parties whose records count.
    pub fn parties(&self) -> &HashSet<PartyId> {
        &self.parties
    }

    /// Returns the chains whose records count.
    pub fn lines<'a>(&self, examined: &'a Examined) -> impl Iterator<Item = &'a Line> {
        examined.lines.iter().filter(|line| self.reach.contains_key(&(line.party, line.epoch)))
    }

    /// Returns findings about bytes, signatures and chains that bear on the lot, each with its weight here.
    pub fn integrity(&self, examined: &Examined) -> Vec<Finding> {
        let mut found: Vec<Finding> =
            examined.findings.iter().map(|finding| self.weigh_unread(finding)).collect();
        for line in &examined.lines {
            let Some(reach) = self.reach.get(&(line.party, line.epoch)) else { continue };
            for fault in &line.faults {
                let mut finding = fault.finding.clone();
                let hides = finding.code == FindingCode::MissingRecords;
                if fault.from_seq > *reach && !hides {
                    finding.weight = finding.weight.min(Weight::Warning);
                }
                found.push(finding);
            }
        }
        found
    }

    /// A piece of a chain that counts is judged as found; any other might have borne on the lot.
    fn weigh_unread(&self, finding: &Finding) -> Finding {
        let concerned = finding.parties.iter().any(|party| self.parties.contains(party))
            || finding.records.iter().any(|record| self.records.contains(record));
        let weight = if concerned { finding.weight } else { finding.weight.min(Weight::Unknown) };
        Finding { weight, ..finding.clone() }
    }

    /// Returns the findings about custody that bear on the lot.
    pub fn custody(&self, findings: &[Finding]) -> Vec<Finding> {
        let bears = |finding: &&Finding| {
            if is_about_title(finding.code) {
                return finding.lots.iter().any(|lot| self.goods.contains(lot));
            }
            finding.records.iter().any(|record| self.records.contains(record))
                && (finding.lots.is_empty() || finding.lots.iter().any(|lot| self.lots.contains(lot)))
        };
        // A lot that was taken back within the day is nobody's stain, but whoever asks about it is told.
        let lift = |mut finding: Finding| {
            if finding.code == FindingCode::Withdrawn && !finding.lots.is_empty() {
                finding.weight = Weight::Fail;
            }
            finding
        };
        findings.iter().filter(bears).cloned().map(lift).collect()
    }
}

/// Whether a finding says whose goods are, and nothing of where they come from.
fn is_about_title(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::TitleNotHeld
            | FindingCode::DoubleClaim
            | FindingCode::ClaimContested
            | FindingCode::NeedsWholeChain
    )
}

/// Returns the verdict that findings leave: the heaviest, `pass` for notes and warnings.
pub fn verdict_of(findings: &[Finding]) -> Verdict {
    let verdict = |finding: &Finding| match finding.weight {
        Weight::Note | Weight::Warning => Verdict::Pass,
        Weight::Unknown => Verdict::Unknown,
        Weight::Withheld => Verdict::Withheld,
        Weight::Fail => Verdict::Fail,
    };
    findings.iter().map(verdict).max().unwrap_or(Verdict::Pass)
}
