//! From one ledger to another by file.

use super::*;
use crate::record::SealedRecord;

/// A mine that sent 50 kg to a plant, and the file that went with it.
fn sent() -> (Desk, Desk, LotRef, Vec<u8>) {
    let mut mine = Desk::new("mine");
    let plant = Desk::new("plant");
    let ore = mine.extract("O-1", 100);
    let sent = mine.dispatch(plant.party(), ore, "D-1", 50);
    let file = mine.export(&[sent]);
    (mine, plant, sent, file)
}

#[test]
fn a_lot_goes_from_one_ledger_to_the_next() {
    let (mut mine, mut plant, sent, file) = sent();
    let report = plant.ledger.import(&file, "mine.lode").unwrap();
    assert_eq!((report.new, report.known, report.dangling.len()), (4, 0, 0));
    assert_eq!(report.parties, [mine.party()]);
    assert_eq!(plant.ledger.find_lot("D-1").unwrap(), sent);
    let incoming = |desk: &Desk, today: &str| desk.ledger.lots(today.parse().unwrap()).unwrap();
    let [lot_in] = &incoming(&plant, "2026-11-10")[..] else { panic!() };
    assert!(matches!(lot_in.state, State::InTransitIn { from, overdue: false, .. } if from == mine.party()));
    assert!(matches!(incoming(&plant, "2026-11-11")[0].state, State::InTransitIn { overdue: true, .. }));

    let body =
        plant.receiving(vec![Input { empties: true, ..take(sent, 0, 50) }], vec![lot("R-1", "ore", 49)]);
    let received = out(plant.record(body).unwrap(), 0);
    let states: Vec<State> = incoming(&plant, "2026-12-01").into_iter().map(|lot| lot.state).collect();
    assert_eq!(states, [State::Gone, State::Held]);

    let states = |mine: &Desk| -> Vec<State> {
        incoming(mine, "2026-11-10").into_iter().map(|lot| lot.state).collect()
    };
    assert!(matches!(states(&mine)[..], [State::Held, State::InTransitOut { overdue: false, .. }]));
    let back = plant.export(&[received]);
    mine.ledger.import(&back, "plant.lode").unwrap();
    assert_eq!(states(&mine), [State::Held, State::Gone]);
    mine.check();
    plant.check();
}

#[test]
fn importing_twice_changes_nothing() {
    let (_mine, mut plant, _, file) = sent();
    plant.ledger.import(&file, "mine.lode").unwrap();
    let count = plant.ledger.count();
    let report = plant.ledger.import(&file, "mine.lode").unwrap();
    assert_eq!((report.new, report.known, report.upgraded), (0, 4, 0));
    assert_eq!(plant.ledger.count(), count);
    plant.check();
}

#[test]
fn withheld_values_stay_withheld_until_a_fuller_file_shows_them() {
    let (mut mine, mut plant, sent, full) = sent();
    let export = |show: &[&str], withhold: &[&str]| Export {
        lots: vec![sent],
        show: show.iter().map(|text| text.parse().unwrap()).collect(),
        withhold: withhold.iter().map(|text| text.parse().unwrap()).collect(),
        ..Export::default()
    };
    let bare = mine.ledger.export(&export(&[], &[])).unwrap();
    assert_eq!(bare.shown, 0);
    let some = mine.ledger.export(&export(&["dispatch:*"], &["out/*/label"])).unwrap();
    assert!(some.shown > 0 && some.withheld > 0);

    plant.ledger.import(&bare.bytes, "bare.lode").unwrap();
    let dispatch = |plant: &Desk| plant.ledger.record(&sent.record).unwrap().unwrap();
    assert!(dispatch(&plant).withheld.contains(&"receiver".to_owned()));
    let body = plant.receiving(vec![take(sent, 0, 50)], vec![lot("R-1", "ore", 50)]);
    let refusal = plant.refused(body.clone());
    assert!(matches!(refusal, Refusal::NoConsumer { .. }));
    assert!(refusal.hint().unwrap().contains("receiver"));

    let report = plant.ledger.import(&some.bytes, "some.lode").unwrap();
    assert_eq!((report.new, report.upgraded), (0, 1));
    assert_eq!(dispatch(&plant).withheld, ["out/0/label"]);
    assert!(plant.ledger.find_lot("D-1").is_err());
    plant.check();
    plant.record(body).unwrap();

    let report = plant.ledger.import(&full, "full.lode").unwrap();
    assert_eq!(report.upgraded, 4);
    assert_eq!(dispatch(&plant).withheld, Vec::<String>::new());
    assert_eq!(plant.ledger.lots_labelled("D-1").unwrap(), [sent]);
    plant.check();
}

#[test]
fn a_sale_to_another_customer_travels_with_its_items_withheld() {
    let (mut mine, _, sent, _) = sent();
    let other = mine.extract("O-2", 1);
    let export = Export { lots: vec![sent], show: vec![Pattern::everything()], ..Export::default() };
    let file = mine.ledger.export(&export).unwrap();
    let mut buyer = Desk::new("buyer");
    buyer.ledger.import(&file.bytes, "mine.lode").unwrap();
    let withheld = |id| buyer.ledger.record(id).unwrap().unwrap().withheld;
    assert_eq!(withheld(&sent.record), Vec::<String>::new());
    assert!(withheld(&other.record).contains(&"out/0/mass".to_owned()));
}

#[test]
fn a_file_on_top_of_what_is_held_carries_the_rest_alone() {
    let (mut mine, mut plant, sent, file) = sent();
    plant.ledger.import(&file, "mine.lode").unwrap();
    let more = mine.extract("O-2", 1);
    let export = Export {
        lots: vec![more],
        base: [(mine.party(), 3)].into(),
        show: vec![Pattern::everything()],
        ..Export::default()
    };
    let part = mine.ledger.export(&export).unwrap();
    assert_eq!(part.records, 1);
    assert_eq!(plant.ledger.import(&part.bytes, "part.lode").unwrap().new, 1);
    // A stranger who lacks the key cannot check it.
    let mut stranger = Desk::new("stranger");
    let error = stranger.ledger.import(&part.bytes, "part.lode").unwrap_err();
    assert!(error.to_string().contains("brings the key"), "{error}");
    assert!(error.hint().unwrap().contains("whole chain"));
    let _ = sent;
}

#[test]
fn a_record_whose_past_is_missing_is_kept_listed_and_settled_later() {
    let (mut mine, mut plant, sent, file) = sent();
    plant.ledger.import(&file, "mine.lode").unwrap();
    let body = plant.receiving(vec![take(sent, 0, 50)], vec![lot("R-1", "ore", 50)]);
    let received = plant.record(body).unwrap();
    // Only the plant's own records.
    let all = export_file::read(&plant.export(&[]), "all").unwrap();
    let mut writer = export_file::Writer::new();
    for piece in all {
        if SealedRecord::parse(&piece.bytes).unwrap().party() == plant.party() {
            writer.push(&piece.bytes, &piece.shown);
        }
    }
    let mut buyer = Desk::new("buyer");
    let report = buyer.ledger.import(&writer.finish(), "plant.lode").unwrap();
    assert_eq!(report.dangling, [Dangling { record: received, needs: sent.record }]);
    assert_eq!(buyer.ledger.stats().unwrap().dangling, 1);
    buyer.check();
    let report = buyer.ledger.import(&file, "mine.lode").unwrap();
    assert_eq!(report.settled, 1);
    assert_eq!(buyer.ledger.stats().unwrap().dangling, 0);
    buyer.check();
    let _ = mine.export(&[]);
}

#[test]
fn both_branches_of_a_fork_are_kept_and_told() {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    let now = mine.now;
    let copy = tempfile::tempdir().unwrap();
    let mine = mine.reopen();
    super::admission::copy_dir(&mine.dir.path().join("ledger"), &copy.path().join("ledger"));
    let place = mine.place;
    let entropy = crate::sign::SeededEntropy::new(b"another history");
    let ledger = Ledger::open(&copy.path().join("ledger")).unwrap();
    let mut twin = Desk { dir: copy, ledger, entropy, place, now };
    let mut mine = mine;
    let a = mine.extract("A", 1);
    let b = twin.extract("B", 2);
    twin.extract("C", 2);
    let mut buyer = Desk::new("buyer");
    assert_eq!(buyer.ledger.import(&mine.export(&[a]), "a").unwrap().forks, []);
    let report = buyer.ledger.import(&twin.export(&[b]), "b").unwrap();
    assert_eq!(report.new, 2);
    let mut ids = vec![a.record, b.record];
    ids.sort_unstable();
    assert_eq!(report.forks, [Fork { party: mine.party(), epoch: 0, seq: 3, records: ids }]);
    assert!(buyer.ledger.record(&a.record).unwrap().is_some());
    assert!(buyer.ledger.record(&b.record).unwrap().is_some());
    let fsck = buyer.ledger.fsck(false).unwrap();
    assert!(fsck.is_clean());
    assert!(!fsck.findings.is_empty());
    // The party itself may add to neither.
    mine.ledger.import(&twin.export(&[b]), "b").unwrap();
    let body = mine.extraction("D", 1);
    let error = mine.record(body).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::OwnFork { seq: 3, .. })), "{error}");
    let _ = ore;
}

#[test]
fn no_flipped_byte_of_a_file_is_taken_in() {
    let (_mine, mut plant, _, file) = sent();
    let count = plant.ledger.count();
    let pieces = export_file::read(&file, "f").unwrap();
    for at in 0..file.len() {
        let mut flipped = file.clone();
        flipped[at] ^= 0x10;
        assert!(plant.ledger.import(&flipped, "f").is_err(), "byte {at}");
    }
    // The same for whoever makes the checksum fit again.
    for (number, piece) in pieces.iter().enumerate() {
        for at in 0..piece.bytes.len() {
            let mut bytes = piece.bytes.clone();
            bytes[at] ^= 0x10;
            let mut writer = export_file::Writer::new();
            for (other, whole) in pieces.iter().enumerate() {
                let bytes = if other == number { &bytes } else { &whole.bytes };
                writer.push(bytes, &whole.shown);
            }
            assert!(plant.ledger.import(&writer.finish(), "f").is_err(), "record {number}, byte {at}");
        }
        for item in 0..piece.shown.len() {
            for at in 0..16 + piece.shown[item].value.len() {
                let mut shown = piece.shown.clone();
                match at {
                    0..16 => shown[item].salt[at] ^= 0x10,
                    _ => shown[item].value[at - 16] ^= 0x10,
                }
                let mut writer = export_file::Writer::new();
                for (other, whole) in pieces.iter().enumerate() {
                    writer.push(&whole.bytes, if other == number { &shown } else { &whole.shown });
                }
                assert!(plant.ledger.import(&writer.finish(), "f").is_err(), "item {item}, byte {at}");
            }
        }
    }
    assert_eq!(plant.ledger.count(), count);
    plant.ledger.import(&file, "f").unwrap();
}

#[test]
fn a_buyer_without_a_chain_takes_in_and_records_nothing() {
    let (_mine, _plant, sent, file) = sent();
    let dir = tempfile::tempdir().unwrap();
    let mut buyer = Ledger::init_reader(&dir.path().join("buyer")).unwrap();
    assert_eq!(buyer.import(&file, "mine.lode").unwrap().new, 4);
    assert_eq!(buyer.find_lot("D-1").unwrap(), sent);
    assert!(matches!(buyer.begin(time(START)), Err(LedgerError::NoOwnChain)));
    assert!(buyer.fsck(false).unwrap().is_clean());
    let mut buyer = {
        drop(buyer);
        Ledger::open(&dir.path().join("buyer")).unwrap()
    };
    assert_eq!(buyer.export(&Export::default()).unwrap().records, 4);
}

#[test]
fn the_chains_of_those_who_vouch_for_a_party_come_along() {
    let (mut mine, mut plant, sent, file) = sent();
    let mut authority = Desk::new("authority");
    authority.ledger.import(&file, "mine.lode").unwrap();
    let accredit = Body::Accredit(Accredit {
        subject: mine.party(),
        facility: Some(mine.place),
        role: crate::model::evidence::Role::Miner,
        valid: "2026-01-01..2026-12-31".parse().unwrap(),
        scheme: "mining law".into(),
        number: Maybe::Shown(None),
        stages: Vec::new(),
        materials: Vec::new(),
        limit: None,
    });
    authority.record(accredit).unwrap();
    let own = Export { show: vec![Pattern::everything()], ..Export::default() };
    let status = authority.ledger.export(&own).unwrap().bytes;
    mine.ledger.import(&status, "authority.lode").unwrap();
    let file = mine.export(&[sent]);
    let report = plant.ledger.import(&file, "mine.lode").unwrap();
    let mut expected = vec![mine.party(), authority.party()];
    expected.sort_unstable();
    assert_eq!(report.parties, expected);
}

#[test]
fn a_record_twice_in_a_file_is_one_and_shows_what_either_shows() {
    let (mut mine, mut plant, sent, full) = sent();
    let bare = mine.ledger.export(&Export { lots: vec![sent], ..Export::default() }).unwrap().bytes;
    let mut writer = export_file::Writer::new();
    for file in [bare, full] {
        for piece in export_file::read(&file, "f").unwrap().iter().rev() {
            writer.push(&piece.bytes, &piece.shown);
        }
    }
    let report = plant.ledger.import(&writer.finish(), "both").unwrap();
    assert_eq!((report.new, report.known, report.forks.len()), (4, 0, 0));
    assert_eq!(plant.ledger.find_lot("D-1").unwrap(), sent);
    plant.check();
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn a_chain_of_100_000_records_is_recorded_handed_over_and_found_sound() {
    let mut mine = Desk::new("mine");
    let silo = mine.extract("silo", 1_000_000);
    // One lot drawn down a hundred thousand times: each draw looks at all draws before it.
    for batch in 0..10 {
        let at = mine.at();
        let mut added = mine.ledger.begin(time(mine.now)).unwrap();
        for n in 0..10_000_u64 {
            let event = Event::new(Body::Repack(Repack {
                at: at.clone(),
                mixing: Mixing::Discrete,
                inputs: MaybeList::Shown(vec![take(silo, batch * 10_000 + n, 1)]),
                outputs: vec![lot(&format!("bag {batch}/{n}"), "ore", 1)],
                losses: MaybeList::Shown(Vec::new()),
            }));
            added.add(event, &commercial, &mut mine.entropy).unwrap();
        }
        added.commit().unwrap();
    }
    let mut mine = mine.reopen();
    assert_eq!(mine.ledger.account(&silo).unwrap().unwrap().left(), Some(kg(900_000)));
    let bag = mine.ledger.find_lot("bag 9/9999").unwrap();
    let file = mine.export(&[bag]);
    let mut buyer = Desk::new("buyer");
    assert_eq!(buyer.ledger.import(&file, "mine.lode").unwrap().new, 100_003);
    buyer.check();
}
