//! Books of a few parties as plain records, as they would be once opened: four plants in three countries.

use std::collections::BTreeMap;

use lodemark::custody::graph::Graph;
use lodemark::hash::{Hash, PartyId, RecordId, sha256};
use lodemark::model::day::{Day, Period};
use lodemark::model::dealings::{CircuitMethod, CorrectReason};
use lodemark::model::element::{Element, ElementSet};
use lodemark::model::event::{At, Body, Correct, DeclaredTouch, Event, Replacement};
use lodemark::model::evidence::{Assessment, Assessor};
use lodemark::model::facility::{Circuit, DeclareFacility, Operator};
use lodemark::model::lot::{Component, Determined, Input, Lot, Quantity};
use lodemark::model::lotref::LotRef;
use lodemark::model::mass::Mass;
use lodemark::model::maybe::Maybe;
use lodemark::model::party::Establish;
use lodemark::model::record::Record;
use lodemark::model::uncertainty::Uncertainty;

/// Country of each plant.
pub const COUNTRIES: [&str; 4] = ["AU", "CN", "US", "CN"];
/// The circuit that every plant has.
pub const CIRCUIT: &str = "SX";

/// Records of the plants in the order they were signed.
#[derive(Clone)]
pub struct Book {
    pub records: Vec<Record>,
    heads: BTreeMap<PartyId, (u64, RecordId)>,
    facilities: Vec<RecordId>,
    /// Today, which each event advances by a day.
    pub today: Day,
}

/// Returns output `index` of a record.
pub fn out(record: RecordId, index: usize) -> LotRef {
    LotRef { record, index: index as u32 }
}

/// Returns a stretch in milligrams.
pub fn stretch(lot: LotRef, from: u64, mass: u64) -> Input {
    Input { lot, from: Mass::from_mg(from), mass: Mass::from_mg(mass), empties: false }
}

/// Returns a lot of `mg` milligrams of which nothing else is said.
pub fn lot(material: &str, mg: u64) -> Lot {
    Lot::new(material.parse().expect("a material code"), Quantity::of(Mass::from_mg(mg)))
}

/// Returns a line of an assay in parts per billion, with its uncertainty in the same.
pub fn line(element: Element, share: u64, apart: u64) -> Component {
    use lodemark::model::coded::Coded;
    use lodemark::model::fraction::Fraction;
    let ppb = |ppb: u64| Fraction::from_ppb(u32::try_from(ppb).expect("a share fits"));
    Component {
        elements: ElementSet::from(element),
        value: Determined::Measured(ppb(share)),
        basis: lodemark::model::formula::Formula::Element,
        uncertainty: Uncertainty { random: ppb(apart), bias: Fraction::ZERO },
        method: *lodemark::model::evidence::Method::ALL.first().expect("methods"),
    }
}

/// Returns a touch that papers declare of an output.
pub fn declared(output: usize, elements: &[Element], step: &str, country: &str) -> DeclaredTouch {
    DeclaredTouch {
        output: output as u32,
        elements: ElementSet::from_elements(elements.to_vec()).expect("distinct elements"),
        step: step.parse().expect("a step"),
        place: country.parse().expect("a place"),
        period: None,
        maker: Maybe::Shown(None),
        assessor: Assessor::ThirdParty,
        assessment: Assessment::Accredited,
        document: Some(sha256(&[b"paper"])),
    }
}

pub fn party(number: usize) -> PartyId {
    PartyId(sha256(&[b"party", &number.to_be_bytes()]))
}

impl Book {
    /// Opens the books of the plants, and declares each plant with a circuit that keeps what it is charged for a year.
    pub fn new() -> Self {
        let today: Day = "2026-01-02".parse().expect("a day");
        let mut book = Self { records: Vec::new(), heads: BTreeMap::new(), facilities: Vec::new(), today };
        for (number, country) in COUNTRIES.iter().enumerate() {
            book.sign(
                number,
                Body::Establish(Establish {
                    recovery_commitment: Hash::ZERO,
                    name: Maybe::Shown(format!("plant {number}")),
                    country: country.parse().expect("a country"),
                    roles: Vec::new(),
                    identifiers: Maybe::Shown(Vec::new()),
                    address: Maybe::Shown(None),
                }),
            );
            let circuit = Circuit {
                name: CIRCUIT.to_owned(),
                stages: Vec::new(),
                method: CircuitMethod::Average,
                window_days: 365,
                least_days: 0,
            };
            let facility = book.sign(
                number,
                Body::DeclareFacility(DeclareFacility {
                    operator: Operator::Author,
                    name: Maybe::Shown(format!("plant {number}")),
                    place: country.parse().expect("a place"),
                    coordinates: None,
                    address: Maybe::Shown(None),
                    stages: Vec::new(),
                    choke_point: false,
                    identifiers: Maybe::Shown(Vec::new()),
                    opened: None,
                    closed: None,
                    circuits: vec![circuit],
                    succeeds: None,
                }),
            );
            book.facilities.push(facility);
        }
        book
    }

    /// Returns the plant that a declaration is about.
    pub fn plant_of(&self, facility: &RecordId) -> Option<usize> {
        self.facilities.iter().position(|one| one == facility)
    }

    /// Returns the place and day of what a plant does today.
    pub fn at(&self, plant: usize) -> At {
        self.during(plant, Period::day(self.today))
    }

    /// Returns the place and days of what a plant does.
    pub fn during(&self, plant: usize, period: Period) -> At {
        At { facility: Maybe::Shown(self.facilities[plant]), period: Maybe::Shown(period), host: None }
    }

    /// Appends an event to the chain of a plant.
    pub fn sign(&mut self, plant: usize, body: Body) -> RecordId {
        let author = party(plant);
        let (seq, prev) = self.heads.get(&author).map_or((0, RecordId::ZERO), |(seq, head)| (seq + 1, *head));
        let id = RecordId(sha256(&[author.as_bytes(), &seq.to_be_bytes()]));
        self.heads.insert(author, (seq, id));
        self.records.push(Record {
            id,
            author,
            epoch: 0,
            seq,
            prev,
            control: RecordId::ZERO,
            signed_at: format!("{}T12:00:00Z", self.today).parse().expect("a time"),
            event: Event::new(body),
            withheld: Vec::new(),
        });
        id
    }

    /// Lets a day pass.
    pub fn tomorrow(&mut self) {
        self.today = self.today.plus_days(1);
    }

    /// Signs `stated` in the place of what a record says.
    pub fn correct(&mut self, plant: usize, target: RecordId, stated: Body) {
        let (reason, replacement) = (CorrectReason::Remeasured, Replacement(Box::new(stated)));
        self.sign(plant, Body::Correct(Correct { target, reason, replacement }));
    }

    /// Takes a record away, as if the reader were never handed it.
    pub fn lose(&mut self, id: RecordId) {
        self.records.retain(|record| record.id != id);
    }

    pub fn graph(&self) -> Graph {
        Graph::build(self.records.clone())
    }
}
