//! Who is told of too much, and who is not.

use std::collections::BTreeSet;

use crate::custody::testing::{World, lot, out};
use crate::model::lotref::LotRef;
use crate::model::verdict::Verdict;
use crate::rules::ReasonCode;
use crate::rules::pack::{Pack, PackError, PackFault};
use crate::rules::testing::{codes, judged_by, small_pack};
use crate::rules::verdict::RuleVerdict;
use crate::trust::Trust;

const PACK: &str = small_pack!(
    r#"
[elements]
named = ["Li"]

[[capabilities.mines]]
country = "ZW"
name = "all mines"
stages = ["P10"]
status = "op"
yearly = "15 kg"
materials = ["ore.spodumene"]
source = "a survey"
confidence = "low"

[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
help = "ask"

[rule.check.capability]
capabilities = "mines"
elements = "named"
stages = ["P10"]
"#
);

fn judged(world: &World, lot: LotRef, text: &str) -> RuleVerdict {
    let pack = Pack::from_toml(text).unwrap();
    judged_by(&pack, world, lot, "A-1", "2026-06-01", &Trust::default(), &BTreeSet::new())
}

#[test]
fn one_party_beyond_the_yield_contradicts_itself_and_several_together_leave_it_open() {
    for (masses, first) in [([15, 0], Verdict::Pass), ([16, 0], Verdict::Fail), ([8, 8], Verdict::Unknown)] {
        let mut world = World::new();
        world.establish("one", "ZW");
        world.establish("other", "ZW");
        let mine = out(world.extract("one", vec![lot("ore.spodumene", masses[0])]), 0);
        if masses[1] > 0 {
            world.extract("other", vec![lot("ore.spodumene", masses[1])]);
        }
        assert_eq!(judged(&world, mine, PACK).verdict, first, "{masses:?}");
    }
}

#[test]
fn what_another_states_too_much_accuses_nobody_else() {
    let mut world = World::new();
    world.establish("one", "ZW");
    world.establish("other", "ZW");
    let mine = out(world.extract("one", vec![lot("ore.spodumene", 1)]), 0);
    let theirs = out(world.extract("other", vec![lot("ore.spodumene", 100)]), 0);
    assert_eq!(judged(&world, mine, PACK).verdict, Verdict::Unknown);
    assert_eq!(judged(&world, theirs, PACK).verdict, Verdict::Fail);
}

#[test]
fn only_a_list_that_says_why_it_is_complete_fails_anyone() {
    let mut world = World::new();
    world.establish("one", "ZM");
    let mine = out(world.extract("one", vec![lot("ore.spodumene", 1)]), 0);
    let open = judged(&world, mine, PACK);
    assert_eq!((open.verdict, codes(&open)), (Verdict::Unknown, vec![ReasonCode::NoKnownPlant]));
    let complete = PACK.to_owned() + "complete = \"a survey of all\"\n";
    let closed = judged(&world, mine, &complete);
    assert_eq!((closed.verdict, codes(&closed)), (Verdict::Fail, vec![ReasonCode::NoCapacity]));
}

#[test]
fn rows_that_cannot_be_are_refused() {
    for (from, to) in [
        ("materials = [\"ore.spodumene\"]\n", ""),
        ("yearly = \"15 kg\"\n", ""),
        ("stages = [\"P10\"]\nstatus", "stages = []\nstatus"),
        ("source = \"a survey\"", "source = \" \""),
        ("elements = \"named\"\nstages = [\"P10\"]", "elements = \"named\"\nstages = []"),
        ("elements = \"named\"\n", "elements = \"named\"\ncomplete = \" \"\n"),
    ] {
        assert!(PACK.contains(from), "{from}");
        let error = Pack::from_toml(&PACK.replace(from, to)).unwrap_err();
        let PackError::Fault { fault, .. } = error else { panic!("{error}") };
        assert!(matches!(fault, PackFault::Empty { .. } | PackFault::Value { .. }), "{to}: {fault}");
    }
    assert!(Pack::from_toml(&PACK.replace("\"15 kg\"", "\"15\"")).is_err());
    assert!(Pack::from_toml(&PACK.replace("\"op\"", "\"working\"")).is_err());
}
