//! `ownership`: who is behind the lot does not belong, over others if need be, to listed owners or barred countries.
//!
//! Shares are bounds: what is not known may belong to anybody. `fail` needs the least share over a threshold,
//! `pass` the most share under it. Spec: docs/formats/kinds/ownership.md.

mod owners;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use self::owners::{Bounds, Edge, Node, Owners, WHOLE, called};
use super::{Asked, Kind, Outcome};
use crate::custody::names;
use crate::custody::ties::Ties;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::{Body, Receiver};
use crate::model::evidence::DocumentKind;
use crate::model::fraction::Fraction;
use crate::model::maybe::Maybe;
use crate::model::party::Identifier;
use crate::model::place::{Country, Place};
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::listed::{Answer, Listed};
use crate::rules::pack::{Pack, PackFault, PackFile, Table, Use};
use crate::rules::people::{self, Part, Person, Who};
use crate::rules::verdict::{Limit, Reason, ReasonCode};
use crate::trust::OwnerKind;

/// Parameters of `ownership`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ownership {
    /// List of entities whose shares count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// List of countries: whoever is of one counts too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<String>,
    /// How much one of them may not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one: Option<Threshold>,
    /// How much all of them together may not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Threshold>,
    /// How much of the debt they may not hold together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debt: Option<Threshold>,
    /// Whether a right of one of them to name officers, or a contract that gives it control, is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub control: bool,
    /// How much of an owner makes that owner count as one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controlled: Option<Threshold>,
    /// How much of the owners must be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosed: Option<Fraction>,
    /// Kinds of accepted papers of which one must say that there is no debt or control that no row tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certified_by: Vec<DocumentKind>,
    /// How old a row of the trust file or a screening may be, in days; the reader's trust file may ask for less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
}

/// A share that is too much: `{ at_least = "25 %" }` or `{ more_than = "50 %" }`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Threshold {
    /// That much, or more.
    AtLeast(Fraction),
    /// More than that.
    MoreThan(Fraction),
}

impl Threshold {
    /// Whether a share in parts per billion is too much.
    fn is_reached(self, ppb: u64) -> bool {
        match self {
            Self::AtLeast(limit) => ppb >= u64::from(limit.ppb()),
            Self::MoreThan(limit) => ppb > u64::from(limit.ppb()),
        }
    }
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::AtLeast(limit) => format!("at least {limit}"),
            Self::MoreThan(limit) => format!("more than {limit}"),
        };
        f.pad(&text)
    }
}

impl Kind for Ownership {
    fn name(&self) -> &'static str {
        "ownership"
    }

    fn check(&self, _: &PackFile, field: &str) -> Result<(), PackFault> {
        let fault = |what: &str, problem: &str, hint: &str| {
            let field = format!("{field}.{what}");
            Err(PackFault::Value { field, problem: problem.to_owned(), hint: hint.to_owned() })
        };
        if self.list.is_none() && self.countries.is_none() {
            return fault("list", "nobody's share counts", "name a list under `list` or `countries`");
        }
        if self.one.is_none() && self.together.is_none() {
            return fault(
                "together",
                "no share is too much",
                "give `one` or `together`, such as { at_least = \"50 %\" }",
            );
        }
        for (what, limit) in [
            ("one", self.one),
            ("together", self.together),
            ("debt", self.debt),
            ("controlled", self.controlled),
        ] {
            let is_empty = match limit {
                Some(Threshold::AtLeast(limit)) => limit == Fraction::ZERO || limit > Fraction::ONE,
                Some(Threshold::MoreThan(limit)) => limit >= Fraction::ONE,
                None => false,
            };
            if is_empty {
                return fault(
                    what,
                    "every share is too much, or none",
                    "write a share between 0 % and 100 %",
                );
            }
        }
        if self.disclosed.is_some_and(|share| share == Fraction::ZERO || share > Fraction::ONE) {
            return fault(
                "disclosed",
                "nothing has to be known, or more than there is",
                "write a share up to 100 %",
            );
        }
        let asks_for_more = self.debt.is_some() || self.control;
        match (asks_for_more, self.certified_by.is_empty()) {
            (true, true) => fault(
                "certified_by",
                "nothing could show that there is no other debt or control",
                "name kinds of papers, such as [\"supplier_pfe_certification\"]",
            ),
            (false, false) => fault(
                "certified_by",
                "there is neither debt nor control to certify",
                "give `debt` or `control`, or leave the line out",
            ),
            _ => Ok(()),
        }
    }

    fn uses(&self) -> Vec<Use<'_>> {
        let list = self.list.iter().map(|name| Use::new("list", Table::Entities, name));
        list.chain(self.countries.iter().map(|name| Use::new("countries", Table::Countries, name))).collect()
    }

    fn elements(&self, _: &Pack) -> Option<Vec<Element>> {
        None
    }

    fn judge(&self, asked: &Asked<'_, '_>) -> Outcome {
        let facts = asked.facts;
        let readers = facts.trust.max_status_age_days;
        let max_age_days = self.max_age_days.map_or(readers, |days| days.min(readers));
        let owners = Owners::new(facts, asked.as_of, max_age_days);
        let listed = self.list.as_ref().map(|name| Listed::new(name, asked.pack.entity_list(name)));
        let covered = self.countries.as_ref().map(|name| asked.pack.places(name)).unwrap_or_default();
        let mut judged = Judged {
            rule: self,
            asked,
            owners,
            listed,
            covered,
            max_age_days,
            limit: Limit::default(),
            outcome: Outcome::default(),
        };
        let mut told: BTreeSet<String> = BTreeSet::new();
        for person in people::behind(facts, &[]) {
            if person.part != Part::Attested && told.insert(person.who.key()) {
                judged.of_person(&person);
            }
        }
        judged.open_ancestry();
        judged.related_hand_overs();
        let Judged { mut outcome, limit, listed, .. } = judged;
        if let Some(listed) = listed {
            let list = listed.list;
            let whole = if list.complete { "complete" } else { "not complete" };
            outcome.notes.push(format!(
                "list `{}` of {}, {} here ({whole})",
                listed.name,
                list.date,
                list.coverage()
            ));
        }
        outcome.notes.sort();
        outcome.notes.dedup();
        outcome.leave_out(&limit);
        outcome
    }
}

/// How somebody stands to those whose shares count.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Standing {
    /// One of them; why, in words.
    Counts(String),
    /// Perhaps one of them: a name like a listed one.
    Near(String),
    /// Name, numbers or country are withheld.
    Withheld,
    /// Where it is from is not told.
    CountryOpen,
    Apart,
}

struct Judged<'a, 'f> {
    rule: &'a Ownership,
    asked: &'a Asked<'a, 'f>,
    owners: Owners,
    listed: Option<Listed<'a>>,
    covered: &'a [Place],
    max_age_days: u32,
    limit: Limit,
    outcome: Outcome,
}

impl<'a, 'f> Judged<'a, 'f> {
    fn facts(&self) -> &'a Facts<'f> {
        self.asked.facts
    }

    fn push(
        &mut self,
        code: ReasonCode,
        verdict: Verdict,
        records: &[RecordId],
        text: String,
        resolve: &str,
    ) {
        if self.limit.admits(code) {
            self.outcome.reasons.push(Reason {
                code,
                verdict,
                elements: Vec::new(),
                text,
                records: records.iter().take(20).copied().collect(),
                resolve: Some(resolve.to_owned()),
            });
        }
    }

    fn of_person(&mut self, person: &Person<'f>) {
        let facts = self.facts();
        let (root, country) = match person.who {
            Who::Party(party) => {
                (Node::Party(party), facts.graph.party(&party).map(|(_, establish)| establish.country))
            }
            Who::Outside(outsider) => {
                (Node::Name(outsider.name.clone()), outsider.place.as_ref().map(|place| place.country))
            }
            Who::Withheld { by, item } => {
                let words = person.who.words(facts);
                let text = format!("{words} {}: the item `{item}` is withheld", person.part.words());
                let resolve = format!("ask {} to show the item `{item}`", names::party(facts.graph, &by));
                self.push(ReasonCode::NameWithheld, Verdict::Withheld, &person.records, text, &resolve);
                return;
            }
            Who::NotTold { .. } | Who::NotHeld { .. } => {
                let text =
                    format!("{} {}: who that is, is not told", person.who.words(facts), person.part.words());
                let resolve =
                    "have the maker or operator named, or import the record that declares the place";
                self.push(ReasonCode::NameOpen, Verdict::Unknown, &person.records, text, resolve);
                return;
            }
        };
        let identifiers = match person.who {
            Who::Outside(outsider) => outsider.identifiers.as_slice(),
            _ => &[],
        };
        let ways = &person.ways;
        let is_certain = ways.iter().take(50).any(|way| facts.surely_through(way));
        self.of_root(&root, country, identifiers, person, is_certain);
    }

    fn of_root(
        &mut self,
        root: &Node,
        country: Option<Country>,
        identifiers: &[Identifier],
        person: &Person<'f>,
        is_certain: bool,
    ) {
        let facts = self.facts();
        let above = self.owners.above(root);
        let mut counting: BTreeSet<Node> = BTreeSet::new();
        let mut open: BTreeSet<Node> = BTreeSet::new();
        let name = called(facts, root);
        for node in &above {
            let standing = match node == root {
                true => self.standing(node, country, identifiers),
                false => self.standing(node, None, &[]),
            };
            let who = called(facts, node);
            match standing {
                Standing::Counts(why) if node == root => {
                    let text = format!("{name} {}: {why}", person.part.words());
                    self.over(text, &person.records, is_certain);
                    return;
                }
                Standing::Counts(_) => {
                    counting.insert(node.clone());
                }
                Standing::Near(spellings) => {
                    open.insert(node.clone());
                    let text = format!("{who} is or owns {name}: the name is like a listed one: {spellings}");
                    let resolve = "find out whether they are the same, and say so in the trust file under `[[resolved_name]]`";
                    self.push(ReasonCode::NearName, Verdict::Unknown, &person.records, text, resolve);
                }
                Standing::Withheld => {
                    open.insert(node.clone());
                    let text = format!("{who} is or owns {name}: its name or its numbers are withheld");
                    let resolve = format!("ask {who} to show the items `name` and `identifiers`");
                    self.push(ReasonCode::NameWithheld, Verdict::Withheld, &person.records, text, &resolve);
                }
                Standing::CountryOpen => {
                    open.insert(node.clone());
                    if node == root {
                        let text = format!("{name} {}: where it is from is not told", person.part.words());
                        let resolve = "have the supplier or maker named with its place";
                        self.push(ReasonCode::OwnersOpen, Verdict::Unknown, &person.records, text, resolve);
                    }
                }
                Standing::Apart => self.screened(node, person),
            }
        }
        self.shares(root, &counting, &open, person, is_certain);
        self.other_ties(root, &counting, person, is_certain);
    }

    fn standing(&self, node: &Node, country: Option<Country>, identifiers: &[Identifier]) -> Standing {
        let facts = self.facts();
        let about = self.owners.about(node);
        let mut numbers = identifiers.to_vec();
        numbers.extend(about.iter().flat_map(|about| about.identifiers.iter().cloned()));
        let (name, shown, establish_country) = match node {
            Node::Name(name) => (Maybe::Shown(name.as_str()), true, None),
            Node::Party(party) => match facts.graph.party(party) {
                None => (Maybe::Withheld, false, None),
                Some((_, establish)) => {
                    if let Maybe::Shown(own) = &establish.identifiers {
                        numbers.extend(own.iter().cloned());
                    }
                    let name = match &establish.name {
                        Maybe::Shown(name) => Maybe::Shown(name.as_str()),
                        Maybe::Withheld => Maybe::Withheld,
                    };
                    (name, !establish.identifiers.is_withheld(), Some(establish.country))
                }
            },
        };
        let country = country.or(establish_country).or(about.and_then(|about| about.country));
        if let Some(country) = country
            && self.covered.iter().any(|place| place.country == country)
        {
            return Standing::Counts(format!("of {country}, a covered country"));
        }
        if let Some(listed) = &self.listed {
            let given = if shown { Maybe::Shown(numbers.as_slice()) } else { Maybe::Withheld };
            match listed.ask(facts.trust, name, given) {
                Answer::Hit { why, .. } => {
                    return Standing::Counts(format!("on list `{}`, {why}", listed.name));
                }
                Answer::Near { spellings } => return Standing::Near(spellings),
                Answer::Withheld => return Standing::Withheld,
                Answer::Clear { .. } => {}
            }
        }
        if country.is_none() && self.rule.countries.is_some() {
            return Standing::CountryOpen;
        }
        Standing::Apart
    }

    /// Notes who was screened against a list that is not complete, and who was not.
    fn screened(&mut self, node: &Node, person: &Person<'f>) {
        let facts = self.facts();
        let Some(listed) = self.listed.as_ref().filter(|listed| !listed.list.complete) else { return };
        let who = called(facts, node);
        match listed.screened(facts, node, self.asked.as_of, self.max_age_days) {
            Ok(note) => self.outcome.notes.push(format!("{who}: {note}")),
            Err(why) => {
                let (list, coverage) = (listed.name, listed.list.coverage());
                let text = format!(
                    "{who}, that {} or owns who does: list `{list}` is not complete here ({coverage}), and {why}",
                    person.part.words()
                );
                let resolve = format!(
                    "have it screened against the whole list, and list the paper as an accepted document of kind \
                     `list_screening` with scheme `{list}`"
                );
                self.push(ReasonCode::NotScreened, Verdict::Unknown, &person.records, text, &resolve);
            }
        }
    }

    /// Says that somebody is over a threshold.
    fn over(&mut self, text: String, records: &[RecordId], is_certain: bool) {
        let (verdict, text) = match is_certain {
            true => (Verdict::Fail, text),
            false => (Verdict::Unknown, format!("{text}; the lot may not have come from there")),
        };
        let resolve = "no record can, unless the shares are told wrongly";
        self.push(ReasonCode::OwnerOver, verdict, records, text, resolve);
    }

    fn shares(
        &mut self,
        root: &Node,
        counting: &BTreeSet<Node>,
        open: &BTreeSet<Node>,
        person: &Person<'f>,
        is_certain: bool,
    ) {
        let facts = self.facts();
        let rule = self.rule;
        let controls = |ppb: u64| rule.controlled.is_some_and(|limit| limit.is_reached(ppb));
        let owners = &self.owners;
        let of =
            |listed: &dyn Fn(&Node) -> bool| owners.share(root, listed, |node| open.contains(node), controls);
        let all = of(&|node| counting.contains(node));
        let nobody = of(&|_| false);
        let name = called(facts, root);
        let mut over: Vec<(String, Vec<Edge>)> = Vec::new();
        let mut may_reach: Vec<String> = Vec::new();
        if let Some(limit) = rule.together {
            if limit.is_reached(all.least) {
                let way = owners.way(root, |node| counting.contains(node));
                over.push((format!("belongs to them for {}, limit {limit}", percent(all.least)), way));
            } else if limit.is_reached(all.most) {
                may_reach.push(format!("together {limit}"));
            }
        }
        if let Some(limit) = rule.one {
            let mut most = nobody.most;
            let mut found = None;
            for owner in counting {
                let share = of(&|node| node == owner);
                most = most.max(share.most);
                if limit.is_reached(share.least) && found.is_none() {
                    let who = called(facts, owner);
                    let way = owners.way(root, |node| node == owner);
                    found =
                        Some((format!("belongs to {who} for {}, limit {limit}", percent(share.least)), way));
                }
            }
            match found {
                Some(found) => over.push(found),
                None if limit.is_reached(most) => may_reach.push(format!("one of them {limit}")),
                None => {}
            }
        }
        let plain = owners.share(root, |node| counting.contains(node), |_| false, |_| false);
        let known = WHOLE - (plain.most - plain.least);
        for (text, way) in &over {
            let mut records = person.records.clone();
            records.extend(way.iter().flat_map(|edge| edge.records.iter().copied()));
            let text = format!("{name} {}: {text}; {}", person.part.words(), path(facts, root, way));
            self.over(text, &records, is_certain);
        }
        let lacks = rule.disclosed.is_some_and(|share| known < u64::from(share.ppb()));
        if over.is_empty() && (lacks || !may_reach.is_empty()) {
            let mut text =
                format!("{name} {}: owners known only for {}", person.part.words(), percent(known));
            if lacks {
                let share = rule.disclosed.expect("it lacks some of what is asked for");
                text.push_str(&format!(", {share} asked for"));
            }
            if !may_reach.is_empty() {
                text.push_str(&format!(", the rest could reach the limit ({})", may_reach.join("; ")));
            }
            let resolve =
                "check the owners, with those behind them, and list them in the trust file under `[[owner]]`";
            self.push(ReasonCode::OwnersOpen, Verdict::Unknown, &person.records, text, resolve);
        }
        if over.is_empty() && all.least > 0 {
            let Bounds { least, most } = all;
            self.outcome.notes.push(format!(
                "{name} belongs to them for {} to {}",
                percent(least),
                percent(most)
            ));
        }
    }

    /// Judges debt, rights to name officers and contracts that give control.
    fn other_ties(&mut self, root: &Node, counting: &BTreeSet<Node>, person: &Person<'f>, is_certain: bool) {
        if self.rule.debt.is_none() && !self.rule.control {
            return;
        }
        let facts = self.facts();
        let name = called(facts, root);
        let theirs: Vec<_> = self
            .owners
            .other_ties(root)
            .iter()
            .filter(|tie| counting.contains(&tie.owner))
            .cloned()
            .collect();
        let debts = theirs.iter().filter(|tie| tie.kind == OwnerKind::Debt);
        let debt: u64 = debts.map(|tie| tie.share).sum();
        let mut is_over = false;
        if let Some(limit) = self.rule.debt
            && limit.is_reached(debt)
        {
            is_over = true;
            let text = format!(
                "{name} {}: {} of its debt is theirs, limit {limit}",
                person.part.words(),
                percent(debt)
            );
            self.over(text, &person.records, is_certain);
        }
        let controls = theirs.iter().filter(|tie| tie.kind != OwnerKind::Debt);
        for tie in controls.filter(|_| self.rule.control).collect::<Vec<_>>() {
            is_over = true;
            let what = match tie.kind {
                OwnerKind::Officer => "may name its officers",
                _ => "controls it by contract",
            };
            let who = called(facts, &tie.owner);
            let text = format!("{name} {}: {who} {what} ({})", person.part.words(), tie.source);
            self.over(text, &person.records, is_certain);
        }
        if is_over || self.is_certified(root) {
            return;
        }
        let kinds: Vec<String> = self.rule.certified_by.iter().map(ToString::to_string).collect();
        let text = format!(
            "{name} {}: that no debt, officer or contract besides gives control of it is not certified",
            person.part.words()
        );
        let resolve = format!("get one of {} and list it as an accepted document", kinds.join(", "));
        self.push(ReasonCode::ControlOpen, Verdict::Unknown, &person.records, text, &resolve);
    }

    /// Whether a paper that the reader accepted says that there is no debt or control besides.
    fn is_certified(&self, root: &Node) -> bool {
        let as_of = self.asked.as_of;
        self.facts().trust.accepted_documents.iter().any(|paper| {
            let entry = &paper.entry;
            let is_about = match root {
                Node::Party(party) => paper.party == Some(*party),
                Node::Name(name) => entry.name.as_ref() == Some(name),
            };
            let age = as_of.days_since(entry.checked_on);
            is_about
                && self.rule.certified_by.contains(&entry.kind)
                && entry.valid.is_none_or(|valid| valid.first <= as_of && as_of <= valid.last)
                && age <= i32::try_from(self.max_age_days).unwrap_or(i32::MAX)
        })
    }

    /// Adds what keeps those behind the lot from being known.
    fn open_ancestry(&mut self) {
        let facts = self.facts();
        let behind = facts.ancestry();
        for lot in &behind.missing {
            let text = format!("who made {} is not held", names::lot(facts.graph, lot));
            let resolve = "import the chain that holds this lot's record";
            self.push(ReasonCode::MissingInput, Verdict::Unknown, &[], text, resolve);
        }
        for record in behind.withheld.iter().filter_map(|id| facts.graph.record(id)) {
            let by = names::party(facts.graph, &record.author);
            let text = format!("{by} withholds what went into {}", names::record(facts.graph, record));
            let resolve = format!("ask {by} to show the item `in`");
            self.push(ReasonCode::InputsWithheld, Verdict::Withheld, &[record.id], text, &resolve);
        }
    }

    /// Notes goods that pass between parties of one group.
    fn related_hand_overs(&mut self) {
        let facts = self.facts();
        let ties = Ties::new(facts.graph);
        for record in facts.ancestry().records.iter().filter_map(|id| facts.graph.record(id)) {
            let Body::Dispatch(dispatch) = &record.event.body else { continue };
            let (Maybe::Shown(Receiver::Party(to)), Maybe::Shown(period)) =
                (&dispatch.receiver, &dispatch.at.period)
            else {
                continue;
            };
            if *to != record.author && ties.between(&record.author, to, period).is_some() {
                let note = format!(
                    "hand-over between parties of one group: {} to {}",
                    names::party(facts.graph, &record.author),
                    names::party(facts.graph, to)
                );
                self.outcome.notes.push(note);
            }
        }
    }
}

/// Returns the holdings one after the other: "`Works` 50 % `Holding` (declared in a ledger)".
fn path(facts: &Facts<'_>, root: &Node, way: &[Edge]) -> String {
    let mut text = format!("path {}", called(facts, root));
    for edge in way {
        text.push_str(&format!(
            ", {} by {} ({})",
            percent(edge.least),
            called(facts, &edge.owner),
            edge.source
        ));
    }
    text
}

fn percent(ppb: u64) -> String {
    Fraction::from_ppb(u32::try_from(ppb).unwrap_or(u32::MAX)).to_string()
}

#[cfg(test)]
mod tests;
