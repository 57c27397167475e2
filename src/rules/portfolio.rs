//! Judging what a party received in a period: shares over all of it by country, stage and class, and rules about them.
//!
//! Every share is an interval: mass of an element in each lot between two ends, times the share of it that went some
//! way. Spec: docs/origin.md, "Portfolios"; docs/formats/rule-pack.md, "Portfolios".

mod domestic;
mod holding;
mod passed;
mod recycled;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub(super) use self::domestic::of_mined;
pub(super) use self::holding::Holding;
pub(super) use self::passed::{Asked, Counting};
pub use self::passed::{GroupShare, Passed};
pub(super) use self::recycled::of_class;
pub use self::recycled::{Recycled, RecycledShare};
use super::as_of::AsOf;
use super::facts::Facts;
use super::implied::Makes;
use super::judge::{self, Input};
use super::kind::needs::Least;
use super::kind::{AskedOver, Outcome};
use super::pack::{Applies, Pack, Rule, Scope};
use super::told::{Side, told};
use super::verdict::{ReasonCode, RuleVerdict};
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::custody::graph::Graph;
use crate::custody::names;
use crate::custody::touch::{Touch, TouchPlace};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::day::{Day, Period};
use crate::model::element::Element;
use crate::model::interval::{Interval, ONE, Share};
use crate::model::place::Country;
use crate::model::stage::Stage;
use crate::model::time::Timestamp;
use crate::origin::portfolio::{Counts, Portfolio, Receipt};
use crate::origin::traced::Traced;
use crate::trust::Trust;

/// What a portfolio is judged on.
#[derive(Clone, Copy, Debug)]
pub struct PortfolioInput<'a> {
    /// Everything that is held.
    pub graph: &'a Graph,
    /// Who received it.
    pub party: PartyId,
    /// When.
    pub period: Period,
    /// The day that decides which text applies.
    pub as_of: Day,
    /// The claimed time of the last record held of each party; see [`super::last_claimed`].
    pub claimed: &'a BTreeMap<PartyId, Timestamp>,
    /// Whom the reader believes.
    pub trust: &'a Trust,
    /// Constants and bands that contents are computed with.
    pub bands: &'a Bands,
}

/// What is known of one element of a portfolio.
#[derive(Clone, Debug)]
pub struct ElementShares {
    /// The element.
    pub element: Element,
    /// How much of it was received.
    pub amount: Interval,
    /// The stages that some of it passed, or must have passed.
    pub stages: Vec<StageShares>,
    /// How much of it is recycled.
    pub recycled: RecycledShare,
}

/// What is known of one element at one stage.
#[derive(Clone, Debug)]
pub struct StageShares {
    /// The stage.
    pub stage: Stage,
    /// Shares by country of what passed it.
    pub countries: Passed<Country>,
    /// The share that passed it at home.
    pub at_home: Share,
}

/// A portfolio with everything that questions about it share.
pub struct Over<'a> {
    input: PortfolioInput<'a>,
    contents: Contents<'a>,
    portfolio: Portfolio,
    all: HashSet<RecordId>,
    makes: Makes,
}

impl<'a> Over<'a> {
    /// Gathers what was received.
    pub fn new(input: &PortfolioInput<'a>) -> Self {
        let portfolio = Portfolio::of(input.graph, input.party, input.period);
        Self {
            input: *input,
            contents: Contents::new(input.graph, input.bands),
            all: portfolio.all_receipts(input.graph),
            portfolio,
            makes: Makes::default(),
        }
    }

    /// Returns what was received.
    pub fn portfolio(&self) -> &Portfolio {
        &self.portfolio
    }

    /// Returns the hash of the constants and bands that contents are computed with.
    pub fn bands_hash(&self) -> Hash {
        self.input.bands.hash
    }

    /// Returns everything that is held.
    pub fn graph(&self) -> &'a Graph {
        self.input.graph
    }

    pub(super) fn contents(&self) -> &Contents<'a> {
        &self.contents
    }

    pub(super) fn makes(&self) -> &Makes {
        &self.makes
    }

    /// Returns how much of an element was received.
    pub fn amount(&self, element: Element) -> Interval {
        let mass = |receipt: &Receipt| self.contents.in_lot(&receipt.lot, element);
        self.portfolio.receipts.iter().map(mass).sum()
    }

    /// Returns what is known of one element of everything that was received.
    pub fn element(&self, element: Element, home: &[Country]) -> ElementShares {
        let holdings = self.holdings(None, element);
        let amount = holdings.iter().map(|holding| holding.counted()).sum();
        let of_stage = |stage: &Stage| {
            let asked = Asked {
                stages: std::slice::from_ref(stage),
                processes: &[],
                evidence: Least::Stated,
                counting: Counting::WhatPassed,
            };
            let countries = asked.over(self.graph(), &self.makes, &holdings, country);
            // A stage that nothing names and no form needs is not asked about.
            let is_shown = !countries.groups.is_empty()
                || holdings.iter().any(|holding| holding.misses(*stage)) && countries.unknown.high > 0;
            let is_home = |touch: &Touch| country(touch).map(|one| home.contains(&one));
            let at_home = asked.over(self.graph(), &self.makes, &holdings, is_home);
            let unknown = Share { low: 0, high: at_home.unknown.high };
            let at_home = at_home.groups.iter().find(|one| one.group).map_or(unknown, |one| one.share);
            is_shown.then_some(StageShares { stage: *stage, countries, at_home })
        };
        let of = |class| of_class(&self.contents, &holdings, class, Least::Stated);
        ElementShares {
            element,
            amount,
            stages: Stage::ALL.iter().filter_map(of_stage).collect(),
            recycled: RecycledShare {
                post_consumer: of(Recycled::PostConsumer),
                any: of(Recycled::PreOrPostConsumer),
            },
        }
    }

    /// Returns each lot received that can hold the element and that a rule is about.
    pub(super) fn holdings(&self, rule: Option<&Rule>, element: Element) -> Vec<Holding> {
        self.portfolio.receipts.iter().filter_map(|receipt| self.holding(rule, receipt, element)).collect()
    }

    fn holding(&self, rule: Option<&Rule>, receipt: &Receipt, element: Element) -> Option<Holding> {
        let lot = self.graph().lot(&receipt.lot)?;
        let applies = rule.map_or(Applies::Yes, |rule| rule.applies_to(&lot.material));
        let mass = self.contents.in_lot(&receipt.lot, element);
        if applies == Applies::No || mass.high == 0 {
            return None;
        }
        let traced = Traced::new(&self.contents, &receipt.lot, element);
        if !traced.holds() {
            return None;
        }
        let doubt = match applies {
            Applies::Open => ONE,
            _ => self.portfolio.doubt(&self.contents, receipt, &traced, &self.all),
        };
        let facts = self.facts(receipt);
        Some(Holding::new(&facts, traced, mass, doubt))
    }

    fn facts(&self, receipt: &Receipt) -> Facts<'a> {
        Facts::new(&Input {
            graph: self.input.graph,
            lot: receipt.lot,
            as_of: AsOf { day: self.input.as_of, is_asked: true, case: None },
            claimed: self.input.claimed,
            trust: self.input.trust,
            bands: self.input.bands,
            later: None,
            thing: None,
            findings: &[],
        })
    }

    /// Judges it by every rule of `packs` that is about portfolios, in the order of the packs.
    ///
    /// `disabled` reasons are left out, for tests that show that each code matters; it is empty otherwise.
    pub fn judge(&self, packs: &[Pack], disabled: &BTreeSet<ReasonCode>) -> Vec<RuleVerdict> {
        let rules = packs.iter().flat_map(|pack| pack.file.rules.iter().map(move |rule| (pack, rule)));
        let asked = rules.filter(|(_, rule)| rule.scope == Scope::Portfolio);
        asked.map(|(pack, rule)| self.of_rule(pack, rule, disabled)).collect()
    }

    fn of_rule(&self, pack: &Pack, rule: &Rule, disabled: &BTreeSet<ReasonCode>) -> RuleVerdict {
        let as_of = self.input.as_of;
        let outcome = judge::not_in_force(pack, rule, as_of).unwrap_or_else(|| self.outcome(pack, rule));
        let side = Side { note: None, trust_hash: self.input.trust.hash, case_hash: None };
        // Waivers name lots, and this is about many.
        told(pack, rule, side, as_of, outcome, disabled, None)
    }

    fn outcome(&self, pack: &Pack, rule: &Rule) -> Outcome {
        let mut outcome = match self.portfolio.receipts.is_empty() {
            true => Outcome::not_applicable(format!("nothing was received in {}", self.input.period)),
            false => {
                let asked = AskedOver { over: self, pack, rule, as_of: self.input.as_of };
                rule.check.kind().judge_portfolio(&asked).unwrap_or_else(|| {
                    let kind = rule.check.name();
                    Outcome::not_applicable(format!("`{kind}` asks about single lots, not about a period"))
                })
            }
        };
        let party = &self.input.party;
        if !judge::is_whole(self.graph(), party) {
            outcome.reasons.push(judge::whole_chain_needed(self.graph(), party));
        }
        if !outcome.not_applicable {
            outcome.notes.extend(self.notes());
        }
        outcome
    }

    /// Returns what to know about which lots count.
    pub fn notes(&self) -> Vec<String> {
        let number = |counts| self.portfolio.receipts.iter().filter(|one| one.counts == counts).count();
        let mut notes = Vec::new();
        for (counts, why) in [
            (
                Counts::Straddles,
                "received over days on both sides of an end of the period: each may count or not",
            ),
            (Counts::DayWithheld, "received on a day that is withheld: each may count or not"),
            (Counts::CameBack, "made of something received before: what may be counted already is left open"),
        ] {
            let number = number(counts);
            if number > 0 {
                notes.push(format!("{} {why}", names::count(number, "lot")));
            }
        }
        if self.portfolio.own > 0 {
            notes.push(format!(
                "{} that the party had sent itself are left out",
                names::count(self.portfolio.own, "lot")
            ));
        }
        notes
    }
}

/// Returns the country of a step; `None` where that is not told.
fn country(touch: &Touch) -> Option<Country> {
    match &touch.place {
        TouchPlace::At { place, .. } => Some(place.country),
        _ => None,
    }
}
