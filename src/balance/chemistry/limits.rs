//! Ceilings of minerals and oxides, and shares that are usual: rows of the bands file.

use super::super::bands::{CeilingRow, RangeRow, is_of};
use super::super::content::Contents;
use super::super::group::Group;
use super::super::meaning::{self, Exceeded};
use super::super::way::Ways;
use super::{Stated, percent};
use crate::model::element::ElementSet;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::formula::Formula;
use crate::model::interval::{Share, WHOLE};

/// Returns what exceeds a ceiling, and what lies outside what is usual.
pub(super) fn of(stated: &Stated<'_>, contents: &Contents<'_>, ways: &Ways) -> Vec<Finding> {
    let file = &contents.bands().file;
    let material = &stated.value.material;
    let ceilings = file.ceiling.iter().filter(|row| is_of(material, &row.material));
    let mut findings: Vec<Finding> = ceilings.filter_map(|row| above(stated, contents, ways, row)).collect();
    let ranges = file.range.iter().filter(|row| is_of(material, &row.material));
    findings.extend(ranges.filter_map(|row| unusual(stated, contents, row)));
    findings
}

fn above(stated: &Stated<'_>, contents: &Contents<'_>, ways: &Ways, row: &CeilingRow) -> Option<Finding> {
    let share = counted(stated, contents, &row.of, row.basis)?;
    let most = u128::from(row.share.ppb()) * WHOLE;
    if share.low <= most {
        return None;
    }
    let way = ways.of(&stated.lot.record);
    if row.unless.iter().any(|process| way.passed.contains(process)) {
        return None;
    }
    let mut weight = meaning::of_excess(Exceeded::Band(row.confidence));
    let mut say = format!(
        "{} of it is {} at least, and {} holds at most {} ({}: {})",
        percent(share.low),
        of_what(&row.of, row.basis),
        row.material,
        row.share,
        row.confidence,
        row.source
    );
    if !row.unless.is_empty() && way.is_open {
        weight = weight.min(Weight::Unknown);
        let processes: Vec<String> = row.unless.iter().map(ToString::to_string).collect();
        say.push_str(&format!("; whether it went through {} before is not known", processes.join(" or ")));
    }
    let code = match weight {
        Weight::Fail | Weight::Unknown => FindingCode::ImpossibleShare,
        _ => FindingCode::UnusualShare,
    };
    let resolve = "correct the share or its formula, or the material, or record what was done to it before";
    Some(stated.found(contents, code, weight, &say, resolve))
}

fn unusual(stated: &Stated<'_>, contents: &Contents<'_>, row: &RangeRow) -> Option<Finding> {
    let share = counted(stated, contents, &row.of, row.basis)?;
    let (low, high) = (u128::from(row.low.ppb()) * WHOLE, u128::from(row.high.ppb()) * WHOLE);
    if share.low <= high && share.high >= low {
        return None;
    }
    let say = format!(
        "{} to {} of it is {}, and {} to {} is usual ({}: {})",
        percent(share.low),
        percent(share.high),
        of_what(&row.of, row.basis),
        row.low,
        row.high,
        row.confidence,
        row.source
    );
    // What is usual decides nothing, however well it is known.
    let weight = meaning::of_excess(Exceeded::Band(row.confidence)).min(Weight::Warning);
    let resolve = "have it analysed again if it is not meant to be so";
    Some(stated.found(contents, FindingCode::UnusualShare, weight, &say, resolve))
}

/// Returns what a lot surely holds, and can hold, of some elements as a formula counts them; `None` where nothing is
/// stated of them, or not so that it can be turned into that formula.
fn counted(stated: &Stated<'_>, contents: &Contents<'_>, of: &ElementSet, basis: Formula) -> Option<Share> {
    let is_about = |elements: &ElementSet| elements.iter().all(|one| of.contains(one));
    let about = || stated.lines.iter().filter(|held| is_about(&held.line.elements));
    about().next()?;
    if matches!(basis, Formula::Element | Formula::Reo) {
        return Some(Group::new(contents, of.clone(), basis).of(&stated.lot).share);
    }
    let element = of.single()?;
    let own = about().filter(|held| held.line.elements.single() == Some(element));
    let mut all: Option<Share> = None;
    for held in own {
        let share = super::super::content::range(held.line)?;
        let metal = contents.bands().metal(basis).map(|metal| u128::from(metal.ppb()));
        let share = match (held.line.basis == basis, held.line.basis, metal) {
            (true, _, _) => share,
            (false, Formula::Element, Some(metal)) => {
                Share { low: share.low / metal * WHOLE, high: share.high.div_ceil(metal) * WHOLE }
            }
            _ => return None,
        };
        all = Some(all.map_or(share, |before| before.or(share)));
    }
    all
}

fn of_what(of: &ElementSet, basis: Formula) -> String {
    match basis {
        Formula::Element => of.to_string(),
        Formula::Reo => format!("{of} as oxides"),
        formula => formula.to_string(),
    }
}
