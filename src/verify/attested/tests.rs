//! Which attestations count, through whole reports.

use super::*;
use crate::custody::attested::AttestedWay;
use crate::custody::testing::*;
use crate::hash::RecordId;
use crate::model::dealings::{DisputeReason, Tie};
use crate::model::event::{Appoint, AttestedElement, AttestedSet, AttestedTouch, Dispute, Subject};
use crate::model::evidence::Mixing::Homogenised;
use crate::model::evidence::{Grade, Presence, WithdrawReason};
use crate::model::maybe::{Maybe, MaybeList};
use crate::trust::Authority;
use crate::verify::{Examined, LotReport, Reader, Report, Request, report};

/// Oxide on papers that is made to metal in Japan and handed over; an auditor attests the metal.
struct Case {
    world: World,
    metal: LotRef,
    bought: LotRef,
    attest: RecordId,
}

fn touch(step: &str, place: &str, least: u32, most: u32) -> AttestedTouch {
    AttestedTouch {
        element: "Nd".parse().unwrap(),
        step: step.parse().unwrap(),
        place: Some(place.parse().unwrap()),
        grade: Grade::Transcribed,
        presence: if least > 0 { Presence::Certain } else { Presence::Possible },
        least: Fraction::from_ppb(least * 10_000_000),
        most: Fraction::from_ppb(most * 10_000_000),
        period: None,
        maker: Maybe::Shown(None),
    }
}

fn facts(lot: LotRef, touches: Vec<AttestedTouch>) -> Attest {
    let hash = Bands::embedded().hash;
    Attest {
        lot,
        as_of: "2026-02-01".parse().unwrap(),
        valid_until: "2026-06-30".parse().unwrap(),
        custody: Verdict::Pass,
        elements: vec![AttestedElement {
            element: "Nd".parse().unwrap(),
            mass: Maybe::Shown(None),
            unknown: Fraction::ZERO,
            unplaced: Vec::new(),
            grade: Grade::Transcribed,
        }],
        touches,
        verdicts: Vec::new(),
        records: AttestedSet { count: 4, root: hash },
        logs: AttestedSet { count: 0, root: hash },
        bands: hash,
        trust: None,
    }
}

fn truth() -> Vec<AttestedTouch> {
    vec![
        touch("P10 mine", "AU", 100, 100),
        touch("P40 extract_solvent", "EE", 100, 100),
        touch("P50 electrolyse", "JP", 100, 100),
    ]
}

impl Case {
    fn new(change: impl FnOnce(&mut Attest)) -> Self {
        let mut world = World::new();
        world.establish("auditor", "GB");
        let papers = vec![
            declared(0, &["Nd"], "P10 mine", "AU", true),
            declared(0, &["Nd"], "P40 extract_solvent", "EE", true),
        ];
        let oxide = out(world.intake("plant", vec![lot("oxide.Nd", 100)], papers), 0);
        let inputs = vec![take(oxide, 0, 100)];
        let metal =
            world.transform("plant", "P50 electrolyse", Homogenised, inputs, vec![lot("metal.Nd", 80)]);
        let metal = out(metal, 0);
        let bought = world.hand_over("plant", "buyer", metal);
        let mut attest = facts(metal, truth());
        change(&mut attest);
        let attest = world.record("auditor", Body::Attest(attest));
        Self { world, metal, bought, attest }
    }

    fn cut(mut self) -> Self {
        self.world.change(self.metal.record, |record| {
            if let Body::Transform(transform) = &mut record.event.body {
                transform.inputs = MaybeList::Withheld(1);
            }
        });
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn report(&self, day: &str, verifiers: &[&str]) -> Report {
        self.report_of(self.bought, day, verifiers)
    }

    fn report_of(&self, lot: LotRef, day: &str, verifiers: &[&str]) -> Report {
        let graph = self.world.graph();
        let empty = Vec::new;
        let examined = Examined {
            graph,
            lines: empty(),
            refused: Vec::new(),
            findings: Vec::new(),
            logs: Vec::new(),
            log_forks: Vec::new(),
        };
        let mut reader = Reader::default();
        let authority = |name: &&str| Authority {
            party: self.world.party(name),
            roles: vec![Role::Verifier],
            schemes: Vec::new(),
        };
        reader.trust.authorities = verifiers.iter().map(authority).collect();
        report(&examined, &Request::about(lot, day.parse().unwrap()), &reader)
    }

    fn judged(&self, day: &str, verifiers: &[&str]) -> LotReport {
        self.report(day, verifiers).lots.remove(0)
    }

    fn judged_of(&self, lot: LotRef, day: &str, verifiers: &[&str]) -> LotReport {
        self.report_of(lot, day, verifiers).lots.remove(0)
    }

    /// The verdict of custody, and why attestations do not count.
    fn answer(&self) -> (Verdict, Vec<String>) {
        let lot = self.judged("2026-03-01", &["auditor"]);
        let codes = |one: &&Finding| one.code == FindingCode::AttestationNotCounted;
        let why =
            lot.findings.iter().filter(codes).map(|one| {
                one.message.split_once("here: ").map(|(_, why)| why.to_owned()).unwrap_or_default()
            });
        (lot.custody, why.collect())
    }
}

fn held(why: &str) -> (Verdict, Vec<String>) {
    (Verdict::Withheld, vec![why.to_owned()])
}

const COUNTS: (Verdict, Vec<String>) = (Verdict::Pass, Vec::new());

#[test]
fn custody_passes_on_the_attestation_of_a_verifier_who_is_believed() {
    let case = Case::new(|_| {}).cut();
    let lot = case.judged("2026-03-01", &["auditor"]);
    assert_eq!((lot.custody, lot.integrity), (Verdict::Pass, Verdict::Pass), "{:#?}", lot.findings);
    assert_eq!(lot.attested_by, [case.world.party("auditor")]);
    assert_eq!(lot.elements[0].attested_by, [case.world.party("auditor")]);
    assert_eq!(lot.elements[0].origins, [case.attest]);
    assert!(lot.not_established[0].ends_with("after `auditor` attested it on 2026-01-05 (claimed)"));
}

#[test]
fn a_step_that_conserves_mass_was_balanced_by_whoever_attests_what_came_of_it() {
    for (custody, expected) in [(Verdict::Pass, Verdict::Pass), (Verdict::Unknown, Verdict::Withheld)] {
        let mut world = World::new();
        world.establish("auditor", "GB");
        let ore = out(world.extract("plant", vec![lot("ore.bastnaesite", 100)]), 0);
        let inputs = vec![take(ore, 0, 100)];
        let lots = vec![lot("concentrate.bastnaesite", 60), lot("tailings", 40)];
        let made = world.transform("plant", "P20 float", Homogenised, inputs, lots);
        let metal = out(made, 0);
        let bought = world.hand_over("plant", "buyer", metal);
        let touches = vec![touch("P10 mine", "JP", 100, 100), touch("P20 float", "JP", 100, 100)];
        let mut attest = facts(metal, touches);
        attest.custody = custody;
        let attest = world.record("auditor", Body::Attest(attest));
        let case = Case { world, metal, bought, attest }.cut();
        let lot = case.judged("2026-03-01", &["auditor"]);
        assert_eq!(lot.custody, expected, "{:#?}", lot.findings);
        let untested = |one: &&Finding| one.code == FindingCode::MassUntested;
        let untested: Vec<Weight> = lot.findings.iter().filter(untested).map(|one| one.weight).collect();
        let of_tailings = case.judged_of(out(made, 1), "2026-03-01", &["auditor"]).custody;
        assert_eq!(of_tailings, Verdict::Withheld, "the tailings are attested by nobody");
        assert_eq!(untested, [if expected == Verdict::Pass { Weight::Note } else { Weight::Withheld }]);
    }
}

#[test]
fn nothing_rests_on_somebody_whom_the_reader_does_not_name() {
    let case = Case::new(|_| {}).cut();
    let lot = case.judged("2026-03-01", &["works"]);
    assert_eq!((lot.custody, &lot.attested_by[..]), (Verdict::Withheld, &[][..]));
    let note = lot.findings.iter().find(|one| one.code == FindingCode::AttestationNotCounted).unwrap();
    assert!(note.message.ends_with("`auditor` is no verifier in the trust file"), "{}", note.message);
}

#[test]
fn it_counts_on_its_last_day_and_not_a_day_later() {
    let case = Case::new(|_| {}).cut();
    assert_eq!(case.judged("2026-06-30", &["auditor"]).custody, Verdict::Pass);
    assert_eq!(case.judged("2026-07-01", &["auditor"]).custody, Verdict::Withheld);
}

#[test]
fn one_that_was_taken_back_counts_for_nothing() {
    let case = Case::new(|_| {}).cut().with(|case| {
        case.world.withdraw("auditor", case.attest, WithdrawReason::Other);
    });
    assert_eq!(case.answer(), held("`auditor` withdrew it on 2026-01-05"));
}

#[test]
fn custody_that_the_auditor_did_not_find_in_order_carries_nothing() {
    for (custody, answer) in [
        (Verdict::Waived, COUNTS),
        (Verdict::Unknown, held("`auditor` found its custody `unknown`")),
        (Verdict::Fail, held("`auditor` found its custody `fail`")),
    ] {
        assert_eq!(Case::new(|attest| attest.custody = custody).cut().answer(), answer);
    }
}

#[test]
fn an_auditor_tied_to_whoever_made_the_lot_is_not_apart_from_it() {
    let tied = |by: &'static str, to: &'static str, share: u32| {
        Case::new(|_| {}).cut().with(|case| {
            let party = case.world.party(to);
            let body = Appoint {
                party,
                tie: Tie::Affiliate,
                share: Some(Fraction::from_ppb(share * 10_000_000)),
                valid: "2026-01-01..2026-12-31".parse().unwrap(),
            };
            case.world.record(by, Body::Appoint(body));
        })
    };
    let answer = held("`auditor` is tied to `plant`, who recorded the lot");
    assert_eq!(tied("auditor", "plant", 20).answer(), answer);
    assert_eq!(tied("plant", "auditor", 20).answer(), answer);
    // Below a fifth two parties are apart, and who bought the lot may be tied to the auditor.
    assert_eq!(tied("plant", "auditor", 19).answer(), COUNTS);
    assert_eq!(tied("buyer", "auditor", 100).answer(), COUNTS);
}

#[test]
fn an_attestation_of_another_lot_says_nothing_of_this_one() {
    let case = Case::new(|attest| attest.lot.index = 1).cut();
    assert_eq!(case.answer(), (Verdict::Withheld, Vec::new()));
}

#[test]
fn a_dispute_by_a_party_of_the_chain_holds_it_open() {
    let by = |name: &'static str| {
        Case::new(|_| {}).cut().with(|case| {
            let about = Subject::Record(case.attest);
            let body = Dispute { about, reason: DisputeReason::Quantity, claim: Maybe::Shown(None) };
            case.world.record(name, Body::Dispute(body));
        })
    };
    assert_eq!(by("plant").answer(), held("it is in dispute"));
    assert_eq!(by("works").answer(), COUNTS);
}

/// Attests that 60 % was mined in one country and the rest in another.
fn mined(one: &str, other: &str) -> impl Fn(&mut Attest) {
    let touches = vec![touch("P10 mine", one, 60, 60), touch("P10 mine", other, 40, 40)];
    move |attest| {
        attest.touches.remove(0);
        attest.touches.splice(0..0, touches.clone());
    }
}

#[test]
fn records_that_are_held_decide_and_contradict_whoever_attests_otherwise() {
    let lying = Case::new(|attest| attest.touches[0].place = Some("CA".parse().unwrap()));
    let report = lying.report("2026-03-01", &["auditor"]);
    let of = |code| report.findings.iter().filter(move |one| one.code == code);
    let found: Vec<&Finding> = of(FindingCode::AttestationContradicted).collect();
    assert_eq!((found.len(), found[0].weight, &found[0].records[..]), (1, Weight::Fail, &[lying.attest][..]));
    assert_eq!(found[0].parties, [lying.world.party("auditor")]);
    assert!(found[0].message.ends_with("It rests on 4 records, which are not just those held"));
    let held = sets::records(&lying.world.graph(), &lying.metal);
    let told = Case::new(|attest| {
        attest.touches[0].place = Some("CA".parse().unwrap());
        attest.records = held;
    })
    .report("2026-03-01", &["auditor"]);
    let of_told = told.findings.iter().find(|one| one.code == FindingCode::AttestationContradicted);
    assert!(of_told.unwrap().message.ends_with(" records that are held"), "{of_told:?}");
    // Whoever holds the records is accused of nothing.
    assert_eq!(report.lots[0].custody, Verdict::Pass);
    assert!(report.lots[0].attested_by.is_empty());
    let honest = Case::new(|_| {}).report("2026-03-01", &["auditor"]);
    assert!(honest.findings.iter().all(|one| one.code != FindingCode::AttestationContradicted));
}

#[test]
fn bounds_that_hold_what_the_records_show_are_no_contradiction() {
    let contradicted = |change: &dyn Fn(&mut Attest)| {
        let report = Case::new(change).report("2026-03-01", &["auditor"]);
        report.findings.iter().any(|one| one.code == FindingCode::AttestationContradicted)
    };
    let wider = |attest: &mut Attest| attest.touches[0].least = Fraction::from_ppb(0);
    assert!(!contradicted(&wider));
    assert!(contradicted(&mined("AU", "CA")));
    // What the auditor does not know may be what the records show.
    let unknown = |percent: u32| {
        move |attest: &mut Attest| {
            attest.touches.remove(0);
            attest.elements[0].unknown = Fraction::from_ppb(percent * 10_000_000);
        }
    };
    assert!(!contradicted(&unknown(100)));
    assert!(contradicted(&unknown(99)));
    assert!(contradicted(&unknown(0)));
    // A country stands for its parts.
    assert!(!contradicted(&|attest| attest.touches[0].place = Some("AU-WA".parse().unwrap())));
}

#[test]
fn shares_by_other_bands_are_not_compared_and_denial_still_is() {
    let contradicted = |change: &dyn Fn(&mut Attest)| {
        let other = |attest: &mut Attest| {
            change(attest);
            attest.bands = crate::hash::sha256(&[b"other bands"]);
        };
        let report = Case::new(other).report("2026-03-01", &["auditor"]);
        report.findings.iter().any(|one| one.code == FindingCode::AttestationContradicted)
    };
    assert!(!contradicted(&mined("AU", "CA")));
    assert!(contradicted(&|attest| attest.touches[0].place = Some("CA".parse().unwrap())));
}

#[test]
fn two_that_cannot_both_be_true_carry_nothing() {
    let two = |change: &dyn Fn(&mut Attest)| {
        Case::new(|_| {}).cut().with(|case| {
            let mut other = facts(case.metal, truth());
            change(&mut other);
            case.world.establish("second", "GB");
            case.world.record("second", Body::Attest(other));
        })
    };
    let agreeing = two(&|_| {}).judged("2026-03-01", &["auditor", "second"]);
    assert_eq!((agreeing.custody, agreeing.attested_by.len()), (Verdict::Pass, 2));
    let case = two(&mined("AU", "CA"));
    let report = case.report("2026-03-01", &["auditor", "second"]);
    assert_eq!(report.lots[0].custody, Verdict::Withheld);
    assert!(report.findings.iter().any(|one| one.code == FindingCode::AttestationContradicted));
    // Whoever believes one of them alone is not concerned.
    assert_eq!(case.judged("2026-03-01", &["auditor"]).custody, Verdict::Pass);
}

#[test]
fn what_is_held_in_part_contradicts_too() {
    // The inputs are shown, and one of the two is not held: what is held of the other is surely there.
    let case = Case::new(|attest| attest.touches[0].place = Some("CA".parse().unwrap())).with(|case| {
        let missing = out(RecordId::from_bytes([9; 32]), 0);
        case.world.change(case.metal.record, |record| {
            if let Some(MaybeList::Shown(inputs)) = record.event.body.inputs_mut() {
                inputs.push(take(missing, 0, 1));
            }
        });
    });
    let (verdict, why) = case.answer();
    assert_eq!(
        (verdict, &why[..]),
        (Verdict::Unknown, &["what is held of the records shows otherwise".to_owned()][..])
    );
}

#[test]
fn a_way_is_about_one_element() {
    let case = Case::new(|_| {});
    let graph = case.world.graph();
    let Body::Attest(attest) = &graph.record(&case.attest).unwrap().event.body else { panic!() };
    let one = Attested::new(graph.record(&case.attest).unwrap(), attest);
    let way: Option<&AttestedWay> = one.way("Dy".parse().unwrap());
    assert_eq!((one.ways.len(), way), (1, None));
}
