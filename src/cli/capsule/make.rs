//! `capsule make`: says what a reader will see, and writes it.

use std::path::PathBuf;

use crate::capsule::{Audience, PackName};
use crate::cli::context::Context;
use crate::cli::export::patterns;
use crate::cli::failure::{Exit, Failure};
use crate::cli::{file, naming, reader};
use crate::ledger::{Ledger, MakeCapsule, State};
use crate::model::coded::Coded;
use crate::model::lotref::LotRef;
use crate::report::CapsuleMadeScreen;

/// The most that all papers together may have, in bytes.
const PAPERS_MAX: u64 = 64 << 20;

/// Flags of `capsule make`.
#[derive(clap::Args)]
#[command(
    about = "Put the records behind some lots into one file, with proof of their places in their authors' logs",
    after_help = "Examples:\n  lodemark capsule make NDPR-1\n  lodemark capsule make NDPR-1 --for compliance --out ndpr-1.capsule\n  lodemark capsule make NDPR-1 --withhold supplier --cut CON-1 --out ndpr-1.capsule\n\nWithout --out it says what a reader would see, and hands out nothing."
)]
pub struct Args {
    /// Lots that it is about
    #[arg(value_name = "LOT", required = true)]
    lots: Vec<String>,
    /// For whom: customer, compliance, auditor, government or public
    #[arg(long = "for", value_name = "READER", default_value = "customer")]
    audience: String,
    /// Private items to keep back besides: such as supplier, or out/*/mass
    #[arg(long, value_name = "ITEMS")]
    withhold: Vec<String>,
    /// Show nothing that is behind this lot
    #[arg(long, value_name = "LOT")]
    cut: Vec<String>,
    /// Put in a paper of which some record shows the hash
    #[arg(long, value_name = "FILE")]
    document: Vec<PathBuf>,
    /// Name a rule pack that you asked: its id, or a file of your own
    #[arg(long, value_name = "ID|FILE")]
    pack: Vec<String>,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
}

impl Args {
    /// Says what the reader will see, and writes the file where one is named.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, a file that exists, or what cannot be read or written.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let make = self.read(context, &ledger)?;
        if let Some(out) = self.out.as_ref().filter(|out| out.exists() && !self.force) {
            let hint = "choose another name, or replace it with `--force`";
            return Err(Failure::usage(format!("`{}` exists already", out.display()), Some(hint.into())));
        }
        let made = match &self.out {
            None => ledger.preview_capsule(&make)?,
            Some(_) => ledger.make_capsule(&make)?,
        };
        let mut known = naming::known(&ledger, [])?;
        for lot in make.lots.iter().chain(&make.cuts) {
            if let Some(label) = ledger.record(&lot.record)?.as_ref().and_then(|record| {
                record.event.body.outputs().get(lot.index as usize).and_then(|made| made.label())
            }) {
                known.lots.entry(*lot).or_insert_with(|| label.to_owned());
            }
        }
        // What a reader will see is said before the file is there.
        context.print(&CapsuleMadeScreen::new(self.out.as_deref(), &made, &known, context.now()?))?;
        if let Some(out) = &self.out {
            file::write(out, &made.bytes)?;
        }
        if !made.missing.is_empty() {
            let what = format!("{} records behind these lots are not held here", made.missing.len());
            context
                .warn(&what, Some("readers will see where the trail breaks; import them first to close it"));
        }
        if !made.beside.is_empty() {
            let what = format!("{} records of forks are left out", made.beside.len());
            context.warn(&what, Some("a capsule has one record at a position; hand them over by `export`"));
        }
        Ok(Exit::Done)
    }

    fn read(&self, context: &Context, ledger: &Ledger) -> Result<MakeCapsule, Failure> {
        let audience = Audience::from_name(&self.audience).map_err(|error| {
            let hint = "for `customer`, `compliance`, `auditor`, `government` or `public`";
            Failure::usage(error, Some(hint.into()))
        })?;
        let mut documents = Vec::new();
        let mut room = PAPERS_MAX;
        for path in &self.document {
            let bytes = file::bytes_up_to(path, room)?;
            room -= bytes.len() as u64;
            documents.push(bytes);
        }
        let packs = reader::packs_named(&self.pack)?.into_iter().map(|pack| PackName {
            id: pack.file.id.clone(),
            version: pack.file.version.clone(),
            hash: pack.hash,
        });
        let lots: Result<Vec<LotRef>, Failure> =
            self.lots.iter().map(|name| find(context, ledger, name)).collect();
        let cuts: Result<Vec<LotRef>, Failure> =
            self.cut.iter().map(|name| Ok(ledger.find_lot(name)?)).collect();
        Ok(MakeCapsule {
            audience,
            lots: lots?,
            cuts: cuts?,
            withhold: patterns(&self.withhold)?,
            documents,
            packs: packs.collect(),
        })
    }
}

/// Returns the lot that is meant: one on its way out of here first, since a file goes with the goods.
fn find(context: &Context, ledger: &Ledger, name: &str) -> Result<LotRef, Failure> {
    let sent: Vec<LotRef> = ledger
        .lots(context.today()?)?
        .into_iter()
        .filter(|lot| matches!(lot.state, State::InTransitOut { .. }) && lot.label.as_deref() == Some(name))
        .map(|lot| lot.lot)
        .collect();
    match sent[..] {
        [lot] => Ok(lot),
        [] => Ok(ledger.find_lot(name)?),
        _ => {
            let names: Vec<String> = sent.iter().map(LotRef::short).collect();
            let hint = format!("write one of {}", names.join(", "));
            Err(Failure::usage(format!("{} lots called `{name}` are in transit", sent.len()), Some(hint)))
        }
    }
}
