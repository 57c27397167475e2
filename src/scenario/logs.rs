//! Logs in a scenario: what of them the reader is given, with checkpoints signed by the parties' keys.

use super::world::World;
use crate::entry::{EntryError, Table, Tree};
use crate::hash::{RecordId, sha256};
use crate::log::checkpoint::Checkpoint;
use crate::log::cosignature::cosign;
use crate::log::part::{Cosignature, LogPart};
use crate::log::seen;
use crate::log::shown;
use crate::log::tree::{Tree as Merkle, leaf_hash};
use crate::model::coded::coded;
use crate::record::{HEADER_LEN, SEAL_LEN};
use crate::verify::{HeaderPiece, LogPiece};

coded! {
    /// Where a byte of a log changes on the way.
    LogDamage, "part of a log" {
        /// The first node of the proof.
        Node = 1 "node",
        /// The signature of the checkpoint.
        Signature = 2 "signature",
    }
}

/// What the reader is given of the log of one party.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogGiven {
    /// Alias of the party.
    pub of: String,
    /// How many records its checkpoint covers; all that the party signed where not given.
    pub size: Option<u64>,
    /// The event in whose place another record stands in this log.
    pub instead: Option<String>,
    /// What goes wrong with it on the way.
    pub damage: Option<LogDamage>,
    /// Names of witnesses that cosigned the checkpoint, at the time of the last record.
    pub witnesses: Vec<String>,
}

impl LogGiven {
    /// The whole log of a party, as it is.
    pub(super) fn whole(of: &str) -> Self {
        Self { of: of.to_owned(), size: None, instead: None, damage: None, witnesses: Vec::new() }
    }

    pub(super) fn from_tree(tree: &Tree, path: &str) -> Result<Self, EntryError> {
        let table = Table::new(tree, path, "a log")?;
        let damage = table.text("damage")?.map(|word| word.parse()).transpose();
        let given = Self {
            of: super::file::required(&table, "of", "the alias of a party")?,
            size: table.whole("size")?,
            instead: table.text("instead")?,
            damage: damage.map_err(|error: crate::model::coded::UnknownWord| {
                EntryError::new(table.path("damage"), error.to_string(), error.hint())
            })?,
            witnesses: table.texts("witnesses")?,
        };
        table.finish()?;
        Ok(given)
    }

    /// Returns the part of the log that shows the records `is_given`, and the header of the last leaf.
    ///
    /// `None` for a party that is not there or signed fewer records.
    pub(super) fn piece(
        &self,
        world: &World,
        is_given: impl Fn(&str) -> bool,
    ) -> Option<(LogPiece, HeaderPiece)> {
        let history = world.history(&self.of);
        let size = self.size.unwrap_or(history.len() as u64);
        let history = history.get(..usize::try_from(size).ok()?)?;
        let last = history.last()?;
        let is_other = |name: &str| self.instead.as_deref() == Some(name);
        let leaf = |name: &str, id: RecordId| match is_other(name) {
            true => leaf_hash(sha256(&[b"another record in place of ", name.as_bytes()]).0.as_slice()),
            false => leaf_hash(id.as_bytes()),
        };
        let leaves: Vec<_> = history.iter().map(|one| leaf(&one.name, one.id)).collect();
        let records: Vec<(u64, RecordId)> = (0..size)
            .zip(history)
            .filter(|(_, one)| (is_given(&one.name) && !is_other(&one.name)) || one.id == last.id)
            .map(|(seq, one)| (seq, RecordId(sha256(&[&one.bytes[..HEADER_LEN]]))))
            .collect();
        let picked: Vec<u64> = records.iter().map(|(seq, _)| *seq).collect();
        let node = |one: shown::Subtree| {
            let first = usize::try_from(one.index << one.level).expect("below the number of records");
            Merkle::new(leaves[first..first + (1 << one.level)].to_vec()).root()
        };
        let nodes = shown::needed(size, &picked).ok()?.into_iter().map(node).collect();
        let mut checkpoint = world.checkpoint(&self.of, size, Merkle::new(leaves.clone()).root())?;
        let note = seen::note(&checkpoint).ok()?;
        let signed = Checkpoint::parse(note.text()).ok()?;
        let time = world.last_signed().ms() / 1000;
        let mut cosignatures: Vec<Cosignature> = self
            .witnesses
            .iter()
            .filter_map(|name| Cosignature::of(&cosign(&signed, time, name, &world.witness(name)).ok()?))
            .collect();
        cosignatures.sort();
        if self.damage == Some(LogDamage::Signature) {
            checkpoint.signature[0] ^= 1;
        }
        let mut part = LogPart { checkpoint, cosignatures, nodes };
        if self.damage == Some(LogDamage::Node) {
            part.nodes.first_mut()?.0[0] ^= 1;
        }
        let source = format!("the log of {}", self.of);
        let header = HeaderPiece { bytes: last.bytes[..SEAL_LEN].to_vec(), source: last.name.clone() };
        Some((LogPiece { part, records, source }, header))
    }
}
