//! Accreditations and certificates: who is believed, the worst day, what ended, and how old a status is.

use std::collections::{BTreeMap, BTreeSet};

use crate::hash::{PartyId, RecordId};
use crate::model::event::{Accredit, Body, Certify, EndStatus, Withdraw};
use crate::model::evidence::{Role, WithdrawReason};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::stage::Stage;
use crate::model::verdict::Verdict::{Fail, NotApplicable, Pass, Unknown, Withheld};
use crate::rules::testing::{Chain, Plan, codes, judged};
use crate::rules::verdict::{ReasonCode, RuleVerdict};
use crate::trust::Trust;
use crate::trust::file::{AuthorityEntry, TrustFile};

/// A chain whose five operators are accredited by `office`, which the reader believes.
struct Governed {
    chain: Chain,
    accreditations: BTreeMap<&'static str, RecordId>,
    trust: TrustFile,
}

const OPERATORS: [(&str, Role); 5] = [
    ("pit", Role::Miner),
    ("separation", Role::Separator),
    ("metal", Role::MetalMaker),
    ("foundry", Role::AlloyMaker),
    ("shop", Role::MagnetMaker),
];

/// The shop works on 2026-01-05; the office signs on the same day.
const WORKED: &str = "2026-01-05";
const LATER: &str = "2026-03-01";

fn governed() -> Governed {
    let mut chain = Chain::build(Plan::default());
    chain.world.establish("office", "CH");
    let mut accreditations = BTreeMap::new();
    for (operator, role) in OPERATORS {
        let subject = chain.world.party(operator);
        let id = chain.world.record("office", Body::Accredit(accredit(subject, role)));
        accreditations.insert(operator, id);
    }
    // The separator also floats and cracks.
    let subject = chain.world.party("separation");
    chain.world.record("office", Body::Accredit(accredit(subject, Role::Concentrator)));
    let roles = OPERATORS.iter().map(|(_, role)| *role).chain([Role::Concentrator]).collect();
    let office = AuthorityEntry { party: "office".into(), roles, ..AuthorityEntry::default() };
    let trust = TrustFile {
        pinned: BTreeMap::from([("office".to_owned(), chain.world.party("office"))]),
        authorities: vec![office],
        ..TrustFile::default()
    };
    Governed { chain, accreditations, trust }
}

fn accredit(subject: PartyId, role: Role) -> Accredit {
    Accredit {
        subject,
        facility: None,
        role,
        valid: "2025-01-01..2027-12-31".parse().unwrap(),
        scheme: "national".into(),
        number: Maybe::Shown(None),
        stages: Vec::new(),
        materials: Vec::new(),
        limit: None,
    }
}

impl Governed {
    fn judged(&self, rule: &str, as_of: &str) -> RuleVerdict {
        let trust = Trust::from_toml(&crate::text::to_toml(&self.trust)).unwrap();
        judged(&self.chain.world, self.chain.magnet, rule, as_of, &trust, &BTreeSet::new())
    }

    fn accreditation(&mut self, operator: &str, change: impl FnOnce(&mut Accredit)) {
        self.chain.world.change(self.accreditations[operator], |record| match &mut record.event.body {
            Body::Accredit(accredit) => change(accredit),
            _ => unreachable!(),
        });
    }

    fn end(&mut self, operator: &str, from: &str) -> RecordId {
        let target = self.accreditations[operator];
        let end = EndStatus { target, from: from.parse().unwrap(), until: None, reason: Maybe::Shown(None) };
        self.chain.world.record("office", Body::WithdrawAccreditation(end))
    }
}

fn one(verdict: &RuleVerdict) -> (crate::model::verdict::Verdict, Vec<ReasonCode>) {
    (verdict.verdict, codes(verdict))
}

#[test]
fn operators_accredited_by_a_believed_office_pass_and_the_status_is_called_claimed() {
    let verdict = governed().judged("GOV-01", LATER);
    assert_eq!(one(&verdict), (Pass, vec![]), "{:#?}", verdict.reasons);
    assert!(
        verdict.notes.iter().any(|note| note.contains("last record *claimed* 2026-01-05")),
        "{:?}",
        verdict.notes
    );
    assert!(verdict.notes.iter().any(|note| note.starts_with("4 steps were taken in on papers")));
    assert!(verdict.trust_hash.is_some());
}

#[test]
fn an_operator_without_accreditation_is_unknown() {
    let mut world = governed();
    let id = world.accreditations["metal"];
    world.chain.world.records.retain(|record| record.id != id);
    let verdict = world.judged("GOV-01", LATER);
    assert_eq!(one(&verdict), (Unknown, vec![ReasonCode::NotAccredited]));
    assert!(verdict.reasons[0].text.contains("`metal`"), "{}", verdict.reasons[0].text);
}

#[test]
fn an_office_outside_the_trust_file_counts_for_nothing_and_neither_does_one_believed_for_another_role() {
    let mut world = governed();
    world.trust.authorities.clear();
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::AuthorityNotBelieved]));
    let mut world = governed();
    world.trust.authorities[0].roles.retain(|role| *role != Role::Miner);
    let verdict = world.judged("GOV-01", LATER);
    assert_eq!(one(&verdict), (Unknown, vec![ReasonCode::AuthorityNotBelieved]));
    assert_eq!(verdict.reasons.len(), 1);
}

#[test]
fn an_authority_limited_to_schemes_counts_under_these_only() {
    let mut world = governed();
    world.trust.authorities[0].schemes = vec!["national".into()];
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
    world.trust.authorities[0].schemes = vec!["other".into()];
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::AuthorityNotBelieved]));
}

#[test]
fn nobody_accredits_itself_even_if_the_reader_believes_it() {
    let mut world = governed();
    let id = world.accreditations["shop"];
    world.chain.world.records.retain(|record| record.id != id);
    let shop = world.chain.world.party("shop");
    world.chain.world.record("shop", Body::Accredit(accredit(shop, Role::MagnetMaker)));
    world.trust.authorities.push(AuthorityEntry {
        party: shop.to_hex(),
        roles: vec![Role::MagnetMaker],
        ..AuthorityEntry::default()
    });
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
}

#[test]
fn a_role_that_does_not_fit_the_stage_is_none_unless_the_stage_is_listed() {
    let mut world = governed();
    world.accreditation("foundry", |accredit| accredit.role = Role::Separator);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
    world.accreditation("foundry", |accredit| accredit.stages = vec![Stage::P60]);
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
    world.accreditation("foundry", |accredit| accredit.stages = vec![Stage::P50]);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
}

#[test]
fn an_accreditation_for_another_place_or_material_is_none() {
    let mut world = governed();
    let elsewhere = world.chain.world.place("plant");
    world.accreditation("shop", |accredit| accredit.facility = Some(elsewhere));
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
    let own = world.chain.world.place("shop");
    world.accreditation("shop", |accredit| accredit.facility = Some(own));
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
    world.accreditation("shop", |accredit| accredit.materials = vec!["magnet.SmCo".parse().unwrap()]);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
    world.accreditation("shop", |accredit| accredit.materials = vec!["magnet.NdFeB".parse().unwrap()]);
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
}

#[test]
fn the_worst_day_of_the_event_decides() {
    let work = |valid: &str| {
        let mut world = governed();
        world.accreditation("shop", |accredit| accredit.valid = valid.parse().unwrap());
        for made in ["sintered", "magnet"] {
            world.chain.world.change(world.chain.records[made], |record| {
                let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
                transform.at.period = Maybe::Shown("2026-01-03..2026-01-07".parse().unwrap());
            });
        }
        one(&world.judged("GOV-01", LATER))
    };
    assert_eq!(work("2026-01-03..2026-01-07"), (Pass, vec![]));
    assert_eq!(work("2026-01-03..2026-01-06"), (Fail, vec![ReasonCode::AccreditationInvalid]));
    assert_eq!(work("2026-01-04..2026-01-07"), (Fail, vec![ReasonCode::AccreditationInvalid]));
}

#[test]
fn a_withdrawal_ends_the_status_from_its_day_on_and_not_a_day_before() {
    let mut world = governed();
    world.end("shop", WORKED);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Fail, vec![ReasonCode::AccreditationWithdrawn]));
    let mut world = governed();
    world.end("shop", "2026-01-06");
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Pass, vec![]));
}

#[test]
fn a_withdrawal_by_someone_else_or_one_taken_back_ends_nothing() {
    let mut world = governed();
    let target = world.accreditations["shop"];
    let end = EndStatus { target, from: WORKED.parse().unwrap(), until: None, reason: Maybe::Shown(None) };
    world.chain.world.record("works", Body::WithdrawAccreditation(end));
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
    let end = world.end("shop", WORKED);
    assert_eq!(world.judged("GOV-01", LATER).verdict, Fail);
    let back = Withdraw { target: end, reason: WithdrawReason::EntryError };
    world.chain.world.record("office", Body::Withdraw(back));
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
}

#[test]
fn an_accreditation_that_its_author_took_back_is_none() {
    let mut world = governed();
    let back = Withdraw { target: world.accreditations["shop"], reason: WithdrawReason::EntryError };
    world.chain.world.record("office", Body::Withdraw(back));
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::NotAccredited]));
}

#[test]
fn a_status_of_400_days_is_recent_enough_and_one_of_401_is_not() {
    // 2026-01-05 and 400 days is 2027-02-09.
    let world = governed();
    assert_eq!(one(&world.judged("GOV-01", "2027-02-09")), (Pass, vec![]));
    assert_eq!(one(&world.judged("GOV-01", "2027-02-10")), (Unknown, vec![ReasonCode::StatusTooOld]));
}

#[test]
fn a_reader_may_ask_for_a_newer_status_and_not_for_an_older_one() {
    let mut world = governed();
    world.trust.max_status_age_days = Some(30);
    assert_eq!(world.judged("GOV-01", "2026-02-04").verdict, Pass);
    assert_eq!(one(&world.judged("GOV-01", "2026-02-05")), (Unknown, vec![ReasonCode::StatusTooOld]));
    world.trust.max_status_age_days = Some(1000);
    assert_eq!(one(&world.judged("GOV-01", "2027-02-10")), (Unknown, vec![ReasonCode::StatusTooOld]));
}

#[test]
fn a_later_record_of_the_office_renews_what_is_known_of_its_status() {
    let mut world = governed();
    let subject = world.chain.world.party("works");
    let id = world.chain.world.record("office", Body::Accredit(accredit(subject, Role::Miner)));
    world.chain.world.change(id, |record| record.signed_at = "2026-06-01T00:00:00Z".parse().unwrap());
    assert_eq!(world.judged("GOV-01", "2027-02-10").verdict, Pass);
}

#[test]
fn a_control_record_of_the_office_that_is_not_held_leaves_the_status_open() {
    let mut world = governed();
    let hidden = RecordId::from_bytes([5; 32]);
    let subject = world.chain.world.party("works");
    let last = world.chain.world.record("office", Body::Accredit(accredit(subject, Role::Miner)));
    world.chain.world.change(last, |record| record.control = hidden);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::StatusIncomplete]));
    // A control record from before the accreditations hides nothing.
    let opening =
        world.chain.world.records.iter().find(|record| record.author == world.chain.world.party("office"));
    let opening = opening.unwrap().id;
    world.chain.world.change(last, |record| record.control = opening);
    assert_eq!(world.judged("GOV-01", LATER).verdict, Pass);
}

#[test]
fn a_withheld_period_or_facility_is_withheld() {
    for hide_place in [false, true] {
        let mut world = governed();
        world.chain.world.change(world.chain.records["metal"], |record| {
            let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
            match hide_place {
                true => transform.at.facility = Maybe::Withheld,
                false => transform.at.period = Maybe::Withheld,
            }
        });
        let code = if hide_place { ReasonCode::PlaceWithheld } else { ReasonCode::PeriodWithheld };
        assert_eq!(one(&world.judged("GOV-01", LATER)), (Withheld, vec![code]));
    }
}

#[test]
fn operators_behind_withheld_inputs_or_a_missing_record_are_not_known() {
    let mut world = governed();
    world.chain.world.change(world.chain.records["oxide"], |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.inputs = MaybeList::Withheld(1);
    });
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Withheld, vec![ReasonCode::InputsWithheld]));
    let mut world = governed();
    let ore = world.chain.records["ore"];
    world.chain.world.records.retain(|record| record.id != ore);
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Unknown, vec![ReasonCode::MissingInput]));
}

fn with_paper(fields: &str, as_of: &str) -> RuleVerdict {
    let mut world = governed();
    let id = world.accreditations["pit"];
    world.chain.world.records.retain(|record| record.id != id);
    let text = format!(
        "format = \"lodemark/trust@1\"\n[[authority]]\nparty = \"{}\"\nroles = [\"separator\", \"concentrator\", \
         \"metal_maker\", \"alloy_maker\", \"magnet_maker\"]\n[[accepted_document]]\nkind = \"mining_licence\"\n\
         number = \"ML 1\"\nissuer = \"Mines Office\"\nchecked_by = \"J. Field\"\nparty = \"{}\"\n{fields}\n",
        world.chain.world.party("office"),
        world.chain.world.party("pit"),
    );
    let trust = Trust::from_toml(&text).unwrap();
    judged(&world.chain.world, world.chain.magnet, "GOV-01", as_of, &trust, &BTreeSet::new())
}

#[test]
fn an_accepted_paper_stands_in_and_says_whose_acceptance_it_is() {
    let verdict = with_paper("role = \"miner\"\nchecked_on = \"2026-02-01\"", LATER);
    assert_eq!(one(&verdict), (Pass, vec![]), "{:#?}", verdict.reasons);
    let note =
        "accepted by this reader: mining_licence `ML 1` of `Mines Office`, checked on 2026-02-01 by J. Field";
    assert!(verdict.notes.iter().any(|one| one == note), "{:?}", verdict.notes);
}

#[test]
fn an_accepted_paper_has_a_role_days_and_an_age_of_its_own() {
    let role = with_paper("role = \"separator\"\nchecked_on = \"2026-02-01\"", LATER);
    assert_eq!(one(&role), (Unknown, vec![ReasonCode::NotAccredited]));
    let valid = |period: &str| {
        one(&with_paper(
            &format!("role = \"miner\"\nvalid = \"{period}\"\nchecked_on = \"2026-02-01\""),
            LATER,
        ))
    };
    assert_eq!(valid("2026-01-05..2026-12-31"), (Pass, vec![]));
    assert_eq!(valid("2026-01-06..2026-12-31"), (Fail, vec![ReasonCode::AccreditationInvalid]));
    // 400 days after 2025-01-15 is 2026-02-19.
    let age = |as_of: &str| one(&with_paper("role = \"miner\"\nchecked_on = \"2025-01-15\"", as_of));
    assert_eq!(age("2026-02-19"), (Pass, vec![]));
    assert_eq!(age("2026-02-20"), (Unknown, vec![ReasonCode::StatusTooOld]));
}

#[test]
fn one_good_paper_is_enough_beside_a_bad_one() {
    let mut world = governed();
    world.end("shop", WORKED);
    let subject = world.chain.world.party("shop");
    world.chain.world.record("office", Body::Accredit(accredit(subject, Role::MagnetMaker)));
    assert_eq!(one(&world.judged("GOV-01", LATER)), (Pass, vec![]));
}

#[test]
fn a_bad_operator_of_one_bag_among_others_is_unknown_and_not_fail() {
    let bag = |mixing| {
        let mut world = governed();
        world.end("metal", WORKED);
        let good = world.chain.world.party("foundry");
        world.chain.world.record("office", Body::Accredit(accredit(good, Role::MetalMaker)));
        // The foundry's own metal, made of oxide it took in, beside that of the operator who lost its status.
        let (chain, touches) = (&mut world.chain, ["P10 mine", "P40 calcine"]);
        let touches = touches.map(|step| crate::rules::testing::paper("Nd+Pr", step, "AU")).to_vec();
        use crate::custody::testing::{lot, out, take};
        let oxide = chain.world.intake("foundry", vec![lot("oxide.NdPr", 70)], touches);
        let own = chain.world.transform(
            "foundry",
            "P50 electrolyse",
            crate::model::evidence::Mixing::Homogenised,
            vec![take(out(oxide, 0), 0, 70)],
            vec![lot("metal.NdPr", 60)],
        );
        let theirs = chain.world.hand_over("metal", "foundry", out(chain.records["metal"], 0));
        let inputs = vec![take(out(own, 0), 0, 30), take(theirs, 0, 30)];
        let bag = chain.world.repack("foundry", mixing, inputs, vec![lot("metal.NdPr", 60)]);
        chain.magnet = out(bag, 0);
        one(&world.judged("GOV-01", LATER))
    };
    let code = vec![ReasonCode::AccreditationWithdrawn];
    assert_eq!(bag(crate::model::evidence::Mixing::Discrete), (Unknown, code.clone()));
    assert_eq!(bag(crate::model::evidence::Mixing::Homogenised), (Fail, code));
}

// ---- certificates ----

fn certified(change: impl FnOnce(&mut Certify)) -> (Governed, RecordId) {
    let mut world = governed();
    let mut certify = Certify {
        subject: world.chain.world.party("shop"),
        facility: Some(world.chain.world.place("shop")),
        scheme: "good-plant".into(),
        number: Maybe::Shown(None),
        valid: "2025-01-01..2026-12-31".parse().unwrap(),
        stages: Vec::new(),
        materials: Vec::new(),
        volume: Maybe::Shown(None),
    };
    change(&mut certify);
    let id = world.chain.world.record("office", Body::Certify(certify));
    world.trust.authorities[0].schemes = vec!["good-plant".into(), "national".into()];
    (world, id)
}

fn certificate(change: impl FnOnce(&mut Certify)) -> (crate::model::verdict::Verdict, Vec<ReasonCode>) {
    one(&certified(change).0.judged("GOV-02", LATER))
}

#[test]
fn without_a_certificate_nothing_is_asked_and_a_good_one_passes() {
    assert_eq!(one(&governed().judged("GOV-02", LATER)), (NotApplicable, vec![]));
    assert_eq!(certificate(|_| {}), (Pass, vec![]));
}

#[test]
fn a_certificate_must_hold_on_the_day_of_the_event() {
    assert_eq!(certificate(|one| one.valid = "2025-01-01..2026-01-05".parse().unwrap()), (Pass, vec![]));
    let invalid = (Fail, vec![ReasonCode::CertificateInvalid]);
    assert_eq!(certificate(|one| one.valid = "2025-01-01..2026-01-04".parse().unwrap()), invalid);
    assert_eq!(certificate(|one| one.valid = "2026-01-06..2026-12-31".parse().unwrap()), invalid);
}

#[test]
fn a_certificate_must_cover_the_stage_and_the_material() {
    let outside = (Fail, vec![ReasonCode::CertificateOutOfScope]);
    assert_eq!(certificate(|one| one.stages = vec![Stage::P70, Stage::P80, Stage::P85]), (Pass, vec![]));
    assert_eq!(certificate(|one| one.stages = vec![Stage::P70, Stage::P80]), outside);
    assert_eq!(certificate(|one| one.materials = vec!["magnet.NdFeB".parse().unwrap()]), (Pass, vec![]));
    assert_eq!(certificate(|one| one.materials = vec!["magnet.SmCo".parse().unwrap()]), outside);
}

#[test]
fn a_suspension_counts_on_its_days_only() {
    let suspended = |from: &str, until: Option<&str>| {
        let (mut world, target) = certified(|_| {});
        let until = until.map(|day| day.parse().unwrap());
        let end = EndStatus { target, from: from.parse().unwrap(), until, reason: Maybe::Shown(None) };
        world.chain.world.record("office", Body::SuspendCertificate(end));
        one(&world.judged("GOV-02", LATER))
    };
    let fails = (Fail, vec![ReasonCode::CertificateSuspended]);
    assert_eq!(suspended("2026-01-01", None), fails);
    assert_eq!(suspended("2026-01-01", Some("2026-01-05")), fails);
    assert_eq!(suspended("2026-01-01", Some("2026-01-04")), (Pass, vec![]));
    assert_eq!(suspended("2026-01-06", None), (Pass, vec![]));
}

#[test]
fn a_certificate_of_an_issuer_who_is_not_believed_says_nothing() {
    let (mut world, _) = certified(|one| one.valid = "2020-01-01..2020-12-31".parse().unwrap());
    assert_eq!(world.judged("GOV-02", LATER).verdict, Fail);
    world.trust.authorities[0].schemes = vec!["national".into()];
    assert_eq!(one(&world.judged("GOV-02", LATER)), (NotApplicable, vec![]));
}

#[test]
fn a_certificate_of_400_days_without_news_is_recent_enough_and_one_of_401_is_not() {
    let (world, _) = certified(|_| {});
    assert_eq!(one(&world.judged("GOV-02", "2027-02-09")), (Pass, vec![]));
    assert_eq!(one(&world.judged("GOV-02", "2027-02-10")), (Unknown, vec![ReasonCode::StatusTooOld]));
}
