//! A filter that knows what a run does not hold, so that most look-ups touch one run.
//!
//! A Bloom filter with ten bits and six probes an entry: about one false "maybe" in a hundred, never a false "no".
//! It is part of the layout: hash and size must not change without a new layout number.

/// The filter of one run.
pub(super) enum Filter {
    /// Answers from its bits.
    Bits(Vec<u64>),
    /// Knows nothing: each answer is "maybe".
    Blank,
}

const PROBES: u64 = 6;

impl Filter {
    /// Returns an empty filter for `count` entries.
    pub(super) fn new(count: u64) -> Self {
        Self::Bits(vec![0; usize::try_from(words(count)).expect("its entries are in memory, which is more")])
    }

    /// Reads the form of [`Filter::to_bytes`]; anything else gives a blank filter.
    pub(super) fn from_bytes(bytes: &[u8], count: u64) -> Self {
        let (found, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() || found.len() as u64 != words(count) {
            return Self::Blank;
        }
        Self::Bits(found.iter().map(|word| u64::from_be_bytes(*word)).collect())
    }

    /// Returns the stored form.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Bits(words) => words.iter().flat_map(|w| w.to_be_bytes()).collect(),
            Self::Blank => Vec::new(),
        }
    }

    /// Notes that the run holds an entry with this prefix.
    pub(super) fn insert(&mut self, prefix: &[u8]) {
        if let Self::Bits(words) = self {
            for bit in probes(prefix, words.len()) {
                words[bit / 64] |= 1 << (bit % 64);
            }
        }
    }

    /// Whether the run may hold an entry with this prefix.
    pub(super) fn may_hold(&self, prefix: &[u8]) -> bool {
        match self {
            Self::Bits(words) => {
                probes(prefix, words.len()).all(|bit| words[bit / 64] >> (bit % 64) & 1 == 1)
            }
            Self::Blank => true,
        }
    }
}

/// Number of words for `count` entries: ten bits each, at least one word.
fn words(count: u64) -> u64 {
    count.saturating_mul(10) / 64 + 1
}

fn probes(prefix: &[u8], words: usize) -> impl Iterator<Item = usize> {
    let bits = words as u64 * 64;
    let (first, step) = hash(prefix);
    (0..PROBES).map(move |i| (first.wrapping_add(i.wrapping_mul(step)) % bits) as usize)
}

/// Two mixes of the bytes. Ids are hashes already, so this only has to spread places and indexes well.
fn hash(bytes: &[u8]) -> (u64, u64) {
    let mut mixed: u64 = bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mixed = mix(mixed.rotate_left(23) ^ u64::from_le_bytes(word));
    }
    (mixed, mix(mixed) | 1)
}

/// Spreads each bit over all others.
fn mix(mut x: u64) -> u64 {
    x ^= x >> 32;
    x = x.wrapping_mul(0xe9e7_5f3a_9d2c_61b5);
    x ^= x >> 29;
    x = x.wrapping_mul(0xb5c1_8d4e_3f72_a94d);
    x ^ (x >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(n: u64) -> Vec<u8> {
        [&[2; 35][..], &n.to_be_bytes()].concat()
    }

    #[test]
    fn what_is_in_is_never_denied_and_what_is_not_mostly_is() {
        let mut filter = Filter::new(10_000);
        (0..10_000).for_each(|n| filter.insert(&prefix(n)));
        let filter = Filter::from_bytes(&filter.to_bytes(), 10_000);
        assert!((0..10_000).all(|n| filter.may_hold(&prefix(n))));
        let wrong = (10_000..110_000).filter(|&n| filter.may_hold(&prefix(n))).count();
        assert!(wrong < 3_000, "{wrong} of 100 000 are taken for held");
    }

    #[test]
    fn a_damaged_filter_denies_nothing() {
        let bytes = Filter::new(1_000).to_bytes();
        let filter = Filter::from_bytes(&bytes[8..], 1_000);
        assert!(filter.may_hold(&prefix(1)));
    }
}
