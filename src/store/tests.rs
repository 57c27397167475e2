//! The store as a whole: against a model, reopened, damaged on purpose.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use proptest::prelude::*;

use super::engine::{Changes, Tree};
use super::entry::{Entry, by_id, by_lot, by_place};
use super::*;
use crate::hash::sha256;

/// A record whose bytes begin with its facts, so that a parser for the check is at hand.
fn record(n: u64, size: usize) -> NewRecord {
    let facts = Facts {
        id: RecordId(sha256(&[b"record", &n.to_be_bytes()])),
        party: PartyId(sha256(&[b"party", &[(n % 3) as u8]])),
        epoch: (n % 2) as u16,
        seq: n / 6,
        consumes: (0..n % 4)
            .map(|i| LotRef { record: RecordId(sha256(&[&(n / 2).to_be_bytes()])), index: i as u32 })
            .collect(),
    };
    let mut bytes = n.to_be_bytes().to_vec();
    bytes.resize(8 + size, n as u8);
    let private = (0..n % 3)
        .map(|i| PrivateValue { item: i as u32, salt: [n as u8; 16], value: vec![i as u8; 10 * i as usize] })
        .collect();
    NewRecord { facts, bytes, private, dangling: n % 7 == 6 }
}

fn records(range: Range<u64>, size: usize) -> Vec<NewRecord> {
    range.map(|n| record(n, size)).collect()
}

fn facts_of(_: u64, bytes: &[u8]) -> Option<Facts> {
    let n = u64::from_be_bytes(*bytes.first_chunk()?);
    Some(record(n, 0).facts)
}

fn new_store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("store")).unwrap();
    (dir, store)
}

fn reopen(store: Store) -> Store {
    let dir = store.dir().to_owned();
    drop(store);
    Store::open(&dir).unwrap()
}

/// Everything that can be asked of the store agrees with the list of what was appended.
fn assert_agrees(store: &Store, model: &[NewRecord]) {
    assert_eq!(store.count(), model.len() as u64);
    let scanned: Vec<StoredRecord> = store.scan(0).map(Result::unwrap).collect();
    assert_eq!(scanned.len(), model.len());
    let mut places: BTreeMap<(PartyId, u16, u64), Vec<u64>> = BTreeMap::new();
    let mut consumers: BTreeMap<LotRef, Vec<u64>> = BTreeMap::new();
    let mut parties: BTreeMap<(PartyId, u16), u64> = BTreeMap::new();
    for (number, (record, stored)) in (0..).zip(model.iter().zip(&scanned)) {
        assert_eq!((stored.number, &stored.bytes, &stored.private), (number, &record.bytes, &record.private));
        assert_eq!(store.find(&record.facts.id).unwrap(), Some(number));
        let Facts { party, epoch, seq, .. } = record.facts;
        places.entry((party, epoch, seq)).or_default().push(number);
        *parties.entry((party, epoch)).or_default() += 1;
        for lot in &record.facts.consumes {
            consumers.entry(*lot).or_default().push(number);
        }
    }
    for n in 0..3 {
        let party = PartyId(sha256(&[b"party", &[n]]));
        let of_party = places.iter().filter(|((of, _, _), _)| *of == party);
        let expected: Vec<Place> = of_party
            .flat_map(|((_, epoch, seq), numbers)| numbers.iter().map(|number| (*epoch, *seq, *number)))
            .collect();
        assert_eq!(store.places(&party).unwrap(), expected);
    }
    for (length, record) in [0, 1, 8, 31, 32].into_iter().zip(model.iter().step_by(11)) {
        let start = &record.facts.id.as_bytes()[..length];
        let mut expected: Vec<RecordId> = model.iter().map(|record| record.facts.id).collect();
        expected.retain(|id| id.as_bytes().starts_with(start));
        expected.sort_unstable();
        assert_eq!(store.ids_beginning_with(start).unwrap(), expected);
    }
    for number in (0..model.len()).step_by(7) {
        assert_eq!(store.get(number as u64).unwrap(), scanned[number]);
        let from = store.scan(number as u64).next().unwrap().unwrap();
        assert_eq!(from, scanned[number]);
    }
    for ((party, epoch, seq), numbers) in places {
        assert_eq!(store.at(&party, epoch, seq).unwrap(), numbers);
    }
    for (lot, numbers) in consumers {
        assert_eq!(store.consumers(&lot).unwrap(), numbers);
    }
    let listed: Vec<(PartyId, u16, u64)> = parties.into_iter().map(|((p, e), n)| (p, e, n)).collect();
    assert_eq!(store.parties().unwrap(), listed);
    assert_eq!(store.check_indexes(facts_of).unwrap(), []);
}

fn blobs(store: &Store) -> usize {
    fs::read_dir(store.dir().join("data/blobs")).unwrap().count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_store_agrees_with_a_list(
        batches in proptest::collection::vec((1u64..90, 0usize..900, any::<bool>()), 1..9)
    ) {
        let (_dir, mut store) = new_store();
        let mut model = Vec::new();
        for (count, size, again) in batches {
            let first = model.len() as u64;
            let batch = records(first..first + count, size);
            prop_assert_eq!(store.append(&batch).unwrap(), first..first + count);
            model.extend(batch);
            if again {
                store = reopen(store);
            }
        }
        assert_agrees(&store, &model);
        assert_agrees(&reopen(store), &model);
    }
}

#[test]
fn an_empty_store_answers_and_takes_an_empty_batch() {
    let (_dir, mut store) = new_store();
    assert_eq!(store.append(&[]).unwrap(), 0..0);
    assert_agrees(&store, &[]);
    assert!(matches!(store.get(0), Err(StoreError::NoSuchRecord { number: 0, count: 0 })));
}

#[test]
fn single_appends_move_from_the_tail_into_blocks_at_128() {
    let (_dir, mut store) = new_store();
    for n in 0..127 {
        store.append(&records(n..n + 1, 50)).unwrap();
    }
    assert_eq!(store.tail, 0);
    store.append(&records(127..128, 50)).unwrap();
    assert_eq!(store.tail, 128);
    assert_agrees(&store, &records(0..128, 50));
}

#[test]
fn values_of_any_size_stay_in_the_synced_file() {
    let (_dir, mut store) = new_store();
    let mut all = records(0..30, 3000);
    all.push(record(30, 4 << 20));
    all.extend(records(31..400, 3000));
    all[30].private = vec![PrivateValue { item: 1, salt: [1; 16], value: vec![9; 1 << 20] }];
    for batch in all.chunks(25) {
        store.append(batch).unwrap();
    }
    assert_eq!(blobs(&store), 0);
    store.erase_private(30).unwrap();
    all[30].private.clear();
    assert_eq!(blobs(&store), 0);
    assert_agrees(&reopen(store), &all);
}

#[test]
fn a_record_held_already_is_refused_and_nothing_of_the_batch_goes_in() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..3, 10)).unwrap();
    let batch = [record(3, 10), record(1, 10)];
    assert!(matches!(store.append(&batch), Err(StoreError::AlreadyHeld { number: 1, .. })));
    let twice = [record(3, 10), record(3, 10)];
    assert!(matches!(store.append(&twice), Err(StoreError::AlreadyHeld { number: 4, .. })));
    assert_agrees(&reopen(store), &records(0..3, 10));
}

#[test]
fn a_fork_keeps_both_records_at_one_place() {
    let (_dir, mut store) = new_store();
    let mut other = record(1, 10);
    other.facts = Facts { id: other.facts.id, ..record(0, 0).facts };
    store.append(&[record(0, 10), other]).unwrap();
    let Facts { party, epoch, seq, .. } = record(0, 0).facts;
    assert_eq!(store.at(&party, epoch, seq).unwrap(), [0, 1]);
}

#[test]
fn private_values_are_learnt_later_and_erased() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..140, 10)).unwrap();
    let later = PrivateValue { item: 9, salt: [3; 16], value: vec![1; 20_000] };
    store.add_private(2, std::slice::from_ref(&later)).unwrap();
    let mut expected = record(2, 0).private;
    expected.push(later);
    let store = reopen(store);
    assert_eq!(store.get(2).unwrap().private, expected);
    assert_eq!(store.scan(2).next().unwrap().unwrap().private, expected);
    let mut store = store;
    store.erase_private(2).unwrap();
    let store = reopen(store);
    assert_eq!(store.get(2).unwrap().private, []);
    assert_eq!(store.get(2).unwrap().bytes, record(2, 10).bytes);
    assert_eq!(store.get(5).unwrap().private, record(5, 0).private);
}

#[test]
fn private_values_in_a_shared_block_change_alone() {
    let (_dir, mut store) = new_store();
    let mut all = records(0..300, 10);
    store.append(&all).unwrap();
    // Outgrows its block, shrinks back into nothing, and a record without any gets its first.
    let large = PrivateValue { item: 5, salt: [3; 16], value: vec![1; 10_000] };
    for (number, erase) in [(100, false), (101, true), (102, false), (0, true), (299, false)] {
        if erase {
            store.erase_private(number).unwrap();
            all[number as usize].private.clear();
        } else {
            store.add_private(number, std::slice::from_ref(&large)).unwrap();
            all[number as usize].private.push(large.clone());
        }
        assert_agrees(&store, &all);
    }
    store.erase_private(100).unwrap();
    all[100].private.clear();
    assert_agrees(&reopen(store), &all);
}

#[test]
fn damaged_private_values_are_reported_for_their_records_only() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..300, 10)).unwrap();
    let key = store.engine.at_or_before(Tree::Private, &layout::part_key(150, 0)).unwrap().unwrap().0;
    let (first, _) = layout::read_part_key(&key).unwrap();
    tamper(&mut store, |_, c| c.put(Tree::Private, key.clone(), &[1, 0]));
    let bad: Vec<u64> = (0..).zip(store.scan(0)).filter(|(_, r)| r.is_err()).map(|(n, _)| n).collect();
    assert!(bad.contains(&150) && bad[0] == first && bad.len() < 200, "{bad:?}");
    assert!(store.get(150).is_err() && store.get(0).is_ok() && store.get(299).is_ok());
    let faults = store.check_indexes(facts_of).unwrap();
    assert!(matches!(faults[..], [IndexFault::PrivateUnreadable { .. }]), "{faults:?}");
}

#[test]
fn dangling_records_are_listed_until_settled() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..21, 10)).unwrap();
    assert_eq!(store.dangling().unwrap(), [6, 13, 20]);
    store.settle(&[13]).unwrap();
    assert_eq!(reopen(store).dangling().unwrap(), [6, 20]);
}

#[test]
fn named_values_are_kept() {
    let (_dir, mut store) = new_store();
    store.put_meta("profile", b"commercial").unwrap();
    let store = reopen(store);
    assert_eq!(store.get_meta("profile").unwrap().as_deref(), Some(&b"commercial"[..]));
    assert_eq!(store.get_meta("next").unwrap(), None);
}

#[test]
fn a_directory_that_holds_something_is_no_place_for_a_new_store() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("note.txt"), "mine").unwrap();
    assert!(matches!(Store::create(dir.path()), Err(StoreError::NotEmpty { .. })));
    assert!(matches!(Store::create(&dir.path().join("note.txt")), Err(StoreError::NotEmpty { .. })));
    assert!(matches!(Store::open(dir.path()), Err(StoreError::NotAStore { .. })));
    assert!(matches!(Store::open(&dir.path().join("absent")), Err(StoreError::NotAStore { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_newer_layout_is_refused_with_both_numbers() {
    let (_dir, store) = new_store();
    let path = store.dir().to_owned();
    drop(store);
    fs::write(path.join("layout"), "lodemark store 2\n").unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::NewerLayout { found: 2, known: 1 })));
}

#[test]
fn an_interrupted_creation_is_told_from_another_directory() {
    let (_dir, store) = new_store();
    let path = store.dir().to_owned();
    drop(store);
    fs::remove_file(path.join("layout")).unwrap();
    let error = Store::open(&path).err().unwrap();
    assert!(error.to_string().contains("interrupted"), "{error}");
}

#[test]
fn a_second_opening_is_refused_as_in_use() {
    let (_dir, store) = new_store();
    assert!(matches!(Store::open(store.dir()), Err(StoreError::InUse { .. })));
}

#[test]
fn a_store_gone_back_behind_what_was_acknowledged_opens_only_for_rescue() {
    let (dir, mut store) = new_store();
    store.append(&records(0..5, 10)).unwrap();
    let path = store.dir().to_owned();
    drop(store);
    // An older copy of the database under a newer mark.
    let copy = dir.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(path.join("data")).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    let mut store = Store::open(&path).unwrap();
    store.append(&records(5..8, 10)).unwrap();
    drop(store);
    fs::remove_dir_all(path.join("data")).unwrap();
    fs::rename(&copy, path.join("data")).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::RolledBack { held: 5, acknowledged: 8 })));
    let mut rescued = Store::open_for_rescue(&path).unwrap();
    assert_eq!(rescued.scan(0).filter(Result::is_ok).count(), 5);
    assert_eq!(
        rescued.check_indexes(facts_of).unwrap(),
        [IndexFault::RolledBack { held: 5, acknowledged: 8 }]
    );
    assert!(matches!(rescued.append(&records(5..6, 10)), Err(StoreError::OpenForRescue)));
}

/// Changes entries behind the back of the store.
fn tamper(store: &mut Store, change: impl FnOnce(&Store, &mut Changes)) {
    let mut changes = Changes::default();
    change(store, &mut changes);
    store.engine.commit(&changes).unwrap();
}

#[test]
fn each_damaged_byte_of_a_block_is_reported_or_changes_only_bytes_given_back() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..300, 20)).unwrap();
    let (key, value) = store.engine.at_or_before(Tree::Blocks, &layout::part_key(150, 0)).unwrap().unwrap();
    let good: Vec<StoredRecord> = store.scan(0).map(Result::unwrap).collect();
    let (first, _) = layout::read_part_key(&key).unwrap();
    for at in (0..40).chain(value.len() - 40..value.len()) {
        let mut bad = value.to_vec();
        bad[at] ^= 0x40;
        tamper(&mut store, |_, c| c.put(Tree::Blocks, key.clone(), bad));
        let mut damaged = 0;
        for item in store.scan(0) {
            match item {
                Ok(stored) => damaged += usize::from(stored != good[stored.number as usize]),
                Err(StoreError::Damaged { first: f, .. }) => {
                    assert!(f >= first);
                    damaged += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert!(damaged > 0, "byte {at} was read as if nothing had happened");
    }
}

#[test]
fn a_scan_goes_on_behind_a_damaged_block() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..300, 500)).unwrap();
    let (key, _) = store.engine.at_or_before(Tree::Blocks, &layout::part_key(150, 0)).unwrap().unwrap();
    tamper(&mut store, |_, c| c.put(Tree::Blocks, key.clone(), &[9, 9, 9]));
    let (first, _) = layout::read_part_key(&key).unwrap();
    let items: Vec<_> = store.scan(0).collect();
    assert_eq!(items.iter().filter(|i| i.is_err()).count(), 1);
    assert!(items.iter().any(|i| i.as_ref().is_ok_and(|r| r.number == 299)));
    assert!(matches!(store.get(first), Err(StoreError::Damaged { first: f, offset: 0, .. }) if f == first));
    let faults = store.check_indexes(facts_of).unwrap();
    assert!(matches!(faults[..], [IndexFault::Unreadable { first: f, .. }] if f == first), "{faults:?}");
}

#[test]
fn a_missing_piece_of_a_large_record_is_reported() {
    let (_dir, mut store) = new_store();
    store.append(&[record(0, 100), record(1, 50_000), record(2, 100)]).unwrap();
    tamper(&mut store, |_, c| c.remove(Tree::Tail, &layout::part_key(1, 3)));
    assert!(matches!(store.get(1), Err(StoreError::Damaged { first: 1, .. })));
    assert!(store.get(0).is_ok() && store.get(2).is_ok());
    let numbers: Vec<u64> = store.scan(0).filter_map(Result::ok).map(|r| r.number).collect();
    assert_eq!(numbers, [0, 2]);
}

/// Takes the entry out of the page of the run that holds it.
fn remove_from_run(store: &mut Store, entry: Entry) {
    tamper(store, |store, changes| {
        let mut found = 0;
        for item in store.engine.prefix(Tree::Runs, &[]).unwrap() {
            let (key, page) = item.unwrap();
            let wanted = entry.as_bytes();
            // Entries of several lengths lie end to end: look from each start.
            let at = page.windows(wanted.len()).position(|window| window == wanted);
            if let Some(at) = at {
                let rest = [&page[..at], &page[at + wanted.len()..]].concat();
                changes.put(Tree::Runs, key, rest);
                found += 1;
            }
        }
        assert_eq!(found, 1);
    });
}

#[test]
fn the_check_names_what_is_missing_surplus_and_miscounted_and_the_rebuild_mends_it() {
    let (_dir, mut store) = new_store();
    let all = records(0..200, 60);
    store.append(&all).unwrap();
    let lot = all[3].facts.consumes[0];
    let Facts { party, epoch, seq, id, .. } = all[10].facts.clone();
    remove_from_run(&mut store, Entry::new(&by_lot(&lot), 3));
    remove_from_run(&mut store, Entry::new(&by_place(&party, epoch, seq), 10));
    tamper(&mut store, |_, c| {
        c.put(Tree::Recent, Entry::new(&by_lot(&lot), 77).as_bytes(), &[]);
        c.put(Tree::Recent, Entry::new(&by_id(&id), 11).as_bytes(), &[]);
        c.put(Tree::Parties, layout::party_key(&party, epoch), &1u64.to_be_bytes());
    });
    let mut store = reopen(store);
    let faults = store.check_indexes(facts_of).unwrap();
    let per_party = all.iter().filter(|r| (r.facts.party, r.facts.epoch) == (party, epoch)).count() as u64;
    for fault in [
        IndexFault::Missing { index: Index::Consumers, number: 3 },
        IndexFault::Surplus { index: Index::Consumers, number: 77 },
        IndexFault::Surplus { index: Index::ById, number: 11 },
        IndexFault::Missing { index: Index::ByPlace, number: 10 },
        IndexFault::WrongCount { expected: per_party, found: 1 },
    ] {
        assert!(faults.contains(&fault), "{fault} is not in {faults:?}");
    }
    assert_eq!(faults.len(), 5, "{faults:?}");
    store.rebuild_indexes(facts_of).unwrap();
    assert_agrees(&store, &all);
    assert_agrees(&reopen(store), &all);
}

#[test]
fn indexes_can_be_rebuilt_from_nothing_and_grow_on() {
    let (_dir, mut store) = new_store();
    let mut all = records(0..900, 60);
    store.append(&all).unwrap();
    tamper(&mut store, |store, c| {
        for tree in [Tree::Recent, Tree::Runs, Tree::Filters, Tree::Parties] {
            for entry in store.engine.prefix(tree, &[]).unwrap() {
                c.remove(tree, entry.unwrap().0);
            }
        }
        c.remove(Tree::Meta, b"runs");
    });
    let mut store = reopen(store);
    assert_eq!(store.find(&all[0].facts.id).unwrap(), None);
    store.rebuild_indexes(facts_of).unwrap();
    assert_agrees(&store, &all);
    let more = records(900..1000, 60);
    store.append(&more).unwrap();
    all.extend(more);
    assert_agrees(&reopen(store), &all);
}

#[test]
fn a_rebuild_leaves_no_pages_of_the_old_runs() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..300, 60)).unwrap();
    let pages = |store: &Store| store.engine.prefix(Tree::Runs, &[]).unwrap().count();
    let before = pages(&store);
    for _ in 0..3 {
        store.rebuild_indexes(facts_of).unwrap();
        assert_eq!(pages(&store), before);
    }
}

#[test]
fn a_damaged_page_of_an_index_is_an_error_for_look_ups_and_a_fault_for_the_check() {
    let (_dir, mut store) = new_store();
    let all = records(0..200, 60);
    store.append(&all).unwrap();
    tamper(&mut store, |store, c| {
        let (key, page) = store.engine.at_or_after(Tree::Runs, &[]).unwrap().unwrap();
        c.put(Tree::Runs, key, &page[..page.len() - 1]);
    });
    let first = all.iter().min_by_key(|r| r.facts.id).unwrap();
    assert!(matches!(store.find(&first.facts.id), Err(StoreError::Database { .. })));
    let faults = store.check_indexes(facts_of).unwrap();
    assert!(matches!(faults[..], [IndexFault::IndexUnreadable { .. }]), "{faults:?}");
    store.rebuild_indexes(facts_of).unwrap();
    assert_agrees(&store, &all);
}

#[test]
fn a_filter_that_denies_what_its_run_holds_is_found_out() {
    let (_dir, mut store) = new_store();
    let all = records(0..200, 60);
    store.append(&all).unwrap();
    tamper(&mut store, |store, c| {
        let (key, filter) = store.engine.at_or_after(Tree::Filters, &[]).unwrap().unwrap();
        c.put(Tree::Filters, key, vec![0; filter.len()]);
    });
    let mut store = reopen(store);
    let faults = store.check_indexes(facts_of).unwrap();
    assert!(faults.contains(&IndexFault::Missing { index: Index::ById, number: 0 }));
    store.rebuild_indexes(facts_of).unwrap();
    assert_agrees(&store, &all);
}

#[test]
fn one_record_may_consume_of_more_lots_than_a_run_is_joined_to() {
    let (_dir, mut store) = new_store();
    let mut large = record(0, 10);
    let id = large.facts.id;
    large.facts.consumes = (0..65_536).map(|index| LotRef { record: id, index }).collect();
    store.append(std::slice::from_ref(&large)).unwrap();
    store.append(&records(1..200, 10)).unwrap();
    let store = reopen(store);
    for index in [0, 1, 32_768, 65_535] {
        assert_eq!(store.consumers(&LotRef { record: id, index }).unwrap(), [0]);
    }
    assert_eq!(store.consumers(&LotRef { record: id, index: 65_536 }).unwrap(), Vec::<u64>::new());
}

#[test]
fn many_appends_keep_the_runs_few() {
    let (_dir, mut store) = new_store();
    let all = records(0..1200, 5);
    for batch in all.chunks(30) {
        store.append(batch).unwrap();
    }
    let list = store.engine.get(Tree::Meta, b"runs").unwrap().unwrap();
    assert!((2..=10).contains(&(list.len() / 12)), "{} runs", list.len() / 12);
    assert_agrees(&store, &all);
    assert_agrees(&reopen(store), &all);
}

#[test]
fn gaps_overlaps_and_values_of_no_record_are_named() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..20, 60)).unwrap();
    tamper(&mut store, |store, c| {
        c.remove(Tree::Tail, &layout::part_key(7, 0));
        let get = |tree| store.engine.get(tree, &layout::part_key(5, 0)).unwrap().unwrap();
        c.put(Tree::Tail, &layout::part_key(30, 0), get(Tree::Tail));
        let one = get(Tree::Private);
        c.put(Tree::Private, &layout::part_key(40, 0), one);
        c.put(Tree::Dangling, &50u64.to_be_bytes(), &[]);
    });
    let faults = store.check_indexes(facts_of).unwrap();
    for fault in [
        IndexFault::Gap { from: 7, to: 8 },
        IndexFault::Overlap { from: 30, to: 31 },
        IndexFault::WithoutRecord { number: 40 },
        IndexFault::WithoutRecord { number: 50 },
    ] {
        assert!(faults.contains(&fault), "{fault} is not in {faults:?}");
    }
}

#[test]
fn a_record_of_the_greatest_size_goes_in_and_one_byte_more_does_not() {
    let (_dir, mut store) = new_store();
    let over = record(0, block::MAX_WHOLE - 8 + 1);
    assert!(matches!(store.append(&[over]), Err(StoreError::TooLarge { limit: 16_777_216, .. })));
    let most = record(0, block::MAX_WHOLE - 8);
    store.append(std::slice::from_ref(&most)).unwrap();
    assert_eq!(store.get(0).unwrap().bytes, most.bytes);
}

#[test]
fn what_is_learnt_later_is_found_and_kept_through_runs() {
    let (_dir, mut store) = new_store();
    store.append(&records(0..40, 30)).unwrap();
    let lot = LotRef { record: RecordId(sha256(&[b"learnt"])), index: 1 };
    let values = [PrivateValue { item: 9, salt: [9; 16], value: b"new".to_vec() }];
    for number in [3, 3, 8] {
        store.learn(number, &values, &[lot, lot]).unwrap();
    }
    assert_eq!(store.consumers(&lot).unwrap(), [3, 8]);
    store.append(&records(40..200, 30)).unwrap();
    let store = reopen(store);
    assert_eq!(store.consumers(&lot).unwrap(), [3, 8]);
    assert_eq!(store.get(8).unwrap().private.last(), Some(&values[0]));
    let with_learnt = |number: u64, bytes: &[u8]| {
        let mut facts = facts_of(number, bytes)?;
        facts.consumes.extend([3, 8].contains(&number).then_some(lot));
        Some(facts)
    };
    assert_eq!(store.check_indexes(with_learnt).unwrap(), []);
}
