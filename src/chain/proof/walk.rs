//! The walk back through `control`: every control record between two positions, with none left out.
//!
//! Each header names the latest control record before it, so headers alone show that nothing between was a
//! withdrawal or a correction. Who lies in `control` leaves another proof: see `control_lie`.

use super::Objection;
use super::judge::Checked;

/// Checks that `walked` are all control records before `from` down to the first at `floor` or below.
///
/// None are needed where `from` itself stands at `floor`.
pub(super) fn check(from: &Checked, floor: u64, walked: &[Checked]) -> Result<(), Objection> {
    let fault = |why: String| Err(Objection::new("walk", why));
    if from.seq() <= floor {
        return match walked.len() {
            0 => Ok(()),
            more => fault(format!("{more} control records where both records stand at one position")),
        };
    }
    let mut before = from;
    for (number, one) in walked.iter().enumerate() {
        if before.header().control != one.id() {
            return fault(format!("{} does not name {} in `control`", before.what(), one.what()));
        }
        if !one.signed.is_control() {
            return fault(format!("{} is no control record", one.what()));
        }
        if one.seq() >= before.seq() {
            return fault(format!("{} does not stand before {}", one.what(), before.what()));
        }
        let is_last = number + 1 == walked.len();
        if (one.seq() <= floor) != is_last {
            let why = if is_last { "the walk ends too early" } else { "the walk goes on too far" };
            return fault(format!("{why}: at {}, where position {floor} is to be reached", one.what()));
        }
        before = one;
    }
    if walked.is_empty() { fault("the control records between are not there".to_owned()) } else { Ok(()) }
}
