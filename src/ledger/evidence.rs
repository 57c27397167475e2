//! What a ledger hands over to a verifier: every record, and what was kept of logs.

use std::collections::BTreeMap;

use super::Ledger;
use super::error::LedgerError;
use crate::hash::{PartyId, RecordId};
use crate::log::checkpoint::LogId;
use crate::record::{HEADER_LEN, Header};
use crate::verify::{CheckpointPiece, Evidence, ForkPiece, HeaderPiece, LogPiece};

/// Ids of records by position, for each log.
type Places = BTreeMap<(PartyId, u16), Vec<(u64, RecordId)>>;

impl Ledger {
    /// Returns everything held, for `verify`, which trusts none of it: records, and of the logs of which something was kept
    /// checkpoints, the nodes that lead to them, and headers of records that are not held.
    ///
    /// No error: what cannot be read is in the damage.
    pub fn evidence(&self) -> Evidence {
        let (pieces, damage) = self.pieces();
        let mut evidence = Evidence { pieces, damage, ..Evidence::default() };
        let told = |error: LedgerError| ("the store".to_owned(), error.to_string());
        match self.store.kept_logs() {
            Ok(logs) if logs.is_empty() => {}
            Ok(logs) => {
                let mut places = Places::new();
                for piece in &evidence.pieces {
                    let header =
                        piece.bytes.get(..HEADER_LEN).and_then(|bytes| Header::from_bytes(bytes).ok());
                    if let Some(header) = header {
                        let of_log = places.entry((header.party, header.epoch)).or_default();
                        of_log.push((header.seq, header.id()));
                    }
                }
                for (party, epoch) in logs {
                    let records = places.remove(&(party, epoch)).unwrap_or_default();
                    if let Err(error) = self.add_log(LogId { party, epoch }, records, &mut evidence) {
                        evidence.damage.push(told(error));
                    }
                }
            }
            Err(error) => evidence.damage.push(told(error.into())),
        }
        evidence
    }

    fn add_log(
        &self,
        id: LogId,
        records: Vec<(u64, RecordId)>,
        evidence: &mut Evidence,
    ) -> Result<(), LedgerError> {
        let held = self.held_log_of(id, records)?;
        let owner = id.party.short();
        if held.unsound > 0 {
            let why =
                format!("{} checkpoints or proofs kept of the log of {owner} do not hold", held.unsound);
            evidence.damage.push(("the store".to_owned(), why));
        }
        for (id, bytes) in held.headers() {
            if self.store.find(id)?.is_none() {
                let seq = Header::from_bytes(&bytes[..HEADER_LEN]).map_or(0, |header| header.seq);
                let source = format!("header {seq} of {owner} in the ledger");
                evidence.headers.push(HeaderPiece { bytes: bytes.clone(), source });
            }
        }
        let forks = held.forks.iter().cloned();
        let source = format!("a proof about the log of {owner} in the ledger");
        evidence.forks.extend(forks.map(|fork| ForkPiece { fork, source: source.clone() }));
        // The whole own chain is at hand: an older checkpoint of it that came back says nothing more.
        let own = self.head.filter(|head| (head.next.party, head.next.epoch) == (id.party, id.epoch));
        let is_old = |size: u64| own.is_some_and(|head| size < head.next.seq);
        for under in held.checkpoints.iter().filter(|under| !is_old(under.checkpoint.size)) {
            let source = format!("log of {owner} in the ledger");
            match held.whole_part(under) {
                Some((part, records)) => evidence.logs.push(LogPiece { part, records, source }),
                None => evidence
                    .checkpoints
                    .push(CheckpointPiece { checkpoint: under.checkpoint.clone(), source }),
            }
        }
        Ok(())
    }
}
