//! A tiny world for the tests of this room: parties, facilities and events in order, masses in kilograms.

use std::collections::BTreeMap;

use super::graph::Graph;
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::model::dealings::{CircuitMethod, CorrectReason, Title};
use crate::model::element::{Element, ElementSet};
use crate::model::event::{
    Acknowledge, At, Body, Charge, ClosePeriod, Correct, DeclaredTouch, Dispatch, Dispose, Draw, Event,
    Extract, Intake, Measure, Receive, Receiver, Refuse, Repack, Replacement, Stock, Titled, TransferTitle,
    Transform, Withdraw,
};
use crate::model::evidence::{Assessment, Assessor, DisposeHow, Mixing, WithdrawReason};
use crate::model::facility::{Circuit, DeclareFacility, Operator};
use crate::model::lot::{Input, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::party::{Establish, Outsider};
use crate::model::record::Record;
use crate::model::stage::Step;

/// Records of a few parties, in the order they were signed.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) records: Vec<Record>,
    heads: BTreeMap<String, (u64, RecordId)>,
    places: BTreeMap<String, RecordId>,
}

/// Returns kilograms.
pub(crate) fn kg(kg: u64) -> Mass {
    Mass::from_mg(kg * 1_000_000)
}

/// Returns a lot of so many kilograms; `"alloy.NdFeB"` and the like.
pub(crate) fn lot(material: &str, mass: u64) -> Lot {
    Lot::new(material.parse().expect("a material code"), Quantity::of(kg(mass)))
}

/// Returns a labelled lot.
pub(crate) fn named(label: &str, material: &str, mass: u64) -> Lot {
    Lot { label: Some(Maybe::Shown(label.to_owned())), ..lot(material, mass) }
}

/// Returns the stretch `[from, from + mass)` in kilograms.
pub(crate) fn take(lot: LotRef, from: u64, mass: u64) -> Input {
    Input { lot, from: kg(from), mass: kg(mass), empties: false }
}

/// Returns the same stretch, after which nothing is left.
pub(crate) fn last(input: Input) -> Input {
    Input { empties: true, ..input }
}

/// Returns the steps written one after another, separated by commas.
pub(crate) fn steps(text: &str) -> Vec<Step> {
    text.split(',').map(|step| step.trim().parse().expect("a step")).collect()
}

/// Returns output `index` of a record.
pub(crate) fn out(record: RecordId, index: u32) -> LotRef {
    LotRef { record, index }
}

impl World {
    /// A world with a mine in AU, plants in JP (`plant`) and CN (`works`), and a buyer in US.
    pub(crate) fn new() -> Self {
        let mut world = Self::default();
        for (name, country) in [("mine", "AU"), ("plant", "JP"), ("works", "CN"), ("buyer", "US")] {
            world.establish(name, country);
        }
        world
    }

    /// Opens a party's chain and declares its facility in `country`.
    pub(crate) fn establish(&mut self, name: &str, country: &str) {
        self.record(
            name,
            Body::Establish(Establish {
                recovery_commitment: Hash::ZERO,
                name: Maybe::Shown(name.to_owned()),
                country: country.parse().expect("a country"),
                roles: Vec::new(),
                identifiers: Maybe::Shown(Vec::new()),
                address: Maybe::Shown(None),
            }),
        );
        let place = self.declare(name, country, Operator::Author);
        self.places.insert(name.to_owned(), place);
    }

    /// Declares a further facility.
    pub(crate) fn declare(&mut self, by: &str, country: &str, operator: Operator) -> RecordId {
        self.record(
            by,
            Body::DeclareFacility(DeclareFacility {
                operator,
                name: Maybe::Shown(format!("{by} {country}")),
                place: country.parse().expect("a place"),
                coordinates: None,
                address: Maybe::Shown(None),
                stages: Vec::new(),
                choke_point: false,
                identifiers: Maybe::Shown(Vec::new()),
                opened: None,
                closed: None,
                circuits: Vec::new(),
                succeeds: None,
            }),
        )
    }

    pub(crate) fn party(&self, name: &str) -> PartyId {
        PartyId(sha256(&[name.as_bytes()]))
    }

    pub(crate) fn place(&self, name: &str) -> RecordId {
        self.places[name]
    }

    pub(crate) fn at(&self, name: &str) -> At {
        At {
            facility: Maybe::Shown(self.place(name)),
            period: Maybe::Shown("2026-01-05".parse().expect("a day")),
            host: None,
        }
    }

    /// Appends a record to a party's chain.
    pub(crate) fn record(&mut self, by: &str, body: Body) -> RecordId {
        let (seq, prev) = self.heads.get(by).map_or((0, RecordId::ZERO), |(seq, head)| (seq + 1, *head));
        let id = RecordId(sha256(&[by.as_bytes(), &seq.to_be_bytes(), &self.records.len().to_be_bytes()]));
        self.heads.insert(by.to_owned(), (seq, id));
        self.records.push(Record {
            id,
            author: self.party(by),
            epoch: 0,
            seq,
            prev,
            control: RecordId::ZERO,
            signed_at: "2026-01-05T12:00:00Z".parse().expect("a time"),
            event: Event::new(body),
            withheld: Vec::new(),
        });
        id
    }

    pub(crate) fn extract(&mut self, by: &str, outputs: Vec<Lot>) -> RecordId {
        let at = self.at(by);
        let (deposit, licence) = (Maybe::Shown(None), Maybe::Shown(None));
        self.record(by, Body::Extract(Extract { at, steps: steps("P10 mine"), deposit, licence, outputs }))
    }

    pub(crate) fn intake(&mut self, by: &str, outputs: Vec<Lot>, touches: Vec<DeclaredTouch>) -> RecordId {
        let supplier = Maybe::Shown(outsider("Supplier"));
        let at = self.at(by);
        self.record(by, Body::Intake(Intake { at, supplier, outputs, touches }))
    }

    pub(crate) fn transform(
        &mut self,
        by: &str,
        step: &str,
        mixing: Mixing,
        inputs: Vec<Input>,
        outputs: Vec<Lot>,
    ) -> RecordId {
        let at = self.at(by);
        let body = Transform {
            at,
            steps: steps(step),
            mixing,
            inputs: inputs.into(),
            additions: MaybeList::default(),
            outputs,
            losses: MaybeList::default(),
        };
        self.record(by, Body::Transform(body))
    }

    pub(crate) fn repack(
        &mut self,
        by: &str,
        mixing: Mixing,
        inputs: Vec<Input>,
        outputs: Vec<Lot>,
    ) -> RecordId {
        let at = self.at(by);
        let losses = MaybeList::default();
        self.record(by, Body::Repack(Repack { at, mixing, inputs: inputs.into(), outputs, losses }))
    }

    /// Dispatches stretches to a party; outputs are what their lots are.
    pub(crate) fn dispatch(&mut self, by: &str, to: &str, inputs: Vec<Input>) -> RecordId {
        let receiver = Receiver::Party(self.party(to));
        self.dispatch_to(by, receiver, inputs)
    }

    pub(crate) fn dispatch_to(&mut self, by: &str, receiver: Receiver, inputs: Vec<Input>) -> RecordId {
        let outputs = self.equal_outputs(&inputs);
        let body = Dispatch {
            at: self.at(by),
            receiver: Maybe::Shown(receiver),
            inputs: inputs.into(),
            outputs,
            carrier: Maybe::Shown(None),
            due: Some("2026-03-31".parse().expect("a day")),
            stops: Maybe::Shown(Vec::new()),
            claim: None,
        };
        self.record(by, Body::Dispatch(body))
    }

    /// Receives stretches; `weighed` are the receiver's own kilograms.
    pub(crate) fn receive(&mut self, by: &str, inputs: Vec<Input>, weighed: &[u64]) -> RecordId {
        let mut outputs = self.equal_outputs(&inputs);
        for (output, mass) in outputs.iter_mut().zip(weighed) {
            output.quantity = Maybe::Shown(Quantity::of(kg(*mass)));
        }
        let at = self.at(by);
        self.record(by, Body::Receive(Receive { at, inputs: inputs.into(), outputs }))
    }

    /// Sends everything of one lot from one party to another, who weighs the same.
    pub(crate) fn hand_over(&mut self, from: &str, to: &str, lot: LotRef) -> LotRef {
        let mass = self.graph().lot(&lot).and_then(Lot::mass).expect("a lot with a mass");
        let all = Input { lot, from: kg(0), mass, empties: true };
        let sent = self.dispatch(from, to, vec![all]);
        let received = self.receive(to, vec![Input { lot: out(sent, 0), ..all }], &[]);
        out(received, 0)
    }

    pub(crate) fn refuse(&mut self, by: &str, to: &str, inputs: Vec<Input>) -> RecordId {
        let outputs = self.equal_outputs(&inputs);
        let body = Refuse {
            at: self.at(by),
            receiver: Maybe::Shown(Receiver::Party(self.party(to))),
            inputs: inputs.into(),
            outputs,
            reason: Maybe::Shown(None),
        };
        self.record(by, Body::Refuse(body))
    }

    pub(crate) fn measure(&mut self, by: &str, lot: LotRef, quantity: Quantity) -> RecordId {
        let (at, quantity) = (self.at(by), Maybe::Shown(Some(quantity)));
        let composition = Maybe::Shown(Vec::new());
        self.record(by, Body::Measure(Measure { at, lot, quantity, composition }))
    }

    pub(crate) fn dispose(&mut self, by: &str, how: DisposeHow, inputs: Vec<Input>) -> RecordId {
        let at = self.at(by);
        let reason = Maybe::Shown(None);
        self.record(by, Body::Dispose(Dispose { at, how, inputs: inputs.into(), reason }))
    }

    /// Declares a facility with one circuit `SX` of this window.
    pub(crate) fn circuit(&mut self, by: &str, window_days: u16, least_days: u16) -> RecordId {
        let facility = self.declare(by, "JP", Operator::Author);
        self.change(facility, |record| {
            if let Body::DeclareFacility(declared) = &mut record.event.body {
                let (name, method) = ("SX".to_owned(), CircuitMethod::Average);
                declared.circuits =
                    vec![Circuit { name, stages: Vec::new(), method, window_days, least_days }];
            }
            record.signed_at = "2026-01-01T12:00:00Z".parse().expect("a time");
        });
        facility
    }

    fn at_circuit(facility: RecordId, on: &str) -> At {
        let period = Maybe::Shown(on.parse().expect("a period"));
        At { facility: Maybe::Shown(facility), period, host: None }
    }

    pub(crate) fn charge(&mut self, by: &str, facility: RecordId, on: &str, inputs: Vec<Input>) -> RecordId {
        let (at, circuit) = (Self::at_circuit(facility, on), "SX".to_owned());
        self.record(
            by,
            Body::Charge(Charge { at, circuit, inputs: inputs.into(), additions: MaybeList::default() }),
        )
    }

    pub(crate) fn draw(&mut self, by: &str, facility: RecordId, on: &str, outputs: Vec<Lot>) -> RecordId {
        let (at, circuit) = (Self::at_circuit(facility, on), "SX".to_owned());
        self.record(by, Body::Draw(Draw { at, circuit, steps: steps("P40 extract_solvent"), outputs }))
    }

    /// Closes a period that began and ended with so many kilograms; none for an empty circuit.
    pub(crate) fn close(
        &mut self,
        by: &str,
        facility: RecordId,
        on: &str,
        (opening, closing): (u64, u64),
        covers: Vec<RecordId>,
    ) -> RecordId {
        let stock = |mass: u64| {
            Maybe::Shown(
                (mass > 0).then(|| Stock { quantity: Quantity::of(kg(mass)), composition: Vec::new() }),
            )
        };
        let (at, circuit) = (Self::at_circuit(facility, on), "SX".to_owned());
        let (opening, closing, losses) = (stock(opening), stock(closing), MaybeList::default());
        let covers = covers.into();
        let body = ClosePeriod { at, circuit, previous: None, opening, closing, losses, covers };
        self.record(by, Body::ClosePeriod(body))
    }

    pub(crate) fn withdraw(&mut self, by: &str, target: RecordId, reason: WithdrawReason) -> RecordId {
        self.record(by, Body::Withdraw(Withdraw { target, reason }))
    }

    /// Passes a title over some kilograms of a lot, to hold from the first day of 2026 on.
    pub(crate) fn title(&mut self, by: &str, title: Title, of: (LotRef, u64), to: &str) -> RecordId {
        self.title_about(by, title, of, to, None)
    }

    /// Passes a title that ends, passes on or rests on an earlier one.
    pub(crate) fn title_about(
        &mut self,
        by: &str,
        title: Title,
        of: (LotRef, u64),
        to: &str,
        target: Option<RecordId>,
    ) -> RecordId {
        let body = TransferTitle {
            title,
            titled: vec![Titled { lot: of.0, from: None, mass: kg(of.1) }].into(),
            to: Maybe::Shown(Receiver::Party(self.party(to))),
            number: Maybe::Shown(None),
            from: "2026-01-01".parse().expect("a day"),
            until: None,
            target,
        };
        self.record(by, Body::TransferTitle(body))
    }

    /// Returns what a record stated when it was signed.
    pub(crate) fn body(&self, id: RecordId) -> Body {
        self.records.iter().find(|record| record.id == id).expect("a record of this world").event.body.clone()
    }

    pub(crate) fn correct(&mut self, by: &str, target: RecordId, with: Body) -> RecordId {
        let (reason, replacement) = (CorrectReason::Remeasured, Replacement(Box::new(with)));
        self.record(by, Body::Correct(Correct { target, reason, replacement }))
    }

    /// Corrects the mass of an output, in kilograms.
    pub(crate) fn correct_mass(&mut self, by: &str, target: RecordId, output: usize, mass: u64) -> RecordId {
        let mut body = self.body(target);
        let outputs = body.outputs_mut().expect("a kind that creates lots");
        outputs[output].quantity = Maybe::Shown(Quantity::of(kg(mass)));
        self.correct(by, target, body)
    }

    /// Corrects what a record consumed.
    pub(crate) fn correct_inputs(&mut self, by: &str, target: RecordId, inputs: Vec<Input>) -> RecordId {
        let mut body = self.body(target);
        *body.inputs_mut().expect("a kind that consumes") = inputs.into();
        self.correct(by, target, body)
    }

    pub(crate) fn acknowledge(&mut self, by: &str, target: RecordId) -> RecordId {
        self.record(by, Body::Acknowledge(Acknowledge { target }))
    }

    /// Changes the body of a record that is there already, which a real ledger cannot do.
    pub(crate) fn change(&mut self, id: RecordId, change: impl FnOnce(&mut Record)) {
        change(self.records.iter_mut().find(|record| record.id == id).expect("a record of this world"));
    }

    /// The graph of everything, handed over in the order of signing.
    pub(crate) fn graph(&self) -> Graph {
        Graph::build(self.records.clone())
    }

    fn equal_outputs(&self, inputs: &[Input]) -> Vec<Lot> {
        let graph = self.graph();
        let equal = |input: &Input| {
            let source = graph.lot(&input.lot).expect("a lot of this world");
            Lot { quantity: Maybe::Shown(Quantity::of(input.mass)), label: None, ..source.clone() }
        };
        inputs.iter().map(equal).collect()
    }
}

/// Returns someone who keeps no ledger.
pub(crate) fn outsider(name: &str) -> Outsider {
    Outsider { name: name.to_owned(), place: None, identifiers: Vec::new() }
}

/// Returns a touch that papers declare of `output`, in a country, with or without the paper's hash.
pub(crate) fn declared(
    output: u32,
    elements: &[&str],
    step: &str,
    place: &str,
    paper: bool,
) -> DeclaredTouch {
    let elements = elements.iter().map(|one| one.parse::<Element>().expect("an element"));
    DeclaredTouch {
        output,
        elements: ElementSet::from_elements(elements.collect()).expect("distinct elements"),
        step: step.parse().expect("a step"),
        place: place.parse().expect("a place"),
        period: None,
        maker: Maybe::Shown(Some(outsider("Maker"))),
        assessor: Assessor::ThirdParty,
        assessment: Assessment::Accredited,
        document: paper.then(|| sha256(&[b"paper"])),
    }
}
