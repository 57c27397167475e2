//! What tags say together, where a scenario would be long: many at once, and records that were taken back.

use super::*;
use crate::custody::testing::*;
use crate::hash::RecordId;
use crate::model::event::AppliedTag;
use crate::model::evidence::WithdrawReason;
use crate::model::finding::{FindingCode, Weight};
use crate::model::maybe::{Maybe, MaybeList};

fn issue(world: &mut World, by: &str, tags: impl Iterator<Item = String>) -> RecordId {
    let pit = world.place("mine");
    world.record(
        by,
        Body::IssueTags(IssueTags {
            pit,
            place: "AU".parse().unwrap(),
            coordinates: None,
            period: Maybe::Shown("2026-01-05".parse().unwrap()),
            scheme: "scheme".to_owned(),
            valid: "2026-01-01..2026-12-31".parse().unwrap(),
            tags: tags.collect::<Vec<_>>().into(),
        }),
    )
}

fn apply(world: &mut World, by: &str, lot: LotRef, tags: impl Iterator<Item = String>) -> RecordId {
    let applied = |tag| AppliedTag { tag, package: None, mass: None };
    world.record(
        by,
        Body::ApplyTags(ApplyTags {
            lot,
            place: "AU".parse().unwrap(),
            coordinates: None,
            period: Maybe::Shown("2026-01-06".parse().unwrap()),
            scheme: "scheme".to_owned(),
            tags: tags.map(applied).collect::<Vec<_>>().into(),
        }),
    )
}

fn numbers(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("A-{number}"))
}

fn codes(world: &World) -> Vec<(FindingCode, Weight)> {
    findings(&world.graph()).iter().map(|finding| (finding.code, finding.weight)).collect()
}

#[test]
fn four_thousand_tags_used_twice_are_one_finding() {
    let mut world = World::new();
    let ores = out(world.extract("mine", vec![lot("ore", 10), lot("ore", 10)]), 0);
    issue(&mut world, "buyer", numbers(4096));
    apply(&mut world, "mine", ores, numbers(4096));
    apply(&mut world, "mine", LotRef { index: 1, ..ores }, numbers(4096));
    let found = findings(&world.graph());
    let twice: Vec<_> = found.iter().filter(|finding| finding.code == FindingCode::TagTwice).collect();
    assert_eq!(twice.len(), 1);
    assert!(twice[0].message.starts_with("tags `A-0`, `A-1`, `A-10` and 4093 more"), "{}", twice[0].message);
}

#[test]
fn a_record_that_was_taken_back_hands_out_and_puts_on_nothing() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    let first = issue(&mut world, "buyer", numbers(2));
    issue(&mut world, "buyer", numbers(2));
    assert_eq!(codes(&world)[0], (FindingCode::TagTwice, Weight::Fail));
    world.withdraw("buyer", first, WithdrawReason::EntryError);
    assert!(codes(&world).iter().all(|(code, _)| *code == FindingCode::TagPlace));
    let put = apply(&mut world, "mine", ore, std::iter::once("B-1".to_owned()));
    assert!(codes(&world).contains(&(FindingCode::TagNotIssued, Weight::Unknown)));
    world.withdraw("mine", put, WithdrawReason::EntryError);
    assert!(codes(&world).iter().all(|(code, _)| *code == FindingCode::TagPlace));
}

#[test]
fn withheld_numbers_and_days_are_said_to_be_withheld() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    let issued = issue(&mut world, "buyer", numbers(2));
    let put = apply(&mut world, "mine", ore, numbers(2));
    let mut hidden = world.clone();
    hidden.change(put, |record| {
        let Body::ApplyTags(apply) = &mut record.event.body else { unreachable!() };
        apply.period = Maybe::Withheld;
    });
    assert!(codes(&hidden).contains(&(FindingCode::TagWindow, Weight::Withheld)));
    world.change(issued, |record| {
        let Body::IssueTags(issue) = &mut record.event.body else { unreachable!() };
        issue.tags = MaybeList::Withheld(2);
    });
    assert!(codes(&world).contains(&(FindingCode::TagNotIssued, Weight::Withheld)));
}

#[test]
fn a_lot_that_went_around_in_handovers_keeps_its_tags() {
    let mut world = World::new();
    let ore = out(world.extract("mine", vec![lot("ore", 10)]), 0);
    issue(&mut world, "buyer", numbers(1));
    apply(&mut world, "mine", ore, numbers(1));
    let arrived = world.hand_over("mine", "plant", ore);
    apply(&mut world, "plant", arrived, numbers(1));
    assert!(codes(&world).iter().all(|(code, _)| *code != FindingCode::TagTwice));
    let other = out(world.extract("plant", vec![lot("ore", 10)]), 0);
    apply(&mut world, "plant", other, numbers(1));
    assert!(codes(&world).contains(&(FindingCode::TagTwice, Weight::Fail)));
}
