//! What a ledger states of the logs of others: each as far as it is shown to go on, and of two histories nothing.

use super::*;
use crate::capsule::Audience;
use crate::entry::Draft;
use crate::model::kind::Kind;

/// Takes in what `from` shows of a lot, with its checkpoint.
fn shown(from: &mut Desk, lot: LotRef, to: &mut Desk) {
    let make = MakeCapsule {
        audience: Audience::Customer,
        lots: vec![lot],
        cuts: Vec::new(),
        withhold: Vec::new(),
        documents: Vec::new(),
        packs: Vec::new(),
    };
    let bytes = from.ledger.make_capsule(&make).unwrap().bytes;
    to.ledger.import(&bytes, "shown.capsule").unwrap();
}

/// States what was seen; returns from which size to which each log was found to go on.
fn witness(desk: &mut Desk) -> Result<Vec<(u64, u64)>, String> {
    desk.now += 3_600_000;
    let mut batch = desk.ledger.begin(time(desk.now)).unwrap();
    let resolved = Draft::new(Kind::Witness).resolve(&batch.names_for(Kind::Witness));
    let event = resolved.map_err(|error| error.problem)?.event;
    let Body::Witness(witness) = &event.body else { panic!("another kind") };
    let sizes = event.seen.iter().map(|seen| seen.size);
    let stated = witness.from.iter().copied().zip(sizes).collect();
    batch.add(event, &commercial, &mut desk.entropy).unwrap();
    batch.commit().unwrap();
    Ok(stated)
}

#[test]
fn each_checkpoint_is_stated_once_with_the_size_that_it_goes_on_from() {
    let (mut mine, mut eye) = (Desk::new("mine"), Desk::new("eye"));
    let a = mine.extract("A", 1);
    shown(&mut mine, a, &mut eye);
    assert_eq!(witness(&mut eye), Ok(vec![(0, 3)]));
    let nothing = Err("no checkpoint is held that was not stated before".to_owned());
    assert_eq!(witness(&mut eye), nothing);
    let b = mine.extract("B", 1);
    shown(&mut mine, b, &mut eye);
    assert_eq!(witness(&mut eye), Ok(vec![(3, 4)]));
    assert_eq!(witness(&mut eye), nothing);
    eye.check();
}

#[test]
fn a_log_that_does_not_go_on_from_what_was_stated_is_not_stated() {
    let (mut mine, mut twin) = (Desk::new("mine"), Desk::new("mine"));
    let mut eye = Desk::new("eye");
    let a = mine.extract("A", 1);
    shown(&mut mine, a, &mut eye);
    assert_eq!(witness(&mut eye), Ok(vec![(0, 3)]));
    twin.extract("X", 2);
    let y = twin.extract("Y", 2);
    shown(&mut twin, y, &mut eye);
    let says = "the log of `mine` with 4 records is not shown to go on from the 3 seen before";
    assert_eq!(witness(&mut eye), Err(says.to_owned()));
}
