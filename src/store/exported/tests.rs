use super::*;
use crate::hash::sha256;

fn id(n: u8) -> RecordId {
    RecordId(sha256(&[&[n]]))
}

fn party(n: u8) -> PartyId {
    PartyId(sha256(&[b"party", &[n]]))
}

fn exported_up_to_5() -> (tempfile::TempDir, Exported) {
    let dir = tempfile::tempdir().unwrap();
    let mut exported = Exported::load(&dir.path().join("exported")).unwrap();
    exported.note(&party(1), 0, 5, &id(5)).unwrap();
    (dir, exported)
}

#[test]
fn what_was_noted_is_there_after_loading_again() {
    let (dir, _) = exported_up_to_5();
    let again = Exported::load(&dir.path().join("exported")).unwrap();
    assert_eq!(again.last(&party(1), 0), Some(Position { seq: 5, id: id(5) }));
    assert_eq!(again.last(&party(2), 0), None);
}

#[test]
fn noting_only_moves_up() {
    let (_dir, mut exported) = exported_up_to_5();
    exported.note(&party(1), 0, 3, &id(3)).unwrap();
    assert_eq!(exported.last(&party(1), 0).unwrap().seq, 5);
    exported.note(&party(1), 0, 6, &id(6)).unwrap();
    assert_eq!(exported.last(&party(1), 0).unwrap().seq, 6);
}

#[test]
fn another_record_at_the_exported_position_is_an_error() {
    let (_dir, mut exported) = exported_up_to_5();
    assert!(exported.note(&party(1), 0, 5, &id(5)).is_ok());
    assert!(matches!(exported.note(&party(1), 0, 5, &id(6)), Err(ExportedError::OtherRecord { seq: 5, .. })));
}

#[test]
fn appending_at_the_exported_position_is_refused_and_right_after_it_is_not() {
    let (_dir, exported) = exported_up_to_5();
    let refused = exported.check_append(&party(1), 0, 5, &id(4)).unwrap_err();
    assert!(matches!(refused, ExportedError::BelowExported { next: 5, exported: 5, .. }));
    assert!(refused.hint().unwrap().contains("fork"));
    assert!(exported.check_append(&party(1), 0, 6, &id(5)).is_ok());
    assert!(exported.check_append(&party(2), 0, 0, &RecordId::ZERO).is_ok());
}

#[test]
fn appending_after_another_record_than_the_exported_one_is_refused() {
    let (_dir, exported) = exported_up_to_5();
    assert!(matches!(
        exported.check_append(&party(1), 0, 6, &id(99)),
        Err(ExportedError::OtherBranch { seq: 5, .. })
    ));
}

#[test]
fn a_new_epoch_may_start_lower_and_the_old_one_is_closed_once_it_was_exported() {
    let (_dir, mut exported) = exported_up_to_5();
    assert!(exported.check_append(&party(1), 1, 3, &id(2)).is_ok());
    exported.note(&party(1), 1, 3, &id(30)).unwrap();
    assert!(exported.check_append(&party(1), 0, 6, &id(5)).is_err());
    assert!(exported.check_append(&party(1), 1, 4, &id(30)).is_ok());
}

#[test]
fn a_damaged_file_names_its_line() {
    let (dir, _) = exported_up_to_5();
    let path = dir.path().join("exported");
    let good = fs::read_to_string(&path).unwrap();
    for damaged in [
        good[..good.len() - 1].to_owned(),
        good.replace(" 5 ", " x "),
        format!("{good}{}", good.lines().nth(1).unwrap()),
    ] {
        fs::write(&path, damaged).unwrap();
        assert!(matches!(Exported::load(&path), Err(ExportedError::Unreadable { line: 2 | 3, .. })));
    }
    fs::write(&path, "").unwrap();
    assert!(matches!(Exported::load(&path), Err(ExportedError::Unreadable { line: 1, .. })));
}

fn shown(size: u64, root: u8) -> Shown {
    Shown { size, root: sha256(&[b"root", &[root]]) }
}

#[test]
fn a_checkpoint_is_there_after_loading_again_and_hands_out_its_last_record() {
    let (dir, mut exported) = exported_up_to_5();
    exported.note_checkpoint(&party(1), 0, shown(7, 1), &id(6)).unwrap();
    let again = Exported::load(&dir.path().join("exported")).unwrap();
    assert_eq!(again.last_checkpoint(&party(1), 0), Some(shown(7, 1)));
    assert_eq!(again.last_checkpoint(&party(1), 1), None);
    assert_eq!(again.last(&party(1), 0), Some(Position { seq: 6, id: id(6) }));
    assert!(again.check_append(&party(1), 0, 6, &id(5)).is_err());
    assert!(again.check_append(&party(1), 0, 7, &id(6)).is_ok());
}

#[test]
fn a_file_from_before_there_were_checkpoints_is_read() {
    let (dir, _) = exported_up_to_5();
    let text = fs::read_to_string(dir.path().join("exported")).unwrap();
    assert_eq!(text, format!("lodemark exported 1\n{} 0 5 {}\n", party(1), id(5)));
}

#[test]
fn a_checkpoint_below_what_was_handed_out_is_refused_and_at_it_is_not() {
    let (_dir, mut exported) = exported_up_to_5();
    let below = exported.note_checkpoint(&party(1), 0, shown(5, 1), &id(4)).unwrap_err();
    assert!(matches!(below, ExportedError::EndsBelow { last: 4, exported: 5, .. }), "{below}");
    let other = exported.note_checkpoint(&party(1), 0, shown(6, 1), &id(99)).unwrap_err();
    assert!(matches!(other, ExportedError::OtherRecord { seq: 5, .. }), "{other}");
    exported.note_checkpoint(&party(1), 0, shown(6, 1), &id(5)).unwrap();
    exported.note_checkpoint(&party(1), 0, shown(6, 1), &id(5)).unwrap();
    let other = exported.note_checkpoint(&party(1), 0, shown(6, 2), &id(5)).unwrap_err();
    assert!(matches!(other, ExportedError::OtherRoot { size: 6, .. }), "{other}");
    exported.note_checkpoint(&party(1), 1, shown(3, 3), &id(30)).unwrap();
    // The log of the epoch before is closed by it.
    let closed = exported.note_checkpoint(&party(1), 0, shown(9, 1), &id(8)).unwrap_err();
    assert!(matches!(closed, ExportedError::EndsBelow { exported_epoch: 1, exported: 2, .. }), "{closed}");
}

#[test]
fn a_damaged_line_of_a_log_names_its_line() {
    let (dir, mut exported) = exported_up_to_5();
    exported.note_checkpoint(&party(1), 0, shown(7, 1), &id(6)).unwrap();
    let path = dir.path().join("exported");
    let good = fs::read_to_string(&path).unwrap();
    let line = good.lines().nth(2).unwrap();
    for damaged in [
        good[..good.len() - 1].to_owned(),
        good.replace(" 7 ", " x "),
        good.replace("log ", "log  "),
        good[..good.len() - 2].to_owned() + "\n",
        format!("{good}{line}\n"),
    ] {
        fs::write(&path, damaged).unwrap();
        assert!(matches!(Exported::load(&path), Err(ExportedError::Unreadable { line: 3 | 4, .. })));
    }
}
