//! Layout of values made of several parts.

use bincode::de::{Decode, Decoder};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};

use super::Ppb;
use crate::hash::RecordId;
use crate::model::day::{Day, Offset, Period};
use crate::model::element::{Element, ElementSet};
use crate::model::lotref::LotRef;
use crate::model::place::{Country, Place, Subdivision};
use crate::model::stage::{Process, Stage, Step};
use crate::model::uncertainty::Uncertainty;
use crate::record::codec::{Codec, List, Opt, P, Trail, Wire};

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
