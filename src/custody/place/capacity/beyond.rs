//! What lies beyond limits, span by span, and what it means when several of them are about one thing.
//!
//! Beyond every source that the reader accepts is a contradiction; beyond one of several is open, since one of them
//! must be wrong; beyond one that this reader does not list is a warning.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::limits::{Permits, Source, span};
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// Something that counts against a limit.
pub(super) struct Counted<'g> {
    pub record: &'g Record,
    pub lot: LotRef,
    pub mass: Mass,
    pub period: Period,
}

impl Counted<'_> {
    fn key(&self) -> (RecordId, LotRef) {
        (self.record.id, self.lot)
    }

    fn order(&self) -> (Day, Day, PartyId, u64, RecordId, u32) {
        let of = self.record;
        (self.period.last, self.period.first, of.author, of.seq, of.id, self.lot.index)
    }
}

/// Limits of one source with all that counts against them.
pub(super) struct Asked<'g> {
    pub permits: Permits<'g>,
    pub counted: Vec<Counted<'g>>,
}

/// One span in which there was too much.
struct Excess {
    /// In which span, in words.
    when: String,
    sum: u128,
    allowed: u128,
    /// What lies beyond, by its number.
    beyond: Vec<usize>,
}

/// What is counted, in words.
pub(super) struct Words {
    pub code: FindingCode,
    /// Between who and how much: "put out".
    pub verb: &'static str,
    pub resolve: &'static str,
}

/// Returns what lies beyond limits, limit by limit.
pub(super) fn findings(graph: &Graph, mut all: Vec<Asked<'_>>, words: &Words) -> Vec<Finding> {
    for asked in &mut all {
        asked.counted.sort_by_key(Counted::order);
    }
    let excesses: Vec<Vec<Excess>> = all.iter().map(Asked::excesses).collect();
    let mut covering: HashMap<(RecordId, LotRef), BTreeSet<Source<'_>>> = HashMap::new();
    let mut exceeded: HashMap<(RecordId, LotRef), BTreeSet<Source<'_>>> = HashMap::new();
    for (asked, excesses) in all.iter().zip(&excesses).filter(|(asked, _)| asked.permits.is_believed) {
        for one in &asked.counted {
            covering.entry(one.key()).or_default().insert(asked.permits.source);
        }
        for number in excesses.iter().flat_map(|excess| &excess.beyond) {
            exceeded.entry(asked.counted[*number].key()).or_default().insert(asked.permits.source);
        }
    }
    let none = BTreeSet::new();
    let mut findings = Vec::new();
    for (asked, excesses) in all.iter().zip(&excesses) {
        for excess in excesses {
            let allows = |number: &usize| -> Vec<Source<'_>> {
                let key = asked.counted[*number].key();
                let over = exceeded.get(&key).unwrap_or(&none);
                covering.get(&key).unwrap_or(&none).difference(over).copied().collect()
            };
            let (all_over, some): (Vec<usize>, Vec<usize>) = excess
                .beyond
                .iter()
                .partition(|number| !asked.permits.is_believed || allows(number).is_empty());
            if !all_over.is_empty() {
                let weight = if asked.permits.is_believed { Weight::Fail } else { Weight::Warning };
                findings.push(asked.found(graph, words, excess, &all_over, weight, &[]));
            }
            if let Some(first) = some.first() {
                findings.push(asked.found(graph, words, excess, &some, Weight::Unknown, &allows(first)));
            }
        }
    }
    findings
}

impl<'g> Asked<'g> {
    /// Returns the spans in which there was too much.
    ///
    /// What was won over several spans counts in all of them together: that much they may hold between them.
    fn excesses(&self) -> Vec<Excess> {
        let per = self.permits.per;
        let range = |one: &Counted<'_>| (span(one.period.first, per), span(one.period.last, per));
        let ranges: BTreeSet<(i32, i32)> = self.counted.iter().map(range).collect();
        let mut excesses = Vec::new();
        let mut named: HashSet<usize> = HashSet::new();
        // Single spans first, so that a lot is named for the shortest time it is too much for.
        let mut ranges: Vec<(i32, i32)> = ranges.into_iter().collect();
        ranges.sort_by_key(|(first, last)| (last - first, *first));
        for (first, last) in ranges {
            let spans = last - first + 1;
            let mut sum = 0u128;
            let mut beyond: Vec<usize> = Vec::new();
            for (number, one) in self.counted.iter().enumerate() {
                if first <= range(one).0 && range(one).1 <= last {
                    sum += u128::from(one.mass.mg());
                    if sum > self.permits.allowed(first, last, one.period.last) {
                        beyond.push(number);
                    }
                }
            }
            beyond.retain(|number| named.insert(*number));
            let Some(crossed) = beyond.first().map(|number| &self.counted[*number]) else { continue };
            let when = match spans {
                1 => format!("in the {per} of {}", crossed.period.last),
                spans => format!("in {spans} {per}s up to {}", crossed.period.last),
            };
            let allowed = self.permits.allowed(first, last, crossed.period.last);
            excesses.push(Excess { when, sum, allowed, beyond });
        }
        excesses
    }

    fn found(
        &self,
        graph: &Graph,
        words: &Words,
        excess: &Excess,
        numbers: &[usize],
        weight: Weight,
        others: &[Source<'_>],
    ) -> Finding {
        let scope = &self.permits.scope;
        let whose = match (scope.facility, scope.subject) {
            (Some(facility), _) => names::facility(graph, &facility),
            (None, Some(subject)) => names::party(graph, &subject),
            (None, None) => "it".to_owned(),
        };
        let trust = if self.permits.is_believed { "" } else { ", whom this reader does not list for that" };
        let beyond: Vec<&Counted<'_>> = numbers.iter().map(|number| &self.counted[*number]).collect();
        let mut message = format!(
            "{whose} {} {} {}, and {} allows {}{trust}: from lot {} on it is too much",
            words.verb,
            names::mass(excess.sum),
            excess.when,
            self.permits.source.name(graph),
            names::mass(excess.allowed),
            names::lot(graph, &beyond[0].lot),
        );
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(|one| one.name(graph)).collect();
            message.push_str(&format!("; it is not too much for {}", others.join(" and ")));
        }
        let mut lots: Vec<LotRef> = Vec::new();
        for one in &beyond {
            if !lots.contains(&one.lot) {
                lots.push(one.lot);
            }
        }
        let mut shown_by: Vec<&Record> = beyond.iter().map(|one| one.record).collect();
        shown_by.extend(self.permits.list.iter().filter_map(|permit| permit.record));
        let mut made = found(words.code, weight, &shown_by, &lots, message, words.resolve);
        if let Some(subject) = scope.subject {
            made.parties = vec![subject];
        }
        made
    }
}
