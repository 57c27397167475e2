//! The Merkle tree of RFC 6962: one root over a list of leaves, and short proofs that a leaf is at its place.
//!
//! A leaf and a node hash differently (a byte 0 or 1 in front), so that no node passes for a leaf.
//! Source: RFC 6962 §2.1; the check of a path is that of RFC 9162 §2.1.3.2.

use crate::hash::{Hash, sha256};

/// In front of what a leaf holds.
const LEAF: [u8; 1] = [0];
/// In front of the two halves of a node.
const NODE: [u8; 1] = [1];

/// Returns the hash of a leaf that holds `data`.
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&LEAF, data])
}

/// Returns the hash of a node over two subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&NODE, &left.0, &right.0])
}

/// A tree over leaf hashes, with every node at hand: 64 bytes a leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    /// The leaves, then the nodes over two of them, and so on up to the root; an odd one goes up as it is.
    levels: Vec<Vec<Hash>>,
}

/// Why a path does not show that a leaf is in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The tree has no such leaf.
    #[error("the tree has {size} leaves, and the leaf is to be number {index} from 0")]
    NoSuchLeaf {
        /// Number of the leaf, from 0.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// A path of this length cannot lead from that leaf to the root of such a tree.
    #[error("the path has {given} hashes, and leaf {index} of {size} has another number above it")]
    WrongLength {
        /// Number of the leaf, from 0.
        index: u64,
        /// Leaves of the tree.
        size: u64,
        /// Hashes of the path.
        given: usize,
    },
    /// It leads to another root.
    #[error("the path leads to another root")]
    WrongRoot,
}

impl Tree {
    /// Returns the tree over these leaf hashes, in order.
    pub fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while levels.last().is_some_and(|level| level.len() > 1) {
            let below = levels.last().expect("there is a level");
            let above = below.chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                _ => pair[0],
            });
            let above = above.collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.levels[0].len() as u64
    }

    /// Returns the root. No leaves give SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_else(|| sha256(&[]))
    }

    /// Returns the path of a leaf: its sibling first, the root's child last; `None` where there is no such leaf.
    pub fn path(&self, index: u64) -> Option<Vec<Hash>> {
        let at = usize::try_from(index).ok().filter(|at| *at < self.levels[0].len())?;
        Some(self.siblings(0, at))
    }

    /// Returns node `at` of a level, counted from the leaves.
    pub(super) fn node(&self, level: usize, at: usize) -> Option<Hash> {
        self.levels.get(level)?.get(at).copied()
    }

    /// Returns the siblings of that node and of those above it, up to the root's child.
    pub(super) fn siblings(&self, level: usize, mut at: usize) -> Vec<Hash> {
        let mut siblings = Vec::new();
        for level in &self.levels[level..self.levels.len() - 1] {
            siblings.extend(level.get(at ^ 1));
            at /= 2;
        }
        siblings
    }
}

/// Checks that the leaf with this hash is number `index` of the tree of `size` leaves with this `root`.
///
/// `path` runs from the leaf's sibling up to the root's child.
///
/// # Errors
/// [`PathError`] where it does not show that.
///
/// Source: RFC 9162 §2.1.3.2.
pub fn check_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    path: &[Hash],
    root: &Hash,
) -> Result<(), PathError> {
    if index >= size {
        return Err(PathError::NoSuchLeaf { index, size });
    }
    let wrong_length = PathError::WrongLength { index, size, given: path.len() };
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for other in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(other, &hash);
            // An odd one goes up as it is, until it is the right half of a node.
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, other);
        }
        at /= 2;
        last /= 2;
    }
    match (last == 0, hash == *root) {
        (false, _) => Err(wrong_length),
        (true, false) => Err(PathError::WrongRoot),
        (true, true) => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|at| leaf_hash(&at.to_be_bytes())).collect()
    }

    /// The definition, word by word: split before the last power of two that is smaller.
    pub(crate) fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&by_definition(&leaves[..split]), &by_definition(&leaves[split..]))
            }
        }
    }

    #[test]
    fn empty_tree_hashes_to_sha256_of_nothing() {
        assert_eq!(
            Tree::new(Vec::new()).root().to_hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(Tree::new(Vec::new()).path(0), None);
    }

    #[test]
    fn every_root_is_that_of_the_definition_and_every_path_leads_to_it() {
        for count in 0..70 {
            let leaves = leaves(count);
            let tree = Tree::new(leaves.clone());
            assert_eq!(tree.root(), by_definition(&leaves), "{count}");
            for (index, leaf) in (0..).zip(&leaves) {
                let path = tree.path(index).unwrap();
                check_inclusion(index, count, leaf, &path, &tree.root()).unwrap();
            }
        }
    }

    proptest! {
        #[test]
        fn no_other_leaf_place_size_path_or_root_passes(count in 1u64..200, at in any::<u64>(), bit in 0usize..256) {
            let index = at % count;
            let leaves = leaves(count);
            let tree = Tree::new(leaves.clone());
            let (leaf, root, path) = (leaves[index as usize], tree.root(), tree.path(index).unwrap());
            let passes = |index, size, leaf: &Hash, path: &[Hash], root: &Hash| {
                check_inclusion(index, size, leaf, path, root).is_ok()
            };
            let flip = |hash: &Hash| {
                let mut other = *hash;
                other.0[bit / 8] ^= 1 << (bit % 8);
                other
            };
            prop_assert!(passes(index, count, &leaf, &path, &root));
            prop_assert!(!passes(index, count, &flip(&leaf), &path, &root));
            prop_assert!(!passes(index, count, &leaf, &path, &flip(&root)));
            prop_assert!(!passes(index + count, count, &leaf, &path, &root));
            for other in (0..count).filter(|other| *other != index) {
                prop_assert!(!passes(other, count, &leaf, &path, &root));
            }
            for at in 0..path.len() {
                let mut changed = path.clone();
                changed[at] = flip(&changed[at]);
                prop_assert!(!passes(index, count, &leaf, &changed, &root));
                prop_assert!(!passes(index, count, &leaf, &path[..at], &root));
            }
            let longer = [path.clone(), vec![root]].concat();
            prop_assert!(!passes(index, count, &leaf, &longer, &root));
        }
    }
}
