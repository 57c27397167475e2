//! A proof that some serial numbers are among those of a lot: the numbers with their salts, and a path for each.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::kept::{Kept, KeptError, salt_hex};
use super::{MAX_SERIAL, Salt, leaf};
use crate::hash::Hash;
use crate::log::tree::{PathError, check_inclusion};
use crate::model::lotref::LotRef;
use crate::model::words::is_clean;
use crate::text;

/// What the file says it is.
const FORMAT: &str = "lodemark/serial-proof@1";

/// Serial numbers shown to be among those of a lot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    format: String,
    /// The lot that they are said to be of.
    pub lot: LotRef,
    /// The root that the lot's record names.
    pub root: Hash,
    /// How many serial numbers there are in all.
    pub size: u64,
    /// Those that are shown.
    pub serials: Vec<ShownSerial>,
}

/// A serial number, and its way to the root.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownSerial {
    /// The number, as it is written on the thing.
    pub serial: String,
    /// Its salt.
    #[serde(with = "salt_hex")]
    pub salt: Salt,
    /// Its place among the leaves, from 0.
    pub index: u64,
    /// From its sibling up to the root's child.
    pub path: Vec<Hash>,
}

/// Why a proof cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    /// None is asked for.
    #[error("no serial number is asked for")]
    None,
    /// It is not among those kept.
    #[error("`{serial}` is not among the serial numbers kept")]
    Unknown {
        /// What was asked for.
        serial: String,
        /// The nearest that is kept.
        nearest: Option<String>,
    },
    /// It is asked for twice.
    #[error("`{0}` is asked for twice")]
    Twice(String),
}

impl ProveError {
    /// Says what a person can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::None => Some("name them behind the lot, or in a file with `--from`, one a line".to_owned()),
            Self::Unknown { nearest, .. } => nearest.as_ref().map(|near| format!("did you mean `{near}`?")),
            Self::Twice(_) => Some("name each once".to_owned()),
        }
    }
}

/// What is wrong with a proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// It shows nothing.
    #[error("it shows no serial number")]
    Empty,
    /// A number is none.
    #[error("`{0}` is no serial number")]
    Serial(String),
    /// A number stands there twice, so that one thing would count as two.
    #[error("`{0}` stands there twice")]
    Twice(String),
    /// Two numbers stand at one place.
    #[error("`{serial}` is said to be number {index} from 0, as another is")]
    SamePlace {
        /// The number.
        serial: String,
        /// The place.
        index: u64,
    },
    /// A number is not shown to be among those of the root.
    #[error("`{serial}` is not shown to be among them: {error}")]
    Path {
        /// The number.
        serial: String,
        /// What is wrong with its path.
        error: PathError,
    },
}

impl Proof {
    /// Proves that `serials` are among those kept for `lot`.
    ///
    /// # Errors
    /// [`ProveError`] for none, one that is not kept, or one twice.
    pub fn of(kept: &Kept, lot: LotRef, serials: &[String]) -> Result<Self, ProveError> {
        if serials.is_empty() {
            return Err(ProveError::None);
        }
        let tree = kept.tree();
        let place: HashMap<Hash, u64> = kept.leaves().into_iter().zip(0..).collect();
        let by_serial: HashMap<&str, &super::KeptSerial> =
            kept.serials().iter().map(|one| (one.serial.as_str(), one)).collect();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut shown = Vec::with_capacity(serials.len());
        for serial in serials {
            let Some(one) = by_serial.get(serial.as_str()) else {
                let nearest = kept.nearest(serial).map(str::to_owned);
                return Err(ProveError::Unknown { serial: serial.clone(), nearest });
            };
            if !seen.insert(serial) {
                return Err(ProveError::Twice(serial.clone()));
            }
            let index = place[&leaf(&one.salt, serial)];
            let path = tree.path(index).expect("a leaf of the tree has a path");
            shown.push(ShownSerial { serial: serial.clone(), salt: one.salt, index, path });
        }
        let (root, size) = (tree.root(), tree.size());
        Ok(Self { format: FORMAT.to_owned(), lot, root, size, serials: shown })
    }

    /// Reads a proof; whether it holds is for [`Proof::faults`].
    ///
    /// # Errors
    /// [`KeptError`] for what is no such file.
    pub fn from_json(json: &str) -> Result<Self, KeptError> {
        let proof: Self = text::from_json(json)?;
        match proof.format == FORMAT {
            true => Ok(proof),
            false => Err(KeptError::Format(proof.format)),
        }
    }

    /// Writes the proof.
    pub fn to_json(&self) -> String {
        text::to_json(self)
    }

    /// Returns everything that is wrong with it by itself; none if every number is shown to be below its root.
    ///
    /// Whether the lot's record names that root is not looked at here.
    pub fn faults(&self) -> Vec<ProofFault> {
        let mut faults = Vec::new();
        if self.serials.is_empty() {
            faults.push(ProofFault::Empty);
        }
        let (mut serials, mut places) = (HashSet::new(), HashSet::new());
        for one in &self.serials {
            if !is_clean(&one.serial) || one.serial.len() > MAX_SERIAL {
                faults.push(ProofFault::Serial(one.serial.clone()));
                continue;
            }
            if !serials.insert(&one.serial) {
                faults.push(ProofFault::Twice(one.serial.clone()));
            } else if !places.insert(one.index) {
                faults.push(ProofFault::SamePlace { serial: one.serial.clone(), index: one.index });
            }
            let leaf = leaf(&one.salt, &one.serial);
            if let Err(error) = check_inclusion(one.index, self.size, &leaf, &one.path, &self.root) {
                faults.push(ProofFault::Path { serial: one.serial.clone(), error });
            }
        }
        faults
    }
}

/// A serial number shown for two lots.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Twice {
    /// The number.
    pub serial: String,
    /// The two lots, in the order in which the proofs were given.
    pub lots: [LotRef; 2],
}

/// Returns every serial number that two of the proofs show for different lots.
///
/// `is_same` says whether two lots are the same goods, one having been handed over as the other.
pub fn shown_twice(proofs: &[Proof], is_same: impl Fn(&LotRef, &LotRef) -> bool) -> Vec<Twice> {
    let mut first: HashMap<&str, Vec<LotRef>> = HashMap::new();
    let mut found = Vec::new();
    for proof in proofs {
        for one in &proof.serials {
            let lots = first.entry(&one.serial).or_default();
            if lots.contains(&proof.lot) {
                continue;
            }
            let other = lots.iter().find(|lot| !is_same(lot, &proof.lot));
            found.extend(other.map(|lot| Twice { serial: one.serial.clone(), lots: [*lot, proof.lot] }));
            lots.push(proof.lot);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::RecordId;
    use crate::sign::SeededEntropy;

    fn kept() -> Kept {
        let lines: Vec<String> = (1..=400).map(|number| format!("SN-{number:04}")).collect();
        Kept::make(&lines.join("\n"), &mut SeededEntropy::new(b"proof")).unwrap()
    }

    fn lot(number: u8) -> LotRef {
        LotRef { record: RecordId::from_bytes([number; 32]), index: 0 }
    }

    fn fifty() -> Proof {
        let serials: Vec<String> = (101..=150).map(|number| format!("SN-{number:04}")).collect();
        Proof::of(&kept(), lot(1), &serials).unwrap()
    }

    #[test]
    fn fifty_of_four_hundred_are_shown_without_the_others() {
        let proof = fifty();
        assert_eq!(Proof::from_json(&proof.to_json()).unwrap(), proof);
        assert_eq!(proof.faults(), vec![]);
        assert_eq!((proof.size, proof.serials.len()), (400, 50));
        assert!(!proof.to_json().contains("SN-0100"));
    }

    #[test]
    fn every_change_of_a_proof_is_found() {
        let changes: [fn(&mut Proof); 9] = [
            |proof| proof.root.0[7] ^= 1,
            |proof| proof.size += 1,
            |proof| proof.serials[3].salt = proof.serials[4].salt,
            |proof| proof.serials[3].serial = "SN-0001".into(),
            |proof| proof.serials[3].index ^= 1,
            |proof| proof.serials[3].path.truncate(7),
            |proof| proof.serials[3].path.swap(0, 1),
            |proof| proof.serials[3] = proof.serials[4].clone(),
            |proof| proof.serials.clear(),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut proof = fifty();
            change(&mut proof);
            assert!(!proof.faults().is_empty(), "change {number}");
        }
    }

    #[test]
    fn a_number_that_is_not_kept_gets_the_nearest_and_one_twice_is_refused() {
        let of = |serials: &[&str]| {
            let serials: Vec<String> = serials.iter().map(|one| (*one).to_owned()).collect();
            Proof::of(&kept(), lot(1), &serials).unwrap_err()
        };
        assert!(of(&["SN-0401"]).hint().unwrap().starts_with("did you mean `SN-0"));
        assert_eq!(of(&["SN-0001", "SN-0001"]), ProveError::Twice("SN-0001".into()));
        assert_eq!(of(&[]), ProveError::None);
    }

    #[test]
    fn a_number_shown_for_two_lots_is_found_unless_they_are_the_same_goods() {
        let (one, mut other) = (fifty(), fifty());
        other.serials.truncate(1);
        assert_eq!(shown_twice(&[one.clone(), other.clone()], |_, _| false), vec![]);
        other.lot = lot(2);
        let both = [one, other];
        let twice = shown_twice(&both, |_, _| false);
        assert_eq!(twice, vec![Twice { serial: "SN-0101".into(), lots: [lot(1), lot(2)] }]);
        assert_eq!(shown_twice(&both, |_, _| true), vec![]);
    }
}
