//! Logs: what is signed of the own one, and what is rebuilt of others'.

use super::admission::copy_dir;
use super::*;
use crate::log::note::Note;
use crate::log::{consistency, seen, tree};
use crate::store::{ExportedError, Shown};

fn mine() -> (Desk, LotRef) {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    (mine, ore)
}

fn tree(ids: &[RecordId]) -> tree::Tree {
    tree::Tree::new(ids.iter().map(|id| tree::leaf_hash(id.as_bytes())).collect())
}

/// Puts an older copy of the store in place, with the note of what was handed out left as it is.
fn restored(mine: Desk, copy: &std::path::Path) -> Desk {
    let Desk { dir, ledger, entropy, place, now } = mine;
    drop(ledger);
    let store = dir.path().join("ledger/store");
    std::fs::remove_dir_all(&store).unwrap();
    copy_dir(copy, &store);
    let ledger = Ledger::open(&dir.path().join("ledger")).unwrap();
    Desk { dir, ledger, entropy, place, now }
}

#[test]
fn a_checkpoint_covers_the_whole_chain_and_each_goes_on_from_the_last() {
    let (mut mine, ore) = mine();
    let first = mine.ledger.checkpoint().unwrap();
    let ids: Vec<RecordId> =
        mine.ledger.chain(&mine.party()).unwrap().iter().map(|record| record.id).collect();
    assert_eq!(mine.ledger.leaves(&mine.party(), 0).unwrap(), ids);
    assert_eq!((first.party, first.epoch, first.size), (mine.party(), 0, 3));
    assert_eq!(ids[2], ore.record);
    assert_eq!(first.root, tree(&ids).root());
    let note: Note = seen::note(&first).unwrap();
    assert_eq!(note.text().lines().nth(1), Some("3"));
    mine.extract("O-2", 1);
    let mut mine = mine.reopen();
    let second = mine.ledger.checkpoint().unwrap();
    let whole = mine.ledger.log_tree(&mine.party(), 0, 4).unwrap().unwrap();
    let proof = whole.consistency(3).unwrap();
    consistency::check_consistency(3, 4, &first.root, &second.root, &proof).unwrap();
    assert_eq!(mine.ledger.log_tree(&mine.party(), 0, 3).unwrap().unwrap().root(), first.root);
    assert!(mine.ledger.log_tree(&mine.party(), 0, 5).unwrap().is_none());
    mine.check();
}

#[test]
fn an_equal_chain_gives_the_same_checkpoint_and_writes_nothing() {
    let (mut mine, _) = mine();
    let first = mine.ledger.checkpoint().unwrap();
    let file = mine.ledger.dir().join("exported");
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(mine.ledger.checkpoint().unwrap(), first);
    let mut mine = mine.reopen();
    assert_eq!(mine.ledger.checkpoint().unwrap(), first);
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), written);
}

#[test]
fn a_size_that_was_noted_and_not_signed_is_signed_by_the_next_call() {
    let (mut mine, ore) = mine();
    let root = mine.ledger.log_tree(&mine.party(), 0, 3).unwrap().unwrap().root();
    let party = mine.party();
    // As a process leaves it that is killed between the note and the answer.
    mine.ledger.exported.note_checkpoint(&party, 0, Shown { size: 3, root }, &ore.record).unwrap();
    let mut mine = mine.reopen();
    let checkpoint = mine.ledger.checkpoint().unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (3, root));
    mine.extract("O-2", 1);
    assert_eq!(mine.ledger.checkpoint().unwrap().size, 4);
}

#[test]
fn a_restored_copy_signs_and_appends_nothing_below_what_a_checkpoint_showed() {
    let (mine, _) = mine();
    let mut mine = mine.reopen();
    let copy = mine.dir.path().join("copy");
    copy_dir(&mine.dir.path().join("ledger/store"), &copy);
    let newer = mine.extract("O-2", 1);
    let shown = mine.ledger.checkpoint().unwrap();
    let newest = mine.export(&[newer]);
    let mut mine = restored(mine, &copy);
    let error = mine.ledger.checkpoint().unwrap_err();
    assert!(
        matches!(
            error,
            LedgerError::Exported(ExportedError::EndsBelow { last: 2, exported: 3, exported_epoch: 0, .. })
        ),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("Import the newest export"), "{error}");
    let body = mine.extraction("O-3", 1);
    assert!(mine.record(body.clone()).unwrap_err().hint().unwrap().contains("fork"));
    mine.ledger.import(&newest, "own.lode").unwrap();
    assert_eq!(mine.ledger.checkpoint().unwrap(), shown);
    mine.record(body).unwrap();
    assert_eq!(mine.ledger.checkpoint().unwrap().size, 5);
    mine.check();
}

#[test]
fn another_history_than_the_one_shown_is_not_signed_even_where_it_is_longer() {
    let (mine, _) = mine();
    let mut mine = mine.reopen();
    let copy = mine.dir.path().join("copy");
    copy_dir(&mine.dir.path().join("ledger"), &copy);
    mine.extract("O-2", 1);
    mine.ledger.checkpoint().unwrap();
    let twin = Ledger::open(&copy).unwrap();
    let entropy = SeededEntropy::new(b"another history");
    let mut twin =
        Desk { dir: tempfile::tempdir().unwrap(), ledger: twin, entropy, place: mine.place, now: mine.now };
    twin.extract("X", 1);
    let note = mine.ledger.dir().join("exported");
    // At the size shown, and beyond it.
    for _ in 0..2 {
        std::fs::copy(&note, copy.join("exported")).unwrap();
        let error = twin.ledger.checkpoint().unwrap_err();
        assert!(matches!(error, LedgerError::Exported(ExportedError::OtherRecord { seq: 3, .. })), "{error}");
        // Its own note of what was handed out is its own.
        std::fs::remove_file(copy.join("exported")).unwrap();
        drop(std::mem::replace(&mut twin.ledger, Desk::new("between").ledger));
        twin.ledger = Ledger::open(&copy).unwrap();
        twin.extract("Y", 1);
    }
    // Without that note it is an honest chain like any other.
    assert_eq!(twin.ledger.checkpoint().unwrap().size, 6);
}

#[test]
fn a_root_noted_for_a_size_is_the_only_one_signed_for_it() {
    let (mut mine, _) = mine();
    let root = mine.ledger.checkpoint().unwrap().root;
    let file = mine.ledger.dir().join("exported");
    let text = std::fs::read_to_string(&file).unwrap();
    let other = Hash([7; 32]);
    std::fs::write(&file, text.replace(&root.to_hex(), &other.to_hex())).unwrap();
    for size in [3, 4] {
        let error = mine.ledger.checkpoint().unwrap_err();
        assert!(
            matches!(&error, LedgerError::Exported(ExportedError::OtherRoot { size: 3, shown, root: held })
                if *shown == other && *held == root),
            "{size}: {error}"
        );
        mine.extract("O-2", 1);
    }
}

#[test]
fn what_a_checkpoint_covers_counts_as_handed_out() {
    let (mut mine, ore) = mine();
    assert_eq!(mine.ledger.undoable(Some("O-1")).unwrap(), ore.record);
    mine.ledger.checkpoint().unwrap();
    assert!(matches!(mine.ledger.undoable(Some("O-1")), Err(UndoError::Left { seq: 2, .. })));
    mine.extract("O-2", 1);
    assert!(mine.ledger.undoable(Some("O-2")).is_ok());
}

#[test]
fn a_ledger_without_a_chain_or_with_two_histories_signs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = Ledger::init_reader(&dir.path().join("reader")).unwrap();
    assert!(matches!(reader.checkpoint(), Err(LedgerError::NoOwnChain)));
    let (mine, _) = mine();
    let mut mine = mine.reopen();
    let copy = dir.path().join("copy");
    copy_dir(&mine.dir.path().join("ledger"), &copy);
    let entropy = SeededEntropy::new(b"another history");
    let ledger = Ledger::open(&copy).unwrap();
    let mut twin = Desk { dir, ledger, entropy, place: mine.place, now: mine.now };
    let other = twin.extract("B", 2);
    mine.extract("A", 1);
    mine.ledger.import(&twin.export(&[other]), "b").unwrap();
    assert!(matches!(mine.ledger.checkpoint(), Err(LedgerError::OwnFork { seq: 3, .. })));
    // What both histories have is known all the same.
    assert_eq!(mine.ledger.leaves(&mine.party(), 0).unwrap().len(), 3);
}

#[test]
fn of_a_chain_with_a_gap_the_records_before_it_are_known() {
    let (mut mine, ore) = mine();
    let mut buyer = Desk::new("buyer");
    let party = mine.party();
    assert_eq!(buyer.ledger.leaves(&party, 0).unwrap(), []);
    buyer.ledger.import(&mine.export(&[ore]), "a").unwrap();
    mine.extract("O-2", 1);
    let last = mine.extract("O-3", 1);
    let base = std::collections::BTreeMap::from([(party, 3)]);
    let tail = mine.ledger.export(&Export { lots: vec![last], base, ..Export::default() }).unwrap();
    buyer.ledger.import(&tail.bytes, "b").unwrap();
    assert!(buyer.ledger.holds(&last.record).unwrap());
    let held = buyer.ledger.leaves(&party, 0).unwrap();
    assert_eq!(held, mine.ledger.leaves(&party, 0).unwrap()[..3]);
    assert!(buyer.ledger.log_tree(&party, 0, 3).unwrap().is_some());
    assert_eq!(buyer.ledger.leaves(&party, 1).unwrap(), []);
}
