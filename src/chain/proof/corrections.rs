//! Contradictory corrections: one record corrected on two branches of its author's chain.
//!
//! A correction is a control record, so a later one that does not reach an earlier one by its walk stands on
//! another branch: the party told two readers two things.

use super::judge::Checked;
use super::{Objection, Statement, walk};
use crate::hash::RecordId;
use crate::model::event::Body;

pub(super) fn judge(parts: &[Checked]) -> Result<Statement, Objection> {
    let [earlier, later, walked @ ..] = parts else {
        return Err(Objection::new("parts", "two corrections are needed, here is one record"));
    };
    if earlier.id() == later.id() {
        return Err(Objection::new("statement", "both are the same record"));
    }
    if earlier.seq() > later.seq() {
        let why = format!("{} stands after {}", earlier.what(), later.what());
        return Err(Objection::new("parts", why));
    }
    if let Some(whole) = walked.iter().find(|part| part.contents.is_some()) {
        return Err(Objection::new("parts", format!("{} is whole where its header is enough", whole.what())));
    }
    let target = target(earlier)?;
    if self::target(later)? != target {
        return Err(Objection::new("statement", "the two correct different records"));
    }
    walk::check(later, earlier.seq(), walked)?;
    if walked.last().is_some_and(|last| last.id() == earlier.id()) {
        let why = format!("{} stands on the branch of {}, and replaces it", later.what(), earlier.what());
        return Err(Objection::new("statement", why));
    }
    let says = format!(
        "{} and {} correct one record differently, on two branches of the chain",
        earlier.what(),
        later.what()
    );
    let statement = Statement::about([earlier, later], says);
    Ok(Statement { target: Some(target), walked: walked.len(), ..statement })
}

fn target(part: &Checked) -> Result<RecordId, Objection> {
    match &part.whole()?.event.body {
        Body::Correct(correct) => Ok(correct.target),
        _ => Err(Objection::new("statement", format!("{} is no correction", part.what()))),
    }
}
