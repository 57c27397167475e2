//! Private slots of a body: their paths, and what is done at each of them.
//!
//! One walk over a body serves three purposes: taking values out when sealing, checking the directory of
//! items against the body, and putting shown values back when opening.

use super::codec::{self, Codec, CodecError, List};
use crate::model::maybe::{Maybe, MaybeList};

/// The path of a slot: words and decimal indices with `/` between.
#[derive(Default)]
pub struct Path(String);

impl Path {
    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Runs `visit` with `part` added to the path; an empty part adds nothing.
    pub fn within<R>(&mut self, part: &str, visit: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.0.len();
        if !part.is_empty() {
            if length > 0 {
                self.0.push('/');
            }
            self.0.push_str(part);
        }
        let result = visit(self);
        self.0.truncate(length);
        result
    }

    /// Runs `visit` with a list index added to the path.
    pub fn within_index<R>(&mut self, index: usize, visit: impl FnOnce(&mut Self) -> R) -> R {
        self.within(&index.to_string(), visit)
    }
}

/// What is done at each slot and extra of a body, in the order of the layout.
pub trait Visitor {
    /// What can go wrong.
    type Error;

    /// Visits a value that may be withheld.
    fn slot<T, C: Codec<T>>(&mut self, path: &str, value: &mut Maybe<T>) -> Result<(), Self::Error>;

    /// Visits a list that may be withheld as a whole.
    fn list<const MAX: usize, T, C: Codec<T>>(
        &mut self,
        path: &str,
        value: &mut MaybeList<T>,
    ) -> Result<(), Self::Error>;

    /// Visits a value that is only ever a private item.
    fn extra<T, C: Codec<T>>(&mut self, path: &str, value: &mut Option<Maybe<T>>) -> Result<(), Self::Error>;
}

/// Takes values out of a body that is about to be sealed.
pub struct Hider<'a> {
    /// Whether the slot at a path becomes a private item.
    pub is_private: &'a dyn Fn(&str) -> bool,
    /// Paths and encoded values taken out so far.
    pub taken: Vec<(String, Vec<u8>)>,
}

/// Notes the path of every slot that a profile decides about; extras are private items in any case.
#[derive(Default)]
pub struct Lister {
    /// Paths so far, in the order of the layout.
    pub paths: Vec<String>,
}

impl Visitor for Lister {
    type Error = std::convert::Infallible;

    fn slot<T, C: Codec<T>>(&mut self, path: &str, _: &mut Maybe<T>) -> Result<(), Self::Error> {
        self.paths.push(path.to_owned());
        Ok(())
    }

    fn list<const MAX: usize, T, C: Codec<T>>(
        &mut self,
        path: &str,
        _: &mut MaybeList<T>,
    ) -> Result<(), Self::Error> {
        self.paths.push(path.to_owned());
        Ok(())
    }

    fn extra<T, C: Codec<T>>(&mut self, _: &str, _: &mut Option<Maybe<T>>) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// A slot was withheld before sealing: its value is not known, so it cannot be committed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of `{0}` is withheld and cannot be sealed")]
pub struct NoValue(pub String);

impl Visitor for Hider<'_> {
    type Error = NoValue;

    fn slot<T, C: Codec<T>>(&mut self, path: &str, value: &mut Maybe<T>) -> Result<(), NoValue> {
        match value {
            Maybe::Withheld => return Err(NoValue(path.to_owned())),
            Maybe::Shown(inner) if (self.is_private)(path) => {
                self.taken.push((path.to_owned(), codec::encode::<T, C>(inner)));
                *value = Maybe::Withheld;
            }
            Maybe::Shown(_) => {}
        }
        Ok(())
    }

    fn list<const MAX: usize, T, C: Codec<T>>(
        &mut self,
        path: &str,
        value: &mut MaybeList<T>,
    ) -> Result<(), NoValue> {
        match value {
            MaybeList::Withheld(_) => return Err(NoValue(path.to_owned())),
            MaybeList::Shown(entries) if (self.is_private)(path) => {
                let count = entries.len() as u64;
                self.taken.push((path.to_owned(), codec::encode::<Vec<T>, List<MAX, C>>(entries)));
                *value = MaybeList::Withheld(count);
            }
            MaybeList::Shown(_) => {}
        }
        Ok(())
    }

    fn extra<T, C: Codec<T>>(&mut self, path: &str, value: &mut Option<Maybe<T>>) -> Result<(), NoValue> {
        match value {
            Some(Maybe::Shown(inner)) => {
                self.taken.push((path.to_owned(), codec::encode::<T, C>(inner)));
                *value = None;
                Ok(())
            }
            Some(Maybe::Withheld) => Err(NoValue(path.to_owned())),
            None => Ok(()),
        }
    }
}

/// One private item as the reader holds it.
pub enum Held<'a> {
    /// Its value was shown and its commitment opened.
    Value(&'a [u8]),
    /// Only the commitment is held.
    Commitment,
}

/// Puts shown values back into a decoded body, and checks that items and slots match one to one.
pub struct Filler<'a> {
    /// Items by key, ascending, each with a mark that it was met.
    items: Vec<(&'a str, Held<'a>, bool)>,
    /// Keys of items that stay withheld, in the order met.
    pub withheld: Vec<String>,
}

/// Why items and slots do not match.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The body withholds a value that no item commits to.
    #[error("the body withholds `{0}`, but no private item commits to it")]
    MissingItem(String),
    /// An item stands for a value that the body shows, or for none.
    #[error("private item `{0}` stands for nothing in the body and is not registered for this kind")]
    SurplusItem(String),
    /// The list in the item has another length than the body says.
    #[error("private item `{path}` holds {found} entries, the body says {stated}")]
    WrongCount {
        /// Key of the item.
        path: String,
        /// Entries in the item.
        found: u64,
        /// Entries by the body.
        stated: u64,
    },
    /// The item's value is not the encoding of what stands there.
    #[error(transparent)]
    Value(#[from] CodecError),
}

impl<'a> Filler<'a> {
    /// Returns a filler over `items`, ascending by key.
    pub fn new(items: Vec<(&'a str, Held<'a>)>) -> Self {
        Self {
            items: items.into_iter().map(|(key, held)| (key, held, false)).collect(),
            withheld: Vec::new(),
        }
    }

    /// Checks that every item was met.
    ///
    /// # Errors
    /// [`FillError::SurplusItem`] for the first that was not.
    pub fn finish(self) -> Result<Vec<String>, FillError> {
        match self.items.iter().find(|(_, _, met)| !met) {
            Some((key, _, _)) => Err(FillError::SurplusItem((*key).to_owned())),
            None => Ok(self.withheld),
        }
    }

    fn meet(&mut self, path: &str) -> Option<Option<&'a [u8]>> {
        let position = self.items.binary_search_by(|(key, _, _)| (*key).cmp(path)).ok()?;
        let (_, held, met) = &mut self.items[position];
        *met = true;
        match held {
            Held::Value(value) => Some(Some(value)),
            Held::Commitment => {
                self.withheld.push(path.to_owned());
                Some(None)
            }
        }
    }
}

impl Visitor for Filler<'_> {
    type Error = FillError;

    fn slot<T, C: Codec<T>>(&mut self, path: &str, value: &mut Maybe<T>) -> Result<(), FillError> {
        if value.is_withheld() {
            let held = self.meet(path).ok_or_else(|| FillError::MissingItem(path.to_owned()))?;
            if let Some(bytes) = held {
                *value = Maybe::Shown(codec::decode::<T, C>(bytes, path)?);
            }
        }
        Ok(())
    }

    fn list<const MAX: usize, T, C: Codec<T>>(
        &mut self,
        path: &str,
        value: &mut MaybeList<T>,
    ) -> Result<(), FillError> {
        if let MaybeList::Withheld(stated) = *value {
            let held = self.meet(path).ok_or_else(|| FillError::MissingItem(path.to_owned()))?;
            if let Some(bytes) = held {
                let entries = codec::decode::<Vec<T>, List<MAX, C>>(bytes, path)?;
                let found = entries.len() as u64;
                if found != stated {
                    return Err(FillError::WrongCount { path: path.to_owned(), found, stated });
                }
                *value = MaybeList::Shown(entries);
            }
        }
        Ok(())
    }

    fn extra<T, C: Codec<T>>(&mut self, path: &str, value: &mut Option<Maybe<T>>) -> Result<(), FillError> {
        *value = match self.meet(path) {
            None => None,
            Some(None) => Some(Maybe::Withheld),
            Some(Some(bytes)) => Some(Maybe::Shown(codec::decode::<T, C>(bytes, path)?)),
        };
        Ok(())
    }
}
