//! `rules`: which packs there are, what one says, whether one can be used, and why a rule came to its verdict.

mod check;
mod compare;
mod explain;

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::reader::read_pack;
use crate::balance::bands::Bands;
use crate::report::{PackScreen, PacksScreen, rules_page};
use crate::rules::{Pack, embedded, embedded_text, named};

/// What to do with rule packs.
#[derive(clap::Subcommand)]
#[command(about = "List, show and check rule packs; explain a verdict, or compare two days or two packs")]
pub enum Command {
    /// List the packs that are built in, and those of files
    #[command(after_help = "Example:\n  lodemark rules list")]
    List {
        /// A pack of your own
        #[arg(long, value_name = "FILE")]
        pack: Vec<PathBuf>,
        /// Print every rule with its sources as a page in Markdown
        #[arg(long)]
        markdown: bool,
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
    Check(check::Args),
    Explain(explain::Args),
    Compare(compare::Args),
    /// Print the constants and bands of the balance, as a start for `--bands FILE`
    #[command(after_help = "Example:\n  lodemark rules bands > bands.toml")]
    Bands,
}

impl Command {
    /// Does what is asked of packs.
    ///
    /// # Errors
    /// [`Failure`] for an unknown pack or a file that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Check(args) => return args.run(context),
            Self::Explain(args) => return args.run(context),
            Self::Compare(args) => return args.run(context),
            Self::Bands => context.print_text(Bands::embedded_text())?,
            Self::List { pack, markdown } => {
                let mut packs = embedded().to_vec();
                for path in pack {
                    packs.push(read_pack(path)?);
                }
                match markdown {
                    true => context.print_text(&rules_page(&packs))?,
                    false => context.print(&PacksScreen::new(&packs))?,
                }
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
