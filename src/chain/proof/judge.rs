//! The steps that every kind of proof has in common: key, headers, signatures, contents.

use super::{Objection, Part, Proof, ProofKind, Signed, Statement};
use super::{control_lie, corrections, double_use, fork};
use crate::hash::{PartyId, RecordId};
use crate::model::record::Record;
use crate::record::{Header, RecordError, SEAL_LEN, SealedRecord, SignedHeader};
use crate::sign::PublicKey;

/// A part whose header is the party's signed word, and whose contents are opened if it is a whole record.
pub(super) struct Checked {
    pub signed: SignedHeader,
    pub contents: Option<Record>,
}

impl Checked {
    pub fn id(&self) -> RecordId {
        self.signed.id()
    }

    pub fn header(&self) -> &Header {
        self.signed.header()
    }

    pub fn seq(&self) -> u64 {
        self.header().seq
    }

    /// Returns the contents of a part that has to be a whole record.
    pub fn whole(&self) -> Result<&Record, Objection> {
        let missing = || Objection::new("parts", format!("the contents of {} are not there", self.what()));
        self.contents.as_ref().ok_or_else(missing)
    }

    /// Returns what it is and where it stands: "dispatch record 7".
    pub fn what(&self) -> String {
        format!("{} record {}", self.kind(), self.seq())
    }

    fn kind(&self) -> String {
        self.signed.kind().map_or_else(|| format!("{:#06x}", self.header().kind), |kind| kind.to_string())
    }
}

pub(super) fn judge(proof: &Proof) -> Result<Statement, Objection> {
    let key = PublicKey::from_bytes(&proof.key)
        .map_err(|error| Objection::new("key", format!("the party's key is not usable: {error}")))?;
    let party = proof.party();
    let parts: Vec<Checked> =
        proof.parts.iter().map(|part| check(part, &key, &party)).collect::<Result<_, Objection>>()?;
    let epoch = parts[0].header().epoch;
    if let Some(other) = parts.iter().find(|part| part.header().epoch != epoch) {
        let why = format!(
            "{} is of epoch {}, the first record of epoch {epoch}",
            other.what(),
            other.header().epoch
        );
        return Err(Objection::new("epoch", why));
    }
    let mut statement = match proof.kind {
        ProofKind::Fork => fork::judge(&parts),
        ProofKind::DoubleUse => double_use::judge(&parts),
        ProofKind::ControlLie => control_lie::judge(&parts),
        ProofKind::ContradictoryCorrections => corrections::judge(&parts),
    }?;
    (statement.party, statement.epoch) = (party, epoch);
    Ok(statement)
}

/// Checks one part by itself.
fn check(part: &Part, key: &PublicKey, party: &PartyId) -> Result<Checked, Objection> {
    let signed = SignedHeader::parse(&part.bytes).map_err(|error| objection(&error.into()))?;
    let header = signed.header();
    if header.party != *party {
        let why =
            format!("a record is of party {}, the key makes party {}", header.party.short(), party.short());
        return Err(Objection::new("party", why));
    }
    if header.key != 0 {
        let why = format!("a record is signed with key {}, and only the first key is here", header.key);
        return Err(Objection::cannot_judge("party", why));
    }
    let verified = signed
        .verify(key)
        .map_err(|error| Objection::new("signature", format!("record {}: {error}", header.seq)))?;
    if part.bytes.len() == SEAL_LEN {
        return Ok(Checked { signed, contents: None });
    }
    let sealed = SealedRecord::parse(&part.bytes).map_err(|error| objection(&error))?;
    let shown = part.inputs.as_slice();
    let is_other = |index: u32| sealed.directory().get(index as usize).is_some_and(|entry| entry.key != "in");
    if shown.iter().any(|item| is_other(item.index)) {
        return Err(Objection::new("contents", "a private item other than `in` is shown"));
    }
    let contents = sealed.open(key, &verified, shown).map_err(|error| objection(&error))?;
    Ok(Checked { signed, contents: Some(contents) })
}

fn objection(error: &RecordError) -> Objection {
    let step = match error {
        RecordError::Header(_) => "header",
        _ => "contents",
    };
    let why = format!("a record does not hold at step `{}`: {error}", error.step());
    if error.cannot_judge() { Objection::cannot_judge(step, why) } else { Objection::new(step, why) }
}

impl Signed {
    pub(super) fn of(part: &Checked) -> Self {
        Self { record: part.id(), kind: part.kind(), seq: part.seq(), signed_at: part.header().signed_at }
    }
}

impl Statement {
    /// Returns a statement about these records; party and epoch are filled in by [`judge`].
    pub(super) fn about<'a>(records: impl IntoIterator<Item = &'a Checked>, says: String) -> Self {
        Self {
            party: PartyId::ZERO,
            epoch: 0,
            records: records.into_iter().map(Signed::of).collect(),
            walked: 0,
            twice: None,
            target: None,
            says,
        }
    }
}
