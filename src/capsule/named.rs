//! Whether some record in a capsule names each paper in it.

use std::collections::HashSet;

use super::layout::{Chain, Document, Entry};
use crate::hash::Hash;
use crate::record::SEAL_LEN;

/// Returns the papers, by their hashes, that no body and no shown value in these chains holds the hash of.
///
/// 32 bytes of a hash stand nowhere by accident. One pass over the chains, however many papers there are.
pub fn unnamed(chains: &[Chain], papers: impl Iterator<Item = Hash>) -> HashSet<Hash> {
    let mut left: HashSet<Hash> = papers.collect();
    let mut begins = vec![false; 1 << 16];
    for hash in &left {
        begins[usize::from(u16::from_be_bytes([hash.0[0], hash.0[1]]))] = true;
    }
    for entry in chains.iter().flat_map(|chain| &chain.entries) {
        let Entry::Record { bytes, shown } = entry else { continue };
        let body = bytes.get(SEAL_LEN..).unwrap_or_default();
        for part in std::iter::once(body).chain(shown.iter().map(|item| &item.value[..])) {
            if left.is_empty() {
                return left;
            }
            strike(part, &begins, &mut left);
        }
    }
    left
}

/// Takes away the hashes that stand in `part`.
fn strike(part: &[u8], begins: &[bool], left: &mut HashSet<Hash>) {
    for window in part.windows(32) {
        if begins[usize::from(u16::from_be_bytes([window[0], window[1]]))] {
            left.remove(&Hash(window.try_into().expect("a window has 32 bytes")));
        }
    }
}

/// Returns the first paper that no record names, in the order of the file.
pub(super) fn first_unnamed(chains: &[Chain], documents: &[Document]) -> Option<Hash> {
    if documents.is_empty() {
        return None;
    }
    let unnamed = unnamed(chains, documents.iter().map(|one| one.hash));
    documents.iter().map(|one| one.hash).find(|hash| unnamed.contains(hash))
}
