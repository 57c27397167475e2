//! Reasons: of the records behind a contradiction, those that cannot be spared.
//!
//! A contradiction is a sum that exceeds what others allow by some `slack`; taking back a record lets the sum come
//! down, or what is allowed go up, by at most its weight. Of many small ones most can be spared. Spec:
//! docs/balance.md, "Reasons".

use std::collections::HashMap;

use crate::hash::RecordId;

/// Returns records that cannot all be true, of which none can be spared: without any one of them the rest is possible.
///
/// `slack` is by how much the contradiction exceeds what is allowed, more than nothing; each weight by how much the
/// record narrows the gap if it is taken back, several of one record together. The smallest are dropped as long as the
/// contradiction survives. Returned in the order in which they were first given.
pub fn irreducible(slack: u128, weights: &[(RecordId, u128)]) -> Vec<RecordId> {
    let mut of: HashMap<RecordId, (usize, u128)> = HashMap::new();
    for (at, (record, weight)) in weights.iter().enumerate() {
        let one = of.entry(*record).or_insert((at, 0));
        one.1 = one.1.saturating_add(*weight);
    }
    let mut all: Vec<(u128, RecordId, usize)> =
        of.into_iter().map(|(record, (at, weight))| (weight, record, at)).collect();
    all.sort_unstable();
    let mut left = slack;
    let is_spared = |(weight, _, _): &&(u128, RecordId, usize)| {
        let survives = *weight < left;
        if survives {
            left -= weight;
        }
        survives
    };
    let spared = all.iter().take_while(is_spared).count();
    let mut kept: Vec<(usize, RecordId)> =
        all[spared..].iter().map(|(_, record, at)| (*at, *record)).collect();
    kept.sort_unstable();
    kept.into_iter().map(|(_, record)| record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;
    use proptest::prelude::*;

    fn record(number: usize) -> RecordId {
        RecordId(sha256(&[&number.to_be_bytes()]))
    }

    fn weighed(weights: &[u128]) -> Vec<(RecordId, u128)> {
        weights.iter().enumerate().map(|(at, weight)| (record(at), *weight)).collect()
    }

    /// Whether the contradiction is still there with these alone.
    fn survives(slack: u128, all: &[(RecordId, u128)], kept: &[RecordId]) -> bool {
        let dropped: u128 =
            all.iter().filter(|(record, _)| !kept.contains(record)).map(|(_, weight)| weight).sum();
        dropped < slack
    }

    #[test]
    fn the_smallest_are_spared_as_long_as_the_contradiction_survives() {
        let all = weighed(&[5, 1, 3, 9]);
        assert_eq!(irreducible(5, &all), vec![record(0), record(3)]);
        assert_eq!(irreducible(4, &all), vec![record(0), record(2), record(3)]);
        assert_eq!(irreducible(1, &all), vec![record(0), record(1), record(2), record(3)]);
    }

    #[test]
    fn several_weights_of_one_record_count_together() {
        let all = [(record(0), 2), (record(1), 3), (record(0), 2)];
        assert_eq!(irreducible(4, &all), vec![record(0)]);
    }

    #[test]
    fn many_small_inputs_are_sorted_once() {
        let all: Vec<(RecordId, u128)> = (0..65_536).map(|at| (record(at), 1)).collect();
        assert_eq!(irreducible(65_000, &all).len(), 537);
    }

    proptest! {
        #[test]
        fn what_is_kept_contradicts_and_none_of_it_can_be_spared(
            weights in proptest::collection::vec(0u128..20, 0..10),
            slack in 1u128..60,
        ) {
            let all = weighed(&weights);
            let kept = irreducible(slack, &all);
            prop_assert!(survives(slack, &all, &kept));
            for one in &kept {
                let rest: Vec<RecordId> = kept.iter().filter(|other| *other != one).copied().collect();
                prop_assert!(!survives(slack, &all, &rest));
            }
            // Brute force: no smaller part of what is kept contradicts, whichever it is.
            for chosen in 0u32..(1 << kept.len()) - 1 {
                let part: Vec<RecordId> =
                    kept.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, one)| *one).collect();
                prop_assert!(!survives(slack, &all, &part));
            }
        }
    }
}
