//! Entry: events as people write them, in TOML or JSON, and how they become events of the model.
//!
//! A [`Draft`] holds texts as written: masses with units, lots and facilities by name. Resolving it reads every
//! text and looks every name up, and either gives an event or says which field of which event is wrong and
//! what to write instead. Nothing here signs, stores or knows the time. Spec: docs/formats/entry.md.

mod circuit;
mod draft;
mod error;
mod fields;
mod lines;
mod privacy;
mod read;
mod resolve;
mod resolver;
mod stated;
mod table;
mod tree;

#[cfg(test)]
mod tests;

pub use circuit::{CircuitEntry, CircuitRecord, Closed, last_close, uncounted};
pub use draft::{
    AccountsDraft, AdditionDraft, AmendDraft, BehalfDraft, CircuitDraft, ComponentDraft, DealingsDraft,
    Draft, FactDraft, FactText, IdentifierDraft, InputDraft, LimitDraft, LossDraft, LotDraft, OutsiderDraft,
    PackageDraft, PartDraft, PeopleDraft, ReceiverDraft, RecoveredDraft, StockDraft, TagDraft, TagsDraft,
    ThingsDraft, TitleDraft, TitledDraft, TouchDraft,
};
pub use draft::{AttestedElementDraft, AttestedTouchDraft, ClaimsDraft, CreditDraft, VouchDraft};
pub use error::{EntryError, Hinted, text as read_text};
pub use fields::{KINDS, draft};
pub use lines::lines;
pub use privacy::{Privacy, path_matches};
pub use read::{Format, events, read};
pub use resolve::Resolved;
pub use resolver::{AttestAsk, NameError, NameFault, Resolver};
pub use table::Table;
pub use tree::{Tree, TreeError};
