//! Playing a scenario with real ledgers: one for each party, keys fresh, records handed over as files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::capsule::Audience;
use crate::cli::context::Context;
use crate::cli::entropy::OsEntropy;
use crate::cli::failure::Failure;
use crate::cli::file;
use crate::entry::{CircuitRecord, Draft, NameError, ReceiverDraft, Resolver};
use crate::hash::{PartyId, RecordId};
use crate::ledger::{Export, ExportFile, Init, Ledger, MadeChain, MakeCapsule, NamesFor, Pattern};
use crate::model::event::{Body, TransferTitle};
use crate::model::kind::Kind;
use crate::model::lot::Lot;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::time::Timestamp;
use crate::record::SealedRecord;
use crate::report::{DemoHandover, DemoParty};
use crate::scenario::{Member, Scenario, Signed, Step, World, case_file, trust_file};
use crate::verify::Evidence;

/// Alias of the party whose screen the demonstration ends with.
pub const BUYER: &str = "buyer";
/// What senders keep from readers: names and numbers that no rule asks for.
pub const WITHHELD: [&str; 6] = ["carrier", "deposit", "licence", "supplier", "touch/*/maker", "sample"];

/// A scenario that was played.
pub struct Stage {
    /// Its records, under the scenario's names.
    pub world: World,
    /// Who took part.
    pub parties: Vec<DemoParty>,
    /// What was handed over, in order.
    pub handovers: Vec<DemoHandover>,
    /// The file that the buyer was given.
    pub last_file: PathBuf,
    /// Label of the lot that the buyer took over.
    pub lot: String,
    ledgers: BTreeMap<String, Ledger>,
}

/// A scenario being played.
struct Play<'a> {
    dir: &'a Path,
    ledgers: BTreeMap<String, Ledger>,
    names: Names,
    signed: Vec<Signed>,
    handovers: Vec<DemoHandover>,
    /// Issuers of statuses, and whom they are about, since the last hand-over.
    registers: BTreeMap<String, BTreeSet<String>>,
    entropy: OsEntropy,
    last_file: PathBuf,
}

/// The scenario's names for what was recorded.
#[derive(Default)]
struct Names {
    parties: BTreeMap<String, PartyId>,
    facilities: BTreeMap<String, RecordId>,
    records: BTreeMap<String, RecordId>,
}

impl Stage {
    /// Plays `scenario` in `dir`.
    ///
    /// Times are those of the scenario, so that the buyer's answers do not depend on the day it is played.
    ///
    /// # Errors
    /// [`Failure`] for what a ledger refuses or the disk does not take.
    pub fn play(context: &Context, scenario: &Scenario, dir: &Path) -> Result<Self, Failure> {
        // A rehearsal in memory says when each record is signed.
        let rehearsal = World::build(scenario)?;
        let mut times: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for signed in &rehearsal.signed {
            let header = SealedRecord::parse(&signed.bytes)
                .map_err(|error| Failure::stopped(format!("`{}`: {error}", signed.name), None))?;
            times.insert(&signed.name, header.header().signed_at);
        }
        let handed_over = dir.join("handed-over");
        std::fs::create_dir_all(&handed_over).map_err(|error| Failure::file("make", &handed_over, &error))?;
        let mut play = Play {
            dir,
            ledgers: BTreeMap::new(),
            names: Names::default(),
            signed: Vec::new(),
            handovers: Vec::new(),
            registers: BTreeMap::new(),
            entropy: OsEntropy::new()?,
            last_file: PathBuf::new(),
        };
        let progress = context.progress("records", rehearsal.signed.len() as u64);
        for member in &scenario.parties {
            let name = format!("party {}", member.alias);
            play.found(member, &name, times[name.as_str()])?;
            progress.inc(1);
        }
        for step in scenario.facilities.iter().chain(&scenario.events) {
            if !is_status(step.draft.kind) {
                play.hand_out_registers()?;
            }
            play.record(step, times[step.id.as_str()])?;
            progress.inc(1);
        }
        progress.finish_and_clear();
        play.finish(scenario)
    }

    /// Returns all that the buyer holds, and closes the ledgers.
    ///
    /// # Errors
    /// [`Failure`] where no party is the buyer.
    pub fn buyers_evidence(&mut self) -> Result<Evidence, Failure> {
        let ledgers = std::mem::take(&mut self.ledgers);
        let buyer = ledgers.get(BUYER);
        let buyer = buyer.ok_or_else(|| Failure::stopped("the scenario has no party `buyer`", None))?;
        Ok(buyer.evidence())
    }
}

fn is_status(kind: Kind) -> bool {
    matches!(kind, Kind::Accredit | Kind::Certify | Kind::WithdrawAccreditation | Kind::SuspendCertificate)
}

impl Play<'_> {
    fn found(&mut self, member: &Member, name: &str, now: Timestamp) -> Result<(), Failure> {
        let event = member.draft.resolve(&crate::cli::resolve::Nothing)?.event;
        let Body::Establish(establish) = event.body else {
            return Err(Failure::stopped(format!("`{}` does not open a chain", member.alias), None));
        };
        let dir = ledger_dir(self.dir, &member.alias);
        let init = Init { profile: member.profile, establish, now, key: None, mark: None };
        let ledger = Ledger::init(&dir, init, &mut self.entropy)?;
        let party = ledger.party().expect("a ledger made with a chain has a party");
        let opening = ledger.chain(&party)?.remove(0);
        self.names.parties.insert(member.alias.clone(), party);
        self.ledgers.insert(member.alias.clone(), ledger);
        self.keep(name, &member.alias, opening);
        Ok(())
    }

    fn record(&mut self, step: &Step, now: Timestamp) -> Result<(), Failure> {
        let Self { ledgers, names, entropy, .. } = self;
        let ledger = ledgers
            .get_mut(&step.by)
            .ok_or_else(|| Failure::stopped(format!("`{}` is no party of the scenario", step.by), None))?;
        let profile = ledger.profile();
        let mut batch = ledger.begin(now)?;
        let in_step =
            |failure: Failure| Failure { error: format!("`{}`: {}", step.id, failure.error), ..failure };
        let resolved = step.draft.resolve(&Aliases { ledger: batch.names_for(step.draft.kind), names });
        let resolved = resolved.map_err(|error| in_step(error.into()))?;
        let privacy = resolved.privacy;
        batch
            .add(resolved.event, &|path| privacy.is_private(profile, path), entropy)
            .map_err(|error| in_step(error.into()))?;
        let id = batch.commit()?.records[0];
        let record = ledger.record(&id)?.expect("it was just recorded");
        names.records.insert(step.id.clone(), id);
        if step.draft.kind == Kind::DeclareFacility {
            names.facilities.insert(step.id.clone(), id);
        }
        self.keep(&step.id, &step.by, record);
        self.pass_on(&step.by, &step.draft, id)
    }

    /// Notes whom a status is about, and hands a dispatch over to its receiver.
    fn pass_on(&mut self, by: &str, draft: &Draft, id: RecordId) -> Result<(), Failure> {
        match (&draft.to, &draft.subject) {
            (Some(ReceiverDraft::Named(to)), _) if draft.kind == Kind::Dispatch => {
                let outputs = self.signed.last().map_or(0, |signed| signed.event.body.outputs().len());
                let lots = (0..).take(outputs).map(|index| LotRef { record: id, index }).collect();
                self.hand_over(by, std::slice::from_ref(to), lots)
            }
            (_, Some(subject)) if is_status(draft.kind) => {
                self.registers.entry(by.to_owned()).or_default().insert(subject.clone());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Authorities hand their chains to those whom they are about.
    fn hand_out_registers(&mut self) -> Result<(), Failure> {
        for (issuer, subjects) in std::mem::take(&mut self.registers) {
            let subjects: Vec<String> = subjects.into_iter().collect();
            self.hand_over(&issuer, &subjects, Vec::new())?;
        }
        Ok(())
    }

    /// Hands over a capsule about lots, or, where there are none, the sender's chain in an export file.
    fn hand_over(&mut self, by: &str, to: &[String], lots: Vec<LotRef>) -> Result<(), Failure> {
        let sender = self.ledgers.get_mut(by).expect("the author of a step has a ledger");
        let (made, ending) = match lots.is_empty() {
            true => (register(sender)?, "lode"),
            false => (capsule(sender, lots)?, "capsule"),
        };
        let number = self.handovers.len() + 1;
        let whom = if to.len() == 1 { slug(&to[0]) } else { "those-it-accredits".to_owned() };
        let path = self.dir.join("handed-over").join(format!("{number:02}-{}-to-{whom}.{ending}", slug(by)));
        file::write(&path, &made.bytes)?;
        for receiver in to {
            let ledger = self
                .ledgers
                .get_mut(receiver)
                .ok_or_else(|| Failure::stopped(format!("`{receiver}` is no party of the scenario"), None))?;
            ledger.import(&made.bytes, &path.display().to_string())?;
        }
        let HandedOver { bytes, records, shown, withheld } = made;
        let (by, to, bytes) = (by.to_owned(), to.to_vec(), bytes.len());
        self.handovers.push(DemoHandover { file: path.clone(), by, to, records, bytes, shown, withheld });
        self.last_file = path;
        Ok(())
    }

    fn keep(&mut self, name: &str, by: &str, record: crate::model::record::Record) {
        self.signed.push(Signed {
            name: name.to_owned(),
            by: by.to_owned(),
            id: record.id,
            author: record.author,
            bytes: Vec::new(),
            items: Vec::new(),
            event: record.event,
            is_lost: false,
        });
    }

    fn finish(self, scenario: &Scenario) -> Result<Stage, Failure> {
        let last = self.signed.last().expect("a scenario has records");
        let lot = last.event.body.outputs().first().and_then(Lot::label).unwrap_or_default().to_owned();
        let now = World::build(scenario)?.last_signed();
        let mut parties = Vec::new();
        for member in &scenario.parties {
            let records = self.signed.iter().filter(|signed| signed.by == member.alias).count();
            let ledger = &self.ledgers[&member.alias];
            let party = ledger.party().expect("every party of a scenario has a chain");
            let dir = ledger.dir().to_owned();
            let (name, roles) = (ledger.party_name(&party)?, member.draft.roles.clone());
            parties.push(DemoParty { alias: member.alias.clone(), name, roles, ledger: dir, records });
        }
        let world = World::adopt(&scenario.title, self.signed, now);
        let buyer = ledger_dir(self.dir, BUYER);
        if let Some(tree) = &scenario.trust {
            file::write(&buyer.join("trust.toml"), trust_file(tree, &world)?.as_bytes())?;
        }
        if let Some(tree) = &scenario.case {
            file::write(&buyer.join("case.toml"), case_file(tree).as_bytes())?;
        }
        let (handovers, last_file) = (self.handovers, self.last_file);
        Ok(Stage { world, parties, handovers, last_file, lot, ledgers: self.ledgers })
    }
}

/// A file to be handed over, and what is in it.
struct HandedOver {
    bytes: Vec<u8>,
    records: u64,
    shown: u64,
    withheld: u64,
}

/// What senders keep from readers.
fn kept_back() -> Vec<Pattern> {
    WITHHELD.iter().map(|text| text.parse().expect("these are names of items")).collect()
}

fn capsule(sender: &mut Ledger, lots: Vec<LotRef>) -> Result<HandedOver, Failure> {
    let (cuts, documents, packs) = (Vec::new(), Vec::new(), Vec::new());
    // Every receiver goes on to ask rules of what it is sent.
    let (audience, withhold) = (Audience::Compliance, kept_back());
    let made = sender.make_capsule(&MakeCapsule { audience, lots, cuts, withhold, documents, packs })?;
    let count = |of: fn(&MadeChain) -> u64| made.chains.iter().map(of).sum();
    let (records, shown, withheld) = (
        count(|chain| chain.records),
        count(|chain| chain.shown.values().sum()),
        count(|chain| chain.withheld.values().sum()),
    );
    Ok(HandedOver { bytes: made.bytes, records, shown, withheld })
}

/// The chain of an authority, which has no lots that a capsule could be about.
fn register(sender: &mut Ledger) -> Result<HandedOver, Failure> {
    let export = Export { show: vec![Pattern::everything()], withhold: kept_back(), ..Export::default() };
    let ExportFile { bytes, records, shown, withheld, .. } = sender.export(&export)?;
    Ok(HandedOver { bytes, records, shown, withheld })
}

/// Returns the directory of a party's ledger.
pub fn ledger_dir(dir: &Path, alias: &str) -> PathBuf {
    dir.join(slug(alias))
}

fn slug(alias: &str) -> String {
    alias.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// Looks names up among the scenario's own first.
struct Aliases<'a, 'b> {
    ledger: NamesFor<'a, 'b>,
    names: &'a Names,
}

impl Resolver for Aliases<'_, '_> {
    fn party(&self, name: &str) -> Result<PartyId, NameError> {
        self.names.parties.get(name).copied().map_or_else(|| self.ledger.party(name), Ok)
    }

    fn facility(&self, name: &str) -> Result<RecordId, NameError> {
        self.names.facilities.get(name).copied().map_or_else(|| self.ledger.facility(name), Ok)
    }

    fn lot(&self, name: &str) -> Result<LotRef, NameError> {
        self.ledger.lot(name)
    }

    fn record(&self, name: &str) -> Result<RecordId, NameError> {
        self.names.records.get(name).copied().map_or_else(|| self.ledger.record(name), Ok)
    }

    fn lot_value(&self, lot: &LotRef) -> Option<Lot> {
        self.ledger.lot_value(lot)
    }

    fn lot_author(&self, lot: &LotRef) -> Option<PartyId> {
        self.ledger.lot_author(lot)
    }

    fn event(&self, record: &RecordId) -> Option<std::rc::Rc<crate::model::event::Event>> {
        self.ledger.event(record)
    }

    fn is_free(&self, lot: &LotRef, from: Mass, to: Mass) -> bool {
        self.ledger.is_free(lot, from, to)
    }

    fn next_free(&self, lot: &LotRef) -> Mass {
        self.ledger.next_free(lot)
    }

    fn circuit_records(&self, facility: &RecordId, circuit: &str) -> Vec<CircuitRecord> {
        self.ledger.circuit_records(facility, circuit)
    }

    fn title(&self, record: &RecordId) -> Option<(PartyId, TransferTitle)> {
        self.ledger.title(record)
    }
}
