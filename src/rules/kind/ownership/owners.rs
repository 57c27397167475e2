//! Who owns whom: by the reader's rows and by what parties declare, looked through to the last owners.
//!
//! A share is a pair of bounds. What is not known may belong to anybody, so it counts towards the most alone. An
//! owner met again on its own way up counts nothing towards the least and all it holds towards the most: rings end.

use std::collections::{BTreeMap, BTreeSet};

use crate::custody::names;
use crate::hash::{PartyId, RecordId};
use crate::model::dealings::Tie;
use crate::model::event::Body;
use crate::model::party::Identifier;
use crate::model::place::Country;
use crate::rules::day::JudgedDay;
use crate::rules::facts::Facts;
use crate::trust::{OwnerKind, OwnerOf};

/// All of something, in parts per billion.
pub(super) const WHOLE: u64 = 1_000_000_000;

/// Whom shares are held in, or who holds them.
pub(super) type Node = OwnerOf;

/// One holding.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) owner: Node,
    pub(super) least: u64,
    pub(super) most: u64,
    /// Whether it tells who holds that share, to this reader: one side's word does not.
    pub(super) is_known: bool,
    /// The records or rows that say so.
    pub(super) records: Vec<RecordId>,
    pub(super) source: String,
}

/// What the reader's rows say of an owner besides shares.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) country: Option<Country>,
    pub(super) identifiers: Vec<Identifier>,
    /// Nobody is behind it.
    pub(super) is_last: bool,
}

/// Debt held, a right to name officers, or a contract that gives control.
#[derive(Clone, Debug)]
pub(super) struct OtherTie {
    pub(super) owner: Node,
    pub(super) kind: OwnerKind,
    pub(super) share: u64,
    pub(super) source: String,
}

/// What one side declares of a holding.
struct Said {
    record: RecordId,
    by: PartyId,
    share: Option<u64>,
}

/// The best way found so far to an owner.
struct Best<'a> {
    product: u64,
    /// Whom it was reached from, by which holding.
    from: Option<(&'a Node, &'a Edge)>,
}

/// Bounds of a share in parts per billion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounds {
    pub(super) least: u64,
    pub(super) most: u64,
}

/// Everything that is known about owners on one day.
#[derive(Default)]
pub(super) struct Owners {
    edges: BTreeMap<Node, Vec<Edge>>,
    about: BTreeMap<Node, About>,
    other: BTreeMap<Node, Vec<OtherTie>>,
}

impl Owners {
    /// Gathers the reader's rows that are recent enough, and the ties that records declare for the day.
    pub(super) fn new(facts: &Facts<'_>, day: &JudgedDay, max_age_days: u32) -> Self {
        let mut owners = Self::default();
        for row in &facts.trust.owners {
            let age = day.get().days_since(row.entry.checked_on);
            let is_recent = age <= i32::try_from(max_age_days).unwrap_or(i32::MAX);
            let about = owners.about.entry(row.owner.clone()).or_default();
            about.country = about.country.or(row.entry.country);
            about.identifiers.extend(row.entry.identifiers.iter().cloned());
            about.is_last |= row.entry.last && is_recent;
            let share = u64::from(row.entry.share.map_or(0, |share| share.ppb()));
            let source = format!(
                "row of the trust file, checked on {} by {}",
                row.entry.checked_on, row.entry.checked_by
            );
            match row.kind {
                OwnerKind::Equity => owners.edges.entry(row.of.clone()).or_default().push(Edge {
                    owner: row.owner.clone(),
                    // What was true too long ago can have changed, for or against.
                    least: if is_recent { share } else { 0 },
                    most: if is_recent { share } else { WHOLE },
                    is_known: is_recent,
                    records: Vec::new(),
                    source,
                }),
                kind if is_recent => owners.other.entry(row.of.clone()).or_default().push(OtherTie {
                    owner: row.owner.clone(),
                    kind,
                    share,
                    source,
                }),
                _ => {}
            }
        }
        owners.add_ties(facts, day);
        owners
    }

    /// Adds what parties declare of each other, where no row of the reader is about the same two.
    fn add_ties(&mut self, facts: &Facts<'_>, day: &JudgedDay) {
        let mut declared: BTreeMap<(PartyId, PartyId), Vec<Said>> = BTreeMap::new();
        for record in facts.graph.appointments() {
            let Body::Appoint(tie) = &record.event.body else { continue };
            let holds = tie.valid.contains(day.get());
            if !holds || facts.graph.withdrawn(&record.id).is_some() || tie.party == record.author {
                continue;
            }
            let pair = match tie.tie {
                Tie::Parent => (record.author, tie.party),
                Tie::Subsidiary => (tie.party, record.author),
                Tie::Desk | Tie::Agent | Tie::Affiliate => continue,
            };
            let share = tie.share.map(|share| u64::from(share.ppb()));
            declared.entry(pair).or_default().push(Said { record: record.id, by: record.author, share });
        }
        for ((of, owner), said) in declared {
            let (of, owner) = (Node::Party(of), Node::Party(owner));
            let edges = self.edges.entry(of).or_default();
            if edges.iter().any(|edge| edge.owner == owner) {
                continue;
            }
            let sides: BTreeSet<PartyId> = said.iter().map(|one| one.by).collect();
            let least = said.iter().map(|one| one.share.unwrap_or(0)).min().unwrap_or(0);
            let most = said.iter().map(|one| one.share.unwrap_or(WHOLE)).max().unwrap_or(WHOLE);
            edges.push(Edge {
                owner,
                least,
                most,
                is_known: sides.len() == 2 && least == most,
                records: said.iter().map(|one| one.record).collect(),
                source: "declared in a ledger".to_owned(),
            });
        }
    }

    pub(super) fn edges(&self, of: &Node) -> &[Edge] {
        self.edges.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn about(&self, node: &Node) -> Option<&About> {
        self.about.get(node)
    }

    pub(super) fn other_ties(&self, of: &Node) -> &[OtherTie] {
        self.other.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns everybody above somebody, itself first, each once.
    pub(super) fn above(&self, root: &Node) -> Vec<Node> {
        let mut found = vec![root.clone()];
        let mut seen: BTreeSet<&Node> = BTreeSet::from([root]);
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            let others = self.other_ties(node).iter().map(|tie| &tie.owner);
            for owner in self.edges(node).iter().map(|edge| &edge.owner).chain(others) {
                if seen.insert(owner) {
                    found.push(owner.clone());
                    stack.push(owner);
                }
            }
        }
        found
    }

    /// Returns how much of `root` belongs to those that `listed` picks, over others if need be.
    ///
    /// An owner of which they hold enough by `controls` counts as one of them. `open` are those who may be one.
    /// Each owner is looked at once, so the work is linear in the holdings.
    pub(super) fn share(
        &self,
        root: &Node,
        listed: impl Fn(&Node) -> bool,
        open: impl Fn(&Node) -> bool,
        controls: impl Fn(u64) -> bool,
    ) -> Bounds {
        let mut known: BTreeMap<&Node, Bounds> = BTreeMap::new();
        let mut on_the_way: BTreeSet<&Node> = BTreeSet::new();
        // Each node is met twice: on the way up, and when all above it is known.
        let mut stack = vec![(root, false)];
        while let Some((node, is_done)) = stack.pop() {
            if !is_done {
                if known.contains_key(node) || !on_the_way.insert(node) {
                    continue;
                }
                stack.push((node, true));
                let owners = self.edges(node).iter().map(|edge| &edge.owner);
                stack.extend(owners.filter(|owner| !listed(owner)).map(|owner| (owner, false)));
                continue;
            }
            on_the_way.remove(node);
            let (mut least, mut most, mut told) = (0, 0, 0u64);
            for edge in self.edges(node) {
                let of_owner = match (listed(&edge.owner), known.get(&edge.owner)) {
                    (true, _) => Bounds { least: WHOLE, most: WHOLE },
                    (false, Some(bounds)) => *bounds,
                    // A ring.
                    (false, None) => Bounds { least: 0, most: WHOLE },
                };
                let is_one = controls(of_owner.least);
                let least_of_owner = if is_one { WHOLE } else { of_owner.least };
                let may_be_one = controls(of_owner.most) || open(&edge.owner);
                let most_of_owner = if may_be_one { WHOLE } else { of_owner.most };
                least += times(edge.least, least_of_owner).0;
                most += times(edge.most, most_of_owner).1;
                told += if edge.is_known { edge.least } else { 0 };
            }
            let is_last = self.about(node).is_some_and(|about| about.is_last);
            let rest = if is_last { 0 } else { WHOLE.saturating_sub(told) };
            known.insert(node, Bounds { least: least.min(WHOLE), most: (most + rest).min(WHOLE) });
        }
        known.get(root).copied().unwrap_or(Bounds { least: 0, most: WHOLE })
    }

    /// Returns the way by which most of `root` surely belongs to `to`: each holding with the one that holds it.
    ///
    /// Every owner is asked once, the greatest product first.
    pub(super) fn way(&self, root: &Node, to: impl Fn(&Node) -> bool) -> Vec<Edge> {
        let mut best: BTreeMap<&Node, Best<'_>> =
            BTreeMap::from([(root, Best { product: WHOLE, from: None })]);
        let mut queue: BTreeSet<(std::cmp::Reverse<u64>, &Node)> =
            BTreeSet::from([(std::cmp::Reverse(WHOLE), root)]);
        let mut done: BTreeSet<&Node> = BTreeSet::new();
        while let Some((std::cmp::Reverse(share), node)) = queue.pop_first() {
            if !done.insert(node) {
                continue;
            }
            if to(node) && node != root {
                let mut way = Vec::new();
                let mut here = node;
                while let Some(Best { from: Some((below, edge)), .. }) = best.get(here) {
                    way.push((*edge).clone());
                    here = below;
                }
                way.reverse();
                return way;
            }
            for edge in self.edges(node) {
                let product = times(share, edge.least).0;
                if !done.contains(&edge.owner)
                    && best.get(&edge.owner).is_none_or(|known| known.product < product)
                {
                    best.insert(&edge.owner, Best { product, from: Some((node, edge)) });
                    queue.insert((std::cmp::Reverse(product), &edge.owner));
                }
            }
        }
        Vec::new()
    }
}

/// Returns a share of a share, rounded down and up.
fn times(one: u64, other: u64) -> (u64, u64) {
    let product = u128::from(one) * u128::from(other);
    let whole = u128::from(WHOLE);
    let down = u64::try_from(product / whole).unwrap_or(WHOLE);
    (down, down + u64::from(product % whole != 0))
}

/// Returns what somebody is called.
pub(super) fn called(facts: &Facts<'_>, node: &Node) -> String {
    match node {
        Node::Party(party) => names::party(facts.graph, party),
        Node::Name(name) => format!("`{name}`"),
    }
}
