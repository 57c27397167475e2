//! One paper, judged for one step: believed, in scope, valid on every day, not ended, recent enough.

use super::{Document, Found, NoneHeld, is_outside, materials_of, status};
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::event::{Accredit, Certify, EndStatus};
use crate::model::material::Material;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::day::JudgedDay;
use crate::rules::facts::Facts;
use crate::rules::verdict::{Reason, ReasonCode};
use crate::trust::AcceptedDocument;

/// A paper about the operator and place of a step.
pub(super) enum Candidate<'f> {
    Accredit(&'f Record, &'f Accredit),
    Certify(&'f Record, &'f Certify),
    Accepted(&'f AcceptedDocument),
}

/// The step that a paper is judged for.
pub(super) struct Asked<'a> {
    pub(super) what: &'a str,
    pub(super) record: &'a Record,
    pub(super) stage: Stage,
    pub(super) period: Period,
    pub(super) day: &'a JudgedDay,
    pub(super) rule: &'a Document,
}

impl Candidate<'_> {
    /// Judges the paper; `None` where it says nothing to this reader.
    pub(super) fn judge(&self, facts: &Facts<'_>, asked: &Asked<'_>) -> Option<Found> {
        match self {
            Self::Accredit(record, accredit) => {
                let believed = facts.trust.authority(&record.author).any(|authority| {
                    authority.roles.contains(&accredit.role)
                        && (authority.schemes.is_empty() || authority.schemes.contains(&accredit.scheme))
                });
                if !believed {
                    let of = format!("for the role `{}`", accredit.role);
                    return Some(not_believed(facts, asked, record, "accreditation", &of));
                }
                if !accredit.valid.covers(&asked.period) {
                    let code = ReasonCode::AccreditationInvalid;
                    return Some(invalid(facts, asked, code, record, "accreditation", &accredit.valid));
                }
                let ended = ends(facts, record).find(|(_, end)| !is_outside(&asked.period, end.from, None));
                if let Some((by, end)) = ended {
                    let text = format!(
                        "the accreditation by {} was withdrawn from {}",
                        names::party(facts.graph, &by.author),
                        end.from
                    );
                    let records = [asked.record.id, record.id, by.id];
                    return Some(asked.found(
                        ReasonCode::AccreditationWithdrawn,
                        Verdict::Fail,
                        &text,
                        &records,
                        DONE,
                    ));
                }
                Some(recent(facts, asked, record, "accreditation"))
            }
            Self::Certify(record, certify) => {
                let believed = facts
                    .trust
                    .authority(&record.author)
                    .any(|authority| authority.schemes.contains(&certify.scheme));
                if !believed {
                    if asked.rule.none_held == NoneHeld::NotAsked {
                        return None;
                    }
                    let of = format!("for the scheme `{}`", certify.scheme);
                    return Some(not_believed(facts, asked, record, "certificate", &of));
                }
                let covers_stage = certify.stages.is_empty() || certify.stages.contains(&asked.stage);
                if !covers_stage || !covers_material(facts.graph, asked.record, &certify.materials) {
                    let text = format!(
                        "the certificate `{}` by {} does not cover this",
                        certify.scheme,
                        names::party(facts.graph, &record.author)
                    );
                    let records = [asked.record.id, record.id];
                    return Some(asked.found(
                        ReasonCode::CertificateOutOfScope,
                        Verdict::Fail,
                        &text,
                        &records,
                        DONE,
                    ));
                }
                if !certify.valid.covers(&asked.period) {
                    let code = ReasonCode::CertificateInvalid;
                    return Some(invalid(facts, asked, code, record, "certificate", &certify.valid));
                }
                let ended =
                    ends(facts, record).find(|(_, end)| !is_outside(&asked.period, end.from, end.until));
                if let Some((by, end)) = ended {
                    let until = end.until.map(|until| format!(" to {until}")).unwrap_or_default();
                    let text = format!(
                        "the certificate by {} was suspended from {}{until}",
                        names::party(facts.graph, &by.author),
                        end.from
                    );
                    let records = [asked.record.id, record.id, by.id];
                    return Some(asked.found(
                        ReasonCode::CertificateSuspended,
                        Verdict::Fail,
                        &text,
                        &records,
                        DONE,
                    ));
                }
                Some(recent(facts, asked, record, "certificate"))
            }
            Self::Accepted(paper) => Some(accepted(facts, asked, paper)),
        }
    }
}

const DONE: &str = "no record can mend a past day; look for another paper that covers it";

impl Asked<'_> {
    fn found(
        &self,
        code: ReasonCode,
        verdict: Verdict,
        text: &str,
        records: &[RecordId],
        resolve: &str,
    ) -> Found {
        let reason = Reason {
            code,
            verdict,
            elements: Vec::new(),
            text: format!("{} on {}: {text}", self.what, self.period),
            records: records.to_vec(),
            resolve: Some(resolve.to_owned()),
        };
        Found { verdict, reason: Some(reason), note: None }
    }
}

fn not_believed(facts: &Facts<'_>, asked: &Asked<'_>, paper: &Record, word: &str, of: &str) -> Found {
    let issuer = names::party(facts.graph, &paper.author);
    let text = format!("the {word} is by {issuer}, whom the trust file does not name {of}");
    let records = [asked.record.id, paper.id];
    let resolve =
        "find out who that is, and list it in the trust file as an authority if it is to be believed";
    asked.found(ReasonCode::AuthorityNotBelieved, Verdict::Unknown, &text, &records, resolve)
}

fn invalid(
    facts: &Facts<'_>,
    asked: &Asked<'_>,
    code: ReasonCode,
    paper: &Record,
    word: &str,
    valid: &Period,
) -> Found {
    let issuer = names::party(facts.graph, &paper.author);
    let text = format!("the {word} by {issuer} holds {}..{}", valid.first, valid.last);
    asked.found(code, Verdict::Fail, &text, &[asked.record.id, paper.id], DONE)
}

/// Returns the records by which the issuer ended or suspended a status.
fn ends<'f>(facts: &'f Facts<'_>, paper: &Record) -> impl Iterator<Item = (&'f Record, &'f EndStatus)> {
    let issuer = paper.author;
    let ends = facts.ends_of(&paper.id).iter().copied();
    ends.filter(move |(by, _)| by.author == issuer && facts.graph.withdrawn(&by.id).is_none())
}

/// Looks at how much of the issuer's chain is held, and how old it is.
fn recent(facts: &Facts<'_>, asked: &Asked<'_>, paper: &Record, word: &str) -> Found {
    let issuer = names::party(facts.graph, &paper.author);
    let records = [asked.record.id, paper.id];
    if let Some(missing) = status::missing_control(facts, paper) {
        let text = format!(
            "a control record `{}` of {issuer} is not held, so the {word} may have ended",
            missing.short()
        );
        let resolve = format!("import the whole chain of {issuer}");
        return asked.found(ReasonCode::StatusIncomplete, Verdict::Unknown, &text, &records, &resolve);
    }
    let claimed =
        facts.claimed.get(&paper.author).copied().unwrap_or(paper.signed_at).max(paper.signed_at).day();
    let (age, max) = (asked.day.get().days_since(claimed), asked.rule.max_age_days(facts));
    if i64::from(age) > i64::from(max) {
        let text = format!(
            "the last record held of {issuer} claims {claimed}, {age} days before {}; at most {max} are allowed",
            asked.day.get()
        );
        let resolve = format!("import a newer chain of {issuer}");
        return asked.found(ReasonCode::StatusTooOld, Verdict::Unknown, &text, &records, &resolve);
    }
    let note = format!(
        "status of the {word}s by {issuer}: last record *claimed* {claimed}, {age} days before {}",
        asked.day.get()
    );
    Found { verdict: Verdict::Pass, reason: None, note: Some(note) }
}

fn accepted(facts: &Facts<'_>, asked: &Asked<'_>, paper: &AcceptedDocument) -> Found {
    let entry = &paper.entry;
    let name = paper.describe();
    let records = [asked.record.id];
    if let Some(valid) = entry.valid.filter(|valid| !valid.covers(&asked.period)) {
        let code = match asked.rule.paper {
            super::Paper::Accreditation => ReasonCode::AccreditationInvalid,
            super::Paper::Certificate | super::Paper::Document | super::Paper::Items => {
                ReasonCode::CertificateInvalid
            }
        };
        let text = format!("the accepted {name} holds {}..{}", valid.first, valid.last);
        return asked.found(code, Verdict::Fail, &text, &records, DONE);
    }
    if !entry.stages.is_empty() && !entry.stages.contains(&asked.stage) {
        let text = format!("the accepted {name} does not cover this");
        return asked.found(ReasonCode::CertificateOutOfScope, Verdict::Fail, &text, &records, DONE);
    }
    let (age, max) = (asked.day.get().days_since(entry.checked_on), asked.rule.max_age_days(facts));
    if i64::from(age) > i64::from(max) {
        let text = format!(
            "the accepted {name} was checked on {}, {age} days before {}; at most {max} are allowed",
            entry.checked_on,
            asked.day.get()
        );
        let resolve = "check it again with its issuer, and put the new day into the trust file";
        return asked.found(ReasonCode::StatusTooOld, Verdict::Unknown, &text, &records, resolve);
    }
    let note =
        format!("accepted by this reader: {name}, checked on {} by {}", entry.checked_on, entry.checked_by);
    Found { verdict: Verdict::Pass, reason: None, note: Some(note) }
}

/// Whether what goes in or comes out is among `materials`, or begins with one of them; none listed covers all.
pub(super) fn covers_material(graph: &Graph, record: &Record, materials: &[Material]) -> bool {
    let begins = |one: &Material, listed: &Material| {
        let rest = one.as_str().strip_prefix(listed.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    materials.is_empty()
        || materials_of(graph, record).any(|one| materials.iter().any(|listed| begins(one, listed)))
}
