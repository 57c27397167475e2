//! Taking in what others hand over: everything is verified before anything is stored.
//!
//! Records are refused for what they are (bytes, hashes, keys, signatures), never for what they say.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::Ledger;
use super::Piece;
use super::capsule::{LogConflict, LogRefused, Parts};
use super::error::LedgerError;
use super::export_file::{self, ExportFileError};
use super::keys;
use super::look_up::private;
use super::open_many::{Candidate, open_many};
use crate::capsule::{self, CapsuleError};
use crate::hash::{PartyId, RecordId};
use crate::model::lotref::LotRef;
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;
use crate::record::{Header, SealedRecord, ShownItem};
use crate::sign::PublicKey;
use crate::store::{Facts, NewRecord, PrivateValue};

/// Records stored in one write. A larger import that is interrupted leaves a whole part of the file behind, and
/// importing again completes it.
const IN_ONE_WRITE: usize = 65_536;

/// What an import changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportReport {
    /// Records that were not held before.
    pub new: u64,
    /// Records that were.
    pub known: u64,
    /// Known records of which private values were learnt.
    pub upgraded: u64,
    /// Positions at which a party signed two records.
    pub forks: Vec<Fork>,
    /// New records that rest on something that is not held.
    pub dangling: Vec<Dangling>,
    /// Earlier records that were dangling and are no longer.
    pub settled: u64,
    /// New records of a kind that this version cannot read; kept, and shown as such.
    pub cannot_judge: Vec<RecordId>,
    /// Parties whose records are in the file.
    pub parties: Vec<PartyId>,
    /// Logs of which a capsule showed a checkpoint that contradicts what was held.
    pub log_conflicts: Vec<LogConflict>,
}

/// A position at which a party signed two records. Both are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// Who signed them.
    pub party: PartyId,
    /// Epoch of the chain.
    pub epoch: u16,
    /// Position of both, the lowest at which they part.
    pub seq: u64,
    /// The records.
    pub records: Vec<RecordId>,
}

/// A record and something it rests on that is not held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dangling {
    /// The record.
    pub record: RecordId,
    /// The first record that it needs and that is not held.
    pub needs: RecordId,
}

/// A record of a file that cannot be taken in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Where it is in the file.
    pub source: String,
    /// Its id, whose chain it says to be in, and its position, where its header can be read.
    pub place: Option<(RecordId, PartyId, u64)>,
    /// The step of verification that failed, as docs/formats/record.md names it.
    pub step: &'static str,
    /// What is wrong.
    pub why: String,
}

/// Why nothing of a file was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file itself is not whole.
    #[error("the file is damaged at {0}")]
    File(#[from] ExportFileError),
    /// The file begins like a capsule, and is not whole.
    #[error("the capsule is damaged at {0}")]
    Capsule(#[from] CapsuleError),
    /// A log or a header in it does not hold.
    #[error("{} is refused: {}", .0.source, .0.why)]
    Log(Box<LogRefused>),
    /// A record in it does not hold.
    #[error("{}", refused_text(refused, *others))]
    Record {
        /// The first that does not.
        refused: Box<Refused>,
        /// Number of others.
        others: usize,
    },
    /// The ledger could not store or look up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

fn refused_text(refused: &Refused, others: usize) -> String {
    let place = match &refused.place {
        Some((id, party, seq)) => format!(" (`{}`, seq {seq} of `{}`)", id.short(), party.short()),
        None => String::new(),
    };
    let others = match others {
        0 => String::new(),
        1 => "; 1 other record is refused too".to_owned(),
        more => format!("; {more} other records are refused too"),
    };
    format!(
        "the record at {}{place} is refused at step {}: {}{others}",
        refused.source, refused.step, refused.why
    )
}

impl ImportError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Capsule(error) => error.hint(),
            Self::Log(_) => {
                Some("nothing was taken in; ask the sender for the file again and compare the two".to_owned())
            }
            Self::Record { refused, .. } if refused.step == "key" => Some(
                "ask the sender for a file with the whole chain of this party, from its first record on"
                    .to_owned(),
            ),
            Self::Record { .. } => {
                Some("nothing was taken in; ask the sender for the file again and compare the two".to_owned())
            }
            Self::Ledger(error) => error.hint(),
        }
    }
}

/// A record of the file whose hashes hold.
struct Parsed {
    sealed: SealedRecord,
    shown: Vec<ShownItem>,
    source: String,
    /// The key it brings, if it opens a chain.
    key: Option<PublicKey>,
}

/// A record of the file, after all checks.
struct Checked {
    sealed: SealedRecord,
    shown: Vec<ShownItem>,
    /// `None` for a kind that this version does not know.
    record: Option<Record>,
}

impl Ledger {
    /// Takes in an export file or a capsule, called `name` in messages.
    ///
    /// Verifies everything first: the file, hashes, private items, keys and signatures, of a capsule logs and headers too.
    /// Importing the same file again changes nothing.
    ///
    /// # Errors
    /// [`ImportError`]; nothing is then stored.
    pub fn import(&mut self, file: &[u8], name: &str) -> Result<ImportReport, ImportError> {
        if file.starts_with(capsule::MAGIC) {
            return self.import_capsule(file, name);
        }
        let pieces = export_file::read(file, name)?;
        let (checked, _) = self.check_pieces(pieces)?;
        self.take_in(checked)
    }

    /// Records come before logs, so that an import that is interrupted is completed by importing again.
    fn import_capsule(&mut self, file: &[u8], name: &str) -> Result<ImportReport, ImportError> {
        let evidence = capsule::evidence(&capsule::read(file)?, name);
        let (checked, keys) = self.check_pieces(evidence.pieces)?;
        let parts = Parts { headers: evidence.headers, logs: evidence.logs };
        let parts = self.check_parts(parts, &keys)?.map_err(|refused| ImportError::Log(Box::new(refused)))?;
        let mut report = self.take_in(checked)?;
        report.log_conflicts = self.keep_parts(parts)?;
        Ok(report)
    }

    /// Checks records; returns them with the keys that open chains among them.
    #[allow(clippy::type_complexity)] // two things, named where they are taken apart
    fn check_pieces(
        &self,
        pieces: Vec<Piece>,
    ) -> Result<(Vec<Checked>, HashMap<PartyId, PublicKey>), ImportError> {
        let mut refused = Vec::new();
        let mut parsed = Vec::with_capacity(pieces.len());
        let mut own_keys: HashMap<PartyId, PublicKey> = HashMap::new();
        for piece in pieces.into_par_iter().with_min_len(256).map(parse).collect::<Vec<_>>() {
            match piece {
                Ok(piece) => {
                    own_keys.extend(piece.key.clone().map(|key| (piece.sealed.party(), key)));
                    parsed.push(piece);
                }
                Err(one) => refused.push(*one),
            }
        }
        let mut candidates = Vec::with_capacity(parsed.len());
        let mut sources = Vec::with_capacity(parsed.len());
        for Parsed { sealed, shown, source, .. } in parsed {
            let in_file = own_keys.get(&sealed.party()).filter(|_| sealed.header().key == 0);
            let key = match in_file {
                Some(key) => Some(key.clone()),
                None => self.key_for(&sealed)?,
            };
            match key {
                Some(key) => {
                    candidates.push(Candidate { sealed, shown, key });
                    sources.push(source);
                }
                None => {
                    let (place, why) = (place(&sealed), no_key_text(sealed.header().key));
                    refused.push(Refused { source, place, step: "key", why });
                }
            }
        }
        let mut checked = Vec::with_capacity(candidates.len());
        let opened = open_many(&candidates);
        for ((candidate, source), opened) in candidates.into_iter().zip(sources).zip(opened) {
            let Candidate { sealed, shown, .. } = candidate;
            match opened {
                Ok(record) => checked.push(Checked { sealed, shown, record: Some(record) }),
                // The signature holds, and an older version is no judge of what it cannot read.
                Err(error) if error.cannot_judge() => checked.push(Checked { sealed, shown, record: None }),
                Err(error) => {
                    let (step, why) = (error.step(), error.to_string());
                    refused.push(Refused { source, place: place(&sealed), step, why });
                }
            }
        }
        if refused.is_empty() {
            return Ok((checked, own_keys));
        }
        let others = refused.len() - 1;
        Err(ImportError::Record { refused: Box::new(refused.swap_remove(0)), others })
    }

    fn take_in(&mut self, checked: Vec<Checked>) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport::default();
        let parties: BTreeSet<PartyId> = checked.iter().map(|one| one.sealed.party()).collect();
        let (first, again) = first_of_each(checked);
        let (new, known) = self.split(first)?;
        report.new = new.len() as u64;
        report.known = known.len() as u64;
        let new = in_order(new);
        report.forks = self.forks_with(&new)?;
        report.cannot_judge =
            new.iter().filter(|one| one.record.is_none()).map(|one| one.sealed.id()).collect();

        let mut arrived: HashSet<RecordId> = HashSet::with_capacity(new.len());
        let mut records = Vec::with_capacity(new.len());
        for one in new {
            let id = one.sealed.id();
            let missing = self.first_missing(&needs(&one), &arrived)?;
            report.dangling.extend(missing.map(|needs| Dangling { record: id, needs }));
            records.push(stored(one, missing.is_some()));
            arrived.insert(id);
        }
        for part in records.chunks(IN_ONE_WRITE) {
            self.store.append(part).map_err(LedgerError::from)?;
        }
        for (number, one) in known {
            report.upgraded += u64::from(self.upgrade(number, one)?);
        }
        // What a repeated record shows adds to what the first showed.
        for one in again {
            if let Some(number) = self.store.find(&one.sealed.id()).map_err(LedgerError::from)? {
                self.upgrade(number, one)?;
            }
        }
        self.cache.borrow_mut().forget();
        report.settled = self.settle(&report.dangling)?;
        if self.party().is_some_and(|own| parties.contains(&own)) {
            self.head = self.find_head()?;
        }
        report.parties = parties.into_iter().collect();
        Ok(report)
    }

    /// Tells records that are held from new ones.
    #[allow(clippy::type_complexity)] // two lists, named where they are taken apart
    fn split(&self, checked: Vec<Checked>) -> Result<(Vec<Checked>, Vec<(u64, Checked)>), LedgerError> {
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for one in checked {
            match self.store.find(&one.sealed.id())? {
                Some(number) => known.push((number, one)),
                None => new.push(one),
            }
        }
        Ok((new, known))
    }

    /// Returns the first of `needs` that is neither held nor about to be stored.
    fn first_missing(
        &self,
        needs: &[RecordId],
        arrived: &HashSet<RecordId>,
    ) -> Result<Option<RecordId>, LedgerError> {
        for id in needs {
            if !arrived.contains(id) && self.store.find(id)?.is_none() {
                return Ok(Some(*id));
            }
        }
        Ok(None)
    }

    /// Returns the lowest position of each chain at which a new record stands beside another.
    fn forks_with(&self, new: &[Checked]) -> Result<Vec<Fork>, LedgerError> {
        let mut here: BTreeMap<(PartyId, u16, u64), BTreeSet<RecordId>> = BTreeMap::new();
        for one in new {
            let header = one.sealed.header();
            let ids = here.entry((header.party, header.epoch, header.seq)).or_default();
            ids.insert(one.sealed.id());
        }
        let mut forks: Vec<Fork> = Vec::new();
        for ((party, epoch, seq), mut ids) in here {
            for number in self.store.at(&party, epoch, seq)? {
                ids.insert(self.sealed(number, None)?.0.id());
            }
            let known = forks.last().is_some_and(|fork| fork.party == party && fork.epoch == epoch);
            if ids.len() > 1 && !known {
                forks.push(Fork { party, epoch, seq, records: ids.into_iter().collect() });
            }
        }
        Ok(forks)
    }

    /// Adds the private values that were not held of a known record; returns whether there were any.
    fn upgrade(&mut self, number: u64, one: Checked) -> Result<bool, LedgerError> {
        let id = one.sealed.id();
        let (held, shown) = self.sealed(number, Some(id))?;
        let learnt: Vec<PrivateValue> = one
            .shown
            .into_iter()
            .filter(|item| shown.iter().all(|held| held.index != item.index))
            .map(private)
            .collect();
        if learnt.is_empty() {
            return Ok(false);
        }
        // What the record is found by follows from all that is known of it now.
        let mut all: BTreeMap<u32, ShownItem> = shown.into_iter().map(|item| (item.index, item)).collect();
        for value in &learnt {
            let item = ShownItem { index: value.item, salt: value.salt, value: value.value.clone() };
            all.insert(item.index, item);
        }
        let all: Vec<ShownItem> = all.into_values().collect();
        let consumes = match self.key_of(&held.party())? {
            Some(key) => {
                let record = held.verify(&key).and_then(|verified| held.open(&key, &verified, &all));
                record.map(|record| keys::of(&record.event)).unwrap_or_default()
            }
            None => Vec::new(),
        };
        self.store.learn(number, &learnt, &consumes)?;
        Ok(true)
    }

    /// Takes earlier records off the list of dangling ones where nothing is missing any more.
    fn settle(&mut self, still: &[Dangling]) -> Result<u64, LedgerError> {
        let still: HashSet<RecordId> = still.iter().map(|one| one.record).collect();
        let mut settled = Vec::new();
        for number in self.store.dangling()? {
            let (sealed, shown) = self.sealed(number, None)?;
            if still.contains(&sealed.id()) {
                continue;
            }
            let record = self.opened(number, None).ok().map(|opened| opened.record);
            let needs = needs(&Checked { sealed, shown, record });
            if self.first_missing(&needs, &HashSet::new())?.is_none() {
                settled.push(number);
            }
        }
        self.store.settle(&settled)?;
        Ok(settled.len() as u64)
    }
}

fn parse(piece: Piece) -> Result<Parsed, Box<Refused>> {
    let Piece { bytes, shown, source } = piece;
    match SealedRecord::parse(&bytes).and_then(|sealed| Ok((sealed.first_key()?, sealed))) {
        Ok((key, sealed)) => Ok(Parsed { sealed, shown, source, key }),
        Err(error) => {
            let header = Header::from_bytes(&bytes).ok();
            let place = header.map(|header| (header.id(), header.party, header.seq));
            let (step, why) = (error.step(), error.to_string());
            Err(Box::new(Refused { source, place, step, why }))
        }
    }
}

fn no_key_text(key: u16) -> String {
    match key {
        0 => {
            "the first record of its chain, which brings the key, is neither in the file nor held".to_owned()
        }
        later => format!("it is signed with key {later}, and the key history known here ends at key 0"),
    }
}

fn place(sealed: &SealedRecord) -> Option<(RecordId, PartyId, u64)> {
    Some((sealed.id(), sealed.party(), sealed.header().seq))
}

/// Tells the first of each record from its repetitions.
fn first_of_each(checked: Vec<Checked>) -> (Vec<Checked>, Vec<Checked>) {
    let mut seen: HashSet<RecordId> = HashSet::with_capacity(checked.len());
    checked.into_iter().partition(|one| seen.insert(one.sealed.id()))
}

/// Returns what a record rests on: the record before it, its inputs, its facility.
fn needs(one: &Checked) -> Vec<RecordId> {
    let mut needs = Vec::new();
    if one.sealed.header().seq > 0 {
        needs.push(one.sealed.header().prev);
    }
    let Some(record) = &one.record else { return needs };
    if let Some(MaybeList::Shown(inputs)) = record.event.body.inputs() {
        needs.extend(inputs.iter().map(|input| input.lot.record));
    }
    if let Some(Maybe::Shown(facility)) = record.event.body.at().map(|at| at.facility) {
        needs.push(facility);
    }
    needs.dedup();
    needs
}

/// Orders records so that each comes after those of the same list that it rests on.
fn in_order(records: Vec<Checked>) -> Vec<Checked> {
    let at: HashMap<RecordId, usize> =
        records.iter().enumerate().map(|(at, one)| (one.sealed.id(), at)).collect();
    let needs: Vec<Vec<usize>> =
        records.iter().map(|one| needs(one).iter().filter_map(|id| at.get(id).copied()).collect()).collect();
    let mut order = Vec::with_capacity(records.len());
    // An id is a hash of what it rests on, so there are no rings; a mark per record keeps the walk finite anyway.
    let mut entered = vec![false; records.len()];
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for start in 0..records.len() {
        if entered[start] {
            continue;
        }
        entered[start] = true;
        stack.push((start, 0));
        while let Some((record, next)) = stack.last_mut() {
            match needs[*record].get(*next).copied() {
                Some(need) => {
                    *next += 1;
                    if !entered[need] {
                        entered[need] = true;
                        stack.push((need, 0));
                    }
                }
                None => {
                    order.push(*record);
                    stack.pop();
                }
            }
        }
    }
    let mut records: Vec<Option<Checked>> = records.into_iter().map(Some).collect();
    order.into_iter().map(|at| records[at].take().expect("each record is ordered once")).collect()
}

fn stored(one: Checked, dangling: bool) -> NewRecord {
    let header = one.sealed.header();
    let consumes: Vec<LotRef> = one.record.as_ref().map(|record| keys::of(&record.event)).unwrap_or_default();
    NewRecord {
        facts: Facts {
            id: one.sealed.id(),
            party: header.party,
            epoch: header.epoch,
            seq: header.seq,
            consumes,
        },
        bytes: one.sealed.bytes().to_vec(),
        private: one.shown.into_iter().map(private).collect(),
        dangling,
    }
}
