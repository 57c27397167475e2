//! Where random bytes come from. The library never asks the operating system; `cli` does and passes it down.

use crate::hash::sha256;

/// A source of random bytes.
pub trait Entropy {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// A repeatable source for tests, vectors and scenarios: equal seeds give equal bytes.
///
/// Never use it for a key that is to protect something: whoever knows the seed knows the key.
#[derive(Clone)]
pub struct SeededEntropy {
    seed: [u8; 32],
    counter: u64,
}

impl SeededEntropy {
    /// Returns the source that starts from `seed`, which may have any length.
    pub fn new(seed: &[u8]) -> Self {
        Self { seed: sha256(&[b"lodemark seeded entropy", seed]).0, counter: 0 }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = sha256(&[&self.seed, &self.counter.to_be_bytes()]).0;
            self.counter = self.counter.wrapping_add(1);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seed: &[u8], count: usize) -> Vec<u8> {
        let mut out = vec![0; count];
        SeededEntropy::new(seed).fill(&mut out);
        out
    }

    #[test]
    fn equal_seeds_give_equal_bytes_and_other_seeds_others() {
        assert_eq!(bytes(b"a", 100), bytes(b"a", 100));
        assert_ne!(bytes(b"a", 100), bytes(b"b", 100));
    }

    #[test]
    fn no_block_comes_twice() {
        let mut source = SeededEntropy::new(b"a");
        let (mut first, mut second) = ([0; 16], [0; 16]);
        source.fill(&mut first);
        source.fill(&mut second);
        assert_ne!(first, second);
        let long = bytes(b"a", 64);
        assert_ne!(long[..32], long[32..]);
    }
}
