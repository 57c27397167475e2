//! Shares, debt and control of those who count in somebody behind the lot, against each limit.
//!
//! `fail` needs the least share over a limit; what is not known may belong to any of them.

use std::collections::BTreeSet;

use super::judged::Judged;
use super::owners::{Bounds, Edge, Node, WHOLE, called};
use crate::model::fraction::Fraction;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::people::Person;
use crate::rules::verdict::ReasonCode;
use crate::trust::OwnerKind;

impl<'f> Judged<'_, 'f> {
    /// Judges the shares of those who count, against each limit.
    pub(super) fn shares(
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
            self.told.outcome.notes.push(format!(
                "{name} belongs to them for {} to {}",
                percent(least),
                percent(most)
            ));
        }
    }

    /// Judges debt, rights to name officers and contracts that give control.
    pub(super) fn other_ties(
        &mut self,
        root: &Node,
        counting: &BTreeSet<Node>,
        person: &Person<'f>,
        is_certain: bool,
    ) {
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
        self.facts().trust.accepted_documents.iter().any(|paper| {
            let entry = &paper.entry;
            let is_about = match root {
                Node::Party(party) => paper.party == Some(*party),
                Node::Name(name) => entry.name.as_ref() == Some(name),
            };
            let age = || self.asked.as_of().days_since(entry.checked_on);
            is_about
                && self.rule.certified_by.contains(&entry.kind)
                && entry.valid.is_none_or(|valid| valid.contains(self.asked.as_of()))
                && age() <= i32::try_from(self.max_age_days).unwrap_or(i32::MAX)
        })
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
