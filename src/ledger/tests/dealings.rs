//! Stays, lots in transit that change their way, slips, and old copies of a ledger.

use super::*;
use crate::model::claim::ClaimCode;
use crate::model::dealings::HostPurpose;

fn code() -> ClaimCode {
    "K7QP-3MZD-9TXA-4WHE".parse().unwrap()
}

/// A mine that sent 10 kg to a receiver to be named later, and the lot in transit.
fn sent_to_later() -> (Desk, LotRef) {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    let mut body = mine.dispatching(Receiver::Later, vec![take(ore, 0, 10)], vec![lot("O-1", "ore", 10)]);
    if let Body::Dispatch(dispatch) = &mut body {
        dispatch.claim = Some(code().hash());
    }
    let sent = mine.record(body).unwrap();
    (mine, out(sent, 0))
}

fn assigning(lot: LotRef, to: PartyId, code: Option<&str>) -> Body {
    let claim = Maybe::Shown(code.map(str::to_owned));
    Body::Assign(Assign { lots: vec![lot], receiver: Maybe::Shown(Receiver::Party(to)), claim })
}

fn host(guest: PartyId, facility: RecordId) -> Body {
    let (purpose, valid) = (HostPurpose::Tenancy, "2026-11-01..2026-11-30".parse().unwrap());
    Body::Host(Host { guest, facility, purpose, stages: Vec::new(), valid })
}

#[test]
fn a_lot_for_later_is_assigned_once_by_its_sender_and_may_be_assigned_anew_after_a_withdrawal() {
    let (mut mine, transit) = sent_to_later();
    let (plant, other) = (Desk::new("plant").party(), Desk::new("other").party());
    let wrong = mine.refused(assigning(transit, plant, Some("AAAAAAAAAAAAAAAA")));
    assert!(matches!(wrong, Refusal::WrongCode { .. }), "{wrong}");
    let first = mine.record(assigning(transit, plant, Some(code().as_str()))).unwrap();
    let again = mine.refused(assigning(transit, other, None));
    assert!(matches!(&again, Refusal::NotYoursInTransit { why, .. } if why.contains("assigned already")));
    mine.record(Desk::withdrawing(first)).unwrap();
    mine = mine.reopen();
    mine.record(assigning(transit, other, None)).unwrap();
    let (held, other_way) = (transit.record, mine.refused(assigning(transit, plant, None)));
    assert!(matches!(other_way, Refusal::NotYoursInTransit { .. }), "{held}");
    mine.check();
}

#[test]
fn what_was_assigned_to_oneself_comes_back() {
    let (mut mine, transit) = sent_to_later();
    let own = mine.party();
    let body = mine.receiving(vec![take(transit, 0, 10)], vec![lot("O-1", "ore", 10)]);
    assert!(matches!(mine.refused(body.clone()), Refusal::NoConsumer { .. }));
    mine.record(assigning(transit, own, None)).unwrap();
    mine.record(body).unwrap();
    mine.check();
}

#[test]
fn only_the_operator_lets_others_into_its_plant() {
    let (mut mine, plant) = (Desk::new("mine"), Desk::new("plant"));
    let (own, theirs) = (mine.place, plant.place);
    let body = host(plant.party(), theirs);
    assert!(matches!(mine.refused(body), Refusal::FacilityMissing { .. }));
    let body = host(mine.party(), own);
    assert!(matches!(mine.refused(body), Refusal::Oneself(_)));
    let body = host(plant.party(), own);
    let stay = mine.record(body).unwrap();
    let end = |target| {
        let from = "2026-11-20".parse().unwrap();
        Body::EndHost(EndStatus { target, from, until: None, reason: Maybe::Shown(None) })
    };
    assert!(matches!(mine.refused(end(own)), Refusal::WrongTarget { .. }));
    mine.record(end(stay)).unwrap();
    assert!(matches!(mine.refused(end(stay)), Refusal::WrongTarget { why: "was ended before", .. }));
}

#[test]
fn a_record_is_undone_until_it_has_left_or_something_rests_on_it() {
    let mut mine = Desk::new("mine");
    let ore = mine.extract("O-1", 100);
    assert_eq!(mine.ledger.undoable(None).unwrap(), ore.record);
    let body = mine.repacking(vec![take(ore, 0, 10)], vec![lot("A", "ore", 10)]);
    let packed = mine.record(body).unwrap();
    assert!(matches!(mine.ledger.undoable(Some("O-1")), Err(UndoError::RestedOn { seq: 2, .. })));
    mine.record(Desk::withdrawing(packed)).unwrap();
    assert!(matches!(mine.ledger.undoable(None), Err(UndoError::Never { .. })));
    assert!(matches!(mine.ledger.undoable(Some("A")), Err(UndoError::Find(_) | UndoError::Never { .. })));
    assert_eq!(mine.ledger.undoable(Some("O-1")).unwrap(), ore.record);
    mine.export(&[ore]);
    assert!(matches!(mine.ledger.undoable(Some("O-1")), Err(UndoError::Left { seq: 2, .. })));
}

#[test]
fn an_older_copy_whose_note_lies_outside_refuses_before_it_forks() {
    let mut mine = Desk::new("mine");
    let (dir, mark) = (mine.dir.path().join("ledger"), mine.dir.path().join("mark"));
    let ore = mine.extract("O-1", 100);
    // As `init --mark` makes it: the note is elsewhere, the settings say where.
    crate::store::Exported::create(&mark).unwrap();
    drop(std::mem::replace(&mut mine.ledger, Desk::new("another").ledger));
    let settings = Settings { exported: mark.clone(), ..Settings::read(&dir).unwrap() };
    std::fs::write(Settings::path(&dir), settings.to_text()).unwrap();
    let copy = mine.dir.path().join("copy");
    copy_dir(&dir, &copy);
    mine.ledger = Ledger::open(&dir).unwrap();
    let body = mine.repacking(vec![take(ore, 0, 10)], vec![lot("A", "ore", 10)]);
    mine.record(body).unwrap();
    let file = mine.export(&[ore]);
    drop(std::mem::replace(&mut mine.ledger, Ledger::open(&copy).unwrap()));
    let fork = mine.repacking(vec![take(ore, 0, 10)], vec![lot("B", "ore", 10)]);
    let error = mine.record(fork).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::Exported(_))), "{error}");
    assert!(error.hint().unwrap().contains("Import the newest export of your own chain first"));
    mine.ledger.import(&file, "own.lode").unwrap();
    let body = mine.repacking(vec![take(ore, 10, 10)], vec![lot("B", "ore", 10)]);
    mine.record(body).unwrap();
    std::fs::remove_file(&mark).unwrap();
    let body = mine.repacking(vec![take(ore, 20, 10)], vec![lot("C", "ore", 10)]);
    assert!(matches!(mine.record(body).unwrap_err(), AppendError::Ledger(LedgerError::NoMark { .. })));
}

fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.path().is_dir() {
            true => copy_dir(&entry.path(), &to.join(entry.file_name())),
            false => drop(std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}
