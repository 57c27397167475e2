//! `document`: who did a step holds an accreditation for it, or a certificate that covers it.
//!
//! A paper counts if its issuer, not the operator itself, is one that the reader believes, if it held on every
//! day of the event, and if its status is recent enough as of the day asked for. What the issuer's chain holds
//! after the last record shown is not known: the age of a status is as-of minus that record's claimed time.
//! Spec: docs/formats/kinds/document.md.

mod candidate;
mod held;
pub mod items;
mod papers;
mod status;

pub use papers::{Evidence, When};

pub(in crate::rules) use status::missing_control;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::candidate::{Asked, Candidate};
use self::items::Items;
use super::{Asked as Question, Kind, Outcome};
use crate::custody::graph;
use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::event::{At, Body};
use crate::model::evidence::{DocumentKind, Role};
use crate::model::facility::Operator;
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::open;
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use};
use crate::rules::verdict::{Reason, ReasonCode};

/// Parameters of `document`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Which kind of paper.
    pub paper: Paper,
    /// Schemes that count; none listed means every scheme of a believed issuer.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// How old a status may be, in days; the reader's trust file may ask for less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
    /// What it means that no paper of this kind is held.
    #[serde(default)]
    pub none_held: NoneHeld,
    /// Stages whose operators must be accredited, each with the roles of which one is enough.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<Stage, Vec<Role>>,
    /// Stages that certificates are looked at for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Whether certificates are also looked at for every step at a declared choke point.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub choke_points: bool,
    /// Goods that papers are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// What papers must show of such goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Items of data that are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Items>,
}

/// A kind of paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// An `accredit` record, or an accepted document that allows a role.
    Accreditation,
    /// A `certify` record, or an accepted document under a scheme.
    Certificate,
    /// A registered paper, or an accepted document of some kind.
    Document,
    /// Items of data, wherever they stand.
    Items,
}

/// What it means that no paper is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoneHeld {
    /// The rule is `unknown`.
    #[default]
    Unknown,
    /// None is asked for; one that is held must be good.
    NotAsked,
}

/// What was found about one step.
struct Found {
    verdict: Verdict,
    reason: Option<Reason>,
    note: Option<String>,
}

impl Kind for Document {
    fn name(&self) -> &'static str {
        "document"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        let asks_for_goods = self.when.is_some() || !self.evidence.is_empty();
        if self.paper != Paper::Document && asks_for_goods {
            return Err(PackFault::Value {
                field: format!("{field}.when"),
                problem: "only papers of kind `document` are asked for by goods".to_owned(),
                hint: "write `paper = \"document\"`, or leave `when` and `evidence` out".to_owned(),
            });
        }
        match self.paper {
            Paper::Document => papers::check(self, field),
            Paper::Items => match &self.items {
                Some(items) => items.check(field),
                None => Err(PackFault::Empty { field: format!("{field}.items") }),
            },
            Paper::Accreditation if self.roles.is_empty() => {
                Err(PackFault::Empty { field: format!("{field}.roles") })
            }
            Paper::Certificate if self.stages.is_empty() && !self.choke_points => {
                Err(PackFault::Empty { field: format!("{field}.stages") })
            }
            _ => Ok(()),
        }
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let when = self.when.iter();
        when.flat_map(|when| {
            let countries = when.countries.iter();
            let countries = countries.map(|name| Use::new("when.countries", Table::Countries, name));
            countries.chain([Use::new("when.elements", Table::Elements, &when.elements)])
        })
        .collect()
    }

    fn elements(&self, pack: &Pack) -> Option<Vec<Element>> {
        let when = self.when.as_ref()?;
        Some(when.in_scope(pack))
    }

    fn judge(&self, question: &Question<'_, '_>) -> Outcome {
        if self.paper == Paper::Document {
            return papers::judge(self, question);
        }
        let facts = question.facts;
        if let (Paper::Items, Some(items)) = (self.paper, &self.items) {
            return items.judge(question);
        }
        let mut outcome = Outcome::default();
        let mut looked_at = false;
        let mut on_paper = 0usize;
        let behind = facts.ancestry();
        for record in behind.records.iter().filter_map(|id| facts.graph.record(id)) {
            let body = &record.event.body;
            on_paper += body.declared_touches().len();
            let (Some(at), [_, ..]) = (body.at(), body.steps()) else { continue };
            let mut stages: Vec<Stage> = body.steps().iter().map(|step| step.stage).collect();
            stages.dedup();
            let is_choke_point = self.choke_points && is_choke_point(facts, at);
            for stage in stages.into_iter().filter(|stage| is_choke_point || self.looks_at(*stage)) {
                let Some(found) = self.of_step(question, record, at, stage) else { continue };
                looked_at = true;
                outcome.notes.extend(found.note);
                outcome.reasons.extend(found.reason.map(|reason| self.weighed(facts, record, reason)));
            }
        }
        if on_paper > 0 {
            outcome.notes.push(format!(
                "{} taken in on papers; who did them is not looked at by this rule",
                match on_paper {
                    1 => "1 step was".to_owned(),
                    more => format!("{more} steps were"),
                }
            ));
        }
        self.open_ancestry(facts, &mut outcome);
        outcome.notes.sort();
        outcome.notes.dedup();
        outcome.not_applicable = !looked_at && outcome.reasons.is_empty();
        outcome
    }
}

impl Document {
    fn looks_at(&self, stage: Stage) -> bool {
        match self.paper {
            Paper::Accreditation => self.roles.contains_key(&stage),
            Paper::Certificate => self.stages.contains(&stage),
            Paper::Document => false,
            Paper::Items => false,
        }
    }

    /// Adds what keeps the operators behind the lot from being known.
    fn open_ancestry(&self, facts: &Facts<'_>, outcome: &mut Outcome) {
        if self.none_held == NoneHeld::NotAsked {
            return;
        }
        outcome.reasons.extend(open::ancestry(facts, "who made it"));
    }

    /// Makes a contradiction `unknown` where the lot may have come about without the record.
    fn weighed(&self, facts: &Facts<'_>, record: &Record, mut reason: Reason) -> Reason {
        if reason.verdict == Verdict::Fail && !facts.surely_through(&record.id) {
            reason.verdict = Verdict::Unknown;
            reason.text.push_str("; the lot may not have come from there");
        }
        reason
    }

    /// Judges one stage of one event; `None` where nothing is asked.
    fn of_step(&self, question: &Question<'_, '_>, record: &Record, at: &At, stage: Stage) -> Option<Found> {
        let facts = question.facts;
        let graph = facts.graph;
        let what = format!("{} ({stage} {})", names::record(graph, record), stage.title());
        let reason = |code, verdict, text: String, resolve: String| {
            let records = vec![record.id];
            let reason =
                Reason { code, verdict, elements: Vec::new(), text, records, resolve: Some(resolve) };
            Some(Found { verdict, reason: Some(reason), note: None })
        };
        let author = names::party(graph, &record.author);
        let asks_for_all = self.none_held == NoneHeld::Unknown;
        let Maybe::Shown(facility) = at.facility else {
            if !asks_for_all {
                return None;
            }
            let resolve = format!("ask {author} to show the item `facility`");
            let text = format!("{what}: the facility is withheld");
            return reason(ReasonCode::PlaceWithheld, Verdict::Withheld, text, resolve);
        };
        let Some((declaration, declared)) = graph.facility(&facility) else {
            if !asks_for_all {
                return None;
            }
            let resolve = format!("import the record `{}` that declares the facility", facility.short());
            let text = format!("{what}: the facility's declaration is not held");
            return reason(ReasonCode::PlaceNotHeld, Verdict::Unknown, text, resolve);
        };
        let operator = match &declared.operator {
            Operator::Author => Some(declaration.author),
            Operator::Party(party) => Some(*party),
            Operator::Outside(_) => None,
        };
        let candidates = self.candidates(facts, record, facility, operator, stage);
        if candidates.is_empty() {
            if !asks_for_all {
                return None;
            }
            let name = names::facility(graph, &facility);
            let (code, who) = match operator {
                Some(operator) => (ReasonCode::NotAccredited, names::party(graph, &operator)),
                None => (ReasonCode::OperatorOutside, "an operator who keeps no ledger".to_owned()),
            };
            let code = if self.paper == Paper::Certificate { ReasonCode::NoCertificate } else { code };
            let paper = self.paper.word();
            let text = format!("{what}: no {paper} of {who} at {name} for this step is held");
            let resolve = format!(
                "get the {paper} from its issuer's chain, or check the paper and list it in the trust file as accepted"
            );
            return reason(code, Verdict::Unknown, text, resolve);
        }
        let period = match at.period {
            Maybe::Shown(period) => period,
            Maybe::Withheld => {
                let resolve = format!("ask {author} to show the item `period`");
                let text = format!("{what}: when it was done is withheld");
                return reason(ReasonCode::PeriodWithheld, Verdict::Withheld, text, resolve);
            }
        };
        let asked = Asked { what: &what, record, stage, period, day: question.day, rule: self };
        // One good paper is enough: the best of them decides.
        candidates.iter().filter_map(|one| one.judge(facts, &asked)).min_by_key(|found| found.verdict)
    }

    /// Returns every paper that is about this operator, place and step, in the order of records, then of the
    /// trust file. The operator's own word, or that of a party in one group with it, is none.
    fn candidates<'f>(
        &self,
        facts: &'f Facts<'_>,
        record: &Record,
        facility: RecordId,
        operator: Option<PartyId>,
        stage: Stage,
    ) -> Vec<Candidate<'f>> {
        let roles = self.roles.get(&stage).map(Vec::as_slice).unwrap_or_default();
        let is_there = |place: Option<RecordId>| place.is_none_or(|place| place == facility);
        let counts = |scheme: &str| self.schemes.is_empty() || self.schemes.iter().any(|one| one == scheme);
        let mut candidates = Vec::new();
        let papers = operator.as_ref().map(|operator| facts.papers_about(operator)).unwrap_or_default();
        for paper in papers {
            let is_own = operator.is_some_and(|operator| facts.is_tied(paper, &operator));
            if is_own || facts.graph.withdrawn(&paper.id).is_some() {
                continue;
            }
            match (&paper.event.body, self.paper) {
                (Body::Accredit(accredit), Paper::Accreditation) => {
                    let covers = match accredit.stages.is_empty() {
                        true => roles.contains(&accredit.role),
                        false => accredit.stages.contains(&stage),
                    };
                    if covers
                        && is_there(accredit.facility)
                        && counts(&accredit.scheme)
                        && candidate::covers_material(facts.graph, record, &accredit.materials)
                    {
                        candidates.push(Candidate::Accredit(paper, accredit));
                    }
                }
                (Body::Certify(certify), Paper::Certificate)
                    if is_there(certify.facility) && counts(&certify.scheme) =>
                {
                    candidates.push(Candidate::Certify(paper, certify));
                }
                _ => {}
            }
        }
        for paper in &facts.trust.accepted_documents {
            let entry = &paper.entry;
            let kind_fits = match self.paper {
                Paper::Accreditation => {
                    entry.role.is_some_and(|role| roles.contains(&role)) || entry.stages.contains(&stage)
                }
                // That somebody was screened certifies nothing that it does.
                Paper::Certificate => {
                    entry.kind != DocumentKind::ListScreening
                        && entry.scheme.as_ref().is_some_and(|scheme| counts(scheme))
                }
                Paper::Document => false,
                Paper::Items => false,
            };
            let stage_fits = entry.stages.is_empty() || entry.stages.contains(&stage);
            if paper.is_about(&facility, operator.as_ref())
                && kind_fits
                && (stage_fits || self.paper == Paper::Certificate)
                && candidate::covers_material(facts.graph, record, &entry.materials)
            {
                candidates.push(Candidate::Accepted(paper));
            }
        }
        candidates
    }

    /// Returns how old a status may be for this reader.
    fn max_age_days(&self, facts: &Facts<'_>) -> u32 {
        let readers = facts.trust.max_status_age_days;
        self.max_age_days.map_or(readers, |packs| packs.min(readers))
    }
}

impl Paper {
    fn word(self) -> &'static str {
        match self {
            Self::Accreditation => "accreditation",
            Self::Certificate => "certificate",
            Self::Document => "paper",
            Self::Items => "item of data",
        }
    }
}

/// Whether an event was at a facility that an audit scheme treats as the smelter or refiner.
fn is_choke_point(facts: &Facts<'_>, at: &At) -> bool {
    let facility = at.facility.shown().and_then(|id| facts.graph.facility(id));
    facility.is_some_and(|(_, declared)| declared.choke_point)
}

/// Whether all of `period` lies before `day` or after `until`.
fn is_outside(period: &Period, from: Day, until: Option<Day>) -> bool {
    period.last < from || until.is_some_and(|until| until < period.first)
}

/// Returns the materials that go into and come out of an event.
fn materials_of<'g>(
    graph: &'g graph::Graph,
    record: &'g Record,
) -> impl Iterator<Item = &'g crate::model::material::Material> {
    let inputs = graph::inputs(record).iter().filter_map(|input| graph.lot(&input.lot));
    record.event.body.outputs().iter().chain(inputs).map(|lot| &lot.material)
}

#[cfg(test)]
mod tests;
