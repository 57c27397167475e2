//! Layout of the single values that bodies are made of.
//!
//! A value is checked on its way in: a number outside its range, or a code that no list has, is refused.

mod choices;
mod compounds;

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{AllowedEnumVariants, DecodeError, EncodeError};

use super::codec::{Codec, P, Text, Trail, Wire, flag};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::day::{Day, Offset};
use crate::model::dealings::{
    BorderSide, CircuitMethod, CorrectReason, DisputeReason, HostPurpose, InspectOutcome, Outcome,
    ReleaseReason, Span, StopKind, Tie, Title,
};
use crate::model::element::Element;
use crate::model::evidence::{
    AssayPurpose, Assessment, Assessor, CustodyModel, DisposeHow, DocumentKind, Grade, LossBasis, MassBasis,
    Method, Mixing, OriginClass, Presence, Role, SamplePoint, WithdrawReason,
};
use crate::model::fact::{FactCode, FactUnit};
use crate::model::formula::Formula;
use crate::model::fraction::Fraction;
use crate::model::hs::HsCode;
use crate::model::kind::Kind;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::place::{Country, Subdivision};
use crate::model::stage::{Process, Stage};
use crate::model::verdict::Verdict;

pub use compounds::Coordinates;

/// Gives plain integers, flags and byte strings the layout bincode has for them.
macro_rules! plain {
    ($($type:ty: $least:literal,)*) => {$(
        impl Wire for $type {
            const LEAST: usize = $least;

            fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
                self.encode(to)
            }

            fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
                <$type>::decode(from)
            }
        }
    )*};
}

plain! { u8: 1, u16: 2, u32: 4, u64: 8, i16: 2, i32: 4, i64: 8, [u8; 32]: 32, [u8; 64]: 64, }

impl Wire for bool {
    const LEAST: usize = 1;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.encode(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        flag(from)
    }
}

/// Gives a type the layout of the value it is made from, with a check on the way in.
macro_rules! through {
    ($($type:ty: $raw:ty, $codec:ty, $out:expr, $in:expr, $why:literal;)*) => {$(
        impl Wire for $type {
            const LEAST: usize = <$codec as Codec<$raw>>::LEAST;

            fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
                let out: fn(&$type) -> $raw = $out;
                <$codec as Codec<$raw>>::put(&out(self), to)
            }

            fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
                let raw = <$codec as Codec<$raw>>::get(from)?;
                let read: fn($raw) -> Option<$type> = $in;
                read(raw).ok_or(DecodeError::Other($why))
            }
        }
    )*};
}

through! {
    Hash: [u8; 32], P<[u8; 32]>, |v| v.0, |raw| Some(Hash(raw)), "";
    RecordId: [u8; 32], P<[u8; 32]>, |v| *v.as_bytes(), |raw| Some(RecordId::from_bytes(raw)), "";
    PartyId: [u8; 32], P<[u8; 32]>, |v| *v.as_bytes(), |raw| Some(PartyId::from_bytes(raw)), "";
    Element: u8, P<u8>, |v| v.number(), Element::from_number, "an element is an atomic number from 1 to 118";
    Mass: u64, P<u64>, |v| v.mg(), |raw| Some(Mass::from_mg(raw)), "";
    Day: i32, P<i32>, |v| v.days(), Day::from_days, "the day is not between 1900 and 2199";
    Offset: i16, P<i16>, |v| v.minutes(), Offset::from_minutes, "the offset from UTC is more than fourteen hours";
    HsCode: String, Text<10>, |v| v.digits().to_owned(), |raw| HsCode::from_digits(&raw),
        "an HS code has 4, 6, 8 or 10 digits";
    Material: String, Text<64>, |v| v.as_str().to_owned(), |raw| Material::from_code(&raw),
        "a material code has letters, digits and `_` between dots";
    Country: String, Text<2>, |v| v.code().to_owned(), |raw| Country::from_code(&raw),
        "a country code has two capital letters";
    Subdivision: String, Text<6>, |v| v.code().to_owned(), |raw| Subdivision::from_code(&raw),
        "a subdivision code has a country code, `-` and up to three letters or digits";
    FactCode: String, Text<48>, |v| v.as_str().to_owned(), |raw| FactCode::from_code(&raw),
        "a fact's code has the form [a-z0-9_.]{1,48}";
}

/// Gives coded words a u16 number; an unknown one cannot be judged.
macro_rules! word16 {
    ($($type:ty,)*) => {$(
        impl Wire for $type {
            const LEAST: usize = 2;

            fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
                self.code().encode(to)
            }

            fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
                let code = u16::decode(from)?;
                Self::from_code(code).ok_or_else(|| unknown(Self::WHAT, u32::from(code)))
            }
        }
    )*};
}

word16! {
    Kind, Stage, Process, Formula, Role, DocumentKind, Method, FactUnit, Assessor, Assessment, OriginClass,
    CustodyModel, MassBasis, LossBasis, Mixing, AssayPurpose, SamplePoint, DisposeHow, WithdrawReason, HostPurpose, Tie, Span, CircuitMethod, InspectOutcome, BorderSide, StopKind, Title, ReleaseReason, CorrectReason, DisputeReason, Outcome,
    Grade, Presence, Verdict,
}

pub(super) fn unknown(what: &'static str, code: u32) -> DecodeError {
    DecodeError::UnexpectedVariant {
        type_name: what,
        allowed: &AllowedEnumVariants::Allowed(&[]),
        found: code,
    }
}

/// Strategy: a share of something, at most one.
pub struct Share;
/// Strategy: parts per billion, at most `MAX`.
pub struct Ppb<const MAX: u32>;

impl<const MAX: u32> Codec<Fraction> for Ppb<MAX> {
    const LEAST: usize = 4;

    fn put<E: Encoder>(value: &Fraction, to: &mut E) -> Result<(), EncodeError> {
        value.ppb().encode(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Fraction, DecodeError> {
        match u32::decode(from)? {
            ppb if ppb <= MAX => Ok(Fraction::from_ppb(ppb)),
            ppb => Err(DecodeError::OtherString(format!(
                "{ppb} parts per billion where at most {MAX} are allowed"
            ))),
        }
    }
}

impl Codec<Fraction> for Share {
    const LEAST: usize = 4;

    fn put<E: Encoder>(value: &Fraction, to: &mut E) -> Result<(), EncodeError> {
        Ppb::<1_000_000_000>::put(value, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Fraction, DecodeError> {
        Ppb::<1_000_000_000>::get(from)
    }
}
