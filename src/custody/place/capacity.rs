//! Capacity: what was won or made against what an authority allows in a span of the calendar.
//!
//! A limit counts only where its author may set one, and that the reader says: which limits are believed comes from
//! outside. Lots stand in the order of their days; those up to the limit are within it, the one that crosses it
//! and all after it in that span are not. Spec: docs/custody.md, "Capacity"; MB-05, MB-06 of the domain's rules.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::custody::graph::{self, Graph};
use crate::custody::names::{self, found};
use crate::hash::RecordId;
use crate::model::coded::Coded;
use crate::model::day::{Day, Period};
use crate::model::dealings::Span;
use crate::model::event::{Accredit, Body, Limit};
use crate::model::evidence::Role;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Stage;

/// What may lie above the nameplate without a word, in percent of it: MB-05 `factor` 1.15.
const NAMEPLATE_PERCENT: u128 = 115;

/// Returns lots beyond an authority's limit, and years beyond a facility's own nameplate.
///
/// `believed` are the accreditations whose limit this reader believes: beyond one of them it is a contradiction,
/// beyond any other a warning.
pub fn findings(graph: &Graph, believed: &HashSet<RecordId>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for permits in permits(graph) {
        findings.extend(Made::under(graph, &permits).beyond(graph, &permits, believed));
    }
    findings.extend(beyond_nameplate(graph));
    findings
}

/// One limit, with the days it holds.
struct Permit<'g> {
    record: &'g Record,
    accredit: &'g Accredit,
    limit: &'g Limit,
    /// Permits of one series take each other's place; those of different ones add up.
    series: usize,
    first: Day,
    last: Day,
}

/// Limits of one authority on one party in one role at one place for the same things: they add up.
type Permits<'g> = Vec<Permit<'g>>;

/// Returns the limits that are held, those that add up together.
///
/// A later one with the same number, or like the earlier without one, takes its place from its first day on;
/// other numbers, and numbers withheld, are further permits. Read so, nobody is held to less than was allowed.
fn permits(graph: &Graph) -> Vec<Permits<'_>> {
    let ends = ends(graph);
    let mut groups: BTreeMap<Vec<u8>, Permits<'_>> = BTreeMap::new();
    let mut issued: Vec<&Record> = graph.records().iter().collect();
    issued.retain(|record| matches!(&record.event.body, Body::Accredit(one) if one.limit.is_some()));
    issued.retain(|record| graph.withdrawn(&record.id).is_none());
    issued.sort_by_key(|record| (record.author, record.epoch, record.seq, record.id));
    for record in issued {
        let Body::Accredit(accredit) = &record.event.body else { continue };
        let Some(limit) = &accredit.limit else { continue };
        let last = ends.get(&record.id).map_or(accredit.valid.last, |end| accredit.valid.last.min(*end));
        let group = groups.entry(key(record, accredit, limit)).or_default();
        let mut series = group.iter().map(|before| before.series + 1).max().unwrap_or(0);
        for before in group.iter_mut() {
            let replaced = !accredit.number.is_withheld() && before.accredit.number == accredit.number;
            if replaced {
                series = before.series;
            }
            if replaced && before.first <= accredit.valid.last {
                before.last = before.last.min(accredit.valid.first.plus_days(-1));
            }
        }
        group.push(Permit { record, accredit, limit, series, first: accredit.valid.first, last });
        group.retain(|permit| permit.first <= permit.last);
    }
    groups.into_values().filter(|permits| !permits.is_empty()).collect()
}

/// Returns what two limits have in common that add up.
fn key(record: &Record, accredit: &Accredit, limit: &Limit) -> Vec<u8> {
    let mut key = Vec::new();
    key.extend(record.author.0.0);
    key.extend(accredit.subject.0.0);
    key.extend(accredit.facility.map_or([0; 32], |facility| facility.0.0));
    key.extend(accredit.role.code().to_be_bytes());
    key.extend(limit.per.code().to_be_bytes());
    key.extend(accredit.stages.iter().flat_map(|stage| stage.code().to_be_bytes()));
    key.push(0);
    let mut materials: Vec<&str> = accredit.materials.iter().map(Material::as_str).collect();
    materials.sort_unstable();
    key.extend(materials.join("/").bytes());
    key.push(0);
    key.extend(accredit.scheme.bytes());
    key
}

/// Returns the last day on which each withdrawn accreditation held.
fn ends(graph: &Graph) -> HashMap<RecordId, Day> {
    let mut ends = HashMap::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::WithdrawAccreditation(end) = &record.event.body else { continue };
        let is_own = graph.record(&end.target).is_some_and(|target| target.author == record.author);
        if is_own {
            let last = end.from.plus_days(-1);
            let known = ends.entry(end.target).or_insert(last);
            *known = last.min(*known);
        }
    }
    ends
}

/// Returns the most that may have been made in the spans `first..=last` up to a day, in milligrams.
///
/// A limit that took the place of another within a span counts from its first day on; of the two the greater holds.
fn allowed(permits: &Permits<'_>, first: i32, last: i32, day: Day) -> u128 {
    let series = permits.iter().map(|permit| permit.series).max().unwrap_or(0);
    let mut sum = 0;
    for at in first..=last {
        for of in 0..=series {
            let holds = |permit: &&Permit<'_>| {
                let per = permit.limit.per;
                permit.series == of
                    && permit.first <= day
                    && (span(permit.first, per)..=span(permit.last, per)).contains(&at)
            };
            let limits = permits.iter().filter(holds).map(|permit| u128::from(permit.limit.mass.mg()));
            sum += limits.max().unwrap_or(0);
        }
    }
    sum
}

/// One lot that counts against a limit.
struct Counted<'g> {
    record: &'g Record,
    lot: LotRef,
    mass: Mass,
    period: Period,
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
        let accredit = permits[0].accredit;
        let first = permits.iter().map(|permit| permit.first).min().unwrap_or(accredit.valid.first);
        let last = permits.iter().map(|permit| permit.last).max().unwrap_or(accredit.valid.last);
        let mut made = Self { lots: Vec::new(), hidden: Vec::new() };
        let mut counts: HashSet<RecordId> = HashSet::new();
        for record in graph.records() {
            if !is_under(graph, record, accredit) || graph.withdrawn(&record.id).is_some() {
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
                if !covers(&accredit.materials, &value.material) {
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
        made.lots.sort_by_key(|one| {
            (
                one.period.last,
                one.period.first,
                one.record.author,
                one.record.seq,
                one.record.id,
                one.lot.index,
            )
        });
        made
    }

    /// Returns what lies beyond the limit, span by span.
    ///
    /// A lot won over several spans counts in all of them together: that much they may hold between them.
    fn beyond(&self, graph: &Graph, permits: &Permits<'_>, believed: &HashSet<RecordId>) -> Vec<Finding> {
        let Permit { record, accredit, limit, .. } = &permits[0];
        let is_believed = permits.iter().all(|permit| believed.contains(&permit.record.id));
        let range = |one: &Counted<'_>| (span(one.period.first, limit.per), span(one.period.last, limit.per));
        let ranges: BTreeSet<(i32, i32)> = self.lots.iter().map(range).collect();
        let mut findings = Vec::new();
        let mut named: HashSet<LotRef> = HashSet::new();
        // Single spans first, so that a lot is named for the shortest time it is too much for.
        let mut ranges: Vec<(i32, i32)> = ranges.into_iter().collect();
        ranges.sort_by_key(|(first, last)| (last - first, *first));
        for (first, last) in ranges {
            let spans = u128::try_from(last - first + 1).unwrap_or(1);
            let mut sum = 0u128;
            let mut beyond: Vec<&Counted<'_>> = Vec::new();
            for one in self.lots.iter().filter(|one| first <= range(one).0 && range(one).1 <= last) {
                sum += u128::from(one.mass.mg());
                if sum > allowed(permits, first, last, one.period.last) {
                    beyond.push(one);
                }
            }
            beyond.retain(|one| named.insert(one.lot));
            let Some(crossed) = beyond.first() else { continue };
            let when = match spans {
                1 => format!("in the {} of {}", limit.per, crossed.period.last),
                spans => format!("in {spans} {}s up to {}", limit.per, crossed.period.last),
            };
            let whose = match accredit.facility {
                Some(facility) => names::facility(graph, &facility),
                None => names::party(graph, &accredit.subject),
            };
            let trust = if is_believed { "" } else { ", whom this reader does not list for that" };
            let message = format!(
                "{whose} put out {} {when}, and {} allows {}{trust}: from lot {} on it is too much",
                names::mass(sum),
                names::party(graph, &record.author),
                names::mass(allowed(permits, first, last, crossed.period.last)),
                names::lot(graph, &crossed.lot),
            );
            let weight = if is_believed { Weight::Fail } else { Weight::Warning };
            let lots: Vec<LotRef> = beyond.iter().map(|one| one.lot).collect();
            let mut shown_by: Vec<&Record> = beyond.iter().map(|one| one.record).collect();
            shown_by.extend(permits.iter().map(|permit| permit.record));
            let resolve = "the authority raises the limit, or the operator shows where the rest came from";
            let mut made = found(FindingCode::OverCapacity, weight, &shown_by, &lots, message, resolve);
            made.parties = vec![accredit.subject];
            findings.push(made);
        }
        if let (Some((first, _)), true) = (self.hidden.first(), is_believed) {
            let lots: Vec<LotRef> = self.hidden.iter().map(|(_, lot)| *lot).collect();
            let message = format!(
                "{} under the limit of {} withhold their mass or their days",
                names::count(lots.len(), "lot"),
                names::party(graph, &record.author)
            );
            let resolve = "ask the operator to show masses and periods";
            let mut made =
                found(FindingCode::OverCapacity, Weight::Withheld, &[first, record], &lots, message, resolve);
            made.records.extend(self.hidden.iter().skip(1).map(|(record, _)| record.id));
            made.records.dedup();
            findings.push(made);
        }
        findings
    }
}

/// Whether a record wins or makes something that an accreditation is about.
fn is_under(graph: &Graph, record: &Record, accredit: &Accredit) -> bool {
    let Some(at) = record.event.body.at() else { return false };
    if record.author != accredit.subject || !makes(&record.event.body) {
        return false;
    }
    let here = match (&accredit.facility, &at.facility) {
        (None, _) => true,
        (Some(facility), Maybe::Shown(here)) => facility == here,
        (Some(_), Maybe::Withheld) => false,
    };
    here && match accredit.stages.is_empty() {
        false => {
            let steps = record.event.body.steps();
            // A circuit's draw names no step of its own where its declaration does.
            let declared = || declared_stages(graph, record);
            match steps.is_empty() {
                false => steps.iter().any(|step| accredit.stages.contains(&step.stage)),
                true => declared().iter().any(|stage| accredit.stages.contains(stage)),
            }
        }
        true => match accredit.role {
            Role::Miner | Role::ArtisanalCooperative => matches!(record.event.body, Body::Extract(_)),
            Role::Collector | Role::Recycler => !matches!(record.event.body, Body::Extract(_)),
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

/// Returns the number of the span that a day lies in.
fn span(day: Day, per: Span) -> i32 {
    let (year, month) = day.year_month();
    let months = i32::from(year) * 12 + i32::from(month) - 1;
    match per {
        Span::Month => months,
        Span::Quarter => months.div_euclid(3),
        Span::Year => i32::from(year),
    }
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
        let believed = believed.iter().copied().collect();
        findings(&world.graph(), &believed).into_iter().map(|one| (one.weight, one.lots)).collect()
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
