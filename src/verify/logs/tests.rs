//! Logs of small worlds: what holds, what does not, and proofs that others can judge.

use super::*;
use crate::hash::Hash;
use crate::scenario::{HandOver, LogGiven, Scenario, World};
use crate::verify::{Evidence, Examined, examine};

fn text(title: &str) -> String {
    let head = format!(
        "format = \"lodemark/scenario@1\"\ntitle = \"{title}\"\nstart = 2026-02-02T08:00:00Z\n\
         [[party]]\nalias = \"mine\"\nname = \"Mine\"\ncountry = \"AU\"\nroles = [\"miner\"]\n\
         [[facility]]\nalias = \"pit\"\nby = \"mine\"\nname = \"Pit\"\nplace = \"AU-WA\"\nstages = [\"P10\"]\n"
    );
    let dig = |day: u32| {
        format!(
            "[[event]]\nid = \"dig {day}\"\nby = \"mine\"\nkind = \"extract\"\nat = \"pit\"\non = \"2026-02-{:02}\"\n\
             steps = [\"P10 mine\"]\nout = [{{ label = \"ORE {day}\", material = \"ore\", mass = \"1 t\" }}]\n",
            day + 2
        )
    };
    let taken_back = "[[event]]\nid = \"back\"\nby = \"mine\"\nkind = \"withdraw\"\ntarget = \"dig 1\"\nreason = \"entry_error\"\n";
    [head, dig(1), dig(2), taken_back.to_owned(), dig(3), dig(4)].concat()
}

fn world(title: &str) -> World {
    World::build(&Scenario::from_toml(&text(title)).unwrap()).unwrap()
}

fn log(of: &str) -> LogGiven {
    LogGiven { of: of.to_owned(), size: None, instead: None, damage: None, witnesses: Vec::new() }
}

fn given(logs: Vec<LogGiven>) -> Evidence {
    HandOver { log: logs, ..HandOver::default() }.evidence(&world("Logs")).unwrap()
}

fn found(examined: &Examined) -> Vec<FindingCode> {
    examined.lines.iter().flat_map(|line| &line.faults).map(|fault| fault.finding.code).collect()
}

#[test]
fn a_whole_log_holds_and_its_control_list_is_whole() {
    let examined = examine(given(vec![log("mine")]));
    assert_eq!(found(&examined), []);
    let [held] = &examined.logs[..] else { panic!("one log: {:?}", examined.logs) };
    assert_eq!((held.part.checkpoint.size, held.control), (7, ControlList::Whole));
    assert_eq!(held.last.map(|link| link.seq), Some(6));
}

#[test]
fn any_change_of_a_checkpoint_or_leaf_breaks_the_log() {
    let changes: [fn(&mut LogPiece); 7] = [
        |log| log.part.checkpoint.size -= 1,
        |log| log.part.checkpoint.root.0[0] ^= 1,
        |log| log.part.checkpoint.signature[9] ^= 1,
        |log| log.part.checkpoint.key[0] ^= 1,
        |log| log.records[2].1 = log.records[3].1,
        |log| log.part.nodes.push(Hash::ZERO),
        |log| log.records.truncate(log.records.len() - 1),
    ];
    for change in changes {
        let mut evidence = given(vec![log("mine")]);
        change(&mut evidence.logs[0]);
        let examined = examine(evidence);
        assert_eq!(found(&examined), [FindingCode::LogBroken]);
        assert!(examined.logs.is_empty());
    }
}

#[test]
fn a_log_of_somebody_else_is_no_log_of_the_party() {
    let other = HandOver { log: vec![log("mine")], ..HandOver::default() };
    let mut foreign = other.evidence(&world("Others")).unwrap();
    let mut evidence = given(vec![]);
    // Signed, and of another party: nothing of it is held, and nothing rests on it.
    evidence.logs.append(&mut foreign.logs);
    let examined = examine(evidence.clone());
    assert!(examined.logs.is_empty());
    assert_eq!(examined.findings.iter().map(|one| one.code).collect::<Vec<_>>(), [FindingCode::UnknownKey]);
    // Said to be of this party: the signature is over another origin.
    evidence.logs[0].part.checkpoint.party = world("Logs").party("mine").unwrap();
    assert_eq!(found(&examine(evidence)), [FindingCode::LogBroken]);
}

#[test]
fn without_a_control_record_or_the_last_leaf_the_list_is_open() {
    for name in ["back", "party mine", "dig 4"] {
        let mut evidence = given(vec![log("mine")]);
        let at = evidence.pieces.iter().position(|piece| piece.source == name).unwrap();
        let piece = evidence.pieces.remove(at);
        if name == "party mine" {
            // Without its key nothing of the party is held at all.
            assert!(examine(evidence).logs.is_empty());
            continue;
        }
        let examined = examine(evidence.clone());
        assert!(found(&examined).contains(&FindingCode::ControlListOpen), "{name}");
        assert_eq!(examined.logs[0].control, ControlList::Open);
        // As a header alone the last leaf is enough, and a control record is not.
        let bytes = piece.bytes[..272].to_vec();
        evidence.headers.push(super::super::HeaderPiece { bytes, source: name.to_owned() });
        let is_open = found(&examine(evidence)).contains(&FindingCode::ControlListOpen);
        assert_eq!(is_open, name == "back", "{name}");
    }
}

#[test]
fn gaps_below_a_checkpoint_are_told_and_gaps_above_it_count() {
    for (size, weight) in [(None, Weight::Note), (Some(4), Weight::Unknown)] {
        let mut evidence = given(vec![LogGiven { size, ..log("mine") }]);
        evidence.pieces.retain(|piece| piece.source != "dig 3");
        if let Some(one) = evidence.logs.first_mut()
            && size.is_none()
        {
            // The nodes are made for what is shown.
            let hand_over = HandOver { log: vec![log("mine")], ..HandOver::default() };
            let mut world = world("Logs");
            world.signed.iter_mut().filter(|one| one.name == "dig 3").for_each(|one| one.is_lost = true);
            *one = hand_over.evidence(&world).unwrap().logs.remove(0);
        }
        let examined = examine(evidence);
        let gap = examined.lines[0].faults.iter().find(|one| one.finding.code == FindingCode::MissingRecords);
        assert_eq!(gap.map(|gap| gap.finding.weight), Some(weight));
    }
}

#[test]
fn two_logs_of_one_party_are_proven_by_a_text_that_anyone_can_judge() {
    let instead = |size, name: &str| LogGiven { size, instead: Some(name.to_owned()), ..log("mine") };
    // One size and two roots; one leaf and another; the first leaves of the larger.
    for (other, hidden) in [
        (instead(None, "dig 2"), None),
        (instead(Some(5), "dig 4"), None),
        (instead(Some(6), "dig 2"), Some("dig 2")),
    ] {
        let evidence = match hidden {
            None => given(vec![log("mine"), other.clone()]),
            Some(name) => {
                let mut world = world("Logs");
                world.signed.iter_mut().filter(|one| one.name == name).for_each(|one| one.is_lost = true);
                HandOver { log: vec![log("mine"), other.clone()], ..HandOver::default() }
                    .evidence(&world)
                    .unwrap()
            }
        };
        let examined = examine(evidence);
        let is_fork = other.size != Some(5);
        assert_eq!(found(&examined).contains(&FindingCode::LogFork), is_fork, "{other:?}");
        for fork in &examined.log_forks {
            assert!(fork.judge().is_ok());
        }
        if other.size.is_none() {
            assert_eq!(examined.log_forks.len(), 1);
        }
    }
}

#[test]
fn a_record_that_is_another_than_the_leaf_at_its_place_is_a_fork_though_the_root_cannot_be_told() {
    let mut evidence = given(vec![LogGiven { instead: Some("dig 2".to_owned()), ..log("mine") }]);
    // With a gap before it no root follows from the records held.
    evidence.pieces.retain(|piece| piece.source != "dig 1");
    assert!(found(&examine(evidence)).contains(&FindingCode::LogFork));
}

#[test]
fn a_log_that_goes_on_from_a_smaller_one_contradicts_nothing() {
    for size in 1..7 {
        let examined = examine(given(vec![LogGiven { size: Some(size), ..log("mine") }, log("mine")]));
        assert_eq!(found(&examined), [], "{size}");
        assert_eq!(examined.logs[0].part.checkpoint.size, 7);
    }
}

/// Checkpoints of logs alone, as a ledger keeps them where nothing leads to them.
fn alone(logs: Vec<LogGiven>) -> Vec<CheckpointPiece> {
    let piece = |log: LogPiece| CheckpointPiece { checkpoint: log.part.checkpoint, source: "a note".into() };
    given(logs).logs.into_iter().map(piece).collect()
}

fn instead(size: u64, name: &str) -> LogGiven {
    LogGiven { size: Some(size), instead: Some(name.to_owned()), ..log("mine") }
}

#[test]
fn a_checkpoint_alone_speaks_against_what_is_handed_over_where_it_can() {
    let fork = vec![FindingCode::LogFork];
    let cases = [
        (vec![log("mine")], vec![], 0),
        (vec![LogGiven { size: Some(4), ..log("mine") }], vec![], 0),
        (vec![instead(7, "dig 2")], fork.clone(), 1),
        (vec![instead(6, "dig 2")], fork.clone(), 1),
        // Two of one size beside each other, one of which is the party's own history.
        (vec![instead(7, "dig 2"), log("mine")], vec![FindingCode::LogFork; 2], 2),
    ];
    for (given_alone, expected, proofs) in cases {
        let evidence = Evidence { checkpoints: alone(given_alone.clone()), ..given(vec![log("mine")]) };
        let examined = examine(evidence);
        assert_eq!(found(&examined), expected, "{given_alone:?}");
        assert_eq!(examined.log_forks.len(), proofs, "{given_alone:?}");
        assert!(examined.log_forks.iter().all(|fork| fork.judge().is_ok()));
    }
    // Without a log the records themselves are held against it.
    let evidence = Evidence { checkpoints: alone(vec![instead(5, "dig 2")]), ..given(vec![]) };
    assert_eq!(found(&examine(evidence)), fork);
    let mut forged = alone(vec![instead(7, "dig 2")]);
    forged[0].checkpoint.signature[3] ^= 1;
    let evidence = Evidence { checkpoints: forged, ..given(vec![]) };
    assert_eq!(found(&examine(evidence)), [FindingCode::LogBroken]);
}

#[test]
fn a_checkpoint_alone_of_more_records_than_are_handed_over_says_so() {
    let of = |size| Evidence {
        checkpoints: alone(vec![log("mine")]),
        ..given(vec![LogGiven { size: Some(size), ..log("mine") }])
    };
    for (size, last, expected) in [(5, 5, true), (6, 6, true), (5, 7, false), (7, 7, false)] {
        let mut evidence = of(size);
        let kept = ["party mine", "facility pit", "dig 1", "dig 2", "back", "dig 3", "dig 4"];
        let shown: Vec<&str> = kept.into_iter().take(last).collect();
        evidence.pieces.retain(|piece| shown.contains(&piece.source.as_str()));
        let is_told = found(&examine(evidence)).contains(&FindingCode::SeenNewer);
        assert_eq!(is_told, expected, "{size} {last}");
    }
}

#[test]
fn cosignatures_of_several_files_count_together_and_a_bad_one_takes_nothing_away() {
    use crate::log::vkey::{KeyUse, VerifierKey};
    let world = world("Logs");
    let key = |name: &str| {
        VerifierKey::new(name, KeyUse::Cosignature, world.witness(name).public().clone()).unwrap()
    };
    let mut reader = crate::verify::Reader { quorum: 2, ..crate::verify::Reader::default() };
    reader.witnesses = vec![key("a"), key("b")];
    let by = |name: &str| LogGiven { witnesses: vec![name.to_owned()], ..log("mine") };
    let names = |evidence: Evidence| -> Vec<String> {
        let line = super::super::freshness::line(&examine(evidence).logs[0], &reader);
        line.witnesses.into_iter().map(|witness| witness.name).collect()
    };
    assert_eq!(names(given(vec![by("b")])), ["b"]);
    assert_eq!(names(given(vec![by("a"), by("b")])), ["a", "b"]);
    for damaged in [0, 1] {
        let mut evidence = given(vec![by("a"), by("a")]);
        let line = &mut evidence.logs[damaged].part.cosignatures[0];
        (line.time, line.signature[7]) = (line.time + 9, line.signature[7] ^ 1);
        assert_eq!(names(evidence), ["a"]);
    }
    // Of another checkpoint they do not.
    let smaller = LogGiven { size: Some(5), ..by("b") };
    assert_eq!(names(given(vec![by("a"), smaller])), ["a"]);
}

#[test]
fn the_control_list_ends_at_the_leaf_that_is_shown_and_at_no_other_header_of_that_place() {
    // The same party signed another last record, which stands in no log.
    let other = text("Logs").replace("label = \"ORE 4\"", "label = \"ORE 5\"");
    let other = World::build(&Scenario::from_toml(&other).unwrap()).unwrap();
    let of = |world: &World| world.signed.last().unwrap().bytes[..272].to_vec();
    let (right, wrong) = (of(&world("Logs")), of(&other));
    assert_ne!(right, wrong);
    for (headers, is_open) in [(vec![&right], false), (vec![&wrong], true), (vec![&wrong, &right], false)] {
        let mut evidence = given(vec![log("mine")]);
        evidence.pieces.retain(|piece| piece.source != "dig 4");
        evidence.headers = headers
            .into_iter()
            .map(|bytes| super::super::HeaderPiece { bytes: bytes.clone(), source: "a header".into() })
            .collect();
        let examined = examine(evidence);
        assert_eq!(found(&examined).contains(&FindingCode::ControlListOpen), is_open);
        assert_eq!(examined.logs[0].last.is_none(), is_open);
    }
}
