//! `balance`: what was there, came in, went out and is left of each element, in a plant, a circuit or an event.

use std::path::PathBuf;

use super::context::Context;
use super::evidence::{self, Held};
use super::failure::{Exit, Failure};
use super::reader;
use crate::balance::account;
use crate::balance::bands::Bands;
use crate::balance::content::Contents;
use crate::balance::{plant, step};
use crate::custody::accounts::state::Counted;
use crate::custody::accounts::{Account, circuit_of};
use crate::custody::{graph, names};
use crate::hash::RecordId;
use crate::model::day::Period;
use crate::model::nearest::nearest;
use crate::report::BalanceScreen;

/// Flags of `balance`.
#[derive(clap::Args)]
#[command(
    about = "Balance each element of a plant, a circuit, or the event that made a lot",
    after_help = "Example:\n  lodemark balance MAG-1\n  lodemark balance \"Extraction hall\" --period 2026-01-01..2026-06-30\n  lodemark balance \"Extraction hall\" SX\n  lodemark balance \"Extraction hall/SX\" --in plant.lode"
)]
pub struct Args {
    /// Lot, or facility by name; with `/CIRCUIT` behind it a circuit
    #[arg(value_name = "LOT|FACILITY")]
    what: String,
    /// Circuit of the facility, by name
    #[arg(value_name = "CIRCUIT")]
    circuit: Option<String>,
    /// First and last day; everything that is held unless given
    #[arg(long, value_name = "FROM..TO")]
    period: Option<Period>,
    /// Export files to read instead of the ledger
    #[arg(long = "in", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Constants and bands, in place of those that are built in
    #[arg(long, value_name = "FILE")]
    bands: Option<PathBuf>,
}

impl Args {
    /// Shows the balance.
    ///
    /// # Errors
    /// [`Failure`] for a name that nothing has, a period in which nothing happened, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let bands = self.bands.as_deref().map_or_else(|| Ok(Bands::embedded()), reader::read_bands)?;
        let held = evidence::gather(context, &self.files)?;
        let contents = Contents::new(&held.examined.graph, &bands);
        let screen = match self.account(&held)? {
            Some(account) => self.of_account(&held, &contents, account)?,
            None => match self.facility(&held)? {
                Some(facility) => self.of_plant(&held, &contents, facility)?,
                None => self.of_lot(&held, &contents)?,
            },
        };
        context.print(&screen)?;
        for refused in &held.examined.refused {
            context.warn(&format!("{} is not used: {}", refused.source, refused.why), None);
        }
        Ok(Exit::Done)
    }

    /// Returns the circuit meant, where one is named beside or behind its facility.
    fn account<'h>(&self, held: &'h Held) -> Result<Option<&'h Account>, Failure> {
        let (place, circuit) = match (&self.circuit, self.what.rsplit_once('/')) {
            (Some(circuit), _) => (self.what.as_str(), circuit.as_str()),
            (None, Some((place, circuit))) if !is_facility(held, &self.what) => (place, circuit),
            _ => return Ok(None),
        };
        let accounts = || held.examined.graph.accounts().list().iter();
        let there: Vec<&Account> =
            accounts().filter(|account| is_called(held, &account.facility, place)).collect();
        if there.is_empty() {
            let names: Vec<String> =
                accounts().filter_map(|account| held.known.facility(&account.facility).name).collect();
            return Err(unknown("facility with a circuit", place, &names));
        }
        match there.iter().find(|account| account.circuit == circuit) {
            Some(account) => Ok(Some(account)),
            None => {
                let names: Vec<String> = there.iter().map(|account| account.circuit.clone()).collect();
                Err(unknown("circuit", circuit, &names))
            }
        }
    }

    /// Returns the facility meant; none where a lot may be.
    fn facility(&self, held: &Held) -> Result<Option<RecordId>, Failure> {
        let mut found: Vec<RecordId> =
            facilities(held).filter(|id| is_called(held, id, &self.what)).collect();
        found.sort_unstable();
        match found[..] {
            [facility] => Ok(Some(facility)),
            [] => Ok(None),
            _ => {
                let ids: Vec<String> = found.iter().take(8).map(RecordId::short).collect();
                let hint = format!("write one of {}", ids.join(", "));
                let error = format!("`{}` is the name of {} facilities", self.what, found.len());
                Err(Failure::usage(error, Some(hint)))
            }
        }
    }

    /// Returns the balance of the event that made a lot, whoever has the lot now.
    fn of_lot(&self, held: &Held, contents: &Contents<'_>) -> Result<BalanceScreen, Failure> {
        let graph = &held.examined.graph;
        let asked = held.lot(&self.what).map_err(|failure| {
            let names: Vec<String> =
                facilities(held).filter_map(|id| held.known.facility(&id).name).collect();
            match nearest(&self.what, names.iter().map(String::as_str)) {
                Some(near) if failure.exit == Exit::Usage => Failure::usage(
                    format!("no facility or lot here is called `{}`", self.what),
                    Some(format!("did you mean `{near}`?")),
                ),
                _ => failure,
            }
        })?;
        if self.period.is_some() {
            let hint = "a lot is balanced against what it was made of; leave `--period` out";
            return Err(Failure::usage(
                format!("`{}` is a lot and has no period", self.what),
                Some(hint.into()),
            ));
        }
        let mut lot = asked;
        let mut seen = std::collections::HashSet::new();
        while let Some(record) =
            graph.creator(&lot).filter(|one| one.event.body.is_pairwise() && seen.insert(one.id))
        {
            let Some(input) = graph::inputs(record).get(lot.index as usize) else { break };
            lot = input.lot;
        }
        let record = graph.creator(&lot).ok_or_else(|| {
            let hint = "import the chain of whoever made it";
            Failure::usage(format!("the record that made `{}` is not held", self.what), Some(hint.into()))
        })?;
        let nothing = |hint: String| {
            let made = names::record(graph, record);
            Failure::usage(
                format!("`{}` was made by {made}: there is nothing to balance", self.what),
                Some(hint),
            )
        };
        if let Some((at, circuit)) = circuit_of(&record.event.body) {
            let place =
                at.facility.shown().map(|id| held.known.facility(id).name.unwrap_or_else(|| id.short()));
            let place = place.unwrap_or_else(|| "FACILITY".to_owned());
            return Err(nothing(format!("it came out of a circuit: try `balance \"{place}/{circuit}\"`")));
        }
        let step = step::of_record(contents, record).ok_or_else(|| {
            nothing(
                "a lot that came in is balanced with the plant; elements have to be determined".to_owned(),
            )
        })?;
        Ok(BalanceScreen::of_lot(&held.known, graph, &asked, step))
    }

    fn of_plant(
        &self,
        held: &Held,
        contents: &Contents<'_>,
        facility: RecordId,
    ) -> Result<BalanceScreen, Failure> {
        let name = held.known.facility(&facility).name.unwrap_or_else(|| facility.short());
        let plants = plant::plants(contents);
        let days = plants.get(&facility).and_then(|plant| plant.days());
        let all = days.map(|(first, last)| Period { first, last, offset: None });
        let is_asked =
            |all: Period| self.period.is_none_or(|asked| asked.first <= all.last && all.first <= asked.last);
        let Some(plant) = plants.get(&facility).filter(|_| all.is_none_or(is_asked)) else {
            let hint = all.map(|all| format!("what is held is of {all}"));
            let when = self.period.map(|period| format!(" in {period}")).unwrap_or_default();
            return Err(Failure::usage(format!("nothing that is held happened at `{name}`{when}"), hint));
        };
        let elements = plant::balance(plant, contents, self.period);
        Ok(BalanceScreen::of_plant(&held.known, &facility, self.period, all, &elements))
    }

    fn of_account(
        &self,
        held: &Held,
        contents: &Contents<'_>,
        account: &Account,
    ) -> Result<BalanceScreen, Failure> {
        let graph = &held.examined.graph;
        let all = account::periods(contents, account);
        let lies = |period: Period| self.period.is_none_or(|asked| asked.covers(&period));
        let shown: Vec<usize> =
            (0..all.len()).filter(|number| all[*number].period.map_or(self.period.is_none(), lies)).collect();
        if shown.is_empty() {
            let periods: Vec<String> =
                all.iter().filter_map(|closed| Some(closed.period?.to_string())).collect();
            let when = self.period.map(|period| format!(" within {period}")).unwrap_or_default();
            let hint = match periods.is_empty() {
                true => "`close-period` closes one with the stock that was measured".to_owned(),
                false => format!("closed are {}", periods.join(", ")),
            };
            let error = format!("circuit `{}` has no closed period{when}", account.circuit);
            return Err(Failure::usage(error, Some(hint)));
        }
        let records = account.charges.iter().chain(&account.draws).map(|at| &graph.records()[*at]);
        let open = records.filter(|record| {
            graph.withdrawn(&record.id).is_none() && account.counted(graph, record) == Counted::Open
        });
        let of = (&account.facility, account.circuit.as_str());
        Ok(BalanceScreen::of_account(&held.known, of, self.period, (&all, &shown), open.count()))
    }
}

fn facilities(held: &Held) -> impl Iterator<Item = RecordId> + '_ {
    let graph = &held.examined.graph;
    graph.records().iter().map(|record| record.id).filter(|id| graph.facility(id).is_some())
}

fn is_facility(held: &Held, given: &str) -> bool {
    facilities(held).any(|id| is_called(held, &id, given))
}

fn is_called(held: &Held, facility: &RecordId, given: &str) -> bool {
    held.known.facility(facility).name.as_deref() == Some(given)
        || (given.len() >= 16 && facility.to_hex().starts_with(given))
}

fn unknown(what: &str, given: &str, names: &[String]) -> Failure {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let hint = match nearest(given, names.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if names.is_empty() => None,
        None => Some(format!("there are {}", names[..names.len().min(12)].join(", "))),
    };
    Failure::usage(format!("no {what} here is called `{given}`"), hint)
}
