//! Lies in `control`: a header that does not name the latest control record before it.

use super::judge::Checked;
use super::{Objection, Statement};

pub(super) fn judge(parts: &[Checked]) -> Result<Statement, Objection> {
    if parts.iter().any(|part| part.contents.is_some()) {
        return Err(Objection::new("parts", "a lie is shown by signed headers, here is a whole record"));
    }
    match parts {
        [liar, before] if liar.header().prev == before.id() => step(liar, before),
        [liar, named] => not_control(liar, named),
        [liar, named, skipped] => passed_over(liar, named, skipped),
        _ => {
            let why = format!("a lie is shown by 2 or 3 records, here are {}", parts.len());
            Err(Objection::new("parts", why))
        }
    }
}

/// The record right before says what `control` has to be.
fn step(liar: &Checked, before: &Checked) -> Result<Statement, Objection> {
    if before.seq().checked_add(1) != Some(liar.seq()) {
        let why = format!("{} does not stand right before {}", before.what(), liar.what());
        return Err(Objection::new("statement", why));
    }
    let expected = if before.signed.is_control() { before.id() } else { before.header().control };
    if liar.header().control == expected {
        let why = format!("{} names the control record that it has to name", liar.what());
        return Err(Objection::new("statement", why));
    }
    let says = format!(
        "{} does not name the latest control record before it, as {} shows",
        liar.what(),
        before.what()
    );
    Ok(Statement::about([liar, before], says))
}

/// What `control` names is no control record, or does not stand before.
fn not_control(liar: &Checked, named: &Checked) -> Result<Statement, Objection> {
    check_named(liar, named)?;
    if named.signed.is_control() && named.seq() < liar.seq() {
        let why = format!("{} names {}, which can be right", liar.what(), named.what());
        return Err(Objection::new("statement", why));
    }
    let why = if named.signed.is_control() { "does not stand before it" } else { "is no control record" };
    let says = format!("{} names {} in `control`, which {why}", liar.what(), named.what());
    Ok(Statement::about([liar, named], says))
}

/// A control record stands between the one that is named and the one that names it.
///
/// If the one between is on another branch, the party signed two histories: the lie is then that of a fork.
fn passed_over(liar: &Checked, named: &Checked, skipped: &Checked) -> Result<Statement, Objection> {
    check_named(liar, named)?;
    if !skipped.signed.is_control() {
        return Err(Objection::new("statement", format!("{} is no control record", skipped.what())));
    }
    if !(named.seq() < skipped.seq() && skipped.seq() < liar.seq()) {
        let why = format!("{} does not stand between {} and {}", skipped.what(), named.what(), liar.what());
        return Err(Objection::new("statement", why));
    }
    let says = format!(
        "{} names {} as the latest control record before it and passes over {}",
        liar.what(),
        named.what(),
        skipped.what()
    );
    Ok(Statement::about([liar, named, skipped], says))
}

fn check_named(liar: &Checked, named: &Checked) -> Result<(), Objection> {
    if liar.header().control == named.id() {
        return Ok(());
    }
    Err(Objection::new("statement", format!("{} does not name {} in `control`", liar.what(), named.what())))
}
