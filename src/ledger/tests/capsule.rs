//! Capsules: what is in them, what is not, and what becomes of them in another ledger.

mod attested;
mod withheld;

use super::*;
use crate::capsule::{self, Audience, Capsule, Entry};
use crate::hash::sha256;
use crate::model::event::Subject;
use crate::record::{Header, SealedRecord};
use crate::store::KeptLog;

/// A mine that sent 50 kg to a plant and 30 kg to somebody else, and the plant, which received its part.
struct Trade {
    mine: Desk,
    plant: Desk,
    other: Desk,
    /// What the plant received.
    received: LotRef,
    /// What the other was sent.
    elsewhere: LotRef,
}

fn make(audience: Audience, lots: &[LotRef]) -> MakeCapsule {
    MakeCapsule {
        audience,
        lots: lots.to_vec(),
        cuts: Vec::new(),
        withhold: Vec::new(),
        documents: Vec::new(),
        packs: Vec::new(),
    }
}

fn made(desk: &mut Desk, audience: Audience, lots: &[LotRef]) -> Made {
    desk.ledger.make_capsule(&make(audience, lots)).unwrap()
}

fn trade() -> Trade {
    let mut mine = Desk::new("mine");
    let mut plant = Desk::new("plant");
    let other = Desk::new("another customer of the mine");
    let ore = mine.extract("ore of pit seven", 100);
    let sent = mine.dispatch(plant.party(), ore, "sent to plant", 50);
    let body = mine.dispatching(
        Receiver::Party(other.party()),
        vec![take(ore, 50, 31)],
        vec![lot("sent to the other", "ore", 31)],
    );
    let elsewhere = out(mine.record(body).unwrap(), 0);
    for number in 0..20 {
        mine.extract(&format!("other ore {number}"), 1);
    }
    let capsule = made(&mut mine, Audience::Customer, &[sent]);
    plant.ledger.import(&capsule.bytes, "mine.capsule").unwrap();
    let body = plant.receiving(vec![take(sent, 0, 50)], vec![lot("received here", "ore", 49)]);
    let received = out(plant.record(body).unwrap(), 0);
    Trade { mine, plant, other, received, elsewhere }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Each log in it shows all its entries, and the control list of each chain is whole.
fn assert_shown(capsule: &Capsule) {
    for log in capsule::evidence(capsule, "x").logs {
        assert!(log.part.note().is_ok());
        assert_eq!(log.part.check(&log.records), Ok(()));
    }
    for chain in &capsule.chains {
        let size = chain.log.as_ref().expect("each chain has a log").checkpoint.size;
        let headers: Vec<Header> =
            chain.entries.iter().map(|entry| Header::from_bytes(entry.bytes()).unwrap()).collect();
        let last = headers.last().unwrap();
        assert_eq!(last.seq, size - 1);
        let whole = |id| {
            chain
                .entries
                .iter()
                .zip(&headers)
                .find(|(entry, header)| header.id() == id && matches!(entry, Entry::Record { .. }))
        };
        let mut next = last.control;
        while next != RecordId::ZERO {
            next = whole(next).expect("a control record is there whole").1.control;
        }
        assert_eq!(headers[0].seq, 0);
    }
}

#[test]
fn a_capsule_goes_along_the_trade_and_shows_each_chain_in_its_log() {
    let mut trade = trade();
    let made = made(&mut trade.plant, Audience::Customer, &[trade.received]);
    assert_eq!(capsule::read(&made.bytes).as_ref(), Ok(&made.capsule));
    assert_eq!((made.missing.len(), made.beside.len()), (0, 0));
    assert_shown(&made.capsule);
    let of = |party| made.chains.iter().find(|chain| chain.party == party).unwrap();
    let mine = of(trade.mine.party());
    // Establishment, facility, extraction and dispatch, and the last of the 25 by its header.
    assert_eq!((mine.records, mine.headers, mine.size), (4, 1, Some(25)));
    let plant = of(trade.plant.party());
    assert_eq!((plant.records, plant.headers, plant.size), (3, 0, Some(3)));
    assert!(mine.control_missing.is_none() && mine.last_signed_at > plant.last_signed_at);
    trade.plant.check();
}

#[test]
fn making_twice_gives_the_same_bytes_in_whatever_order_things_are_named() {
    let mut trade = trade();
    let first = trade.plant.ledger.lots_labelled("sent to plant").unwrap()[0];
    let one = made(&mut trade.plant, Audience::Compliance, &[trade.received, first]);
    let other = made(&mut trade.plant, Audience::Compliance, &[first, trade.received, first]);
    assert_eq!(one.bytes, other.bytes);
    let mut plant = trade.plant.reopen();
    assert_eq!(made(&mut plant, Audience::Compliance, &[trade.received, first]).bytes, one.bytes);
}

#[test]
fn nothing_that_is_withheld_is_anywhere_in_the_bytes() {
    let mut trade = trade();
    let sent = trade.mine.ledger.lots_labelled("sent to plant").unwrap()[0];
    let mut asked = make(Audience::Customer, &[sent]);
    asked.withhold = vec!["extract:out/*/label".parse().unwrap(), "composition".parse().unwrap()];
    let made = trade.mine.ledger.make_capsule(&asked).unwrap();
    let shown: Vec<[u8; 16]> = capsule::evidence(&made.capsule, "x")
        .pieces
        .iter()
        .flat_map(|piece| piece.shown.iter().map(|item| item.salt))
        .collect();
    let (mut withheld, mut values) = (0, 0);
    let (pieces, _) = trade.mine.ledger.pieces();
    for item in pieces.iter().flat_map(|piece| &piece.shown) {
        assert_eq!(holds(&made.bytes, &item.salt), shown.contains(&item.salt));
        if !shown.contains(&item.salt) {
            withheld += 1;
            // Shorter values stand for something else by accident, and the date of all these records is the same.
            let is_shown_elsewhere = pieces
                .iter()
                .flat_map(|piece| &piece.shown)
                .any(|other| shown.contains(&other.salt) && other.value == item.value);
            if item.value.len() >= 8 && !is_shown_elsewhere {
                assert!(!holds(&made.bytes, &item.value), "{:?}", item.value);
                values += 1;
            }
        }
    }
    assert!(withheld > 40 && values > 40, "{withheld} {values}");
    assert!(!holds(&made.bytes, b"ore of pit seven") && holds(&made.bytes, b"sent to plant"));
    // The innocent twin: without the wish, the label is there.
    let twin = self::made(&mut trade.mine, Audience::Customer, &[sent]);
    assert!(holds(&twin.bytes, b"ore of pit seven"));
}

#[test]
fn nothing_of_another_customer_is_in_it() {
    let mut trade = trade();
    let sent = trade.mine.ledger.lots_labelled("sent to plant").unwrap()[0];
    for audience in [Audience::Customer, Audience::Compliance, Audience::Public] {
        let made = made(&mut trade.mine, audience, &[sent]);
        assert!(!holds(&made.bytes, trade.other.party().as_bytes()), "{audience:?}");
        assert!(!holds(&made.bytes, trade.elsewhere.record.as_bytes()), "{audience:?}");
        assert!(!holds(&made.bytes, b"sent to the other"), "{audience:?}");
    }
    // An authority sees that there is such a record, and an auditor what it says.
    let header = |made: &Made| {
        made.capsule.chains[0].entries.iter().any(|entry| {
            matches!(entry, Entry::Record { bytes, .. }
                if SealedRecord::parse(bytes).unwrap().id() == trade.elsewhere.record)
        })
    };
    let government = made(&mut trade.mine, Audience::Government, &[sent]);
    assert!(header(&government) && !holds(&government.bytes, b"sent to the other"));
    let auditor = made(&mut trade.mine, Audience::Auditor, &[sent]);
    assert!(header(&auditor) && holds(&auditor.bytes, b"sent to the other"));
    assert_shown(&auditor.capsule);
    assert!(made(&mut trade.mine, Audience::Public, &[sent]).chains[0].shown.is_empty());
}

#[test]
fn what_was_taken_in_can_be_made_again_and_shows_no_more_than_was_shown() {
    let mut trade = trade();
    let first = made(&mut trade.plant, Audience::Customer, &[trade.received]);
    let mut buyer = Desk::new("buyer");
    let report = buyer.ledger.import(&first.bytes, "first.capsule").unwrap();
    assert_eq!((report.new, report.log_conflicts.len()), (7, 0));
    buyer.check();
    let mut buyer = buyer.reopen();
    let again = made(&mut buyer, Audience::Auditor, &[trade.received]);
    assert_shown(&again.capsule);
    // Each chain as it came; what was withheld from the buyer cannot be shown by the buyer.
    assert_eq!(again.capsule.chains, first.capsule.chains);
    assert!(again.chains.iter().map(|chain| chain.not_held).sum::<u64>() > 0);
    // For another reader less of it.
    let public = made(&mut buyer, Audience::Public, &[trade.received]);
    assert!(public.chains.iter().all(|chain| chain.shown.is_empty()));
    assert_shown(&public.capsule);
    assert_eq!(buyer.ledger.import(&first.bytes, "first.capsule").unwrap().new, 0);
    buyer.check();
}

/// The capsule with a change, and with a checksum that fits it.
fn changed(capsule: &Capsule, change: impl FnOnce(&mut Capsule)) -> Vec<u8> {
    let mut capsule = capsule.clone();
    change(&mut capsule);
    capsule::write(&capsule)
}

#[test]
fn a_capsule_in_which_anything_is_broken_stores_nothing() {
    let mut trade = trade();
    let good = made(&mut trade.plant, Audience::Customer, &[trade.received]);
    let mine = good.capsule.chains.iter().position(|chain| chain.party == trade.mine.party()).unwrap();
    let log = |capsule: &mut Capsule| capsule.chains[mine].log.clone().unwrap();
    let mut buyer = Desk::new("buyer");
    let count = buyer.ledger.count();
    let mut refused = |bytes: &[u8]| {
        let error = buyer.ledger.import(bytes, "bad.capsule").unwrap_err();
        assert_eq!(buyer.ledger.count(), count);
        assert_eq!(buyer.ledger.store.kept_logs().unwrap(), []);
        assert!(error.hint().is_some());
        error
    };
    for at in (0..good.bytes.len()).step_by(7) {
        let mut bytes = good.bytes.clone();
        bytes[at] ^= 4;
        refused(&bytes);
    }
    let node = changed(&good.capsule, |one| one.chains[mine].log.as_mut().unwrap().nodes[1].0[3] ^= 1);
    assert!(matches!(refused(&node), ImportError::Log(_)));
    let missing = changed(&good.capsule, |one| one.chains[mine].log.as_mut().unwrap().nodes.truncate(1));
    assert!(matches!(refused(&missing), ImportError::Log(_)));
    let signed =
        changed(&good.capsule, |one| one.chains[mine].log.as_mut().unwrap().checkpoint.signature[9] ^= 1);
    assert!(matches!(refused(&signed), ImportError::Log(_)));
    let other_key = changed(&good.capsule, |one| {
        let stolen = log(&mut one.clone());
        let other = crate::sign::SecretKey::from_seed(&[9; 32]);
        let id = crate::log::checkpoint::LogId { party: stolen.checkpoint.party, epoch: 0 };
        let note = crate::log::checkpoint::Checkpoint::of(id, stolen.checkpoint.size, stolen.checkpoint.root);
        let note = note.unwrap().sign(&other).unwrap();
        let seen = crate::log::seen::of(&note, other.public()).unwrap();
        one.chains[mine].log.as_mut().unwrap().checkpoint = seen;
    });
    assert!(refused(&other_key).to_string().contains("another key"));
    let header = changed(&good.capsule, |one| match one.chains[mine].entries.last_mut() {
        Some(Entry::Header(bytes)) => bytes[271] ^= 1,
        other => panic!("{other:?}"),
    });
    assert!(matches!(refused(&header), ImportError::Log(_)));
    let record = changed(&good.capsule, |one| match &mut one.chains[mine].entries[1] {
        Entry::Record { bytes, .. } => bytes[280] ^= 1,
        other => panic!("{other:?}"),
    });
    assert!(matches!(refused(&record), ImportError::Record { .. }));
    let keyless = changed(&good.capsule, |one| drop(one.chains[mine].entries.remove(0)));
    assert!(refused(&keyless).to_string().contains("first record of its chain"));
    let salt = changed(&good.capsule, |one| match &mut one.chains[mine].entries[2] {
        Entry::Record { shown, .. } => shown[0].salt[0] ^= 1,
        other => panic!("{other:?}"),
    });
    assert!(matches!(refused(&salt), ImportError::Record { .. }));
    buyer.ledger.import(&good.bytes, "good.capsule").unwrap();
}

#[test]
fn behind_a_cut_nothing_is_shown_and_the_lot_itself_stays() {
    let mut trade = trade();
    let sent = trade.plant.ledger.lots_labelled("sent to plant").unwrap()[0];
    let whole = made(&mut trade.plant, Audience::Customer, &[trade.received]);
    let mut asked = make(Audience::Customer, &[trade.received]);
    asked.cuts = vec![sent];
    let cut = trade.plant.ledger.make_capsule(&asked).unwrap();
    assert_eq!(cut.capsule.cuts, [sent]);
    assert!(holds(&cut.bytes, sent.record.as_bytes()) && holds(&cut.bytes, b"sent to plant"));
    assert!(holds(&whole.bytes, b"ore of pit seven") && !holds(&cut.bytes, b"ore of pit seven"));
    let of = |made: &Made| {
        let mine = |chain: &&MadeChain| chain.party == trade.mine.party();
        let chain = made.chains.iter().find(mine).unwrap();
        (chain.records, chain.withheld.get("in").copied())
    };
    assert_eq!((of(&whole), of(&cut)), ((4, None), (3, Some(1))));
    assert_shown(&cut.capsule);
    asked.cuts = vec![trade.elsewhere];
    let error = trade.plant.ledger.make_capsule(&asked).unwrap_err();
    assert!(matches!(error, MakeError::NoSuchCut { .. }) && error.hint().is_some());
}

#[test]
fn a_paper_goes_along_where_a_record_that_is_shown_names_it() {
    let mut trade = trade();
    let paper = b"weighbridge ticket 7".to_vec();
    let mut asked = make(Audience::Customer, &[trade.received]);
    asked.documents = vec![paper.clone()];
    let error = trade.plant.ledger.make_capsule(&asked).unwrap_err();
    assert!(matches!(&error, MakeError::NotNamed { hash } if *hash == sha256(&[&paper])));
    let body = Body::RegisterDocument(RegisterDocument {
        sha256: sha256(&[&paper]),
        size: paper.len() as u64,
        media_type: "text/plain".into(),
        document: "mill_test_report".parse().unwrap(),
        number: Maybe::Shown(None),
        issuer: Maybe::Shown(None),
        valid: None,
        about: vec![Subject::Lot(trade.received)],
        stages: Vec::new(),
    });
    trade.plant.record(body).unwrap();
    let made = trade.plant.ledger.make_capsule(&asked).unwrap();
    assert_eq!(made.capsule.documents[0].bytes, paper);
}

#[test]
fn a_chain_without_a_checkpoint_is_shown_without_a_log() {
    let mut mine = Desk::new("mine");
    let mut plant = Desk::new("plant");
    let ore = mine.extract("O-1", 100);
    let sent = mine.dispatch(plant.party(), ore, "D-1", 50);
    let file = mine.export(&[sent]);
    plant.ledger.import(&file, "mine.lode").unwrap();
    let bare = made(&mut plant, Audience::Customer, &[sent]);
    let [chain] = &bare.chains[..] else { panic!("{:?}", bare.chains) };
    assert_eq!((chain.party, chain.size, chain.records), (mine.party(), None, 4));
    // A capsule brings the log for what is held already.
    let capsule = made(&mut mine, Audience::Customer, &[sent]);
    let report = plant.ledger.import(&capsule.bytes, "mine.capsule").unwrap();
    assert_eq!((report.new, report.known), (0, 4));
    assert_eq!(made(&mut plant, Audience::Customer, &[sent]).chains[0].size, Some(4));
}

fn kept(desk: &Desk, party: &PartyId) -> KeptLog {
    desk.ledger.store.kept_log(party, 0).unwrap()
}

#[test]
fn a_larger_checkpoint_takes_the_place_of_a_smaller_one_and_never_the_other_way_round() {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    let early = made(&mut mine, Audience::Customer, &[ore]);
    for number in 0..9 {
        mine.extract(&format!("O-2-{number}"), 1);
    }
    let late = made(&mut mine, Audience::Customer, &[ore]);
    let sizes = |desk: &Desk| -> Vec<u64> {
        kept(desk, &mine.party()).checkpoints.keys().map(|(size, _)| *size).collect()
    };
    for order in [[&early, &late], [&late, &early]] {
        let mut buyer = Desk::new("buyer");
        for capsule in order {
            assert_eq!(buyer.ledger.import(&capsule.bytes, "x").unwrap().log_conflicts, []);
        }
        assert_eq!(sizes(&buyer), [12]);
        assert_eq!(made(&mut buyer, Audience::Customer, &[ore]).chains[0].size, Some(12));
        buyer.check();
    }
}

#[test]
fn two_histories_of_one_log_are_both_kept_and_told() {
    // The same seed makes the same party: its owner goes on in two ways.
    let (mut mine, mut twin) = (Desk::new("mine"), Desk::new("mine"));
    assert_eq!(mine.party(), twin.party());
    let a = mine.extract("A", 1);
    let b = twin.extract("B", 2);
    for number in 0..5 {
        twin.extract(&format!("C{number}"), 1);
    }
    let one = made(&mut mine, Audience::Customer, &[a]);
    let other = made(&mut twin, Audience::Customer, &[b]);
    for order in [[&one, &other], [&other, &one]] {
        let mut buyer = Desk::new("buyer");
        assert_eq!(buyer.ledger.import(&order[0].bytes, "x").unwrap().log_conflicts, []);
        let nodes = kept(&buyer, &mine.party()).nodes;
        let report = buyer.ledger.import(&order[1].bytes, "y").unwrap();
        let [conflict] = &report.log_conflicts[..] else { panic!("{report:?}") };
        assert_eq!(Some(conflict.size), order[1].chains[0].size);
        assert_eq!(report.forks.len(), 1);
        let kept = kept(&buyer, &mine.party());
        assert_eq!((kept.checkpoints.len(), kept.nodes), (2, nodes));
        buyer.check();
    }
}
