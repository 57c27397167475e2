//! Consistency: that a tree goes on from a smaller one, with nothing changed in what was there before.
//!
//! Source: RFC 6962 §2.1.2 for making such a proof; its check is that of RFC 9162 §2.1.4.2.

use super::tree::{Tree, node_hash};
use crate::hash::{Hash, sha256};

/// Why a proof does not show that one tree goes on from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsistencyError {
    /// The tree that is to go on is the smaller one.
    #[error("a tree of {second} leaves does not go on from one of {first}")]
    Smaller {
        /// Leaves of the first tree.
        first: u64,
        /// Leaves of the second.
        second: u64,
    },
    /// A proof of this length cannot join trees of these sizes.
    #[error("the proof has {given} hashes, and between {first} and {second} leaves there is another number")]
    WrongLength {
        /// Leaves of the first tree.
        first: u64,
        /// Leaves of the second.
        second: u64,
        /// Hashes of the proof.
        given: usize,
    },
    /// It gives another root for the first tree.
    #[error("the first {first} leaves give another root than that of the first tree")]
    WrongFirst {
        /// Leaves of the first tree.
        first: u64,
    },
    /// It gives another root for the second tree.
    #[error("the proof leads to another root than that of the tree of {second} leaves")]
    WrongSecond {
        /// Leaves of the second tree.
        second: u64,
    },
}

impl Tree {
    /// Returns the proof that this tree goes on from that of its first `first` leaves; `None` where it has not as many.
    ///
    /// Source: RFC 6962 §2.1.2.
    pub fn consistency(&self, first: u64) -> Option<Vec<Hash>> {
        if first == 0 || first == self.size() {
            return Some(Vec::new());
        }
        let mut nodes = self.prefix(first)?;
        // The other side has this one: it is the root of the first tree.
        if first.is_power_of_two() {
            nodes.remove(0);
        }
        Some(nodes)
    }

    /// Returns nodes from which the roots of the first `first` leaves and of all leaves can both be computed:
    /// the last whole subtree of the first ones, then its siblings upward. `None` for no leaves or too many.
    pub fn prefix(&self, first: u64) -> Option<Vec<Hash>> {
        let last = first.checked_sub(1).filter(|_| first <= self.size())?;
        let level = first.trailing_zeros();
        let (level, at) = (level as usize, usize::try_from(last >> level).ok()?);
        let mut nodes = vec![self.node(level, at)?];
        nodes.extend(self.siblings(level, at));
        Some(nodes)
    }
}

/// Checks that the tree of `second` leaves with `second_root` goes on from that of `first` leaves with `first_root`.
///
/// Every tree goes on from the empty one, and each from itself, by a proof without hashes.
///
/// # Errors
/// [`ConsistencyError`] where `proof` does not show that.
///
/// Source: RFC 9162 §2.1.4.2.
pub fn check_consistency(
    first: u64,
    second: u64,
    first_root: &Hash,
    second_root: &Hash,
    proof: &[Hash],
) -> Result<(), ConsistencyError> {
    let (first_made, second_made) = match first {
        _ if first > second => return Err(ConsistencyError::Smaller { first, second }),
        _ if (first == 0 || first == second) && !proof.is_empty() => {
            return Err(ConsistencyError::WrongLength { first, second, given: proof.len() });
        }
        0 if second == 0 => (sha256(&[]), sha256(&[])),
        0 => (sha256(&[]), *second_root),
        _ if first == second => (*second_root, *second_root),
        _ if first.is_power_of_two() && proof.is_empty() => {
            return Err(ConsistencyError::WrongLength { first, second, given: 0 });
        }
        _ if first.is_power_of_two() => prefix_roots(first, second, &[&[*first_root], proof].concat())?,
        _ => prefix_roots(first, second, proof)?,
    };
    match (first_made == *first_root, second_made == *second_root) {
        (_, false) => Err(ConsistencyError::WrongSecond { second }),
        (false, _) => Err(ConsistencyError::WrongFirst { first }),
        (true, true) => Ok(()),
    }
}

/// Returns the roots of the first `first` and of all `second` leaves that the nodes of [`Tree::prefix`] give.
///
/// Whoever knows the second root knows by it that the first is right too: the places of all nodes are fixed by the two
/// sizes, and nothing but these nodes leads there.
///
/// # Errors
/// [`ConsistencyError::WrongLength`] unless `0 < first <= second` and there are just as many nodes as that takes.
///
/// Source: RFC 9162 §2.1.4.2.
pub fn prefix_roots(first: u64, second: u64, nodes: &[Hash]) -> Result<(Hash, Hash), ConsistencyError> {
    let wrong_length = ConsistencyError::WrongLength { first, second, given: nodes.len() };
    let (Some(last_of_first), Some((node, siblings))) = (first.checked_sub(1), nodes.split_first()) else {
        return Err(wrong_length);
    };
    if first > second {
        return Err(wrong_length);
    }
    let level = first.trailing_zeros();
    let (mut at, mut last) = (last_of_first >> level, (second - 1) >> level);
    let (mut first_root, mut second_root) = (*node, *node);
    for sibling in siblings {
        if last == 0 {
            return Err(wrong_length);
        }
        if at % 2 == 1 || at == last {
            first_root = node_hash(sibling, &first_root);
            second_root = node_hash(sibling, &second_root);
            // An odd one goes up as it is, until it is the right half of a node.
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            second_root = node_hash(&second_root, sibling);
        }
        at /= 2;
        last /= 2;
    }
    if last == 0 { Ok((first_root, second_root)) } else { Err(wrong_length) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tree::tests::{by_definition, leaves};
    use super::*;

    /// The definition, word by word.
    fn sub_proof(first: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if first == leaves.len() {
            return if whole { vec![] } else { vec![by_definition(leaves)] };
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(split);
        if first <= split {
            [sub_proof(first, left, whole), vec![by_definition(right)]].concat()
        } else {
            [sub_proof(first - split, right, false), vec![by_definition(left)]].concat()
        }
    }

    #[test]
    fn every_proof_is_that_of_the_definition_and_joins_its_two_roots() {
        for second in 1..40 {
            let leaves = leaves(second);
            let tree = Tree::new(leaves.clone());
            for first in 1..=second {
                let proof = tree.consistency(first).unwrap();
                let part = &leaves[..first as usize];
                assert_eq!(proof, sub_proof(part.len(), &leaves, true), "{first} {second}");
                let first_root = by_definition(part);
                check_consistency(first, second, &first_root, &tree.root(), &proof).unwrap();
                let roots = prefix_roots(first, second, &tree.prefix(first).unwrap());
                assert_eq!(roots, Ok((first_root, tree.root())), "{first} {second}");
            }
            assert_eq!(tree.consistency(second + 1), None);
            assert_eq!(tree.prefix(second + 1), None);
        }
    }

    #[test]
    fn every_tree_goes_on_from_the_empty_one_and_none_from_another_of_no_leaves() {
        let (empty, tree) = (sha256(&[]), Tree::new(leaves(3)));
        assert_eq!(tree.consistency(0), Some(vec![]));
        assert_eq!(check_consistency(0, 3, &empty, &tree.root(), &[]), Ok(()));
        assert_eq!(check_consistency(0, 0, &empty, &empty, &[]), Ok(()));
        let wrong = ConsistencyError::WrongFirst { first: 0 };
        assert_eq!(check_consistency(0, 3, &tree.root(), &tree.root(), &[]), Err(wrong));
        let wrong = ConsistencyError::WrongSecond { second: 0 };
        assert_eq!(check_consistency(0, 0, &tree.root(), &tree.root(), &[]), Err(wrong));
        let wrong = ConsistencyError::WrongLength { first: 0, second: 3, given: 1 };
        assert_eq!(check_consistency(0, 3, &empty, &tree.root(), &[empty]), Err(wrong));
    }

    #[test]
    fn a_smaller_tree_never_goes_on_from_a_larger() {
        let (three, four) = (Tree::new(leaves(3)), Tree::new(leaves(4)));
        let proof = four.consistency(3).unwrap();
        assert_eq!(check_consistency(3, 4, &three.root(), &four.root(), &proof), Ok(()));
        let wrong = ConsistencyError::Smaller { first: 4, second: 3 };
        assert_eq!(check_consistency(4, 3, &four.root(), &three.root(), &proof), Err(wrong));
        assert!(prefix_roots(4, 3, &proof).is_err());
        assert!(prefix_roots(0, 3, &proof).is_err());
    }

    proptest! {
        #[test]
        fn no_other_root_size_or_hash_passes(second in 2u64..100, first in any::<u64>(), bit in 0usize..256) {
            let first = 1 + first % (second - 1);
            let all = leaves(second);
            let (before, tree) = (Tree::new(all[..first as usize].to_vec()), Tree::new(all));
            let (old, new, proof) = (before.root(), tree.root(), tree.consistency(first).unwrap());
            let passes = |first, second, old: &Hash, new: &Hash, proof: &[Hash]| {
                check_consistency(first, second, old, new, proof).is_ok()
            };
            let flip = |hash: &Hash| {
                let mut other = *hash;
                other.0[bit / 8] ^= 1 << (bit % 8);
                other
            };
            prop_assert!(passes(first, second, &old, &new, &proof));
            prop_assert!(!passes(first, second, &flip(&old), &new, &proof));
            prop_assert!(!passes(first, second, &old, &flip(&new), &proof));
            prop_assert!(!passes(first, second, &new, &old, &proof));
            for other in (0..=second).filter(|other| *other != first) {
                prop_assert!(!passes(other, second, &old, &new, &proof));
            }
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at] = flip(&changed[at]);
                prop_assert!(!passes(first, second, &old, &new, &changed));
                prop_assert!(!passes(first, second, &old, &new, &proof[..at]));
            }
            prop_assert!(!passes(first, second, &old, &new, &[proof.clone(), vec![new]].concat()));
        }

        #[test]
        fn nothing_makes_the_check_panic(first in any::<u64>(), second in any::<u64>(), count in 0usize..70) {
            let nodes = vec![Hash([7; 32]); count];
            let _ = check_consistency(first, second, &nodes.first().copied().unwrap_or_default(), &Hash::ZERO, &nodes);
            let _ = prefix_roots(first, second, &nodes);
        }
    }
}
