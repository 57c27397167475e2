//! Bodies: nonce, key entry where the kind has one, the kind's own fields, and what every kind may carry.
//!
//! One file a group of kinds; each layout reads like the field table of docs/formats/record.md.

mod amend;
mod attest;
mod circuit;
mod claims;
mod evidence;
mod lot;
mod parties;
mod tags;
mod things;
mod title;
mod work;

use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};

use self::lot::Facts;
use super::codec::{self, Codec, CodecError, List, P, Text, Trail, Wire};
use super::slot::{Path, Visitor};
use crate::hash::Hash;
use crate::model::coded::Coded;
use crate::model::event::{Behalf, Body, Event, Replacement, SeenCheckpoint};
use crate::model::fact::Fact;
use crate::model::kind::Kind;

/// Bytes of the nonce that opens every body.
pub const NONCE_LEN: usize = 16;

type Seen = List<16, P<SeenCheckpoint>>;
type Documents = List<256, P<Hash>>;
type Note = Text<1024>;

/// Strategy: the fields of one kind, then facts and checkpoints, which every kind may carry.
struct Fields<B>(std::marker::PhantomData<B>);

impl<B: Wire> Codec<(B, Vec<Fact>, Vec<SeenCheckpoint>)> for Fields<B> {
    const LEAST: usize = 16 + B::LEAST;

    fn put<E: Encoder>(value: &(B, Vec<Fact>, Vec<SeenCheckpoint>), to: &mut E) -> Result<(), EncodeError> {
        value.0.put(to)?;
        Facts::put(&value.1, to)?;
        Seen::put(&value.2, to)
    }

    fn get<D: Decoder<Context = Trail>>(
        from: &mut D,
    ) -> Result<(B, Vec<Fact>, Vec<SeenCheckpoint>), DecodeError> {
        let inner = B::get(from)?;
        codec::enter(from, "facts");
        let facts = Facts::get(from)?;
        codec::leave(from);
        codec::enter(from, "seen");
        let seen = Seen::get(from)?;
        codec::leave(from);
        Ok((inner, facts, seen))
    }
}

/// Gives every kind that has a layout its place in what is done kind by kind.
macro_rules! kinds {
    ($($kind:ident,)*) => {
        fn put_body<E: Encoder>(body: &Body, to: &mut E) -> Result<(), EncodeError> {
            match body { $(Body::$kind(inner) => inner.put(to),)* }
        }

        fn get_body<D: Decoder<Context = Trail>>(kind: Kind, from: &mut D) -> Result<Option<Body>, DecodeError> {
            match kind {
                $(Kind::$kind => Wire::get(from).map(|inner| Some(Body::$kind(inner))),)*
                _ => Ok(None),
            }
        }

        fn visit_body<V: Visitor>(body: &mut Body, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
            match body { $(Body::$kind(inner) => inner.visit(path, visitor),)* }
        }

        /// Returns the event whose fields are exactly `bytes`; private slots are withheld and extras absent.
        ///
        /// # Errors
        /// `None` in place of an event for a kind that has no layout yet; [`CodecError`] for bytes that are not one.
        pub fn decode_fields(kind: Kind, bytes: &[u8]) -> Result<Option<Event>, CodecError> {
            match kind {
                $(Kind::$kind => read(bytes, Body::$kind),)*
                _ => Ok(None),
            }
        }
    };
}

kinds! {
    Establish,
    DeclareFacility,
    Accredit,
    WithdrawAccreditation,
    Certify,
    SuspendCertificate,
    Extract,
    OpeningStock,
    Intake,
    Transform,
    Repack,
    Dispatch,
    Receive,
    Refuse,
    Measure,
    Dispose,
    Assay,
    RegisterDocument,
    Withdraw,
    Correct,
    Dispute,
    Resolve,
    CedeFacility,
    EndHost,
    Appoint,
    Host,
    Waive,
    Collect,
    Charge,
    Draw,
    ClosePeriod,
    Assemble,
    Disassemble,
    Assign,
    Release,
    RequestReturn,
    Inspect,
    IssueTags,
    ApplyTags,
    DeclareBorder,
    TransferTitle,
    CloseAccount,
    RetireClaim,
    Acknowledge,
    Attest,
    Witness,
}

fn read<B: Wire>(bytes: &[u8], body: impl FnOnce(B) -> Body) -> Result<Option<Event>, CodecError> {
    let (inner, facts, seen) = codec::decode::<_, Fields<B>>(bytes, "body")?;
    Ok(Some(Event { facts, seen, ..Event::new(body(inner)) }))
}

/// Strategy: the fields of a body whose kind is known from elsewhere.
struct Inner;

impl Codec<Body> for Inner {
    const LEAST: usize = 1;

    fn put<E: Encoder>(body: &Body, to: &mut E) -> Result<(), EncodeError> {
        put_body(body, to)
    }

    fn get<D: Decoder<Context = Trail>>(_: &mut D) -> Result<Body, DecodeError> {
        Err(DecodeError::Other("a body is not read without its kind"))
    }
}

impl Wire for Replacement {
    const LEAST: usize = 2;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.0.kind().put(to)?;
        put_body(&self.0, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        let kind = Kind::get(from)?;
        if kind.is_control() {
            return Err(DecodeError::Other("a control record is not corrected"));
        }
        match get_body(kind, from)? {
            Some(body) => Ok(Self(Box::new(body))),
            None => Err(super::values::unknown(Kind::WHAT, u32::from(kind.code()))),
        }
    }

    fn visit<V: Visitor>(&mut self, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        visit_body(&mut self.0, path, visitor)
    }
}

/// Returns the bytes of a body after nonce and key entry.
pub fn encode_fields(event: &Event) -> Vec<u8> {
    let mut bytes = codec::encode::<_, Inner>(&event.body);
    bytes.extend(codec::encode::<_, Facts>(&event.facts));
    bytes.extend(codec::encode::<_, Seen>(&event.seen));
    bytes
}

/// Visits every private slot and extra of an event, in the order of the layout.
///
/// # Errors
/// Whatever the visitor returns.
pub fn visit<V: Visitor>(event: &mut Event, visitor: &mut V) -> Result<(), V::Error> {
    let mut path = Path::default();
    visit_body(&mut event.body, &mut path, visitor)?;
    visitor.extra::<_, Documents>("documents", &mut event.documents)?;
    visitor.extra::<_, Note>("note", &mut event.note)?;
    visitor.extra::<_, P<Behalf>>("behalf", &mut event.behalf)?;
    visitor.extra::<_, Text<256>>("late", &mut event.late)
}
