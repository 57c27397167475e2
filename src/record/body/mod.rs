//! Bodies: nonce, key entry where the kind has one, the kind's own fields, and what every kind may carry.
//!
//! One file a group of kinds; each layout reads like the field table of docs/formats/record.md.

mod evidence;
mod lot;
mod parties;
mod work;

use self::lot::Facts;
use super::codec::{self, Codec, CodecError, List, P, Text, Wire};
use super::slot::{Path, Visitor};
use crate::hash::Hash;
use crate::model::event::{Body, Event, SeenCheckpoint};
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

    fn put<E: bincode::enc::Encoder>(
        value: &(B, Vec<Fact>, Vec<SeenCheckpoint>),
        to: &mut E,
    ) -> Result<(), bincode::error::EncodeError> {
        value.0.put(to)?;
        Facts::put(&value.1, to)?;
        Seen::put(&value.2, to)
    }

    fn get<D: bincode::de::Decoder<Context = codec::Trail>>(
        from: &mut D,
    ) -> Result<(B, Vec<Fact>, Vec<SeenCheckpoint>), bincode::error::DecodeError> {
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

/// Runs `$run` with the struct of each kind bound to `$inner`.
macro_rules! each_kind {
    ($body:expr, $inner:ident => $run:expr) => {
        match $body {
            Body::Establish($inner) => $run,
            Body::DeclareFacility($inner) => $run,
            Body::Accredit($inner) => $run,
            Body::WithdrawAccreditation($inner) => $run,
            Body::Certify($inner) => $run,
            Body::SuspendCertificate($inner) => $run,
            Body::Extract($inner) => $run,
            Body::OpeningStock($inner) => $run,
            Body::Intake($inner) => $run,
            Body::Transform($inner) => $run,
            Body::Repack($inner) => $run,
            Body::Dispatch($inner) => $run,
            Body::Receive($inner) => $run,
            Body::Refuse($inner) => $run,
            Body::Measure($inner) => $run,
            Body::Dispose($inner) => $run,
            Body::Assay($inner) => $run,
            Body::RegisterDocument($inner) => $run,
            Body::Withdraw($inner) => $run,
        }
    };
}

/// Returns the bytes of a body after nonce and key entry.
pub fn encode_fields(event: &Event) -> Vec<u8> {
    let mut bytes = each_kind!(&event.body, inner => codec::encode::<_, P<_>>(inner));
    bytes.extend(codec::encode::<_, Facts>(&event.facts));
    bytes.extend(codec::encode::<_, Seen>(&event.seen));
    bytes
}

/// Returns the event whose fields are exactly `bytes`; private slots are withheld and extras absent.
///
/// # Errors
/// `None` in place of an event for a kind that has no layout yet; [`CodecError`] for bytes that are not one.
pub fn decode_fields(kind: Kind, bytes: &[u8]) -> Result<Option<Event>, CodecError> {
    fn read<B: Wire>(bytes: &[u8], body: impl FnOnce(B) -> Body) -> Result<Option<Event>, CodecError> {
        let (inner, facts, seen) = codec::decode::<_, Fields<B>>(bytes, "body")?;
        Ok(Some(Event { facts, seen, ..Event::new(body(inner)) }))
    }
    match kind {
        Kind::Establish => read(bytes, Body::Establish),
        Kind::DeclareFacility => read(bytes, Body::DeclareFacility),
        Kind::Accredit => read(bytes, Body::Accredit),
        Kind::WithdrawAccreditation => read(bytes, Body::WithdrawAccreditation),
        Kind::Certify => read(bytes, Body::Certify),
        Kind::SuspendCertificate => read(bytes, Body::SuspendCertificate),
        Kind::Extract => read(bytes, Body::Extract),
        Kind::OpeningStock => read(bytes, Body::OpeningStock),
        Kind::Intake => read(bytes, Body::Intake),
        Kind::Transform => read(bytes, Body::Transform),
        Kind::Repack => read(bytes, Body::Repack),
        Kind::Dispatch => read(bytes, Body::Dispatch),
        Kind::Receive => read(bytes, Body::Receive),
        Kind::Refuse => read(bytes, Body::Refuse),
        Kind::Measure => read(bytes, Body::Measure),
        Kind::Dispose => read(bytes, Body::Dispose),
        Kind::Assay => read(bytes, Body::Assay),
        Kind::RegisterDocument => read(bytes, Body::RegisterDocument),
        Kind::Withdraw => read(bytes, Body::Withdraw),
        _ => Ok(None),
    }
}

/// Visits every private slot and extra of an event, in the order of the layout.
///
/// # Errors
/// Whatever the visitor returns.
pub fn visit<V: Visitor>(event: &mut Event, visitor: &mut V) -> Result<(), V::Error> {
    let mut path = Path::default();
    each_kind!(&mut event.body, inner => inner.visit(&mut path, visitor))?;
    visitor.extra::<_, Documents>("documents", &mut event.documents)?;
    visitor.extra::<_, Note>("note", &mut event.note)
}
