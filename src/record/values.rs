//! Layout of the single values that bodies are made of.
//!
//! A value is checked on its way in: a number outside its range, or a code that no list has, is refused.

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{AllowedEnumVariants, DecodeError, EncodeError};

use super::codec::{Codec, List, Opt, P, Text, Trail, Wire, flag};
use super::slot::{Path, Visitor};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::coded::Coded;
use crate::model::day::{Day, Offset, Period};
use crate::model::element::{Element, ElementSet};
use crate::model::event::{Receiver, Subject};
use crate::model::evidence::{
    AssayPurpose, Assessment, Assessor, CustodyModel, DisposeHow, DocumentKind, LossBasis, MassBasis, Method,
    Mixing, OriginClass, Role, SamplePoint, WithdrawReason,
};
use crate::model::facility::Operator;
use crate::model::fact::{Fact, FactCode, FactUnit, FactValue};
use crate::model::formula::Formula;
use crate::model::fraction::Fraction;
use crate::model::hs::HsCode;
use crate::model::lot::Determined;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;
use crate::model::party::Outsider;
use crate::model::place::{Country, Place, Subdivision};
use crate::model::stage::{Process, Stage, Step};
use crate::model::uncertainty::Uncertainty;

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
    Stage, Process, Formula, Role, DocumentKind, Method, FactUnit, Assessor, Assessment, OriginClass,
    CustodyModel, MassBasis, LossBasis, Mixing, AssayPurpose, SamplePoint, DisposeHow, WithdrawReason,
}

fn unknown(what: &'static str, code: u32) -> DecodeError {
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

impl Wire for Uncertainty {
    const LEAST: usize = 8;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        Ppb::<4_000_000_000>::put(&self.random, to)?;
        Ppb::<4_000_000_000>::put(&self.bias, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        Ok(Self { random: Ppb::<4_000_000_000>::get(from)?, bias: Ppb::<4_000_000_000>::get(from)? })
    }
}

impl Wire for Determined {
    const LEAST: usize = 1;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Measured(share) => {
                1_u8.encode(to)?;
                Ppb::<2_000_000_000>::put(share, to)
            }
            Self::BelowLimit(share) => {
                2_u8.encode(to)?;
                Ppb::<2_000_000_000>::put(share, to)
            }
            Self::NotDetermined => 3_u8.encode(to),
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(from)? {
            1 => Ppb::<2_000_000_000>::get(from).map(Self::Measured),
            2 => Ppb::<2_000_000_000>::get(from).map(Self::BelowLimit),
            3 => Ok(Self::NotDetermined),
            other => Err(unknown("outcome of an assay", u32::from(other))),
        }
    }
}

impl Wire for ElementSet {
    const LEAST: usize = 8;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        let numbers: Vec<u8> = self.iter().map(|element| element.number()).collect();
        List::<32, P<u8>>::put(&numbers, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        let numbers: Vec<u8> = List::<32, P<u8>>::get(from)?;
        let elements: Option<Vec<Element>> = numbers.into_iter().map(Element::from_number).collect();
        elements.and_then(ElementSet::from_elements).ok_or(DecodeError::Other(
            "elements are atomic numbers from 1 to 118, strictly ascending, at least one",
        ))
    }
}

impl Wire for LotRef {
    const LEAST: usize = 36;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.record.put(to)?;
        self.index.encode(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        Ok(Self { record: RecordId::get(from)?, index: u32::decode(from)? })
    }
}

impl Wire for Step {
    const LEAST: usize = 4;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.stage.put(to)?;
        self.process.put(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        Ok(Self { stage: Stage::get(from)?, process: Process::get(from)? })
    }
}

impl Wire for Place {
    const LEAST: usize = 11;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.country.put(to)?;
        Opt::<P<Subdivision>>::put(&self.subdivision, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        let country = Country::get(from)?;
        let subdivision: Option<Subdivision> = Opt::<P<Subdivision>>::get(from)?;
        if subdivision.is_some_and(|subdivision| subdivision.country() != country) {
            return Err(DecodeError::Other("the subdivision is of another country"));
        }
        Ok(Self { country, subdivision })
    }
}

impl Wire for Period {
    const LEAST: usize = 9;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.first.put(to)?;
        self.last.put(to)?;
        Opt::<P<Offset>>::put(&self.offset, to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        let (first, last) = (Day::get(from)?, Day::get(from)?);
        let offset = Opt::<P<Offset>>::get(from)?;
        if last < first {
            return Err(DecodeError::Other("the period ends before it begins"));
        }
        Ok(Self { first, last, offset })
    }
}

/// Strategy: latitude and longitude in millionths of a degree.
pub struct Coordinates;

impl Codec<(i32, i32)> for Coordinates {
    const LEAST: usize = 8;

    fn put<E: Encoder>(value: &(i32, i32), to: &mut E) -> Result<(), EncodeError> {
        value.0.encode(to)?;
        value.1.encode(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<(i32, i32), DecodeError> {
        let (latitude, longitude) = (i32::decode(from)?, i32::decode(from)?);
        if latitude.unsigned_abs() > 90_000_000 || longitude.unsigned_abs() > 180_000_000 {
            return Err(DecodeError::Other("the coordinates are not on Earth"));
        }
        Ok((latitude, longitude))
    }
}

impl Wire for Fact {
    const LEAST: usize = 12;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        self.code.put(to)?;
        self.unit.put(to)?;
        match &self.value {
            FactValue::Number(number) => {
                1_u8.encode(to)?;
                number.encode(to)
            }
            FactValue::Text(text) => {
                2_u8.encode(to)?;
                Text::<256>::put(text, to)
            }
            FactValue::Hash(hash) => {
                3_u8.encode(to)?;
                hash.put(to)
            }
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        let (code, unit) = (FactCode::get(from)?, FactUnit::get(from)?);
        let value = match u8::decode(from)? {
            1 => FactValue::Number(i64::decode(from)?),
            2 => FactValue::Text(Text::<256>::get(from)?),
            3 => FactValue::Hash(Hash::get(from)?),
            other => return Err(unknown("kind of fact value", u32::from(other))),
        };
        Ok(Self { code, unit, value })
    }
}

impl Wire for Receiver {
    const LEAST: usize = 1;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Party(party) => {
                1_u8.encode(to)?;
                party.put(to)
            }
            Self::Outside(outsider) => {
                2_u8.encode(to)?;
                outsider.put(to)
            }
            Self::Later => 3_u8.encode(to),
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(from)? {
            1 => PartyId::get(from).map(Self::Party),
            2 => Outsider::get(from).map(Self::Outside),
            3 => Ok(Self::Later),
            other => Err(unknown("kind of receiver", u32::from(other))),
        }
    }
}

impl Wire for Operator {
    const LEAST: usize = 1;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Author => 1_u8.encode(to),
            Self::Party(party) => {
                2_u8.encode(to)?;
                party.put(to)
            }
            Self::Outside(outsider) => {
                3_u8.encode(to)?;
                super::codec::Hide::<P<Outsider>>::put(outsider, to)
            }
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(from)? {
            1 => Ok(Self::Author),
            2 => PartyId::get(from).map(Self::Party),
            3 => super::codec::Hide::<P<Outsider>>::get(from).map(Self::Outside),
            other => Err(unknown("kind of operator", u32::from(other))),
        }
    }

    fn visit<V: Visitor>(&mut self, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        match self {
            Self::Outside(outsider) => visitor.slot::<Outsider, P<Outsider>>(path.as_str(), outsider),
            Self::Author | Self::Party(_) => Ok(()),
        }
    }
}

impl Wire for Subject {
    const LEAST: usize = 33;

    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Party(party) => {
                1_u8.encode(to)?;
                party.put(to)
            }
            Self::Record(record) => {
                2_u8.encode(to)?;
                record.put(to)
            }
            Self::Lot(lot) => {
                3_u8.encode(to)?;
                lot.put(to)
            }
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(from)? {
            1 => PartyId::get(from).map(Self::Party),
            2 => RecordId::get(from).map(Self::Record),
            3 => LotRef::get(from).map(Self::Lot),
            other => Err(unknown("kind of subject", u32::from(other))),
        }
    }
}
