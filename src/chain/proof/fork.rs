//! Fork: two records of one party at one position of one epoch.

use super::judge::Checked;
use super::{Objection, Statement};

pub(super) fn judge(parts: &[Checked]) -> Result<Statement, Objection> {
    let [one, other] = parts else {
        let why = format!("a fork is shown by 2 records, here are {}", parts.len());
        return Err(Objection::new("parts", why));
    };
    if one.contents.is_some() || other.contents.is_some() {
        return Err(Objection::new("parts", "a fork is shown by signed headers, here is a whole record"));
    }
    if one.seq() != other.seq() {
        let why = format!("the records stand at positions {} and {}", one.seq(), other.seq());
        return Err(Objection::new("statement", why));
    }
    if one.id() == other.id() {
        return Err(Objection::new("statement", "both are the same record"));
    }
    let says = format!("two different records at position {}", one.seq());
    Ok(Statement::about([one, other], says))
}
