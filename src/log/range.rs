//! The root of a log whose leaves come one after the other, with some fifty hashes in memory at most.

use super::tree::node_hash;
use crate::hash::{Hash, sha256};

/// The most leaves that a log may have: a number that every reader of logs can hold.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// The leaves from 0 up to a size, as the roots of the whole subtrees that they make.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Range {
    size: u64,
    /// Largest subtree first: one for each bit of the size that is set.
    peaks: Vec<Hash>,
}

impl Range {
    /// Returns the range without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a range where it was left; `None` where there are not as many peaks as the size asks for.
    pub fn resume(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (size <= MAX_SIZE && peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// Adds a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut size = self.size;
        while size % 2 == 1 {
            let left = self.peaks.pop().expect("there is a peak for each bit that is set");
            hash = node_hash(&left, &hash);
            size /= 2;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the roots of the whole subtrees, the largest first: with the size, all that [`Range::resume`] needs.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Returns the root. No leaves give SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let last = peaks.next();
        last.map_or_else(|| sha256(&[]), |last| peaks.fold(last, |right, left| node_hash(&left, &right)))
    }

    /// Returns the path that the next leaf has while it is the last one.
    pub fn path_of_next(&self) -> Vec<Hash> {
        self.peaks.iter().rev().copied().collect()
    }
}

impl Extend<Hash> for Range {
    fn extend<T: IntoIterator<Item = Hash>>(&mut self, leaves: T) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::tests::leaves;
    use super::super::tree::{Tree, check_inclusion};
    use super::*;

    #[test]
    fn root_is_that_of_the_tree_at_every_size_and_the_last_leaf_has_its_path() {
        let all = leaves(300);
        let mut range = Range::new();
        for (size, leaf) in (0..).zip(&all) {
            assert_eq!(range.root(), Tree::new(all[..size as usize].to_vec()).root(), "{size}");
            assert_eq!(range.size(), size);
            let path = range.path_of_next();
            range.push(*leaf);
            check_inclusion(size, size + 1, leaf, &path, &range.root()).unwrap();
        }
    }

    #[test]
    fn a_range_goes_on_where_it_was_left() {
        let all = leaves(100);
        let mut whole = Range::new();
        whole.extend(all.iter().copied());
        for size in 0..=100 {
            let mut first = Range::new();
            first.extend(all[..size].iter().copied());
            let mut resumed = Range::resume(size as u64, first.peaks().to_vec()).unwrap();
            assert_eq!(resumed, first);
            resumed.extend(all[size..].iter().copied());
            assert_eq!(resumed, whole);
        }
        assert_eq!(Range::resume(3, vec![Hash::ZERO]), None);
        assert_eq!(Range::resume(4, vec![Hash::ZERO; 2]), None);
        assert_eq!(Range::resume(MAX_SIZE + 1, vec![Hash::ZERO]), None);
        assert!(Range::resume(MAX_SIZE, vec![Hash::ZERO; 63]).is_some());
    }

    #[test]
    fn a_million_leaves_are_a_handful_of_hashes() {
        let mut range = Range::new();
        range.extend((0..1_000_000_u32).map(|at| Hash([at as u8; 32])));
        assert_eq!((range.size(), range.peaks().len()), (1_000_000, 7));
    }
}
