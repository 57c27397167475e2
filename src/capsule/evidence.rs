//! What a capsule hands over to a verifier.

use super::layout::{Capsule, Chain, Entry};
use crate::hash::{RecordId, sha256};
use crate::record::HEADER_LEN;
use crate::verify::{Evidence, HeaderPiece, LogPiece, Piece};

/// Returns what a capsule shows, unchecked, to be verified with or without other files.
///
/// `name` is what people call the file; it stands in the source of each piece. Lots, cuts, packs and documents are no
/// evidence of what is in the records, and are left to the caller.
pub fn evidence(capsule: &Capsule, name: &str) -> Evidence {
    let mut evidence = Evidence::default();
    for chain in &capsule.chains {
        add(&mut evidence, chain, name);
    }
    evidence
}

fn add(evidence: &mut Evidence, chain: &Chain, name: &str) {
    let owner = chain.party.short();
    let mut records = Vec::with_capacity(chain.entries.len());
    for entry in &chain.entries {
        let seq = entry.seq().unwrap_or_default();
        let source = format!("record {seq} of {owner} in {name}");
        if let Some(header) = entry.bytes().get(..HEADER_LEN) {
            records.push((seq, id(header)));
        }
        match entry {
            Entry::Header(bytes) => evidence.headers.push(HeaderPiece { bytes: bytes.clone(), source }),
            Entry::Record { bytes, shown } => {
                evidence.pieces.push(Piece { bytes: bytes.clone(), shown: shown.clone(), source });
            }
        }
    }
    if let Some(part) = &chain.log {
        let source = format!("log of {owner} in {name}");
        evidence.logs.push(LogPiece { part: part.clone(), records, source });
    }
}

/// Returns the id that a header hashes to, whether or not anything in it holds.
fn id(header: &[u8]) -> RecordId {
    RecordId(sha256(&[header]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::*;

    #[test]
    fn whole_records_headers_and_logs_are_told_apart_and_the_log_names_every_entry() {
        let capsule = sample();
        let evidence = evidence(&capsule, "a.capsule");
        assert_eq!((evidence.pieces.len(), evidence.headers.len()), (1, 4));
        assert!(evidence.damage.is_empty());
        let [log] = &evidence.logs[..] else { panic!("one chain has a log: {:?}", evidence.logs) };
        assert_eq!(Some(&log.part), capsule.chains[0].log.as_ref());
        let seqs: Vec<u64> = log.records.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(seqs, [0, 1, 8]);
        assert_eq!(log.records[1].1, RecordId(sha256(&[&evidence.pieces[0].bytes[..208]])));
        assert!(log.source.contains("a.capsule"));
    }
}
