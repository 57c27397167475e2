//! `rules`: which packs there are, what one says, and with which constants the balance works.

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::reader::read_pack;
use crate::balance::bands::Bands;
use crate::report::{PackScreen, PacksScreen};
use crate::rules::{Pack, embedded, embedded_text, named};

/// What to do with rule packs.
#[derive(clap::Subcommand)]
#[command(about = "List the rule packs, show what one says, or print the constants of the balance")]
pub enum Command {
    /// List the packs that are built in, and those of files
    #[command(after_help = "Example:\n  lodemark rules list")]
    List {
        /// A pack of your own
        #[arg(long, value_name = "FILE")]
        pack: Vec<PathBuf>,
    },
    /// Show the rules of a pack, with their clauses and dates
    #[command(after_help = "Example:\n  lodemark rules show us-dfars-7052-magnets")]
    Show {
        /// Id of a built-in pack
        #[arg(value_name = "PACK", required_unless_present = "pack")]
        id: Option<String>,
        /// A pack of your own
        #[arg(long, value_name = "FILE", conflicts_with = "id")]
        pack: Option<PathBuf>,
        /// Print the pack's own text, as a start for one of your own
        #[arg(long, requires = "id")]
        toml: bool,
    },
    /// Print the constants and bands of the balance, as a start for `--bands FILE`
    #[command(after_help = "Example:\n  lodemark rules bands > bands.toml")]
    Bands,
}

impl Command {
    /// Lists or shows packs.
    ///
    /// # Errors
    /// [`Failure`] for an unknown pack or a file that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Bands => context.print_text(Bands::embedded_text())?,
            Self::List { pack } => {
                let mut packs = embedded().to_vec();
                for path in pack {
                    packs.push(read_pack(path)?);
                }
                context.print(&PacksScreen::new(&packs))?;
            }
            Self::Show { pack: Some(path), .. } => context.print(&PackScreen::new(read_pack(path)?))?,
            Self::Show { id, toml, .. } => {
                let id = id.as_deref().unwrap_or_default();
                match embedded_text(id).filter(|_| *toml) {
                    Some(text) => context.print_text(text)?,
                    None => context.print(&PackScreen::new(find(id)?))?,
                }
            }
        }
        Ok(Exit::Done)
    }
}

/// Returns the one pack that is built in under this id.
fn find(id: &str) -> Result<Pack, Failure> {
    let known = embedded().iter().find(|pack| pack.file.id == id).cloned();
    known.ok_or_else(|| {
        let hint = named(id).err();
        Failure::usage(format!("no pack here is called `{id}`"), hint)
    })
}
