//! Attestations and what a witness saw, as people write them.

use super::*;
use crate::model::event::{AttestedElement, AttestedMass, AttestedSet, Witness};
use crate::model::evidence::{Grade, Presence};
use crate::model::fraction::Fraction;
use crate::model::verdict::Verdict;

/// Facts about any lot: all is known, but custody of what is called `SPENT`.
pub(super) fn facts(ask: &AttestAsk) -> Result<Attest, String> {
    let set = AttestedSet { count: 1, root: sha256(&[b"one"]) };
    let spent = Names.lot("SPENT").unwrap();
    if ask.packs.iter().any(|pack| pack == "no-such") {
        return Err("no pack here is called `no-such`".to_owned());
    }
    Ok(Attest {
        lot: ask.lot,
        as_of: ask.as_of,
        valid_until: ask.valid_until,
        custody: if ask.lot == spent { Verdict::Unknown } else { Verdict::Pass },
        elements: vec![AttestedElement {
            element: "Nd".parse().unwrap(),
            mass: Maybe::Shown(None),
            unknown: Fraction::ZERO,
            unplaced: Vec::new(),
            grade: Grade::Signed,
        }],
        touches: Vec::new(),
        verdicts: Vec::new(),
        records: set,
        logs: set,
        bands: sha256(&[b"bands"]),
        trust: None,
    })
}

pub(super) fn checkpoint(party: PartyId) -> SeenCheckpoint {
    SeenCheckpoint { party, epoch: 0, size: 7, root: party.0, key: [1; 32], signature: [2; 64] }
}

/// The same names, for one who holds a ledger.
struct Holding;

impl Resolver for Holding {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        Names.party(name)
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        Names.facility(name)
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        Names.lot(name)
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        Names.record(name)
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        Names.lot_value(lot)
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        Names.lot_author(lot)
    }

    fn event(&self, record: &RecordId) -> Option<std::rc::Rc<Event>> {
        Names.event(record)
    }

    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool {
        Names.is_free(lot, from, to)
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        Names.next_free(lot)
    }

    fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        facts(ask)
    }
}

fn held(text: &str) -> Result<Event, String> {
    let draft = read(&format!("[[event]]\nkind = \"attest\"\n{text}"), Format::Toml).unwrap().remove(0);
    draft.resolve(&Holding).map(|resolved| resolved.event).map_err(|error| error.to_string())
}

#[test]
fn an_attestation_holds_for_a_year_less_a_day_unless_it_says_otherwise() {
    let until =
        |text: &str| match held(&format!("lot = \"NDPR-1\"\nas_of = 2026-11-26\n{text}")).unwrap().body {
            Body::Attest(attest) => attest.valid_until.to_string(),
            other => panic!("{other:?}"),
        };
    assert_eq!(until(""), "2027-11-25");
    assert_eq!(until("valid_until = 2026-12-31\n"), "2026-12-31");
}

#[test]
fn what_is_computed_is_not_typed_in_by_who_holds_a_ledger() {
    for stated in [
        "custody = \"pass\"",
        "element = [{ of = \"Nd\" }]",
        "touch = [{ of = \"Nd\", step = \"P10 mine\" }]",
    ] {
        let field = stated.split(' ').next().unwrap();
        let error = held(&format!("lot = \"NDPR-1\"\nas_of = 2026-11-26\n{stated}\n")).unwrap_err();
        assert_eq!(error, format!("field `{field}`: what is attested is not typed in"));
    }
}

#[test]
fn nothing_rests_on_what_does_not_stand_so_it_is_stated_on_purpose_alone() {
    let spent = "lot = \"SPENT\"\nas_of = 2026-11-26\n";
    let error = held(spent).unwrap_err();
    assert_eq!(error, "field `lot`: its custody is `unknown`, and nothing would rest on the attestation");
    assert!(held(&format!("{spent}as_found = true\n")).is_ok());
    assert!(held(&format!("{spent}as_found = false\n")).is_err());
}

#[test]
fn a_scenario_states_what_its_auditor_claims() {
    let stated = "kind = \"attest\"\nlot = \"SPENT\"\nas_of = 2026-11-26\ncustody = \"pass\"\nelement = [{ of = \"Tb\", most = \"2 kg\", unknown = \"5 %\" }, { of = \"Nd\" }]\ntouch = [{ of = \"Nd\", step = \"P10 mine\", place = \"AU\" }]\n";
    let Body::Attest(attest) = one(stated) else { panic!("another kind") };
    assert_eq!(attest.custody, Verdict::Pass);
    let symbols: Vec<String> = attest.elements.iter().map(|one| one.element.to_string()).collect();
    assert_eq!(symbols, ["Nd", "Tb"], "by number, whatever order they are written in");
    let mass = AttestedMass { least: Mass::ZERO, most: "2 kg".parse().unwrap() };
    assert_eq!(
        (attest.elements[1].mass.shown().unwrap(), attest.elements[1].unknown.ppb()),
        (&Some(mass), 50_000_000)
    );
    let touch = &attest.touches[0];
    assert_eq!((touch.least, touch.most, touch.presence), (Fraction::ONE, Fraction::ONE, Presence::Certain));
}

#[test]
fn what_is_wrong_with_an_attestation_names_its_field() {
    let said = |text: &str| wrong(&format!("kind = \"attest\"\n{text}")).0;
    assert_eq!(said("as_of = 2026-11-26\n"), "event 1, field `lot`: it is missing");
    assert_eq!(said("lot = \"NDPR-1\"\n"), "event 1, field `as_of`: it is missing");
    let packs = "lot = \"NDPR-1\"\nas_of = 2026-11-26\npacks = [\"no-such\"]\n";
    assert_eq!(said(packs), "event 1, field `lot`: no pack here is called `no-such`");
}

#[test]
fn a_witness_says_from_where_each_log_goes_on() {
    let resolved =
        resolve("[[event]]\nkind = \"witness\"\nof = [\"sillamae\", \"narva\"]\n").unwrap().remove(0);
    let Body::Witness(Witness { from }) = &resolved.event.body else { panic!("another kind") };
    assert_eq!(from, &[3, 3]);
    let parties: Vec<PartyId> = resolved.event.seen.iter().map(|seen| seen.party).collect();
    assert!(parties.is_sorted() && parties.len() == 2);
    let nothing_new = "[[event]]\nkind = \"witness\"\n";
    let error = resolve(nothing_new).unwrap_err();
    assert_eq!(error.problem, "no checkpoint is held that was not stated before");
}
