//! Damage on disk, and directories that are not what they should be.

use super::*;

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
    let init = Init { profile: Profile::Commercial, establish, now: time(START), key: None };
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
