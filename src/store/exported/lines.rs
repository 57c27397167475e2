//! The lines of the file, written and read.

use std::collections::BTreeMap;

use super::{Position, Shown, Shows};
use crate::hash::{Hash, PartyId, RecordId};

const HEAD: &str = "lodemark exported 1";
/// In front of what was signed of a log.
const LOG: &str = "log";

pub(super) fn text(shows: &Shows) -> String {
    let mut text = format!("{HEAD}\n");
    for ((party, epoch), last) in &shows.positions {
        text.push_str(&format!("{party} {epoch} {} {}\n", last.seq, last.id));
    }
    for ((party, epoch), shown) in &shows.checkpoints {
        text.push_str(&format!("{LOG} {party} {epoch} {} {}\n", shown.size, shown.root));
    }
    text
}

/// Reads the file; a file from before there were checkpoints has no line of a log.
pub(super) fn parse(text: &str) -> Result<Shows, (usize, &'static str)> {
    let mut lines = (1..).zip(text.split_inclusive('\n'));
    if lines.next().is_none_or(|(_, line)| line.strip_suffix('\n') != Some(HEAD)) {
        return Err((1, "expected `lodemark exported 1`"));
    }
    let mut shows = Shows::default();
    for (number, line) in lines {
        let whole = line.strip_suffix('\n').unwrap_or_default();
        let new = match whole.strip_prefix(LOG).and_then(|rest| rest.strip_prefix(' ')) {
            Some(rest) => {
                let (of, size, root) = entry(rest)
                    .ok_or((number, "expected a party, an epoch, a size and a root behind `log`"))?;
                let root = Hash::from_hex(root).ok_or((number, "the root is not 64 hex digits"))?;
                insert(&mut shows.checkpoints, of, Shown { size, root })
            }
            None => {
                let what = "expected a party, an epoch, a seq and a record id";
                let (of, seq, id) = entry(whole).ok_or((number, what))?;
                let id = RecordId::from_hex(id).ok_or((number, what))?;
                insert(&mut shows.positions, of, Position { seq, id })
            }
        };
        if !new {
            return Err((number, "this party and epoch stand here twice"));
        }
    }
    Ok(shows)
}

fn entry(line: &str) -> Option<((PartyId, u16), u64, &str)> {
    let mut words = line.split(' ');
    let party = PartyId::from_hex(words.next()?)?;
    let epoch = words.next()?.parse().ok()?;
    let count = words.next()?.parse().ok()?;
    let hash = words.next()?;
    words.next().is_none().then_some(((party, epoch), count, hash))
}

fn insert<T>(map: &mut BTreeMap<(PartyId, u16), T>, of: (PartyId, u16), value: T) -> bool {
    map.insert(of, value).is_none()
}
