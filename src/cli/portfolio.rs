//! `portfolio`: everything a party received in a period: shares by country and stage, recycled content, and rules
//! about it.

use std::path::PathBuf;

use super::context::Context;
use super::evidence::{self, Held};
use super::failure::{Exit, Failure};
use super::reader::ReaderArgs;
use super::verify::exit_of;
use crate::hash::PartyId;
use crate::ledger::Ledger;
use crate::model::day::{Day, Period};
use crate::model::element::{Element, ElementError};
use crate::model::nearest::nearest;
use crate::model::place::Country;
use crate::report::{PortfolioAsked, PortfolioScreen};
use crate::rules::pack::Scope;
use crate::rules::{Over, Pack, PortfolioInput, last_claimed, named};

/// Flags of `portfolio`.
#[derive(clap::Args)]
#[command(
    about = "Show from where everything received in a period came, and what rules about a period say",
    after_help = "Example:\n  lodemark portfolio\n  lodemark portfolio --period 2026-01-01..2026-12-31 --home DE --home FR\n  lodemark portfolio --element Nd --pack eu-crma-benchmarks"
)]
pub struct Args {
    /// First and last day; this calendar year unless given
    #[arg(long, value_name = "FROM..TO")]
    period: Option<Period>,
    /// Who received it, by name or id; the ledger's own party unless given
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// Export files to read instead of the ledger
    #[arg(long = "in", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only this element; may be given more than once
    #[arg(long, value_name = "ELEMENT")]
    element: Vec<String>,
    /// A country that counts as home; the party's own unless given
    #[arg(long, value_name = "COUNTRY")]
    home: Vec<Country>,
    #[command(flatten)]
    reader: ReaderArgs,
}

impl Args {
    /// Shows the shares and what the rules say.
    ///
    /// # Errors
    /// [`Failure`] for an unknown party or element, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let today = context.today()?;
        let period = self.period.map_or_else(|| year_of(today), Ok)?;
        let elements = self.element.iter().map(|given| element(given)).collect::<Result<Vec<_>, _>>()?;
        let reader = self.reader.read(context)?;
        let packs = match self.reader.names_packs() {
            true => reader.packs.clone(),
            false => about_periods()?,
        };
        let held = evidence::gather(context, &self.files)?;
        let graph = &held.examined.graph;
        let party = self.party(context, &held)?;
        let home = match self.home.is_empty() {
            true => graph.party(&party).map(|(_, establish)| establish.country).into_iter().collect(),
            false => self.home.clone(),
        };
        let claimed = last_claimed(graph);
        let as_of = self.reader.as_of.unwrap_or(period.last.min(today));
        let input = PortfolioInput {
            graph,
            party,
            period,
            as_of,
            claimed: &claimed,
            trust: &reader.trust,
            bands: &reader.bands,
        };
        let asked = PortfolioAsked { as_of, today, elements, home };
        let screen = PortfolioScreen::new(&Over::new(&input), &held.known, &asked, &packs);
        let exit = exit_of(screen.verdict());
        context.print(&screen)?;
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(exit)
    }

    /// Returns who is meant: by name or id, else whose ledger it is.
    fn party(&self, context: &Context, held: &Held) -> Result<PartyId, Failure> {
        let graph = &held.examined.graph;
        let all = || graph.records().iter().map(|record| record.author);
        let name = |id: &PartyId| held.known.party(id).name;
        let Some(given) = &self.party else {
            let own = match self.files.is_empty() {
                true => Ledger::open(&context.ledger)?.party(),
                false => None,
            };
            return own.ok_or_else(|| {
                let mut names: Vec<String> = all().filter_map(|id| name(&id)).collect();
                names.sort_unstable();
                names.dedup();
                let hint = format!("write `--party`; parties here are {}", names.join(", "));
                Failure::usage("files do not say whose portfolio is meant", Some(hint))
            });
        };
        let is_meant = |id: &PartyId| {
            name(id).as_deref() == Some(given)
                || (given.len() >= 16 && id.to_string().starts_with(given.as_str()))
        };
        let mut found: Vec<PartyId> = all().filter(is_meant).collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [party] => Ok(party),
            [] => {
                let names: Vec<String> = all().filter_map(|id| name(&id)).collect();
                let near = nearest(given, names.iter().map(String::as_str));
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                Err(Failure::usage(format!("no party here is called `{given}`"), hint))
            }
            _ => {
                let ids: Vec<String> = found.iter().take(8).map(PartyId::short).collect();
                let hint = format!("write one of {}", ids.join(", "));
                Err(Failure::usage(format!("`{given}` is the name of {} parties", found.len()), Some(hint)))
            }
        }
    }
}

/// Returns the calendar year of a day.
fn year_of(day: Day) -> Result<Period, Failure> {
    let year = day.to_string()[..4].to_owned();
    format!("{year}-01-01..{year}-12-31")
        .parse()
        .map_err(|error| Failure::stopped(format!("the year of {day}: {error}"), None))
}

/// Returns the packs that come with the program, are law or follow none, and have a rule about periods.
fn about_periods() -> Result<Vec<Pack>, Failure> {
    let all = named("all").map_err(|hint| Failure::stopped("no pack is built in", Some(hint)))?;
    let is_about = |pack: &Pack| pack.file.rules.iter().any(|rule| rule.scope == Scope::Portfolio);
    Ok(all.into_iter().filter(is_about).collect())
}

fn element(given: &str) -> Result<Element, Failure> {
    given.parse().map_err(|error: ElementError| {
        let hint = error.hint().unwrap_or_else(|| "write its symbol, such as `Nd`".to_owned());
        Failure::usage(error.to_string(), Some(hint))
    })
}
