//! `party`: names for the parties one deals with.

use super::context::Context;
use super::failure::{Exit, Failure};
use crate::hash::PartyId;
use crate::ledger::Ledger;
use crate::report::{PartiesScreen, PartyLine};

/// What to do with parties.
#[derive(clap::Subcommand)]
#[command(about = "Name the parties you deal with")]
pub enum Command {
    /// Give a party a name of your own, by its whole id
    #[command(after_help = "Example:\n  lodemark party add kettle 5f0c21aa...64 hex digits")]
    Add {
        /// Name to use from now on
        #[arg(value_name = "NAME")]
        name: String,
        /// Its id: 64 hex digits, from its own `key show`
        #[arg(value_name = "ID")]
        id: String,
    },
    /// List the parties that are named or held here
    #[command(after_help = "Example:\n  lodemark party list")]
    List,
    /// Show one party
    #[command(after_help = "Example:\n  lodemark party show kettle")]
    Show {
        /// Name or id
        #[arg(value_name = "PARTY")]
        party: String,
    },
}

impl Command {
    /// Names, lists or shows.
    ///
    /// # Errors
    /// [`Failure`] for an id that is none, a name that is taken, or a ledger that cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut ledger = Ledger::open(&context.ledger)?;
        let shown = match self {
            Self::Add { name, id } => vec![add(&mut ledger, name, id)?],
            Self::List => {
                let mut all = ledger.parties()?;
                all.extend(ledger.names().parties.values());
                all.sort_unstable();
                all.dedup();
                all
            }
            Self::Show { party } => vec![ledger.find_party(party)?],
        };
        let mut lines = shown.iter().map(|id| line(&ledger, id)).collect::<Result<Vec<_>, _>>()?;
        lines.sort_by_key(|line| {
            (!line.is_self, line.name.clone().or_else(|| line.legal_name.clone()), line.id)
        });
        context.print(&PartiesScreen { parties: lines })?;
        Ok(Exit::Done)
    }
}

fn add(ledger: &mut Ledger, name: &str, id: &str) -> Result<PartyId, Failure> {
    let Some(party) = PartyId::from_hex(id) else {
        let hint =
            "a party is named by its whole id, so that nobody else can be meant: ask it for `key show`";
        return Err(Failure::usage(format!("`{id}` is not the 64 hex digits of a party"), Some(hint.into())));
    };
    if let Some(taken) = ledger.names().parties.get(name).filter(|taken| **taken != party) {
        let error = format!("`{name}` is the name of party `{}` already", taken.short());
        return Err(Failure::usage(error, Some("choose another name".into())));
    }
    ledger.rename(|names| {
        names.parties.insert(name.to_owned(), party);
    })?;
    Ok(party)
}

fn line(ledger: &Ledger, id: &PartyId) -> Result<PartyLine, Failure> {
    let chain = ledger.chain(id)?;
    let establish = chain.first().and_then(|record| match &record.event.body {
        crate::model::event::Body::Establish(establish) => Some(establish.clone()),
        _ => None,
    });
    Ok(PartyLine {
        id: *id,
        name: ledger.names().party(id).map(str::to_owned),
        legal_name: establish.as_ref().and_then(|establish| establish.name.shown().cloned()),
        country: establish.as_ref().map(|establish| establish.country),
        roles: establish.map(|establish| establish.roles).unwrap_or_default(),
        is_self: ledger.party() == Some(*id),
        records: chain.len(),
    })
}
