//! Damage on disk, and directories that are not what they should be.

use super::*;
use crate::hash::{PartyId, sha256};
use crate::ledger::append::new_record;
use crate::record::tests::one_of_each;
use crate::record::{Position, Sealed, found, seal};
use crate::sign::SecretKey;
use crate::store::NewRecord;

/// One record of each kind in a chain of one party, with the events.
fn one_sealed_of_each() -> Vec<(Sealed, Event)> {
    let mut entropy = SeededEntropy::new(b"one of each");
    let signer = SecretKey::generate(&mut entropy);
    let establish = Event::new(Body::Establish(Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown("one of each".into()),
        country: "AU".parse().unwrap(),
        roles: Vec::new(),
        identifiers: Maybe::Shown(Vec::new()),
        address: Maybe::Shown(None),
    }));
    let first = found(establish.clone(), time(START), &commercial, &signer, &mut entropy).unwrap();
    let mut sealed = vec![(first, establish)];
    for event in one_of_each() {
        let last = &sealed.last().unwrap().0.record;
        let control = if last.is_control() { last.id() } else { last.header().control };
        let (party, seq, prev) = (last.party(), last.header().seq + 1, last.id());
        let at = Position { party, epoch: 0, seq, prev, control, key: 0 };
        let one = seal(at, event.clone(), time(START), &commercial, &signer, &mut entropy).unwrap();
        sealed.push((one, event));
    }
    sealed
}

fn reader() -> (TempDir, Ledger) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::init_reader(&dir.path().join("reader")).unwrap();
    (dir, ledger)
}

fn stored(sealed: &(Sealed, Event)) -> NewRecord {
    new_record(sealed.0.clone(), &sealed.1, false)
}

#[test]
fn a_flipped_bit_anywhere_in_a_stored_record_is_reported_and_never_used() {
    let all = one_sealed_of_each();
    assert_eq!(all.len(), 46);
    let (_dir, mut reader) = reader();
    reader.store.append(&all.iter().map(stored).collect::<Vec<_>>()).unwrap();
    let mut count = reader.count();
    for one in &all {
        let good = stored(one);
        let mut flipped = Vec::new();
        let mut add = |change: &dyn Fn(&mut NewRecord)| {
            let mut record = good.clone();
            change(&mut record);
            // Under an id of its own, for the store holds no id twice.
            let n = count + flipped.len() as u64;
            record.facts.id = RecordId(sha256(&[b"flip", &n.to_be_bytes()]));
            flipped.push(record);
        };
        for at in 0..good.bytes.len() {
            add(&|record| record.bytes[at] ^= 1 << (at % 8));
        }
        for item in 0..good.private.len() {
            for at in 0..16 {
                add(&|record| record.private[item].salt[at] ^= 0x20);
            }
            for at in 0..good.private[item].value.len() {
                add(&|record| record.private[item].value[at] ^= 0x20);
            }
        }
        reader.store.append(&flipped).unwrap();
        for number in count..reader.count() {
            match reader.record_at(number) {
                Err(LedgerError::Damaged(damaged)) => assert_eq!(damaged.number, number),
                Err(other) => panic!("{other}"),
                Ok(record) => panic!("{:?}, flip {}", record.kind(), number - count),
            }
        }
        count = reader.count();
    }
    let whole = reader.records(0).filter(Result::is_ok).count();
    assert_eq!(whole, all.len());
    for one in &all {
        assert!(reader.record(&one.0.record.id()).unwrap().is_some());
    }
}

#[test]
fn a_flipped_bit_in_any_record_of_a_file_is_refused_whoever_made_the_file() {
    let all = one_sealed_of_each();
    let (_dir, mut reader) = reader();
    for (sealed, event) in &all {
        let mut writer = export_file::Writer::new();
        // The key comes from a sound first record.
        writer.push(all[0].0.record.bytes(), &all[0].0.items);
        let mut flipped = 0;
        for at in 0..sealed.record.bytes().len() {
            let mut bytes = sealed.record.bytes().to_vec();
            bytes[at] ^= 0x80 >> (at % 8);
            writer.push(&bytes, &sealed.items);
            flipped += 1;
        }
        for item in 0..sealed.items.len() {
            for at in 0..16 + sealed.items[item].value.len() {
                let mut items = sealed.items.clone();
                match at {
                    0..16 => items[item].salt[at] ^= 1,
                    _ => items[item].value[at - 16] ^= 1,
                }
                writer.push(sealed.record.bytes(), &items);
                flipped += 1;
            }
        }
        match reader.import(&writer.finish(), "flipped") {
            Err(ImportError::Record { others, .. }) => assert_eq!(others + 1, flipped, "{:?}", event.kind()),
            other => panic!("{:?}: {other:?}", event.kind()),
        }
    }
    assert_eq!(reader.count(), 0);
}

#[test]
fn fsck_names_a_damaged_record_by_its_place_and_what_was_found_by_it() {
    let all = one_sealed_of_each();
    let (_dir, mut reader) = reader();
    let mut records: Vec<NewRecord> = all.iter().map(stored).collect();
    records[5].bytes[400] ^= 4;
    reader.store.append(&records).unwrap();
    let id = all[5].0.record.id();
    let error = reader.record(&id).unwrap_err();
    let party = all[5].0.record.party();
    assert_eq!(
        error.to_string(),
        format!("record 5 (seq 5 of `{}`) cannot be used: the body does not match the header", party.short())
    );
    assert!(error.hint().unwrap().contains("fsck"));
    assert!(reader.export(&Export::default()).is_err());
    let report = reader.fsck(true).unwrap();
    assert!(report.faults.iter().any(|fault| fault.to_string().contains("record 5 (seq 5 of")));
    // Repair takes it out of the indexes, so that a sound copy can take its place.
    assert!(reader.record(&id).unwrap().is_none());
    let mut writer = export_file::Writer::new();
    all.iter().for_each(|one| writer.push(one.0.record.bytes(), &one.0.items));
    assert_eq!(reader.import(&writer.finish(), "copy").unwrap().new, 1);
    assert_eq!(reader.record(&id).unwrap().unwrap().id, id);
    assert_eq!(reader.export(&Export::default()).unwrap().records, 46);
}

#[test]
fn fsck_finds_and_mends_an_index_that_does_not_follow_from_its_records() {
    let (_dir, mut reader) = reader();
    let mut records: Vec<NewRecord> = one_sealed_of_each().iter().map(stored).collect();
    let lot = LotRef { record: RecordId::from_bytes([9; 32]), index: 0 };
    records[3].facts.consumes = vec![lot];
    reader.store.append(&records).unwrap();
    let report = reader.fsck(false).unwrap();
    assert!(!report.is_clean() && !report.repaired);
    assert!(reader.fsck(true).unwrap().repaired);
    assert!(reader.fsck(false).unwrap().is_clean());
    assert_eq!(reader.store.consumers(&lot).unwrap(), Vec::<u64>::new());
}

#[test]
fn a_later_key_of_a_chain_is_not_taken_for_the_first() {
    let mut entropy = SeededEntropy::new(b"later key");
    let signer = SecretKey::generate(&mut entropy);
    let establish = one_sealed_of_each()[0].1.clone();
    let first = found(establish.clone(), time(START), &commercial, &signer, &mut entropy).unwrap();
    let (party, id): (PartyId, RecordId) = (first.record.party(), first.record.id());
    let at = Position { party, epoch: 0, seq: 1, prev: id, control: id, key: 1 };
    let event = one_of_each().remove(0);
    let second = seal(at, event, time(START), &commercial, &signer, &mut entropy).unwrap();
    let mut writer = export_file::Writer::new();
    for sealed in [&first, &second] {
        writer.push(sealed.record.bytes(), &sealed.items);
    }
    let (_dir, mut reader) = reader();
    let error = reader.import(&writer.finish(), "x").unwrap_err();
    assert!(error.to_string().contains("signed with key 1"), "{error}");
}

#[test]
fn a_new_ledger_takes_an_absent_or_empty_directory_and_keeps_its_key_private() {
    let desk = Desk::new("mine");
    let dir = desk.dir.path().join("ledger");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(desk.ledger.key_path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(matches!(Ledger::init_reader(&dir), Err(LedgerError::NotEmpty { .. })));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Ledger::open(empty.path()), Err(LedgerError::NotALedger { .. })));
    Ledger::init_reader(empty.path()).unwrap();
}

#[test]
fn a_failed_start_leaves_nothing_behind() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("ledger");
    let establish = Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Withheld,
        country: "AU".parse().unwrap(),
        roles: Vec::new(),
        identifiers: Maybe::Shown(Vec::new()),
        address: Maybe::Shown(None),
    };
    let init = Init { profile: Profile::Commercial, establish, now: time(START), key: None, mark: None };
    let mut entropy = SeededEntropy::new(b"x");
    assert!(matches!(Ledger::init(&dir, init, &mut entropy), Err(LedgerError::Seal(_))));
    assert!(!dir.exists());
}

#[test]
fn a_second_opening_is_told_that_the_ledger_is_in_use() {
    let desk = Desk::new("mine");
    let error = Ledger::open(&desk.dir.path().join("ledger")).map(drop).unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
}

#[test]
fn another_key_in_its_place_is_refused() {
    let mine = Desk::new("mine").reopen();
    let other = Desk::new("other");
    std::fs::copy(other.ledger.key_path(), mine.ledger.key_path()).unwrap();
    let mut mine = mine.reopen();
    let body = mine.extraction("O-1", 1);
    assert!(matches!(mine.record(body), Err(AppendError::Ledger(LedgerError::OtherKey { .. }))));
}

#[cfg(unix)]
#[test]
fn a_read_only_directory_is_told_as_such() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new("mine");
    let dir = desk.dir.path().join("closed");
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o555)).unwrap();
    // Whoever may write everywhere (root) sees no refusal.
    if std::fs::write(dir.join("probe"), b"").is_err() {
        let error = Ledger::init_reader(&dir.join("ledger")).map(drop).unwrap_err();
        assert!(error.hint().unwrap().contains("permissions"), "{error}");
    }
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
}
