//! Corrections as people write them.

use super::*;
use crate::model::event::Correct;
use crate::model::kind::Kind;

/// A world in which one record states what a test wants.
struct Held(Event);

impl Resolver for Held {
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

    fn event(&self, _: &RecordId) -> Option<std::rc::Rc<Event>> {
        Some(std::rc::Rc::new(self.0.clone()))
    }

    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool {
        Names.is_free(lot, from, to)
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        Names.lot_value(lot)
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        Names.lot_author(lot)
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        Names.next_free(lot)
    }
}

fn corrected(held: &Event, change: &str) -> Result<Correct, EntryError> {
    let text = format!(
        "[[event]]\nkind = \"correct\"\ntarget = \"separation\"\nreason = \"other\"\nchange = {change}"
    );
    let draft = read(&text, Format::Toml)?.remove(0);
    match draft.resolve(&Held(held.clone()))?.event.body {
        Body::Correct(correct) => Ok(correct),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_event_on_the_page_that_changes_by_value_keeps_all_other_values() {
    let mut kinds = Vec::new();
    for block in page() {
        for resolved in resolve(&block).unwrap() {
            let mut event = resolved.event;
            let Some(at) = event.body.at().cloned() else { continue };
            let correct = match corrected(&event, "{ on = \"2026-02-03\" }") {
                Ok(correct) => correct,
                // What has no way back from the event is stated whole, and says so.
                Err(error) => {
                    let whole = error.hint.as_deref() == Some("write the whole event as `with` instead");
                    assert!(whole, "{}: {error}: {:?}", event.kind(), error.hint);
                    continue;
                }
            };
            kinds.push(event.kind());
            assert_ne!(*correct.replacement.0, event.body);
            let back = format!("{{ on = \"{}\" }}", at.period.shown().unwrap());
            event.body = *correct.replacement.0.clone();
            let again = corrected(&event, &back).unwrap();
            assert_eq!(
                *again.replacement.0,
                resolve(&block)
                    .unwrap()
                    .iter()
                    .find(|one| { one.event.body == *again.replacement.0 })
                    .expect("the event as it was")
                    .event
                    .body
            );
        }
    }
    kinds.sort();
    kinds.dedup();
    for kind in [
        Kind::Extract,
        Kind::OpeningStock,
        Kind::Measure,
        Kind::Dispose,
        Kind::Refuse,
        Kind::Intake,
        Kind::Transform,
        Kind::Repack,
        Kind::Dispatch,
        Kind::Receive,
    ] {
        assert!(kinds.contains(&kind), "{kind}");
    }
}

#[test]
fn a_value_is_replaced_appended_or_misspelt() {
    let held = Names.event(&RecordId(sha256(&[b"separation"]))).unwrap();
    let correct = corrected(&held, "{ \"out/0/mass\" = \"5390 kg\", \"in/1/mass\" = \"12 t\" }").unwrap();
    let body = &*correct.replacement.0;
    assert_eq!(body.outputs()[0].mass().map(Mass::to_exact).as_deref(), Some("5390 kg"));
    assert_eq!(body.outputs()[0].label(), Some("NDPR-1"));
    let appended = "{ \"out/1\" = { material = \"tailings\", mass = \"3 kg\" } }";
    assert_eq!(corrected(&held, appended).unwrap().replacement.0.outputs().len(), 2);
    let error = corrected(&held, "{ \"out/0/mas\" = \"5390 kg\" }").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `mass`?"));
    let error = corrected(&held, "{ \"out/7/mass\" = \"5390 kg\" }").unwrap_err();
    assert_eq!(
        (error.field.as_str(), error.problem.as_str()),
        ("change/out/7/mass", "`out/7/mass` leads nowhere: there is no `7`",)
    );
    let error = corrected(&held, "{ kind = \"repack\" }").unwrap_err();
    assert_eq!(error.problem, "a correction keeps the kind of event");
    let error = corrected(&held, "{ \"out/0/mass\" = \"5390\" }").unwrap_err();
    assert_eq!(error.field, "out/0/mass");
}

#[test]
fn a_correction_says_one_thing_once() {
    let head = "kind = \"correct\"\ntarget = \"separation\"\nreason = \"other\"\n";
    let (error, _) = wrong(head);
    assert!(error.contains("field `change`: it is missing"), "{error}");
    let with = "with = { kind = \"dispose\", at = \"mine\", on = \"2026-11-03\", how = \"waste\", in = [\"CARB-7\"] }";
    let (error, _) = wrong(&format!("{head}change = {{ on = \"2026-11-03\" }}\n{with}"));
    assert!(error.contains("there is a `with` as well"), "{error}");
    let (error, hint) = wrong(&format!("{head}with = {{ kind = \"dispose\", note = \"x\" }}"));
    assert!(error.contains("field `with/note`"), "{error}");
    assert_eq!(hint.as_deref(), Some("write `note` beside `with`: it is the correction's own"));
    let (error, _) =
        wrong(&format!("{head}with = {{ kind = \"dispose\", at = \"mine\", on = \"2026-11-03\" }}"));
    assert!(error.contains("field `with/how`"), "{error}");
}
