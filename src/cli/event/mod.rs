//! One subcommand for each kind of event: flags for the common case, `--from FILE` for everything.
//!
//! Flags become a draft, the same value that a file becomes; from there on both go one way.

pub mod accredit;
pub mod acknowledge;
pub mod apply_tags;
pub mod appoint;
pub mod assay;
pub mod assemble;
pub mod assign;
pub mod cede_facility;
pub mod certify;
pub mod charge;
mod claims;
pub mod close_account;
pub mod close_period;
pub mod collect;
pub mod correct;
pub mod declare_border;
pub mod declare_facility;
pub mod disassemble;
pub mod dispatch;
pub mod dispose;
pub mod dispute;
pub mod document;
pub mod draw;
pub mod end_host;
pub mod extract;
pub mod host;
pub mod inspect;
pub mod intake;
pub mod issue_tags;
pub mod measure;
pub mod opening_stock;
mod parts;
pub mod receive;
pub mod refuse;
pub mod release;
pub mod repack;
pub mod request_return;
pub mod resolve;
pub mod retire_claim;
mod status;
pub mod suspend_certificate;
pub mod transfer_title;
pub mod transform;
pub mod waive;
pub mod withdraw;
pub mod withdraw_accreditation;
pub mod witness;

use std::path::PathBuf;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::file;
use super::record;
use crate::entry::{BehalfDraft, Draft, PeopleDraft};
use crate::model::kind::Kind;

/// Flags of one kind of event.
pub trait Flags: clap::Args + Default + PartialEq {
    /// The kind they write.
    const KIND: Kind;

    /// Fills in what is particular to the kind.
    ///
    /// # Errors
    /// [`Failure`] for a flag that cannot be read.
    fn fill(&self, draft: &mut Draft) -> Result<(), Failure>;
}

// Flags of one kind, and those that every event takes. No doc comment here either.
#[derive(clap::Args)]
pub struct EventArgs<F: clap::Args> {
    #[command(flatten)]
    flags: F,
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    how: record::How,
    /// Read events of this kind from a TOML or JSON file instead; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

// What every event may carry. No doc comment: clap would take it for the help text of the subcommand.
#[derive(clap::Args, Default, PartialEq)]
struct Common {
    /// Hash a file, and note its hash beside the event; or give the 64 hex digits
    #[arg(long, value_name = "FILE")]
    attach: Vec<String>,
    /// Add an open fact, such as "origin.lot=A-7" or "activity=74 bq_per_g"
    #[arg(long, value_name = "CODE=VALUE")]
    fact: Vec<String>,
    /// Add a remark
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// For whom it is recorded: a known party, or "outside: NAME, PLACE", who attests it on a signed paper
    #[arg(long, value_name = "PARTY", requires = "signed_paper")]
    on_behalf_of: Option<String>,
    /// The paper that they signed, as a file to hash or 64 hex digits
    #[arg(long, value_name = "FILE", requires = "on_behalf_of")]
    signed_paper: Option<String>,
    /// Day on which they signed it
    #[arg(long, value_name = "DAY", requires = "on_behalf_of")]
    signed_on: Option<String>,
    /// Why it is entered more than 30 days after it happened
    #[arg(long, value_name = "REASON")]
    late: Option<String>,
    /// Keep a field private, such as out/0/mass, whatever the profile says
    #[arg(long, value_name = "FIELD")]
    private: Vec<String>,
    /// Leave a field readable for everyone, whatever the profile says
    #[arg(long, value_name = "FIELD")]
    show: Vec<String>,
}

impl Common {
    /// Returns who attests, and why it is late.
    fn people(&self) -> Result<PeopleDraft, Failure> {
        let behalf = self.on_behalf_of.as_deref().map(|who| {
            let document = self.signed_paper.as_deref().map(file::hash_of).transpose()?;
            Ok::<_, Failure>(BehalfDraft {
                who: Some(parts::receiver(who)),
                document,
                on: self.signed_on.clone(),
            })
        });
        Ok(PeopleDraft { behalf: behalf.transpose()?, late: self.late.clone() })
    }
}

// Where and when work was done.
#[derive(clap::Args, Default, PartialEq)]
pub struct Place {
    /// Facility, by name; may be left out when the ledger has just one of its own
    #[arg(long, value_name = "FACILITY")]
    at: Option<String>,
    /// Day or period, such as 2026-11-03 or 2026-11-01..2026-11-30; today unless given
    #[arg(long, value_name = "PERIOD")]
    on: Option<String>,
    /// Record by which the operator of somebody else's facility lets you work there; found by itself where just one
    /// covers the day
    #[arg(long, value_name = "RECORD")]
    host: Option<String>,
}

impl Place {
    fn fill(&self, draft: &mut Draft) {
        draft.at.clone_from(&self.at);
        draft.on.clone_from(&self.on);
        draft.host.clone_from(&self.host);
    }
}

/// Whether events of this kind have a day without being at a facility.
fn has_day(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Assay
            | Kind::Inspect
            | Kind::RetireClaim
            | Kind::Release
            | Kind::IssueTags
            | Kind::ApplyTags
            | Kind::DeclareBorder
    )
}

// Serial numbers of the one lot that comes out. No doc comment here either.
#[derive(clap::Args, Default, PartialEq)]
pub struct Serials {
    /// File that `serials make` wrote, for the one lot that comes out
    #[arg(long, value_name = "KEPT")]
    serials: Option<PathBuf>,
}

impl Serials {
    /// Puts the root of the file on the one lot in `out`.
    fn fill(&self, draft: &mut Draft) -> Result<(), Failure> {
        let Some(path) = &self.serials else { return Ok(()) };
        let root = super::serials::read_kept(path)?.root().to_hex();
        match &mut draft.outputs[..] {
            [lot] if lot.serials.is_none() => lot.serials = Some(root),
            [_] => {
                let hint = "leave one of them out";
                return Err(Failure::usage(
                    "`--serials` and `serials` in `--out` both name a root",
                    Some(hint.into()),
                ));
            }
            lots => {
                let error = format!("`--serials` is for one lot, and {} come out", lots.len());
                let hint = format!("write `serials {root}` behind the lot in `--out`");
                return Err(Failure::usage(error, Some(hint)));
            }
        }
        Ok(())
    }
}

/// Reads each of several flags.
fn each<T>(texts: &[String], read: impl Fn(&str) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    texts.iter().map(|text| read(text)).collect()
}

impl<F: Flags> EventArgs<F> {
    /// Appends the event or events.
    ///
    /// # Errors
    /// [`Failure`] for flags or files that cannot be read, or what the ledger refuses.
    pub fn run(&self, context: &Context) -> Result<Exit, Failure> {
        record::append(context, self.drafts(context)?, &self.how)
    }

    fn drafts(&self, context: &Context) -> Result<file::Events, Failure> {
        let Some(path) = &self.from else {
            let mut draft = self.draft()?;
            if draft.on.is_none() && (record::needs_place(draft.kind) || has_day(draft.kind)) {
                draft.on = Some(context.today()?.to_string());
            }
            if draft.from.is_none() && matches!(draft.kind, Kind::RequestReturn | Kind::TransferTitle) {
                draft.from = Some(context.today()?.to_string());
            }
            return Ok(vec![draft].into());
        };
        if self.flags != F::default() || self.common != Common::default() {
            let hint = "write everything into the file, or everything as flags";
            return Err(Failure::usage(
                "`--from` stands alone, without flags of the event",
                Some(hint.into()),
            ));
        }
        let events = file::events(path)?;
        if let Some(other) = events.drafts.iter().find(|draft| draft.kind != F::KIND) {
            let error = format!("the file holds an event `{}`, not `{}`", other.kind, F::KIND);
            return Err(Failure::usage(
                error,
                Some("append mixed events with `lodemark record --from FILE`".into()),
            ));
        }
        Ok(events)
    }

    fn draft(&self) -> Result<Draft, Failure> {
        let mut draft = Draft::new(F::KIND);
        self.flags.fill(&mut draft)?;
        draft.documents = each(&self.common.attach, file::hash_of)?;
        draft.facts = each(&self.common.fact, parts::fact)?;
        draft.note.clone_from(&self.common.note);
        draft.people = self.common.people()?;
        draft.private.clone_from(&self.common.private);
        draft.show.clone_from(&self.common.show);
        Ok(draft)
    }
}
