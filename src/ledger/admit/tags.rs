//! Admission of tags and of declarations at borders: what they name is there, and no tag is used twice.

use super::{NotAdmitted, Refusal};
use crate::hash::RecordId;
use crate::ledger::append::Batch;
use crate::ledger::keys;
use crate::ledger::source::Source;
use crate::model::event::{ApplyTags, Body, DeclareBorder, IssueTags};
use crate::model::kind::Kind;
use crate::model::lotref::LotRef;
use crate::model::nearest::nearest;

/// Why tags cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum TagsRefusal {
    /// The tag was handed out before.
    #[error("tag `{tag}` of `{scheme}` was issued before, by record `{}`", by.short())]
    IssuedBefore {
        /// The tag.
        tag: String,
        /// Its scheme.
        scheme: String,
        /// The record.
        by: RecordId,
    },
    /// The tag was put on before.
    #[error("tag `{tag}` of `{scheme}` was applied before, by record `{}`", by.short())]
    AppliedBefore {
        /// The tag.
        tag: String,
        /// Its scheme.
        scheme: String,
        /// The record.
        by: RecordId,
    },
    /// The lot has no such package.
    #[error("lot `{lot}` has no package `{package}`")]
    UnknownPackage {
        /// The lot.
        lot: String,
        /// The package.
        package: String,
        /// The nearest it has.
        nearest: Option<String>,
        /// How many it has.
        count: usize,
    },
}

impl TagsRefusal {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::IssuedBefore { .. } => {
                "hand out a tag of another number; if the earlier record is wrong, its author withdraws it"
                    .into()
            }
            Self::AppliedBefore { .. } => {
                "read the number again; if the earlier record is wrong, its author withdraws it".into()
            }
            Self::UnknownPackage { nearest: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::UnknownPackage { count, .. } => {
                format!("it has {count} packages, which `show` lists")
            }
        })
    }
}

impl From<TagsRefusal> for NotAdmitted {
    fn from(refusal: TagsRefusal) -> Self {
        Refusal::Tags(refusal).into()
    }
}

impl Batch<'_> {
    pub(super) fn admit_issue(&mut self, issue: &IssueTags) -> Result<(), NotAdmitted> {
        match self.source(&issue.pit)? {
            None => return Err(Refusal::FacilityMissing { facility: issue.pit }.into()),
            Some(source) if source.event.kind() != Kind::DeclareFacility => {
                return Err(Refusal::NoFacility { facility: issue.pit }.into());
            }
            Some(_) => {}
        }
        let scheme = &issue.scheme;
        for tag in issue.tags.shown().unwrap_or_default() {
            let is_issue = |source: &Source| issues(source, scheme, tag);
            if let Some(by) = self.tagged_before(scheme, tag, is_issue)? {
                let (tag, scheme) = (tag.clone(), scheme.clone());
                return Err(TagsRefusal::IssuedBefore { tag, scheme, by }.into());
            }
        }
        Ok(())
    }

    pub(super) fn admit_apply(&mut self, apply: &ApplyTags) -> Result<(), NotAdmitted> {
        let account = self.held_account(&apply.lot)?;
        let lot = self.lot_name(&apply.lot, &account);
        if account.withdrawn {
            return Err(Refusal::Withdrawn { lot, record: apply.lot.record }.into());
        }
        let scheme = &apply.scheme;
        let packages = account.lot.quantity.shown().map(|quantity| &quantity.packages);
        for applied in apply.tags.shown().unwrap_or_default() {
            if let (Some(package), Some(packages)) = (&applied.package, packages)
                // A lot that lists none, as after a receipt, leaves them open.
                && !packages.is_empty()
                && packages.iter().all(|known| known.id != *package)
            {
                let names = packages.iter().map(|known| known.id.as_str());
                let nearest = nearest(package, names).map(str::to_owned);
                let (package, count) = (package.clone(), packages.len());
                return Err(TagsRefusal::UnknownPackage { lot, package, nearest, count }.into());
            }
            let is_use = |source: &Source| applies(source, scheme, &applied.tag);
            if let Some(by) = self.tagged_before(scheme, &applied.tag, is_use)? {
                let (tag, scheme) = (applied.tag.clone(), scheme.clone());
                return Err(TagsRefusal::AppliedBefore { tag, scheme, by }.into());
            }
        }
        Ok(())
    }

    pub(super) fn admit_border(&mut self, declared: &DeclareBorder) -> Result<(), NotAdmitted> {
        declared.lots.iter().try_for_each(|lot| self.held_account(lot).map(drop))
    }

    /// Returns the first record not withdrawn, held or in this batch, that says something of this tag.
    fn tagged_before(
        &self,
        scheme: &str,
        tag: &str,
        says: impl Fn(&Source) -> bool,
    ) -> Result<Option<RecordId>, NotAdmitted> {
        let key = keys::tag(scheme, tag);
        let mut ids: Vec<RecordId> = self.added_for(&key).to_vec();
        ids.extend(self.ledger().found_by(&key)?);
        for id in ids {
            if self.source(&id)?.is_some_and(|source| !source.withdrawn && says(&source)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// Returns the keys under which a batch finds its own tags.
pub fn keys_of(body: &Body) -> Vec<LotRef> {
    match body {
        Body::IssueTags(issue) => {
            let tags = issue.tags.shown().unwrap_or_default();
            tags.iter().map(|tag| keys::tag(&issue.scheme, tag)).collect()
        }
        Body::ApplyTags(apply) => {
            let tags = apply.tags.shown().unwrap_or_default();
            tags.iter().map(|one| keys::tag(&apply.scheme, &one.tag)).collect()
        }
        _ => Vec::new(),
    }
}

fn issues(source: &Source, scheme: &str, tag: &str) -> bool {
    matches!(&source.event.body, Body::IssueTags(issue)
        if issue.scheme == scheme && issue.tags.shown().is_some_and(|tags| tags.iter().any(|one| one == tag)))
}

fn applies(source: &Source, scheme: &str, tag: &str) -> bool {
    matches!(&source.event.body, Body::ApplyTags(apply)
        if apply.scheme == scheme && apply.tags.shown().is_some_and(|tags| tags.iter().any(|one| one.tag == tag)))
}
