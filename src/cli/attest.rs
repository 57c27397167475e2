//! `attest`: what the records held here establish of a lot, stated for those who will not be shown them.

use super::context::Context;
use super::entropy::OsEntropy;
use super::failure::{Exit, Failure};
use super::naming;
use super::reader::ReaderArgs;
use super::record::{self, How};
use crate::entry::Draft;
use crate::ledger::Ledger;
use crate::model::day::Day;
use crate::model::event::Body;
use crate::model::kind::Kind;
use crate::model::verdict::Verdict;
use crate::report::AttestScreen;

/// Flags of `attest`.
#[derive(clap::Args)]
#[command(
    about = "State what the records held here establish of a lot, for readers who do not get them",
    after_help = "Examples:\n  lodemark attest NDPR-1 --trust trust.toml\n  lodemark attest NDPR-1 --trust trust.toml --sign\n  lodemark attest NDPR-1 --as-of 2026-11-26 --valid-until 2027-05-25 --sign\n\nThe facts are computed, so they are printed first: without --sign nothing is signed. Take one back with `withdraw`."
)]
pub struct Args {
    /// The lot
    #[arg(value_name = "LOT")]
    lot: String,
    /// Last day for which it may be relied on; a year after the day judged for, less a day, unless given
    #[arg(long, value_name = "DAY")]
    valid_until: Option<Day>,
    #[command(flatten)]
    reader: ReaderArgs,
    /// Go on where custody is not `pass`; nothing will rest on it
    #[arg(long)]
    as_found: bool,
    /// Sign it
    #[arg(long)]
    sign: bool,
    /// Keep a field private, such as touch/*/maker, whatever the profile says
    #[arg(long, value_name = "FIELD")]
    private: Vec<String>,
    /// Leave a field readable for everyone, whatever the profile says
    #[arg(long, value_name = "FIELD")]
    show: Vec<String>,
    #[command(flatten)]
    how: How,
}

impl Args {
    /// Prints the facts, and signs them where that is asked.
    ///
    /// # Errors
    /// [`Failure`] for an unknown lot, one of which nothing can be stated, or what cannot be read.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let now = context.now()?;
        let mut ledger = Ledger::open(&context.ledger)?;
        record::ask_about_clock(context, &ledger, now, &self.how)?;
        let profile = ledger.profile();
        let mut batch = ledger.begin(now)?;
        batch.read_as(self.reader.read(context)?);
        let resolved = self.draft(now.day()).resolve(&batch.names_for(Kind::Attest))?;
        let Body::Attest(facts) = &resolved.event.body else { unreachable!("a draft keeps its kind") };
        let facts = facts.clone();
        let stands = facts.custody == Verdict::Pass;
        let mut record = None;
        if self.sign && (stands || self.as_found) {
            let privacy = resolved.privacy;
            let is_private = |path: &str| privacy.is_private(profile, path);
            record = Some(batch.add(resolved.event, &is_private, &mut OsEntropy::new()?)?);
            batch.commit()?;
        } else {
            drop(batch);
        }
        let held = ledger.record(&facts.lot.record)?;
        let known = naming::known(&ledger, &held)?;
        context.print(&AttestScreen::new(facts, record, &known))?;
        if held.is_some_and(|made| Some(made.author) == ledger.party()) {
            let hint = "readers count what somebody else attests, who is not tied to you";
            context.warn("this ledger recorded the lot itself", Some(hint));
        }
        if stands || self.as_found {
            return Ok(Exit::Done);
        }
        let hint = "see why with `lodemark verify`; to state it all the same, add `--as-found`";
        context.warn("nothing would rest on an attestation whose custody is not `pass`", Some(hint));
        Ok(Exit::NotEstablished)
    }

    fn draft(&self, today: Day) -> Draft {
        let mut draft = Draft::new(Kind::Attest);
        draft.lot = Some(self.lot.clone());
        draft.vouch.as_of = Some(self.reader.as_of.unwrap_or(today).to_string());
        draft.vouch.valid_until = self.valid_until.map(|day| day.to_string());
        // Whether to go on is asked here, after the facts are shown.
        draft.vouch.as_found = Some(true);
        draft.private.clone_from(&self.private);
        draft.show.clone_from(&self.show);
        draft
    }
}
