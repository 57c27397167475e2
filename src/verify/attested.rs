//! Attestations of others: which of them count for this reader, why others do not, and which of them records contradict.
//!
//! One that counts stands in for what the record of its lot leaves open. Where the way is told by records these decide, and whoever
//! holds them computes it again and compares. Spec: docs/verification.md, "Attestations".

mod contradicted;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::examine::Examined;
use super::reader::Reader;
use super::views;
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::amend::{Believed, dispute};
use crate::custody::attested::{Apart, Attested, is_cut};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::custody::ties::Ties;
use crate::hash::PartyId;
use crate::model::day::{Day, Period};
use crate::model::event::{Attest, Body};
use crate::model::evidence::Role;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::trust::Trust;
use crate::verify::attest::sets;

/// What a reader makes of the attestations that are held.
#[derive(Debug, Default)]
pub(super) struct Decided {
    /// Those that count, one for each lot.
    pub(super) counting: Vec<Attested>,
    /// Why others do not, and what is contradicted.
    pub(super) findings: Vec<Finding>,
}

/// The reader's side of the question.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) graph: &'a Graph,
    pub(super) trust: &'a Trust,
    pub(super) bands: &'a Bands,
    pub(super) believed: &'a Believed,
    /// The day judged for.
    pub(super) as_of: Day,
}

/// Decides which attestations count. Without any it is one look at the kind of each record.
pub(super) fn decide(judge: &Judge<'_>) -> Decided {
    let attests: Vec<(&Record, &Attest)> = judge.graph.records().iter().filter_map(attestation).collect();
    let mut decided = Decided::default();
    if attests.is_empty() {
        return decided;
    }
    let contents = Contents::new(judge.graph, judge.bands);
    let ties = Ties::new(judge.graph);
    let mut by_lot: BTreeMap<LotRef, Vec<(&Record, Attested)>> = BTreeMap::new();
    for (record, attest) in attests {
        let one = Attested::new(record, attest);
        let withdrawn = judge.graph.withdrawn(&record.id).is_some();
        let against = if withdrawn { None } else { contradicted::by_records(&contents, attest, &one) };
        decided
            .findings
            .extend(against.as_ref().map(|apart| contradiction(judge.graph, record, attest, apart)));
        let why = match (judge.why_not(record, attest, &ties), against) {
            (Some(why), _) => Some(why),
            (None, Some(_)) => Some("what is held of the records shows otherwise".to_owned()),
            (None, None) => None,
        };
        match why {
            None => by_lot.entry(attest.lot).or_default().push((record, one)),
            Some(why) => decided.findings.extend(judge.not_counted(record, attest, &why)),
        }
    }
    for (lot, all) in by_lot {
        judge.joined(lot, &all, &mut decided);
    }
    decided
}

/// Returns what was examined with the attestations that count for a reader on a day in the place of what they stand in for.
pub(super) fn seen_by<'e>(examined: &'e Examined, reader: &Reader, as_of: Day) -> Cow<'e, Graph> {
    let graph = &examined.graph;
    let (trust, bands, believed) = (&reader.trust, &reader.bands, &views::believed(&reader.trust));
    let counting = decide(&Judge { graph, trust, bands, believed, as_of }).counting;
    match counting.is_empty() {
        true => Cow::Borrowed(graph),
        false => Cow::Owned(graph.clone().with_attested(counting)),
    }
}

fn attestation(record: &Record) -> Option<(&Record, &Attest)> {
    match &record.event.body {
        Body::Attest(attest) => Some((record, attest)),
        _ => None,
    }
}

impl Judge<'_> {
    /// Returns why an attestation does not count for the reader, on the day judged for.
    fn why_not(&self, record: &Record, attest: &Attest, ties: &Ties<'_>) -> Option<String> {
        let (graph, author) = (self.graph, &record.author);
        let name = names::party(graph, author);
        let mut roles = self.trust.authority(author).flat_map(|one| &one.roles);
        if !roles.any(|role| *role == Role::Verifier) {
            return Some(format!("{name} is no verifier in the trust file"));
        }
        if let Some(by) = graph.withdrawn(&record.id) {
            return Some(format!("{name} withdrew it on {}", by.signed_at.day()));
        }
        if attest.valid_until < self.as_of {
            return Some(format!("it may be relied on up to {}", attest.valid_until));
        }
        if !matches!(attest.custody, Verdict::Pass | Verdict::Waived) {
            return Some(format!("{name} found its custody `{}`", attest.custody));
        }
        let signed = record.signed_at.day();
        let on = Period { first: attest.as_of.min(signed), last: attest.as_of.max(signed), offset: None };
        let maker = graph.creator(&attest.lot).map(|record| record.author);
        if let Some(maker) = maker
            && ties.between(author, &maker, &on).is_some()
        {
            return Some(match maker == *author {
                true => format!("{name} recorded the lot itself"),
                false => format!("{name} is tied to {}, who recorded the lot", names::party(graph, &maker)),
            });
        }
        dispute::holds(graph, self.believed, &record.id, &[attest.lot]).then(|| "it is in dispute".to_owned())
    }

    /// Takes together the attestations of one lot that count by themselves.
    fn joined(&self, lot: LotRef, all: &[(&Record, Attested)], decided: &mut Decided) {
        match together(self.graph, lot, all) {
            Ok(joined) => decided.counting.extend(joined.filter(|_| is_cut(self.graph, &lot))),
            Err(finding) => {
                decided.findings.push(*finding);
                for (record, attest) in all.iter().filter_map(|(record, _)| attestation(record)) {
                    let why = "another attestation of the lot says otherwise";
                    decided.findings.extend(self.not_counted(record, attest, why));
                }
            }
        }
    }

    /// Tells why an attestation counts for nothing, where something could have rested on it.
    fn not_counted(&self, record: &Record, attest: &Attest, why: &str) -> Option<Finding> {
        let maker = self.graph.creator(&attest.lot).filter(|_| is_cut(self.graph, &attest.lot))?;
        let message = format!(
            "{} of lot {} counts for nothing here: {why}",
            names::record(self.graph, record),
            names::lot(self.graph, &attest.lot),
        );
        Some(found(
            FindingCode::AttestationNotCounted,
            Weight::Note,
            &[record, maker],
            &[attest.lot],
            message,
            "an attestation by a verifier whom you believe, or the records behind the lot",
        ))
    }
}

/// Returns what contradicts attestations whoever reads them: records that are held, and other attestations of the lot.
pub(super) fn contradictions(graph: &Graph, bands: &Bands) -> Vec<Finding> {
    let standing = |(record, _): &(&Record, &Attest)| graph.withdrawn(&record.id).is_none();
    let attests: Vec<(&Record, &Attest)> =
        graph.records().iter().filter_map(attestation).filter(standing).collect();
    if attests.is_empty() {
        return Vec::new();
    }
    let contents = Contents::new(graph, bands);
    let mut by_lot: BTreeMap<LotRef, Vec<(&Record, Attested)>> = BTreeMap::new();
    let mut found = Vec::new();
    for (record, attest) in attests {
        let one = Attested::new(record, attest);
        let apart = contradicted::by_records(&contents, attest, &one);
        found.extend(apart.map(|apart| contradiction(graph, record, attest, &apart)));
        by_lot.entry(attest.lot).or_default().push((record, one));
    }
    let disagree = by_lot.into_iter().filter_map(|(lot, all)| together(graph, lot, &all).err());
    found.extend(disagree.map(|finding| *finding));
    found
}

/// Joins the attestations of one lot; or tells that they cannot both be true.
fn together(
    graph: &Graph,
    lot: LotRef,
    all: &[(&Record, Attested)],
) -> Result<Option<Attested>, Box<Finding>> {
    let Some(((_, first), others)) = all.split_first() else { return Ok(None) };
    let joined = others.iter().try_fold(first.clone(), |joined, (_, one)| joined.meet(one));
    joined.map(Some).map_err(|apart| {
        let records: Vec<&Record> = all.iter().map(|(record, _)| *record).collect();
        let who: Vec<String> = records.iter().map(|one| names::party(graph, &one.author)).collect();
        let Apart { element, step, place, one, other } = apart;
        let message = format!(
            "attestations of lot {} by {} cannot all be true: {} of its {element} went through {step} in {place} by one, \
             and {} by another",
            names::lot(graph, &lot),
            who.join(", "),
            between(one),
            between(other),
        );
        let code = FindingCode::AttestationContradicted;
        Box::new(found(code, Weight::Fail, &records, &[], message, WITHDRAWS))
    })
}

/// It bears on what rests on the attestation, and on nobody who holds the records.
fn contradiction(graph: &Graph, record: &Record, attest: &Attest, apart: &Apart) -> Finding {
    let Apart { element, step, place, one, other } = apart;
    let rests = names::count(attest.records.count as usize, "record");
    let rests = match sets::records(graph, &attest.lot) == attest.records {
        true => format!("the very {rests} that are held"),
        false => format!("{rests}, which are not just those held"),
    };
    let message = format!(
        "{} says that {} of the {element} of lot {} went through {step} in {place}; by the records held it is {}. It rests \
         on {rests}",
        names::record(graph, record),
        between(*one),
        names::lot(graph, &attest.lot),
        between(*other),
    );
    found(FindingCode::AttestationContradicted, Weight::Fail, &[record], &[], message, WITHDRAWS)
}

const WITHDRAWS: &str = "its author withdraws it, or whoever recorded otherwise corrects that";

/// Says between which shares something lies.
fn between((least, most): (Fraction, Fraction)) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}

/// Returns what attestations leave open for whoever rests on them: what became of the records that they stand in for.
pub(super) fn not_established<'a>(graph: &Graph, lots: impl IntoIterator<Item = &'a LotRef>) -> Vec<String> {
    let attested = lots.into_iter().filter_map(|lot| graph.attested_of(lot));
    let records = attested.flat_map(|one| one.records.iter().map(|id| (one.lot, *id)));
    let held = records.filter_map(|(lot, id)| Some((lot, graph.record(&id)?)));
    let open = held.map(|(lot, record)| {
        format!(
            "what was corrected or withdrawn behind lot {} after {} attested it on {} (claimed)",
            names::lot(graph, &lot),
            names::party(graph, &record.author),
            record.signed_at.day(),
        )
    });
    open.collect()
}

/// Returns who attests what a lot with these ancestors rests on, ascending.
pub(super) fn behind<'a>(graph: &Graph, lots: impl IntoIterator<Item = &'a LotRef>) -> Vec<PartyId> {
    let attested = lots.into_iter().filter_map(|lot| graph.attested_of(lot));
    let mut parties: Vec<PartyId> = attested.flat_map(|one| one.by.iter().copied()).collect();
    parties.sort_unstable();
    parties.dedup();
    parties
}

#[cfg(test)]
mod tests;
