//! How much of a lot stands although something on its way does not.
//!
//! Of a lot blended from two of which one is in doubt, the other half is established: the verdict stays what it is, and
//! says so. Spec: docs/verification.md, "Established in part".

use std::collections::HashSet;

use serde::Serialize;

use crate::balance::content::Contents;
use crate::hash::RecordId;
use crate::model::element::Element;
use crate::model::finding::{Finding, Weight};
use crate::model::fraction::Fraction;
use crate::model::lotref::LotRef;
use crate::origin::traced::Traced;

/// The least of an element that came along ways without a finding or a gap.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Established {
    /// The element.
    pub element: Element,
    /// At least this much of it.
    pub share: Fraction,
}

/// Returns how much of each element of a lot stands, where findings hold its verdict; nothing where none of it does.
///
/// What stands passed no record that created a lot which such a finding is about, and ends in no gap.
pub fn of_lot(
    contents: &Contents<'_>,
    lot: &LotRef,
    elements: &[Element],
    findings: &[Finding],
) -> Vec<Established> {
    let holding = findings.iter().filter(|finding| finding.weight >= Weight::Unknown);
    let in_doubt: HashSet<RecordId> =
        holding.flat_map(|finding| &finding.lots).map(|lot| lot.record).collect();
    if in_doubt.is_empty() || in_doubt.contains(&lot.record) {
        return Vec::new();
    }
    let stands = |element: &Element| {
        let share = Traced::new(contents, lot, *element).clear_of(&in_doubt, contents).least();
        (share > Fraction::ZERO).then_some(Established { element: *element, share })
    };
    elements.iter().filter_map(stands).collect()
}
