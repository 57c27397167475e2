//! Whose a lot is, piece by piece: undivided parts of the whole, and stretches set apart.

use std::collections::{BTreeMap, VecDeque};

use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::event::Receiver;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;

/// Who has a title.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holder {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Someone who keeps none.
    Outside(String),
    /// Somebody to be named later.
    Later,
    /// Several, in parts that cannot be told apart here.
    Several,
    /// Withheld from this reader.
    Withheld,
    /// It rests on a record that is not held.
    NotHeld,
}

impl Holder {
    /// Returns the holder that a record names.
    pub fn of(to: &Maybe<Receiver>) -> Self {
        match to {
            Maybe::Shown(Receiver::Party(party)) => Self::Party(*party),
            Maybe::Shown(Receiver::Outside(outsider)) => Self::Outside(outsider.name.clone()),
            Maybe::Shown(Receiver::Later) => Self::Later,
            Maybe::Withheld => Self::Withheld,
        }
    }

    /// Returns it in words, names in backticks.
    pub fn words(&self, graph: &Graph) -> String {
        match self {
            Self::Party(party) => names::party(graph, party),
            Self::Outside(name) => format!("`{name}`, who keeps no ledger,"),
            Self::Later => "somebody to be named later".to_owned(),
            Self::Several => "several owners in parts that cannot be told apart".to_owned(),
            Self::Withheld => "a holder that is withheld".to_owned(),
            Self::NotHeld => "a holder that a record not held would name".to_owned(),
        }
    }
}

/// How somebody came to be the owner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Why {
    /// It made the goods, and nothing says otherwise.
    Made,
    /// The record of a lot states it.
    Stated,
    /// A transfer of title names it.
    Passed(RecordId),
}

/// A part of a lot that is one holder's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub holder: Holder,
    /// Where it begins, if it is set apart.
    pub from: Option<Mass>,
    pub mass: Mass,
    pub why: Why,
}

/// Whose a lot is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Holding {
    pub pieces: Vec<Piece>,
    /// Every party that owned of these goods at some time, as far as is held.
    pub ever: Vec<PartyId>,
}

/// What a record asks of a holding: that its author has so much, and who has it then.
pub(super) struct Wish {
    pub author: PartyId,
    pub record: RecordId,
    pub from: Option<Mass>,
    pub mass: Mass,
    /// Who owns it then; none where the owner stays.
    pub to: Option<Holder>,
}

/// A mass for lots whose mass is withheld: no part of it is too much.
pub(super) const UNKNOWN_MASS: Mass = Mass::from_mg(u64::MAX);

impl Holding {
    /// Returns the holding of a lot that is wholly one holder's.
    ///
    /// `ever` are the parties that owned the goods before.
    pub fn single(holder: Holder, mass: Mass, why: Why, ever: Vec<PartyId>) -> Self {
        let mut holding = Self { pieces: Vec::new(), ever };
        holding.note(&holder);
        holding.pieces.push(Piece { holder, from: None, mass, why });
        holding
    }

    /// Notes that somebody owned of these goods.
    fn note(&mut self, holder: &Holder) {
        if let Holder::Party(party) = holder
            && !self.ever.contains(party)
        {
            self.ever.push(*party);
        }
    }

    /// Returns the same parts of as many milligrams as another scale shows; stretches keep their places by share.
    pub fn scaled(&self, mass: Mass) -> Self {
        let total: u128 = self.pieces.iter().map(|piece| u128::from(piece.mass.mg())).sum();
        if total == 0 || total == u128::from(mass.mg()) {
            return self.clone();
        }
        let scale = |mg: Mass| {
            // Rounded up: a milligram of rounding accuses nobody.
            let scaled = (u128::from(mg.mg()) * u128::from(mass.mg())).div_ceil(total);
            Mass::from_mg(u64::try_from(scaled).unwrap_or(u64::MAX))
        };
        let mut scaled = self.clone();
        for piece in &mut scaled.pieces {
            (piece.from, piece.mass) = (piece.from.map(scale), scale(piece.mass));
        }
        scaled
    }

    /// Returns the holder and why, where it is all one holder's.
    pub fn only(&self) -> Option<(&Holder, Why)> {
        let first = self.pieces.first()?;
        let same = self.pieces.iter().all(|piece| piece.holder == first.holder);
        same.then_some((&first.holder, first.why))
    }

    /// Returns the holder of the stretch `[from, from + mass)`, if one holds all of it.
    pub fn of_stretch(&self, from: Mass, mass: Mass) -> Option<(&Holder, Why)> {
        if let Some(only) = self.only() {
            return Some(only);
        }
        let covers = |piece: &&Piece| {
            piece.from.is_some_and(|begin| begin <= from && end(begin, piece.mass) >= end(from, mass))
        };
        self.pieces.iter().find(covers).map(|piece| (&piece.holder, piece.why))
    }

    /// Whether a party holds this much, and nobody else the stretch if one is named.
    fn has(&self, party: &PartyId, from: Option<Mass>, mass: Mass) -> bool {
        let own = |piece: &&Piece| piece.holder == Holder::Party(*party);
        let total: u128 = self.pieces.iter().filter(own).map(|piece| u128::from(piece.mass.mg())).sum();
        let others = from.is_some_and(|from| {
            self.pieces.iter().filter(|piece| !own(piece)).any(|piece| overlaps(piece, from, mass))
        });
        total >= u128::from(mass.mg()) && !others
    }

    /// Moves a part from one party to a holder; the party has so much.
    fn pass(&mut self, party: &PartyId, wish: &Wish, to: &Holder) {
        let mut left = wish.mass.mg();
        let mut kept = Vec::with_capacity(self.pieces.len() + 2);
        let own = |piece: &Piece| piece.holder == Holder::Party(*party);
        // The stretch itself first, then undivided parts, then whatever else is the party's.
        let order = |piece: &Piece| match (wish.from, piece.from) {
            (Some(from), Some(_)) if overlaps(piece, from, wish.mass) => 0,
            (_, None) => 1,
            _ => 2,
        };
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.sort_by_key(order);
        for piece in pieces {
            if left == 0 || !own(&piece) {
                kept.push(piece);
                continue;
            }
            if let (0, Some(from), Some(begin)) = (order(&piece), wish.from, piece.from) {
                let (a, b) = (begin.mg().max(from.mg()), end(begin, piece.mass).min(end(from, wish.mass)));
                let taken = u64::try_from(b - u128::from(a)).unwrap_or(u64::MAX);
                left = left.saturating_sub(taken);
                let before = a - begin.mg();
                let after = piece.mass.mg() - before - taken;
                for (at, mass) in [(begin.mg(), before), (a + taken, after)] {
                    if mass > 0 {
                        let (from, mass) = (Some(Mass::from_mg(at)), Mass::from_mg(mass));
                        kept.push(Piece { from, mass, ..piece.clone() });
                    }
                }
                continue;
            }
            let taken = piece.mass.mg().min(left);
            left -= taken;
            if piece.mass.mg() > taken {
                kept.push(Piece { mass: Mass::from_mg(piece.mass.mg() - taken), ..piece });
            }
        }
        let why = Why::Passed(wish.record);
        kept.push(Piece { holder: to.clone(), from: wish.from, mass: wish.mass, why });
        self.pieces = kept;
        self.note(to);
    }

    /// Grants every wish that its author can fulfil, whoever's turn comes first; returns those that nobody can.
    ///
    /// Wishes of one author stand in the order of its chain. Between authors no clock decides: a sale waits until
    /// its author has what it sells.
    pub fn settle(&mut self, wishes: &[Wish]) -> Vec<usize> {
        let mut waiting: BTreeMap<PartyId, Vec<usize>> = BTreeMap::new();
        for (at, wish) in wishes.iter().enumerate() {
            waiting.entry(wish.author).or_default().push(at);
        }
        let mut turns: VecDeque<PartyId> = waiting.keys().copied().collect();
        while let Some(author) = turns.pop_front() {
            let mut still = Vec::new();
            for at in waiting.remove(&author).unwrap_or_default() {
                let wish = &wishes[at];
                if !self.has(&author, wish.from, wish.mass) {
                    still.push(at);
                    continue;
                }
                if let Some(to) = &wish.to {
                    self.pass(&author, wish, to);
                    if let Holder::Party(next) = to {
                        turns.push_back(*next);
                    }
                }
            }
            waiting.insert(author, still);
        }
        let mut refused: Vec<usize> = waiting.into_values().flatten().collect();
        refused.sort_unstable();
        refused
    }
}

/// Returns where a stretch ends, in milligrams.
pub(super) fn end(from: Mass, mass: Mass) -> u128 {
    u128::from(from.mg()) + u128::from(mass.mg())
}

fn overlaps(piece: &Piece, from: Mass, mass: Mass) -> bool {
    piece.from.is_some_and(|begin| {
        u128::from(begin.mg()) < end(from, mass) && u128::from(from.mg()) < end(begin, piece.mass)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PartyId = PartyId::from_bytes([1; 32]);
    const B: PartyId = PartyId::from_bytes([2; 32]);
    const C: PartyId = PartyId::from_bytes([3; 32]);

    fn sale(author: PartyId, to: PartyId, from: Option<u64>, mass: u64) -> Wish {
        let record = RecordId::from_bytes([9; 32]);
        let from = from.map(Mass::from_mg);
        Wish { author, record, from, mass: Mass::from_mg(mass), to: Some(Holder::Party(to)) }
    }

    fn whole(mass: u64) -> Holding {
        Holding::single(Holder::Party(A), Mass::from_mg(mass), Why::Made, Vec::new())
    }

    #[test]
    fn a_sale_waits_until_its_author_has_what_it_sells() {
        let mut holding = whole(100);
        // B resells before A's sale stands in the list, and A sells again what it bought back.
        let wishes = [sale(B, A, None, 100), sale(A, B, None, 100), sale(A, C, None, 100)];
        assert_eq!(holding.settle(&wishes), Vec::<usize>::new());
        assert_eq!(holding.only().map(|(holder, _)| holder.clone()), Some(Holder::Party(C)));
    }

    #[test]
    fn nobody_sells_more_than_all_to_the_milligram() {
        assert_eq!(whole(100).settle(&[sale(A, B, None, 60), sale(A, C, None, 40)]), Vec::<usize>::new());
        assert_eq!(whole(100).settle(&[sale(A, B, None, 60), sale(A, C, None, 41)]), vec![1]);
    }

    #[test]
    fn a_stretch_that_was_sold_is_not_sold_again() {
        let wishes = [sale(A, B, Some(0), 40), sale(A, C, Some(39), 10), sale(A, C, Some(40), 60)];
        let mut holding = whole(100);
        assert_eq!(holding.settle(&wishes), vec![1]);
        assert_eq!(
            holding.of_stretch(Mass::from_mg(0), Mass::from_mg(40)).map(|(holder, _)| holder.clone()),
            Some(Holder::Party(B))
        );
        assert_eq!(holding.of_stretch(Mass::from_mg(0), Mass::from_mg(41)), None);
    }

    #[test]
    fn the_middle_of_a_stretch_leaves_its_ends() {
        let mut holding = whole(100);
        let wishes = [sale(A, B, Some(10), 50), sale(B, C, Some(20), 10)];
        assert_eq!(holding.settle(&wishes), Vec::<usize>::new());
        let of = |from, mass| {
            holding.of_stretch(Mass::from_mg(from), Mass::from_mg(mass)).map(|(holder, _)| holder.clone())
        };
        assert_eq!(of(10, 10), Some(Holder::Party(B)));
        assert_eq!(of(20, 10), Some(Holder::Party(C)));
        assert_eq!(of(30, 30), Some(Holder::Party(B)));
        let total: u64 = holding.pieces.iter().map(|piece| piece.mass.mg()).sum();
        assert_eq!(total, 100);
    }
}
