//! Which charges can be in which draws, with ranges of charges shared between draws.
//!
//! Charges of at most [`SHORT_DAYS`] days stand in a binary tree in the order of their last days, so that the
//! window of a draw is a logarithm of ranges. The few that lie across an end of the window, and charges that
//! claim a longer time, are sources one by one.

use std::collections::{HashMap, HashSet};

use super::{Account, Window, days};
use crate::model::record::Record;

/// Days of the longest charge that shares ranges with others.
const SHORT_DAYS: i64 = 31;

/// Something that goes into draws as one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Feed {
    /// One charge, by the position of its record.
    Charge(usize),
    /// Charges that surely became one pool.
    Pool(u32),
    /// Charges of which any can be all there is.
    Any(u32),
}

impl Feed {
    /// Returns the number of the range.
    pub fn range(self) -> Option<u32> {
        match self {
            Self::Charge(_) => None,
            Self::Pool(range) | Self::Any(range) => Some(range),
        }
    }
}

/// A source of a draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fed {
    /// What goes in.
    pub feed: Feed,
    /// Whether it lies wholly in a declared window, so that the pool surely took it.
    pub is_sure: bool,
}

/// The charges of one account as a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Feeding {
    /// Number of the range that is node 0 of the tree; node 1 is the root.
    first: u32,
    /// Short charges in the order of their last days: the leaves.
    leaves: Vec<Leaf>,
    /// Leaf of each short charge.
    leaf_of: HashMap<usize, usize>,
    /// Position of the last charge of each inner node.
    last: Vec<usize>,
    /// Last day of the charges of each inner node.
    last_day: Vec<i64>,
    /// Least position in its chain of the charges of each inner node.
    first_seq: Vec<u64>,
    /// Charges that claim a longer time, or none.
    long: Vec<Leaf>,
    longest: i64,
}

#[derive(Clone, Copy, Debug)]
struct Leaf {
    position: usize,
    seq: u64,
    first: i64,
    last: i64,
}

impl Feeding {
    pub(super) fn new(records: &[Record], account: &Account, first: u32) -> Self {
        let mut feeding = Self { first, ..Self::default() };
        for position in &account.charges {
            let (from, until) = match account.hidden.contains(position) {
                true => (i64::MIN, i64::MAX),
                false => days(&records[*position]),
            };
            let leaf = Leaf { position: *position, seq: records[*position].seq, first: from, last: until };
            let length = until.saturating_sub(from);
            if length > SHORT_DAYS {
                feeding.long.push(leaf);
                continue;
            }
            feeding.longest = feeding.longest.max(length);
            feeding.leaf_of.insert(*position, feeding.leaves.len());
            feeding.leaves.push(leaf);
        }
        let count = feeding.leaves.len();
        feeding.last = vec![0; count];
        feeding.last_day = vec![i64::MAX; count];
        feeding.first_seq = vec![0; count];
        for node in (1..count).rev() {
            feeding.last[node] = feeding.last_in(2 * node).max(feeding.last_in(2 * node + 1));
            feeding.last_day[node] = feeding.day_in(2 * node).max(feeding.day_in(2 * node + 1));
            feeding.first_seq[node] = feeding.seq_in(2 * node).min(feeding.seq_in(2 * node + 1));
        }
        feeding
    }

    /// Returns how many numbers of ranges it takes.
    pub(super) fn ranges(&self) -> u32 {
        u32::try_from(self.leaves.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// Returns the position of the last charge under a node of the tree.
    fn last_in(&self, node: usize) -> usize {
        match node.checked_sub(self.leaves.len()) {
            Some(leaf) => self.leaves[leaf].position,
            None => self.last[node],
        }
    }

    fn day_in(&self, node: usize) -> i64 {
        match node.checked_sub(self.leaves.len()) {
            Some(leaf) => self.leaves[leaf].last,
            None => self.last_day[node],
        }
    }

    fn seq_in(&self, node: usize) -> u64 {
        match node.checked_sub(self.leaves.len()) {
            Some(leaf) => self.leaves[leaf].seq,
            None => self.first_seq[node],
        }
    }

    /// Returns the least position in its chain of the charges of a range.
    pub(super) fn first_seq(&self, range: u32) -> u64 {
        self.first_seq[(range - self.first) as usize]
    }

    pub(super) fn last_of(&self, range: u32) -> usize {
        self.last[(range - self.first) as usize]
    }

    /// Returns the last day of the charges of a range, as days since 1970.
    pub(super) fn last_day_of(&self, range: u32) -> i64 {
        self.last_day[(range - self.first) as usize]
    }

    pub(super) fn parts(&self, feed: Feed) -> [Feed; 2] {
        let node = 2 * (feed.range().unwrap_or(self.first) - self.first) as usize;
        [node, node + 1].map(|node| self.feed(node, matches!(feed, Feed::Pool(_))))
    }

    fn feed(&self, node: usize, is_pool: bool) -> Feed {
        if let Some(leaf) = node.checked_sub(self.leaves.len()) {
            return Feed::Charge(self.leaves[leaf].position);
        }
        let range = self.first + u32::try_from(node).expect("ranges are numbered in 32 bits");
        if is_pool { Feed::Pool(range) } else { Feed::Any(range) }
    }

    /// Returns every range that a charge is in, of both kinds, from the smallest.
    pub(super) fn ranges_with(&self, charge: usize) -> Vec<Feed> {
        let mut ranges = Vec::new();
        let mut node = self.leaf_of.get(&charge).map_or(0, |leaf| leaf + self.leaves.len()) / 2;
        while node > 0 {
            ranges.extend([self.feed(node, true), self.feed(node, false)]);
            node /= 2;
        }
        ranges
    }

    /// Returns edges from charges to ranges and from ranges to those around them.
    pub(super) fn edges(&self) -> impl Iterator<Item = (Feed, Feed)> {
        (1..self.leaves.len()).flat_map(move |node| {
            [true, false].into_iter().flat_map(move |is_pool| {
                let whole = self.feed(node, is_pool);
                [2 * node, 2 * node + 1].map(|part| (self.feed(part, is_pool), whole))
            })
        })
    }

    /// Returns what can be in a draw, but for the charges in `out`.
    pub(super) fn of_draw(
        &self,
        records: &[Record],
        account: &Account,
        draw: usize,
        out: &HashSet<usize>,
    ) -> Vec<Fed> {
        let window = account.window(&records[draw]);
        let mut feeds = Vec::new();
        let one_by_one = |leaf: &Leaf, feeds: &mut Vec<Fed>| {
            if leaf.first <= window.last && leaf.last >= window.first && !out.contains(&leaf.position) {
                let is_inside = window.first <= leaf.first && leaf.last <= window.last;
                let is_sure = is_inside && window.is_pool;
                feeds.push(Fed { feed: Feed::Charge(leaf.position), is_sure });
            }
        };
        self.long.iter().for_each(|leaf| one_by_one(leaf, &mut feeds));
        let before = |day: i64| self.leaves.partition_point(|leaf| leaf.last < day);
        let (begin, end) = (before(window.first), before(window.last.saturating_add(self.longest + 1)));
        // From here to there every charge lies wholly inside.
        let inside = before(window.first.saturating_add(self.longest)).max(begin);
        let until = before(window.last.saturating_add(1)).min(end);
        let (inside, until) = if inside < until { (inside, until) } else { (end, end) };
        self.leaves[begin..inside].iter().for_each(|leaf| one_by_one(leaf, &mut feeds));
        // No range lies across the day on which stock in process was measured, so that it bounds what is older.
        let turn = account.turn(records, draw).map_or(inside, |day| before(day).clamp(inside, until));
        self.range(inside, turn, &window, out, &mut feeds);
        self.range(turn, until, &window, out, &mut feeds);
        self.leaves[until..end.max(until)].iter().for_each(|leaf| one_by_one(leaf, &mut feeds));
        feeds
    }

    /// Adds the leaves `[from, until)`, in as few ranges as there are.
    fn range(&self, from: usize, until: usize, window: &Window, out: &HashSet<usize>, feeds: &mut Vec<Fed>) {
        let count = self.leaves.len();
        let mut broken = HashSet::new();
        for leaf in out.iter().filter_map(|charge| self.leaf_of.get(charge)) {
            let mut node = leaf + count;
            while node > 0 {
                broken.insert(node);
                node /= 2;
            }
        }
        let (mut left, mut right) = (from + count, until + count);
        let (mut front, mut back) = (Vec::new(), Vec::new());
        while left < right {
            if left % 2 == 1 {
                front.push(left);
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                back.push(right);
            }
            left /= 2;
            right /= 2;
        }
        back.reverse();
        front.extend(back);
        front.reverse();
        while let Some(node) = front.pop() {
            if broken.contains(&node) {
                if node < count {
                    front.extend([2 * node + 1, 2 * node]);
                }
                continue;
            }
            feeds.push(Fed { feed: self.feed(node, window.is_pool), is_sure: window.is_pool });
        }
    }
}
