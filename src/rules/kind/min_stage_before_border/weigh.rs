//! One lot that left, held against one row: whether the row reaches it, and what it lacks.

use super::leaving::{How, Leaving, Where};
use super::passed::{State, Sure};
use super::permit::{self, Held};
use super::{Query, quota, value};
use crate::balance::content;
use crate::custody::names;
use crate::model::fraction::Fraction;
use crate::model::interval::WHOLE;
use crate::model::material::{Carries, Material};
use crate::model::verdict::Verdict;
use crate::rules::implied;
use crate::rules::pack::{Applies, BorderRow, MinSpec, applies};
use crate::rules::verdict::{Reason, ReasonCode};

/// What one row says of one lot that left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Weighed {
    pub(super) reasons: Vec<Reason>,
    pub(super) notes: Vec<String>,
}

impl Weighed {
    /// Whether the records contradict the row.
    pub(super) fn is_broken(&self) -> bool {
        self.reasons.iter().any(|reason| reason.verdict == Verdict::Fail)
    }
}

/// Holds something that left against the row; `None` where the row is not about it.
pub(super) fn weigh(query: &Query<'_, '_>, one: &Leaving<'_>, state: &State) -> Option<Weighed> {
    let row = query.row;
    let reaches = match (one.from, one.how) {
        (Some(from), How::Passing) => from == row.country && row.transit,
        (Some(from), _) => from == row.country,
        // It may have been anywhere, but it did not leave the country that it went into.
        (None, _) => one.to != Some(row.country),
    };
    let was_there = row.transit || state.mined != Sure::No;
    if !reaches || !was_there || is_before(row, one) || is_after(row, one) {
        // What left too early or too late is told as reached, so that the rule passes over it knowingly.
        let told = reaches
            && was_there
            && one.from.is_some()
            && matches!(one.how, How::Moved | How::Declared | How::Papers);
        return told.then(|| Weighed {
            notes: vec![format!("{}, when the row did not hold", one.say(query.facts.graph))],
            ..Weighed::default()
        });
    }
    let lot = query.facts.graph.lot(&one.lot)?;
    let mut doubts: Vec<(ReasonCode, String)> = Vec::new();
    let materials = match applies(&row.materials, &lot.material) {
        Applies::No if !one.changed_after() => None,
        Applies::Yes if !one.changed_after() => Some(true),
        _ => Some(false),
    };
    let Some(is_told) = materials.filter(|_| query.carries(&one.lot) != Carries::No) else {
        // It left in a form that the row says nothing of.
        return one.from.is_some().then(Weighed::default);
    };
    // A code that is listed as such says what it is about; the form alone does not.
    let is_listed = row.materials.iter().any(|listed| listed.form() != listed.as_str());
    if !is_told || (!is_listed && query.carries(&one.lot) == Carries::Possible) {
        let text = match one.changed_after() {
            true => "steps were done elsewhere afterwards, so in what form it left is not told".to_owned(),
            false => format!("the code `{}` does not tell whether the row is about it", lot.material),
        };
        doubts.push((ReasonCode::MaterialOpen, text));
    }
    doubts.extend(doubt_of_place(query, one));
    doubts.extend(doubt_of_day(row, one));
    if !row.transit && state.mined == Sure::Maybe && one.hidden.is_none() {
        doubts.push((
            ReasonCode::BorderOpen,
            format!("whether it was mined in {} is not established", row.country),
        ));
    }
    let mut weighed = Weighed::default();
    of_stage(query, one, state, &lot.material, &mut weighed);
    if let Some(spec) = &row.min_spec {
        of_spec(query, one, spec, &mut weighed);
    }
    if let Some(least) = row.min_value_added {
        value::of_value(query, one, least, &mut weighed);
    }
    if let Some(asked) = &row.asks_unknown {
        let text = format!("{} asks for {asked}, and how much is not known here", row.country);
        let key = (ReasonCode::BorderOpen, Verdict::Unknown);
        weighed.reasons.push(query.reason(
            one,
            key,
            text,
            "ask the state's office what it asks of these goods",
        ));
    }
    for kind in &row.permits {
        let text = format!("{} asks for {kind}", row.country);
        let held = permit::held(query, one, &[*kind]);
        permit::told(query, one, (&[*kind], held), &text, &mut weighed);
    }
    if let Some(most) = row.quota {
        quota::of_row(query, one, most, &mut weighed);
    }
    for reason in &mut weighed.reasons {
        doubted(query, one, reason, &doubts);
    }
    Some(weighed)
}

/// Whether it left before the row can have held.
fn is_before(row: &BorderRow, one: &Leaving<'_>) -> bool {
    matches!((row.first(), one.days.last), (Some(first), Some(last)) if last < first)
}

fn is_after(row: &BorderRow, one: &Leaving<'_>) -> bool {
    matches!((row.to, one.days.first), (Some(to), Some(first)) if to < first)
}

/// Returns why it is not sure that it left.
fn doubt_of_place(query: &Query<'_, '_>, one: &Leaving<'_>) -> Option<(ReasonCode, String)> {
    let graph = query.facts.graph;
    match one.how {
        How::Moved | How::Declared | How::Papers => None,
        How::Passing => {
            Some((ReasonCode::BorderOpen, "the way was planned, and not told as gone".to_owned()))
        }
        How::OnItsWay => {
            Some((ReasonCode::BorderOpen, "no record tells that it left the country".to_owned()))
        }
        How::Hidden => Some(match one.hidden {
            Some(Where::Withheld(by)) => {
                (ReasonCode::PlaceWithheld, format!("{} withholds a place", names::party(graph, &by)))
            }
            Some(Where::NotHeld(facility)) => {
                (ReasonCode::PlaceNotHeld, format!("facility `{}` is not held", facility.short()))
            }
            _ => (ReasonCode::BorderOpen, "a place is not told".to_owned()),
        }),
    }
}

/// Returns why it is not sure that it left on a day on which the row holds.
fn doubt_of_day(row: &BorderRow, one: &Leaving<'_>) -> Option<(ReasonCode, String)> {
    let begun = row.from.is_some_and(|from| one.days.first.is_some_and(|first| from <= first));
    let still = row.to.is_none_or(|to| one.days.last.is_some_and(|last| last <= to));
    if begun && still {
        return None;
    }
    if one.days.hidden_by.is_some() {
        return Some((ReasonCode::PeriodWithheld, "when it left is withheld".to_owned()));
    }
    let text = match (row.first(), row.from) {
        (Some(first), Some(from)) if first != from => {
            format!("it holds from {from} on, and from {first} on perhaps")
        }
        (_, Some(from)) => format!("it holds from {from} on, and that may have been before or after"),
        (Some(first), None) => {
            format!("it may hold from {first} on, and from which day it surely does is not known")
        }
        (None, None) => "from which day it holds is not known".to_owned(),
    };
    Some((ReasonCode::BorderOpen, text))
}

/// Adds what the row says of the form it left in.
fn of_stage(
    query: &Query<'_, '_>,
    one: &Leaving<'_>,
    state: &State,
    material: &Material,
    weighed: &mut Weighed,
) {
    let (row, facts) = (query.row, query.facts);
    let country = row.country;
    let (code, verdict, text, resolve) = if row.barred {
        let text = format!("what is of this kind may not leave {country}{}", since(row));
        (ReasonCode::LeftTooRaw, Verdict::Fail, text, "no record can; look for a permit that covers it")
    } else if let Some(least) = row.min_stage {
        let may = implied::may_have_passed(&facts.makes, material, least);
        let asked = format!(
            "{country} asks for {least} ({}) or later before the border{}",
            least.title(),
            since(row)
        );
        match (state.done, may) {
            (Sure::Yes, _) => return,
            (Sure::No, _) | (_, false) => (
                ReasonCode::LeftTooRaw,
                Verdict::Fail,
                asked,
                "no record can; look for a permit that covers it",
            ),
            (Sure::Maybe, true) => (
                ReasonCode::BorderOpen,
                Verdict::Unknown,
                format!("{asked}, and whether all of it was that far there is not established"),
                "record the step where it was done, or declare it on the supplier's papers",
            ),
        }
    } else {
        return;
    };
    if !row.unless.is_empty() {
        let held = permit::held(query, one, &row.unless);
        if let Held::Good(paper) = held {
            weighed.notes.push(format!("{}: {text}, but for {paper}", one.say(facts.graph)));
            quota::of_papers(query, one, &row.unless, weighed);
            return;
        }
        if verdict == Verdict::Fail {
            permit::told(
                query,
                one,
                (&row.unless, held),
                &format!("{text}, without {}", permit::words(&row.unless)),
                weighed,
            );
            return;
        }
    }
    weighed.reasons.push(query.reason(one, (code, verdict), text, resolve));
}

fn since(row: &BorderRow) -> String {
    row.from.map(|from| format!(" since {from}")).unwrap_or_default()
}

/// Adds what the row says of what must be in it.
fn of_spec(query: &Query<'_, '_>, one: &Leaving<'_>, spec: &MinSpec, weighed: &mut Weighed) {
    let contents = query.facts.contents();
    let lines = one.goods.iter().flat_map(|lot| contents.lines(lot));
    let told = lines.filter(|held| held.line.elements == spec.of && held.line.basis == spec.basis);
    let found = told.filter_map(|held| content::range(held.line).map(|share| (held, share))).next();
    let country = query.row.country;
    let asked = format!("{country} asks for at least {} {} as {}", spec.least, spec.of, spec.basis);
    let least = u128::from(spec.least.ppb()) * WHOLE;
    let resolve = "have the goods analysed before they leave";
    let (key, text) = match &found {
        Some((_, share)) if least <= share.low => return,
        Some((_, share)) if share.high < least => (
            (ReasonCode::BelowSpec, Verdict::Fail),
            format!("{asked}, and it held at most {}", percent(share.high)),
        ),
        Some((_, share)) => (
            (ReasonCode::SpecOpen, Verdict::Unknown),
            format!("{asked}, and it held between {} and {}", percent(share.low), percent(share.high)),
        ),
        None => ((ReasonCode::SpecOpen, Verdict::Unknown), format!("{asked}, and no such share is told")),
    };
    let mut reason = query.reason(one, key, text, resolve);
    reason.records.extend(found.map(|(held, _)| held.record.id));
    weighed.reasons.push(reason);
}

fn percent(share: u128) -> Fraction {
    Fraction::from_ppb(u32::try_from(share / WHOLE).unwrap_or(u32::MAX))
}

/// Makes a contradiction `unknown`, or `withheld`, where it is not sure that the row reaches the lot.
fn doubted(query: &Query<'_, '_>, one: &Leaving<'_>, reason: &mut Reason, doubts: &[(ReasonCode, String)]) {
    let Some((code, _)) = doubts.first() else { return };
    if reason.verdict == Verdict::Fail {
        reason.code = *code;
    }
    let is_withheld =
        |code: &ReasonCode| matches!(code, ReasonCode::PlaceWithheld | ReasonCode::PeriodWithheld);
    reason.verdict = match doubts.iter().all(|(code, _)| is_withheld(code)) {
        true => Verdict::Withheld,
        false => Verdict::Unknown,
    };
    for (_, text) in doubts {
        reason.text.push_str("; ");
        reason.text.push_str(text);
    }
    let sender = names::party(query.facts.graph, &one.sender);
    reason.resolve = Some(match code {
        ReasonCode::MaterialOpen => {
            "record the lot under its full material code, and each step where it was done".to_owned()
        }
        ReasonCode::PlaceWithheld => "ask whoever withholds the place to show the item `facility`".to_owned(),
        ReasonCode::PlaceNotHeld => "import the record that declares the facility".to_owned(),
        ReasonCode::PeriodWithheld => "ask whoever withholds the days to show the item `period`".to_owned(),
        _ => format!("get the export declaration from {sender}, which tells the day and the form"),
    });
}

impl Query<'_, '_> {
    /// Returns a reason about something that left.
    pub(super) fn reason(
        &self,
        one: &Leaving<'_>,
        (code, verdict): (ReasonCode, Verdict),
        text: String,
        resolve: &str,
    ) -> Reason {
        Reason {
            code,
            verdict,
            elements: Vec::new(),
            text: format!("{}; {text}", one.say(self.facts.graph)),
            records: one.record_ids(),
            resolve: Some(resolve.to_owned()),
        }
    }
}
