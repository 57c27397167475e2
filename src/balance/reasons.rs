//! Reasons: of the records behind a contradiction, those that cannot be spared.
//!
//! A contradiction is a sum that exceeds what others allow by some `slack`. What narrows the gap rests on records, a
//! content that was handed over on several: taking back any one of them opens all that rests on it, and taking back a
//! second opens nothing more. Spec: docs/balance.md, "Reasons".

use std::collections::HashMap;

use crate::hash::RecordId;

/// A part of what narrows the gap, and the records that it rests on together.
pub type Rests = (u128, Vec<RecordId>);

/// Returns records that cannot all be true, of which none can be spared: without any one of them the rest is possible.
///
/// `slack` is by how much the contradiction exceeds what is allowed, more than nothing. Those that open least are
/// spared first, as long as the contradiction survives. Returned in the order in which they were first given.
pub fn irreducible(slack: u128, rests: &[Rests]) -> Vec<RecordId> {
    let mut first: HashMap<RecordId, usize> = HashMap::new();
    let mut parts_of: Vec<(RecordId, Vec<usize>)> = Vec::new();
    for (part, (_, records)) in rests.iter().enumerate() {
        for record in records {
            let at = *first.entry(*record).or_insert_with(|| {
                parts_of.push((*record, Vec::new()));
                parts_of.len() - 1
            });
            parts_of[at].1.push(part);
        }
    }
    let mut opened = vec![false; rests.len()];
    let opens = |opened: &[bool], parts: &[usize]| {
        let closed = parts.iter().filter(|part| !opened[**part]);
        closed.fold(0u128, |sum, part| sum.saturating_add(rests[*part].0))
    };
    let mut order: Vec<(u128, RecordId, usize)> = Vec::with_capacity(parts_of.len());
    for (at, (record, parts)) in parts_of.iter_mut().enumerate() {
        parts.dedup();
        order.push((opens(&opened, parts), *record, at));
    }
    order.sort_unstable();
    // What opens too much now still does once more has been spared, so each is looked at once.
    let (mut left, mut kept) = (slack, Vec::new());
    for (_, _, at) in order {
        let parts = &parts_of[at].1;
        let more = opens(&opened, parts);
        if more < left {
            left -= more;
            parts.iter().for_each(|part| opened[*part] = true);
        } else {
            kept.push(at);
        }
    }
    kept.sort_unstable();
    kept.into_iter().map(|at| parts_of[at].0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;
    use proptest::prelude::*;

    fn record(number: usize) -> RecordId {
        RecordId(sha256(&[&number.to_be_bytes()]))
    }

    fn weighed(weights: &[u128]) -> Vec<Rests> {
        weights.iter().enumerate().map(|(at, weight)| (*weight, vec![record(at)])).collect()
    }

    /// Whether the contradiction is still there with these alone.
    fn survives(slack: u128, all: &[Rests], kept: &[RecordId]) -> bool {
        let is_open = |(_, records): &&Rests| records.iter().any(|record| !kept.contains(record));
        all.iter().filter(is_open).map(|(weight, _)| weight).sum::<u128>() < slack
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
        let all = [(2, vec![record(0)]), (3, vec![record(1)]), (2, vec![record(0)])];
        assert_eq!(irreducible(4, &all), vec![record(0)]);
    }

    #[test]
    fn of_two_records_behind_one_content_neither_is_spared_alone() {
        // Sparing one of a chain opened it, and the others were kept for nothing.
        let all = [(5, vec![record(0), record(1)]), (7, vec![record(2)])];
        assert_eq!(irreducible(6, &all), vec![record(2)]);
        assert_eq!(irreducible(5, &all), vec![record(0), record(1), record(2)]);
    }

    #[test]
    fn many_small_inputs_are_sorted_once() {
        let all: Vec<Rests> = (0..65_536).map(|at| (1, vec![record(at)])).collect();
        assert_eq!(irreducible(65_000, &all).len(), 537);
    }

    proptest! {
        #[test]
        fn what_is_kept_contradicts_and_none_of_it_can_be_spared(
            parts in proptest::collection::vec((0u128..20, proptest::collection::vec(0usize..9, 1..4)), 0..8),
            slack in 1u128..60,
        ) {
            let all: Vec<Rests> = parts.iter()
                .map(|(weight, records)| (*weight, records.iter().map(|at| record(*at)).collect()))
                .collect();
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
