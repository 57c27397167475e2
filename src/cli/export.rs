//! `export`: writes the chains behind some lots into a file to hand over.

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::naming;
use crate::ledger::{Export, Ledger, LotState, Pattern, State};
use crate::model::event::Receiver;
use crate::model::lotref::LotRef;
use crate::report::ExportScreen;

/// Flags of `export`.
#[derive(clap::Args)]
#[command(
    about = "Write the records behind some lots into a file to hand over",
    after_help = "Examples:\n  lodemark export NDPR-1 --show '*' --out ndpr-1.lode\n  lodemark export --to \"Kettle Metals\" --show '*' --out kettle.lode\n  lodemark export NDPR-1 --show '*' --withhold transform:in --out ndpr-1.lode\n\nPrivate items are named as in `show`: out/*/mass, in, receiver; a kind and a colon in front narrow them."
)]
pub struct Args {
    /// Lots whose past is handed over
    #[arg(value_name = "LOT", required_unless_present_any = ["all", "to", "facility"])]
    lots: Vec<String>,
    /// Hand over everything held here
    #[arg(long, conflicts_with_all = ["lots", "to"])]
    all: bool,
    /// Hand over a facility, with who may work there and its licences, such as to a guest
    #[arg(long, value_name = "NAME", conflicts_with_all = ["all", "to"])]
    facility: Vec<String>,
    /// Only lots in transit to this party; without a lot, all that are
    #[arg(long, value_name = "PARTY")]
    to: Option<String>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Private items the reader may see, of records that bear on the lots: '*' for all, or such as out/*/mass; none
    /// unless given
    #[arg(long, value_name = "ITEMS")]
    show: Vec<String>,
    /// Private items to keep back all the same
    #[arg(long, value_name = "ITEMS")]
    withhold: Vec<String>,
    /// Leave out what the receiver holds of a chain: a party and its last position there, such as "Goma Trading=41"
    #[arg(long, value_name = "PARTY=SEQ")]
    base: Vec<String>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

impl Args {
    /// Returns the lots that are meant: those on their way out of here first, since a file goes with the goods.
    fn find(&self, context: &Context, ledger: &Ledger) -> Result<Vec<LotRef>, Failure> {
        if self.all {
            return Ok(Vec::new());
        }
        let to = self.to.as_deref().map(|party| ledger.find_party(party)).transpose()?;
        let sent: Vec<LotState> = ledger
            .lots(context.today()?)?
            .into_iter()
            .filter(|lot| match (&lot.state, &to) {
                (State::InTransitOut { to: Receiver::Party(party), .. }, Some(wanted)) => party == wanted,
                (State::InTransitOut { .. }, None) => true,
                _ => false,
            })
            .collect();
        let mut found = Vec::new();
        for name in &self.lots {
            let named: Vec<LotRef> =
                sent.iter().filter(|lot| lot.label.as_deref() == Some(name)).map(|lot| lot.lot).collect();
            match (named.len(), &self.to) {
                (0, None) => found.push(ledger.find_lot(name)?),
                (0, Some(party)) => {
                    let error = format!("no lot `{name}` is in transit to `{party}`");
                    return Err(Failure::usage(error, Some("see `lots` for what is in transit".into())));
                }
                (1, _) | (_, Some(_)) => found.extend(named),
                (count, None) => {
                    let error = format!("{count} lots called `{name}` are in transit");
                    return Err(Failure::usage(error, Some("say to whom with `--to PARTY`".into())));
                }
            }
        }
        if !self.facility.is_empty() {
            return Ok(found);
        }
        if self.lots.is_empty() {
            found.extend(sent.iter().map(|lot| lot.lot));
        }
        match found.is_empty() {
            false => Ok(found),
            true => {
                let error = format!("nothing is in transit to `{}`", self.to.as_deref().unwrap_or_default());
                Err(Failure::usage(error, Some("see `lots` for what is in transit".into())))
            }
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, a file that exists, or what cannot be read or written.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let mut export =
            Export { show: patterns(&self.show)?, withhold: patterns(&self.withhold)?, ..Export::default() };
        export.lots = self.find(context, &ledger)?;
        for facility in &self.facility {
            export.facilities.push(ledger.find_facility(facility)?);
        }
        for base in &self.base {
            let parts =
                base.rsplit_once('=').and_then(|(party, seq)| Some((party, seq.trim().parse().ok()?)));
            let Some((party, seq)) = parts else {
                let hint = "write it like \"Goma Trading=41\"";
                return Err(Failure::usage(
                    format!("`{base}` is no party with a position"),
                    Some(hint.into()),
                ));
            };
            export.base.insert(ledger.find_party(party.trim())?, seq);
        }
        if self.out.exists() && !self.force {
            let hint = "choose another name, or replace it with `--force`";
            return Err(Failure::usage(
                format!("`{}` exists already", self.out.display()),
                Some(hint.into()),
            ));
        }
        let file = ledger.export(&export)?;
        super::file::write(&self.out, &file.bytes)?;
        let known = naming::known(&ledger, [])?;
        context.print(&ExportScreen::new(&self.out, &file, &known))?;
        if !file.missing.is_empty() {
            let what = format!("{} records behind these lots are not held here", file.missing.len());
            context
                .warn(&what, Some("readers will see where the trail breaks; import them first to close it"));
        }
        Ok(Exit::Done)
    }
}

/// Reads names of private items.
///
/// # Errors
/// [`Failure`] for one that names none.
pub fn patterns(given: &[String]) -> Result<Vec<Pattern>, Failure> {
    let read = |text: &String| {
        text.parse::<Pattern>().map_err(|error| {
            let hint = error.hint();
            Failure::usage(error, hint)
        })
    };
    given.iter().map(read).collect()
}
