//! Damaged and unwritable files of a store: each is reported or does no harm, and no panic gets out.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use lodemark::store::{Store, StoreError};

/// A store of 700 records that was opened, written and closed several times, with its number of records.
fn grown_store(top: &Path) -> (PathBuf, u64) {
    let dir = top.join("store");
    drop(Store::create(&dir).unwrap());
    let mut count = 0;
    for size in [300, 1, 1, 250, 40, 1, 100, 7] {
        let mut store = Store::open(&dir).unwrap();
        count = store.append(&common::batch(count, size)).unwrap().end;
    }
    (dir, count)
}

/// What became of a store after damage.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Outcome {
    RefusedToOpen,
    Reported,
    Harmless,
}

/// Opens a damaged store; panics when something differs from what was appended and nothing reported it.
fn outcome(dir: &Path, count: u64, what: &str) -> Outcome {
    let store = match Store::open(dir) {
        Ok(store) => store,
        Err(StoreError::InUse { .. }) => panic!("{what}: taken for a store in use"),
        Err(_) => {
            // Whatever can be read for rescue is right, or reported too.
            if let Ok(store) = Store::open_for_rescue(dir) {
                for stored in store.scan(0).filter_map(Result::ok) {
                    assert!(common::facts(stored.number, &stored.bytes).is_some(), "{what}");
                }
            }
            return Outcome::RefusedToOpen;
        }
    };
    let mut reported = false;
    let mut seen = 0;
    for stored in store.scan(0) {
        match stored {
            Ok(stored) => {
                let (n, start, size) = common::origin(&stored.bytes).unwrap();
                let made = common::record(n, start, size);
                assert_eq!(
                    (stored.number, stored.bytes, stored.private),
                    (n, made.bytes, made.private),
                    "{what}"
                );
                seen += 1;
            }
            Err(_) => reported = true,
        }
    }
    assert!(reported || seen == count, "{what}: {} records are silently missing", count - seen);
    match store.check_indexes(common::facts) {
        Ok(faults) if faults.is_empty() => {
            for n in (0..count).step_by(5) {
                let Ok(stored) = store.get(n) else { continue };
                let id = common::facts(n, &stored.bytes).unwrap().id;
                assert_eq!(store.find(&id).unwrap(), Some(n), "{what}");
            }
        }
        Ok(_) | Err(_) => reported = true,
    }
    if reported { Outcome::Reported } else { Outcome::Harmless }
}

fn files_of(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for dir in [dir.to_owned(), dir.join("data")] {
        files.extend(fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_file()));
    }
    files.sort();
    files
}

fn flip_and_look(tries: u64) {
    let top = tempfile::tempdir().unwrap();
    let (dir, count) = grown_store(top.path());
    let files = files_of(&dir);
    let mut tally = [0; 3];
    let mut dice = 12345u64;
    let mut roll = |below: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 20) % below
    };
    for round in 0..tries {
        let copy = top.path().join("copy");
        common::copy_dir(&dir, &copy);
        // Most often the database file, every fourth time one of the small ones.
        let file = match round % 4 {
            0 => &files[roll(files.len() as u64) as usize],
            _ => files.iter().find(|f| f.ends_with("data/db")).unwrap(),
        };
        let target = copy.join(file.strip_prefix(&dir).unwrap());
        let mut bytes = fs::read(&target).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let at = roll(bytes.len() as u64) as usize;
        let bit = roll(8);
        bytes[at] ^= 1 << bit;
        fs::write(&target, bytes).unwrap();
        tally[outcome(&copy, count, &format!("bit {bit} of byte {at} of {}", file.display())) as usize] += 1;
        fs::remove_dir_all(&copy).unwrap();
    }
    println!("refused, reported, harmless: {tally:?}");
    assert!(tally[0] > 0);
}

#[test]
fn a_flipped_bit_is_reported_or_does_no_harm() {
    flip_and_look(120);
}

#[test]
#[ignore = "thousands of flips take some minutes"]
fn thousands_of_flipped_bits_are_reported_or_do_no_harm() {
    flip_and_look(4000);
}

#[test]
fn a_cut_file_is_reported_or_does_no_harm() {
    let top = tempfile::tempdir().unwrap();
    let (dir, count) = grown_store(top.path());
    for file in files_of(&dir) {
        let length = fs::metadata(&file).unwrap().len();
        for part in 0..12 {
            let keep = length * part / 12;
            let copy = top.path().join("copy");
            common::copy_dir(&dir, &copy);
            let target = copy.join(file.strip_prefix(&dir).unwrap());
            fs::OpenOptions::new().write(true).open(&target).unwrap().set_len(keep).unwrap();
            let outcome = outcome(&copy, count, &format!("{} cut to {keep}", file.display()));
            if part == 0 {
                assert_eq!(outcome, Outcome::RefusedToOpen, "{} is empty", file.display());
            }
            fs::remove_dir_all(&copy).unwrap();
        }
    }
}

#[test]
fn a_missing_file_is_reported_or_does_no_harm() {
    let top = tempfile::tempdir().unwrap();
    let (dir, count) = grown_store(top.path());
    for file in files_of(&dir) {
        let copy = top.path().join("copy");
        common::copy_dir(&dir, &copy);
        fs::remove_file(copy.join(file.strip_prefix(&dir).unwrap())).unwrap();
        outcome(&copy, count, &format!("{} missing", file.display()));
        fs::remove_dir_all(&copy).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_directory_without_write_permission_is_refused_with_a_hint() {
    use std::os::unix::fs::PermissionsExt;

    let top = tempfile::tempdir().unwrap();
    let (dir, _) = grown_store(top.path());
    let set = |mode_of_files: u32, mode_of_dirs: u32| {
        for file in files_of(&dir) {
            fs::set_permissions(file, fs::Permissions::from_mode(mode_of_files)).unwrap();
        }
        for dir in [dir.join("data"), dir.clone()] {
            fs::set_permissions(dir, fs::Permissions::from_mode(mode_of_dirs)).unwrap();
        }
    };
    set(0o444, 0o555);
    // The superuser may write anyway; then there is nothing to see here.
    let may_write = fs::OpenOptions::new().write(true).open(dir.join("layout")).is_ok();
    let opened = Store::open(&dir);
    set(0o644, 0o755);
    if !may_write {
        let error = opened.err().expect("the files cannot be written");
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
        assert!(error.hint().unwrap().contains("permissions"));
    }
}
