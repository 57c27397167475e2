//! What could be known on an earlier day, as far as the authors' clocks can be believed.

use std::collections::HashMap;

use super::evidence::{Evidence, ForkPiece};
use crate::hash::PartyId;
use crate::model::day::Day;
use crate::model::event::SeenCheckpoint;
use crate::record::{HEADER_LEN, Header};

impl Evidence {
    /// Returns the part of the evidence that was signed by the end of `day` (UTC), as its authors claim.
    ///
    /// A record counts if it, or one behind it in its chain, claims such a time: what stands before another was
    /// signed before it. What has no readable header stays, since nobody can say when it came. A part of a log counts
    /// if its last leaf does.
    pub fn known_at(self, day: Day) -> Self {
        let header = |bytes: &[u8]| Header::from_bytes(bytes.get(..HEADER_LEN)?).ok();
        let mut reach: HashMap<(PartyId, u16), u64> = HashMap::new();
        let records = self.pieces.iter().map(|piece| &piece.bytes);
        for bytes in records.chain(self.headers.iter().map(|piece| &piece.bytes)) {
            if let Some(header) = header(bytes).filter(|header| header.signed_at.day() <= day) {
                let last = reach.entry((header.party, header.epoch)).or_insert(header.seq);
                *last = header.seq.max(*last);
            }
        }
        let counts = |bytes: &[u8]| match header(bytes) {
            Some(header) => reach.get(&(header.party, header.epoch)).is_some_and(|last| header.seq <= *last),
            None => true,
        };
        // A checkpoint was made after its last leaf.
        let covers = |checkpoint: &SeenCheckpoint| {
            let last = reach.get(&(checkpoint.party, checkpoint.epoch));
            last.is_some_and(|last| checkpoint.size.checked_sub(1).is_some_and(|leaf| leaf <= *last))
        };
        let mut known = self;
        known.logs.retain(|log| covers(&log.part.checkpoint));
        known.checkpoints.retain(|one| covers(&one.checkpoint));
        let sizes = |one: &ForkPiece| one.fork.judge().ok().map(|said| (said.log, said.checkpoints));
        known.forks.retain(|one| {
            sizes(one).is_none_or(|(log, two)| {
                let last = reach.get(&(log.party, log.epoch));
                two.iter().all(|one| last.is_some_and(|last| one.size() <= last.saturating_add(1)))
            })
        });
        known.pieces.retain(|piece| counts(&piece.bytes));
        known.headers.retain(|piece| counts(&piece.bytes));
        known
    }
}
