//! What a plant recovers at most, where the reader accepts a figure of its own for it.
//!
//! No more of an element comes out than that share of what went in, so of each source no more than that share of its
//! own mass. Spec: docs/origin.md, "Plants of which the recovery is known".

use crate::balance::bands::SiteRow;
use crate::balance::content::Contents;
use crate::custody::accounts::Account;
use crate::custody::accounts::state::period;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::event::{At, Body};
use crate::model::interval::{ONE, Share, WHOLE};
use crate::model::maybe::Maybe;
use crate::model::record::Record;
use crate::model::stage::Step;

/// Returns the most of an element that went in by a record and comes out again; `None` where the reader accepts no
/// figure.
///
/// Of a `transform` by its own steps, of a `charge` by those of every draw of its circuit.
pub fn most(contents: &Contents<'_>, record: &Record, element: Element) -> Option<Share> {
    let rows = &contents.bands().file.site;
    if rows.is_empty() {
        return None;
    }
    let (at, steps): (&At, Vec<&[Step]>) = match &record.event.body {
        Body::Transform(transform) => (&transform.at, vec![&transform.steps]),
        Body::Charge(charge) => {
            let graph = contents.graph();
            let is_meant = |account: &&Account| {
                charge.at.facility == Maybe::Shown(account.facility) && charge.circuit == account.circuit
            };
            let account = graph.accounts().list().iter().find(is_meant)?;
            let draws = account.draws.iter().map(|draw| graph.records()[*draw].event.body.steps());
            (&charge.at, draws.collect())
        }
        _ => return None,
    };
    let is_meant =
        |row: &&SiteRow| !steps.is_empty() && steps.iter().all(|steps| fits(row, record, at, steps, element));
    let most = rows.iter().filter(is_meant).map(|row| u128::from(row.most.ppb()) * WHOLE).min()?;
    Some(Share { low: 0, high: most.min(ONE) })
}

/// Whether a row is about these steps at the facility of a record, and was declared before they began.
fn fits(row: &SiteRow, record: &Record, at: &At, steps: &[Step], element: Element) -> bool {
    let facility = RecordId::from_hex(&row.facility);
    let is_there = facility.is_some_and(|facility| at.facility == Maybe::Shown(facility));
    let is_before = period(record).is_some_and(|period| row.declared <= period.first);
    let is_meant = row.elements.is_empty() || row.elements.contains(&element);
    is_there && is_before && is_meant && steps.iter().any(|step| row.processes.contains(&step.process))
}
