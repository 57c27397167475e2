//! Layout of values that are one of several things, each behind a u8 number.

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};

use super::{Ppb, unknown};
use crate::hash::{Hash, PartyId, RecordId};
use crate::model::event::{Receiver, Subject};
use crate::model::facility::Operator;
use crate::model::fact::{Fact, FactCode, FactUnit, FactValue};
use crate::model::lot::Determined;
use crate::model::lotref::LotRef;
use crate::model::party::Outsider;
use crate::record::codec::{Codec, Hide, P, Text, Trail, Wire};
use crate::record::slot::{Path, Visitor};

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
                Hide::<P<Outsider>>::put(outsider, to)
            }
        }
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(from)? {
            1 => Ok(Self::Author),
            2 => PartyId::get(from).map(Self::Party),
            3 => Hide::<P<Outsider>>::get(from).map(Self::Outside),
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
