//! Apportioning: a whole is handed out in parts that sum to it to the last milligram.

use super::mass::Mass;

/// Returns `whole` in parts in proportion to `weights`, by largest remainder; of equal remainders the first wins.
///
/// Every part is its exact share rounded down or up by less than one milligram, and the parts sum to `whole`. Weights
/// that are all zero, or none, give nothing to anyone.
pub fn apportion(whole: Mass, weights: &[u64]) -> Vec<Mass> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return vec![Mass::ZERO; weights.len()];
    }
    let mg = u128::from(whole.mg());
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut parts: Vec<u64> = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        // Two factors of 64 bits; the quotient is at most the whole.
        let product = mg * u128::from(*weight);
        parts.push(u64::try_from(product / total).expect("a part is at most the whole"));
        remainders.push((product % total, at));
    }
    let given: u64 = parts.iter().sum();
    remainders.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    // What is left is less than one milligram for each part that has a remainder.
    for (_, at) in remainders.iter().take((whole.mg() - given) as usize) {
        parts[*at] += 1;
    }
    parts.into_iter().map(Mass::from_mg).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(whole: u64, weights: &[u64]) -> Vec<u64> {
        apportion(Mass::from_mg(whole), weights).into_iter().map(Mass::mg).collect()
    }

    #[test]
    fn the_largest_remainders_get_what_is_left() {
        assert_eq!(parts(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(parts(10, &[6, 1, 7]), [4, 1, 5]);
        assert_eq!(parts(7, &[0, 5]), [0, 7]);
        assert_eq!(parts(7, &[0, 0]), [0, 0]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_none_is_a_milligram_off(
            whole in any::<u64>(),
            weights in prop::collection::vec(any::<u64>(), 1..20),
        ) {
            let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            prop_assume!(total > 0);
            let parts = parts(whole, &weights);
            prop_assert_eq!(parts.iter().map(|part| u128::from(*part)).sum::<u128>(), u128::from(whole));
            for (part, weight) in parts.iter().zip(&weights) {
                let floor = u128::from(whole) * u128::from(*weight) / total;
                prop_assert!(u128::from(*part) == floor || u128::from(*part) == floor + 1);
            }
        }
    }
}
