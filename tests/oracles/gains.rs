//! What truly conserves is never called a gain, what does not by more than all uncertainties together always is.

use lodemark::balance::{self, bands::Bands};
use lodemark::custody::graph::Graph;
use lodemark::hash::RecordId;
use lodemark::model::event::{Body, Dispatch, Extract, Receive, Receiver, Transform};
use lodemark::model::evidence::Mixing;
use lodemark::model::finding::{Finding, FindingCode, Weight};
use lodemark::model::fraction::Fraction;
use lodemark::model::lot::{Input, Lot, Quantity};
use lodemark::model::mass::Mass;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::model::uncertainty::Uncertainty;

use crate::book::{self, Book, out};
use crate::chance::Chance;
use crate::flow::{Q, q, ratio};
use crate::world::{Plan, World, element};

const WHOLE: u64 = 1_000_000_000;

#[test]
fn worlds_in_which_everything_conserves_are_never_accused() {
    let bands = Bands::embedded();
    let mut said = 0;
    for seed in 0..crate::many(4000) {
        let world = World::new(seed, Plan::EVERYTHING);
        let findings = balance::findings(&world.book.graph(), &bands);
        said += findings.len();
        let accuses = |one: &&Finding| one.weight == Weight::Fail || one.code == FindingCode::ElementGain;
        let wrong: Vec<&Finding> = findings.iter().filter(accuses).collect();
        assert!(wrong.is_empty(), "{wrong:#?}\n{world}");
    }
    println!("{said} findings, none of them a gain or a fail");
}

/// A measured mass of metal with a measured share, as a record states it.
#[derive(Clone, Copy, Debug)]
struct Stated {
    mg: u64,
    mass_apart: u64,
    share: u64,
    share_apart: u64,
}

impl Stated {
    fn new(chance: &mut Chance) -> Self {
        Self {
            mg: chance.within(1_000_000, 9_000_000_000),
            mass_apart: *chance.pick(&[0, 1_000_000, 5_000_000]),
            share: chance.within(100_000_000, 500_000_000),
            share_apart: *chance.pick(&[1, 1_000_000, 10_000_000]),
        }
    }

    fn lot(&self) -> Lot {
        let random = Fraction::from_ppb(self.mass_apart as u32);
        let uncertainty = Uncertainty { random, bias: Fraction::ZERO };
        let mut lot = book::lot("metal.Nd", self.mg);
        lot.quantity = Maybe::Shown(Quantity { uncertainty, ..Quantity::of(Mass::from_mg(self.mg)) });
        lot.composition = Maybe::Shown(vec![book::line(element(0), self.share, self.share_apart)]);
        lot
    }

    fn most(&self) -> Q {
        q(self.mg)
            * ratio(WHOLE + self.mass_apart, WHOLE)
            * ratio(self.share, WHOLE)
            * ratio(WHOLE + self.share_apart, WHOLE)
    }

    fn least(&self) -> Q {
        q(self.mg)
            * ratio(WHOLE - self.mass_apart, WHOLE)
            * ratio(self.share, WHOLE)
            * ratio(WHOLE - self.share_apart, WHOLE)
    }
}

/// A melt of some lots, some of them handed over, into one or two.
struct Melt {
    book: Book,
    melt: RecordId,
    inputs: Vec<Stated>,
    outputs: Vec<Stated>,
}

impl Melt {
    /// Returns a melt that gives so many millionths of what conservation allows at most.
    fn new(chance: &mut Chance, millionths: u64) -> Self {
        let mut book = Book::new();
        let (mut inputs, mut stretches): (Vec<Stated>, Vec<Input>) = (Vec::new(), Vec::new());
        for _ in 0..1 + chance.below(5) {
            let stated = Stated::new(chance);
            let miner = chance.below(4);
            let body = Body::Extract(Extract {
                at: book.at(miner),
                steps: vec!["P10 mine".parse().expect("a step")],
                deposit: Maybe::Shown(None),
                licence: Maybe::Shown(None),
                outputs: vec![stated.lot()],
            });
            let mut lot = out(book.sign(miner, body), 0);
            if miner != 0 {
                lot = handed_over(&mut book, miner, book::stretch(lot, 0, stated.mg), &stated.lot());
            }
            inputs.push(stated);
            stretches.push(book::stretch(lot, 0, stated.mg));
        }
        let allowed: Q = inputs.iter().map(Stated::most).sum();
        let count = 1 + chance.below(2) as u64;
        let mut outputs = Vec::new();
        for _ in 0..count {
            let one = Stated::new(chance);
            // The mass at which the least that it holds is its part of what is asked.
            let target = &allowed * ratio(millionths, 1_000_000) / q(count);
            let per_mg = Stated { mg: 1, ..one }.least();
            let mg = crate::world::floor(&(target / per_mg));
            outputs.push(Stated { mg: if millionths > 1_000_000 { mg + 1 } else { mg.max(1) }, ..one });
        }
        let body = Body::Transform(Transform {
            at: book.at(0),
            steps: vec!["P60 melt".parse().expect("a step")],
            mixing: Mixing::Homogenised,
            inputs: stretches.into(),
            additions: MaybeList::default(),
            outputs: outputs.iter().map(Stated::lot).collect(),
            losses: MaybeList::default(),
        });
        let melt = book.sign(0, body);
        Self { book, melt, inputs, outputs }
    }

    fn gains(&self, graph: &Graph, bands: &Bands) -> Vec<Finding> {
        let about = |one: &Finding| one.code == FindingCode::ElementGain && one.records.contains(&self.melt);
        balance::findings(graph, bands).into_iter().filter(about).collect()
    }

    /// Returns the findings that are left when the reader is not handed some records.
    fn without(&self, lost: &[RecordId], bands: &Bands) -> Vec<Finding> {
        let mut book = self.book.clone();
        lost.iter().for_each(|id| book.lose(*id));
        self.gains(&book.graph(), bands)
    }
}

/// Hands over a whole lot to plant 0, which takes it at the mass and content it was sent at.
fn handed_over(book: &mut Book, from: usize, input: Input, lot: &Lot) -> lodemark::model::lotref::LotRef {
    let silent = Lot { composition: Maybe::Shown(Vec::new()), ..lot.clone() };
    let sent = book.sign(
        from,
        Body::Dispatch(Dispatch {
            at: book.at(from),
            receiver: Maybe::Shown(Receiver::Party(book::party(0))),
            inputs: vec![input].into(),
            outputs: vec![silent.clone()],
            carrier: Maybe::Shown(None),
            due: None,
            stops: Maybe::Shown(Vec::new()),
            claim: None,
        }),
    );
    let at = book.at(0);
    let taken = Input { lot: out(sent, 0), ..input };
    let body = Body::Receive(Receive { at, inputs: vec![taken].into(), outputs: vec![silent] });
    out(book.sign(0, body), 0)
}

#[test]
fn a_gain_is_found_exactly_beyond_the_linear_sum_of_all_uncertainties() {
    let bands = Bands::embedded();
    for seed in 0..crate::many(3000) {
        for (millionths, is_gain) in [(999_999, false), (1_000_001, true), (1_200_000, true)] {
            let melt = Melt::new(&mut Chance::new(seed), millionths);
            let graph = melt.book.graph();
            let found = melt.gains(&graph, &bands);
            let fails = found.iter().any(|one| one.weight == Weight::Fail);
            let (inputs, outputs) = (&melt.inputs, &melt.outputs);
            assert_eq!(fails, is_gain, "seed {seed}, {millionths}: {inputs:?} into {outputs:?}: {found:#?}");
            assert_eq!(!found.is_empty(), is_gain, "seed {seed}, {millionths}: {found:#?}");
        }
    }
}

#[test]
fn reasons_of_a_gain_contradict_alone_and_not_without_any_one_of_them() {
    let bands = Bands::embedded();
    let (mut sets, mut spared) = (0, 0);
    for seed in 0..crate::many(3000) {
        let millionths =
            *[1_000_001, 1_050_000, 1_300_000, 2_000_000, 4_000_000].get(seed as usize % 5).expect("five");
        let melt = Melt::new(&mut Chance::new(seed), millionths);
        let found = melt.gains(&melt.book.graph(), &bands);
        let set = &found.iter().find(|one| one.weight == Weight::Fail).expect("a gain").records;
        // Whatever tells of lots and is not among the reasons; who and where is told without it.
        let moves = melt.book.records.iter().filter(|record| !record.event.body.outputs().is_empty());
        let others: Vec<RecordId> = moves.map(|record| record.id).filter(|id| !set.contains(id)).collect();
        let left = melt.without(&others, &bands);
        assert!(
            !left.is_empty(),
            "seed {seed}: {set:?} alone contradict nothing, as they should: {found:#?}"
        );
        for one in set {
            let left = melt.without(&[&others[..], &[*one]].concat(), &bands);
            assert!(
                left.is_empty(),
                "seed {seed}: the rest of the set without {one} is still {left:#?}\nof {found:#?}"
            );
        }
        sets += 1;
        spared += others.len();
    }
    println!("{sets} sets, {spared} records spared");
}
