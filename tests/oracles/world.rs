//! Random worlds: material really flows from pits to lots, and books say of it what was measured.
//!
//! Whatever is stated lies within its stated uncertainty of what is so, for every part of a lot. Books are kept
//! as people keep them: some parts are withheld, some lots were never analysed, some records are corrected, some
//! are not handed to the reader, weights are taken again at each handover.

use std::fmt;

use lodemark::custody::touch::{Touch, TouchPlace};
use lodemark::hash::RecordId;
use lodemark::model::day::Period;
use lodemark::model::element::Element;
use lodemark::model::event::{
    Body, Charge, ClosePeriod, Dispatch, Draw, Extract, Intake, OpeningStock, Receive, Receiver, Refuse,
    Repack, Stock, Transform,
};
use lodemark::model::evidence::Mixing;
use lodemark::model::fraction::Fraction;
use lodemark::model::lot::{Addition, Component, Determined, Input, Lot, Quantity};
use lodemark::model::lotref::LotRef;
use lodemark::model::mass::Mass;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::model::party::Outsider;
use lodemark::model::stage::Step;
use lodemark::model::uncertainty::Uncertainty;

use crate::book::{self, Book, CIRCUIT, COUNTRIES, out};
use crate::chance::Chance;
use crate::flow::{self, ELEMENTS, Held, Mark, Parcel, Q, mass_of, q, ratio, together};

const WHOLE: u64 = 1_000_000_000;
const STEPS: [&str; 5] = ["P20 float", "P30 crack", "P40 extract_solvent", "P50 electrolyse", "P60 melt"];

/// What a world may hold.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub steps: usize,
    /// Masses and shares are as stated, to the last billionth, and nothing is withheld or lost.
    pub exact: bool,
    /// Pieces may be kept apart.
    pub discrete: bool,
    pub circuits: bool,
    /// Inputs per step at most.
    pub inputs: usize,
}

impl Plan {
    pub const EVERYTHING: Self = Self { steps: 14, exact: false, discrete: true, circuits: true, inputs: 4 };
}

/// Touches of which it is asked which share of an element passed any.
#[derive(Clone, Debug)]
pub struct TouchSet {
    countries: Vec<&'static str>,
    stages: Vec<String>,
    pub plants: Option<Vec<usize>>,
    /// Records of which the byte of the id at this place is even.
    pub even: Option<usize>,
}

/// A lot as it truly is, beside what the books say.
#[derive(Clone, Debug)]
pub struct TrueLot {
    pub lot: LotRef,
    pub plant: usize,
    /// All of it, when it was made.
    pub whole: Vec<Parcel>,
    /// Whether the reader is handed its record.
    pub is_held: bool,
    left: Vec<Parcel>,
    material: &'static str,
    stated: u64,
    apart: u64,
    used: u64,
}

/// Books, and what is so.
pub struct World {
    pub seed: u64,
    pub book: Book,
    pub lots: Vec<TrueLot>,
    pub sets: Vec<TouchSet>,
    pub story: Vec<String>,
    plan: Plan,
    chance: Chance,
    lost: Vec<RecordId>,
}

pub fn element(number: usize) -> Element {
    ELEMENTS[number].parse().expect("an element")
}

impl TouchSet {
    fn new(chance: &mut Chance) -> Self {
        let some = |chance: &mut Chance, names: &[&'static str]| -> Vec<&'static str> {
            let every = chance.happens(40);
            names.iter().copied().filter(|_| every || chance.happens(50)).collect()
        };
        let countries = some(chance, &["AU", "CN", "US", "JP"]);
        let stages = some(chance, &["P10", "P20", "P30", "P40", "P50", "P60"]);
        let plants = chance.happens(30).then(|| (0..4).filter(|_| chance.happens(50)).collect());
        let even = chance.happens(50).then(|| chance.below(32));
        Self { countries, stages: stages.into_iter().map(str::to_owned).collect(), plants, even }
    }

    fn holds(&self, record: RecordId, plant: Option<usize>, country: &str, step: Step) -> bool {
        self.even.is_none_or(|at| record.as_bytes()[at].is_multiple_of(2))
            && self.countries.contains(&country)
            && self.stages.contains(&step.stage.to_string())
            && self.plants.as_ref().is_none_or(|plants| plant.is_some_and(|plant| plants.contains(&plant)))
    }

    /// Whether a touch that the program found belongs to the set.
    pub fn has(&self, book: &Book, touch: &Touch) -> bool {
        let TouchPlace::At { facility, place } = &touch.place else { return false };
        let plant = facility.and_then(|facility| book.plant_of(&facility));
        self.holds(touch.record, plant, &place.to_string(), touch.step)
    }
}

impl World {
    /// Returns the world that a seed stands for.
    pub fn new(seed: u64, plan: Plan) -> Self {
        let mut chance = Chance::new(seed);
        let sets = (0..4).map(|_| TouchSet::new(&mut chance)).collect();
        let (lots, story, lost) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { seed, book: Book::new(), lots, sets, story, plan, chance, lost };
        for _ in 0..1 + world.chance.below(3) {
            world.entry();
        }
        for _ in 0..plan.steps {
            world.step();
        }
        for id in world.lost.clone() {
            world.book.lose(id);
        }
        world
    }

    /// Whether what is stated is what is so.
    pub fn is_exact(&self) -> bool {
        self.plan.exact
    }

    fn step(&mut self) {
        self.book.tomorrow();
        let plants: Vec<usize> = (0..4).filter(|plant| !self.on_hand(*plant).is_empty()).collect();
        if plants.is_empty() {
            return self.entry();
        }
        let plant = *self.chance.pick(&plants);
        match self.chance.below(20) {
            0..=2 => self.entry(),
            3..=6 => self.hand_over(plant),
            7..=10 => self.work(plant, false),
            11 if self.plan.circuits => self.campaign(plant),
            _ => self.work(plant, true),
        }
    }

    fn rough(&mut self, percent: u64) -> bool {
        !self.plan.exact && self.chance.happens(percent)
    }

    fn on_hand(&self, plant: usize) -> Vec<usize> {
        let free = |at: &usize| self.lots[*at].plant == plant && self.lots[*at].used < self.lots[*at].stated;
        (0..self.lots.len()).filter(free).collect()
    }

    fn entry(&mut self) {
        let plant = self.chance.below(4);
        let count = 1 + self.chance.below(2);
        let kind = self.chance.below(4);
        let mut parcels = Vec::new();
        for _ in 0..count {
            let mass = q(self.chance.within(50, 5000) * 1_000_000);
            let mut parcel = Parcel { mass, holds: Parcel::nothing().holds };
            let which = self.chance.below(8);
            for number in 0..2 {
                if which > 3 || which % 2 == number {
                    let share = if self.plan.exact {
                        400_000_000
                    } else {
                        self.chance.within(1_000_000, 420_000_000)
                    };
                    parcel.holds[number].total = &parcel.mass * ratio(share, WHOLE);
                }
            }
            parcels.push(vec![parcel]);
        }
        let outputs: Vec<Lot> = Vec::new();
        let at = self.book.at(plant);
        let declares = kind != 2 || self.plan.exact;
        let country = *self.chance.pick(&["AU", "CN", "US", "JP"]);
        let papers: Vec<_> = (0..if declares { count } else { 0 })
            .map(|output| book::declared(output, &[element(0), element(1)], "P10 mine", country))
            .collect();
        let step: Step = "P10 mine".parse().expect("a step");
        let body = match kind {
            0 => Body::Extract(Extract {
                at,
                steps: vec![step],
                deposit: Maybe::Shown(None),
                licence: Maybe::Shown(None),
                outputs,
            }),
            1 => Body::OpeningStock(OpeningStock { at, outputs, touches: papers }),
            _ => Body::Intake(Intake {
                at,
                supplier: Maybe::Shown(Outsider {
                    name: "Supplier".to_owned(),
                    place: None,
                    identifiers: Vec::new(),
                }),
                outputs,
                touches: papers,
            }),
        };
        let sets = self.sets.clone();
        let hit = |set: &TouchSet, record: RecordId| match kind {
            0 => set.holds(record, Some(plant), COUNTRIES[plant], step),
            _ => declares && set.holds(record, None, country, step),
        };
        self.make(plant, body, parcels, |lot, held| {
            let leaf = if kind == 0 || declares { Mark::Leaf(lot.record, lot.index) } else { Mark::Gap };
            held.marks.clear();
            held.set(leaf);
            mark_sets(held, &sets, |set| hit(set, lot.record));
        });
    }

    /// Takes random stretches of what a plant has on hand.
    fn stretches(&mut self, plant: usize, most: usize) -> (Vec<Input>, Vec<Vec<Parcel>>) {
        let mut free = self.on_hand(plant);
        self.chance.shuffle(&mut free);
        free.truncate(1 + self.chance.below(most));
        let (mut inputs, mut taken) = (Vec::new(), Vec::new());
        for at in free {
            let lot = &mut self.lots[at];
            let open = lot.stated - lot.used;
            let mass = match self.chance.below(3) {
                0 => (open * self.chance.within(1, 9) / 10).max(1),
                _ => open,
            };
            let truly = mass_of(&lot.whole) * ratio(mass, lot.stated);
            inputs.push(Input { empties: mass == open, ..book::stretch(lot.lot, lot.used, mass) });
            lot.used += mass;
            self.chance.shuffle(&mut lot.left);
            taken.push(flow::take(&mut lot.left, &truly));
        }
        (inputs, taken)
    }

    /// Blends, splits, packs or changes what a plant has on hand.
    fn work(&mut self, plant: usize, changes: bool) {
        let (inputs, taken) = self.stretches(plant, self.plan.inputs);
        let is_pool = !self.plan.discrete || self.chance.happens(55);
        let mixing = match is_pool {
            true => Mixing::Homogenised,
            false if self.chance.happens(25) => Mixing::Sequential,
            false => Mixing::Discrete,
        };
        let mut pieces: Vec<Parcel> = taken.into_iter().flatten().collect();
        let is_withheld = self.rough(6);
        if is_withheld {
            pieces.iter_mut().for_each(Parcel::end_here);
        }
        let mut additions = Vec::new();
        if changes && self.rough(15) {
            let (addition, parcel) = self.addition();
            additions.push(addition);
            pieces.push(parcel);
        }
        if is_pool || pieces.len() == 1 {
            pieces = vec![together(&pieces)];
        }
        if changes {
            self.process(&mut pieces);
        }
        let count = 1 + self.chance.below(3);
        let parcels = match is_pool && changes && count > 1 && self.chance.happens(40) {
            true => self.separate(&pieces[0], count),
            false => self.portions(pieces, count),
        };
        let at = self.book.at(plant);
        let step: Step = self.chance.pick(&STEPS).parse().expect("a step");
        let inputs = if is_withheld { MaybeList::Withheld(inputs.len() as u64) } else { inputs.into() };
        let (outputs, losses) = (Vec::new(), MaybeList::default());
        let body = match changes {
            true => Body::Transform(Transform {
                at,
                steps: vec![step],
                mixing,
                inputs,
                additions: additions.into(),
                outputs,
                losses,
            }),
            false => Body::Repack(Repack { at, mixing, inputs, outputs, losses }),
        };
        let sets = if changes { self.sets.clone() } else { Vec::new() };
        self.make(plant, body, parcels, |lot, held| {
            mark_sets(held, &sets, |set| set.holds(lot.record, Some(plant), COUNTRIES[plant], step));
        });
    }

    fn addition(&mut self) -> (Addition, Parcel) {
        let mg = self.chance.within(1, 200) * 1_000_000;
        let share = self.chance.within(100_000_000, 900_000_000);
        let mass = q(mg);
        let dysprosium = Held::all(&mass * ratio(share, WHOLE), Mark::Gap);
        let [neodymium, _] = Parcel::nothing().holds;
        let parcel = Parcel { mass, holds: [neodymium, dysprosium] };
        let addition = Addition {
            material: "metal.Dy".parse().expect("a material"),
            mass: Mass::from_mg(mg),
            uncertainty: Uncertainty::default(),
            composition: vec![book::line(element(1), share, 1)],
        };
        (addition, parcel)
    }

    /// Mass and elements get lost, of each piece its own share.
    fn process(&mut self, pieces: &mut [Parcel]) {
        let is_clean = self.plan.exact || self.chance.happens(40);
        let kept = if self.plan.exact { q(1) } else { ratio(self.chance.within(60, 100), 100) };
        for piece in pieces.iter_mut() {
            piece.mass = &piece.mass * &kept;
            for held in &mut piece.holds {
                let recovered = if is_clean { q(1) } else { ratio(self.chance.within(50, 100), 100) };
                *held = held.times(&recovered);
            }
            cap(piece);
        }
    }

    /// Hands out elements of a pool to several products, of each element another share.
    fn separate(&mut self, pool: &Parcel, count: usize) -> Vec<Vec<Parcel>> {
        let mut products = Vec::new();
        let total: Vec<u64> = (0..3).map(|_| self.chance.within(count as u64, 100)).collect();
        for at in 0..count as u64 {
            let share = |of: u64| match at {
                0 => ratio(of - (count as u64 - 1), of),
                _ => ratio(1, of),
            };
            let mass = floor(&(&pool.mass * share(total[2])));
            let mut product = Parcel { mass: q(mass.max(1)), ..pool.clone() };
            for (number, held) in product.holds.iter_mut().enumerate() {
                *held = held.times(&share(total[number]));
            }
            cap(&mut product);
            products.push(vec![product]);
        }
        products
    }

    /// Hands out pieces to several lots of whole milligrams; the fraction of one that is left is lost.
    fn portions(&mut self, pieces: Vec<Parcel>, count: usize) -> Vec<Vec<Parcel>> {
        let all = floor(&mass_of(&pieces));
        let mut pieces = if pieces.len() == 1 { pieces } else { flow::in_pieces(pieces, &mut self.chance) };
        let mut open = all;
        let mut lots = Vec::new();
        for at in 0..count {
            let mass = match at + 1 == count {
                true => open,
                false => open * self.chance.within(1, 9) / 10,
            };
            if mass > 0 {
                lots.push(flow::take(&mut pieces, &q(mass)));
                open -= mass;
            }
        }
        lots
    }

    fn hand_over(&mut self, from: usize) {
        let (inputs, taken) = self.stretches(from, 2);
        let to = (from + 1 + self.chance.below(3)) % 4;
        let dispatch = |world: &Self, outputs: Vec<Lot>| {
            Body::Dispatch(Dispatch {
                at: world.book.at(from),
                receiver: Maybe::Shown(Receiver::Party(book::party(to))),
                inputs: inputs.clone().into(),
                outputs,
                carrier: Maybe::Shown(None),
                due: None,
                stops: Maybe::Shown(Vec::new()),
                claim: None,
            })
        };
        let body = dispatch(self, Vec::new());
        let sent = self.make_as(to, from, body, taken, Some(&inputs), |_, _| {});
        self.book.tomorrow();
        for lot in sent {
            let (all, apart) = (self.lots[lot].stated, self.lots[lot].apart);
            let part = if self.chance.happens(20) { (all / 3).max(1) } else { all };
            for (mass, is_refused) in [(part, self.chance.happens(10)), (all - part, false)] {
                if mass == 0 {
                    continue;
                }
                let input = book::stretch(self.lots[lot].lot, self.lots[lot].used, mass);
                self.lots[lot].used += mass;
                let truly = mass_of(&self.lots[lot].whole) * ratio(mass, all);
                let parcels = flow::take(&mut self.lots[lot].left, &truly);
                if is_refused {
                    let refused = Body::Refuse(Refuse {
                        at: self.book.at(to),
                        receiver: Maybe::Shown(Receiver::Party(book::party(from))),
                        inputs: vec![input].into(),
                        outputs: Vec::new(),
                        reason: Maybe::Shown(None),
                    });
                    let back = self.make_as(from, to, refused, vec![parcels], Some(&[input]), |_, _| {})[0];
                    let again = book::stretch(self.lots[back].lot, 0, mass);
                    self.lots[back].used = mass;
                    let parcels = std::mem::take(&mut self.lots[back].left);
                    self.received(from, again, parcels, apart);
                } else {
                    self.received(to, input, parcels, apart);
                }
            }
        }
    }

    fn received(&mut self, by: usize, input: Input, parcels: Vec<Parcel>, apart: u64) {
        let at = self.book.at(by);
        let is_weighed = apart > 0 && self.chance.happens(70);
        let body = Body::Receive(Receive { at, inputs: vec![input].into(), outputs: Vec::new() });
        let equal = [input];
        self.make_as(by, by, body, vec![parcels], (!is_weighed).then_some(&equal[..]), |_, _| {});
    }

    /// A period of a circuit: stock that was there, charges and draws in turn, and a close.
    fn campaign(&mut self, plant: usize) {
        let first = self.book.today;
        let is_mixed = self.chance.happens(50);
        let mut tank: Vec<Parcel> = Vec::new();
        let mut opening = None;
        // A circuit that was used before goes on with what is in it, which nobody follows here.
        let used = ["charge", "draw"].map(|what| format!("{what} by {plant}"));
        let is_new = !self.story.iter().any(|line| used.iter().any(|used| line.contains(used)));
        if !is_new {
            return self.work(plant, true);
        }
        if self.chance.happens(40) {
            let mg = self.chance.within(50, 2000) * 1_000_000;
            let share = self.chance.within(10_000_000, 400_000_000);
            let held = || Held::all(q(mg) * ratio(share, WHOLE), Mark::Gap);
            tank.push(Parcel { mass: q(mg), holds: [held(), held()] });
            opening = Some(Stock {
                quantity: Quantity::of(Mass::from_mg(mg)),
                composition: vec![book::line(element(0), share, 1), book::line(element(1), share, 1)],
            });
        }
        let mut covers = Vec::new();
        for _ in 0..2 + self.chance.below(4) {
            let on = self.book.today;
            if tank.is_empty() || self.chance.happens(50) {
                if self.on_hand(plant).is_empty() {
                    continue;
                }
                let (inputs, taken) = self.stretches(plant, 2);
                self.story.push(format!("{on} charge by {plant} of {}", described(&inputs)));
                let (at, circuit) = (self.book.at(plant), CIRCUIT.to_owned());
                let additions = MaybeList::default();
                let charge = Charge { at, circuit, inputs: inputs.into(), additions };
                covers.push(self.book.sign(plant, Body::Charge(charge)));
                tank.extend(taken.into_iter().flatten());
                if is_mixed {
                    tank = vec![together(&tank)];
                }
            } else {
                let share = ratio(self.chance.within(1, 9), 10);
                let mass = q(floor(&(mass_of(&tank) * share)).max(1));
                if !is_mixed {
                    self.chance.shuffle(&mut tank);
                }
                let mut drawn = flow::take(&mut tank, &mass);
                self.process(&mut drawn);
                let parcels = self.portions(drawn, 1);
                let step: Step = "P40 extract_solvent".parse().expect("a step");
                let sets = self.sets.clone();
                let (at, circuit) = (self.book.at(plant), CIRCUIT.to_owned());
                let body = Body::Draw(Draw { at, circuit, steps: vec![step], outputs: Vec::new() });
                let made = self.make(plant, body, parcels, |lot, held| {
                    mark_sets(held, &sets, |set| set.holds(lot.record, Some(plant), COUNTRIES[plant], step));
                });
                covers.extend(made.first().map(|at| self.lots[*at].lot.record));
            }
            self.book.tomorrow();
        }
        let stock = |parcels: &[Parcel]| {
            let all = together(parcels);
            (all.mass > q(0)).then(|| Stock {
                quantity: Quantity {
                    uncertainty: uncertainty(1_000_000),
                    ..Quantity::of(Mass::from_mg(floor(&all.mass).max(1)))
                },
                composition: Vec::new(),
            })
        };
        let period = Period { first, last: self.book.today, offset: None };
        let close = ClosePeriod {
            at: self.book.during(plant, period),
            circuit: CIRCUIT.to_owned(),
            previous: None,
            opening: Maybe::Shown(opening),
            closing: Maybe::Shown(stock(&tank)),
            losses: MaybeList::default(),
            covers: covers.into(),
        };
        self.book.sign(plant, Body::ClosePeriod(close));
    }

    fn make(
        &mut self,
        plant: usize,
        body: Body,
        parcels: Vec<Vec<Parcel>>,
        mark: impl Fn(LotRef, &mut Held),
    ) -> Vec<usize> {
        self.make_as(plant, plant, body, parcels, None, mark)
    }

    /// Signs `body` with lots that `parcels` truly are, for `holder` to use; at the masses of `equal` where given.
    fn make_as(
        &mut self,
        holder: usize,
        by: usize,
        mut body: Body,
        parcels: Vec<Vec<Parcel>>,
        equal: Option<&[Input]>,
        mark: impl Fn(LotRef, &mut Held),
    ) -> Vec<usize> {
        let is_handover = body.is_pairwise();
        let (mut lots, mut made) = (Vec::new(), Vec::new());
        for (number, parcels) in parcels.into_iter().enumerate() {
            let truly = mass_of(&parcels);
            let (stated, apart) = match equal {
                Some(inputs) => {
                    let from =
                        self.lots.iter().find(|lot| lot.lot == inputs[number].lot).expect("an own lot");
                    (inputs[number].mass.mg(), from.apart)
                }
                None => self.weigh(&truly),
            };
            let material = match (is_handover, body.inputs().and_then(MaybeList::shown)) {
                (true, Some(inputs)) => {
                    self.lots.iter().find(|lot| lot.lot == inputs[number].lot).expect("an own lot").material
                }
                _ => self.material(&parcels),
            };
            let mut lot = book::lot(material, stated);
            lot.quantity = match apart <= 10_000_000 && self.rough(5) {
                true => Maybe::Withheld,
                false => Maybe::Shown(Quantity {
                    uncertainty: uncertainty(apart),
                    ..Quantity::of(Mass::from_mg(stated))
                }),
            };
            let carries_over = is_handover || matches!(body, Body::Repack(_));
            lot.composition = match () {
                () if self.rough(8) => Maybe::Withheld,
                () if carries_over && (self.plan.exact || self.chance.happens(70)) => {
                    Maybe::Shown(Vec::new())
                }
                () => Maybe::Shown(self.analyse(&parcels)),
            };
            // A mass that nobody states lies within the two per cent that a stretch of it is given.
            made.push((material, stated, apart, parcels));
            lots.push(lot);
        }
        if let Some(outputs) = body.outputs_mut() {
            *outputs = lots;
        }
        let is_lost = !is_handover && self.rough(4);
        let id = self.sign(by, body);
        if is_lost {
            self.lost.push(id);
        }
        let mut places = Vec::new();
        for (number, (material, stated, apart, mut parcels)) in made.into_iter().enumerate() {
            let lot = out(id, number);
            for parcel in &mut parcels {
                parcel.holds.iter_mut().for_each(|held| mark(lot, held));
                if is_lost {
                    parcel.end_here();
                }
            }
            places.push(self.lots.len());
            let left = parcels.clone();
            self.lots.push(TrueLot {
                lot,
                plant: holder,
                whole: parcels,
                is_held: !is_lost,
                left,
                material,
                stated,
                apart,
                used: 0,
            });
        }
        self.tell(id, is_lost, &places);
        places
    }

    /// Signs an event, now and then wrongly at first.
    fn sign(&mut self, by: usize, body: Body) -> RecordId {
        let is_corrected = self.rough(8);
        if !is_corrected {
            return self.book.sign(by, body);
        }
        let mut wrong = body.clone();
        for lot in wrong.outputs_mut().into_iter().flatten() {
            if let Maybe::Shown(quantity) = &mut lot.quantity {
                quantity.mass = Mass::from_mg(quantity.mass.mg() * 2);
            }
            lot.composition = Maybe::Shown(vec![book::line(element(0), 1_000_000, 0)]);
        }
        let id = self.book.sign(by, wrong);
        self.book.correct(by, id, body);
        id
    }

    /// Returns what a scale shows of a mass, and its uncertainty in parts per billion.
    fn weigh(&mut self, truly: &Q) -> (u64, u64) {
        if self.plan.exact {
            return (floor(truly), 0);
        }
        // A scale that shows milligrams is no better than two of them.
        let least = 2 * WHOLE / floor(truly).max(1) + 1;
        let apart = least.max(*self.chance.pick(&[100_000, 1_000_000, 5_000_000, 10_000_000])).min(2 * WHOLE);
        (near(truly, apart, &mut self.chance).max(1), apart)
    }

    /// Returns lines of an analysis that are right for every parcel, or none.
    fn analyse(&mut self, parcels: &[Parcel]) -> Vec<Component> {
        let mut lines = Vec::new();
        for number in 0..2 {
            let contents: Vec<Q> = parcels.iter().map(|parcel| parcel.content(number)).collect();
            let (least, most) =
                (contents.iter().min().expect("parcels"), contents.iter().max().expect("parcels"));
            if self.rough(15) || *most == q(0) {
                if *most == q(0) && (self.plan.exact || self.chance.happens(50)) {
                    let limit =
                        Determined::BelowLimit(Fraction::from_ppb(if self.plan.exact { 0 } else { 1000 }));
                    lines.push(Component { value: limit, ..book::line(element(number), 0, 0) });
                }
                continue;
            }
            let middle = (least + most) / q(2);
            let wanted = match self.plan.exact {
                true => 0,
                false => *self.chance.pick(&[1_000_000, 10_000_000, 20_000_000]),
            };
            let share = near(&(&middle * q(WHOLE)), wanted, &mut self.chance).max(1);
            let mut apart = wanted.max(1);
            let encloses = |apart: u64| {
                let low = ratio(share, WHOLE) * ratio(WHOLE.saturating_sub(apart), WHOLE);
                let high = ratio(share, WHOLE) * ratio(WHOLE + apart, WHOLE);
                low <= *least && *most <= high
            };
            while !encloses(apart) && apart < 4 * WHOLE {
                apart = (apart + apart / 8 + 1).min(4 * WHOLE);
            }
            if !encloses(apart) {
                continue;
            }
            // None stated means two per cent.
            let apart = if apart == 20_000_000 { 0 } else { apart };
            lines.push(book::line(element(number), share, apart));
        }
        lines
    }

    fn material(&mut self, parcels: &[Parcel]) -> &'static str {
        let holds = |number: usize| parcels.iter().any(|parcel| parcel.holds[number].total > q(0));
        let every = |number: usize| parcels.iter().all(|parcel| parcel.holds[number].total > q(0));
        let mut codes = vec!["concentrate", "ore"];
        match (holds(0), holds(1)) {
            (true, true) if every(0) => codes.push("alloy.NdFeB"),
            (true, false) if every(0) => codes.extend(["metal.Nd", "oxide.Nd", "alloy.NdFeB"]),
            (false, true) if every(1) => codes.extend(["metal.Dy", "oxide.Dy"]),
            _ => {}
        }
        self.chance.pick::<&str>(&codes)
    }

    fn tell(&mut self, id: RecordId, is_lost: bool, made: &[usize]) {
        let record = self.book.records.iter().find(|record| record.id == id).expect("it was signed");
        let body = &record.event.body;
        let inputs = body.inputs().and_then(MaybeList::shown).unwrap_or_default();
        let hidden = if body.inputs().is_some_and(MaybeList::is_withheld) { " withheld" } else { "" };
        let mixing = match body {
            Body::Transform(one) => format!(" {} {} (+{})", one.mixing, one.steps[0], one.additions.count()),
            Body::Repack(one) => format!(" {}", one.mixing),
            _ => String::new(),
        };
        let lost = if is_lost { " LOST" } else { "" };
        let mut line = format!(
            "{} {}{mixing} by {} of {}{hidden} ->{lost}",
            self.book.today,
            record.kind(),
            self.lots.last().map_or(0, |lot| lot.plant),
            described(inputs)
        );
        for at in made {
            let lot = &self.lots[*at];
            let stated = &body.outputs()[lot.lot.index as usize];
            let shown = if stated.quantity.is_withheld() { " (withheld)" } else { "" };
            let truly: Vec<String> = lot
                .whole
                .iter()
                .map(|parcel| {
                    let of = |number: usize| short(&parcel.content(number));
                    format!("{} kg {}/{}", short(&(&parcel.mass / q(1_000_000))), of(0), of(1))
                })
                .collect();
            line += &format!(
                "\n      {} {} {} mg +-{} ppb{shown} says {}; truly {}",
                name(&lot.lot),
                lot.material,
                lot.stated,
                lot.apart,
                lines(stated),
                truly.join(", ")
            );
        }
        self.story.push(line);
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "world of seed {} with {:?}", self.seed, self.plan)?;
        for (number, set) in self.sets.iter().enumerate() {
            writeln!(f, "  set {number}: {set:?}")?;
        }
        self.story.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

/// Returns how a lot is called in stories.
pub fn name(lot: &LotRef) -> String {
    format!("{}:{}", &lot.record.to_string()[..6], lot.index)
}

fn lines(lot: &Lot) -> String {
    let Maybe::Shown(lines) = &lot.composition else { return "withheld".to_owned() };
    let of = |line: &Component| format!("{:?} {:?} +-{}", line.elements, line.value, line.uncertainty);
    lines.iter().map(of).collect::<Vec<_>>().join(" ")
}

fn described(inputs: &[Input]) -> String {
    let of = |input: &Input| format!("{}[{}+{}]", name(&input.lot), input.from.mg(), input.mass.mg());
    inputs.iter().map(of).collect::<Vec<_>>().join(" ")
}

/// Returns a number as people read it.
pub fn short(number: &Q) -> String {
    let thousandths = floor(&(number * q(1_000_000)));
    format!("{}.{:06}", thousandths / 1_000_000, thousandths % 1_000_000)
}

pub fn floor(number: &Q) -> u64 {
    number.to_integer().to_string().parse().expect("it fits 64 bits")
}

fn uncertainty(ppb: u64) -> Uncertainty {
    Uncertainty { random: Fraction::from_ppb(ppb as u32), bias: Fraction::ZERO }
}

/// Returns a whole number within nine tenths of `apart` parts per billion of `truly`, or the nearest.
fn near(truly: &Q, apart: u64, chance: &mut Chance) -> u64 {
    let most = apart * 9 / 10;
    let off = chance.within(0, 2 * most);
    floor(&(truly * ratio(WHOLE + off - most, WHOLE) + ratio(1, 2)))
}

fn mark_sets(held: &mut Held, sets: &[TouchSet], hit: impl Fn(&TouchSet) -> bool) {
    for (number, _) in sets.iter().enumerate().filter(|(_, set)| hit(set)) {
        held.set(Mark::Set(number));
    }
}

/// More than so much of a piece is never of the two elements.
fn cap(piece: &mut Parcel) {
    for held in &mut piece.holds {
        let most = &piece.mass * ratio(425, 1000);
        if held.total > most {
            let share = most / &held.total;
            *held = held.times(&share);
        }
    }
}
