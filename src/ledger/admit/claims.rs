//! Claims, waivers, inspections, ties and assays: what an own event may not say.

use super::{NotAdmitted, Refusal};
use crate::custody::claims::balance::{self, Claim, Entry};
use crate::hash::RecordId;
use crate::ledger::append::Batch;
use crate::ledger::keys;
use crate::model::event::{
    Appoint, Assay, Body, ClaimAccount, CloseAccount, Event, Inspect, RetireClaim, Subject, Waive,
};
use crate::model::evidence::AssayPurpose;
use crate::model::facility::Operator;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::{Maybe, MaybeList};

/// Why a claim, waiver, inspection, tie or assay cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum ClaimRefusal {
    /// The account is at a place of another.
    #[error("the claim account is at a facility that is not yours")]
    ForeignAccount,
    /// The close named as the one before is none of this account.
    #[error("record `{}` {why}", previous.short())]
    WrongPrevious {
        /// The record named.
        previous: RecordId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A period was closed before.
    #[error("a close of this account with days of this period is record `{}`", by.short())]
    ClosedBefore {
        /// The earlier close.
        by: RecordId,
    },
    /// The account opens with something else than was left.
    #[error("it opens with {opening}, but the period before closed with {left}")]
    OpensOtherwise {
        /// Sum of the opening credits.
        opening: Mass,
        /// Closing of the period before.
        left: Mass,
    },
    /// The account closes with something else than its figures leave.
    #[error("it closes with {closing}, but its figures leave {left}")]
    ClosesOtherwise {
        /// As stated.
        closing: Mass,
        /// As computed.
        left: Mass,
    },
    /// A serial number was used up before.
    #[error("claim `{serial}` was used up by record `{}`", by.short())]
    UsedUp {
        /// The serial number.
        serial: String,
        /// The record that used it up.
        by: RecordId,
    },
    /// A waiver names nothing that it is for.
    #[error("the waiver names no lot, part number or material")]
    WaivesNothing,
    /// A party is tied to itself.
    #[error("a tie is to another party")]
    TiedToOneself,
    /// An assay calls itself independent, and is not.
    #[error("an assay of purpose `{purpose}` is made apart from the lot, but {why}")]
    NotApart {
        /// The purpose stated.
        purpose: AssayPurpose,
        /// What ties it to the lot.
        why: &'static str,
    },
}

impl ClaimRefusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::ForeignAccount => "name a facility that you declared as your own".into(),
            Self::WrongPrevious { .. } => "name the `close_account` record of the period before".into(),
            Self::ClosedBefore { .. } => {
                "close the days after it, or withdraw that record first if it is wrong".into()
            }
            Self::OpensOtherwise { left, .. } => format!("open with credits that add up to {left}"),
            Self::ClosesOtherwise { left, .. } => {
                format!("write {}, or add the credit or claim that is missing", left.to_exact())
            }
            Self::UsedUp { .. } => "give each claim a serial number of its own".into(),
            Self::WaivesNothing => "name what it is for with `lots`, `part_numbers` or `materials`".into(),
            Self::TiedToOneself => "name the other party".into(),
            Self::NotApart { .. } => "write the purpose `own`".into(),
        }
    }
}

impl From<ClaimRefusal> for NotAdmitted {
    fn from(refusal: ClaimRefusal) -> Self {
        Refusal::Claim(refusal).into()
    }
}

impl Batch<'_> {
    /// Checks what this family of kinds states against what is held.
    pub(super) fn admit_claims(&mut self, event: &Event) -> Result<(), NotAdmitted> {
        match &event.body {
            Body::CloseAccount(close) => self.admit_close_account(close),
            Body::RetireClaim(claim) => self.admit_retire_claim(claim),
            Body::Waive(waive) => self.admit_waive(waive),
            Body::Inspect(inspect) => self.admit_inspect(inspect),
            Body::Appoint(appoint) => self.admit_appoint(appoint),
            Body::Assay(assay) => self.admit_assay(assay),
            _ => Ok(()),
        }
    }

    fn admit_close_account(&mut self, close: &CloseAccount) -> Result<(), NotAdmitted> {
        self.admit_account(&close.account)?;
        let held = self.account_records(&close.account)?;
        let closes = held.iter().filter_map(|(id, event)| match &event.body {
            Body::CloseAccount(one) => Some((*id, one)),
            _ => None,
        });
        let closes: Vec<(RecordId, &CloseAccount)> = closes.collect();
        let overlaps = |one: &CloseAccount| {
            one.period.first <= close.period.last && close.period.first <= one.period.last
        };
        if let Some((by, _)) = closes.iter().find(|(_, one)| overlaps(one)) {
            return Err(ClaimRefusal::ClosedBefore { by: *by }.into());
        }
        for credit in close.credits.shown().into_iter().flatten() {
            if let Some(lot) = credit.lot {
                self.held_account(&lot)?;
            }
        }
        self.admit_opening(close, &closes)?;
        let Maybe::Shown(closing) = close.closing else { return Ok(()) };
        let claims = held.iter().filter_map(|(_, event)| match &event.body {
            Body::RetireClaim(claim) => {
                Some(Claim { day: claim.day, amount: balance::full(claim.mass.mg()) })
            }
            _ => None,
        });
        let claims: Vec<Claim> = claims.collect();
        let all = closes.iter().map(|(_, one)| *one).chain([close]);
        let entries: Vec<Entry> = all.flat_map(entries).collect();
        let left = balance::play(&entries, &claims, &[close.period.last]).left[0];
        let left = Mass::from_mg(u64::try_from(balance::to_mg(left)).unwrap_or(u64::MAX));
        match left == closing {
            true => Ok(()),
            false => Err(ClaimRefusal::ClosesOtherwise { closing, left }.into()),
        }
    }

    fn admit_opening(
        &self,
        close: &CloseAccount,
        closes: &[(RecordId, &CloseAccount)],
    ) -> Result<(), NotAdmitted> {
        let Some(previous) = close.previous else {
            return match closes.last() {
                Some((before, _)) => {
                    let why = "closed the period before, and is not named as `previous`";
                    Err(ClaimRefusal::WrongPrevious { previous: *before, why }.into())
                }
                None => Ok(()),
            };
        };
        let Some((_, before)) = closes.iter().find(|(id, _)| *id == previous) else {
            let why = "is no close of this account that is held here";
            return Err(ClaimRefusal::WrongPrevious { previous, why }.into());
        };
        let (Maybe::Shown(opening), Maybe::Shown(left)) = (&close.opening, before.closing) else {
            return Ok(());
        };
        let sum = opening.iter().map(|credit| credit.mass.mg()).fold(0, u64::saturating_add);
        match sum == left.mg() {
            true => Ok(()),
            false => Err(ClaimRefusal::OpensOtherwise { opening: Mass::from_mg(sum), left }.into()),
        }
    }

    fn admit_retire_claim(&mut self, claim: &RetireClaim) -> Result<(), NotAdmitted> {
        self.admit_account(&claim.account)?;
        if let Some(lot) = claim.lot {
            self.held_account(&lot)?;
        }
        for (by, event) in self.account_records(&claim.account)? {
            match &event.body {
                Body::RetireClaim(one) if one.serial == claim.serial => {
                    return Err(ClaimRefusal::UsedUp { serial: claim.serial.clone(), by }.into());
                }
                Body::CloseAccount(close) if close.period.contains(claim.day) => {
                    return Err(ClaimRefusal::ClosedBefore { by }.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// INVARIANT (own place): a claim account is at a facility of its keeper.
    fn admit_account(&mut self, account: &ClaimAccount) -> Result<(), NotAdmitted> {
        let facility = account.facility;
        let Some(source) = self.source(&facility)? else {
            return Err(Refusal::FacilityMissing { facility }.into());
        };
        let Body::DeclareFacility(declared) = &source.event.body else {
            return Err(Refusal::NoFacility { facility }.into());
        };
        let is_own = source.author == self.party()
            && match declared.operator {
                Operator::Party(other) => other == self.party(),
                _ => true,
            };
        if is_own { Ok(()) } else { Err(ClaimRefusal::ForeignAccount.into()) }
    }

    /// Returns the own records of an account, held and in this batch, that were not taken back.
    fn account_records(
        &self,
        account: &ClaimAccount,
    ) -> Result<Vec<(RecordId, std::rc::Rc<Event>)>, NotAdmitted> {
        let mut ids = self.ledger().ids_found_by(&keys::about_record(&account.facility))?;
        ids.extend(self.added_ids());
        let mut held = Vec::new();
        for id in ids {
            let Some(source) = self.source(&id)? else { continue };
            let of = match &source.event.body {
                Body::CloseAccount(close) => &close.account,
                Body::RetireClaim(claim) => &claim.account,
                _ => continue,
            };
            if *of == *account && source.author == self.party() && !source.withdrawn {
                held.push((id, source.event));
            }
        }
        Ok(held)
    }

    fn admit_waive(&mut self, waive: &Waive) -> Result<(), NotAdmitted> {
        if waive.lots.is_empty() && waive.part_numbers.is_empty() && waive.materials.is_empty() {
            return Err(ClaimRefusal::WaivesNothing.into());
        }
        // An authority may know a lot by its reference alone; where its record is held, it must have it.
        waive.lots.iter().try_for_each(|lot| self.admit_lot_named(lot))
    }

    fn admit_inspect(&mut self, inspect: &Inspect) -> Result<(), NotAdmitted> {
        match &inspect.about {
            Subject::Lot(lot) => self.admit_lot_named(lot),
            _ => Ok(()),
        }
    }

    fn admit_lot_named(&mut self, lot: &LotRef) -> Result<(), NotAdmitted> {
        match self.source(&lot.record)? {
            Some(_) => self.held_account(lot).map(|_| ()),
            None => Ok(()),
        }
    }

    fn admit_appoint(&self, appoint: &Appoint) -> Result<(), NotAdmitted> {
        match appoint.party == self.party() {
            true => Err(ClaimRefusal::TiedToOneself.into()),
            false => Ok(()),
        }
    }

    fn admit_assay(&mut self, assay: &Assay) -> Result<(), NotAdmitted> {
        self.admit_lot_named(&assay.lot)?;
        let purpose = assay.purpose;
        let claims_apart =
            matches!(purpose, AssayPurpose::Independent | AssayPurpose::Settlement | AssayPurpose::Umpire);
        if !claims_apart {
            return Ok(());
        }
        let own = self.party();
        if assay.sampled_by == Some(own) {
            return Err(ClaimRefusal::NotApart { purpose, why: "you took the sample yourself" }.into());
        }
        let Some(account) = self.account(&assay.lot)? else { return Ok(()) };
        match account.author == own || account.consumer() == Some(own) {
            true => Err(ClaimRefusal::NotApart { purpose, why: "you had the lot yourself" }.into()),
            false => Ok(()),
        }
    }
}

/// Returns what a close brings into the account: its credits, and what it opens with if it is the first.
fn entries(close: &CloseAccount) -> Vec<Entry> {
    let factor = close.factor.ppb();
    let MaybeList::Shown(credits) = &close.credits else { return Vec::new() };
    let credits = credits.iter().map(|credit| Entry {
        from: credit.day,
        expires: credit.expires,
        amount: balance::worth(credit.mass.mg(), factor),
    });
    let opening = close.opening.shown().filter(|_| close.previous.is_none()).into_iter().flatten();
    let opening = opening.map(|credit| Entry {
        from: credit.day.min(close.period.first),
        expires: credit.expires,
        amount: balance::full(credit.mass.mg()),
    });
    credits.chain(opening).collect()
}
