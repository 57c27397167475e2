//! From where, and through which places, each element of a lot came: shares, evidence, and what is not known.

use serde::Serialize;

use super::known::{Called, Known};
use super::page::{Lean, Page, Style};
use super::screen::Screen;
use super::verify::grade;
use crate::balance::content::Contents;
use crate::balance::fingerprint::{self, Fingerprint, Fit};
use crate::custody::graph::Graph;
use crate::custody::touch::Grade;
use crate::hash::{Hash, RecordId};
use crate::model::coded::Coded;
use crate::model::dealings::CircuitMethod;
use crate::model::digits;
use crate::model::element::Element;
use crate::model::evidence::CustodyModel;
use crate::model::fraction::Fraction;
use crate::model::interval::{Interval, ONE, Share, WHOLE};
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::stage::Stage;
use crate::origin::average::Passed;
use crate::origin::model::Models;
use crate::origin::traced::Traced;
use crate::origin::view::{By, Group, Row, View};
use crate::origin::whole::Whole;
use crate::verify::gap_words;

/// A millionth: what rounding alone may leave over.
const FINEST: u128 = ONE / 1_000_000;
/// Records named on a line of a page; JSON and `--ids` name all.
const NAMED: usize = 3;

/// What is asked of a lot's origin.
#[derive(Clone, Debug)]
pub struct OriginAsked {
    /// By what shares are grouped.
    pub by: By,
    /// At which stage; where each element began unless given.
    pub stage: Option<Stage>,
    /// Which elements.
    pub elements: Vec<Element>,
    /// A set of elements to count together, and as what.
    pub whole: Option<Whole>,
}

/// The origin of one lot.
#[derive(Clone, Debug, Serialize)]
pub struct OriginScreen {
    /// The lot.
    pub lot: Called<LotRef>,
    /// What it is.
    pub material: Option<String>,
    /// Its mass, where that is shown.
    pub mass: Option<Mass>,
    /// By what shares are grouped.
    pub by: By,
    /// At which stage; where each element began unless given.
    pub stage: Option<Stage>,
    /// Each element, or the set that was asked for.
    pub elements: Vec<ElementOrigin>,
    /// Elements asked for that the lot does not hold.
    pub not_in_it: Vec<Element>,
    /// How it is said to have been kept apart, beside what the records show.
    pub custody_model: ModelLine,
    /// Rare earths in it beside what its feed can have held.
    pub fingerprint: Vec<Fingerprint>,
    /// Hash of the constants and bands that were used.
    pub bands: Hash,
    #[serde(skip)]
    known: Known,
}

/// A custody model claimed, and the one computed.
#[derive(Clone, Debug, Serialize)]
pub struct ModelLine {
    /// What the lot is said to be.
    pub claimed: Option<CustodyModel>,
    /// The strongest that the records do not contradict.
    pub shown: Option<CustodyModel>,
    /// Whether something behind it is not known.
    pub is_open: bool,
}

/// Shares of one element, or of a set.
#[derive(Clone, Debug, Serialize)]
pub struct ElementOrigin {
    /// Of what, and as what it is counted.
    pub of: String,
    /// How much of it the lot holds.
    pub amount: Interval,
    /// How shares of it are found: bounds of all that the records leave open.
    pub method: &'static str,
    /// The shares.
    pub rows: Vec<OriginRow>,
    /// The share that did not pass the stage, by the records.
    pub elsewhere: Share,
    /// The share of which nothing is known.
    pub unknown: Share,
    /// Why it is not known.
    pub open: Vec<OpenLine>,
    /// What averages rest on, where a circuit lies on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub averages: Option<AveragesLine>,
    /// How much can be of the feed before, where it was drawn from a campaign with a measured heel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heel: Option<Share>,
}

/// What averages rest on.
#[derive(Clone, Debug, Serialize)]
pub struct AveragesLine {
    /// The periods of circuits on the way.
    pub circuits: Vec<CircuitLine>,
    /// Whether a period on the way is not closed, so that the figures can still change.
    pub is_provisional: bool,
    /// Why no average can be formed, if none can.
    pub none: Option<&'static str>,
    /// The share that no row has, on average; where each element began, that of which nothing is known.
    pub rest: Fraction,
}

/// A period of a circuit that lies on the way.
#[derive(Clone, Debug, Serialize)]
pub struct CircuitLine {
    /// The circuit.
    pub circuit: String,
    /// Its facility.
    pub facility: Called<RecordId>,
    /// The close of the period.
    pub close: RecordId,
    /// How shares of the circuit are stated, where that was declared before the period.
    pub method: Option<CircuitMethod>,
    /// What that says of the figures.
    pub means: &'static str,
}

/// One share.
#[derive(Clone, Debug, Serialize)]
pub struct OriginRow {
    /// What it is of, in words.
    pub name: String,
    /// What it is of.
    pub group: Group,
    /// From the least to the most.
    pub share: Share,
    /// On average, where a circuit lies on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average: Option<Fraction>,
    /// The weakest evidence it rests on.
    pub evidence: Option<Grade>,
    /// The records it comes from, sources first.
    pub records: Vec<RecordId>,
}

/// Something that is not known.
#[derive(Clone, Debug, Serialize)]
pub struct OpenLine {
    /// How much of the element it may be.
    pub share: Share,
    /// Why, in words.
    pub why: String,
    /// The record that leaves it open, if it is held.
    pub record: Option<RecordId>,
}

impl OriginScreen {
    /// Returns the origin of `lot`, as it was asked for.
    pub fn new(contents: &Contents<'_>, known: &Known, lot: &LotRef, asked: &OriginAsked) -> Self {
        let graph = contents.graph();
        let mut elements = Vec::new();
        let mut not_in_it = Vec::new();
        let mut views: Vec<(Element, View)> = Vec::new();
        for element in &asked.elements {
            let traced = Traced::new(contents, lot, *element);
            if traced.holds() {
                views.push((*element, View::new(contents, &traced, asked.by, asked.stage)));
            } else {
                not_in_it.push(*element);
            }
        }
        match &asked.whole {
            Some(whole) => {
                let view = whole.view(contents.bands(), &views);
                elements.push(element_origin(graph, known, whole.name(), view));
            }
            None => {
                let one = |(element, view): (Element, View)| {
                    element_origin(graph, known, element.symbol().to_owned(), view)
                };
                elements.extend(views.into_iter().map(one));
            }
        }
        let value = graph.lot(lot);
        let shown = Models::new(graph).of(lot);
        Self {
            lot: known.lot(lot),
            material: value.map(|lot| lot.material.to_string()),
            mass: value.and_then(crate::model::lot::Lot::mass),
            by: asked.by,
            stage: asked.stage,
            elements,
            not_in_it,
            custody_model: ModelLine {
                claimed: value.and_then(|lot| lot.custody_model),
                shown: shown.map(|shown| shown.model),
                is_open: shown.is_none_or(|shown| shown.is_open),
            },
            fingerprint: fingerprint::of_lot(contents, lot),
            bands: contents.bands().hash,
            known: known.clone(),
        }
    }
}

fn element_origin(graph: &Graph, known: &Known, of: String, view: View) -> ElementOrigin {
    let row = |row: Row| OriginRow {
        name: group_name(&row.group, known),
        group: row.group,
        share: row.share,
        average: row.average.map(fraction),
        evidence: row.grade,
        records: row.records,
    };
    let open = view.open.into_iter().map(|open| OpenLine {
        share: open.share,
        why: gap_words(graph, &open.gap),
        record: open.gap.record,
    });
    let averages = view.mixes.map(|mixes| AveragesLine {
        circuits: mixes.circuits.into_iter().map(|one| circuit(one, known)).collect(),
        is_provisional: mixes.is_provisional,
        none: mixes.none,
        rest: fraction(mixes.rest),
    });
    ElementOrigin {
        averages,
        heel: view.heel,
        of,
        amount: view.amount,
        method: "bounds",
        rows: view.rows.into_iter().map(row).collect(),
        elsewhere: view.elsewhere,
        unknown: view.unknown,
        open: open.collect(),
    }
}

/// Says what averages are, and which periods and methods they rest on.
fn write_averages(page: &mut Page, averages: &AveragesLine) {
    let style = page.style();
    let mut circuits: Vec<String> = Vec::new();
    for one in &averages.circuits {
        let line = format!("{} of {} ({})", one.circuit, one.facility.text(style), one.means);
        if !circuits.contains(&line) {
            circuits.push(line);
        }
    }
    let of = if circuits.is_empty() { String::new() } else { format!(" of circuit {}", circuits.join(", ")) };
    let text = match averages.none {
        Some(why) => format!("average: none{of}: {why}"),
        None => format!(
            "average: the mix of each period{of}; what is allowed or barred rests on the shares beside it"
        ),
    };
    page.line(2, &text);
}

fn circuit(passed: Passed, known: &Known) -> CircuitLine {
    let facility = known.facility(&passed.facility);
    let means = passed.words();
    CircuitLine { circuit: passed.circuit, facility, close: passed.close, method: passed.method, means }
}

/// Returns a share to the nearest part per billion.
fn fraction(share: u128) -> Fraction {
    Fraction::from_ppb(u32::try_from((share + WHOLE / 2) / WHOLE).unwrap_or(u32::MAX))
}

/// Returns an average with two digits, since nothing bounds how far off it is: `77 %`, `0.32 %`.
fn two_digits(average: Fraction) -> String {
    let share = u128::from(average.ppb()) * WHOLE;
    let step = 10u128.pow(share.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let at = if share >= ONE { ONE } else { (share + step / 2) / step * step };
    digits::percent(Share { low: at, high: at })
}

fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Consistent => "consistent",
        Fit::Unusual => "unusual, which decides nothing",
        Fit::Impossible => "impossible",
        Fit::NotTested => "not tested",
    }
}

/// Returns an upper end with three digits, rounded up.
fn at_most(mass: Mass) -> String {
    let step = 10u64.pow(mass.mg().checked_ilog10().unwrap_or(0).saturating_sub(2));
    let up = mass.mg().div_ceil(step).saturating_mul(step);
    digits::mass(Interval::exact(Mass::from_mg(up)))
}

/// Returns what a group is called.
pub(super) fn group_name(group: &Group, known: &Known) -> String {
    let style = Style::default();
    match group {
        Group::Country(country) => country.to_string(),
        Group::Region(place) => match place.subdivision {
            Some(_) => place.to_string(),
            None => format!("{place}, no part named"),
        },
        Group::Facility(facility) => known.facility(facility).text(style),
        Group::Papers(place) => format!("{place}, by papers, no facility named"),
        Group::Party(party) => known.party(party).text(style),
        Group::Maker(name) => format!("{name}, by papers"),
        Group::NoMaker => "papers that name nobody".to_owned(),
        Group::Stage(stage) => format!("{stage} {}", stage.title()),
        Group::Class(class) => class.to_string(),
        Group::NoClass => "no class stated".to_owned(),
        Group::Grade(one) => grade(*one).to_owned(),
        Group::Withheld(party) => format!("withheld by {}", known.party(party).text(style)),
        Group::NotHeld(facility) => format!("facility not held: {}", facility.short()),
    }
}

/// Whether a share is no more than rounding leaves over.
pub(super) fn is_next_to_nothing(share: u128) -> bool {
    share < FINEST
}

/// Returns a share as people read it, with no more digits than its ends allow.
pub(super) fn words(share: Share) -> String {
    // What only rounding makes a little less than all, or more than nothing, is written as one figure.
    let finest = FINEST;
    if share.high - share.low.min(share.high) < finest {
        let middle = share.low + (share.high - share.low) / 2;
        let at = (middle + finest / 2) / finest * finest;
        return digits::percent(Share { low: at, high: at });
    }
    digits::percent(share)
}

impl Screen for OriginScreen {
    const NAME: &'static str = "origin";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        let by = self.by.name().replace('_', " ");
        let at = match (self.stage, self.by) {
            (Some(stage), _) => format!("by {by} at {stage}, {}", stage.title()),
            (None, By::Stage) => "by stage".to_owned(),
            (None, By::Class) => "by class, as it entered".to_owned(),
            (None, _) => format!("by {by} where each element came out of the ground or was collected"),
        };
        page.heading(&format!("Origin of {}: {at}", self.lot.text(style)));
        let mut what: Vec<String> = Vec::new();
        what.extend(self.mass.map(|mass| mass.to_string()));
        what.extend(self.material.clone());
        page.line(2, &what.join(", "));
        page.line(
            2,
            "Shares are the least and the most that the records leave possible, of the element in the lot.",
        );
        for one in &self.elements {
            self.element(page, one);
        }
        if self.elements.is_empty() && self.not_in_it.is_empty() {
            page.blank();
            page.line(
                2,
                "Nothing says which elements it holds: no material code names one, and none was measured.",
            );
        }
        for element in &self.not_in_it {
            page.blank();
            page.line(2, &format!("{element}: it holds none, by its material code and what was measured"));
        }
        self.custody(page);
        self.feed(page);
    }
}

impl OriginScreen {
    fn element(&self, page: &mut Page, one: &ElementOrigin) {
        let amount = match (one.amount.low, one.amount.most()) {
            (0, Some(most)) => format!("how much is not determined, at most {most}"),
            (0, None) => "how much is not determined".to_owned(),
            _ => digits::mass(one.amount),
        };
        page.heading(&format!("{}: {amount}", one.of));
        let head = ["share", "average", self.by.name(), "weakest evidence", "rests on"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for row in &one.rows {
            rows.push(vec![
                words(row.share),
                row.average.map(two_digits).unwrap_or_default(),
                row.name.clone(),
                row.evidence.map_or("as it is stated", grade).to_owned(),
                self.records(&row.records, page.style()),
            ]);
        }
        if !is_next_to_nothing(one.elsewhere.low)
            || self.stage.is_some() && !is_next_to_nothing(one.elsewhere.high)
        {
            let name = "did not pass it, by the records".to_owned();
            rows.push(vec![words(one.elsewhere), String::new(), name, String::new(), String::new()]);
        }
        if !is_next_to_nothing(one.unknown.high) || rows.len() == 1 {
            let averages = one.averages.as_ref().filter(|one| self.stage.is_none() && one.none.is_none());
            let average = averages.map(|averages| two_digits(averages.rest));
            let name = "not known".to_owned();
            rows.push(vec![
                words(one.unknown),
                average.unwrap_or_default(),
                name,
                String::new(),
                String::new(),
            ]);
        }
        if one.rows.iter().all(|row| row.average.is_none()) {
            rows.iter_mut().for_each(|row| drop(row.remove(1)));
        }
        page.table(2, &[Lean::Left; 5][..rows[0].len()], &rows);
        if let Some(averages) = one.averages.as_ref().filter(|_| self.by != By::Class) {
            write_averages(page, averages);
        }
        if let Some(heel) = one.heel.filter(|heel| heel.high > 0) {
            let most = words(Share { low: heel.high, high: heel.high });
            page.line(2, &format!("heel: at most {most} was in the circuit before its feed was changed"));
        }
        for open in &one.open {
            let (share, why) = (words(open.share), &open.why);
            page.hanging("  not known: ", "    ", &format!("{share}: {why}"));
        }
    }

    fn records(&self, records: &[RecordId], style: Style) -> String {
        let shown = if style.ids { records.len() } else { NAMED };
        let named = records.iter().take(shown).map(|id| match style.ids {
            true => format!("{} [{id}]", self.known.record(id)),
            false => self.known.record(id),
        });
        let mut named: Vec<String> = named.collect();
        if records.len() > shown {
            named.push(format!("{} more", records.len() - shown));
        }
        named.join(", ")
    }

    fn custody(&self, page: &mut Page) {
        let name = |model: CustodyModel| model.name().replace('_', " ");
        let line = &self.custody_model;
        let (Some(claimed), Some(shown)) = (line.claimed, line.shown) else { return };
        page.heading("Custody model");
        let open = if line.is_open { " at most, since not all behind it is known" } else { "" };
        page.line(2, &format!("called {}; the records show {}{open}", name(claimed), name(shown)));
    }

    fn feed(&self, page: &mut Page) {
        if self.fingerprint.is_empty() {
            return;
        }
        let first = &self.fingerprint[0].deposits;
        let of = if first.is_empty() { String::new() } else { format!(" of {}", first.join(", ")) };
        page.heading(&format!("Rare earths in it, beside the most that its feed{of} can have brought"));
        let head = ["element", "in it", "feed, by its assays", "by its profile", "fit"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for one in &self.fingerprint {
            let most = |most: Option<Mass>| most.map_or_else(String::new, at_most);
            rows.push(vec![
                one.elements.to_string(),
                digits::mass(one.holds),
                one.most.map_or_else(|| "not bounded".to_owned(), |_| most(one.most)),
                most(one.usual),
                fit(one.fit).to_owned(),
            ]);
        }
        page.table(2, &[Lean::Left; 5], &rows);
    }
}
