//! Brute force: small graphs of separate pieces, with every way of making up the lots tried in turn.
//!
//! Each lot is a few pieces of one kilogram. A step takes pieces of earlier lots and packs them into new ones (any piece
//! may be in any of them) or melts them together (each then holds the same of everything). Every assignment of pieces
//! gives a share of what was touched; the bounds must enclose the least and the most of them. All assignments of all steps
//! together are tried, so that what is exact here is exact for lots of pieces.

use std::collections::BTreeMap;

use lodemark::balance::bands::Bands;
use lodemark::balance::content::Contents;
use lodemark::hash::RecordId;
use lodemark::model::event::{Body, Extract, Repack, Transform};
use lodemark::model::evidence::Mixing;
use lodemark::model::interval::ONE;
use lodemark::model::lot::Lot;
use lodemark::model::lotref::LotRef;
use lodemark::model::maybe::{Maybe, MaybeList};
use lodemark::origin::traced::Traced;

use crate::book::{self, Book, out};
use crate::chance::Chance;
use crate::flow::{Q, q, ratio};
use crate::world::{element, name, short};

const KG: u64 = 1_000_000;
/// More ways than this are not tried.
const MOST_WAYS: usize = 6_000;

/// One step: pieces of which lots go in, and how many pieces each new lot gets.
#[derive(Clone, Debug)]
struct Step {
    /// Numbers of lots, each with how many of its pieces.
    inputs: Vec<(usize, usize)>,
    outputs: Vec<usize>,
    melts: bool,
    is_touched: bool,
}

/// What a lot can be made up of: for each of its pieces, how much of it was touched.
type Pieces = Vec<Q>;
/// All lots, each as the pieces that are not used yet and the share of all of it that was touched.
type State = Vec<(Pieces, Q)>;

struct Small {
    steps: Vec<Step>,
}

impl Small {
    fn new(chance: &mut Chance) -> Self {
        let mut left: Vec<usize> = Vec::new();
        let mut steps: Vec<Step> = Vec::new();
        for _ in 0..2 + chance.below(7) {
            let free: Vec<usize> = (0..left.len()).filter(|lot| left[*lot] > 0).collect();
            let mut inputs = Vec::new();
            if free.len() > 1 && !chance.happens(35) {
                let mut picked = free.clone();
                chance.shuffle(&mut picked);
                picked.truncate(1 + chance.below(3));
                for lot in picked {
                    let count = 1 + chance.below(left[lot]);
                    left[lot] -= count;
                    inputs.push((lot, count));
                }
            }
            let pieces =
                if inputs.is_empty() { 1 + chance.below(3) } else { inputs.iter().map(|(_, n)| n).sum() };
            let mut outputs = Vec::new();
            let mut open = pieces;
            while open > 0 {
                let count = if outputs.len() == 2 { open } else { 1 + chance.below(open) };
                outputs.push(count);
                open -= count;
            }
            if inputs.is_empty() {
                outputs = vec![pieces];
            }
            left.extend(&outputs);
            steps.push(Step { inputs, outputs, melts: chance.happens(35), is_touched: chance.happens(45) });
        }
        Self { steps }
    }

    /// Whether the bounds are exact: no lot is split and none of its sources is met twice.
    fn is_tree(&self) -> bool {
        let mut uses: BTreeMap<usize, usize> = BTreeMap::new();
        self.steps
            .iter()
            .flat_map(|step| &step.inputs)
            .for_each(|(lot, _)| *uses.entry(*lot).or_default() += 1);
        uses.values().all(|uses| *uses == 1) && self.steps.iter().all(|step| step.outputs.len() == 1)
    }

    /// Whether nothing but melts joins lots or splits them.
    fn is_proportional(&self) -> bool {
        self.steps.iter().all(|step| step.melts || (step.inputs.len() <= 1))
    }

    /// Returns the least and most share of each lot, over all ways; `None` where there are too many.
    fn ranges(&self) -> Option<Vec<(Q, Q)>> {
        let mut states: Vec<State> = vec![Vec::new()];
        for step in &self.steps {
            let mut next: Vec<State> = Vec::new();
            for state in states {
                next.extend(ways(&state, step));
                if next.len() > MOST_WAYS {
                    return None;
                }
            }
            states = next;
        }
        let lots = states[0].len();
        let range = |lot: usize| {
            let shares = || states.iter().map(|state| state[lot].1.clone());
            (shares().min().expect("a way"), shares().max().expect("a way"))
        };
        Some((0..lots).map(range).collect())
    }

    /// Signs records of it; returns the lots and which records count as touched.
    fn book(&self) -> (Book, Vec<LotRef>, Vec<RecordId>) {
        let mut book = Book::new();
        let (mut lots, mut masses, mut used) = (Vec::new(), Vec::new(), Vec::new());
        let mut touched = Vec::new();
        for step in &self.steps {
            let lot = |pieces: &usize| -> Lot {
                let mut lot = book::lot("metal.Nd", *pieces as u64 * KG);
                lot.composition = Maybe::Shown(vec![book::line(element(0), 1_000_000_000, 1)]);
                lot
            };
            let outputs: Vec<Lot> = step.outputs.iter().map(lot).collect();
            let mut inputs = Vec::new();
            for (from, count) in &step.inputs {
                inputs.push(book::stretch(lots[*from], used[*from], *count as u64 * KG));
                used[*from] += *count as u64 * KG;
            }
            let (at, mixing) = (book.at(0), if step.melts { Mixing::Homogenised } else { Mixing::Discrete });
            let losses = MaybeList::default();
            let body = match (step.inputs.is_empty(), step.is_touched) {
                (true, _) => Body::Extract(Extract {
                    at,
                    steps: vec!["P10 mine".parse().expect("a step")],
                    deposit: Maybe::Shown(None),
                    licence: Maybe::Shown(None),
                    outputs,
                }),
                (false, true) => Body::Transform(Transform {
                    at,
                    steps: vec!["P60 melt".parse().expect("a step")],
                    mixing,
                    inputs: inputs.into(),
                    additions: MaybeList::default(),
                    outputs,
                    losses,
                }),
                (false, false) => Body::Repack(Repack { at, mixing, inputs: inputs.into(), outputs, losses }),
            };
            let id = book.sign(0, body);
            touched.extend(step.is_touched.then_some(id));
            for (number, pieces) in step.outputs.iter().enumerate() {
                lots.push(out(id, number));
                masses.push(*pieces as u64 * KG);
                used.push(0);
            }
        }
        (book, lots, touched)
    }
}

/// Returns every state that a step can lead to.
fn ways(state: &State, step: &Step) -> Vec<State> {
    let mut open: Vec<(State, Pieces)> = vec![(state.clone(), Vec::new())];
    for (lot, count) in &step.inputs {
        let mut next = Vec::new();
        for (state, taken) in open {
            for (picked, left) in choices(&state[*lot].0, *count) {
                let mut state = state.clone();
                state[*lot].0 = left;
                next.push((state, [taken.clone(), picked].concat()));
            }
        }
        open = next;
    }
    let mut all = Vec::new();
    for (state, mut pieces) in open {
        if step.inputs.is_empty() {
            pieces = vec![q(0); step.outputs.iter().sum()];
        }
        if step.is_touched {
            pieces = vec![q(1); pieces.len()];
        }
        if step.melts {
            let mean = pieces.iter().sum::<Q>() / q(pieces.len() as u64);
            pieces = vec![mean; pieces.len()];
        }
        let mut packed: Vec<(State, Pieces)> = vec![(state, pieces)];
        for count in &step.outputs {
            let mut next = Vec::new();
            for (state, pieces) in packed {
                for (picked, left) in choices(&pieces, *count) {
                    let mut state = state.clone();
                    let share = picked.iter().sum::<Q>() / q(*count as u64);
                    state.push((picked, share));
                    next.push((state, left));
                }
            }
            packed = next;
        }
        all.extend(packed.into_iter().map(|(state, _)| state));
    }
    all.sort();
    all.dedup();
    all
}

/// Returns every way to pick some of `pieces`, with what is left; ways that look alike once.
fn choices(pieces: &[Q], count: usize) -> Vec<(Pieces, Pieces)> {
    let mut found: Vec<(Pieces, Pieces)> = Vec::new();
    for mask in 0u32..1 << pieces.len() {
        if mask.count_ones() as usize != count {
            continue;
        }
        let part = |wanted: bool| -> Pieces {
            let mut part: Pieces = (pieces.iter().enumerate())
                .filter(|(at, _)| (mask >> at & 1 == 1) == wanted)
                .map(|(_, piece)| piece.clone())
                .collect();
            part.sort();
            part
        };
        found.push((part(true), part(false)));
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn bounds_of_small_graphs_hold_every_way_and_are_exact_on_trees() {
    let bands = Bands::embedded();
    // Shares are stated to the billionth, which makes that much of a difference for each step.
    let close = ratio(100, 1_000_000_000);
    let (mut asked, mut wider, mut by, mut skipped) = (0, 0, q(0), 0);
    for seed in 0..crate::many(6000) {
        let small = Small::new(&mut Chance::new(seed));
        let Some(ranges) = small.ranges() else {
            skipped += 1;
            continue;
        };
        let (book, lots, touched) = small.book();
        let graph = book.graph();
        let contents = Contents::new(&graph, &bands);
        let must_be_exact = small.is_tree() || small.is_proportional();
        for (lot, (least, most)) in lots.iter().zip(&ranges) {
            let said = Traced::new(&contents, lot, element(0)).share(|touch| touched.contains(&touch.record));
            // A repack has no step, so nothing is done to what passes it.
            let [low, high] =
                [said.low, said.high].map(|end| Q::from_integer(end.into()) / Q::from_integer(ONE.into()));
            let say = || {
                let [low, high] = [&low, &high].map(short);
                let (least, most) = (short(least), short(most));
                format!(
                    "seed {seed}: {} has {least} to {most}, said {low} to {high}\n{:#?}",
                    name(lot),
                    small.steps
                )
            };
            assert!(low <= *least && *most <= high, "too narrow: {}", say());
            let slack = (least - &low).max(&high - most);
            assert!(!must_be_exact || slack <= close, "not exact: {}", say());
            asked += 1;
            if slack > close {
                wider += 1;
                by = by.max(slack);
            }
        }
    }
    println!(
        "{asked} lots, {wider} with bounds wider than every way, by {} at most; {skipped} graphs too large",
        short(&by)
    );
}
