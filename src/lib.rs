//! lodemark, a traceability ledger for minerals.
//!
//! Every step a lot takes from mine to magnet is one signed record in its maker's own chain. A verifier walks the
//! records behind a lot, trusting nobody, and says what they establish about its origin and its governance, what they
//! contradict, and what they leave open.
//!
//! The story in one piece: a mine opens its chain, declares its pit and states what came out of it; a reader who
//! is handed the bytes finds out what they are worth.
//!
//! ```
//! use lodemark::custody::graph::outputs;
//! use lodemark::hash::Hash;
//! use lodemark::model::{event::*, evidence::Role, facility::*, lot::*, maybe::Maybe, party::Establish};
//! use lodemark::model::verdict::Verdict;
//! use lodemark::record::{Position, Sealed, found, seal};
//! use lodemark::sign::{SecretKey, SeededEntropy};
//! use lodemark::trust::Trust;
//! use lodemark::verify::{Piece, Reader, Request, examine, report};
//!
//! // The clock and randomness are arguments; a program takes them from the system.
//! let mut entropy = SeededEntropy::new(b"a tour");
//! let key = SecretKey::generate(&mut entropy);
//! let now = "2026-11-03T08:00:00Z".parse()?;
//! let private = |path: &str| path.ends_with("mass");
//!
//! let opening = found(
//!     Event::new(Body::Establish(Establish {
//!         recovery_commitment: Hash::ZERO, // replaced by a salted one
//!         name: Maybe::Shown("Mountain Mine".into()),
//!         country: "US".parse()?,
//!         roles: vec![Role::Miner],
//!         identifiers: Maybe::Shown(vec![]),
//!         address: Maybe::Shown(None),
//!     })),
//!     now, &private, &key, &mut entropy,
//! )?;
//! let party = opening.record.party();
//! // Each record names the one before it, and the latest control record: here the first for both.
//! let next = |before: &Sealed, seq| Position {
//!     party, epoch: 0, seq, prev: before.record.id(), control: opening.record.id(), key: 0,
//! };
//!
//! let pit = seal(
//!     next(&opening, 1),
//!     Event::new(Body::DeclareFacility(DeclareFacility {
//!         operator: Operator::Author,
//!         name: Maybe::Shown("East pit".into()),
//!         place: "US-CA".parse()?,
//!         coordinates: None,
//!         address: Maybe::Shown(None),
//!         stages: vec![Capability { stage: "P10".parse()?, capacity_per_year: None }],
//!         choke_point: false,
//!         identifiers: Maybe::Shown(vec![]),
//!         opened: None,
//!         closed: None,
//!         circuits: Vec::new(),
//!         succeeds: None,
//!     })),
//!     now, &private, &key, &mut entropy,
//! )?;
//!
//! let ore = Lot::new("ore".parse()?, Quantity::of("947 t".parse()?));
//! let dug = seal(
//!     next(&pit, 2),
//!     Event::new(Body::Extract(Extract {
//!         at: At { facility: Maybe::Shown(pit.record.id()), period: Maybe::Shown("2026-11-01".parse()?), host: None },
//!         steps: vec!["P10 mine".parse()?],
//!         deposit: Maybe::Shown(None),
//!         licence: Maybe::Shown(None),
//!         outputs: vec![ore],
//!     })),
//!     now, &private, &key, &mut entropy,
//! )?;
//!
//! // What is handed over: bytes, and the private items the mine chose to show. Here it keeps the mass.
//! let piece = |sealed: &Sealed| Piece { bytes: sealed.record.bytes().to_vec(), shown: vec![], source: "a file".into() };
//! let mut pieces = vec![piece(&opening), piece(&pit), piece(&dug)];
//! let examined = examine(pieces.clone().into());
//! let (lot, value) = examined.graph.records().iter().flat_map(outputs).next().expect("the ore is a lot");
//! assert!(value.quantity.is_withheld());
//!
//! let request = Request::about(lot, "2026-11-25".parse()?);
//! let reader = Reader { packs: vec![], ..Reader::default() };
//! assert_eq!(report(&examined, &request, &reader).lots[0].verdict, Verdict::Pass);
//!
//! // One changed bit of the last record, and nothing in it is used any more.
//! pieces[2].bytes[300] ^= 1;
//! let examined = examine(pieces.into());
//! assert!(examined.graph.lot(&lot).is_none());
//! assert_eq!(examined.refused[0].step, "body_hash");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rooms and arrows: `docs/architecture.md`. Bytes: `docs/formats/record.md`. What is checked, in order:
//! `docs/verification.md`.

pub mod balance;
pub mod capsule;
pub mod chain;
pub mod cli;
pub mod custody;
pub mod entry;
pub mod hash;
pub mod ledger;
pub mod log;
pub mod model;
pub mod origin;
pub mod record;
pub mod report;
pub mod rules;
pub mod scenario;
pub mod serials;
pub mod sign;
pub mod store;
pub mod text;
pub mod trust;
pub mod verify;
