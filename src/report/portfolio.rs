//! Everything received in a period: shares of each element by stage and country, recycled content, and rules about it.

use serde::Serialize;

use super::known::{Called, Known};
use super::origin::words;
use super::page::{Lean, Page};
use super::rules;
use super::screen::Screen;
use super::verify::verdict_line;
use crate::custody::names;
use crate::custody::touch::Grade;
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::day::{Day, Period};
use crate::model::digits;
use crate::model::element::Element;
use crate::model::interval::{Interval, Share};
use crate::model::place::Country;
use crate::model::stage::Stage;
use crate::model::verdict::Verdict;
use crate::rules::portfolio::{ElementShares, RecycledShare, StageShares};
use crate::rules::{Over, Pack, RuleVerdict};
use crate::verify::{PackLine, traced_elements};

/// What is asked of a portfolio.
#[derive(Clone, Debug)]
pub struct PortfolioAsked {
    /// The day that decides which text applies.
    pub as_of: Day,
    /// The day on which it is asked.
    pub today: Day,
    /// Which elements; all that something received is known to hold where none is named.
    pub elements: Vec<Element>,
    /// Countries that count as home.
    pub home: Vec<Country>,
}

/// What a party received in a period.
#[derive(Clone, Debug, Serialize)]
pub struct PortfolioScreen {
    /// Who received it.
    party: Called<PartyId>,
    /// First and last day.
    period: Period,
    /// The day that decides which text applies.
    as_of: Day,
    /// How many lots were received.
    lots: usize,
    /// The worst verdict of the rules that decide.
    verdict: Verdict,
    /// Countries that count as home.
    home: Vec<Country>,
    elements: Vec<ElementLine>,
    /// What each rule about a period says.
    rules: Vec<RuleVerdict>,
    packs: Vec<PackLine>,
    /// What to know about what counts.
    notes: Vec<String>,
    /// Hash of the constants and bands that were used.
    bands: Hash,
}

/// One element.
#[derive(Clone, Debug, Serialize)]
struct ElementLine {
    element: Element,
    /// How much of it was received.
    amount: Interval,
    stages: Vec<StageLine>,
    /// Shares of what was collected.
    recycled: RecycledShare,
}

/// One stage.
#[derive(Clone, Debug, Serialize)]
struct StageLine {
    stage: Stage,
    /// How much passed it, or may have.
    passed: Interval,
    /// How much did not, by the records.
    not_passed: Interval,
    /// Shares of what passed it.
    countries: Vec<CountryLine>,
    /// What passed where nobody tells, or may have passed.
    unknown: Share,
    /// The share that passed it at home.
    at_home: Share,
}

/// One country.
#[derive(Clone, Debug, Serialize)]
struct CountryLine {
    country: Country,
    /// From the least that is shown to the most that is possible, what is unknown included.
    share: Share,
    /// How much of it is told.
    mass: Interval,
    /// The weakest evidence it rests on.
    evidence: Grade,
    /// Records it rests on, at most 20.
    records: Vec<RecordId>,
}

impl PortfolioScreen {
    /// Returns what was received, and what the rules of `packs` about a period say of it.
    pub fn new(over: &Over<'_>, known: &Known, asked: &PortfolioAsked, packs: &[Pack]) -> Self {
        let portfolio = over.portfolio();
        let graph = over.graph();
        let mut elements = asked.elements.clone();
        if elements.is_empty() {
            let lots = portfolio.receipts.iter().filter_map(|one| Some((one.lot, graph.lot(&one.lot)?)));
            elements = lots.flat_map(|(at, lot)| traced_elements(graph, &at, lot)).collect();
            elements.sort_unstable();
            elements.dedup();
        }
        let rules = over.judge(packs, &Default::default());
        let mut notes = over.notes();
        if portfolio.period.last > asked.today {
            notes.push(format!("the period runs to {}: more may still be received", portfolio.period.last));
        }
        if rules.is_empty() {
            notes.push("no rule of the packs asked is about a period".to_owned());
        }
        Self {
            party: known.party(&portfolio.party),
            period: portfolio.period,
            as_of: asked.as_of,
            lots: portfolio.receipts.len(),
            verdict: {
                let deciding = rules.iter().filter(|rule| rule.severity.decides());
                Verdict::worst(deciding.map(|rule| rule.verdict))
            },
            home: asked.home.clone(),
            elements: elements
                .into_iter()
                .map(|element| ElementLine::of(over.element(element, &asked.home)))
                .collect(),
            packs: packs.iter().map(PackLine::from).collect(),
            rules,
            notes,
            bands: over.bands_hash(),
        }
    }

    /// Returns the worst verdict of the rules that decide.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}

impl ElementLine {
    fn of(shares: ElementShares) -> Self {
        let stage = |one: StageShares| StageLine {
            stage: one.stage,
            passed: one.countries.mass,
            not_passed: one.countries.not_passed,
            unknown: one.countries.unknown,
            at_home: one.at_home,
            countries: one
                .countries
                .groups
                .into_iter()
                .map(|group| CountryLine {
                    country: group.group,
                    share: group.share,
                    mass: group.mass,
                    evidence: group.grade,
                    records: group.records,
                })
                .collect(),
        };
        Self {
            element: shares.element,
            amount: shares.amount,
            stages: shares.stages.into_iter().map(stage).collect(),
            recycled: shares.recycled,
        }
    }
}

impl StageLine {
    /// Writes its row: the stage, what passed, the countries, home and what is unknown.
    fn row(&self) -> Vec<String> {
        let country = |one: &CountryLine| format!("{} {}", one.country, words(one.share));
        let countries: Vec<String> = self.countries.iter().map(country).collect();
        let unknown = if self.unknown.high == 0 { "none".to_owned() } else { words(self.unknown) };
        vec![
            format!("{} {}", self.stage, self.stage.title()),
            digits::mass(self.passed),
            if countries.is_empty() { "none told".to_owned() } else { countries.join(", ") },
            words(self.at_home),
            unknown,
        ]
    }
}

impl Screen for PortfolioScreen {
    const NAME: &'static str = "portfolio";

    fn write(&self, page: &mut Page) {
        let style = page.style();
        page.heading(&format!("Received by {} in {}", self.party.text(style), self.period));
        let home: Vec<String> = self.home.iter().map(Country::to_string).collect();
        page.line(
            2,
            &format!(
                "{}, judged for {}; home is {}",
                names::count(self.lots, "lot"),
                self.as_of,
                home.join(", ")
            ),
        );
        page.line(
            2,
            "Shares are the least and the most that the records leave possible, of the element by mass, of what passed \
             the stage.",
        );
        for note in &self.notes {
            page.hanging("  note: ", "        ", note);
        }
        for one in &self.elements {
            page.heading(&format!("{}, {}", one.element.symbol(), digits::mass(one.amount)));
            let head = ["stage", "passed", "countries", "home", "unknown"].map(str::to_owned).to_vec();
            let rows: Vec<Vec<String>> =
                std::iter::once(head).chain(one.stages.iter().map(StageLine::row)).collect();
            page.table(2, &[Lean::Left; 5], &rows);
            page.line(
                2,
                &format!(
                    "recycled: {} post-consumer, {} with manufacturing waste",
                    words(one.recycled.post_consumer),
                    words(one.recycled.any)
                ),
            );
        }
        if !self.rules.is_empty() {
            page.heading("Rules about the period");
            verdict_line(page, self.verdict, "all that decide");
            rules::verdicts(page, &self.rules, &|_, _| String::new());
        }
        if style.ids {
            page.line(2, &format!("bands {}", self.bands));
        }
    }
}
