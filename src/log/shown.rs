//! Several leaves of one tree shown together: every node that is needed stands once.
//!
//! The nodes are the largest perfect subtrees (2^k leaves from a multiple of 2^k on) that hold none of the leaves,
//! from left to right. Perfect subtrees never change as a log grows, so that whoever keeps them can show the same
//! leaves in a larger tree. Spec: docs/formats/capsule.md, "Proof".

use std::ops::Range;

use super::tree::node_hash;
use crate::hash::{Hash, sha256};

/// The largest number of leaves that a log may have.
pub const SIZE_MAX: u64 = 1 << 48;

/// A perfect subtree: `2^level` leaves, the first of which is number `index * 2^level`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Subtree {
    /// Height: 0 for a leaf.
    pub level: u32,
    /// Number among the subtrees of this height, from 0.
    pub index: u64,
}

/// Why leaves and nodes do not make up a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShownError {
    /// A tree has at least one leaf and at most [`SIZE_MAX`].
    #[error("a log has 1 to 281474976710656 leaves, not {0}")]
    Size(u64),
    /// Leaves are not in ascending order, or one is shown twice.
    #[error("leaf {0} does not come after the one before it")]
    NotAscending(u64),
    /// A leaf is beyond the tree.
    #[error("leaf {index} is beyond the {size} leaves of the log")]
    NoSuchLeaf {
        /// Number of the leaf, from 0.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// There are fewer nodes than it takes.
    #[error("the proof ends after {0} nodes, and more are needed")]
    TooFew(usize),
    /// There are more nodes than it takes.
    #[error("the proof has {given} nodes, and only {used} are needed")]
    TooMany {
        /// Nodes given.
        given: usize,
        /// Nodes used.
        used: usize,
    },
}

/// Returns the subtrees whose hashes show `leaves` in a tree of `size` leaves, from left to right.
///
/// `leaves` are numbers from 0, strictly ascending.
///
/// # Errors
/// [`ShownError`] for a size or leaves that no tree has.
pub fn needed(size: u64, leaves: &[u64]) -> Result<Vec<Subtree>, ShownError> {
    check(size, leaves.iter().copied())?;
    let mut needed = Vec::new();
    let mut parts: Vec<Range<u64>> = std::iter::once(0..size).collect();
    while let Some(part) = parts.pop() {
        let shown = among(leaves, &part, |leaf| *leaf);
        match perfect(&part) {
            Some(subtree) if shown.is_empty() => needed.push(subtree),
            Some(Subtree { level: 0, .. }) => {}
            _ => {
                let (left, right) = halves(&part);
                parts.extend([right, left]);
            }
        }
    }
    Ok(needed)
}

/// Returns the root of the tree of `size` leaves that `leaves` and `nodes` make up.
///
/// `leaves` are numbers from 0, strictly ascending, with leaf hashes; `nodes` are the hashes of the subtrees that
/// [`needed`] names, no more and no fewer. Cost: at most 48 hashes for each leaf.
///
/// # Errors
/// [`ShownError`] where they make up none.
pub fn root(size: u64, leaves: &[(u64, Hash)], nodes: &[Hash]) -> Result<Hash, ShownError> {
    check(size, leaves.iter().map(|(index, _)| *index))?;
    let mut used = 0;
    let root = fold(size, leaves, &mut |_| {
        let node = nodes.get(used).copied().ok_or(ShownError::TooFew(used));
        used += 1;
        node
    })?;
    match nodes.len() == used {
        true => Ok(root),
        false => Err(ShownError::TooMany { given: nodes.len(), used }),
    }
}

/// Asks `node` for each subtree of which no leaf is shown, left to right, and returns the root.
fn fold<E>(
    size: u64,
    leaves: &[(u64, Hash)],
    node: &mut impl FnMut(Subtree) -> Result<Hash, E>,
) -> Result<Hash, E> {
    /// What is to be done next: look at a part, or join the two hashes made last.
    enum Step {
        Look(Range<u64>),
        Join,
    }
    let mut steps = vec![Step::Look(0..size)];
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
        let shown = among(leaves, &part, |leaf| leaf.0);
        match perfect(&part) {
            Some(subtree) if shown.is_empty() => made.push(node(subtree)?),
            Some(Subtree { level: 0, .. }) => made.push(shown[0].1),
            _ => {
                let (left, right) = halves(&part);
                steps.extend([Step::Join, Step::Look(right), Step::Look(left)]);
            }
        }
    }
    Ok(made.pop().unwrap_or_else(|| sha256(&[])))
}

fn check(size: u64, leaves: impl Iterator<Item = u64>) -> Result<(), ShownError> {
    if size == 0 || size > SIZE_MAX {
        return Err(ShownError::Size(size));
    }
    let mut before = None;
    for index in leaves {
        if before.is_some_and(|before| index <= before) {
            return Err(ShownError::NotAscending(index));
        }
        if index >= size {
            return Err(ShownError::NoSuchLeaf { index, size });
        }
        before = Some(index);
    }
    Ok(())
}

/// Returns those of the ascending leaves that lie in a part of the tree.
pub(super) fn among<'a, T>(leaves: &'a [T], part: &Range<u64>, index: impl Fn(&T) -> u64) -> &'a [T] {
    let first = leaves.partition_point(|leaf| index(leaf) < part.start);
    let last = leaves.partition_point(|leaf| index(leaf) < part.end);
    &leaves[first..last]
}

/// Returns the perfect subtree that a part of the tree is, if it is one. Parts begin at a multiple of what they hold.
pub(super) fn perfect(part: &Range<u64>) -> Option<Subtree> {
    let size = part.end - part.start;
    size.is_power_of_two().then(|| Subtree { level: size.ilog2(), index: part.start / size })
}

/// Splits a part of at least two leaves before the last power of two that is smaller. RFC 6962 §2.1.
pub(super) fn halves(part: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let split = part.start + (part.end - part.start).next_power_of_two() / 2;
    (part.start..split, split..part.end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tree::{Tree, leaf_hash};
    use super::*;

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    fn root_of(range: Range<u64>) -> Hash {
        Tree::new(range.map(leaf).collect()).root()
    }

    fn node(subtree: &Subtree) -> Hash {
        let first = subtree.index << subtree.level;
        root_of(first..first + (1 << subtree.level))
    }

    fn shown(size: u64, picked: &[u64]) -> (Vec<(u64, Hash)>, Vec<Hash>) {
        let nodes = needed(size, picked).unwrap().iter().map(node).collect();
        (picked.iter().map(|index| (*index, leaf(*index))).collect(), nodes)
    }

    #[test]
    fn any_leaves_of_small_trees_lead_to_the_root_of_rfc_6962() {
        for size in 1..10u64 {
            for bits in 0..1u32 << size {
                let picked: Vec<u64> = (0..size).filter(|at| bits >> at & 1 == 1).collect();
                let (leaves, nodes) = shown(size, &picked);
                assert_eq!(root(size, &leaves, &nodes), Ok(root_of(0..size)), "{picked:?} of {size}");
            }
        }
    }

    #[test]
    fn a_node_that_two_leaves_need_stands_once() {
        let alone = |at| needed(1024, &[at]).unwrap().len();
        assert_eq!((alone(5), alone(6)), (10, 10));
        assert_eq!(needed(1024, &[5, 6]).unwrap().len(), 10);
        assert_eq!(
            needed(7, &[]).unwrap(),
            [(2, 0), (1, 2), (0, 6)].map(|(level, index)| Subtree { level, index })
        );
        assert!(needed(3, &[0, 1, 2]).unwrap().is_empty());
    }

    #[test]
    fn what_no_tree_has_is_refused() {
        let hash = leaf(0);
        assert_eq!(root(0, &[], &[]), Err(ShownError::Size(0)));
        assert_eq!(needed(SIZE_MAX + 1, &[]), Err(ShownError::Size(SIZE_MAX + 1)));
        assert_eq!(needed(SIZE_MAX, &[SIZE_MAX - 1]).unwrap().len(), 48);
        assert_eq!(root(3, &[(3, hash)], &[]), Err(ShownError::NoSuchLeaf { index: 3, size: 3 }));
        assert_eq!(root(3, &[(1, hash), (1, hash)], &[]), Err(ShownError::NotAscending(1)));
        assert_eq!(root(2, &[(0, hash)], &[]), Err(ShownError::TooFew(0)));
        assert_eq!(root(1, &[(0, hash)], &[hash]), Err(ShownError::TooMany { given: 1, used: 0 }));
    }

    proptest! {
        #[test]
        fn no_other_leaf_place_size_or_node_leads_to_the_same_root(
            size in 2u64..200,
            picks in prop::collection::btree_set(any::<u64>(), 1..12),
            bit in 0usize..256,
            which in any::<prop::sample::Index>(),
        ) {
            let picked: Vec<u64> =
                picks.iter().map(|at| at % size).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
            let (leaves, nodes) = shown(size, &picked);
            let good = root(size, &leaves, &nodes).unwrap();
            prop_assert_eq!(good, root_of(0..size));
            let flip = |hash: &mut Hash| hash.0[bit / 8] ^= 1 << (bit % 8);
            let mut other = leaves.clone();
            flip(&mut other[which.index(leaves.len())].1);
            prop_assert_ne!(root(size, &other, &nodes), Ok(good));
            if !nodes.is_empty() {
                let mut other = nodes.clone();
                flip(&mut other[which.index(nodes.len())]);
                prop_assert_ne!(root(size, &leaves, &other), Ok(good));
                prop_assert!(root(size, &leaves, &nodes[1..]).is_err());
            }
            prop_assert!(root(size, &leaves, &[nodes.clone(), vec![good]].concat()).is_err());
            // A node at the end may stand for one leaf or for two: the size is what the checkpoint says, unless the
            // last leaf is shown.
            if picked.last() == Some(&(size - 1)) {
                prop_assert_ne!(root(size + 1, &leaves, &nodes), Ok(good));
            }
            let mut moved = leaves.clone();
            let at = which.index(leaves.len());
            moved[at].0 += 1;
            prop_assert_ne!(root(size, &moved, &nodes), Ok(good));
        }
    }
}
