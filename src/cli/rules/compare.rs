//! `rules compare`: what differs between two days, or between two packs, for one lot, and why.

use crate::cli::asked::LotArgs;
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};
use crate::cli::reader::{ReaderFiles, packs};
use crate::model::day::Day;
use crate::report::RulesComparedScreen;
use crate::rules::{Pack, RuleVerdict, compare};
use crate::verify::{Reader, Request, report};

/// Flags of `rules compare`.
#[derive(clap::Args)]
#[command(
    about = "Compare what the rules say of a lot on two days, or what two packs say of it",
    after_help = "Example:\n  lodemark rules compare MAG-1 --as-of 2026-12-15 --as-of 2027-02-15\n  lodemark rules compare MAG-1 --pack us-dfars-7052-magnets --pack own.toml"
)]
pub struct Args {
    #[command(flatten)]
    lot: LotArgs,
    /// Day to judge for; two of them are two sides
    #[arg(long, value_name = "DAY")]
    as_of: Vec<Day>,
    /// Rule pack to ask: its id, a file of your own, `default` or `all`. Two of them, with one day or none, are two sides
    #[arg(long, value_name = "ID|FILE")]
    pack: Vec<String>,
    #[command(flatten)]
    reader: ReaderFiles,
}

impl Args {
    /// Compares the two sides.
    ///
    /// # Errors
    /// [`Failure`] for what are not two sides, an unknown lot or pack, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let reader = self.reader.read(context, &self.pack)?;
        let sides: [(Option<Day>, Vec<Pack>); 2] = match (&self.as_of[..], &self.pack[..]) {
            ([a, b], _) => [(Some(*a), reader.packs.clone()), (Some(*b), reader.packs.clone())],
            ([] | [_], [a, b]) => {
                let day = self.as_of.first().copied();
                [(day, packs(a)?), (day, packs(b)?)]
            }
            _ => {
                let hint = "give `--as-of` twice, or `--pack` twice".to_owned();
                return Err(Failure::usage("nothing to compare: that is not two sides", Some(hint)));
            }
        };
        let (held, lot) = self.lot.gather(context)?;
        let today = context.today()?;
        let said = |(as_of, packs): &(Option<Day>, Vec<Pack>)| -> Vec<RuleVerdict> {
            let reader = Reader { packs: packs.clone(), ..reader.clone() };
            let request = Request { as_of: *as_of, ..Request::about(lot, today) };
            report(&held.examined, &request, &reader).lots.remove(0).rules
        };
        let (a, b) = (said(&sides[0]), said(&sides[1]));
        let comparison = compare((&sides[0].1, &a), (&sides[1].1, &b));
        context.print(&RulesComparedScreen::new(comparison, &held.known, &lot))?;
        Ok(Exit::Done)
    }
}
