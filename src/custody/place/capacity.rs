//! Capacity: what was won, made or tagged against what authorities allow in a span of the calendar.
//!
//! A limit counts only where its author may set one, and that the reader says: which limits are believed, and which
//! papers are accepted, comes from outside. Lots stand in the order of their days; those up to the limit are within it, the one that crosses it
//! and all after it in that span are not. Spec: docs/custody.md, "Capacity"; MB-05, MB-06 of the domain's rules.

mod beyond;
mod growth;
mod limits;
mod tagged;

use std::collections::{BTreeMap, HashSet};

use self::beyond::{Asked, Counted, Words};
pub(crate) use self::limits::span;
use self::limits::{Permits, Scope};
use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::{PartyId, RecordId};
use crate::model::day::Period;
use crate::model::dealings::Span;
use crate::model::event::{Body, Limit};
use crate::model::evidence::Role;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// The ceilings that a reader accepts.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// Accreditations whose limit it believes.
    pub records: HashSet<RecordId>,
    /// Limits on papers that it has checked.
    pub papers: Vec<Paper>,
}

/// A limit on a paper that the reader has checked.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Who issued it.
    pub issuer: String,
    /// Its number, or its hash.
    pub number: String,
    /// Whom it is about, if a party is named.
    pub party: Option<PartyId>,
    /// Where, if a facility is named.
    pub facility: Option<RecordId>,
    /// In which role, if one is named.
    pub role: Option<Role>,
    /// At which stages; none listed means those of the role.
    pub stages: Vec<Stage>,
    /// Of which materials; none listed means all.
    pub materials: Vec<Material>,
    /// On which days, where it says so.
    pub valid: Option<Period>,
    /// How much.
    pub limit: Limit,
}

const WORDS: Words = Words {
    code: FindingCode::OverCapacity,
    verb: "put out",
    resolve: "the authority raises the limit, or the operator shows where the rest came from",
};

/// What may lie above the nameplate without a word, in percent of it: MB-05 `factor` 1.15.
const NAMEPLATE_PERCENT: u128 = 115;

/// Returns lots and tags beyond limits, and years beyond a facility's own nameplate.
///
/// Beyond every source that the reader accepts it is a contradiction, beyond one of several it is open, beyond any other
/// a warning.
pub fn findings(graph: &Graph, accepted: &Accepted) -> Vec<Finding> {
    let mut asked = Vec::new();
    let mut hidden = Vec::new();
    for permits in limits::all(graph, accepted) {
        let made = Made::under(graph, &permits);
        hidden.extend(made.withheld(graph, &permits));
        asked.push(Asked { permits, counted: made.lots });
    }
    let mut findings = beyond::findings(graph, asked, &WORDS);
    findings.extend(hidden);
    findings.extend(beyond_nameplate(graph));
    findings.extend(growth::findings(graph));
    findings.extend(tagged::findings(graph, accepted));
    findings
}

/// Returns those of some records that won or made something which no accepted limit covers.
pub fn unlimited<'g>(
    graph: &Graph,
    accepted: &Accepted,
    records: impl Iterator<Item = &'g Record>,
) -> Vec<&'g Record> {
    let all = limits::all(graph, accepted);
    let is_limited = |record: &&Record| {
        let period = record.event.body.at().and_then(|at| at.period.shown());
        all.iter().filter(|permits| permits.is_believed).any(|permits| {
            let (first, last) = permits.days();
            let in_time = period.is_none_or(|period| first <= period.first && period.last <= last);
            let outputs = record.event.body.outputs();
            let covers_all = outputs.iter().all(|lot| covers(permits.scope.materials, &lot.material));
            in_time && covers_all && is_under(graph, record, &permits.scope)
        })
    };
    records.filter(|record| !is_limited(record)).collect()
}

/// Everything that counts against one limit.
struct Made<'g> {
    lots: Vec<Counted<'g>>,
    /// Lots whose mass or days are withheld.
    hidden: Vec<(&'g Record, LotRef)>,
}

impl<'g> Made<'g> {
    /// Collects what the operator made while its permits held.
    fn under(graph: &'g Graph, permits: &Permits<'_>) -> Self {
        let scope = &permits.scope;
        let (first, last) = permits.days();
        let mut made = Self { lots: Vec::new(), hidden: Vec::new() };
        let mut counts: HashSet<RecordId> = HashSet::new();
        for record in graph.records() {
            if !is_under(graph, record, scope) || graph.withdrawn(&record.id).is_some() {
                continue;
            }
            counts.insert(record.id);
            // What is worked on further was counted when it was won.
            let again = graph::inputs(record).iter().any(|input| {
                let first = crate::custody::title::goods_of(graph, &input.lot).pop();
                first.is_some_and(|lot| counts.contains(&lot.record))
            });
            if again {
                continue;
            }
            let period = record.event.body.at().map(|at| &at.period);
            for (lot, value) in graph::outputs(record) {
                if !covers(scope.materials, &value.material) {
                    continue;
                }
                match (period, value.mass()) {
                    (Some(Maybe::Shown(period)), Some(mass)) => {
                        if first <= period.first && period.last <= last {
                            made.lots.push(Counted { record, lot, mass, period: *period });
                        }
                    }
                    _ => made.hidden.push((record, lot)),
                }
            }
        }
        made
    }

    /// Says that masses or days of what counts are withheld, under a limit that is believed.
    fn withheld(&self, graph: &Graph, permits: &Permits<'_>) -> Option<Finding> {
        let ((first, _), true) = (self.hidden.first()?, permits.is_believed) else { return None };
        let lots: Vec<LotRef> = self.hidden.iter().map(|(_, lot)| *lot).collect();
        let message = format!(
            "{} under the limit of {} withhold their mass or their days",
            names::count(lots.len(), "lot"),
            permits.source.name(graph)
        );
        let resolve = "ask the operator to show masses and periods";
        let mut shown_by: Vec<&Record> = vec![first];
        shown_by.extend(permits.list.first().and_then(|permit| permit.record));
        let mut made = found(FindingCode::OverCapacity, Weight::Withheld, &shown_by, &lots, message, resolve);
        made.records.extend(self.hidden.iter().skip(1).map(|(record, _)| record.id));
        made.records.dedup();
        Some(made)
    }
}

/// Whether a record wins or makes something that an accreditation is about.
fn is_under(graph: &Graph, record: &Record, scope: &Scope<'_>) -> bool {
    let Some(at) = record.event.body.at() else { return false };
    if scope.subject.is_some_and(|subject| record.author != subject) || !makes(&record.event.body) {
        return false;
    }
    let here = match (&scope.facility, &at.facility) {
        (None, _) => scope.subject.is_some(),
        (Some(facility), Maybe::Shown(here)) => facility == here,
        (Some(_), Maybe::Withheld) => false,
    };
    here && match scope.stages.is_empty() {
        false => {
            let steps = record.event.body.steps();
            // A circuit's draw names no step of its own where its declaration does.
            let declared = || declared_stages(graph, record);
            match steps.is_empty() {
                false => steps.iter().any(|step| scope.stages.contains(&step.stage)),
                true => declared().iter().any(|stage| scope.stages.contains(stage)),
            }
        }
        true => match scope.role {
            Some(Role::Miner | Role::ArtisanalCooperative) => matches!(record.event.body, Body::Extract(_)),
            Some(Role::Collector | Role::Recycler) => !matches!(record.event.body, Body::Extract(_)),
            _ => matches!(record.event.body, Body::Transform(_) | Body::Draw(_)),
        },
    }
}

fn declared_stages(graph: &Graph, record: &Record) -> Vec<Stage> {
    let facility = record.event.body.at().and_then(|at| at.facility.shown());
    let declared = facility.and_then(|id| graph.facility(id));
    declared.map(|(_, facility)| facility.stages.iter().map(|one| one.stage).collect()).unwrap_or_default()
}

/// Whether a kind wins or makes material.
fn makes(body: &Body) -> bool {
    matches!(body, Body::Extract(_) | Body::Collect(_) | Body::Transform(_) | Body::Draw(_))
}

/// Whether a material is among those listed, or begins with one of them; none listed covers all.
fn covers(listed: &[Material], material: &Material) -> bool {
    let begins = |listed: &Material| {
        let rest = material.as_str().strip_prefix(listed.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    listed.is_empty() || listed.iter().any(begins)
}

/// Looks at what each facility made at a stage in a year against what its own declaration says.
fn beyond_nameplate(graph: &Graph) -> Vec<Finding> {
    let mut made: BTreeMap<(RecordId, Stage, i32), (u128, Vec<&Record>)> = BTreeMap::new();
    for record in graph.records().iter().filter(|record| makes(&record.event.body)) {
        let Some(at) = record.event.body.at() else { continue };
        let (Maybe::Shown(facility), Maybe::Shown(period)) = (&at.facility, &at.period) else { continue };
        let Some((_, declared)) = graph.facility(facility) else { continue };
        let last_step = record.event.body.steps().last().map(|step| step.stage);
        let Some(plate) = declared.stages.iter().find(|one| Some(one.stage) == last_step) else { continue };
        let (first, last) = (span(period.first, Span::Year), span(period.last, Span::Year));
        if plate.capacity_per_year.is_none() || first != last || graph.withdrawn(&record.id).is_some() {
            continue;
        }
        let sum: u128 =
            graph::outputs(record).filter_map(|(_, lot)| lot.mass()).map(|m| u128::from(m.mg())).sum();
        let year = made.entry((*facility, plate.stage, last)).or_default();
        year.0 += sum;
        year.1.push(record);
    }
    let mut findings = Vec::new();
    for ((facility, stage, year), (sum, records)) in made {
        let declared = graph
            .facility(&facility)
            .and_then(|(_, one)| one.stages.iter().find(|one| one.stage == stage)?.capacity_per_year);
        let Some(plate) = declared else { continue };
        if sum * 100 <= u128::from(plate.mg()) * NAMEPLATE_PERCENT {
            continue;
        }
        let message = format!(
            "{} put out {} at {stage} in {year}, and its own declaration says {plate} a year",
            names::facility(graph, &facility),
            names::mass(sum)
        );
        let resolve = "declare what the plant can make; only an authority's limit decides anything";
        let lots: Vec<LotRef> =
            records.iter().flat_map(|record| graph::outputs(record)).map(|(lot, _)| lot).collect();
        findings.push(found(FindingCode::OverCapacity, Weight::Note, &records, &lots, message, resolve));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::testing::*;
    use crate::model::event::Accredit;

    fn limited(world: &mut World, per: Span, kilograms: u64) -> RecordId {
        let accredit = Accredit {
            subject: world.party("mine"),
            facility: Some(world.place("mine")),
            role: Role::Miner,
            valid: "2026-01-01..2026-12-31".parse().unwrap(),
            scheme: "mining law".into(),
            number: Maybe::Shown(None),
            stages: Vec::new(),
            materials: Vec::new(),
            limit: Some(Limit { mass: kg(kilograms), per }),
        };
        world.record("buyer", Body::Accredit(accredit))
    }

    fn mined(world: &mut World, when: &str, kilograms: u64) -> LotRef {
        let id = world.extract("mine", vec![lot("ore", kilograms)]);
        world.change(id, |record| {
            if let Body::Extract(extract) = &mut record.event.body {
                extract.at.period = Maybe::Shown(when.parse().unwrap());
            }
        });
        out(id, 0)
    }

    fn beyond(world: &World, believed: &[RecordId]) -> Vec<(Weight, Vec<LotRef>)> {
        let accepted = Accepted { records: believed.iter().copied().collect(), papers: Vec::new() };
        findings(&world.graph(), &accepted).into_iter().map(|one| (one.weight, one.lots)).collect()
    }

    #[test]
    fn lots_up_to_the_limit_are_within_it_and_the_one_that_crosses_it_is_not() {
        let mut world = World::new();
        let limit = limited(&mut world, Span::Month, 24);
        mined(&mut world, "2026-06-10", 20);
        mined(&mut world, "2026-06-11", 4);
        assert_eq!(beyond(&world, &[limit]), vec![]);
        let (crossing, after) = (mined(&mut world, "2026-06-12", 1), mined(&mut world, "2026-06-30", 1));
        mined(&mut world, "2026-07-01", 24);
        assert_eq!(beyond(&world, &[limit]), vec![(Weight::Fail, vec![crossing, after])]);
        assert_eq!(beyond(&world, &[]), vec![(Weight::Warning, vec![crossing, after])]);
    }

    #[test]
    fn a_lot_of_two_months_may_have_both_limits_and_no_more() {
        let mut world = World::new();
        let limit = limited(&mut world, Span::Month, 24);
        mined(&mut world, "2026-06-15..2026-07-14", 40);
        mined(&mut world, "2026-06-01", 8);
        assert_eq!(beyond(&world, &[limit]), vec![]);
        let late = mined(&mut world, "2026-07-20", 1);
        assert_eq!(beyond(&world, &[limit]), vec![(Weight::Fail, vec![late])]);
    }

    #[test]
    fn what_is_worked_on_is_not_counted_a_second_time() {
        let mut world = World::new();
        let limit = limited(&mut world, Span::Year, 24);
        world.change(limit, |record| {
            if let Body::Accredit(accredit) = &mut record.event.body {
                accredit.stages = vec!["P10 mine", "P20 float"]
                    .into_iter()
                    .map(|step| step.parse::<crate::model::stage::Step>().unwrap().stage)
                    .collect();
            }
        });
        let ore = mined(&mut world, "2026-06-10", 24);
        let mixing = crate::model::evidence::Mixing::Homogenised;
        world.transform("mine", "P20 float", mixing, vec![take(ore, 0, 24)], vec![lot("concentrate", 5)]);
        assert_eq!(beyond(&world, &[limit]), vec![]);
    }

    #[test]
    fn quarters_begin_in_january_april_july_and_october() {
        let of = |day: &str| span(day.parse().unwrap(), Span::Quarter);
        assert_eq!(of("2026-03-31") + 1, of("2026-04-01"));
        assert_eq!(of("2026-01-01"), of("2026-03-31"));
    }
}
