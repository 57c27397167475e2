//! What a ledger hands over to a verifier of the logs it keeps.

use super::*;
use crate::capsule::Audience;
use crate::model::finding::FindingCode;
use crate::verify::{Examined, examine};

fn capsule(desk: &mut Desk, lot: LotRef) -> Vec<u8> {
    let make = MakeCapsule {
        audience: Audience::Customer,
        lots: vec![lot],
        cuts: Vec::new(),
        withhold: Vec::new(),
        documents: Vec::new(),
        packs: Vec::new(),
    };
    desk.ledger.make_capsule(&make).unwrap().bytes
}

fn faults(examined: &Examined, party: PartyId) -> Vec<FindingCode> {
    let line = examined.lines.iter().find(|line| line.party == party).unwrap();
    line.faults.iter().map(|fault| fault.finding.code).collect()
}

#[test]
fn a_second_record_at_a_place_takes_the_log_from_nobody() {
    let (mut mine, mut twin) = (Desk::new("mine"), Desk::new("mine"));
    let a = mine.extract("A", 1);
    mine.extract("B", 1);
    let c = mine.extract("C", 1);
    let other = twin.extract("X", 1);
    for order in [true, false] {
        let mut buyer = Desk::new("buyer");
        let (one, two) = (capsule(&mut mine, c), twin.export(&[other]));
        for file in if order { [&one, &two] } else { [&two, &one] } {
            buyer.ledger.import(file, "file").unwrap();
        }
        // The third of the mine is not shown in the capsule, and the one held is not it.
        let evidence = buyer.ledger.evidence();
        let [log] = &evidence.logs[..] else { panic!("{:?}", evidence.logs) };
        assert_eq!(log.records.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [0, 1, 4]);
        assert!(examine(evidence).log(mine.party(), 0).is_some());
        let mut buyer = Desk::new("buyer");
        let (one, two) = (capsule(&mut mine, a), twin.export(&[other]));
        for file in if order { [&one, &two] } else { [&two, &one] } {
            buyer.ledger.import(file, "file").unwrap();
        }
        // Here it is shown, and beside it stands the other.
        let evidence = buyer.ledger.evidence();
        let [log] = &evidence.logs[..] else { panic!("{:?}", evidence.logs) };
        assert!(log.records.contains(&(2, a.record)));
        assert!(faults(&examine(evidence), mine.party()).contains(&FindingCode::Fork));
    }
}

#[test]
fn of_two_histories_the_second_is_handed_over_as_a_checkpoint_alone() {
    let (mut mine, mut twin) = (Desk::new("mine"), Desk::new("mine"));
    let (a, b) = (mine.extract("A", 1), twin.extract("B", 2));
    let (one, other) = (capsule(&mut mine, a), capsule(&mut twin, b));
    let mut buyer = Desk::new("buyer");
    buyer.ledger.import(&one, "one").unwrap();
    let examined = examine(buyer.ledger.evidence());
    assert_eq!((faults(&examined, mine.party()), examined.log_forks.len()), (vec![], 0));
    buyer.ledger.import(&other, "other").unwrap();
    let evidence = buyer.ledger.evidence();
    assert_eq!((evidence.logs.len(), evidence.checkpoints.len()), (1, 1));
    let examined = examine(evidence);
    assert!(faults(&examined, mine.party()).contains(&FindingCode::LogFork));
    assert!(examined.log_forks[0].judge().is_ok());
}

#[test]
fn a_kept_checkpoint_that_does_not_hold_is_told() {
    let mut mine = Desk::new("mine");
    let a = mine.extract("A", 1);
    let mut buyer = Desk::new("buyer");
    buyer.ledger.import(&capsule(&mut mine, a), "one").unwrap();
    assert_eq!(buyer.ledger.evidence().damage, []);
    let at = (mine.party(), 0);
    let mut add = crate::store::KeptLog::default();
    for (place, mut bytes) in buyer.ledger.store.kept_log(&at.0, 0).unwrap().checkpoints {
        bytes[40] ^= 1;
        add.checkpoints.insert(place, bytes);
    }
    let change = crate::store::LogChange { add, ..crate::store::LogChange::default() };
    buyer.ledger.store.keep_logs(&[(at, change)].into()).unwrap();
    let evidence = buyer.ledger.evidence();
    assert_eq!((evidence.logs.len(), evidence.damage.len()), (0, 1));
    assert!(evidence.damage[0].1.contains("do not hold"), "{:?}", evidence.damage);
}
