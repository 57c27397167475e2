//! What is known of one tree: hashes of some leaves and subtrees, and what follows from them.
//!
//! Two parts of one log, or a part and a chain, can be held against each other wherever both know enough.

use std::collections::BTreeMap;
use std::ops::Range;

use super::part::LogPart;
use super::shown::{SIZE_MAX, ShownError, Subtree, among, halves, needed, perfect};
use super::tree::{leaf_hash, node_hash};
use crate::hash::{Hash, RecordId};

/// Hashes of perfect subtrees, leaves among them, by height and number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownNodes {
    nodes: BTreeMap<(u32, u64), Hash>,
}

impl KnownNodes {
    /// Returns what a part of a log shows. Whether it leads to the root is looked at in [`LogPart::check`].
    ///
    /// # Errors
    /// [`ShownError`] for a size or leaves that no tree has.
    pub fn of_part(part: &LogPart, records: &[(u64, RecordId)]) -> Result<Self, ShownError> {
        let mut known = Self::of_records(records);
        let leaves: Vec<u64> = records.iter().map(|(seq, _)| *seq).collect();
        let subtrees = needed(part.checkpoint.size, &leaves)?;
        known.nodes.extend(subtrees.iter().map(|one| (one.level, one.index)).zip(part.nodes.iter().copied()));
        Ok(known)
    }

    /// Returns what records at these positions show.
    pub fn of_records(records: &[(u64, RecordId)]) -> Self {
        let leaf = |(seq, id): &(u64, RecordId)| ((0, *seq), leaf_hash(id.as_bytes()));
        Self { nodes: records.iter().map(leaf).collect() }
    }

    /// Adds hashes of subtrees; of two for one place the later counts.
    pub fn extend(&mut self, nodes: impl IntoIterator<Item = (Subtree, Hash)>) {
        self.nodes.extend(nodes.into_iter().map(|(one, hash)| ((one.level, one.index), hash)));
    }

    /// Adds the hash of every perfect subtree of which both halves are known, so that roots of many sizes cost little each.
    pub fn join(&mut self) {
        for level in 0..SIZE_MAX.ilog2() {
            let at_level: Vec<(u64, Hash)> = self
                .nodes
                .range((level, 0)..(level + 1, 0))
                .map(|((_, index), hash)| (*index, *hash))
                .collect();
            if at_level.is_empty() && self.nodes.range((level + 1, 0)..).next().is_none() {
                return;
            }
            for pair in at_level.windows(2) {
                let [(left, left_hash), (right, right_hash)] = [pair[0], pair[1]];
                if left.is_multiple_of(2) && right == left + 1 {
                    let above = self.nodes.entry((level + 1, left / 2));
                    above.or_insert_with(|| node_hash(&left_hash, &right_hash));
                }
            }
        }
    }

    /// Returns the hash of a perfect subtree, where enough is known of it.
    pub fn subtree(&self, subtree: Subtree) -> Option<Hash> {
        let size = 1u64.checked_shl(subtree.level)?;
        let first = subtree.index.checked_mul(size)?;
        self.hash(first..first.checked_add(size)?)
    }

    /// Returns those of the leaves `wanted`, ascending, that can be shown under the root of `size` leaves with the nodes
    /// that are known; `None` where not enough is known of the tree.
    ///
    /// A leaf is passed over where only the hash of a subtree with it is known, and not what stands beside it.
    pub fn showable(&self, size: u64, wanted: &[u64]) -> Option<Vec<u64>> {
        let mut shown = Vec::new();
        self.show(0..size, wanted, &mut shown)?;
        Some(shown)
    }

    /// Adds the leaves of a part that can be shown. It goes as deep as the tree, which is at most 63.
    fn show(&self, part: Range<u64>, wanted: &[u64], shown: &mut Vec<u64>) -> Option<()> {
        let wanted = among(wanted, &part, |leaf| *leaf);
        if let ([one], 1) = (wanted, part.end - part.start) {
            shown.push(*one);
            return self.leaf(*one).map(drop);
        }
        if wanted.is_empty() {
            return self.hash(part).map(drop);
        }
        let before = shown.len();
        let (left, right) = halves(&part);
        if self.show(left, wanted, shown).and_then(|()| self.show(right, wanted, shown)).is_some() {
            return Some(());
        }
        shown.truncate(before);
        let subtree = perfect(&part).map(|one| (one.level, one.index))?;
        self.nodes.contains_key(&subtree).then_some(())
    }

    /// Returns the hash of the leaf at a position.
    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.nodes.get(&(0, index)).copied()
    }

    /// Returns the positions of the leaves whose hashes are known, ascending.
    pub fn leaves(&self) -> impl Iterator<Item = u64> {
        self.nodes.range(..(1, 0)).map(|((_, index), _)| *index)
    }

    /// Returns the root of the tree of the first `size` leaves, where enough is known of them.
    pub fn root(&self, size: u64) -> Option<Hash> {
        (size > 0).then(|| self.hash(0..size)).flatten()
    }

    /// Returns the path of the leaf at `index` in the tree of `size` leaves, where enough is known.
    ///
    /// Source: RFC 6962 §2.1.1.
    pub fn path(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        if index >= size {
            return None;
        }
        let mut part = 0..size;
        let mut path = Vec::new();
        while part.end - part.start > 1 {
            let (left, right) = halves(&part);
            let (down, beside) = if left.contains(&index) { (left, right) } else { (right, left) };
            path.push(self.hash(beside)?);
            part = down;
        }
        path.reverse();
        Some(path)
    }

    /// Returns what [`super::tree::Tree::prefix`] does, where enough is known: the nodes from which the roots of the
    /// first `first` and of all `size` leaves can both be computed.
    pub fn prefix(&self, first: u64, size: u64) -> Option<Vec<Hash>> {
        if first == 0 || first > size {
            return None;
        }
        // The last whole subtree of the first leaves, and what stands beside it on the way down.
        let target = first - (1 << first.trailing_zeros())..first;
        let mut part = 0..size;
        let mut path = Vec::new();
        while part != target {
            let (left, right) = halves(&part);
            let (down, beside) = if target.start < left.end { (left, right) } else { (right, left) };
            path.push(self.hash(beside)?);
            part = down;
        }
        path.push(self.hash(part)?);
        path.reverse();
        Some(path)
    }

    /// Goes down from the left and stops at the first thing that is not known, so that a search that fails costs no
    /// more than one that succeeds.
    fn hash(&self, range: Range<u64>) -> Option<Hash> {
        enum Step {
            Look(Range<u64>),
            Join,
        }
        let mut steps = vec![Step::Look(range)];
        let mut made: Vec<Hash> = Vec::new();
        while let Some(step) = steps.pop() {
            let part = match step {
                Step::Look(part) => part,
                Step::Join => {
                    let right = made.pop().expect("both halves were made");
                    let left = made.pop().expect("both halves were made");
                    made.push(node_hash(&left, &right));
                    continue;
                }
            };
            let subtree = perfect(&part).map(|one| (one.level, one.index));
            match subtree.and_then(|at| self.nodes.get(&at)) {
                Some(hash) => made.push(*hash),
                None if part.end - part.start == 1 => return None,
                None => {
                    let (left, right) = halves(&part);
                    steps.extend([Step::Join, Step::Look(right), Step::Look(left)]);
                }
            }
        }
        made.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::Tree;
    use super::*;
    use crate::hash::sha256;

    fn records(count: u64) -> Vec<(u64, RecordId)> {
        (0..count).map(|seq| (seq, RecordId(sha256(&[&seq.to_be_bytes()])))).collect()
    }

    fn tree(count: u64) -> Tree {
        Tree::new(records(count).iter().map(|(_, id)| leaf_hash(id.as_bytes())).collect())
    }

    #[test]
    fn whoever_knows_all_leaves_knows_what_the_tree_knows() {
        for size in 1..20 {
            let known = KnownNodes::of_records(&records(size));
            for first in 1..=size {
                assert_eq!(known.root(first), Some(tree(first).root()));
                assert_eq!(known.path(first - 1, size), tree(size).path(first - 1));
                assert_eq!(known.prefix(first, size), tree(size).prefix(first), "{first} of {size}");
            }
            assert_eq!((known.path(size, size), known.prefix(size + 1, size)), (None, None));
        }
    }

    #[test]
    fn joined_it_knows_the_same_with_fewer_steps() {
        for missing in [None, Some(3), Some(8)] {
            let held: Vec<_> = records(13).into_iter().filter(|(seq, _)| Some(*seq) != missing).collect();
            let known = KnownNodes::of_records(&held);
            let mut joined = known.clone();
            joined.join();
            for size in 1..=13 {
                assert_eq!(joined.root(size), known.root(size), "{missing:?} {size}");
            }
            assert!(joined.leaves().eq(known.leaves()));
            assert_eq!(joined.nodes.contains_key(&(3, 0)), missing != Some(3));
        }
    }

    #[test]
    fn leaves_beside_which_nothing_is_known_are_passed_over() {
        let node = |level: u32, index: u64| {
            let first = index << level;
            let leaves = records(16)[first as usize..(first + (1 << level)) as usize].to_vec();
            let root = Tree::new(leaves.iter().map(|(_, id)| leaf_hash(id.as_bytes())).collect()).root();
            (Subtree { level, index }, root)
        };
        let some = |seqs: &[u64]| {
            KnownNodes::of_records(&seqs.iter().map(|seq| records(16)[*seq as usize]).collect::<Vec<_>>())
        };
        let mut known = some(&[1, 5, 12]);
        known.extend([node(0, 0), node(1, 1), node(2, 1), node(2, 2)]);
        // Of 4 to 7 the root alone is known, so that the leaf at 5 cannot be placed below it.
        assert_eq!(known.showable(13, &[1, 5, 12]), Some(vec![1, 12]));
        assert_eq!(known.showable(12, &[1, 5]), Some(vec![1]));
        assert_eq!(known.showable(14, &[1, 5, 12]), None);
        known.extend([node(0, 4), node(1, 3)]);
        assert_eq!(known.showable(13, &[1, 5, 12]), Some(vec![1, 5, 12]));
        assert_eq!(known.showable(13, &[]), Some(vec![]));
        assert_eq!(some(&[1]).showable(2, &[1]), None);
    }

    #[test]
    fn what_does_not_follow_is_not_known() {
        let mut few = records(8);
        few.remove(2);
        let known = KnownNodes::of_records(&few);
        assert_eq!((known.root(2), known.root(3), known.root(8)), (Some(tree(2).root()), None, None));
        assert_eq!(known.root(0), None);
        // A size that nobody has costs no more than the way down.
        assert_eq!(known.root(1 << 60), None);
        assert_eq!(known.leaf(2), None);
    }
}
