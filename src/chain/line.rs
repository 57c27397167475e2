//! The line of records of one (party, epoch): links, gaps, forks, control, clock.

use serde::Serialize;

use super::Link;
use crate::hash::{PartyId, RecordId};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::time::Timestamp;

/// Positions of a chain, both ends counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Span {
    /// First position.
    pub first: u64,
    /// Last position.
    pub last: u64,
}

/// A finding about a chain, and from where on it bears on what the chain says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChainFault {
    /// First position it bears on.
    pub from_seq: u64,
    /// The finding.
    pub finding: Finding,
}

/// What is held of one (party, epoch).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// Whose chain.
    pub party: PartyId,
    /// Which epoch.
    pub epoch: u16,
    /// Records held, both branches of a fork counted.
    pub records: u64,
    /// Highest position held.
    pub last_seq: u64,
    /// The record there; the smaller id of two.
    pub last: RecordId,
    /// Its claimed time.
    pub last_signed_at: Timestamp,
    /// Positions below the highest that are not held.
    pub missing: Vec<Span>,
    /// Positions at which two records were signed.
    pub forks: Vec<u64>,
    /// What is wrong.
    #[serde(skip)]
    pub faults: Vec<ChainFault>,
}

/// Examines the records held of one (party, epoch), in any order, each id once.
///
/// # Panics
/// Where `links` is empty; a chain of which nothing is held is no chain.
pub fn examine(mut links: Vec<Link>) -> Line {
    links.sort_by_key(|link| (link.seq, link.id));
    let last = *links.last().expect("a line has at least one record");
    let mut line = Line {
        party: last.party,
        epoch: last.epoch,
        records: links.len() as u64,
        last_seq: last.seq,
        last: links
            .iter()
            .rev()
            .take_while(|link| link.seq == last.seq)
            .last()
            .map_or(last.id, |link| link.id),
        last_signed_at: last.signed_at,
        missing: Vec::new(),
        forks: Vec::new(),
        faults: Vec::new(),
    };
    let mut before: &[Link] = &[];
    let mut expected = 0;
    let mut from = 0;
    while from < links.len() {
        let seq = links[from].seq;
        let until = from + links[from..].iter().take_while(|link| link.seq == seq).count();
        let here = &links[from..until];
        if seq > expected {
            line.gap(Span { first: expected, last: seq - 1 }, here);
            before = &[];
        }
        if here.len() > 1 {
            line.fork(seq, here);
        }
        for link in here {
            line.link(link, before);
        }
        // Nothing follows the last position there is.
        (before, expected, from) = (here, seq.saturating_add(1), until);
    }
    line.control(&links);
    line
}

impl Line {
    fn gap(&mut self, span: Span, after: &[Link]) {
        self.missing.push(span);
        let count = span.last - span.first + 1;
        let message = if count == 1 {
            format!("record {} of the chain is not held", span.first)
        } else {
            format!("records {} to {} of the chain are not held", span.first, span.last)
        };
        self.fault(
            span.last + 1,
            FindingCode::MissingRecords,
            Weight::Unknown,
            ids(after),
            message,
            "a file that holds the whole chain of this party",
        );
    }

    fn fork(&mut self, seq: u64, here: &[Link]) {
        self.forks.push(seq);
        let message = format!("the party signed {} different records at position {seq}", here.len());
        self.fault(
            seq,
            FindingCode::Fork,
            Weight::Fail,
            ids(here),
            message,
            "the party's own account of which history it stands by; until then nothing from here on counts",
        );
    }

    fn link(&mut self, link: &Link, before: &[Link]) {
        if link.seq == 0 {
            return;
        }
        if before.is_empty() {
            return;
        }
        let Some(previous) = before.iter().find(|previous| previous.id == link.prev) else {
            let message = format!("record {} does not name the record before it", link.seq);
            let records = [&ids(before)[..], &[link.id]].concat();
            return self.fault(
                link.seq,
                FindingCode::BrokenChain,
                Weight::Fail,
                records,
                message,
                "the record that it does name, or the party's own account",
            );
        };
        if link.signed_at < previous.signed_at {
            let message = format!(
                "record {} claims {}, which is before {} claimed by the record before it",
                link.seq, link.signed_at, previous.signed_at
            );
            self.fault(
                link.seq,
                FindingCode::ClockBackwards,
                Weight::Warning,
                vec![previous.id, link.id],
                message,
                "nothing, if the clock was set wrong; times of this chain are weak evidence",
            );
        }
    }

    /// A header that skips a control record of its branch is a lie, provable from three headers.
    fn control(&mut self, links: &[Link]) {
        let mut latest: Option<&Link> = None;
        let mut at = 0;
        while at < links.len() {
            let seq = links[at].seq;
            let until = at + links[at..].iter().take_while(|link| link.seq == seq).count();
            for link in &links[at..until] {
                if let Some(control) = latest {
                    self.check_control(link, control, links);
                }
            }
            // After a fork the branches have control lists of their own; the fork is reported already.
            if until - at > 1 {
                return;
            }
            if links[at].is_control {
                latest = Some(&links[at]);
            }
            at = until;
        }
    }

    fn check_control(&mut self, link: &Link, latest: &Link, links: &[Link]) {
        if link.control == latest.id {
            return;
        }
        // It may name a control record of a stretch that is not held, if that lies after the latest one held.
        let named = links.iter().find(|other| other.id == link.control);
        let gap_between = self.missing.iter().any(|span| span.first > latest.seq && span.last < link.seq);
        if named.is_none() && gap_between {
            return;
        }
        let message = format!(
            "record {} passes over the control record at position {} in its list of control records",
            link.seq, latest.seq
        );
        let mut records = vec![latest.id, link.id];
        records.extend(named.map(|named| named.id));
        self.fault(
            link.seq,
            FindingCode::ControlLie,
            Weight::Fail,
            records,
            message,
            "nothing: the signed headers prove it against their author",
        );
    }

    fn fault(
        &mut self,
        from_seq: u64,
        code: FindingCode,
        weight: Weight,
        records: Vec<RecordId>,
        message: String,
        resolve: &str,
    ) {
        let finding = Finding {
            code,
            weight,
            records,
            lots: Vec::new(),
            parties: vec![self.party],
            message,
            resolve: resolve.to_owned(),
        };
        self.faults.push(ChainFault { from_seq, finding });
    }
}

fn ids(links: &[Link]) -> Vec<RecordId> {
    links.iter().map(|link| link.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    fn id(text: &str) -> RecordId {
        RecordId(sha256(&[text.as_bytes()]))
    }

    /// A chain in which every third record is control.
    fn chain(length: u64) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        let mut control = RecordId::ZERO;
        for seq in 0..length {
            let link = Link {
                id: id(&format!("r{seq}")),
                party: PartyId(sha256(&[b"p"])),
                epoch: 0,
                seq,
                prev: links.last().map_or(RecordId::ZERO, |link| link.id),
                control,
                is_control: seq % 3 == 0,
                signed_at: Timestamp::from_ms(1_790_000_000_000 + seq * 60_000).unwrap(),
            };
            if link.is_control {
                control = link.id;
            }
            links.push(link);
        }
        links
    }

    fn codes(links: Vec<Link>) -> Vec<FindingCode> {
        examine(links).faults.into_iter().map(|fault| fault.finding.code).collect()
    }

    #[test]
    fn a_whole_chain_has_no_faults_in_any_order() {
        let mut links = chain(8);
        links.reverse();
        let line = examine(links);
        assert!(line.faults.is_empty());
        assert_eq!((line.records, line.last_seq, line.last), (8, 7, id("r7")));
    }

    #[test]
    fn a_missing_record_is_named_and_what_follows_is_unknown() {
        let mut links = chain(8);
        links.remove(4);
        let line = examine(links);
        assert_eq!(line.missing, vec![Span { first: 4, last: 4 }]);
        assert_eq!(line.faults.len(), 1);
        assert_eq!(line.faults[0].from_seq, 5);
        assert_eq!(line.faults[0].finding.weight, Weight::Unknown);
    }

    #[test]
    fn a_missing_control_record_is_no_lie_of_what_follows() {
        let mut links = chain(8);
        links.remove(3);
        assert_eq!(codes(links), vec![FindingCode::MissingRecords]);
    }

    #[test]
    fn a_wrong_prev_breaks_the_chain_there() {
        let mut links = chain(8);
        links[5].prev = id("elsewhere");
        assert_eq!(codes(links), vec![FindingCode::BrokenChain]);
    }

    #[test]
    fn a_header_that_skips_a_control_record_lies() {
        let mut links = chain(8);
        links[5].control = id("r0");
        let line = examine(links);
        assert_eq!(line.faults.len(), 1);
        assert_eq!(line.faults[0].finding.code, FindingCode::ControlLie);
        assert_eq!(line.faults[0].finding.records, vec![id("r3"), id("r5"), id("r0")]);
    }

    #[test]
    fn a_skip_is_proven_even_with_a_gap_when_the_named_record_is_held() {
        let mut links = chain(8);
        links[7].control = id("r0");
        links.remove(5);
        assert_eq!(codes(links), vec![FindingCode::MissingRecords, FindingCode::ControlLie]);
    }

    #[test]
    fn two_records_at_one_position_are_a_fork_from_there_on() {
        let mut links = chain(8);
        let twin = Link { id: id("twin"), ..links[6] };
        links.push(twin);
        let line = examine(links);
        assert_eq!(line.forks, vec![6]);
        assert_eq!(line.faults.len(), 1);
        assert_eq!((line.faults[0].from_seq, line.faults[0].finding.weight), (6, Weight::Fail));
    }

    // A hostile header may stand at the last position there is; counting one further stopped the program.
    #[test]
    fn a_record_at_the_last_position_of_all_leaves_a_gap_and_no_more() {
        let mut links = chain(3);
        links[2].seq = u64::MAX;
        let line = examine(links);
        assert_eq!(line.missing, vec![Span { first: 2, last: u64::MAX - 1 }]);
    }

    #[test]
    fn a_clock_that_goes_back_is_a_warning_and_one_that_stands_still_is_not() {
        let mut links = chain(4);
        links[2].signed_at = links[1].signed_at;
        assert!(codes(links.clone()).is_empty());
        links[2].signed_at = Timestamp::from_ms(links[1].signed_at.ms() - 1).unwrap();
        assert_eq!(codes(links), vec![FindingCode::ClockBackwards]);
    }
}
