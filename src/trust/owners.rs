//! Rows of the trust file about owners: who holds how much of whom, as the reader found out.
//!
//! Spec: docs/formats/trust.md.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::believed::party;
use super::error::TrustError;
use crate::hash::PartyId;
use crate::model::coded::coded;
use crate::model::day::Day;
use crate::model::fraction::Fraction;
use crate::model::party::Identifier;
use crate::model::place::Country;

/// One owner of somebody, as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerEntry {
    /// Whose owner: party id or pinned name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Whose owner, by name: someone who keeps no ledger, spelt as in the records or as another row's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_name: Option<String>,
    /// The owner: a pinned name or party id, else the name of someone who keeps no ledger.
    pub owner: String,
    /// The owner's country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The owner's numbers in registers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// What is held; a part of the capital where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<OwnerKind>,
    /// How much of the capital or debt; none for the right to name officers, or a contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Fraction>,
    /// Whether nobody is behind the owner: a person, a state, or a firm held by many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last: bool,
    /// The paper that says so, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Day on which it was checked.
    pub checked_on: Day,
    /// Who checked it.
    pub checked_by: String,
}

coded! {
    /// What an owner holds.
    OwnerKind, "kind of ownership" {
        /// Part of the capital.
        Equity = 1 "equity",
        /// Part of the debt.
        Debt = 2 "debt",
        /// A right to name officers or directors.
        Officer = 3 "officer",
        /// A contract that gives control.
        Control = 4 "control",
    }
}

/// Somebody who owns or is owned.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OwnerOf {
    /// A party that keeps a chain.
    Party(PartyId),
    /// Someone who keeps none, by name.
    Name(String),
}

/// One owner of somebody, with every name resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// Whose owner.
    pub of: OwnerOf,
    /// The owner.
    pub owner: OwnerOf,
    /// What is held.
    pub kind: OwnerKind,
    /// What is written about it.
    pub entry: OwnerEntry,
}

/// Resolves the names in the rows, and checks that they can be together.
pub(super) fn resolved(
    rows: Vec<OwnerEntry>,
    pinned: &BTreeMap<String, PartyId>,
) -> Result<Vec<Owner>, TrustError> {
    let mut owners: Vec<Owner> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut sums: BTreeMap<(OwnerOf, OwnerKind), u64> = BTreeMap::new();
    for (at, entry) in rows.into_iter().enumerate() {
        let field = format!("owner[{at}]");
        let row = owner(pinned, &field, entry)?;
        let sum = sums.entry((row.of.clone(), row.kind)).or_default();
        *sum += u64::from(row.entry.share.map_or(0, Fraction::ppb));
        let is_new = seen.insert((row.of.clone(), row.owner.clone(), row.kind));
        if !is_new || *sum > u64::from(Fraction::ONE.ppb()) {
            return Err(TrustError::OwnerTwice { field });
        }
        owners.push(row);
    }
    Ok(owners)
}

fn owner(pinned: &BTreeMap<String, PartyId>, field: &str, entry: OwnerEntry) -> Result<Owner, TrustError> {
    let field = || field.to_owned();
    let of = match (&entry.of, &entry.of_name) {
        (Some(of), None) => OwnerOf::Party(party(pinned, &format!("{}.of", field()), of)?),
        (None, Some(name)) => OwnerOf::Name(name.clone()),
        _ => return Err(TrustError::OwnerOfNobody { field: field() }),
    };
    let by = pinned.get(&entry.owner).copied().or_else(|| PartyId::from_hex(&entry.owner));
    let owner = by.map_or_else(|| OwnerOf::Name(entry.owner.clone()), OwnerOf::Party);
    let kind = entry.kind.unwrap_or(OwnerKind::Equity);
    let holds = matches!(kind, OwnerKind::Equity | OwnerKind::Debt);
    if holds != entry.share.is_some() || of == owner {
        return Err(TrustError::OwnerShare { field: field() });
    }
    Ok(Owner { of, owner, kind, entry })
}

#[cfg(test)]
mod tests {
    use super::super::Trust;
    use super::*;

    fn read(rows: &[&str]) -> Result<Trust, TrustError> {
        let row = |row: &&str| {
            format!("[[owner]]\n{row}\nchecked_on = \"2026-05-01\"\nchecked_by = \"J. Field\"\n")
        };
        let rows: String = rows.iter().map(row).collect();
        let pinned = format!("[pinned]\nmill = \"{}\"\n", "ab".repeat(32));
        Trust::from_toml(&format!("format = \"lodemark/trust@1\"\n{pinned}{rows}"))
    }

    #[test]
    fn an_owner_is_a_pinned_party_or_a_name() {
        let mill = OwnerOf::Party(PartyId::from_bytes([0xab; 32]));
        let trust = read(&[
            "of = \"mill\"\nowner = \"Holding\"\nshare = \"40 %\"",
            "of_name = \"Holding\"\nowner = \"mill\"\nkind = \"officer\"",
        ])
        .unwrap();
        assert_eq!(trust.owners[0].of, mill);
        assert_eq!(trust.owners[0].owner, OwnerOf::Name("Holding".to_owned()));
        assert_eq!((&trust.owners[1].owner, trust.owners[1].kind), (&mill, OwnerKind::Officer));
    }

    #[test]
    fn rows_that_cannot_be_are_refused() {
        let share = "owner = \"Holding\"\nshare = \"40 %\"";
        let of = format!("of = \"mill\"\n{share}");
        assert!(matches!(read(&[share]), Err(TrustError::OwnerOfNobody { .. })));
        let both = format!("of_name = \"Mill\"\n{of}");
        assert!(matches!(read(&[&both]), Err(TrustError::OwnerOfNobody { .. })));
        assert!(matches!(
            read(&["of = \"mil\"\nowner = \"H\"\nshare = \"1 %\""]),
            Err(TrustError::UnknownParty { .. })
        ));
        for row in [
            "of = \"mill\"\nowner = \"Holding\"",
            "of = \"mill\"\nowner = \"Holding\"\nkind = \"officer\"\nshare = \"40 %\"",
            "of = \"mill\"\nowner = \"mill\"\nshare = \"40 %\"",
        ] {
            assert!(matches!(read(&[row]), Err(TrustError::OwnerShare { .. })), "{row}");
        }
        assert!(matches!(read(&[&of, &of]), Err(TrustError::OwnerTwice { .. })));
        let other = |share: &str| format!("of = \"mill\"\nowner = \"Fund\"\nshare = \"{share}\"");
        assert!(read(&[&of, &other("60 %")]).is_ok());
        assert!(matches!(read(&[&of, &other("60.0000001 %")]), Err(TrustError::OwnerTwice { .. })));
    }
}
