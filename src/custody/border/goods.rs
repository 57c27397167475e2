//! A declaration against the goods it is about: mass, customs code, country, composition, days.

use super::{Borders, Declared, dispatch_of};
use crate::custody::dates;
use crate::custody::graph::Graph;
use crate::custody::names::{self, found};
use crate::custody::scale::{self, Gap};
use crate::model::dealings::BorderSide;
use crate::model::event::Body;
use crate::model::evidence::MassBasis;
use crate::model::finding::{Finding, FindingCode, Weight};
use crate::model::hs::Agreement;
use crate::model::lot::{Component, Determined, Lot, Quantity};
use crate::model::lotref::LotRef;
use crate::model::maybe::Maybe;
use crate::model::record::Record;

/// Heading of iron ores and concentrates.
const IRON_ORES: &str = "2601";
/// Share of rare earths, as stated, above which something is no iron ore: half of it. Our own figure; case A3 has 92 %.
const NO_IRON_ORE_PPB: u32 = 500_000_000;

pub(super) fn findings(graph: &Graph, borders: &Borders<'_>, one: &Declared<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = mass(graph, one).into_iter().collect();
    for lot in &one.said.lots {
        let Some(value) = graph.lot(lot) else { continue };
        findings.extend(code(graph, one, lot, value));
        findings.extend(rare_earths(graph, borders, one, lot, value));
        findings.extend(too_early(graph, one, lot));
    }
    findings.extend(one.goods.iter().filter_map(|lot| origin(graph, one, lot)));
    findings
}

fn said(
    one: &Declared<'_>,
    records: &[&Record],
    weight: Weight,
    lots: &[LotRef],
    message: String,
) -> Finding {
    let resolve = "whoever declared holds the paper against its own books, and withdraws what is wrong";
    let mut all = vec![one.record];
    all.extend(records);
    found(FindingCode::BorderMismatch, weight, &all, lots, message, resolve)
}

/// The masses of the lots together, where all are stated as weighed, against the mass declared.
fn mass(graph: &Graph, one: &Declared<'_>) -> Option<Finding> {
    let by = names::record(graph, one.record);
    let declared = match one.said.mass {
        Maybe::Shown(mass) => mass?,
        Maybe::Withheld => {
            let message = format!("{by} withholds the mass it declared, so it cannot be compared");
            return Some(said(one, &[], Weight::Withheld, &one.said.lots, message));
        }
    };
    let quantities: Option<Vec<&Quantity>> =
        one.said.lots.iter().map(|lot| graph.lot(lot)?.quantity.shown()).collect();
    let quantities = quantities?;
    if quantities.iter().any(|quantity| quantity.basis != MassBasis::AsIs) {
        return None;
    }
    let sum: u128 = quantities.iter().map(|quantity| u128::from(quantity.mass.mg())).sum();
    let weight = match scale::gap(sum, u128::from(declared.mg())) {
        Gap::Within => return None,
        Gap::Warn => Weight::Warning,
        Gap::Fail => Weight::Fail,
    };
    let message = format!(
        "{by} declares {declared} of what weighs {} by its own records, {} apart",
        names::mass(sum),
        names::percent(sum.abs_diff(u128::from(declared.mg())), sum)
    );
    let creators: Vec<&Record> = one.said.lots.iter().filter_map(|lot| graph.creator(lot)).collect();
    Some(said(one, &creators, weight, &one.said.lots, message))
}

fn code(graph: &Graph, one: &Declared<'_>, lot: &LotRef, value: &Lot) -> Option<Finding> {
    let own = value.hs?;
    let weight = match own.agreement(&one.said.hs) {
        Agreement::Same => return None,
        Agreement::SameHeading => Weight::Warning,
        Agreement::Different => Weight::Fail,
    };
    let message = format!(
        "{} declares lot {} as {}, and its own record says {own}",
        names::record(graph, one.record),
        names::lot(graph, lot),
        one.said.hs
    );
    Some(said(one, &[graph.creator(lot)?], weight, &[*lot], message))
}

/// What is declared as iron ore and is rare earths by its own assay.
fn rare_earths(
    graph: &Graph,
    borders: &Borders<'_>,
    one: &Declared<'_>,
    lot: &LotRef,
    value: &Lot,
) -> Option<Finding> {
    if !one.said.hs.digits().starts_with(IRON_ORES) {
        return None;
    }
    let by_assay = borders.assays_of(lot).find_map(|record| match &record.event.body {
        Body::Assay(assay) => mostly_rare_earths(assay.composition.shown()?).map(|line| (record, line)),
        _ => None,
    });
    let own = || value.composition.shown().and_then(|lines| mostly_rare_earths(lines));
    let (record, line) = by_assay.or_else(|| Some((graph.creator(lot)?, own()?)))?;
    let Determined::Measured(share) = line.value else { return None };
    let message = format!(
        "{} declares lot {} as iron ore ({}), and by {} it holds {share} {}",
        names::record(graph, one.record),
        names::lot(graph, lot),
        one.said.hs,
        names::record(graph, record),
        line.elements
    );
    Some(said(one, &[record], Weight::Fail, &[*lot], message))
}

fn mostly_rare_earths(lines: &[Component]) -> Option<&Component> {
    lines.iter().find(|line| {
        let is_most = matches!(line.value, Determined::Measured(share) if share.ppb() > NO_IRON_ORE_PPB);
        is_most && line.elements.iter().all(|element| element.is_rare_earth())
    })
}

/// The declared country of origin against the country where the goods were dug, if nothing was done to them since.
fn origin(graph: &Graph, one: &Declared<'_>, lot: &LotRef) -> Option<Finding> {
    let dug = graph.creator(lot)?;
    let Body::Extract(extract) = &dug.event.body else { return None };
    let (_, facility) = graph.facility(extract.at.facility.shown()?)?;
    if facility.place.country == one.said.origin {
        return None;
    }
    let message = format!(
        "{} declares {} as the origin of lot {}, which was dug in {}",
        names::record(graph, one.record),
        one.said.origin,
        names::lot(graph, lot),
        facility.place
    );
    let mut lots = one.said.lots.clone();
    lots.push(*lot);
    Some(said(one, &[dug], Weight::Unknown, &lots, message))
}

/// A declaration before the goods were there, or of an arrival before they left. Rule INT-05.
///
/// An export is declared before the goods leave, so only an arrival or passage is held against the dispatch.
fn too_early(graph: &Graph, one: &Declared<'_>, lot: &LotRef) -> Option<Finding> {
    let declared = one.said.period.shown()?;
    let made =
        one.goods.iter().filter_map(|lot| graph.creator(lot)).filter(|made| !made.event.body.is_pairwise());
    let left = dispatch_of(graph, lot).filter(|_| one.said.side != BorderSide::Export);
    let (weight, before) = made
        .chain(left)
        .filter_map(|record| Some((dates::contradiction(declared, dates::period(record)?)?, record)))
        .max_by_key(|(weight, record)| (*weight, record.id))?;
    let message = format!(
        "{} is of {declared}, but lot {} was there only by {}, of {}",
        names::record(graph, one.record),
        names::lot(graph, lot),
        names::record(graph, before),
        dates::period(before)?
    );
    let resolve = "whoever wrote the wrong day withdraws that record and states the right one";
    let records = [one.record, before];
    Some(found(FindingCode::BeforeItsInput, weight, &records, &[*lot], message, resolve))
}
