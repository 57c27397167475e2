//! From what people type to what they mean: own names and labels first, ids and their prefixes last.

use super::Ledger;
use super::account::Account;
use super::append::Batch;
use super::error::LedgerError;
use super::keys;
use crate::custody::amend::left;
use crate::hash::{PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::event::Body;
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::nearest::nearest;
use crate::model::record::Record;

/// Fewest hex digits of a prefix.
const PREFIX_LEAST: usize = 16;
/// Most candidates listed.
const LISTED: usize = 12;

/// Something found, and what people call it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found<T> {
    /// What was found.
    pub id: T,
    /// A name and what tells it from others of that name.
    pub name: String,
}

/// Why nothing, or not one thing, is meant by a name.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing here has this name.
    #[error("no {what} here is called `{given}`")]
    Unknown {
        /// What was looked for, in a word.
        what: &'static str,
        /// What was given.
        given: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// Several have it.
    #[error("`{given}` is the name of {} {what}s", candidates.len())]
    Ambiguous {
        /// What was looked for, in a word.
        what: &'static str,
        /// What was given.
        given: String,
        /// What would tell them apart, in words people can type.
        candidates: Vec<String>,
    },
    /// It looks like an id, but is too short for one.
    #[error("`{given}` has {digits} hex digits, a prefix of an id has at least 16")]
    TooShort {
        /// What was given.
        given: String,
        /// Its digits.
        digits: usize,
    },
    /// The ledger could not look.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl FindError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::Unknown { .. } => None,
            Self::Ambiguous { candidates, .. } => Some(format!("write one of {}", candidates.join(", "))),
            Self::TooShort { .. } => Some("write more digits, or a label or name".to_owned()),
            Self::Ledger(error) => error.hint(),
        }
    }
}

impl Ledger {
    /// Returns the party meant by an own name, a legal name, or an id or its prefix.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_party(&self, given: &str) -> Result<PartyId, FindError> {
        if let Some(id) = self.names.parties.get(given) {
            return Ok(*id);
        }
        if let Some(id) = PartyId::from_hex(given) {
            return Ok(id);
        }
        let parties = self.held_parties()?;
        let mut named = Vec::new();
        let mut matching = Vec::new();
        for id in parties {
            let name = self.party_name(&id)?;
            if name == given || is_prefix(given, &id.to_hex()) {
                matching.push(Found { id, name: id.short() });
            }
            named.push(name);
        }
        named.extend(self.names.parties.keys().cloned());
        one("party", given, matching, named)
    }

    /// Returns the facility meant by an own name, the name it was declared with, or an id or its prefix.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_facility(&self, given: &str) -> Result<RecordId, FindError> {
        if let Some(id) = self.names.facilities.get(given) {
            return Ok(*id);
        }
        if let Some(id) = RecordId::from_hex(given) {
            return Ok(id);
        }
        let mut matching = Vec::new();
        let mut named: Vec<String> = self.names.facilities.keys().cloned().collect();
        for found in self.facilities()? {
            if found.name == given || is_prefix(given, &found.id.to_hex()) {
                matching.push(Found { id: found.id, name: found.id.short() });
            }
            named.push(found.name);
        }
        one("facility", given, matching, named)
    }

    /// Returns every facility declared in what is held, by name.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn facilities(&self) -> Result<Vec<Found<RecordId>>, LedgerError> {
        let mut found = Vec::new();
        for number in self.store.consumers(&keys::facilities())? {
            let id = self.sealed(number, None)?.0.id();
            let Some(source) = self.source(&id)? else { continue };
            let Body::DeclareFacility(facility) = &source.event.body else { continue };
            let own = self.names.facility(&id).map(str::to_owned);
            let name = own.or_else(|| facility.name.shown().cloned()).unwrap_or_else(|| id.short());
            found.push(Found { id, name });
        }
        Ok(found)
    }

    /// Returns the record meant by `last` (the newest own one), the label of a lot it made, the name of the facility
    /// it declared, the number of the licence or certificate it gave, or an id or its prefix. A kind and a colon in
    /// front, as in `dispatch:NDPR-1`, tell records about one lot apart.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_record(&self, given: &str) -> Result<RecordId, FindError> {
        let last = self.head.map(|head| head.next.prev);
        find_record(self, given, last, &[])
    }

    /// Returns what was said of a record later: corrections, withdrawals, disputes, their ends, and who took note, in
    /// order of arrival.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn said_later(&self, record: &RecordId) -> Result<Vec<Record>, LedgerError> {
        let mut later = Vec::new();
        for number in self.store.consumers(&keys::about_record(record))? {
            let one = self.record_at(number)?;
            if left::is_second_thought(&one.event.body) || matches!(one.event.body, Body::Withdraw(_)) {
                later.push(one);
            }
        }
        Ok(later)
    }

    /// Returns the numbers in the store of records about a record: its end, and what rests on the facility it declares.
    pub(super) fn numbers_about(&self, record: &RecordId) -> Result<Vec<u64>, LedgerError> {
        Ok(self.store.consumers(&keys::about_record(record))?)
    }

    /// Returns the lot meant by an own name, a label, or `RECORD:OUTPUT` with an id or its prefix.
    ///
    /// Where a label is on several lots, those that this ledger's party may use now go first, then those of which
    /// nothing was used yet: a lot keeps its label through a handover, and its last bearer is meant.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_lot(&self, given: &str) -> Result<LotRef, FindError> {
        find_lot(self, &|lot| self.account(lot), given, &[], None)
    }

    /// Returns every lot with this label.
    ///
    /// # Errors
    /// Those of [`Ledger::record`].
    pub fn lots_labelled(&self, label: &str) -> Result<Vec<LotRef>, LedgerError> {
        let mut lots = Vec::new();
        for number in self.store.consumers(&keys::label(label))? {
            let record = self.record_at(number)?;
            let id = match &record.event.body {
                Body::Correct(correct) => correct.target,
                _ => record.id,
            };
            let Some(source) = self.source(&id)? else { continue };
            for (index, lot) in (0..).zip(source.event.body.outputs()) {
                let lot_ref = LotRef { record: id, index };
                if lot.label() == Some(label) && !lots.contains(&lot_ref) {
                    lots.push(lot_ref);
                }
            }
        }
        Ok(lots)
    }

    fn ids_with_prefix(&self, given: &str) -> Result<Vec<RecordId>, FindError> {
        if !is_hex(given) {
            return Ok(Vec::new());
        }
        if given.len() < PREFIX_LEAST {
            return Err(FindError::TooShort { given: given.to_owned(), digits: given.len() });
        }
        let even = &given[..given.len() & !1];
        let prefix = data_encoding::HEXLOWER.decode(even.as_bytes()).expect("an even number of hex digits");
        let ids = self.store.ids_beginning_with(&prefix).map_err(LedgerError::from)?;
        Ok(ids.into_iter().filter(|id| id.to_hex().starts_with(given)).collect())
    }

    /// Returns the records that are found by a key, in the order they came.
    pub(super) fn ids_found_by(&self, key: &LotRef) -> Result<Vec<RecordId>, LedgerError> {
        let numbers = self.store.consumers(key)?;
        numbers.into_iter().map(|number| Ok(self.record_at(number)?.id)).collect()
    }

    fn held_parties(&self) -> Result<Vec<PartyId>, LedgerError> {
        let mut parties: Vec<PartyId> =
            self.store.parties()?.into_iter().map(|(party, _, _)| party).collect();
        parties.dedup();
        Ok(parties)
    }
}

impl Batch<'_> {
    /// Returns the record meant by a name, as [`Ledger::find_record`] does, with those of this batch among the known.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_record(&self, given: &str) -> Result<RecordId, FindError> {
        let added: Vec<RecordId> = self.labelled(given).iter().map(|lot| lot.record).collect();
        find_record(self.ledger(), given, Some(self.last()), &added)
    }

    /// Returns the lot meant by a name in an event of this kind, as [`Ledger::find_lot`] does, with the lots of this
    /// batch among those known.
    ///
    /// Where a label is on several lots, a receipt or refusal means one in transit, and work means one that is held.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_lot(&self, given: &str, kind: Kind) -> Result<LotRef, FindError> {
        let in_transit = match kind {
            Kind::Receive | Kind::Refuse | Kind::Release => Some(true),
            Kind::Transform
            | Kind::Repack
            | Kind::Assemble
            | Kind::Disassemble
            | Kind::Dispatch
            | Kind::Dispose
            | Kind::Measure => Some(false),
            _ => None,
        };
        find_lot(self.ledger(), &|lot| self.account(lot), given, self.labelled(given), in_transit)
    }
}

impl Batch<'_> {
    /// Returns the lot meant by a name that the author sent and of which something is still in transit.
    ///
    /// # Errors
    /// [`FindError`].
    pub fn find_sent_lot(&self, given: &str) -> Result<LotRef, FindError> {
        let mut lots = self.ledger().lots_labelled(given)?;
        lots.extend(self.labelled(given));
        let mut sent = Vec::new();
        for lot in lots {
            let Some(account) = self.account(&lot)? else { continue };
            let is_left = account.left().is_none_or(|left| left.mg() > 0);
            if account.author == self.party() && account.transit.is_some() && !account.withdrawn && is_left {
                sent.push(lot);
            }
        }
        match sent[..] {
            [] => self.find_lot(given, Kind::Assay),
            [one] => Ok(one),
            _ => {
                let matching = sent.into_iter().map(|lot| Found { id: lot, name: lot.short() }).collect();
                one("lot", given, matching, Vec::new())
            }
        }
    }
}

/// Word for the newest own record.
const LAST: &str = "last";

fn find_record(
    ledger: &Ledger,
    given: &str,
    last: Option<RecordId>,
    added: &[RecordId],
) -> Result<RecordId, FindError> {
    if let Some(id) = RecordId::from_hex(given) {
        return Ok(id);
    }
    if let (LAST, Some(last)) = (given, last) {
        return Ok(last);
    }
    let (kind, name) = match given.split_once(':') {
        Some((kind, name)) => match Kind::from_name(kind) {
            Ok(kind) => (Some(kind), name),
            Err(_) => (None, given),
        },
        None => (None, given),
    };
    let mut ids: Vec<RecordId> = ledger.lots_labelled(name)?.into_iter().map(|lot| lot.record).collect();
    for number in ledger.store.consumers(&keys::number(name)).map_err(LedgerError::from)? {
        ids.push(ledger.record_at(number)?.id);
    }
    ids.extend(ledger.facilities()?.into_iter().filter(|found| found.name == name).map(|found| found.id));
    ids.sort_unstable();
    ids.dedup();
    // Of several records that made lots of one name, the user's own are meant, and the one that made it rather than
    // those that handed it on.
    let (mut own, mut made) = (added.to_vec(), Vec::new());
    for id in &ids {
        let Some(source) = ledger.source(id)? else { continue };
        if Some(source.author) == ledger.party()
            && !source.withdrawn
            && kind.is_none_or(|kind| source.event.kind() == kind)
        {
            own.push(*id);
            if !source.event.body.is_pairwise() {
                made.push(*id);
            }
        }
    }
    let mut matching = match (made.len(), own.len()) {
        (1, _) => made,
        (_, 0) if kind.is_none() => ids,
        _ => own,
    };
    if matching.is_empty() {
        matching = ledger.ids_with_prefix(given)?;
    }
    let several = matching.len() > 1;
    let mut found = Vec::with_capacity(matching.len());
    for id in matching {
        let kind =
            ledger.source(&id)?.filter(|_| several && kind.is_none()).map(|source| source.event.kind());
        found.push(Found { id, name: kind.map_or_else(|| id.to_hex(), |kind| format!("{kind}:{name}")) });
    }
    one("record", given, found, Vec::new())
}

/// Looks up the account of a lot.
type AccountOf<'a> = dyn Fn(&LotRef) -> Result<Option<std::rc::Rc<Account>>, LedgerError> + 'a;

fn find_lot(
    ledger: &Ledger,
    account: &AccountOf<'_>,
    given: &str,
    added: &[LotRef],
    in_transit: Option<bool>,
) -> Result<LotRef, FindError> {
    if let Some(lot) = ledger.names.lots.get(given) {
        return Ok(*lot);
    }
    let mut lots = ledger.lots_labelled(given)?;
    lots.extend(added);
    if lots.is_empty() {
        lots = by_reference(ledger, given)?;
    }
    if lots.len() > 1 {
        lots = narrowed(ledger, account, lots, in_transit)?;
    }
    let matching = lots.into_iter().map(|lot| Found { id: lot, name: lot.short() }).collect();
    one("lot", given, matching, ledger.names.lots.keys().cloned().collect())
}

fn by_reference(ledger: &Ledger, given: &str) -> Result<Vec<LotRef>, FindError> {
    if let Ok(lot) = given.parse() {
        return Ok(vec![lot]);
    }
    let (record, index) = match given.split_once(':') {
        Some((record, index)) => match index.parse() {
            Ok(index) => (record, Some(index)),
            Err(_) => return Ok(Vec::new()),
        },
        None => (given, None),
    };
    let mut lots = Vec::new();
    for record in ledger.ids_with_prefix(record)? {
        match index {
            Some(index) => lots.push(LotRef { record, index }),
            None => {
                let outputs = ledger.source(&record)?.map_or(0, |source| source.event.body.outputs().len());
                lots.extend((0..).take(outputs).map(|index| LotRef { record, index }));
            }
        }
    }
    Ok(lots)
}

/// Leaves the lots that this ledger's party may use, in transit or held as asked first, or else those that nothing
/// was used of; all where none is left.
fn narrowed(
    ledger: &Ledger,
    account: &AccountOf<'_>,
    lots: Vec<LotRef>,
    in_transit: Option<bool>,
) -> Result<Vec<LotRef>, LedgerError> {
    let (mut asked, mut usable, mut untouched) = (Vec::new(), Vec::new(), Vec::new());
    for lot in &lots {
        let Some(account) = account(lot)? else { continue };
        let own = ledger.party().is_some() && account.consumer() == ledger.party();
        if own && !account.withdrawn && account.left().is_none_or(|left| left.mg() > 0) {
            usable.push(*lot);
            if in_transit == Some(account.transit.is_some()) {
                asked.push(*lot);
            }
        }
        if account.is_untouched() && !account.withdrawn {
            untouched.push(*lot);
        }
    }
    Ok([asked, usable, untouched, lots]
        .into_iter()
        .find(|lots| !lots.is_empty())
        .expect("there were several lots"))
}

fn one<T>(
    what: &'static str,
    given: &str,
    mut matching: Vec<Found<T>>,
    known: Vec<String>,
) -> Result<T, FindError> {
    let given = given.to_owned();
    match matching.len() {
        1 => Ok(matching.remove(0).id),
        0 if is_hex(&given) && given.len() < PREFIX_LEAST && given.len() >= 6 => {
            Err(FindError::TooShort { digits: given.len(), given })
        }
        0 => {
            let nearest = nearest(&given, known.iter().map(String::as_str)).map(str::to_owned);
            Err(FindError::Unknown { what, given, nearest })
        }
        _ => {
            let candidates = matching.into_iter().take(LISTED).map(|found| found.name).collect();
            Err(FindError::Ambiguous { what, given, candidates })
        }
    }
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_prefix(given: &str, id: &str) -> bool {
    given.len() >= PREFIX_LEAST && is_hex(given) && id.starts_with(given)
}
