//! Every kind as people write it, and what they get told when they err.

mod amend;
mod vouch;

use super::*;
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::dealings::Title;
use crate::model::event::{Attest, Body, Event, Receiver, SeenCheckpoint, Titled, TransferTitle};
use crate::model::finding::FindingCode;
use crate::model::lot::{Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::profile::Profile;
use crate::record::{Position, found, seal};
use crate::sign::{SecretKey, SeededEntropy};

/// A small world in which some names mean something.
struct Names;

const LOTS: [&str; 6] = ["CONC-12", "CARB-7", "CARB-8", "NDPR-1", "MAG-42", "SPENT"];

impl Names {
    fn find(what: &'static str, name: &str, known: &[&'static str]) -> Result<Hash, NameError> {
        match known.contains(&name) {
            true => Ok(sha256(&[name.as_bytes()])),
            false => Err(NameError::unknown(what, name, known.iter().copied())),
        }
    }
}

impl Resolver for Names {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        Self::find("party", name, &["sillamae", "narva", "north-lab", "mountain"]).map(PartyId)
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        Self::find("facility", name, &["separation plant", "mine", "magnet shop"]).map(RecordId)
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        Self::find("lot", name, &LOTS).map(|hash| LotRef { record: RecordId(hash), index: 0 })
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        let known =
            ["licence", "host", "separation", "receipt", "sale of the plant", "dispute 4", "correction 7"];
        Self::find("record", name, &known).map(RecordId)
    }

    fn stay_of(&self, guest: &str, _: Option<&RecordId>) -> Result<RecordId, NameError> {
        self.party(guest).map(|_| RecordId(sha256(&[b"stay"])))
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        let label = LOTS.iter().find(|name| sha256(&[name.as_bytes()]) == lot.record.0)?;
        let quantity = Quantity { pieces: Some(40), ..Quantity::of("20 t".parse().ok()?) };
        let label = Some(Maybe::Shown((*label).to_owned()));
        Some(Lot { label, ..Lot::new("mixed_carbonate".parse().ok()?, quantity) })
    }

    fn lot_author(&self, _: &LotRef) -> Option<PartyId> {
        Some(PartyId(sha256(&[b"mountain"])))
    }

    fn event(&self, record: &RecordId) -> Option<std::rc::Rc<Event>> {
        let is_separation = record.0 == sha256(&[b"separation"]);
        let first = || resolve(&page()[0]).expect("the first event of the page").remove(0).event;
        is_separation.then(|| std::rc::Rc::new(first()))
    }

    fn is_free(&self, lot: &LotRef, from: Mass, _: Mass) -> bool {
        self.next_free(lot) <= from
    }

    fn title(&self, record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        let title = TransferTitle {
            title: Title::Receipt,
            titled: vec![Titled { lot: self.lot("NDPR-1").ok()?, from: None, mass: "8 t".parse().ok()? }]
                .into(),
            to: Maybe::Shown(Receiver::Later),
            number: Maybe::Shown(None),
            from: "2026-06-10".parse().ok()?,
            until: None,
            target: None,
        };
        (record.0 == sha256(&[b"receipt"])).then(|| (PartyId(sha256(&[b"mountain"])), title))
    }

    fn attested(&self, ask: &AttestAsk) -> Result<Attest, String> {
        vouch::facts(ask)
    }

    fn computes_facts(&self) -> bool {
        false
    }

    fn witnessed(&self, parties: &[PartyId]) -> Result<Vec<(SeenCheckpoint, u64)>, String> {
        Ok(parties.iter().map(|party| (vouch::checkpoint(*party), 3)).collect())
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        match lot.record.0 {
            hash if hash == sha256(&[b"CARB-8"]) => "7.5 t".parse().expect("a mass"),
            hash if hash == sha256(&[b"SPENT"]) => "20 t".parse().expect("a mass"),
            _ => Mass::ZERO,
        }
    }
}

fn page() -> Vec<String> {
    let page = include_str!("../../docs/formats/entry.md");
    page.split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect()
}

fn resolve(text: &str) -> Result<Vec<Resolved>, EntryError> {
    let drafts = read(text, Format::Toml)?;
    let numbered = drafts.iter().enumerate();
    numbered.map(|(at, draft)| draft.resolve(&Names).map_err(|error| error.in_event(at + 1))).collect()
}

fn one(text: &str) -> Body {
    resolve(&format!("[[event]]\n{text}")).unwrap().remove(0).event.body
}

fn wrong(text: &str) -> (String, Option<String>) {
    let error = resolve(&format!("[[event]]\n{text}")).unwrap_err();
    (error.to_string(), error.hint)
}

#[test]
fn every_kind_on_the_page_can_be_sealed_under_both_profiles() {
    let mut kinds = Vec::new();
    let signer = SecretKey::from_seed(&[1; 32]);
    for block in page() {
        for resolved in resolve(&block).unwrap_or_else(|error| panic!("{error}: {:?}\n{block}", error.hint)) {
            let kind = resolved.event.kind();
            kinds.push(kind);
            for profile in [Profile::Commercial, Profile::Public] {
                let private = |path: &str| resolved.privacy.is_private(profile, path);
                let (time, mut entropy) =
                    ("2026-11-03T10:00:00Z".parse().unwrap(), SeededEntropy::new(b"page"));
                let (event, party) = (resolved.event.clone(), PartyId(sha256(&[b"p"])));
                let at = Position {
                    party,
                    epoch: 0,
                    seq: 3,
                    prev: RecordId(Hash([1; 32])),
                    control: RecordId(Hash([1; 32])),
                    key: 0,
                };
                let sealed = match kind {
                    crate::model::kind::Kind::Establish => {
                        found(event, time, &private, &signer, &mut entropy)
                    }
                    _ => seal(at, event, time, &private, &signer, &mut entropy),
                };
                sealed.unwrap_or_else(|error| panic!("{kind}: {error}"));
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), fields::KINDS.len());
}

#[test]
fn json_and_toml_say_the_same() {
    let toml = "[[event]]\nkind = \"assay\"\nlot = \"MAG-42\"\non = 2026-11-03\nsample = \"S-1\"\ncomposition = [{ of = \"Nd\", share = \"22.3 %\" }, { of = \"Tb\", below = \"10 ppm\" }, { of = \"Ho\" }]\n";
    let json = r#"{"event": [{"kind": "assay", "lot": "MAG-42", "on": "2026-11-03", "sample": "S-1",
        "composition": [{"of": "Nd", "share": "22.3 %"}, {"of": "Tb", "below": "10 ppm"}, {"of": "Ho"}]}]}"#;
    let drafts = read(toml, Format::Toml).unwrap();
    assert_eq!(drafts, read(json, Format::Json).unwrap());
    let bare = r#"{"kind": "assay", "lot": "MAG-42", "on": "2026-11-03", "sample": "S-1",
        "composition": [{"of": "Nd", "share": "22.3 %"}, {"of": "Tb", "below": "10 ppm"}, {"of": "Ho"}]}"#;
    assert_eq!(drafts, read(bare, Format::Json).unwrap());
    assert_eq!(drafts, read(&format!("[{bare}]"), Format::Json).unwrap());
}

#[test]
fn an_input_without_a_mass_is_the_whole_rest_of_its_lot_and_empties_it() {
    let text = "kind = \"dispose\"\nat = \"mine\"\non = \"2026-11-03\"\nhow = \"waste\"\n";
    let Body::Dispose(dispose) =
        one(&format!("{text}in = [\"CARB-8\", {{ lot = \"CARB-7\", mass = \"1 t\" }}, \"CARB-7\"]"))
    else {
        panic!()
    };
    let inputs = dispose.inputs.shown().unwrap();
    let stretch = |at: usize| (inputs[at].from.to_exact(), inputs[at].mass.to_exact(), inputs[at].empties);
    assert_eq!(stretch(0), ("7500 kg".into(), "12500 kg".into(), true));
    assert_eq!(stretch(1), ("0 kg".into(), "1000 kg".into(), false));
    assert_eq!(stretch(2), ("1000 kg".into(), "19000 kg".into(), true));

    let (problem, _) = wrong(&format!("{text}in = [\"SPENT\"]"));
    assert_eq!(
        problem,
        "event 1, field `in/0/mass`: nothing is left of lot `SPENT`: all of its 20 000.000 kg is used"
    );
}

#[test]
fn a_lot_in_transit_is_like_the_lot_that_was_sent() {
    let text = "kind = \"dispatch\"\nat = \"mine\"\non = \"2026-11-03\"\nto = \"narva\"\n";
    let Body::Dispatch(all) = one(&format!("{text}in = [\"CARB-7\"]")) else { panic!() };
    let lot = &all.outputs[0];
    assert_eq!((lot.label(), lot.mass().unwrap().to_exact()), (Some("CARB-7"), "20000 kg".to_owned()));
    assert_eq!(lot.quantity.shown().unwrap().pieces, Some(40));
    // Of a part nobody counted the pieces.
    let Body::Dispatch(part) = one(&format!(
        "{text}in = [{{ lot = \"CARB-7\", mass = \"5 t\" }}]\nout = [{{ label = \"CARB-7a\" }}]"
    )) else {
        panic!()
    };
    let lot = &part.outputs[0];
    assert_eq!((lot.label(), lot.mass().unwrap().to_exact()), (Some("CARB-7a"), "5000 kg".to_owned()));
    assert_eq!(lot.quantity.shown().unwrap().pieces, None);
    assert!(!part.inputs.shown().unwrap()[0].empties);
}

#[test]
fn a_receiver_states_its_own_weight_or_that_it_has_none() {
    let text = "kind = \"receive\"\nat = \"mine\"\non = \"2026-11-03\"\nin = [\"CARB-7\"]\n";
    let (problem, hint) = wrong(text);
    assert_eq!(problem, "event 1, field `out/0/mass`: a receiver states its own weight, and there is none");
    assert!(hint.unwrap().contains("as dispatched"));

    let Body::Receive(weighed) = one(&format!("{text}out = [{{ mass = \"19.9 t\" }}]")) else { panic!() };
    assert_eq!(weighed.outputs[0].mass().unwrap().to_exact(), "19900 kg");
    assert!(weighed.outputs[0].facts.is_empty());
    assert!(weighed.inputs.shown().unwrap()[0].empties);

    let Body::Receive(unweighed) = one(&format!("{text}out = [{{ mass = \"as dispatched\" }}]")) else {
        panic!()
    };
    assert_eq!(unweighed.outputs[0].mass().unwrap().to_exact(), "20000 kg");
    assert_eq!(unweighed.outputs[0].facts[0].code.as_str(), crate::model::fact::MASS_AS_DISPATCHED);
}

#[test]
fn a_refused_lot_goes_back_to_its_sender() {
    let text = "kind = \"refuse\"\nat = \"mine\"\non = \"2026-11-03\"\nin = [\"CARB-7\"]\n";
    let Body::Refuse(refuse) = one(text) else { panic!() };
    assert_eq!(refuse.receiver, Maybe::Shown(Receiver::Party(PartyId(sha256(&[b"mountain"])))));
}

#[test]
fn what_is_written_wrongly_gets_its_event_its_field_and_a_hint() {
    let work = "kind = \"transform\"\nat = \"mine\"\non = \"2026-11-03\"\n";
    let sent = "kind = \"dispatch\"\nat = \"mine\"\non = \"2026-11-03\"\n";
    let cases: &[(&str, String, &str, &str)] = &[
        ("unknown kind", "kind = \"transfrom\"".into(), "field `kind`: `transfrom` is not a kind of event", "did you mean `transform`?"),
        ("reserved kind", "kind = \"rotate_key\"".into(), "field `kind`: `rotate_key` has its number, but cannot be written yet", "kinds are establish"),
        ("no kind", "at = \"mine\"".into(), "field `kind`: the event has no kind", "kinds are establish"),
        ("misspelt field", format!("{work}step = [\"P10 mine\"]"), "field `step`: `transform` has no such field", "did you mean `steps`?"),
        ("field of another kind", format!("{work}due = \"2026-11-03\""), "field `due`: `transform` has no such field", "its fields are kind, at, on, host"),
        ("misspelt field inside", format!("{work}out = [{{ labl = \"A\" }}]"), "field `out/0/labl`: a lot has no such field", "did you mean `label`?"),
        ("bare number", format!("{work}out = [{{ mass = 12.5 }}]"), "field `out/0/mass`: a bare number says too little here", "write a text in quotes; quantities take a unit, such as \"12.5 t\" or \"29.4 %\""),
        ("no unit", format!("{work}steps = [\"P40 calcine\"]\nin = [{{ lot = \"CARB-7\", mass = \"12.5\" }}]"), "field `in/0/mass`: `12.5` is no mass: it has no unit", "write a unit behind the number, such as 12.5 t, 1250 kg or 380 g"),
        ("wrong unit", format!("{work}steps = [\"P40 calcine\"]\nin = [\"CARB-7\"]\nout = [{{ material = \"ore\", mass = \"5 kgs\" }}]"), "field `out/0/mass`: `5 kgs` is no mass: `kgs` is not a unit it can have", "did you mean `kg`?"),
        ("no mass", format!("{work}steps = [\"P40 calcine\"]\nin = [\"CARB-7\"]\nout = [{{ material = \"ore\" }}]"), "field `out/0/mass`: it is missing", "write it, such as \"5393 kg\""),
        ("unknown lot", format!("{work}steps = [\"P40 calcine\"]\nin = [\"CARB-77\"]"), "field `in/0/lot`: `CARB-77` is no lot that is known here", "did you mean `CARB-7`?"),
        ("several pools unsaid", format!("{work}steps = [\"P40 calcine\"]\nin = [\"CARB-7\", \"CARB-8\"]"), "field `mixing`: it is missing", "write it, such as \"homogenised\""),
        ("misspelt process", format!("{work}steps = [\"P40 calcin\"]\nin = [\"CARB-7\"]"), "field `steps/0`: `calcin` is not a known process", "did you mean `calcine`?"),
        ("unknown receiver", format!("{sent}to = \"narwa\"\nin = [\"CARB-7\"]"), "field `to`: `narwa` is no party that is known here", "did you mean `narva`?; for someone outside the ledger write { name = \"narwa\" }"),
        ("mass of a lot in transit", format!("{sent}to = \"narva\"\nin = [\"CARB-7\"]\nout = [{{ mass = \"1 t\" }}]"), "field `out/0/mass`: a lot in transit has the mass that was taken for it", "write the mass in `in`, and leave it out here"),
        ("two lots out of one", format!("{sent}to = \"narva\"\nin = [\"CARB-7\"]\nout = [{{}}, {{}}]"), "field `out`: 2 lots come out of 1 that are handed over", "write one in `out` for each in `in`"),
        ("nothing to hide", format!("{sent}to = \"narva\"\nin = [\"CARB-7\"]\nprivate = [\"out/1/mass\"]"), "field `private`: `out/1/mass` is nothing that this event can keep private or show", "did you mean `out/0/mass`?"),
        ("date out of range", format!("{sent}to = \"narva\"\nin = [\"CARB-7\"]\ndue = \"2226-01-01\""), "field `due`: `2226-01-01` is no day", "write year, month and day between 1900 and 2199, such as 2027-02-15"),
        ("both share and limit", "kind = \"assay\"\nlot = \"MAG-42\"\non = \"2026-11-03\"\nsample = \"1\"\ncomposition = [{ of = \"Nd\", share = \"1 %\", below = \"2 %\" }]".into(), "field `composition/0/below`: there is a `share` as well", "a share was measured"),
        ("element by name", "kind = \"assay\"\nlot = \"MAG-42\"\non = \"2026-11-03\"\nsample = \"1\"\ncomposition = [{ of = \"neodymium\", share = \"1 %\" }]".into(), "field `composition/0/of`: `neodymium` is not the symbol of an element", "did you mean `Nd`?"),
        ("capacity of no stage", "kind = \"declare_facility\"\nname = \"M\"\nplace = \"US\"\nstages = [\"P40\"]\ncapacity = { P50 = \"1 t\" }".into(), "field `capacity/P50`: `P50` is not among the stages of the facility", "did you mean `P40`?"),
        ("place that is none", "kind = \"declare_facility\"\nname = \"M\"\nplace = \"US-XX\"\nstages = [\"P40\"]".into(), "field `place`: `US-XX` is not a subdivision of `US` in ISO 3166-2", "did you mean"),
        ("document about nothing", "kind = \"register_document\"\ncontent = \"x\"\ndocument = \"invoice\"\nabout = [\"MAG-42\"]".into(), "field `about/0`: `MAG-42` does not say what it names", "write party:NAME, facility:NAME, record:NAME or lot:NAME"),
        ("hidden character", "kind = \"withdraw\"\ntarget = \"licence\"\nreason = \"other\"\nnote = \"a\u{202e}b\"".into(), "field `note`: the text holds the control character U+202E", ""),
    ];
    for (case, text, problem, hint) in cases {
        let (found, better) = wrong(text);
        assert_eq!(&found, &format!("event 1, {problem}"), "{case}");
        let better = better.unwrap_or_default();
        assert!(better.starts_with(hint), "{case}: {better}");
    }
}

#[test]
fn a_fault_names_the_event_by_its_number() {
    let text = "[[event]]\nkind = \"withdraw\"\ntarget = \"licence\"\nreason = \"other\"\n[[event]]\nkind = \"withdraw\"\nreasn = \"other\"\n";
    assert_eq!(read(text, Format::Toml).unwrap_err().event, Some(2));
}

#[test]
fn a_file_without_events_is_told_how_to_begin_one() {
    for text in ["", "title = \"x\"", "event = []"] {
        assert!(read(text, Format::Toml).unwrap_err().hint.is_some(), "{text}");
    }
    assert!(read("[1]", Format::Json).is_err());
    assert!(read("{", Format::Json).is_err());
}

#[test]
fn the_page_shows_each_field_that_can_be_written() {
    let page = include_str!("../../docs/formats/entry.md");
    let source = concat!(
        include_str!("fields.rs"),
        include_str!("fields/dealings.rs"),
        include_str!("fields/parts.rs"),
        include_str!("fields/people.rs"),
        include_str!("fields/vouch.rs"),
    );
    let called =
        |line: &str| line.split("table.").nth(1).and_then(|rest| rest.split('"').nth(1)).map(str::to_owned);
    let fields: Vec<String> =
        source.lines().filter_map(called).filter(|field| !field.contains(' ')).collect();
    assert!(fields.len() > 60);
    for field in fields {
        assert!(page.contains(&format!("`{field}`")) || page.contains(&format!("{field} = ")), "{field}");
    }
    assert_eq!(FindingCode::HandoverUnweighed.to_string(), "handover_unweighed");
}

#[test]
fn tags_and_borders_say_what_is_wrong_with_them() {
    let issue = "[[event]]\nkind = \"issue_tags\"\npit = \"mine\"\nplace = \"RW-03\"\non = 2026-06-03\nscheme = \"s\"\nvalid = \"2026-06-03..2026-08-31\"\n";
    let apply = "[[event]]\nkind = \"apply_tags\"\nlot = \"CONC-12\"\nplace = \"RW\"\non = 2026-06-03\nscheme = \"s\"\n";
    let border = "[[event]]\nkind = \"declare_border\"\nlots = [\"NDPR-1\"]\nside = \"export\"\nto = \"EE\"\norigin = \"US\"\nhs = \"2846.90\"\non = 2026-06-03\n";
    let cases = [
        (issue, "tags = []", "tags", "write it"),
        (issue, "tags = [\"RW-0040..RW-0001\"]", "tags/0", "did you mean `RW-0001..RW-0040`?"),
        (issue, "tags = [\"RW-1..RW-1000000\"]", "tags/0", "several events"),
        (issue, "tags = [\"A-1\", \"A-0..A-2\"]", "tags/1", "once"),
        (issue, "tags = [7]", "tags/0", "RW-0001..RW-0040"),
        (apply, "tags = [{ tag = \"A-1\", mass = \"50\" }]", "tags/0/mass", "write a unit"),
        (apply, "tags = [{ tag = \"A-1..A-3\", package = \"bag 1..bag 2\" }]", "tags/0/package", "bag 40"),
        (apply, "tags = [{ tagg = \"A-1\" }]", "tags/0/tagg", "did you mean `tag`?"),
        (border, "from = \"Rwanda\"", "from", "did you mean `RW`?"),
        (border, "from = \"US\"\nstops = [\"AE-DU\"]", "stops/0", "AE-DU free_zone"),
        (border, "from = \"US\"\nstops = [\"AE-DU freezone\"]", "stops/0", "free_zone"),
        (border, "from = \"US\"\nmass = \"20\"", "mass", "write a unit"),
    ];
    for (start, rest, field, hint) in cases {
        let error = resolve(&format!("{start}{rest}\n")).unwrap_err();
        assert_eq!(error.field, field, "{rest}: {error}");
        assert!(error.hint().unwrap_or_default().contains(hint), "{rest}: {error}: {:?}", error.hint());
    }
}

#[test]
fn a_receiver_says_itself_what_seals_it_found() {
    let sent = "kind = \"receive\"\nat = \"mine\"\non = 2026-06-03\nin = [\"NDPR-1\"]\nout = [{ mass = \"20 t\"SEALS }]\n";
    let seals = |given: &str| match one(&sent.replace("SEALS", given)) {
        Body::Receive(receive) => receive.outputs[0].seals.clone(),
        _ => unreachable!(),
    };
    assert_eq!(seals(""), None);
    assert_eq!(seals(", seals = []"), Some(Maybe::Shown(vec![])));
    assert_eq!(seals(", seals = [\"S-1\"]"), Some(Maybe::Shown(vec!["S-1".to_owned()])));
}

const BUILD: &str = "kind = \"assemble\"\nat = \"magnet shop\"\non = \"2026-11-03\"\n";
const ROTORS: &str = "out = [{ label = \"A\", material = \"component.rotor\", mass = \"1 t\" }, \
                      { label = \"B\", material = \"component.rotor\", mass = \"1 t\" }]\n";

fn parts_of(text: &str) -> Vec<(u32, u32, String, Option<u64>)> {
    let Body::Assemble(assemble) = one(text) else { panic!() };
    let parts = assemble.parts.shown().unwrap();
    parts.iter().map(|part| (part.input, part.output, part.mass.to_exact(), part.pieces)).collect()
}

#[test]
fn of_a_single_assembly_every_input_is_a_part() {
    let out = "out = [{ material = \"component.rotor\", mass = \"1 t\" }]\n";
    let parts = parts_of(&format!("{BUILD}{out}in = [\"MAG-42\", {{ lot = \"CARB-8\", mass = \"1 t\" }}]"));
    assert_eq!(parts, [(0, 0, "20000 kg".into(), Some(40)), (1, 0, "1000 kg".into(), None)]);
}

#[test]
fn pieces_of_an_input_are_shared_out_without_gap_or_overlap() {
    let list = "parts = [{ into = \"A\", pieces = \"3 pieces\" }, { into = \"1\", pieces = \"3 pieces\" }, { into = \"B\" }]\n";
    let parts =
        parts_of(&format!("{BUILD}{ROTORS}{list}in = [{{ lot = \"MAG-42\", pieces = \"7 pieces\" }}]"));
    let expected = [
        (0, 0, "1500 kg".into(), Some(3)),
        (0, 1, "1500 kg".into(), Some(3)),
        (0, 1, "500 kg".into(), Some(1)),
    ];
    assert_eq!(parts, expected);
}

#[test]
fn pieces_begin_after_what_is_used_and_a_package_lies_where_it_is_listed() {
    let text = format!("{BUILD}out = [{{ material = \"component.rotor\", mass = \"1 t\" }}]\n");
    let Body::Assemble(assemble) = one(&format!(
        "{text}in = [{{ lot = \"CARB-8\", pieces = \"2 pieces\" }}, {{ lot = \"CARB-8\", pieces = \"1 piece\" }}, \
         {{ lot = \"MAG-42\", pieces = \"1 piece\", from = \"39 pieces\" }}]"
    )) else {
        panic!()
    };
    let inputs = assemble.inputs.shown().unwrap();
    let stretch = |at: usize| (inputs[at].from.to_exact(), inputs[at].mass.to_exact());
    assert_eq!(stretch(0), ("7500 kg".into(), "1000 kg".into()));
    assert_eq!(stretch(1), ("8500 kg".into(), "500 kg".into()));
    assert_eq!(stretch(2), ("19500 kg".into(), "500 kg".into()));
}

#[test]
fn what_is_wrong_with_parts_is_said_with_the_nearest_right_one() {
    let all = "in = [{ lot = \"MAG-42\", pieces = \"4 pieces\" }, { lot = \"NDPR-1\", mass = \"1 t\" }]\n";
    let told = |list: &str| wrong(&format!("{BUILD}{ROTORS}{all}{list}"));
    let cases = [
        ("", "`parts`: there are 2 assemblies", "write parts ="),
        (
            "parts = [{ of = \"MAG-24\", into = \"A\" }]",
            "`MAG-24` is no lot in `in`",
            "did you mean `MAG-42`?",
        ),
        ("parts = [{ of = \"MAG-42\", into = \"C\" }]", "`C` is no lot of this event", "did you mean `A`?"),
        ("parts = [{ into = \"A\" }]", "`parts/0/of`: it is missing", ""),
        ("parts = [{ of = \"MAG-42\", into = \"A\", pieces = \"5 pieces\" }]", "4 of the 4 pieces", ""),
        ("parts = [{ of = \"MAG-42\", into = \"A\", pieces = \"5\" }]", "it has no unit", "write a unit"),
        (
            "parts = [{ of = \"NDPR-1\", into = \"A\", pieces = \"5 pieces\" }]",
            "is not known",
            "write the `mass`",
        ),
        ("parts = [{ of = \"MAG-42\", into = \"A\", mass = \"12\" }]", "it has no unit", "write a unit"),
        (
            "parts = [{ of = \"MAG-42\", into = \"A\" }, { of = \"MAG-42\", into = \"B\" }]",
            "nothing is left",
            "",
        ),
        ("parts = [{ of = \"MAG-42\", too = \"A\" }]", "`parts/0/too`", ""),
    ];
    for (list, problem, hint) in cases {
        let (said, hinted) = told(list);
        assert!(said.contains(problem), "{list}: {said}");
        assert!(hinted.unwrap_or_default().contains(hint), "{list}: {said}");
    }
    let twice = "in = [\"MAG-42\", { lot = \"MAG-42\", mass = \"1 t\" }]\nparts = [{ of = \"MAG-42\", into = \"A\" }]";
    let (said, hint) = wrong(&format!("{BUILD}{ROTORS}{twice}"));
    assert!(said.contains("stands in `in` 2 times"), "{said}");
    assert_eq!(hint.as_deref(), Some("write which one, counted from 0: 0, 1"));
}

#[test]
fn what_is_wrong_with_pieces_and_packages_is_said_with_what_is_left() {
    let told = |input: &str| {
        let (said, hint) = wrong(&format!(
            "kind = \"dispose\"\nat = \"mine\"\non = \"2026-11-03\"\nhow = \"waste\"\nin = [{{ {input} }}]"
        ));
        format!("{said} | {}", hint.unwrap_or_default())
    };
    let cases = [
        ("lot = \"CARB-8\", pieces = \"26 pieces\"", "25 pieces are left of lot `CARB-8`, 26 are asked for"),
        ("lot = \"SPENT\", pieces = \"1 piece\"", "no piece is left of lot `SPENT`: all of its 40 are used"),
        ("lot = \"CARB-7\", pieces = \"0 pieces\"", "it is no piece at all"),
        ("lot = \"CARB-7\", pieces = \"16\"", "it has no unit"),
        ("lot = \"CARB-7\", pieces = \"16 kg\"", "`kg` is not a unit it can have"),
        ("lot = \"CARB-7\", pieces = \"1 piece\", mass = \"1 t\"", "there is a `mass` as well"),
        ("lot = \"CARB-7\", package = \"drum 1\"", "lot `CARB-7` lists no packages"),
        ("lot = \"CARB-7\", package = \"drum 1\", pieces = \"1 piece\"", "there are `pieces` as well"),
    ];
    for (input, problem) in cases {
        let said = told(input);
        assert!(said.contains(problem), "{input}: {said}");
    }
}

#[test]
fn claims_waivers_inspections_and_ties_say_what_is_wrong_with_them() {
    let claim = "kind = \"retire_claim\"\nfacility = \"mine\"\nscheme = \"s\"\ncharacteristic = \"c\"\nof = \"Nd\"\nserial = \"1\"\nmass = \"1 kg\"\non = \"2026-02-14\"\n";
    let cases = [
        (claim.replace("1 kg", "0 kg"), "mass", "write what is claimed"),
        (claim.replace("1 kg", "1"), "mass", "write a unit"),
        (claim.replace("\"mine\"", "\"mien\""), "facility", "did you mean `mine`?"),
        (claim.replace("serial = \"1\"\n", ""), "serial", "write it"),
        (claim.replace("serial", "serail"), "serail", "did you mean `serial`?"),
        (
            "kind = \"close_account\"\nfacility = \"mine\"\nscheme = \"s\"\ncharacteristic = \"c\"\nof = \"Nd\"\non = \"2026-02\"\nclosing = \"0 kg\"\ncredit = [{ mass = \"1 kg\" }]\n".to_owned(),
            "on",
            "",
        ),
        ("kind = \"waive\"\nlots = [\"MAG-42\"]\nvalid = \"2026-01-01..2026-12-31\"\n".to_owned(), "rule", "write it"),
        (
            "kind = \"waive\"\nrule = \"R\"\nlots = [\"MAG-24\"]\nvalid = \"2026-01-01..2026-12-31\"\n".to_owned(),
            "lots/0",
            "did you mean `MAG-42`?",
        ),
        (
            "kind = \"inspect\"\nabout = \"lot:MAG-42\"\non = \"2026-01-01\"\noutcome = \"confirmd\"\n".to_owned(),
            "outcome",
            "did you mean `confirmed`?",
        ),
        ("kind = \"appoint\"\nparty = \"narva\"\ntie = \"parent\"\n".to_owned(), "valid", "write it"),
    ];
    for (text, field, hint) in cases {
        let (error, better) = wrong(&text);
        assert!(error.contains(&format!("field `{field}`")), "{error}\n{text}");
        assert!(better.unwrap_or_default().contains(hint), "{text}");
    }
}
