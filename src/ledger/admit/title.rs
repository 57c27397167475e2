//! Admission of titles, receipts and pledges, and of facilities that change hands.
//!
//! Whoever passes a title must hold it as far as the records here say; of two receipts for one stretch only the
//! first is recorded. It is judged by `custody::title` over what is held about the goods, so that a ledger and a
//! verifier never differ. Spec: docs/custody.md, "Titles".

use std::collections::HashSet;

use super::{NotAdmitted, Refusal};
use crate::custody::graph::Graph;
use crate::custody::title;
use crate::hash::RecordId;
use crate::ledger::append::{Batch, Warning};
use crate::ledger::error::LedgerError;
use crate::model::dealings::Title;
use crate::model::event::{Body, CedeFacility, Event, Receiver, TransferTitle};
use crate::model::facility::{DeclareFacility, Operator};
use crate::model::finding::{FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;

impl Batch<'_> {
    /// INVARIANT (one owner): a title is passed by the party that holds it; a right is passed on or ended by its holder.
    pub(super) fn admit_title(&mut self, event: &Event, passed: &TransferTitle) -> Result<(), NotAdmitted> {
        let titled = passed.titled.shown().unwrap_or_default();
        for (index, one) in titled.iter().enumerate() {
            let account = self.held_account(&one.lot)?;
            if account.withdrawn {
                let lot = self.lot_name(&one.lot, &account);
                return Err(Refusal::Withdrawn { lot, record: one.lot.record }.into());
            }
            if titled[..index]
                .iter()
                .any(|before| before.lot == one.lot && (before.from.is_none() || one.from.is_none()))
            {
                let lot = self.lot_name(&one.lot, &account);
                let (from, to) = (one.from.unwrap_or_default(), one.mass);
                return Err(Refusal::TwiceInEvent { lot, from, to }.into());
            }
        }
        if let Some(target) = passed.target {
            self.admit_title_target(&target, passed.title)?;
        }
        if passed.to == Maybe::Shown(Receiver::Party(self.party())) && passed.title != Title::Release {
            let why = "a title cannot be passed to its own author".to_owned();
            return Err(Refusal::Title { why, resolve: "name the party it passes to".to_owned() }.into());
        }
        let record = self.unsealed(event);
        let mut lots: Vec<LotRef> = titled.iter().map(|one| one.lot).collect();
        lots.extend(self.titled_by(passed.target)?);
        let mut around =
            self.ledger().about_goods(lots, &|wanted| self.added(|id, event| wanted(id, event)).collect())?;
        // On every day on which a right over these goods begins, at the latest on its own.
        let mut days: Vec<_> = around
            .iter()
            .filter_map(|one| match &one.event.body {
                Body::TransferTitle(other) => Some(other.from),
                _ => None,
            })
            .filter(|day| *day >= passed.from && passed.until.is_none_or(|until| *day <= until))
            .collect();
        days.push(passed.from);
        days.sort_unstable();
        days.dedup();
        around.push(record.clone());
        let graph = Graph::build(around);
        let mut warned = HashSet::new();
        for day in days {
            for finding in title::findings_of(&graph, &record.id, day) {
                // Nothing left to release is nothing to record, though in others' records it does no harm.
                let nothing_left =
                    passed.title == Title::Release && finding.code == FindingCode::TitleNotHeld;
                if finding.weight == Weight::Fail || (finding.weight == Weight::Warning && nothing_left) {
                    let why = self.with_own_names(finding.message);
                    let resolve = instead(finding.code).to_owned();
                    return Err(Refusal::Title { why, resolve }.into());
                }
                let open = finding.code == FindingCode::TitleNotHeld && finding.weight >= Weight::Unknown;
                if open && warned.insert(finding.message.clone()) {
                    let event = self.len();
                    let text = self.with_own_names(finding.message);
                    self.warn(Warning::Title { event, text, resolve: finding.resolve });
                }
            }
        }
        Ok(())
    }

    /// Puts the user's own names where a message has the ids of parties whose chains are not held.
    fn with_own_names(&self, message: String) -> String {
        let names = &self.ledger().names().parties;
        names.iter().fold(message, |message, (name, id)| {
            message.replace(&format!("`{}`", id.short()), &format!("`{name}`"))
        })
    }

    fn admit_title_target(&self, target: &RecordId, passed: Title) -> Result<(), NotAdmitted> {
        let wrong = |why| Err(Refusal::WrongTarget { target: *target, why }.into());
        let Some(source) = self.source(target)? else { return wrong("is not held here") };
        if source.withdrawn {
            return wrong("was withdrawn");
        }
        let Body::TransferTitle(before) = &source.event.body else { return wrong("passes no title") };
        match (passed, before.title) {
            (Title::Release, Title::Pledge | Title::Receipt | Title::Endorse) => Ok(()),
            (Title::Release, _) => wrong("is no pledge or receipt, so there is nothing to release"),
            (Title::Endorse, Title::Receipt | Title::Endorse) => Ok(()),
            (Title::Endorse, _) => wrong("is no receipt, so it cannot be passed on"),
            _ => Ok(()),
        }
    }

    /// Returns the lots that an earlier transfer is over.
    fn titled_by(&self, target: Option<RecordId>) -> Result<Vec<LotRef>, LedgerError> {
        let Some(source) = target.map(|target| self.source(&target)).transpose()?.flatten() else {
            return Ok(Vec::new());
        };
        Ok(match &source.event.body {
            Body::TransferTitle(title) => {
                title.titled.shown().unwrap_or_default().iter().map(|one| one.lot).collect()
            }
            _ => Vec::new(),
        })
    }

    /// Only who runs a facility gives it up, and only once.
    pub(super) fn admit_cede(&mut self, cede: &CedeFacility) -> Result<(), NotAdmitted> {
        let facility = cede.facility;
        let Some(source) = self.source(&facility)? else {
            return Err(Refusal::FacilityMissing { facility }.into());
        };
        let Body::DeclareFacility(declared) = &source.event.body else {
            return Err(Refusal::NoFacility { facility }.into());
        };
        let shown = declared.name.shown().map_or_else(|| facility.short(), Clone::clone);
        let name = self.ledger().names().facility(&facility).map_or(shown, str::to_owned);
        let name = format!("`{name}`");
        let own = match &declared.operator {
            Operator::Author => source.author == self.party(),
            Operator::Party(operator) => source.author == self.party() && *operator == self.party(),
            Operator::Outside(_) => false,
        };
        if !own {
            let whose = format!("one that {} declared", self.ledger().party_name(&source.author)?);
            return Err(Refusal::ForeignFacility { facility: name, whose }.into());
        }
        if source.withdrawn {
            return Err(Refusal::FacilityWithdrawn { facility: name }.into());
        }
        if let Some(from) = source.ceded {
            return Err(Refusal::Ceded { facility: name, from }.into());
        }
        if cede.to == Receiver::Party(self.party()) {
            let why = "a facility cannot be given up to its own operator".to_owned();
            return Err(
                Refusal::Title { why, resolve: "name the party that takes it over".to_owned() }.into()
            );
        }
        Ok(())
    }

    /// A facility succeeds only what was given up to its author.
    pub(super) fn admit_succession(&mut self, facility: &DeclareFacility) -> Result<(), NotAdmitted> {
        let Some(target) = facility.succeeds else { return Ok(()) };
        let wrong = |why| Err(Refusal::WrongTarget { target, why }.into());
        let Some(source) = self.source(&target)? else { return wrong("is not held here") };
        let Body::CedeFacility(cede) = &source.event.body else { return wrong("gives up no facility") };
        if source.withdrawn {
            return wrong("was withdrawn");
        }
        if cede.to != Receiver::Party(self.party()) {
            return wrong("gives the facility up to somebody else");
        }
        match self.source(&cede.facility)? {
            Some(before) if before.author != source.author => {
                wrong("gives up a facility that is not its author's")
            }
            _ => Ok(()),
        }
    }
}

/// Says what an author can do whose title is refused.
fn instead(code: FindingCode) -> &'static str {
    match code {
        FindingCode::DoubleClaim => {
            "name a stretch or mass that is free; the holder of the earlier receipt or pledge must release it first"
        }
        FindingCode::BeyondLot => "name no more than the lot holds",
        _ => "only who holds a title passes it on; import the record by which you came by it",
    }
}
