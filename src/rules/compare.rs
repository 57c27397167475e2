//! What differs between two days, or between two packs: which rules say something else, and why.

use serde::Serialize;

use super::pack::{Pack, Rule};
use super::verdict::{Reason, RuleVerdict};
use crate::model::day::Day;
use crate::model::verdict::Verdict;

/// What differs between two answers about one lot.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Rules that say something else, in the order of the first packs, then of the second.
    pub differences: Vec<Difference>,
    /// How many rules say the same, with the same reasons.
    pub same: usize,
}

/// What one rule says on both sides. A text that took the place of another stands beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// What is said on the first side; none where no rule there answers to this one.
    pub a: Option<Said>,
    /// What is said on the second side.
    pub b: Option<Said>,
    /// What of the texts differs: dates in force, parameters.
    pub text: Vec<String>,
    /// Reasons that stand on the first side alone.
    pub only_a: Vec<Reason>,
    /// Reasons that stand on the second side alone.
    pub only_b: Vec<Reason>,
}

/// What a rule says.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// The pack.
    pub pack: String,
    /// The rule.
    pub rule: String,
    /// Clause of the text.
    pub clause: String,
    /// The day judged for.
    pub as_of: Day,
    /// The verdict.
    pub verdict: Verdict,
}

/// One side: packs, and what they say.
#[derive(Clone, Copy)]
struct Side<'a> {
    packs: &'a [Pack],
    verdicts: &'a [RuleVerdict],
}

impl<'a> Side<'a> {
    fn rule(&self, said: &RuleVerdict) -> Option<&'a Rule> {
        self.packs.iter().find(|pack| pack.hash == said.pack_hash)?.rule(&said.rule)
    }
}

/// Compares what `a` and `b` say of one lot.
///
/// Rules answer to each other that have one name in one pack; else those that have one name, or one clause, in two
/// packs. A rule that is not in force on its side gives its place to the one that follows it, or that it follows.
pub fn compare(a: (&[Pack], &[RuleVerdict]), b: (&[Pack], &[RuleVerdict])) -> Comparison {
    let (a, b) = (Side { packs: a.0, verdicts: a.1 }, Side { packs: b.0, verdicts: b.1 });
    let mut taken = vec![false; b.verdicts.len()];
    let mut comparison = Comparison { differences: Vec::new(), same: 0 };
    for one in a.verdicts {
        let at = partner(&a, one, &b, &taken);
        if let Some(at) = at {
            taken[at] = true;
        }
        note(&mut comparison, &a, Some(one), &b, at.map(|at| &b.verdicts[at]));
    }
    for (other, _) in b.verdicts.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        note(&mut comparison, &a, None, &b, Some(other));
    }
    comparison
}

/// Finds the rule of the other side that answers to `one`.
fn partner(a: &Side<'_>, one: &RuleVerdict, b: &Side<'_>, taken: &[bool]) -> Option<usize> {
    let reaches = |verdict: &RuleVerdict| verdict.verdict != Verdict::NotApplicable;
    let find = |fits: &dyn Fn(&RuleVerdict) -> bool| {
        b.verdicts.iter().enumerate().position(|(at, other)| !taken[at] && fits(other))
    };
    let follows = |rule: Option<&Rule>, of: &RuleVerdict| {
        rule.and_then(|rule| rule.follows.as_deref()).is_some_and(|id| id == of.rule)
    };
    let in_its_place = |other: &RuleVerdict| {
        one.pack_hash == other.pack_hash
            && reaches(one)
            && reaches(other)
            && (follows(b.rule(other), one) || follows(a.rule(one), other))
    };
    find(&|other| in_its_place(other) && !still_there(b, one))
        .or_else(|| find(&|other| (&other.pack, &other.rule) == (&one.pack, &one.rule)))
        .or_else(|| find(&|other| other.rule == one.rule))
        .or_else(|| find(&|other| other.clause == one.clause))
}

/// Whether the same rule reaches the lot on the other side too.
fn still_there(b: &Side<'_>, one: &RuleVerdict) -> bool {
    let same = b.verdicts.iter().find(|other| (other.pack_hash, &other.rule) == (one.pack_hash, &one.rule));
    same.is_some_and(|other| other.verdict != Verdict::NotApplicable)
}

fn note(
    comparison: &mut Comparison,
    a: &Side<'_>,
    one: Option<&RuleVerdict>,
    b: &Side<'_>,
    other: Option<&RuleVerdict>,
) {
    let reasons = |verdict: Option<&RuleVerdict>| {
        verdict.map(|verdict| verdict.reasons.as_slice()).unwrap_or_default().to_vec()
    };
    let (of_a, of_b) = (reasons(one), reasons(other));
    let only = |these: &[Reason], those: &[Reason]| -> Vec<Reason> {
        these.iter().filter(|reason| !those.contains(reason)).cloned().collect()
    };
    let (only_a, only_b) = (only(&of_a, &of_b), only(&of_b, &of_a));
    let verdict = |side: Option<&RuleVerdict>| side.map(|side| side.verdict);
    if verdict(one) == verdict(other) && only_a.is_empty() && only_b.is_empty() {
        comparison.same += 1;
        return;
    }
    // Two rules that do not reach the lot differ in nothing that matters to it.
    let reaches =
        |side: Option<&RuleVerdict>| side.is_some_and(|side| side.verdict != Verdict::NotApplicable);
    if !reaches(one) && !reaches(other) {
        comparison.same += 1;
        return;
    }
    let said = |side: &RuleVerdict| Said {
        pack: side.pack.clone(),
        rule: side.rule.clone(),
        clause: side.clause.clone(),
        as_of: side.as_of,
        verdict: side.verdict,
    };
    let rules = (one.and_then(|one| a.rule(one)), other.and_then(|other| b.rule(other)));
    comparison.differences.push(Difference {
        a: one.map(said),
        b: other.map(said),
        text: texts(rules.0, rules.1, one, other),
        only_a,
        only_b,
    });
}

/// Says what of two texts differs: why one does not reach the lot, and each parameter that is another.
fn texts(
    a: Option<&Rule>,
    b: Option<&Rule>,
    one: Option<&RuleVerdict>,
    other: Option<&RuleVerdict>,
) -> Vec<String> {
    let mut texts = Vec::new();
    for side in [one, other].into_iter().flatten().filter(|side| side.verdict == Verdict::NotApplicable) {
        texts.extend(side.notes.first().map(|note| format!("{} on {}: {note}", side.rule, side.as_of)));
    }
    let (Some(a), Some(b)) = (a, b) else { return texts };
    let written = |rule: &Rule| crate::text::to_toml(&rule.check);
    let (in_a, in_b) = (written(a), written(b));
    let lines = |text: &str, other: &str, sign: &str| -> Vec<String> {
        let others: Vec<&str> = other.lines().collect();
        let own = text.lines().filter(|line| !line.trim().is_empty() && !others.contains(line));
        own.map(|line| format!("{sign} {line}")).collect()
    };
    if a.id != b.id {
        texts.push(format!("`{}` ({}) stands beside `{}` ({})", b.id, b.clause, a.id, a.clause));
    }
    texts.extend(lines(&in_a, &in_b, "-"));
    texts.extend(lines(&in_b, &in_a, "+"));
    texts
}

#[cfg(test)]
mod tests {
    use super::super::judge::judge;
    use super::super::testing::{Chain, Plan, input, on};
    use super::*;
    use crate::rules::embedded;

    fn both(chain: &Chain, a: &str, b: &str) -> Comparison {
        let packs = &embedded()[..1];
        let said = |day: &str| {
            input(&chain.world, chain.magnet, on(day), |input| {
                packs.iter().flat_map(|pack| judge(pack, input, &Default::default())).collect::<Vec<_>>()
            })
        };
        let (a, b) = (said(a), said(b));
        compare((packs, &a), (packs, &b))
    }

    #[test]
    fn the_text_that_takes_the_place_of_another_stands_beside_it_with_the_record_that_turns_it() {
        let chain = Chain::build(Plan { separator: "CN", ..Plan::default() });
        let comparison = both(&chain, "2026-12-31", "2027-01-01");
        let [only] = &comparison.differences[..] else { panic!("{comparison:#?}") };
        let side = |said: &Option<Said>| said.as_ref().map(|said| (said.rule.clone(), said.verdict)).unwrap();
        assert_eq!(side(&only.a), ("OR-01-NDFEB".to_owned(), Verdict::Pass));
        assert_eq!(side(&only.b), ("OR-02-NDFEB".to_owned(), Verdict::Fail));
        assert!(only.only_b.iter().any(|reason| reason.records == [chain.records["oxide"]]));
        assert!(
            only.text.iter().any(|line| line.starts_with("+ stages") && line.contains("P40")),
            "{only:#?}"
        );
    }

    #[test]
    fn what_is_the_same_on_both_days_is_counted_and_not_told() {
        let chain = Chain::build(Plan::default());
        let comparison = both(&chain, "2027-01-01", "2027-06-01");
        assert!(comparison.differences.is_empty());
        assert!(comparison.same > 0);
    }
}
