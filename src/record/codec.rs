//! The byte encoding of bodies and private values: bincode's big-endian fixed-width integers, read through
//! bounds of our own.
//!
//! A layout is written as a list of strategies (`Text<64>`, `List<256, ..>`, `Hide<..>`), one a field, by
//! `wire!`; it reads like the field table of docs/formats/record.md. No allocation is made before
//! its count is checked twice: against the list's own bound and against the bytes that are left.

use std::marker::PhantomData;

use bincode::config::{BigEndian, Configuration, Fixint};
use bincode::de::read::Reader;
use bincode::de::{Decode, Decoder, DecoderImpl};
use bincode::enc::{Encode, Encoder};
use bincode::error::{DecodeError, EncodeError};

use super::slot::{Path, Visitor};
use crate::model::maybe::{Maybe, MaybeList};

const CONFIG: Configuration<BigEndian, Fixint> =
    bincode::config::standard().with_big_endian().with_fixed_int_encoding();

/// Where decoding stands: the names of the fields entered, for messages.
#[derive(Default)]
pub struct Trail {
    fields: Vec<&'static str>,
}

/// Why bytes are not the encoding of what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes do not decode.
    #[error("byte {offset} of the {part}, field `{field}`: {why}")]
    Malformed {
        /// `body`, or the key of the private item.
        part: String,
        /// Offset from the beginning of that part.
        offset: usize,
        /// Names of the fields entered, set apart by `.`.
        field: String,
        /// What is wrong.
        why: String,
    },
    /// A number stands for a word this version does not know: it cannot judge the record.
    #[error("the {part} holds {what} number {code}, which this version does not know")]
    UnknownCode {
        /// `body`, or the key of the private item.
        part: String,
        /// What kind of word.
        what: &'static str,
        /// The number.
        code: u32,
    },
    /// Bytes are left over.
    #[error("the {part} has {left} bytes after its end")]
    Trailing {
        /// `body`, or the key of the private item.
        part: String,
        /// How many.
        left: usize,
    },
    /// Encoding again gives other bytes.
    #[error("the {part} is not in canonical form")]
    NotCanonical {
        /// `body`, or the key of the private item.
        part: String,
    },
}

/// A reader over a slice that knows where it stands.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader for Cursor<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<(), DecodeError> {
        let from = self
            .bytes
            .get(self.at..)
            .and_then(|rest| rest.get(..into.len()))
            .ok_or(DecodeError::UnexpectedEnd { additional: into.len() })?;
        into.copy_from_slice(from);
        self.at += into.len();
        Ok(())
    }

    fn peek_read(&mut self, n: usize) -> Option<&[u8]> {
        self.bytes.get(self.at..)?.get(..n)
    }

    fn consume(&mut self, n: usize) {
        self.at = self.at.saturating_add(n).min(self.bytes.len());
    }
}

/// How values of `T` are laid out.
pub trait Codec<T> {
    /// Fewest bytes a value takes.
    const LEAST: usize;

    /// Writes a value.
    fn put<E: Encoder>(value: &T, to: &mut E) -> Result<(), EncodeError>;

    /// Reads a value.
    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<T, DecodeError>;

    /// Visits the private slots inside a value.
    fn visit<V: Visitor>(_value: &mut T, _path: &mut Path, _visitor: &mut V) -> Result<(), V::Error> {
        Ok(())
    }
}

/// A type with one layout of its own.
pub trait Wire: Sized {
    /// Fewest bytes a value takes.
    const LEAST: usize;

    /// Writes a value.
    fn put<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError>;

    /// Reads a value.
    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Self, DecodeError>;

    /// Visits the private slots and extras inside a value.
    fn visit<V: Visitor>(&mut self, _path: &mut Path, _visitor: &mut V) -> Result<(), V::Error> {
        Ok(())
    }
}

/// Strategy: the type's own layout.
pub struct P<T>(PhantomData<T>);

impl<T: Wire> Codec<T> for P<T> {
    const LEAST: usize = T::LEAST;

    fn put<E: Encoder>(value: &T, to: &mut E) -> Result<(), EncodeError> {
        value.put(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<T, DecodeError> {
        T::get(from)
    }

    fn visit<V: Visitor>(value: &mut T, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        value.visit(path, visitor)
    }
}

/// Strategy: `00`, or `01` and the value.
pub struct Opt<C>(PhantomData<C>);

impl<T, C: Codec<T>> Codec<Option<T>> for Opt<C> {
    const LEAST: usize = 1;

    fn put<E: Encoder>(value: &Option<T>, to: &mut E) -> Result<(), EncodeError> {
        value.is_some().encode(to)?;
        value.as_ref().map_or(Ok(()), |value| C::put(value, to))
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Option<T>, DecodeError> {
        Ok(if flag(from)? { Some(C::get(from)?) } else { None })
    }
}

/// Strategy: UTF-8 of at most `MAX` bytes behind a u64 length, without control or bidi characters.
pub struct Text<const MAX: usize>;

impl<const MAX: usize> Codec<String> for Text<MAX> {
    const LEAST: usize = 8;

    fn put<E: Encoder>(value: &String, to: &mut E) -> Result<(), EncodeError> {
        value.encode(to)
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<String, DecodeError> {
        let count = bounded(from, MAX, 1)?;
        let bytes = from.reader().peek_read(count).unwrap_or_default();
        let text =
            std::str::from_utf8(bytes).map_err(|_| DecodeError::Other("the text is not UTF-8"))?.to_owned();
        if !crate::model::words::is_clean(&text) {
            return Err(DecodeError::Other("the text is empty or holds a control or bidi character"));
        }
        from.reader().consume(count);
        Ok(text)
    }
}

/// Strategy: a u64 count of at most `MAX`, and the entries.
pub struct List<const MAX: usize, C>(PhantomData<C>);

impl<const MAX: usize, T, C: Codec<T>> Codec<Vec<T>> for List<MAX, C> {
    const LEAST: usize = 8;

    fn put<E: Encoder>(value: &Vec<T>, to: &mut E) -> Result<(), EncodeError> {
        (value.len() as u64).encode(to)?;
        value.iter().try_for_each(|entry| C::put(entry, to))
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Vec<T>, DecodeError> {
        let count = bounded(from, MAX, C::LEAST)?;
        entries::<T, C, D>(count, from)
    }

    fn visit<V: Visitor>(value: &mut Vec<T>, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        for (index, entry) in value.iter_mut().enumerate() {
            path.within_index(index, |path| C::visit(entry, path, visitor))?;
        }
        Ok(())
    }
}

/// Strategy: a value its author may keep, `00` and the value, or `01` for one that travels as a private item.
pub struct Hide<C>(PhantomData<C>);

impl<T, C: Codec<T>> Codec<Maybe<T>> for Hide<C> {
    const LEAST: usize = 1;

    fn put<E: Encoder>(value: &Maybe<T>, to: &mut E) -> Result<(), EncodeError> {
        value.is_withheld().encode(to)?;
        value.shown().map_or(Ok(()), |value| C::put(value, to))
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<Maybe<T>, DecodeError> {
        Ok(if flag(from)? { Maybe::Withheld } else { Maybe::Shown(C::get(from)?) })
    }

    fn visit<V: Visitor>(value: &mut Maybe<T>, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        visitor.slot::<T, C>(path.as_str(), value)
    }
}

/// Strategy: a list that is one private item as a whole; its count is in the body either way.
pub struct HideList<const MAX: usize, C>(PhantomData<C>);

impl<const MAX: usize, T, C: Codec<T>> Codec<MaybeList<T>> for HideList<MAX, C> {
    const LEAST: usize = 9;

    fn put<E: Encoder>(value: &MaybeList<T>, to: &mut E) -> Result<(), EncodeError> {
        value.count().encode(to)?;
        value.is_withheld().encode(to)?;
        value.shown().map_or(Ok(()), |entries| entries.iter().try_for_each(|entry| C::put(entry, to)))
    }

    fn get<D: Decoder<Context = Trail>>(from: &mut D) -> Result<MaybeList<T>, DecodeError> {
        let count = u64::decode(from)?;
        if count > MAX as u64 {
            return Err(DecodeError::OtherString(format!("{count} entries where at most {MAX} are allowed")));
        }
        if flag(from)? {
            return Ok(MaybeList::Withheld(count));
        }
        room(from, count as usize, C::LEAST)?;
        entries::<T, C, D>(count as usize, from).map(MaybeList::Shown)
    }

    fn visit<V: Visitor>(value: &mut MaybeList<T>, path: &mut Path, visitor: &mut V) -> Result<(), V::Error> {
        visitor.list::<MAX, T, C>(path.as_str(), value)
    }
}

/// Reads a byte that is 00 or 01.
pub fn flag<D: Decoder<Context = Trail>>(from: &mut D) -> Result<bool, DecodeError> {
    match u8::decode(from)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::Other("a flag is neither 00 nor 01")),
    }
}

/// Reads a u64 count and checks it against `max` and against the bytes that are left.
fn bounded<D: Decoder<Context = Trail>>(
    from: &mut D,
    max: usize,
    least: usize,
) -> Result<usize, DecodeError> {
    let count = u64::decode(from)?;
    if count > max as u64 {
        return Err(DecodeError::OtherString(format!("{count} entries where at most {max} are allowed")));
    }
    room(from, count as usize, least)?;
    Ok(count as usize)
}

fn room<D: Decoder<Context = Trail>>(from: &mut D, count: usize, least: usize) -> Result<(), DecodeError> {
    // The product cannot overflow: every bound is below 2^17 and every least size below 2^10.
    match from.reader().peek_read(count * least) {
        Some(_) => Ok(()),
        None => Err(DecodeError::OtherString(format!("{count} entries do not fit into what is left"))),
    }
}

fn entries<T, C: Codec<T>, D: Decoder<Context = Trail>>(
    count: usize,
    from: &mut D,
) -> Result<Vec<T>, DecodeError> {
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        entries.push(C::get(from)?);
    }
    Ok(entries)
}

/// Notes the field that is being read.
pub fn enter<D: Decoder<Context = Trail>>(from: &mut D, field: &'static str) {
    from.context().fields.push(field);
}

/// Notes that a field was read.
pub fn leave<D: Decoder<Context = Trail>>(from: &mut D) {
    from.context().fields.pop();
}

/// Returns the bytes of `value` in layout `C`.
pub fn encode<T, C: Codec<T>>(value: &T) -> Vec<u8> {
    struct Sink<'a, T, C>(&'a T, PhantomData<C>);
    impl<T, C: Codec<T>> Encode for Sink<'_, T, C> {
        fn encode<E: Encoder>(&self, to: &mut E) -> Result<(), EncodeError> {
            C::put(self.0, to)
        }
    }
    bincode::encode_to_vec(Sink::<T, C>(value, PhantomData), CONFIG)
        .expect("writing to memory cannot fail, and every layout can write every value")
}

/// Returns the value that `bytes` are the whole, canonical encoding of, in layout `C`.
///
/// # Errors
/// [`CodecError`], with `part` as the name of what was read.
pub fn decode<T, C: Codec<T>>(bytes: &[u8], part: &str) -> Result<T, CodecError> {
    let mut decoder = DecoderImpl::new(Cursor { bytes, at: 0 }, CONFIG, Trail::default());
    let value = match C::get(&mut decoder) {
        Ok(value) => value,
        Err(error) => {
            let offset = decoder.reader().at;
            let field = decoder.context().fields.join(".");
            let part = part.to_owned();
            return Err(match error {
                DecodeError::UnexpectedVariant { type_name, found, .. } => {
                    CodecError::UnknownCode { part, what: type_name, code: found }
                }
                DecodeError::UnexpectedEnd { .. } => {
                    CodecError::Malformed { part, offset, field, why: "it ends too early".into() }
                }
                DecodeError::Other(why) => CodecError::Malformed { part, offset, field, why: why.into() },
                DecodeError::OtherString(why) => CodecError::Malformed { part, offset, field, why },
                other => CodecError::Malformed { part, offset, field, why: other.to_string() },
            });
        }
    };
    let left = bytes.len() - decoder.reader().at;
    if left > 0 {
        return Err(CodecError::Trailing { part: part.to_owned(), left });
    }
    if encode::<T, C>(&value) != bytes {
        return Err(CodecError::NotCanonical { part: part.to_owned() });
    }
    Ok(value)
}

/// Gives a struct of the model its layout: the fields in order, each with its strategy, then the extras that
/// never stand in the body. The text behind a field is the part of its path in the names of private items.
macro_rules! wire {
    ($name:ty { $($field:ident $($path:literal)? : $codec:ty,)* } $(extras { $($extra:ident $epath:literal : $ecodec:ty,)* })?) => {
        impl $crate::record::codec::Wire for $name {
            const LEAST: usize = 0 $(+ $crate::record::codec::least_of(
                |value: &Self| &value.$field, std::marker::PhantomData::<$codec>))*;

            fn put<E: bincode::enc::Encoder>(&self, to: &mut E) -> Result<(), bincode::error::EncodeError> {
                $(<$codec as $crate::record::codec::Codec<_>>::put(&self.$field, to)?;)*
                Ok(())
            }

            fn get<D: bincode::de::Decoder<Context = $crate::record::codec::Trail>>(
                from: &mut D,
            ) -> Result<Self, bincode::error::DecodeError> {
                $(
                    $crate::record::codec::enter(from, stringify!($field));
                    let $field = <$codec as $crate::record::codec::Codec<_>>::get(from)?;
                    $crate::record::codec::leave(from);
                )*
                Ok(Self { $($field,)* $($($extra: None,)*)? })
            }

            fn visit<V: $crate::record::slot::Visitor>(
                &mut self,
                _path: &mut $crate::record::slot::Path,
                _visitor: &mut V,
            ) -> Result<(), V::Error> {
                $($(
                    _path.within($path, |path| {
                        <$codec as $crate::record::codec::Codec<_>>::visit(&mut self.$field, path, _visitor)
                    })?;
                )?)*
                $($(
                    _path.within($epath, |path| {
                        _visitor.extra::<_, $ecodec>(path.as_str(), &mut self.$extra)
                    })?;
                )*)?
                Ok(())
            }
        }
    };
}

/// Returns the fewest bytes a field takes under its strategy; the getter only names the field's type.
pub const fn least_of<S, T, C: Codec<T>>(_field: fn(&S) -> &T, _codec: PhantomData<C>) -> usize {
    C::LEAST
}

pub(super) use wire;
