//! One event of each kind with every field in use, and a few plain ones to damage.

use lodemark::hash::{Hash, PartyId, RecordId, sha256};
use lodemark::model::dealings::*;
use lodemark::model::event::*;
use lodemark::model::evidence::*;
use lodemark::model::facility::{Capability, Circuit, DeclareFacility, Operator};
use lodemark::model::fact::{Fact, FactUnit, FactValue};
use lodemark::model::lot::*;
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::model::party::{Establish, Identifier, Outsider};
use lodemark::model::verdict::Verdict;

/// Reads a value as people write it.
pub fn read<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a good value")
}

/// Returns an id that stands for some record.
pub fn id(name: &str) -> RecordId {
    RecordId(sha256(&[b"record", name.as_bytes()]))
}

fn party(name: &str) -> PartyId {
    PartyId(sha256(&[b"party", name.as_bytes()]))
}

fn digest(name: &str) -> Hash {
    sha256(&[name.as_bytes()])
}

fn some(text: &str) -> Maybe<Option<String>> {
    Maybe::Shown(Some(text.into()))
}

/// Returns a supplier outside the ledger.
pub fn outsider() -> Outsider {
    Outsider {
        name: "Bandırma Bor".into(),
        place: Some(read("TR-10")),
        identifiers: vec![Identifier { scheme: "lei".into(), number: "00000000000000000098".into() }],
    }
}

fn composition() -> Vec<Component> {
    let component = |elements: &str, value, basis: &str, method| Component {
        elements: read(elements),
        value,
        basis: read(basis),
        uncertainty: read("1 % + 0.1 % bias"),
        method,
    };
    vec![
        component("NdPr", Determined::Measured(read("99.5 %")), "REO", Method::IcpOes),
        component("Th", Determined::BelowLimit(read("10 ppm")), "element", Method::IcpMs),
        component("Dy", Determined::NotDetermined, "Dy2O3", Method::Other),
    ]
}

fn quantity() -> Quantity {
    Quantity {
        mass: read("400 kg"),
        uncertainty: read("0.1 % + 0.05 % bias"),
        basis: MassBasis::Dry105,
        moisture: Some(read("2.5 %")),
        pieces: Some(2),
        packages: vec![
            Package { id: "D-1".into(), net: read("150 kg"), gross: read("158 kg") },
            Package { id: "D-2".into(), net: read("250 kg"), gross: read("250 kg") },
        ],
    }
}

/// Returns the three sorts of facts, in order.
pub fn facts() -> Vec<Fact> {
    let fact = |code: &str, unit, value| Fact { code: read(code), unit, value };
    vec![
        fact("iso23664.batch", FactUnit::None, FactValue::Text("b-7".into())),
        fact("radiation.activity", FactUnit::BqPerG, FactValue::Number(-1)),
        fact("site.plan", FactUnit::None, FactValue::Hash(digest("plan"))),
    ]
}

/// Returns a lot with every field in use.
pub fn lot(label: &str) -> Lot {
    let text = |text: &str| Some(text.to_owned());
    Lot {
        hs: Some(read("2846.90")),
        composition: Maybe::Shown(composition()),
        marks: Maybe::Shown(Marks {
            form: text("powder"),
            grade: text("99.5"),
            heat: text("H-12"),
            part_number: text("NP-1 rev B"),
            coating: text("none"),
            magnetised: Some(false),
        }),
        owner: Maybe::Shown(Some(party("owner"))),
        custody_model: Some(CustodyModel::Segregated),
        origin_class: Some(OriginClass::Primary),
        facts: facts(),
        label: Some(Maybe::Shown(label.into())),
        serials: Some(Maybe::Shown(digest("serials"))),
        seals: Some(Maybe::Shown(vec!["S-1".into(), "S-2".into()])),
        documents: Some(Maybe::Shown(vec![digest("certificate")])),
        ..Lot::new(read("oxide.NdPr"), quantity())
    }
}

/// Returns a lot of 400 kg and nothing else.
pub fn plain_lot() -> Lot {
    Lot::new(read("oxide.NdPr"), Quantity::of(read("400 kg")))
}

/// Returns the plain lot in its layout, as a public body has it.
pub fn plain_lot_bytes() -> Vec<u8> {
    let lot = plain_lot();
    let material = lot.material.as_str().as_bytes();
    let mass = lot.mass().expect("a plain lot shows its mass").mg().to_be_bytes();
    // No code; mass, no uncertainty, as is, nothing else; no composition, marks, owner, model, class or facts.
    let quantity = [&[0][..], &mass, &[0; 8], &[0, 1], &[0, 0], &[0; 8]].concat();
    let rest = [&[0; 9][..], &[0; 7], &[0, 0], &[0, 0], &[0; 8]].concat();
    let length = (material.len() as u64).to_be_bytes();
    [&length[..], material, &[0], &quantity, &rest].concat()
}

/// Returns where and when, with a host.
fn at() -> At {
    let period = Maybe::Shown(read("2026-11-01..2026-11-03 +08:00"));
    At { facility: Maybe::Shown(id("facility")), period, host: Some(id("host")) }
}

pub fn at_home() -> At {
    At { facility: Maybe::Shown(id("facility")), period: Maybe::Shown(read("2026-11-03")), host: None }
}

/// Returns the stretch `[from, from + mass)` of output 3 of some record.
pub fn stretch(from: &str, mass: &str) -> Input {
    let lot = LotRef { record: id("source"), index: 3 };
    Input { lot, from: read(from), mass: read(mass), empties: true }
}

fn two_stretches() -> MaybeList<Input> {
    vec![Input { empties: false, ..stretch("0 kg", "100 kg") }, stretch("100 kg", "300 kg")].into()
}

fn one_stretch() -> MaybeList<Input> {
    vec![stretch("0 kg", "400 kg")].into()
}

fn touch() -> DeclaredTouch {
    DeclaredTouch {
        output: 0,
        elements: read("Fe+B"),
        step: read("P50 carbothermic"),
        place: read("TR-10"),
        period: Some(read("2026-05-01..2026-05-31")),
        maker: Maybe::Shown(Some(outsider())),
        assessor: Assessor::ThirdParty,
        assessment: Assessment::Verified,
        document: Some(digest("certificate")),
    }
}

fn losses() -> MaybeList<Loss> {
    let loss = |what: &str, basis| Loss {
        what: what.into(),
        mass: read("1.5 kg"),
        uncertainty: read("5 %"),
        basis,
        composition: composition(),
    };
    vec![loss("slag", LossBasis::Measured), loss("dust", LossBasis::ByDifference)].into()
}

/// Returns an `establish` event with every field in use.
pub fn establish() -> Event {
    whole(Body::Establish(Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown("Yilan Rare Earth Separation 宜蘭".into()),
        country: read("TW"),
        roles: vec![Role::Separator, Role::Trader],
        identifiers: Maybe::Shown(vec![Identifier { scheme: "gln".into(), number: "4719999000002".into() }]),
        address: some("1 Harbour Road"),
    }))
}

/// Returns an `establish` event that says little.
pub fn establish_shortly() -> Event {
    Event::new(Body::Establish(Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown("Plant".into()),
        country: read("US"),
        roles: vec![Role::Separator],
        identifiers: Maybe::Shown(vec![]),
        address: Maybe::Shown(None),
    }))
}

/// Returns a `declare_facility` event for this operator.
pub fn facility(operator: Operator) -> Event {
    whole(Body::DeclareFacility(DeclareFacility {
        operator,
        name: Maybe::Shown("Harbour works".into()),
        place: read("TW-ILA"),
        coordinates: Some((24_596_000, -121_852_000)),
        address: some("2 Harbour Road"),
        stages: vec![
            Capability { stage: read("P40"), capacity_per_year: Some(read("5000 t")) },
            Capability { stage: read("R40"), capacity_per_year: None },
        ],
        choke_point: true,
        identifiers: Maybe::Shown(vec![Identifier { scheme: "cid".into(), number: "CID000042".into() }]),
        opened: Some(read("1900-01-01")),
        closed: Some(read("2199-12-31")),
        circuits: vec![
            Circuit {
                name: "SX-1".into(),
                stages: vec![read("P40")],
                method: CircuitMethod::Window,
                window_days: 400,
                least_days: 5,
            },
            Circuit {
                name: "SX-2".into(),
                stages: vec![read("P40")],
                method: CircuitMethod::Campaign,
                window_days: 90,
                least_days: 0,
            },
        ],
        succeeds: Some(id("ceded")),
    }))
}

/// Returns a `dispatch` event to this receiver.
pub fn dispatch(receiver: Receiver) -> Event {
    whole(Body::Dispatch(Dispatch {
        at: at(),
        receiver: Maybe::Shown(receiver),
        inputs: one_stretch(),
        outputs: vec![lot("A")],
        carrier: Maybe::Shown(Some(outsider())),
        due: Some(read("2026-12-01")),
        stops: Maybe::Shown(vec![Stop {
            place: read("AE-DU"),
            what: StopKind::FreeZone,
            period: Some(read("2026-11-10..2026-11-12")),
        }]),
        claim: Some(Hash([6; 32])),
    }))
}

/// Returns a withdrawal and nothing else: the shortest record.
pub fn plain_withdraw() -> Event {
    Event::new(Body::Withdraw(Withdraw { target: id("mistake"), reason: WithdrawReason::EntryError }))
}

/// Returns a disposal of two stretches with a reason.
pub fn plain_dispose() -> Event {
    let inputs = two_stretches();
    Event::new(Body::Dispose(Dispose { at: at_home(), how: DisposeHow::Waste, inputs, reason: some("dust") }))
}

/// Returns a re-weighing and nothing else.
pub fn plain_measure() -> Event {
    Event::new(Body::Measure(Measure {
        at: at_home(),
        lot: LotRef { record: id("source"), index: 3 },
        quantity: Maybe::Shown(Some(Quantity::of(read("399.5 kg")))),
        composition: Maybe::Shown(vec![]),
    }))
}

/// Returns one receipt of one lot and nothing else.
pub fn plain_receive() -> Event {
    let inputs = one_stretch();
    Event::new(Body::Receive(Receive { at: at_home(), inputs, outputs: vec![plain_lot()] }))
}

/// Returns an intake of one lot with one declared touch.
pub fn plain_intake() -> Event {
    Event::new(Body::Intake(Intake {
        at: at_home(),
        supplier: Maybe::Shown(outsider()),
        outputs: vec![plain_lot()],
        touches: vec![touch()],
    }))
}

/// Returns stock of these lots.
pub fn stock(outputs: Vec<Lot>) -> Event {
    Event::new(Body::OpeningStock(OpeningStock { at: at_home(), outputs, touches: vec![] }))
}

/// Returns a transformation of these inputs into one lot.
pub fn transform(inputs: Vec<Input>, additions: Vec<Addition>) -> Event {
    Event::new(Body::Transform(Transform {
        at: at_home(),
        steps: vec![read("P40 extract_solvent")],
        mixing: Mixing::Homogenised,
        inputs: inputs.into(),
        additions: additions.into(),
        outputs: vec![plain_lot()],
        losses: MaybeList::default(),
    }))
}

/// Returns a checkpoint of somebody's log.
pub fn checkpoint(number: u8) -> SeenCheckpoint {
    SeenCheckpoint {
        party: party(&format!("seen {number}")),
        epoch: u16::from(number),
        size: 1 + u64::from(number),
        root: digest("root"),
        key: [number; 32],
        signature: [number; 64],
    }
}

/// Returns the event with this body and everything that each kind may carry.
fn whole(body: Body) -> Event {
    Event {
        facts: facts(),
        seen: vec![checkpoint(1)],
        documents: Some(Maybe::Shown(vec![digest("invoice"), digest("packing list")])),
        note: Some(Maybe::Shown("as discussed".into())),
        behalf: Some(Maybe::Shown(Behalf {
            who: Receiver::Outside(outsider()),
            document: digest("signed"),
            day: Some(read("2026-11-02")),
        })),
        late: Some(Maybe::Shown("no network at the pit".into())),
        ..Event::new(body)
    }
}

/// Returns one event of each kind but `establish`, with every field in use.
pub fn one_of_each() -> Vec<Event> {
    let end =
        |until| EndStatus { target: id("status"), from: read("2026-01-01"), until, reason: some("expired") };
    let bodies = vec![
        Body::Accredit(Accredit {
            subject: party("plant"),
            facility: Some(id("facility")),
            role: Role::Separator,
            valid: read("2025-01-01..2027-12-31"),
            scheme: "licensing act".into(),
            number: some("L-7"),
            stages: vec![read("P40"), read("P30")],
            materials: vec![read("oxide.NdPr"), read("ore")],
            limit: Some(Limit { mass: read("9 t"), per: Span::Month }),
        }),
        Body::WithdrawAccreditation(end(None)),
        Body::Certify(Certify {
            subject: party("plant"),
            facility: Some(id("facility")),
            scheme: "IRMA".into(),
            number: some("C-9"),
            valid: read("2025-01-01..2027-12-31"),
            stages: vec![read("P40")],
            materials: vec![read("oxide.NdPr")],
            volume: Maybe::Shown(Some(read("9000 t"))),
        }),
        Body::SuspendCertificate(end(Some(read("2026-01-01")))),
        Body::Extract(Extract {
            at: at(),
            steps: vec![read("P10 mine"), read("P20 float")],
            deposit: some("Lanyang"),
            licence: some("M-1"),
            outputs: vec![lot("A"), lot("B")],
        }),
        Body::OpeningStock(OpeningStock { at: at(), outputs: vec![lot("A")], touches: vec![touch()] }),
        Body::Intake(Intake {
            at: at(),
            supplier: Maybe::Shown(outsider()),
            outputs: vec![lot("A"), lot("B")],
            touches: vec![touch(), DeclaredTouch { output: 1, ..touch() }],
        }),
        Body::Transform(Transform {
            at: at(),
            steps: vec![read("P40 extract_solvent"), read("P40 calcine")],
            mixing: Mixing::Sequential,
            inputs: two_stretches(),
            additions: vec![Addition {
                material: read("chemical"),
                mass: read("3 kg"),
                uncertainty: read("5 %"),
                composition: composition(),
            }]
            .into(),
            outputs: vec![lot("A"), lot("B")],
            losses: losses(),
        }),
        Body::Repack(Repack {
            at: at(),
            mixing: Mixing::Discrete,
            inputs: two_stretches(),
            outputs: vec![lot("A")],
            losses: losses(),
        }),
        Body::Receive(Receive { at: at(), inputs: two_stretches(), outputs: vec![lot("A"), lot("B")] }),
        Body::Refuse(Refuse {
            at: at(),
            receiver: Maybe::Shown(Receiver::Party(party("sender"))),
            inputs: one_stretch(),
            outputs: vec![lot("A")],
            reason: some("wet"),
        }),
        Body::Measure(Measure {
            at: at(),
            lot: LotRef { record: id("source"), index: 3 },
            quantity: Maybe::Shown(Some(quantity())),
            composition: Maybe::Shown(composition()),
        }),
        Body::Dispose(Dispose {
            at: at(),
            how: DisposeHow::Effluent,
            inputs: two_stretches(),
            reason: some("neutralised"),
        }),
        Body::Assay(Assay {
            lot: LotRef { record: id("source"), index: 3 },
            period: Maybe::Shown(read("2026-11-05")),
            sample: Maybe::Shown("S-77".into()),
            sampled_by: Some(party("plant")),
            point: SamplePoint::BeforePooling,
            purpose: AssayPurpose::Independent,
            composition: Maybe::Shown(composition()),
        }),
        Body::RegisterDocument(RegisterDocument {
            sha256: digest("certificate"),
            size: 5,
            media_type: "application/pdf".into(),
            document: DocumentKind::MillTestReport,
            number: some("MTR-1"),
            issuer: Maybe::Shown(Some(outsider())),
            valid: Some(read("2026-01-01..2026-12-31")),
            about: vec![
                Subject::Party(party("plant")),
                Subject::Record(id("facility")),
                Subject::Lot(LotRef { record: id("source"), index: 3 }),
            ],
            stages: vec![read("P50"), read("P60")],
        }),
        Body::Withdraw(Withdraw { target: id("mistake"), reason: WithdrawReason::Other }),
        Body::Correct(Correct {
            target: id("mistake"),
            reason: CorrectReason::Remeasured,
            replacement: Replacement(Box::new(Body::Repack(Repack {
                at: at(),
                mixing: Mixing::Discrete,
                inputs: two_stretches(),
                outputs: vec![lot("A"), lot("B")],
                losses: MaybeList::default(),
            }))),
        }),
        Body::Dispute(Dispute {
            about: Subject::Lot(LotRef { record: id("source"), index: 3 }),
            reason: DisputeReason::Origin,
            claim: some("the ore is not from there"),
        }),
        Body::Resolve(Resolve { target: id("dispute"), outcome: Outcome::Settled, terms: some("price cut") }),
        Body::CedeFacility(CedeFacility {
            facility: id("facility"),
            to: Receiver::Party(party("buyer")),
            from: read("2026-07-01"),
        }),
        Body::EndHost(end(None)),
        Body::Appoint(Appoint {
            party: party("parent"),
            tie: Tie::Parent,
            share: Some(read("51 %")),
            valid: read("2026-01-01..2026-12-31"),
        }),
        Body::Host(Host {
            guest: party("guest"),
            facility: id("facility"),
            purpose: HostPurpose::Tolling,
            stages: vec![read("P40")],
            valid: read("2026-01-01..2026-12-31"),
        }),
        Body::Waive(Waive {
            rule: "DFARS 252.225-7052".into(),
            subject: Some(party("plant")),
            lots: vec![LotRef { record: id("source"), index: 3 }],
            part_numbers: vec!["NP-1 rev B".into()],
            materials: vec![read("magnet.SmCo.sintered")],
            valid: read("2026-01-01..2026-12-31"),
            number: some("NA-7"),
        }),
        Body::Collect(Collect {
            at: at(),
            steps: vec![read("R10 collect")],
            supplier: Maybe::Shown(Some(outsider())),
            receipt: some("W-1"),
            outputs: vec![lot("A")],
        }),
        Body::Charge(Charge {
            at: at(),
            circuit: "SX-1".into(),
            inputs: two_stretches(),
            additions: vec![].into(),
        }),
        Body::Draw(Draw {
            at: at(),
            circuit: "SX-1".into(),
            steps: vec![read("P40 extract_solvent")],
            outputs: vec![lot("A")],
        }),
        Body::ClosePeriod(ClosePeriod {
            at: at(),
            circuit: "SX-1".into(),
            previous: Some(id("close")),
            opening: Maybe::Shown(Some(Stock { quantity: quantity(), composition: composition() })),
            closing: Maybe::Shown(None),
            losses: losses(),
            covers: vec![id("charge"), id("draw")].into(),
        }),
        Body::Assemble(Assemble {
            at: at(),
            steps: vec![read("P90 assemble")],
            inputs: two_stretches(),
            parts: vec![
                Part { input: 0, output: 0, mass: read("1 kg"), pieces: Some(8) },
                Part { input: 1, output: 0, mass: read("1 kg"), pieces: None },
            ]
            .into(),
            additions: vec![].into(),
            outputs: vec![lot("A")],
        }),
        Body::Disassemble(Disassemble {
            at: at(),
            steps: vec![read("R20 dismantle")],
            inputs: two_stretches(),
            recovered: vec![Recovered { output: 0, part: LotRef { record: id("source"), index: 3 } }].into(),
            outputs: vec![lot("A")],
            losses: losses(),
        }),
        Body::Assign(Assign {
            lots: vec![LotRef { record: id("source"), index: 3 }],
            receiver: Maybe::Shown(Receiver::Party(party("buyer"))),
            claim: some("7KQ2-M9XA"),
        }),
        Body::Release(Release {
            period: Maybe::Shown(read("2026-11-20")),
            why: ReleaseReason::NeverCame,
            receiver: Maybe::Shown(Receiver::Party(party("sender"))),
            inputs: one_stretch(),
            outputs: vec![lot("A")],
        }),
        Body::RequestReturn(RequestReturn {
            lots: vec![LotRef { record: id("source"), index: 3 }],
            from: read("2026-11-20"),
            reason: some("unpaid"),
        }),
        Body::Inspect(Inspect {
            about: Subject::Lot(LotRef { record: id("source"), index: 3 }),
            period: Maybe::Shown(read("2026-11-20")),
            scheme: Some("weigh on entry".into()),
            outcome: InspectOutcome::Contradicted,
            quantity: Maybe::Shown(Some(Quantity::of(read("4100 kg")))),
            report: Some(Hash([5; 32])),
            summary: some("stones"),
        }),
        Body::IssueTags(IssueTags {
            pit: id("facility"),
            place: read("RW"),
            coordinates: Some((-1_541_700, 28_871_400)),
            period: Maybe::Shown(read("2026-06-01")),
            scheme: "iTSCi".into(),
            valid: read("2026-06-01..2026-08-31"),
            tags: vec!["T-1".to_owned(), "T-2".to_owned()].into(),
        }),
        Body::ApplyTags(ApplyTags {
            lot: LotRef { record: id("source"), index: 3 },
            place: read("RW"),
            coordinates: Some((-1_541_700, 28_871_400)),
            period: Maybe::Shown(read("2026-06-02")),
            scheme: "iTSCi".into(),
            tags: vec![AppliedTag {
                tag: "T-1".into(),
                package: Some("D-1".into()),
                mass: Some(read("150 kg")),
            }]
            .into(),
        }),
        Body::DeclareBorder(DeclareBorder {
            lots: vec![LotRef { record: id("source"), index: 3 }],
            side: BorderSide::Export,
            from: read("RW"),
            to: read("TZ"),
            origin: read("RW"),
            hs: read("2615.90"),
            mass: Maybe::Shown(Some(read("400 kg"))),
            number: some("EX-9"),
            period: Maybe::Shown(read("2026-06-03")),
            stops: Maybe::Shown(vec![]),
        }),
        Body::TransferTitle(TransferTitle {
            title: Title::Pledge,
            titled: vec![Titled {
                lot: LotRef { record: id("source"), index: 3 },
                from: Some(read("1 kg")),
                mass: read("2 kg"),
            }]
            .into(),
            to: Maybe::Shown(Receiver::Outside(outsider())),
            number: some("R-1"),
            from: read("2026-06-03"),
            until: Some(read("2026-12-31")),
            target: Some(id("pledge")),
        }),
        Body::CloseAccount(CloseAccount {
            account: ClaimAccount {
                facility: id("facility"),
                scheme: "ISCC".into(),
                characteristic: "recycled.post_consumer".into(),
                elements: read("Nd+Pr"),
            },
            period: read("2015-01-01..2015-12-31"),
            previous: Some(id("close")),
            factor: read("95 %"),
            opening: Maybe::Shown(vec![]),
            credits: vec![Credit {
                day: read("2015-02-01"),
                lot: Some(LotRef { record: id("source"), index: 3 }),
                mass: read("41 kg"),
                expires: Some(read("2016-03-31")),
            }]
            .into(),
            closing: Maybe::Shown(read("1 kg")),
        }),
        Body::RetireClaim(RetireClaim {
            account: ClaimAccount {
                facility: id("facility"),
                scheme: "ISCC".into(),
                characteristic: "recycled.post_consumer".into(),
                elements: read("Nd+Pr"),
            },
            serial: "PoS-1".into(),
            mass: read("1 kg"),
            day: read("2015-03-01"),
            vintage: Some(read("2015-01-01..2015-01-31")),
            lot: Some(LotRef { record: id("source"), index: 3 }),
            beneficiary: Maybe::Shown(Some(Receiver::Outside(outsider()))),
        }),
        Body::Acknowledge(Acknowledge { target: id("correction") }),
        Body::Attest(attest()),
        Body::Witness(Witness { from: vec![0] }),
    ];
    let mut events: Vec<Event> = bodies.into_iter().map(whole).collect();
    events.push(facility(Operator::Outside(Maybe::Shown(outsider()))));
    events.push(dispatch(Receiver::Party(party("buyer"))));
    events
}

fn attest() -> Attest {
    Attest {
        lot: LotRef { record: id("source"), index: 3 },
        as_of: read("2026-06-30"),
        valid_until: read("2027-06-29"),
        custody: Verdict::Pass,
        elements: vec![AttestedElement {
            element: read("Nd"),
            mass: Maybe::Shown(Some(AttestedMass { least: read("41 kg"), most: read("43 kg") })),
            unknown: read("2 %"),
            unplaced: vec![Unplaced {
                stages: vec![read("P30"), read("P40")],
                process: Some(read("calcine")),
                recycled: true,
            }],
            grade: Grade::Transcribed,
        }],
        touches: vec![AttestedTouch {
            element: read("Nd"),
            step: read("P10 mine"),
            place: Some(read("AU")),
            grade: Grade::Signed,
            presence: Presence::Certain,
            least: read("70 %"),
            most: read("98 %"),
            period: Some(read("2026-01-01..2026-05-31")),
            maker: Maybe::Shown(Some(outsider())),
        }],
        verdicts: vec![AttestedVerdict {
            pack: "us-dfars-7052".into(),
            pack_hash: Hash([6; 32]),
            rule: "OR-02-NDFEB".into(),
            verdict: Verdict::Unknown,
        }],
        records: AttestedSet { count: 12, root: Hash([7; 32]) },
        logs: AttestedSet { count: 3, root: Hash([8; 32]) },
        bands: Hash([9; 32]),
        trust: Some(Hash([10; 32])),
    }
}

/// Returns the events for choices that `one_of_each` leaves out, each with the name of its vector.
pub fn other_choices() -> Vec<(&'static str, Event)> {
    vec![
        ("declare-facility-own", facility(Operator::Author)),
        ("declare-facility-of-another-party", facility(Operator::Party(party("plant")))),
        ("dispatch-outside-the-ledger", dispatch(Receiver::Outside(outsider()))),
        ("dispatch-to-be-named-later", dispatch(Receiver::Later)),
    ]
}
