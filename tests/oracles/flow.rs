//! What truly happens to mass: parcels of material with exact masses of two elements, and what each went through.

use std::collections::BTreeMap;
use std::ops::{Add, Mul};

use num_rational::BigRational;

use lodemark::hash::RecordId;

use crate::chance::Chance;

/// Exact fractions of any size.
pub type Q = BigRational;

/// The elements that are followed.
pub const ELEMENTS: [&str; 2] = ["Nd", "Dy"];

pub fn q(whole: u64) -> Q {
    Q::from_integer(whole.into())
}

pub fn ratio(part: u64, whole: u64) -> Q {
    Q::new(part.into(), whole.into())
}

/// What is counted of an element beside its mass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// What came in where the records end.
    Gap,
    /// What came in as this output.
    Leaf(RecordId, u32),
    /// What a touch of this set was done to.
    Set(usize),
}

/// Mass of an element, and how much of it bears each mark.
#[derive(Clone, Debug)]
pub struct Held {
    pub total: Q,
    pub marks: BTreeMap<Mark, Q>,
}

/// Material that is alike throughout.
#[derive(Clone, Debug)]
pub struct Parcel {
    pub mass: Q,
    pub holds: [Held; 2],
}

impl Held {
    fn none() -> Self {
        Self { total: q(0), marks: BTreeMap::new() }
    }

    /// Returns mass of which all bears one mark.
    pub fn all(total: Q, mark: Mark) -> Self {
        Self { marks: BTreeMap::from([(mark, total.clone())]), total }
    }

    pub fn of(&self, mark: Mark) -> Q {
        self.marks.get(&mark).cloned().unwrap_or_else(|| q(0))
    }

    pub fn set(&mut self, mark: Mark) {
        self.marks.insert(mark, self.total.clone());
    }

    pub fn times(&self, share: &Q) -> Self {
        let marks = self.marks.iter().map(|(mark, mass)| (*mark, mass.mul(share))).collect();
        Self { total: (&self.total).mul(share), marks }
    }

    fn add(&mut self, other: &Self) {
        self.total += &other.total;
        for (mark, mass) in &other.marks {
            let sum = self.marks.entry(*mark).or_insert_with(|| q(0));
            *sum = (&*sum).add(mass);
        }
    }
}

impl Parcel {
    pub fn nothing() -> Self {
        Self { mass: q(0), holds: [Held::none(), Held::none()] }
    }

    /// Returns a share of it, with the same of everything.
    pub fn times(&self, share: &Q) -> Self {
        Self { mass: (&self.mass).mul(share), holds: self.holds.clone().map(|held| held.times(share)) }
    }

    pub fn add(&mut self, other: &Self) {
        self.mass += &other.mass;
        for (held, more) in self.holds.iter_mut().zip(&other.holds) {
            held.add(more);
        }
    }

    /// Forgets where it came from: for the reader the records end here.
    pub fn end_here(&mut self) {
        for held in &mut self.holds {
            *held = Held::all(held.total.clone(), Mark::Gap);
        }
    }

    /// Returns the share of its mass that is the element.
    pub fn content(&self, element: usize) -> Q {
        &self.holds[element].total / &self.mass
    }
}

/// Returns all of it as one.
pub fn together(parcels: &[Parcel]) -> Parcel {
    let mut all = Parcel::nothing();
    parcels.iter().for_each(|parcel| all.add(parcel));
    all
}

pub fn mass_of(parcels: &[Parcel]) -> Q {
    parcels.iter().map(|parcel| parcel.mass.clone()).sum()
}

/// Takes `mass` out of parcels, from the first on; the last one taken is cut.
pub fn take(parcels: &mut Vec<Parcel>, mass: &Q) -> Vec<Parcel> {
    let mut taken = Vec::new();
    let mut open = mass.clone();
    while open > q(0) && !parcels.is_empty() {
        if parcels[0].mass <= open {
            let whole = parcels.remove(0);
            open -= &whole.mass;
            taken.push(whole);
        } else {
            let share = &open / &parcels[0].mass;
            taken.push(parcels[0].times(&share));
            parcels[0] = parcels[0].times(&(q(1) - share));
            open = q(0);
        }
    }
    taken
}

/// Cuts parcels into pieces and mixes the pieces up; pieces stay what they are.
pub fn in_pieces(parcels: Vec<Parcel>, chance: &mut Chance) -> Vec<Parcel> {
    let is_fine = parcels.len() > 6;
    let mut pieces = Vec::new();
    for parcel in parcels {
        if is_fine || chance.happens(50) {
            pieces.push(parcel);
            continue;
        }
        let part = ratio(chance.within(1, 9), 10);
        pieces.push(parcel.times(&part));
        pieces.push(parcel.times(&(q(1) - part)));
    }
    chance.shuffle(&mut pieces);
    pieces
}
