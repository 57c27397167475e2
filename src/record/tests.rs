//! One record of each kind, sealed and opened again.

use super::*;
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::coded::Coded;
use crate::model::dealings::*;
use crate::model::event::*;
use crate::model::evidence::*;
use crate::model::facility::{Capability, Circuit, DeclareFacility, Operator};
use crate::model::fact::{Fact, FactUnit, FactValue};
use crate::model::lot::*;
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::{Establish, Identifier, Outsider};
use crate::model::profile::Profile;
use crate::model::stage::Step;
use crate::model::time::Timestamp;
use crate::model::verdict::Verdict;
use crate::sign::{SecretKey, SeededEntropy};

fn read<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a good value in a test")
}

fn id(n: u8) -> RecordId {
    RecordId(sha256(&[&[n]]))
}

fn outsider() -> Outsider {
    Outsider {
        name: "Eti Maden".into(),
        place: Some(read("TR")),
        identifiers: vec![Identifier { scheme: "lei".into(), number: "5493001KJTIIGC8Y1R12".into() }],
    }
}

fn composition() -> Vec<Component> {
    vec![Component {
        elements: read("NdPr"),
        value: Determined::Measured(read("75 %")),
        basis: read("REO"),
        uncertainty: read("1 % + 0.1 % bias"),
        method: Method::IcpOes,
    }]
}

fn lot(label: &str) -> Lot {
    let quantity = Quantity {
        uncertainty: read("0.1 %"),
        moisture: Some(read("2.5 %")),
        pieces: Some(4),
        packages: vec![Package { id: "D-1".into(), net: read("400 kg"), gross: read("410 kg") }],
        ..Quantity::of(read("400 kg"))
    };
    Lot {
        label: Some(Maybe::Shown(label.into())),
        composition: Maybe::Shown(composition()),
        marks: Maybe::Shown(Marks { grade: Some("99.5".into()), ..Marks::default() }),
        hs: Some(read("2846.90")),
        custody_model: Some(CustodyModel::Segregated),
        origin_class: Some(OriginClass::Primary),
        serials: Some(Maybe::Shown(Hash([7; 32]))),
        seals: Some(Maybe::Shown(vec!["S-1".into()])),
        documents: Some(Maybe::Shown(vec![Hash([8; 32])])),
        ..Lot::new(read("oxide.NdPr"), quantity)
    }
}

fn at() -> At {
    At { facility: Maybe::Shown(id(1)), period: Maybe::Shown(read("2026-11-03")), host: None }
}

fn inputs() -> MaybeList<Input> {
    let lot = LotRef { record: id(2), index: 3 };
    MaybeList::Shown(vec![Input { lot, from: read("1 kg"), mass: read("2 kg"), empties: true }])
}

fn some(text: &str) -> Maybe<Option<String>> {
    Maybe::Shown(Some(text.into()))
}

/// One event of each kind but `establish`, with every field in use.
pub(crate) fn one_of_each() -> Vec<Event> {
    let step: Step = read("P40 extract_solvent");
    let end = EndStatus { target: id(4), from: read("2026-01-01"), until: None, reason: some("expired") };
    let bodies = vec![
        Body::DeclareFacility(DeclareFacility {
            operator: Operator::Outside(Maybe::Shown(outsider())),
            name: Maybe::Shown("Mountain works".into()),
            place: read("US-CA"),
            coordinates: Some((35_478_000, -115_532_000)),
            address: some("1 Mine Road"),
            stages: vec![Capability { stage: step.stage, capacity_per_year: Some(read("5000 t")) }],
            choke_point: true,
            identifiers: Maybe::Shown(vec![]),
            opened: Some(read("1952-01-01")),
            closed: None,
            circuits: vec![Circuit {
                name: "SX-1".into(),
                stages: vec![read("P40")],
                method: CircuitMethod::Window,
                window_days: 400,
                least_days: 5,
            }],
            succeeds: None,
        }),
        Body::Accredit(Accredit {
            subject: PartyId(sha256(&[b"p"])),
            facility: Some(id(5)),
            role: Role::Miner,
            valid: read("2025-01-01..2027-12-31"),
            scheme: "mining law".into(),
            number: some("M-7"),
            stages: vec![step.stage],
            materials: vec![read("ore")],
            limit: Some(Limit { mass: read("9 t"), per: Span::Month }),
        }),
        Body::WithdrawAccreditation(end.clone()),
        Body::Certify(Certify {
            subject: PartyId(sha256(&[b"p"])),
            facility: Some(id(5)),
            scheme: "IRMA".into(),
            number: some("C-9"),
            valid: read("2025-01-01..2027-12-31"),
            stages: vec![],
            materials: vec![],
            volume: Maybe::Shown(Some(read("9000 t"))),
        }),
        Body::SuspendCertificate(end),
        Body::Extract(Extract {
            at: at(),
            steps: vec![read("P10 mine"), read("P20 float")],
            deposit: some("Sulphide Queen"),
            licence: some("CA-1"),
            outputs: vec![lot("A"), lot("B")],
        }),
        Body::OpeningStock(OpeningStock { at: at(), outputs: vec![lot("A")], touches: vec![touch()] }),
        Body::Intake(Intake {
            at: at(),
            supplier: Maybe::Shown(outsider()),
            outputs: vec![lot("A")],
            touches: vec![touch()],
        }),
        Body::Transform(Transform {
            at: at(),
            steps: vec![step],
            mixing: Mixing::Homogenised,
            inputs: inputs(),
            additions: MaybeList::Shown(vec![Addition {
                material: read("chemical"),
                mass: read("3 kg"),
                uncertainty: read("5 %"),
                composition: vec![],
            }]),
            outputs: vec![lot("A")],
            losses: MaybeList::Shown(vec![Loss {
                what: "slag".into(),
                mass: read("1 kg"),
                uncertainty: read("5 %"),
                basis: LossBasis::Measured,
                composition: composition(),
            }]),
        }),
        Body::Repack(Repack {
            at: at(),
            mixing: Mixing::Discrete,
            inputs: inputs(),
            outputs: vec![lot("A")],
            losses: MaybeList::default(),
        }),
        Body::Dispatch(Dispatch {
            at: at(),
            receiver: Maybe::Shown(Receiver::Party(PartyId(sha256(&[b"q"])))),
            inputs: inputs(),
            outputs: vec![lot("A")],
            carrier: Maybe::Shown(Some(outsider())),
            due: Some(read("2026-12-01")),
            stops: Maybe::Shown(vec![Stop {
                place: read("AE-DU"),
                what: StopKind::FreeZone,
                period: Some(read("2026-11-10..2026-11-12")),
            }]),
            claim: Some(Hash([6; 32])),
        }),
        Body::Receive(Receive { at: at(), inputs: inputs(), outputs: vec![lot("A")] }),
        Body::Refuse(Refuse {
            at: at(),
            receiver: Maybe::Shown(Receiver::Later),
            inputs: inputs(),
            outputs: vec![lot("A")],
            reason: some("wet"),
        }),
        Body::Measure(Measure {
            at: at(),
            lot: LotRef { record: id(2), index: 0 },
            quantity: Maybe::Shown(Some(Quantity::of(read("399 kg")))),
            composition: Maybe::Shown(composition()),
        }),
        Body::Dispose(Dispose { at: at(), how: DisposeHow::Waste, inputs: inputs(), reason: some("dust") }),
        Body::Assay(Assay {
            lot: LotRef { record: id(2), index: 0 },
            period: Maybe::Shown(read("2026-11-05")),
            sample: Maybe::Shown("S-77".into()),
            sampled_by: Some(PartyId(sha256(&[b"p"]))),
            point: SamplePoint::BeforePooling,
            purpose: AssayPurpose::Independent,
            composition: Maybe::Shown(composition()),
        }),
        Body::RegisterDocument(RegisterDocument {
            sha256: sha256(&[b"paper"]),
            size: 5,
            media_type: "application/pdf".into(),
            document: DocumentKind::MillTestReport,
            number: some("MTR-1"),
            issuer: Maybe::Shown(Some(outsider())),
            valid: Some(read("2026-01-01..2026-12-31")),
            about: vec![
                Subject::Party(PartyId(sha256(&[b"p"]))),
                Subject::Record(id(1)),
                Subject::Lot(LotRef { record: id(2), index: 0 }),
            ],
            stages: vec![],
        }),
        Body::Withdraw(Withdraw { target: id(9), reason: WithdrawReason::EntryError }),
        Body::Correct(Correct {
            target: id(31),
            reason: CorrectReason::Remeasured,
            replacement: Replacement(Box::new(Body::Repack(Repack {
                at: at(),
                mixing: Mixing::Discrete,
                inputs: inputs(),
                outputs: vec![lot("A"), lot("B")],
                losses: MaybeList::default(),
            }))),
        }),
        Body::Dispute(Dispute {
            about: Subject::Lot(LotRef { record: id(2), index: 0 }),
            reason: DisputeReason::Origin,
            claim: some("the ore is not from there"),
        }),
        Body::Resolve(Resolve { target: id(32), outcome: Outcome::Settled, terms: some("price cut") }),
        Body::CedeFacility(CedeFacility {
            facility: id(33),
            to: Receiver::Party(PartyId(sha256(&[b"buyer"]))),
            from: read("2026-07-01"),
        }),
        Body::EndHost(EndStatus {
            target: id(4),
            from: read("2026-01-01"),
            until: None,
            reason: some("moved out"),
        }),
        Body::Appoint(Appoint {
            party: PartyId(sha256(&[b"parent"])),
            tie: Tie::Parent,
            share: Some(read("51 %")),
            valid: read("2026-01-01..2026-12-31"),
        }),
        Body::Host(Host {
            guest: PartyId(sha256(&[b"guest"])),
            facility: id(34),
            purpose: HostPurpose::Tolling,
            stages: vec![read("P40")],
            valid: read("2026-01-01..2026-12-31"),
        }),
        Body::Waive(Waive {
            rule: "DFARS 252.225-7052".into(),
            subject: Some(PartyId(sha256(&[b"plant"]))),
            lots: vec![LotRef { record: id(2), index: 0 }],
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
        Body::Charge(Charge { at: at(), circuit: "SX-1".into(), inputs: inputs(), additions: vec![].into() }),
        Body::Draw(Draw {
            at: at(),
            circuit: "SX-1".into(),
            steps: vec![read("P40 extract_solvent")],
            outputs: vec![lot("A")],
        }),
        Body::ClosePeriod(ClosePeriod {
            at: at(),
            circuit: "SX-1".into(),
            previous: Some(id(35)),
            opening: Maybe::Shown(Some(Stock {
                quantity: Quantity::of(read("400 kg")),
                composition: composition(),
            })),
            closing: Maybe::Shown(None),
            losses: MaybeList::default(),
            covers: vec![id(36), id(37)].into(),
        }),
        Body::Assemble(Assemble {
            at: at(),
            steps: vec![read("P90 assemble")],
            inputs: inputs(),
            parts: vec![
                Part { input: 0, output: 0, mass: read("1 kg"), pieces: Some(8) },
                Part { input: 0, output: 0, mass: read("1 kg"), pieces: None },
            ]
            .into(),
            additions: vec![].into(),
            outputs: vec![lot("A")],
        }),
        Body::Disassemble(Disassemble {
            at: at(),
            steps: vec![read("R20 dismantle")],
            inputs: inputs(),
            recovered: vec![Recovered { output: 0, part: LotRef { record: id(2), index: 0 } }].into(),
            outputs: vec![lot("A")],
            losses: MaybeList::default(),
        }),
        Body::Assign(Assign {
            lots: vec![LotRef { record: id(2), index: 0 }],
            receiver: Maybe::Shown(Receiver::Party(PartyId(sha256(&[b"buyer"])))),
            claim: some("7KQ2-M9XA"),
        }),
        Body::Release(Release {
            period: Maybe::Shown(read("2026-11-20")),
            why: ReleaseReason::NeverCame,
            receiver: Maybe::Shown(Receiver::Party(PartyId(sha256(&[b"sender"])))),
            inputs: inputs(),
            outputs: vec![lot("A")],
        }),
        Body::RequestReturn(RequestReturn {
            lots: vec![LotRef { record: id(2), index: 0 }],
            from: read("2026-11-20"),
            reason: some("unpaid"),
        }),
        Body::Inspect(Inspect {
            about: Subject::Lot(LotRef { record: id(2), index: 0 }),
            period: Maybe::Shown(read("2026-11-20")),
            scheme: Some("weigh on entry".into()),
            outcome: InspectOutcome::Contradicted,
            quantity: Maybe::Shown(Some(Quantity::of(read("4100 kg")))),
            report: Some(Hash([5; 32])),
            summary: some("stones"),
        }),
        Body::IssueTags(IssueTags {
            pit: id(38),
            place: read("RW"),
            coordinates: Some((-1_541_700, 28_871_400)),
            period: Maybe::Shown(read("2026-06-01")),
            scheme: "iTSCi".into(),
            valid: read("2026-06-01..2026-08-31"),
            tags: vec!["T-1".to_owned(), "T-2".to_owned()].into(),
        }),
        Body::ApplyTags(ApplyTags {
            lot: LotRef { record: id(2), index: 0 },
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
            lots: vec![LotRef { record: id(2), index: 0 }],
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
                lot: LotRef { record: id(2), index: 0 },
                from: Some(read("1 kg")),
                mass: read("2 kg"),
            }]
            .into(),
            to: Maybe::Shown(Receiver::Outside(outsider())),
            number: some("R-1"),
            from: read("2026-06-03"),
            until: Some(read("2026-12-31")),
            target: Some(id(39)),
        }),
        Body::CloseAccount(CloseAccount {
            account: ClaimAccount {
                facility: id(5),
                scheme: "ISCC".into(),
                characteristic: "recycled.post_consumer".into(),
                elements: read("Nd+Pr"),
            },
            period: read("2015-01-01..2015-12-31"),
            previous: Some(id(40)),
            factor: read("95 %"),
            opening: Maybe::Shown(vec![]),
            credits: vec![Credit {
                day: read("2015-02-01"),
                lot: Some(LotRef { record: id(2), index: 0 }),
                mass: read("41 kg"),
                expires: Some(read("2016-03-31")),
            }]
            .into(),
            closing: Maybe::Shown(read("1 kg")),
        }),
        Body::RetireClaim(RetireClaim {
            account: ClaimAccount {
                facility: id(5),
                scheme: "ISCC".into(),
                characteristic: "recycled.post_consumer".into(),
                elements: read("Nd+Pr"),
            },
            serial: "PoS-1".into(),
            mass: read("1 kg"),
            day: read("2015-03-01"),
            vintage: Some(read("2015-01-01..2015-01-31")),
            lot: Some(LotRef { record: id(2), index: 0 }),
            beneficiary: Maybe::Shown(Some(Receiver::Outside(outsider()))),
        }),
        Body::Acknowledge(Acknowledge { target: id(41) }),
        Body::Attest(Attest {
            lot: LotRef { record: id(2), index: 0 },
            as_of: read("2026-06-30"),
            valid_until: read("2026-06-30"),
            custody: Verdict::Pass,
            elements: vec![AttestedElement {
                element: read("Nd"),
                mass: Maybe::Shown(Some(AttestedMass { least: read("1 kg"), most: read("1 kg") })),
                unknown: read("0 %"),
                unplaced: Vec::new(),
                grade: Grade::Signed,
            }],
            touches: vec![AttestedTouch {
                element: read("Nd"),
                step: read("P10 mine"),
                place: None,
                grade: Grade::Stated,
                presence: Presence::Possible,
                least: read("0 %"),
                most: read("100 %"),
                period: None,
                maker: Maybe::Shown(Some(outsider())),
            }],
            verdicts: vec![AttestedVerdict {
                pack: "p".into(),
                pack_hash: Hash([6; 32]),
                rule: "r".into(),
                verdict: Verdict::Fail,
            }],
            records: AttestedSet { count: 1, root: Hash([7; 32]) },
            logs: AttestedSet { count: 0, root: Hash([8; 32]) },
            bands: Hash([9; 32]),
            trust: None,
        }),
        Body::Witness(Witness { from: vec![9] }),
    ];
    let facts =
        vec![Fact { code: read("iso23664.batch"), unit: FactUnit::None, value: FactValue::Number(-7) }];
    let seen = vec![SeenCheckpoint {
        party: PartyId(sha256(&[b"p"])),
        epoch: 0,
        size: 9,
        root: Hash([1; 32]),
        key: [2; 32],
        signature: [3; 64],
    }];
    let whole = |body| Event {
        facts: facts.clone(),
        seen: seen.clone(),
        documents: Some(Maybe::Shown(vec![Hash([4; 32])])),
        note: Some(Maybe::Shown("as discussed".into())),
        behalf: Some(Maybe::Shown(Behalf {
            who: Receiver::Outside(outsider()),
            document: Hash([5; 32]),
            day: None,
        })),
        late: Some(Maybe::Shown("no network at the pit".into())),
        ..Event::new(body)
    };
    bodies.into_iter().map(whole).collect()
}

fn touch() -> DeclaredTouch {
    DeclaredTouch {
        output: 0,
        elements: read("Fe+B"),
        step: read("P50 carbothermic"),
        place: read("TR"),
        period: Some(read("2026-05-01..2026-05-31")),
        maker: Maybe::Shown(Some(outsider())),
        assessor: Assessor::ThirdParty,
        assessment: Assessment::Verified,
        document: Some(Hash([9; 32])),
    }
}

fn establish() -> Event {
    Event::new(Body::Establish(Establish {
        recovery_commitment: Hash::ZERO,
        name: Maybe::Shown("Miner".into()),
        country: read("US"),
        roles: vec![Role::Miner],
        identifiers: Maybe::Shown(vec![]),
        address: Maybe::Shown(None),
    }))
}

fn position() -> Position {
    Position { party: PartyId(sha256(&[b"p"])), epoch: 0, seq: 3, prev: id(20), control: id(21), key: 0 }
}

fn time() -> Timestamp {
    read("2026-11-03T10:00:00Z")
}

#[test]
fn every_kind_opens_to_what_was_sealed_under_both_profiles() {
    let signer = SecretKey::from_seed(&[1; 32]);
    for profile in Profile::ALL {
        for event in one_of_each() {
            let mut entropy = SeededEntropy::new(b"kinds");
            let private = |path: &str| profile.is_private(path);
            let sealed = seal(position(), event.clone(), time(), &private, &signer, &mut entropy).unwrap();
            let record = SealedRecord::parse(sealed.record.bytes()).unwrap();
            let verified = record.verify(signer.public()).unwrap();
            let opened = record.open(signer.public(), &verified, &sealed.items).unwrap();
            assert_eq!(opened.event, event);
            assert!(opened.withheld.is_empty());

            let blind = record.open(signer.public(), &verified, &[]).unwrap();
            assert_eq!(blind.withheld.len(), sealed.items.len());
            assert_eq!(blind.kind(), event.kind());
        }
    }
}

#[test]
fn establish_makes_the_party_it_names() {
    let signer = SecretKey::from_seed(&[1; 32]);
    let sealed = found(establish(), time(), &|_| true, &signer, &mut SeededEntropy::new(b"e")).unwrap();
    let key = sealed.record.first_key().unwrap().unwrap();
    assert_eq!(&key, signer.public());
    let verified = sealed.record.verify(&key).unwrap();
    let opened = sealed.record.open(&key, &verified, &sealed.items).unwrap();
    assert!(
        matches!(opened.event.body, Body::Establish(establish) if establish.name == Maybe::Shown("Miner".into()))
    );
}

#[test]
fn no_flipped_byte_of_a_record_or_its_items_opens() {
    let signer = SecretKey::from_seed(&[1; 32]);
    let mut entropy = SeededEntropy::new(b"flip");
    for event in one_of_each() {
        let sealed =
            seal(position(), event, time(), &|path| path != "facility", &signer, &mut entropy).unwrap();
        let opens = |bytes: &[u8], items: &[ShownItem]| -> Result<(), RecordError> {
            let record = SealedRecord::parse(bytes)?;
            let verified = record.verify(signer.public())?;
            record.open(signer.public(), &verified, items).map(|_| ())
        };
        opens(sealed.record.bytes(), &sealed.items).unwrap();
        for at in 0..sealed.record.bytes().len() {
            let mut bytes = sealed.record.bytes().to_vec();
            bytes[at] ^= 1 << (at % 8);
            assert!(opens(&bytes, &sealed.items).is_err(), "byte {at}");
        }
        for item in 0..sealed.items.len() {
            for at in 0..sealed.items[item].value.len() {
                let mut items = sealed.items.clone();
                items[item].value[at] ^= 0x10;
                assert!(opens(sealed.record.bytes(), &items).is_err(), "item {item} byte {at}");
            }
            let mut items = sealed.items.clone();
            items[item].salt[item % 16] ^= 1;
            assert!(opens(sealed.record.bytes(), &items).is_err(), "salt of item {item}");
        }
    }
}

#[test]
fn a_record_that_readers_would_refuse_is_not_sealed() {
    let signer = SecretKey::from_seed(&[1; 32]);
    let mut entropy = SeededEntropy::new(b"bad");
    let event =
        Event::new(Body::Receive(Receive { at: at(), inputs: MaybeList::default(), outputs: vec![] }));
    let error = seal(position(), event, time(), &|_| true, &signer, &mut entropy).unwrap_err();
    assert!(matches!(error, SealError::WouldBeRefused(RecordError::Invalid(_))));
}

#[test]
fn every_kind_of_the_enum_has_a_sample() {
    let mut kinds: Vec<_> = one_of_each().iter().map(Event::kind).collect();
    kinds.push(establish().kind());
    assert_eq!(kinds.len(), 46);
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 46);
}
