//! Making proofs out of what is held. A proof is given out only where it holds when judged by itself.

use super::NoProof;
use super::held::Held;
use crate::chain::proof::{FILE_MAX, PARTS_MAX, Part, Proof, ProofKind};
use crate::custody::graph::Graph;
use crate::hash::{PartyId, RecordId};
use crate::model::kind::Kind;
use crate::record::{Header, SignedHeader};

/// What proofs are made from.
pub(super) struct Maker<'a> {
    pub held: &'a Held<'a>,
    pub graph: &'a Graph,
}

impl Maker<'_> {
    /// Returns the proof that two records stand at one position.
    pub fn fork(&self, party: PartyId, one: &RecordId, other: &RecordId) -> Result<Proof, NoProof> {
        self.proof(ProofKind::Fork, party, vec![self.head(one)?, self.head(other)?])
    }

    /// Returns the proof that a header lies, from the headers of these records.
    pub fn control_lie(&self, party: PartyId, records: &[RecordId]) -> Result<Proof, NoProof> {
        let parts = records.iter().map(|id| self.head(id)).collect::<Result<_, NoProof>>()?;
        self.proof(ProofKind::ControlLie, party, parts)
    }

    /// Returns the proof that these records use one stretch twice.
    pub fn double_use(&self, records: &[RecordId]) -> Result<Proof, NoProof> {
        let Some((party, ends)) = self.in_order(records)? else {
            let [only] = records else { return Err(none("more than two records use it")) };
            let party = self.header(only)?.party;
            return self.proof(ProofKind::DoubleUse, party, vec![self.whole(only)?]);
        };
        let [earlier, later] = ends;
        let mut parts = vec![self.whole(&earlier)?, self.whole(&later)?];
        parts.extend(self.walk(&earlier, &later, true)?);
        self.proof(ProofKind::DoubleUse, party, parts)
    }

    /// Returns the proof that two corrections of one record stand on two branches.
    pub fn corrections(&self, records: &[RecordId]) -> Result<Proof, NoProof> {
        let Some((party, [earlier, later])) = self.in_order(records)? else {
            return Err(none("two corrections are needed"));
        };
        let mut parts =
            vec![Part::whole(self.bytes(&earlier)?, None), Part::whole(self.bytes(&later)?, None)];
        parts.extend(self.walk(&earlier, &later, false)?);
        self.proof(ProofKind::ContradictoryCorrections, party, parts)
    }

    /// Returns two records of one chain, the earlier first.
    fn in_order(&self, records: &[RecordId]) -> Result<Option<(PartyId, [RecordId; 2])>, NoProof> {
        let [one, other] = records else { return Ok(None) };
        let (first, second) = (self.header(one)?, self.header(other)?);
        if first.party != second.party {
            return Err(none(
                "two parties used it: at most one was entitled to, and a signature does not say which",
            ));
        }
        if first.epoch != second.epoch {
            return Err(none("the records are of two epochs of the chain"));
        }
        let ends = if first.seq <= second.seq { [*one, *other] } else { [*other, *one] };
        Ok(Some((first.party, ends)))
    }

    /// Returns the control records before `later` down to the position of `earlier`.
    fn walk(&self, earlier: &RecordId, later: &RecordId, with_targets: bool) -> Result<Vec<Part>, NoProof> {
        let floor = self.header(earlier)?.seq;
        let mut at = self.signed(later)?;
        let mut parts = Vec::new();
        while at.header().seq > floor {
            at = self
                .held
                .signed(&at.header().control)
                .ok_or_else(|| open("not all control records between the two are held"))?;
            if parts.len() + 2 >= usize::from(PARTS_MAX) {
                return Err(none("more control records lie between the two than a proof can hold"));
            }
            // Whether a record was taken back stands in the body of what takes it back.
            let names_target = matches!(at.kind(), Some(Kind::Withdraw | Kind::Correct));
            parts.push(match with_targets && names_target && at.header().seq > floor {
                true => Part::whole(self.bytes(&at.id())?, None),
                false => self.head(&at.id())?,
            });
        }
        Ok(parts)
    }

    fn proof(&self, kind: ProofKind, party: PartyId, parts: Vec<Part>) -> Result<Proof, NoProof> {
        let no_start = || open("the record that opens the party's chain is not held");
        let key = self.held.key(&party).ok_or_else(no_start)?.to_bytes();
        let recovery = self.graph.party(&party).ok_or_else(no_start)?.1.recovery_commitment;
        let proof = Proof { kind, key, recovery, parts };
        proof.judge().map_err(|objection| NoProof { why: objection.why, is_open: objection.cannot_judge })?;
        match proof.to_bytes().len() as u64 {
            0..=FILE_MAX => Ok(proof),
            bytes => Err(none(&format!("it would take {bytes} bytes"))),
        }
    }

    fn signed(&self, id: &RecordId) -> Result<&SignedHeader, NoProof> {
        self.held.signed(id).ok_or_else(|| open("a record's signature cannot be checked"))
    }

    fn header(&self, id: &RecordId) -> Result<&Header, NoProof> {
        self.signed(id).map(SignedHeader::header)
    }

    fn bytes(&self, id: &RecordId) -> Result<&[u8], NoProof> {
        self.held
            .bytes(id)
            .ok_or_else(|| open("a record is held by its header alone, or its signature cannot be checked"))
    }

    fn head(&self, id: &RecordId) -> Result<Part, NoProof> {
        let seal = self.held.seal(id);
        Ok(Part::header(seal.ok_or_else(|| open("a record's signature cannot be checked"))?))
    }

    fn whole(&self, id: &RecordId) -> Result<Part, NoProof> {
        Ok(Part::whole(self.bytes(id)?, self.held.inputs(id)))
    }
}

/// There is none, and no further record would make one.
fn none(why: &str) -> NoProof {
    NoProof { why: why.to_owned(), is_open: false }
}

/// There is none by what is held.
fn open(why: &str) -> NoProof {
    NoProof { why: why.to_owned(), is_open: true }
}
