//! What own records say of others' logs.

use super::*;
use crate::capsule::Audience;
use crate::verify::{Evidence, examine};

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

fn seen(desk: &Desk, record: RecordId) -> Vec<SeenCheckpoint> {
    desk.ledger.record(&record).unwrap().unwrap().event.seen
}

#[test]
fn a_receipt_carries_the_newest_checkpoint_of_the_sender_and_of_nobody_else() {
    let (mut mine, mut plant, mut other) = (Desk::new("mine"), Desk::new("plant"), Desk::new("other"));
    let ore = mine.extract("O", 100);
    let sent = [1, 2, 3].map(|number| {
        let body = mine.dispatching(
            Receiver::Party(plant.party()),
            vec![take(ore, number * 10, 10)],
            vec![lot(&format!("D{number}"), "ore", 10)],
        );
        out(mine.record(body).unwrap(), 0)
    });
    let receive = |plant: &mut Desk, from| {
        let body = plant.receiving(vec![take(from, 0, 10)], vec![lot("R", "ore", 10)]);
        plant.record(body).unwrap()
    };
    // By an export file no checkpoint comes, and none is claimed.
    plant.ledger.import(&mine.export(&sent), "x").unwrap();
    let bare = receive(&mut plant, sent[0]);
    assert_eq!(seen(&plant, bare), []);
    let theirs = other.extract("T", 1);
    for file in [capsule(&mut mine, sent[2]), capsule(&mut other, theirs)] {
        plant.ledger.import(&file, "x").unwrap();
    }
    let checkpoint = mine.ledger.checkpoint().unwrap();
    let receipt = receive(&mut plant, sent[1]);
    assert_eq!(seen(&plant, receipt), std::slice::from_ref(&checkpoint));
    // The log goes on, and with it what is seen.
    mine.extract("later", 1);
    let newer = mine.ledger.checkpoint().unwrap();
    plant.ledger.import(&capsule(&mut mine, sent[2]), "x").unwrap();
    let refused = Body::Refuse(Refuse {
        at: plant.at(),
        receiver: Maybe::Shown(Receiver::Party(mine.party())),
        inputs: MaybeList::Shown(vec![take(sent[2], 0, 10)]),
        outputs: vec![lot("back", "ore", 10)],
        reason: Maybe::Shown(None),
    });
    let refusal = plant.record(refused).unwrap();
    assert_eq!(seen(&plant, refusal), [newer]);
    // On its own lots there is nothing of others to see.
    let own = plant.extract("own", 1).record;
    assert_eq!(seen(&plant, own), []);
    plant.check();
    // Whoever shows another log of that size now is caught by the receipt.
    let mut evidence: Evidence = export_file::read(&plant.export(&[out(receipt, 0)]), "x").unwrap().into();
    assert!(examine(evidence.clone()).log_forks.is_empty());
    let mut twin = Desk::new("mine");
    for number in 0..checkpoint.size - 2 {
        twin.extract(&format!("X{number}"), 1);
    }
    assert_eq!(twin.ledger.checkpoint().unwrap().size, checkpoint.size);
    let lot = twin.ledger.lots_labelled("X0").unwrap()[0];
    let shown = crate::capsule::read(&capsule(&mut twin, lot)).unwrap();
    evidence.join(crate::capsule::evidence(&shown, "twin"));
    let forks = examine(evidence).log_forks;
    assert!(!forks.is_empty() && forks.iter().all(|fork| fork.judge().is_ok()));
}

#[test]
fn a_record_about_many_parties_carries_sixteen_checkpoints_in_the_order_of_parties() {
    let mut auditor = Desk::new("auditor");
    let mut parties = Vec::new();
    for number in 0..17 {
        let mut one = Desk::new(&format!("mine {number}"));
        let ore = one.extract("O", 1);
        auditor.ledger.import(&capsule(&mut one, ore), "x").unwrap();
        parties.push(one.party());
    }
    let about = |count: usize| {
        Body::RegisterDocument(RegisterDocument {
            sha256: Hash([7; 32]),
            size: 3,
            media_type: "text/plain".into(),
            document: "mill_test_report".parse().unwrap(),
            number: Maybe::Shown(None),
            issuer: Maybe::Shown(None),
            valid: None,
            about: parties[..count].iter().map(|party| Subject::Party(*party)).collect(),
            stages: Vec::new(),
        })
    };
    for count in [15, 16, 17] {
        let record = auditor.record(about(count)).unwrap();
        let seen: Vec<PartyId> = seen(&auditor, record).iter().map(|one| one.party).collect();
        let mut expected = parties[..count].to_vec();
        expected.sort_unstable();
        expected.truncate(16);
        assert_eq!(seen, expected);
    }
    auditor.check();
}

#[test]
fn a_dispatch_is_covered_by_the_checkpoint_that_goes_along() {
    use crate::model::finding::FindingCode;
    let (mut mine, plant) = (Desk::new("mine"), Desk::new("plant"));
    let ore = mine.extract("O", 100);
    let early = capsule(&mut mine, ore);
    let sent = mine.dispatch(plant.party(), ore, "D", 10);
    let uncovered = |files: &[&[u8]]| {
        let mut buyer = Desk::new("buyer");
        for file in files {
            buyer.ledger.import(file, "x").unwrap();
        }
        let examined = examine(buyer.ledger.evidence());
        let faults = examined.lines.into_iter().flat_map(|line| line.faults);
        faults.filter(|fault| fault.finding.code == FindingCode::DispatchUncovered).count()
    };
    let (late, file) = (capsule(&mut mine, sent), mine.export(&[sent]));
    assert_eq!(uncovered(&[&late]), 0);
    assert_eq!(uncovered(&[&file]), 0);
    assert_eq!(uncovered(&[&early, &file]), 1);
    assert_eq!(uncovered(&[&early, &file, &late]), 0);
    // To its own author an older checkpoint that comes back is nothing to wonder at.
    mine.ledger.import(&early, "x").unwrap();
    assert!(mine.ledger.evidence().logs.is_empty());
}

#[test]
fn a_checkpoint_that_nobody_signed_neither_accuses_nor_stands_in_for_one_that_is_signed() {
    let (mut mine, mut twin, mut plant) = (Desk::new("mine"), Desk::new("mine"), Desk::new("plant"));
    mine.extract("A", 1);
    let lot = twin.extract("X", 1);
    let signed = mine.ledger.checkpoint().unwrap();
    let mut forged = signed.clone();
    forged.signature[5] ^= 1;
    let shown = crate::capsule::read(&capsule(&mut twin, lot)).unwrap();
    // The forged one comes first, and then beside the signed one.
    for (seen, expected) in [(forged, 0), (signed, 1)] {
        let label = format!("R{expected}");
        let event = Event { seen: vec![seen], ..Event::new(plant.extraction(&label, 1)) };
        plant.now += 3_600_000;
        plant.ledger.append(vec![event], &commercial, time(plant.now), &mut plant.entropy).unwrap();
        let lots = plant.ledger.lots_labelled(&label).unwrap();
        let mut evidence: Evidence = export_file::read(&plant.export(&lots), "x").unwrap().into();
        evidence.join(crate::capsule::evidence(&shown, "twin"));
        let examined = examine(evidence);
        assert_eq!(examined.log_forks.len(), expected);
    }
}
