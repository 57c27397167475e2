//! A scenario's records, signed in order with keys made from its title.

mod chain;
mod flip;
mod view;

use std::collections::{BTreeMap, HashMap};

use self::chain::Chain;
pub use self::view::View;
use super::damage::{Damage, How};
use super::error::ScenarioError;
use super::file::{Scenario, Step};
use crate::custody::amend::statements;
use crate::entry::{self, Draft, EntryError, NameError, Resolved};
use crate::hash::{Hash, PartyId, RecordId, sha256};
use crate::log::checkpoint::{Checkpoint, LogId};
use crate::log::seen;
use crate::log::tree::{Tree, leaf_hash};
use crate::model::day::Day;
use crate::model::event::{Body, Event, Receiver, SeenCheckpoint};
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::profile::Profile;
use crate::model::time::Timestamp;
use crate::record::{self, HEADER_LEN, Position, Sealed, ShownItem};
use crate::sign::{SecretKey, SeededEntropy};

/// A minute, which lies between two records that do not state their time.
const MINUTE_MS: u64 = 60_000;
/// A number of a material kind that is given to none.
const NO_KIND: u16 = 0x02ff;
/// A number that no algorithm has.
const NO_ALGORITHM: u16 = 0x7fff;

/// What the name of a record of another history ends with.
const OTHER_HISTORY: &str = ", other history";

/// A signed record of a scenario.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Id of its event, `party ALIAS`, or alias of its facility.
    pub name: String,
    /// Alias of its author.
    pub by: String,
    /// Its id.
    pub id: RecordId,
    /// Its author.
    pub author: PartyId,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its private items, all of them.
    pub items: Vec<ShownItem>,
    /// What it states, every value shown.
    pub event: Event,
    /// Whether it is lost on the way.
    pub is_lost: bool,
}

/// Everything that was signed in a scenario.
pub struct World {
    /// The records in order of signing, those of other histories behind the ones they contradict.
    pub signed: Vec<Signed>,
    parties: BTreeMap<String, PartyId>,
    /// Only of parties whose records are signed here.
    chains: BTreeMap<String, Chain>,
    facilities: BTreeMap<String, RecordId>,
    positions: HashMap<RecordId, usize>,
    used: HashMap<LotRef, Mass>,
    /// What corrected records state.
    corrected: HashMap<RecordId, Body>,
    now: Timestamp,
    title: String,
}

impl World {
    /// Signs every record of `scenario`.
    ///
    /// # Errors
    /// [`ScenarioError`] for the first event that cannot be resolved or sealed, or a damage to no record.
    pub fn build(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let mut world = Self {
            signed: Vec::new(),
            parties: BTreeMap::new(),
            chains: BTreeMap::new(),
            facilities: BTreeMap::new(),
            positions: HashMap::new(),
            used: HashMap::new(),
            corrected: HashMap::new(),
            now: Timestamp::from_ms(scenario.start.ms() - MINUTE_MS).unwrap_or(scenario.start),
            title: scenario.title.clone(),
        };
        for member in &scenario.parties {
            world.found(&member.alias, member.profile, &member.draft, member.signed_at)?;
        }
        for facility in &scenario.facilities {
            world.append(facility, &scenario.damage, "facility")?;
        }
        for step in &scenario.events {
            world.append(step, &scenario.damage, "event")?;
        }
        world.spoil(&scenario.damage)?;
        Ok(world)
    }

    /// Returns the world of a scenario whose records were signed elsewhere, with other keys, by the same names.
    ///
    /// `signed` are its records in order of signing; `now` is when the last of them was signed.
    pub fn adopt(title: &str, signed: Vec<Signed>, now: Timestamp) -> Self {
        let mut world = Self {
            signed: Vec::with_capacity(signed.len()),
            parties: BTreeMap::new(),
            chains: BTreeMap::new(),
            facilities: BTreeMap::new(),
            positions: HashMap::new(),
            used: HashMap::new(),
            corrected: HashMap::new(),
            now,
            title: title.to_owned(),
        };
        for one in signed {
            match one.event.body {
                Body::Establish(_) => drop(world.parties.insert(one.by.clone(), one.author)),
                Body::DeclareFacility(_) => drop(world.facilities.insert(one.name.clone(), one.id)),
                _ => {}
            }
            world.put(one);
        }
        world
    }

    /// Returns the party with this alias.
    pub fn party(&self, alias: &str) -> Option<PartyId> {
        self.parties.get(alias).copied()
    }

    /// Returns aliases and ids of all parties.
    pub fn parties(&self) -> impl Iterator<Item = (&str, PartyId)> {
        self.parties.iter().map(|(alias, party)| (alias.as_str(), *party))
    }

    /// Returns the record that declared the facility with this alias.
    pub fn facility(&self, alias: &str) -> Option<RecordId> {
        self.facilities.get(alias).copied()
    }

    /// Returns the aliases of all facilities.
    pub fn facilities(&self) -> impl Iterator<Item = &str> {
        self.facilities.keys().map(String::as_str)
    }

    /// Returns the record of the event, party or facility with this name.
    pub fn record(&self, name: &str) -> Option<&Signed> {
        self.signed.iter().find(|signed| signed.name == name)
    }

    /// Returns the lot last created with this label, or output N of an event as `EVENT:N`.
    pub fn lot(&self, name: &str) -> Option<LotRef> {
        self.lots(name).last().copied().or_else(|| {
            let (event, index) = name.rsplit_once(':')?;
            Some(LotRef { record: self.record(event)?.id, index: index.parse().ok()? })
        })
    }

    /// Looks names up as the author `by` would.
    pub fn view(&self, by: &str) -> View<'_> {
        View { world: self, author: self.party(by).unwrap_or(PartyId::ZERO) }
    }

    /// Returns the label of a lot.
    pub fn label(&self, lot: &LotRef) -> Option<&str> {
        self.lot_value(lot).and_then(Lot::label)
    }

    /// Returns the day on which the last record was signed.
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// Returns when the last record was signed.
    pub fn last_signed(&self) -> Timestamp {
        self.now
    }

    /// Returns what a party signed, first to last: of two histories the one that goes on.
    pub fn history(&self, alias: &str) -> Vec<&Signed> {
        let other = |signed: &&Signed| signed.name.ends_with(OTHER_HISTORY);
        self.signed.iter().filter(|signed| signed.by == alias).filter(|signed| !other(signed)).collect()
    }

    /// Signs a checkpoint of a party's log; `None` for a party whose records are not signed here, or no records.
    pub fn checkpoint(&self, alias: &str, size: u64, root: Hash) -> Option<SeenCheckpoint> {
        let chain = self.chains.get(alias)?;
        let log = LogId { party: chain.party, epoch: 0 };
        let note = Checkpoint::of(log, size, root).ok()?.sign(&chain.signer).ok()?;
        seen::of(&note, chain.signer.public()).ok()
    }

    /// Returns the key of a witness of this world.
    pub fn witness(&self, name: &str) -> SecretKey {
        let seed = sha256(&[b"lodemark scenario witness", self.title.as_bytes(), b"/", name.as_bytes()]);
        SecretKey::from_seed(&seed.0)
    }

    /// Returns the checkpoint of a party's log as it is now.
    fn checkpoint_now(&self, alias: &str) -> Option<SeenCheckpoint> {
        let leaves: Vec<Hash> =
            self.history(alias).iter().map(|signed| leaf_hash(signed.id.as_bytes())).collect();
        self.checkpoint(alias, leaves.len() as u64, Tree::new(leaves).root())
    }

    /// Returns the name of a record of this world.
    pub fn name_of(&self, id: &RecordId) -> Option<&str> {
        self.positions.get(id).map(|at| self.signed[*at].name.as_str())
    }

    fn found(
        &mut self,
        alias: &str,
        profile: Profile,
        draft: &Draft,
        signed_at: Option<Timestamp>,
    ) -> Result<(), ScenarioError> {
        let place = format!("party `{alias}`: ");
        let seed = sha256(&[b"lodemark scenario key", self.title.as_bytes(), b"/", alias.as_bytes()]);
        let signer = SecretKey::from_seed(&seed.0);
        let mut entropy = SeededEntropy::new(&seed.0);
        let resolved =
            draft.resolve(&self.view(alias)).map_err(|error| ScenarioError::field(place.clone(), error))?;
        let at = self.tick(signed_at, &resolved.event);
        let private = |path: &str| resolved.privacy.is_private(profile, path);
        let sealed = record::found(resolved.event.clone(), at, &private, &signer, &mut entropy)
            .map_err(|error| ScenarioError::Seal { place, error })?;
        let (party, id) = (sealed.record.party(), sealed.record.id());
        let chain = Chain { party, signer, entropy, profile, next: 1, first: id, prev: id, control: id };
        self.parties.insert(alias.to_owned(), party);
        self.chains.insert(alias.to_owned(), chain);
        self.keep(
            format!("party {alias}"),
            alias,
            id,
            sealed.record.bytes().to_vec(),
            sealed.items,
            resolved.event,
        );
        Ok(())
    }

    fn append(&mut self, step: &Step, damage: &[Damage], what: &str) -> Result<(), ScenarioError> {
        let place = format!("{what} `{}`: ", step.id);
        if !self.chains.contains_key(&step.by) {
            let unknown = NameError::unknown("party", &step.by, self.chains.keys().map(String::as_str));
            let error = EntryError::new("by", unknown.to_string(), unknown.hint());
            return Err(ScenarioError::field(place, error));
        }
        let mut resolved = step
            .draft
            .resolve(&self.view(&step.by))
            .map_err(|error| ScenarioError::field(place.clone(), error))?;
        for alias in &step.seen {
            let unknown = || NameError::unknown("party", alias, self.chains.keys().map(String::as_str));
            let seen = self.checkpoint_now(alias).ok_or_else(|| {
                let unknown = unknown();
                ScenarioError::field(
                    place.clone(),
                    EntryError::new("seen", unknown.to_string(), unknown.hint()),
                )
            })?;
            resolved.event.seen.push(seen);
        }
        resolved.event.seen.sort_by_key(|seen| (seen.party, seen.epoch));
        let at = self.tick(step.signed_at, &resolved.event);
        let mine: Vec<&Damage> = damage.iter().filter(|damage| damage.record == step.id).collect();
        let forks: Vec<Resolved> = mine
            .iter()
            .filter(|damage| damage.how == How::Fork)
            .map(|damage| self.other_history(step, damage))
            .collect::<Result<_, EntryError>>()
            .map_err(|error| ScenarioError::field(place.clone(), error))?;

        let chain = self.chains.get_mut(&step.by).expect("looked up above");
        let mut position = Position {
            party: chain.party,
            epoch: 0,
            seq: chain.next,
            prev: chain.prev,
            control: chain.control,
            key: 0,
        };
        for damage in &mine {
            match damage.how {
                How::WrongPrev => position.prev = RecordId(sha256(&[b"another history"])),
                // An older control record hides the ones after it; where there is none, one that never was.
                How::WrongControl if position.control != chain.first => position.control = chain.first,
                How::WrongControl => position.control = RecordId(sha256(&[b"another control record"])),
                How::WrongKey => position.key = 1,
                _ => {}
            }
        }
        let sealed = chain
            .seal(position, &resolved, at)
            .map_err(|error| ScenarioError::Seal { place: place.clone(), error })?;
        let mut bytes = sealed.record.bytes().to_vec();
        for damage in &mine {
            match damage.how {
                How::UnknownKind => chain.sign_anew(&mut bytes, 18, NO_KIND),
                How::UnknownAlgorithm => chain.sign_anew(&mut bytes, 16, NO_ALGORITHM),
                _ => {}
            }
        }
        let id = RecordId(sha256(&[&bytes[..HEADER_LEN]]));
        let others: Vec<Sealed> = forks
            .iter()
            .map(|fork| chain.seal(position, fork, at))
            .collect::<Result<_, _>>()
            .map_err(|error| ScenarioError::Seal { place, error })?;
        chain.next += 1;
        chain.prev = id;
        if resolved.event.kind().is_control() {
            chain.control = id;
        }
        if matches!(resolved.event.body, Body::DeclareFacility(_)) {
            self.facilities.insert(step.id.clone(), id);
        }
        self.keep(step.id.clone(), &step.by, id, bytes, sealed.items, resolved.event);
        for (fork, other) in forks.into_iter().zip(others) {
            let name = format!("{}{OTHER_HISTORY}", step.id);
            let id = other.record.id();
            self.keep(name, &step.by, id, other.record.bytes().to_vec(), other.items, fork.event);
        }
        Ok(())
    }

    /// Resolves an event as its author states it in another history.
    fn other_history(&self, step: &Step, damage: &Damage) -> Result<Resolved, EntryError> {
        let mut tree = step.tree.clone();
        for (path, value) in &damage.with {
            let wrong = |error: entry::TreeError| EntryError::new(path.clone(), error.to_string(), None);
            tree.put(path, value.clone()).map_err(wrong)?;
        }
        entry::draft(&tree)?.resolve(&self.view(&step.by))
    }

    fn keep(
        &mut self,
        name: String,
        by: &str,
        id: RecordId,
        bytes: Vec<u8>,
        items: Vec<ShownItem>,
        event: Event,
    ) {
        let author = self.parties[by];
        self.put(Signed { name, by: by.to_owned(), id, author, bytes, items, event, is_lost: false });
    }

    fn put(&mut self, one: Signed) {
        let stated = match &one.event.body {
            Body::Correct(correct) => &*correct.replacement.0,
            body => body,
        };
        if let Some(Some(inputs)) = stated.inputs().map(|inputs| inputs.shown()) {
            for input in inputs {
                let end = input.end().unwrap_or(input.from);
                let used = self.used.entry(input.lot).or_default();
                *used = (*used).max(end);
            }
        }
        if let Body::Correct(correct) = &one.event.body
            && let Some(target) = self.positions.get(&correct.target).map(|at| &self.signed[*at])
            && statements::fits(&one.author, correct, &target.author, self.body(target)).is_ok()
        {
            let body = (*correct.replacement.0).clone();
            self.corrected.insert(correct.target, body);
        }
        self.positions.insert(one.id, self.signed.len());
        self.signed.push(one);
    }

    /// Returns what a record states, as its latest correction has it.
    fn body<'a>(&'a self, signed: &'a Signed) -> &'a Body {
        self.corrected.get(&signed.id).unwrap_or(&signed.event.body)
    }

    /// Returns when a record is signed: as stated, else a minute after the record before, or at 17:00 UTC on
    /// the last day of the event, whichever is later.
    fn tick(&mut self, stated: Option<Timestamp>, event: &Event) -> Timestamp {
        let Some(stated) = stated else {
            let after = Timestamp::from_ms(self.now.ms() + MINUTE_MS).unwrap_or(self.now);
            let evening = event.body.at().and_then(|at| at.period.shown()).and_then(|period| {
                let ms = i64::from(period.last.days()) * 86_400_000 + 17 * 3_600_000;
                Timestamp::from_ms(u64::try_from(ms).ok()?).ok()
            });
            self.now = evening.map_or(after, |evening| evening.max(after));
            return self.now;
        };
        // A clock set wrong says nothing about the records that follow.
        stated
    }

    fn lots(&self, label: &str) -> Vec<LotRef> {
        let mut found = Vec::new();
        for signed in &self.signed {
            for (index, lot) in self.body(signed).outputs().iter().enumerate() {
                if lot.label() == Some(label) {
                    found.push(LotRef { record: signed.id, index: u32::try_from(index).unwrap_or(u32::MAX) });
                }
            }
        }
        found
    }

    fn lot_value(&self, lot: &LotRef) -> Option<&Lot> {
        self.body(&self.signed[*self.positions.get(&lot.record)?]).outputs().get(lot.index as usize)
    }

    /// Returns who may use a lot, where that is a party.
    fn holder(&self, lot: &LotRef) -> Option<PartyId> {
        let signed = &self.signed[*self.positions.get(&lot.record)?];
        match self.body(signed).receiver() {
            None => Some(signed.author),
            Some(Maybe::Shown(Receiver::Party(party))) => Some(*party),
            Some(Maybe::Shown(Receiver::Later)) => self.assigned_to(lot, signed.author),
            Some(_) => None,
        }
    }

    /// Returns the party that `sender` named first as the receiver of a lot sent to one to be named later.
    fn assigned_to(&self, lot: &LotRef, sender: PartyId) -> Option<PartyId> {
        let mine = self.signed.iter().filter(|signed| signed.author == sender);
        mine.filter_map(|signed| match &signed.event.body {
            Body::Assign(assign) if assign.lots.contains(lot) => match &assign.receiver {
                Maybe::Shown(Receiver::Party(party)) => Some(*party),
                _ => None,
            },
            _ => None,
        })
        .next()
    }

    fn rest(&self, lot: &LotRef) -> Mass {
        let whole = self.lot_value(lot).and_then(Lot::mass).unwrap_or_default();
        whole.saturating_sub(self.used.get(lot).copied().unwrap_or_default())
    }

    /// Does to signed records what happens to them on the way.
    fn spoil(&mut self, damage: &[Damage]) -> Result<(), ScenarioError> {
        for (index, one) in damage.iter().enumerate() {
            let at = self.signed.iter().position(|signed| signed.name == one.record).ok_or_else(|| {
                let known = self.signed.iter().map(|signed| signed.name.as_str());
                let unknown = NameError::unknown("record", &one.record, known);
                let error =
                    EntryError::new(format!("damage/{index}/record"), unknown.to_string(), unknown.hint());
                ScenarioError::field("", error)
            })?;
            match one.how {
                How::Drop => self.signed[at].is_lost = true,
                How::Flip => flip::flip(&mut self.signed[at], one).map_err(|problem| {
                    let error = EntryError::new(format!("damage/{index}"), problem, None);
                    ScenarioError::field("", error)
                })?,
                _ => {}
            }
        }
        Ok(())
    }
}
