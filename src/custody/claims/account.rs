//! One account: closings and openings that do not follow, and claims that nothing covers.

use std::collections::HashMap;

use super::super::graph::Graph;
use super::super::names::{self, found};
use super::balance::{self, Claim, Entry, Outcome, full, worth};
use super::credit::{Value, Valued};
use super::{Account, is_whole, named};
use crate::hash::RecordId;
use crate::model::event::{CloseAccount, RetireClaim};
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Which credits a claim is played against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    /// Those that their lots show.
    Shown,
    /// Also those that are open.
    Open,
    /// All, as the keeper states them.
    Stated,
}

/// Returns what does not add up in an account.
pub(super) fn findings(graph: &Graph, account: &Account<'_>, valued: &Valued) -> Vec<Finding> {
    let mut findings = periods(graph, account);
    let is_whole = is_whole(graph, &account.keeper);
    let is_shown = account.closes.iter().all(|(_, close)| {
        !close.credits.is_withheld() && (close.previous.is_some() || close.opening.shown().is_some())
    });
    if is_whole && is_shown {
        findings.extend(closings(graph, account, valued));
    }
    findings.extend(claims(graph, account, valued, is_whole, is_shown));
    findings
}

/// Looks at whether each period begins with what the one before left.
fn periods(graph: &Graph, account: &Account<'_>) -> Vec<Finding> {
    let by_id: HashMap<RecordId, &CloseAccount> =
        account.closes.iter().map(|(record, close)| (record.id, *close)).collect();
    let mut findings = Vec::new();
    for (at, (record, close)) in account.closes.iter().enumerate() {
        let mut differs = |why: String| findings.push(differs(graph, account, record, why));
        for (other, earlier) in &account.closes[..at] {
            if earlier.period.first <= close.period.last && close.period.first <= earlier.period.last {
                differs(format!("its period {} overlaps that of record {}", close.period, other.seq));
            }
        }
        let Some(previous) = close.previous else {
            if let Some((before, _)) = account.closes[..at].last() {
                differs(format!("it does not follow record {}, which closed the period before", before.seq));
            }
            continue;
        };
        let Some(before) = by_id.get(&previous) else {
            if is_whole(graph, &account.keeper) {
                differs("the close it follows is none of this account".to_owned());
            }
            continue;
        };
        let (Maybe::Shown(opening), Maybe::Shown(left)) = (&close.opening, before.closing) else { continue };
        let opened = opening.iter().map(|credit| u128::from(credit.mass.mg())).sum::<u128>();
        if opened != u128::from(left.mg()) {
            differs(format!(
                "it opens with {}, but the period before closed with {left}",
                names::mass(opened)
            ));
        }
    }
    findings
}

/// Compares what each close states with what its own figures leave.
fn closings(graph: &Graph, account: &Account<'_>, valued: &Valued) -> Vec<Finding> {
    let outcome = play(account, valued, Against::Stated);
    let mut findings = Vec::new();
    for ((record, close), left) in account.closes.iter().zip(outcome.left) {
        let Maybe::Shown(stated) = close.closing else { continue };
        let left = balance::to_mg(left);
        if u128::from(stated.mg()) != left {
            let why = format!("it closes with {stated}, but its figures leave {}", names::mass(left));
            findings.push(differs(graph, account, record, why));
        }
    }
    findings
}

fn differs(graph: &Graph, account: &Account<'_>, record: &Record, why: String) -> Finding {
    let message = format!("{} on {}: {why}", names::record(graph, record), named(account.of));
    let resolve = "its keeper corrects the close";
    found(FindingCode::AccountDiffers, Weight::Fail, &[record], &[], message, resolve)
}

fn play(account: &Account<'_>, valued: &Valued, against: Against) -> Outcome {
    let mut entries = Vec::new();
    for (record, close) in &account.closes {
        let factor = close.factor.ppb();
        for (at, credit) in close.credits.shown().into_iter().flatten().enumerate() {
            let counts = match (against, valued.get(&(record.id, at))) {
                (Against::Stated, _) => credit.mass,
                (_, Some(Value::Shown(mass))) => *mass,
                (Against::Open, Some(Value::Open(mass))) => *mass,
                _ => Mass::ZERO,
            };
            let amount = worth(counts.mg(), factor);
            entries.push(Entry { from: credit.day, expires: credit.expires, amount });
        }
        // What later periods open with is what earlier ones left; only the first brings something of its own,
        // which no earlier close shows.
        if close.previous.is_none() && against != Against::Shown {
            for credit in close.opening.shown().into_iter().flatten() {
                let from = credit.day.min(close.period.first);
                entries.push(Entry { from, expires: credit.expires, amount: full(credit.mass.mg()) });
            }
        }
    }
    let claims: Vec<Claim> = account
        .claims
        .iter()
        .map(|(_, claim)| Claim { day: claim.day, amount: full(claim.mass.mg()) })
        .collect();
    let ends: Vec<_> = account.closes.iter().map(|(_, close)| close.period.last).collect();
    balance::play(&entries, &claims, &ends)
}

fn claims(
    graph: &Graph,
    account: &Account<'_>,
    valued: &Valued,
    is_whole: bool,
    is_shown: bool,
) -> Vec<Finding> {
    let shown = play(account, valued, Against::Shown).uncovered;
    let open = play(account, valued, Against::Open).uncovered;
    let mut findings = Vec::new();
    for (at, (record, claim)) in account.claims.iter().enumerate() {
        let closed = account.closes.iter().find(|(_, close)| close.period.contains(claim.day));
        let keeper = names::party(graph, &account.keeper);
        let (code, weight, why) = if !is_shown {
            let why = format!("credits of the account are withheld by {keeper}");
            (FindingCode::AccountIncomplete, Weight::Withheld, why)
        } else if !is_whole {
            let why = format!("the account can only be judged with the whole chain of {keeper}");
            (FindingCode::AccountIncomplete, Weight::Unknown, why)
        } else if closed.is_none() {
            let why = format!("no period of the account with the day {} was closed", claim.day);
            (FindingCode::AccountIncomplete, Weight::Unknown, why)
        } else if open[at] > 0 {
            let short = names::mass(balance::to_mg(open[at]).max(1));
            (FindingCode::Overdrawn, Weight::Fail, format!("the account lacks {short} on {}", claim.day))
        } else if shown[at] > 0 {
            let why = "it rests on credits that no lot or earlier close shows".to_owned();
            (FindingCode::AccountIncomplete, Weight::Unknown, why)
        } else {
            continue;
        };
        findings.push(of_claim(graph, account, record, claim, (code, weight, why)));
    }
    findings
}

fn of_claim(
    graph: &Graph,
    account: &Account<'_>,
    record: &Record,
    claim: &RetireClaim,
    (code, weight, why): (FindingCode, Weight, String),
) -> Finding {
    let message =
        format!("claim `{}` of {} on {} ({}): {why}", claim.serial, claim.mass, claim.day, named(account.of));
    let resolve = match weight {
        Weight::Fail => "its keeper withdraws claims that nothing covers",
        Weight::Withheld => "ask the keeper to show the items `opening` and `credit` of its closes",
        _ => "import the whole chain of the keeper, up to the close of that period",
    };
    let mut records = vec![record];
    let given_with = claim.lot.as_ref().and_then(|lot| graph.creator(lot));
    records.extend(given_with);
    let lots: Vec<LotRef> = claim.lot.into_iter().collect();
    let mut finding = found(code, weight, &records, &lots, message, resolve);
    finding.parties = vec![account.keeper];
    finding
}
