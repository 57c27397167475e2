//! Stretches: no stretch of a lot twice, none past its end, none after it was emptied, none of no lot.
//!
//! Whoever holds two records with overlapping stretches of one lot holds the proof. Spec:
//! docs/custody.md, "Stretches".

use super::amend::correction;
use super::attested::by_attestation;
use super::graph::{self, Graph, Use};
use super::names::{self, found};
use super::withdrawal;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::record::Record;

/// Returns every contradiction and gap in what held records consume.
pub fn findings(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in graph.records() {
        sources(graph, record, &mut findings);
    }
    let mut lots = graph.used_lots();
    // A corrected record may be the only one that ever used a lot.
    lots.extend(graph.kept_lots().into_iter().filter(|lot| graph.uses(lot).is_empty()));
    for lot in lots {
        of_lot(graph, lot, &mut findings);
    }
    findings
}

/// Looks at what one record says it consumes: whether that is held, exists and is shown.
fn sources(graph: &Graph, record: &Record, findings: &mut Vec<Finding>) {
    let what = || names::record(graph, record);
    if let Some(number) = graph::withheld_inputs(record) {
        let number = names::count(usize::try_from(number).unwrap_or(usize::MAX), "input");
        for (lots, weight) in by_attestation(graph, record, Weight::Withheld) {
            findings.push(found(
                FindingCode::InputsWithheld,
                weight,
                &[record],
                &lots,
                format!("{} withholds its {number}", what()),
                "ask the author to show the item `in`",
            ));
        }
    }
    let (mut missing, mut absent) = (Vec::new(), Vec::new());
    for input in graph::inputs(record) {
        match graph.creator(&input.lot) {
            None => missing.push(input.lot),
            Some(_) if graph.lot(&input.lot).is_none() => absent.push(input.lot),
            Some(_) => {}
        }
    }
    if let Some(first) = missing.first() {
        let mut all = by_attestation(graph, record, Weight::Unknown);
        if let [(lots, Weight::Unknown)] = &mut all[..] {
            lots.clone_from(&missing);
        }
        for (lots, weight) in all {
            findings.push(found(
                FindingCode::MissingInput,
                weight,
                &[record],
                &lots,
                format!(
                    "{} consumes {} whose record is not held, first {}",
                    what(),
                    names::count(missing.len(), "lot"),
                    names::lot(graph, first)
                ),
                "import the records of these lots from the author's supplier",
            ));
        }
    }
    for lot in absent {
        let creator = graph.creator(&lot).expect("only lots with a creator are listed");
        findings.push(found(
            FindingCode::NoSuchOutput,
            Weight::Fail,
            &[record, creator],
            &[lot],
            format!(
                "{} consumes output {} of {}, which has {}",
                what(),
                lot.index,
                names::record(graph, creator),
                names::count(creator.event.body.outputs().len(), "output")
            ),
            "withdraw the record and name an output that exists",
        ));
    }
}

/// Looks at all that is consumed of one lot, held or not: two records prove a double use without the lot's.
fn of_lot(graph: &Graph, lot: LotRef, findings: &mut Vec<Finding>) {
    let mut taken: Vec<(&Use, &Record)> = graph
        .uses(&lot)
        .iter()
        .filter_map(|one| Some((one, graph.record(&one.record)?)))
        .filter(|(_, record)| !withdrawal::frees_stretches(graph, record))
        .collect();
    beyond(graph, lot, &taken, findings);
    let kept = graph.kept_uses(&lot);
    if !kept.is_empty() {
        taken.extend(kept.iter().filter_map(|one| Some((one, graph.record(&one.record)?))));
        taken.sort_by_key(|(one, _)| (one.from, one.mass, one.record, one.input));
    }
    overlaps(graph, lot, &taken, kept, findings);
    after_empty(graph, lot, &taken, findings);
}

fn end(one: &Use) -> u128 {
    u128::from(one.from.mg()) + u128::from(one.mass.mg())
}

fn stretch(one: &Use) -> String {
    format!("{} to {}", one.from, names::mass(end(one)))
}

fn beyond(graph: &Graph, lot: LotRef, taken: &[(&Use, &Record)], findings: &mut Vec<Finding>) {
    let (Some(output), Some(creator)) = (graph.lot(&lot), graph.creator(&lot)) else { return };
    let name = names::lot(graph, &lot);
    let Some(mass) = output.mass() else {
        let mut records = vec![creator];
        records.extend(taken.iter().map(|(_, record)| *record));
        let mut finding = found(
            FindingCode::BeyondLot,
            Weight::Withheld,
            &records,
            &[lot],
            format!("the mass of lot {name} is withheld, so what was used of it cannot be compared with it"),
            "ask the lot's author to show its mass",
        );
        finding.parties = vec![creator.author];
        if !taken.is_empty() {
            findings.push(finding);
        }
        return;
    };
    for (one, record) in taken {
        if end(one) > u128::from(mass.mg()) {
            if let Some(finding) = below_use(graph, lot, (one, record), creator, mass) {
                findings.push(finding);
                continue;
            }
            let mut finding = found(
                FindingCode::BeyondLot,
                Weight::Fail,
                &[record, creator],
                &[lot],
                format!(
                    "{} uses {} of lot {name}, which holds {mass}",
                    names::record(graph, record),
                    stretch(one)
                ),
                "withdraw the record and name a stretch within the lot",
            );
            finding.parties = vec![record.author];
            findings.push(finding);
        }
    }
}

/// A stretch within what its lot held before a correction stays valid, unless the author itself used it afterwards.
fn below_use(
    graph: &Graph,
    lot: LotRef,
    (one, record): (&Use, &Record),
    creator: &Record,
    mass: Mass,
) -> Option<Finding> {
    let (before, corrected) = correction::stated_before(graph, &lot)?;
    let knew = record.author == creator.author && (record.epoch, record.seq) > corrected;
    if knew || end(one) > u128::from(before.mg()) {
        return None;
    }
    let message = format!(
        "{} uses {} of lot {}, which was corrected from {before} to {mass}",
        names::record(graph, record),
        stretch(one),
        names::lot(graph, &lot)
    );
    let resolve = "the parties agree on what was handed over, and each corrects its record";
    Some(found(FindingCode::CorrectedBelowUse, Weight::Warning, &[record, creator], &[lot], message, resolve))
}

fn overlaps(
    graph: &Graph,
    lot: LotRef,
    taken: &[(&Use, &Record)],
    kept: &[Use],
    findings: &mut Vec<Finding>,
) {
    // Uses stand by where they begin: one that begins before the furthest end so far overlaps that one.
    let mut furthest: Option<&(&Use, &Record)> = None;
    for pair in taken {
        let overlaps = |before: &&(&Use, &Record)| {
            // What a corrected record used before and uses now is one use.
            let is_one =
                before.0.record == pair.0.record && (kept.contains(before.0) || kept.contains(pair.0));
            !is_one && u128::from(pair.0.from.mg()) < end(before.0)
        };
        if let Some(before) = furthest.filter(overlaps) {
            let shared = end(before.0).min(end(pair.0)) - u128::from(pair.0.from.mg());
            findings.push(found(
                FindingCode::DoubleUse,
                Weight::Fail,
                &[before.1, pair.1],
                &[lot],
                format!(
                    "{} of lot {} are used twice: {} uses {}, {} uses {}",
                    names::mass(shared),
                    names::lot(graph, &lot),
                    names::record(graph, before.1),
                    stretch(before.0),
                    names::record(graph, pair.1),
                    stretch(pair.0)
                ),
                "only one of the two can stand: its author must withdraw the other",
            ));
        }
        if furthest.is_none_or(|before| end(before.0) < end(pair.0)) {
            furthest = Some(pair);
        }
    }
}

fn after_empty(graph: &Graph, lot: LotRef, taken: &[(&Use, &Record)], findings: &mut Vec<Finding>) {
    // "After" is the order of the consumer's own chain, never a clock.
    let emptied = taken.iter().filter(|(one, _)| one.empties).min_by_key(|(_, by)| (by.epoch, by.seq, by.id));
    let Some((_, emptier)) = emptied else { return };
    for (one, record) in taken {
        let later =
            record.author == emptier.author && (record.epoch, record.seq) > (emptier.epoch, emptier.seq);
        if later {
            findings.push(found(
                FindingCode::UseAfterEmpty,
                Weight::Fail,
                &[emptier, record],
                &[lot],
                format!(
                    "{} uses {} of lot {}, of which {} said that nothing is left",
                    names::record(graph, record),
                    one.mass,
                    names::lot(graph, &lot),
                    names::record(graph, emptier)
                ),
                "withdraw the later record, or the one that emptied the lot",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::hash::RecordId;
    use crate::model::event::Body;
    use crate::model::evidence::Mixing::Discrete;
    use crate::model::evidence::WithdrawReason;
    use crate::model::maybe::{Maybe, MaybeList};

    fn stock() -> (World, LotRef) {
        let mut world = World::new();
        let taken = world.intake("plant", vec![named("LOT-1", "metal.Nd", 100)], vec![]);
        (world, out(taken, 0))
    }

    fn use_up(world: &mut World, from: u64, mass: u64, lot_used: LotRef) -> RecordId {
        world.repack("plant", Discrete, vec![take(lot_used, from, mass)], vec![lot("metal.Nd", mass)])
    }

    fn found_in(world: &World) -> Vec<(FindingCode, Weight)> {
        findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
    }

    #[test]
    fn stretches_side_by_side_up_to_the_end_are_no_finding() {
        let (mut world, stock) = stock();
        use_up(&mut world, 60, 40, stock);
        use_up(&mut world, 0, 60, stock);
        assert_eq!(found_in(&world), vec![]);
    }

    #[test]
    fn one_milligram_used_twice_is_found_with_both_records() {
        let (mut world, stock) = stock();
        let first = use_up(&mut world, 0, 60, stock);
        let second = use_up(&mut world, 50, 50, stock);
        world.change(second, |record| {
            if let Body::Repack(repack) = &mut record.event.body {
                let from = Mass::from_mg(kg(60).mg() - 1);
                repack.inputs = vec![crate::model::lot::Input { from, ..take(stock, 0, 40) }].into();
            }
        });
        let found = findings(&world.graph());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, found[0].weight), (FindingCode::DoubleUse, Weight::Fail));
        assert_eq!(found[0].records, vec![first, second]);
        assert!(
            found[0].message.starts_with("0.001 g of lot `LOT-1` are used twice"),
            "{}",
            found[0].message
        );
    }

    #[test]
    fn a_double_use_shows_without_the_record_of_the_lot() {
        let (mut world, stock) = stock();
        use_up(&mut world, 0, 60, stock);
        use_up(&mut world, 50, 50, stock);
        world.records.retain(|record| record.id != stock.record);
        let unknown = (FindingCode::MissingInput, Weight::Unknown);
        assert_eq!(found_in(&world), vec![unknown, unknown, (FindingCode::DoubleUse, Weight::Fail)]);
    }

    #[test]
    fn a_stretch_inside_a_longer_one_is_found_past_a_short_one_between() {
        let (mut world, stock) = stock();
        use_up(&mut world, 0, 100, stock);
        use_up(&mut world, 10, 5, stock);
        use_up(&mut world, 90, 10, stock);
        assert_eq!(found_in(&world), vec![(FindingCode::DoubleUse, Weight::Fail); 2]);
    }

    #[test]
    fn one_milligram_past_the_end_is_found() {
        let (mut world, stock) = stock();
        let used = use_up(&mut world, 0, 100, stock);
        assert_eq!(found_in(&world), vec![]);
        world.change(used, |record| {
            if let Body::Repack(repack) = &mut record.event.body {
                let mass = Mass::from_mg(kg(100).mg() + 1);
                repack.inputs = vec![crate::model::lot::Input { mass, ..take(stock, 0, 1) }].into();
            }
        });
        assert_eq!(found_in(&world), vec![(FindingCode::BeyondLot, Weight::Fail)]);
    }

    #[test]
    fn a_stretch_that_overflows_is_beyond_its_lot() {
        let (mut world, stock) = stock();
        let used = use_up(&mut world, 0, 1, stock);
        world.change(used, |record| {
            if let Body::Repack(repack) = &mut record.event.body {
                let most = Mass::from_mg(u64::MAX);
                repack.inputs =
                    vec![crate::model::lot::Input { from: most, mass: most, ..take(stock, 0, 1) }].into();
            }
        });
        assert_eq!(found_in(&world), vec![(FindingCode::BeyondLot, Weight::Fail)]);
    }

    #[test]
    fn a_withheld_mass_leaves_the_end_of_a_used_lot_open() {
        let (mut world, stock) = stock();
        world.change(stock.record, |record| {
            if let Some(outputs) = record.event.body.outputs_mut() {
                outputs[0].quantity = Maybe::Withheld;
            }
        });
        assert_eq!(found_in(&world), vec![]);
        use_up(&mut world, 0, 1, stock);
        assert_eq!(found_in(&world), vec![(FindingCode::BeyondLot, Weight::Withheld)]);
    }

    #[test]
    fn use_after_a_lot_was_emptied_is_found_and_use_before_is_not() {
        for (before, expected) in [(true, vec![]), (false, vec![(FindingCode::UseAfterEmpty, Weight::Fail)])]
        {
            let (mut world, stock) = stock();
            if before {
                use_up(&mut world, 90, 10, stock);
            }
            let all = last(take(stock, 0, 90));
            world.repack("plant", Discrete, vec![all], vec![lot("metal.Nd", 90)]);
            if !before {
                use_up(&mut world, 90, 10, stock);
            }
            assert_eq!(found_in(&world), expected);
        }
    }

    #[test]
    fn the_chain_of_another_party_has_no_order_with_the_one_that_emptied() {
        let (mut world, stock) = stock();
        let all = last(take(stock, 0, 90));
        world.repack("plant", Discrete, vec![all], vec![lot("metal.Nd", 90)]);
        world.extract("works", vec![lot("ore", 1)]);
        world.extract("works", vec![lot("ore", 1)]);
        world.repack("works", Discrete, vec![take(stock, 90, 10)], vec![lot("metal.Nd", 10)]);
        assert_eq!(found_in(&world), vec![]);
    }

    #[test]
    fn inputs_that_are_missing_absent_or_withheld_are_told_apart() {
        let (mut world, _) = stock();
        let unknown = out(RecordId::from_bytes([9; 32]), 0);
        use_up(&mut world, 0, 1, unknown);
        assert_eq!(found_in(&world), vec![(FindingCode::MissingInput, Weight::Unknown)]);
        let (mut world, stock) = self::stock();
        use_up(&mut world, 0, 1, out(stock.record, 1));
        assert_eq!(found_in(&world), vec![(FindingCode::NoSuchOutput, Weight::Fail)]);
        let (mut world, stock) = self::stock();
        let used = use_up(&mut world, 0, 1, stock);
        world.change(used, |record| {
            if let Body::Repack(repack) = &mut record.event.body {
                repack.inputs = MaybeList::Withheld(1);
            }
        });
        assert_eq!(found_in(&world), vec![(FindingCode::InputsWithheld, Weight::Withheld)]);
    }

    #[test]
    fn a_withdrawn_record_frees_its_stretch_until_another_party_builds_on_it() {
        let (mut world, stock) = stock();
        let mistaken = use_up(&mut world, 0, 100, stock);
        let twin = world.clone();
        world.withdraw("plant", mistaken, WithdrawReason::EntryError);
        use_up(&mut world, 0, 100, stock);
        assert_eq!(found_in(&world), vec![]);

        let mut world = twin;
        world.hand_over("plant", "buyer", out(mistaken, 0));
        world.withdraw("plant", mistaken, WithdrawReason::EntryError);
        use_up(&mut world, 0, 100, stock);
        assert_eq!(found_in(&world), vec![(FindingCode::DoubleUse, Weight::Fail)]);
    }
}
