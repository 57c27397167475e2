//! How long after they were handed out tags were put on.

use std::collections::HashMap;

use crate::custody::names;
use crate::model::day::Period;
use crate::model::event::{Body, IssueTags};
use crate::model::maybe::{Maybe, MaybeList};
use crate::model::record::Record;
use crate::model::verdict::Verdict;
use crate::rules::facts::Facts;
use crate::rules::found::Told;
use crate::rules::verdict::ReasonCode;

/// Tells which tags on lots behind this one were put on more than `most` days after their issue; returns whether
/// there are any.
pub(super) fn judge(facts: &Facts<'_>, most: i32, told: &mut Told) -> bool {
    let graph = facts.graph;
    let mut issued: HashMap<(&str, &str), Vec<(&Record, &IssueTags)>> = HashMap::new();
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::IssueTags(issue) = &record.event.body else { continue };
        for tag in issue.tags.shown().unwrap_or_default() {
            issued.entry((&issue.scheme, tag)).or_default().push((record, issue));
        }
    }
    let mut reaches = false;
    for record in graph.records().iter().filter(|record| graph.withdrawn(&record.id).is_none()) {
        let Body::ApplyTags(put_on) = &record.event.body else { continue };
        if !facts.is_behind(&put_on.lot) {
            continue;
        }
        reaches = true;
        let what = names::record(graph, record);
        let (Maybe::Shown(on), MaybeList::Shown(tags)) = (&put_on.period, &put_on.tags) else {
            let text = format!("{what} withholds its days or its tags");
            let resolve = "ask the author to show the items `period` and `tags`";
            told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, vec![record.id], resolve);
            continue;
        };
        for tag in tags {
            let Some(issues) = issued.get(&(put_on.scheme.as_str(), tag.tag.as_str())) else {
                let text = format!("tag `{}` of {what} was handed out by no record that is held", tag.tag);
                let resolve = "import the chain of who hands the tags out";
                told.because(ReasonCode::CheckOpen, Verdict::Unknown, text, vec![record.id], resolve);
                continue;
            };
            for (by, issue) in issues {
                let records = vec![record.id, by.id];
                let Maybe::Shown(given) = &issue.period else {
                    let text = format!("when tag `{}` was handed out is withheld", tag.tag);
                    let resolve = "ask who handed it out to show the item `period`";
                    told.because(ReasonCode::CheckWithheld, Verdict::Withheld, text, records, resolve);
                    continue;
                };
                let (least, longest) = days(given, on);
                if longest <= most {
                    continue;
                }
                let text = format!(
                    "tag `{}` was handed out on {given} and put on {}, up to {longest} days later (limit {most})",
                    tag.tag, on
                );
                let (code, verdict) = match least > most {
                    true => (ReasonCode::OutsideBand, Verdict::Fail),
                    false => (ReasonCode::CheckOpen, Verdict::Unknown),
                };
                told.because(code, verdict, text, records, "take a tag that was handed out for these days");
            }
        }
    }
    reaches
}

/// Returns the least and the most days between two periods.
fn days(given: &Period, on: &Period) -> (i32, i32) {
    (on.first.days_since(given.last), on.last.days_since(given.first))
}
