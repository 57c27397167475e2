//! Headers that were handed over without their records: signed as records are, and links of their chains.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::evidence::{HeaderPiece, Refused};
use super::examine::{CANNOT_JUDGE, NO_KEY, why_no_key};
use crate::chain::Link;
use crate::custody::graph::ChainEnd;
use crate::hash::{PartyId, RecordId};
use crate::record::{HeaderError, SEAL_LEN, SignedHeader};
use crate::sign::PublicKey;

/// Returns the links of the headers whose signature holds; the others are refused.
pub(super) fn open(
    pieces: Vec<HeaderPiece>,
    keys: &HashMap<PartyId, PublicKey>,
    refused: &mut Vec<Refused>,
) -> Vec<Link> {
    let mut links = Vec::with_capacity(pieces.len());
    let outcomes: Vec<_> =
        pieces.into_par_iter().with_min_len(64).map(|piece| (link(&piece, keys), piece)).collect();
    for (outcome, piece) in outcomes {
        match outcome {
            Ok(link) => links.push(link),
            Err((step, why)) => {
                let header = SignedHeader::parse(&piece.bytes).ok();
                refused.push(Refused {
                    source: piece.source,
                    record: header.as_ref().map(SignedHeader::id),
                    party: header.as_ref().map(|header| header.header().party),
                    seq: header.as_ref().map(|header| header.header().seq),
                    step,
                    why,
                });
            }
        }
    }
    links
}

fn link(piece: &HeaderPiece, keys: &HashMap<PartyId, PublicKey>) -> Result<Link, (&'static str, String)> {
    if piece.bytes.len() != SEAL_LEN {
        return Err(("length", format!("a signed header has {SEAL_LEN} bytes, not {}", piece.bytes.len())));
    }
    let signed = SignedHeader::parse(&piece.bytes).map_err(|error| match error {
        HeaderError::UnknownAlgorithm(_) => (CANNOT_JUDGE, error.to_string()),
        _ => (error.step(), error.to_string()),
    })?;
    let header = signed.header();
    let key = keys.get(&header.party).filter(|_| header.key == 0);
    let key = key.ok_or_else(|| (NO_KEY, why_no_key(header.key)))?;
    signed.verify(key).map_err(|error| ("signature", error.to_string()))?;
    Ok(Link {
        id: signed.id(),
        party: header.party,
        epoch: header.epoch,
        seq: header.seq,
        prev: header.prev,
        control: header.control,
        is_control: signed.is_control(),
        signed_at: header.signed_at,
    })
}

/// Returns the last header of each party; those of records that are held whole tell nothing more.
pub(super) fn ends(alone: &[Link], whole: &HashSet<RecordId>) -> BTreeMap<PartyId, ChainEnd> {
    let mut ends: BTreeMap<PartyId, ChainEnd> = BTreeMap::new();
    for link in alone.iter().filter(|link| !whole.contains(&link.id)) {
        let control = if link.is_control { link.id } else { link.control };
        let end = ChainEnd { epoch: link.epoch, seq: link.seq, control, signed_at: link.signed_at };
        let last = ends.entry(link.party).or_insert(end);
        if (last.epoch, last.seq) < (end.epoch, end.seq) {
            *last = end;
        }
    }
    ends
}
