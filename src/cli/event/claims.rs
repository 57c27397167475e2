//! What `close-account` and `retire-claim` have in common: which account, and credits as people write them.

use crate::cli::failure::Failure;
use crate::entry::{CreditDraft, Draft};

/// Flags that say which claim account is meant.
#[derive(clap::Args, Default, PartialEq)]
pub struct AccountArgs {
    /// Your facility whose account it is
    #[arg(long, value_name = "FACILITY")]
    facility: Option<String>,
    /// Scheme under which is claimed
    #[arg(long, value_name = "SCHEME")]
    scheme: Option<String>,
    /// What is claimed, such as recycled.post_consumer
    #[arg(long, value_name = "WORD")]
    characteristic: Option<String>,
    /// Elements whose mass counts, such as Nd or NdPr
    #[arg(long, value_name = "ELEMENTS")]
    of: Option<String>,
}

impl AccountArgs {
    /// Writes what was given into `draft`.
    pub fn fill(&self, draft: &mut Draft) {
        draft.facility.clone_from(&self.facility);
        draft.scheme.clone_from(&self.scheme);
        draft.claims.characteristic.clone_from(&self.characteristic);
        draft.claims.elements.clone_from(&self.of);
    }
}

/// Reads `41 t, on 2015-01-31, lot FEED-1, expires 2015-04-30`.
pub fn credit(text: &str) -> Result<CreditDraft, Failure> {
    let mut credit = CreditDraft::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (word, value) = part.split_once(' ').map_or((part, ""), |(word, value)| (word, value.trim()));
        let slot = match word {
            "on" => &mut credit.on,
            "lot" => &mut credit.lot,
            "expires" => &mut credit.expires,
            _ => &mut credit.mass,
        };
        let given = if matches!(word, "on" | "lot" | "expires") { value } else { part };
        if let Some(first) = slot.replace(given.to_owned()) {
            let error =
                format!("cannot read the credit `{text}`: `{first}` stands in the place of `{given}`");
            let hint = "write it like \"41 t, on 2015-01-31, lot FEED-1, expires 2015-04-30\"";
            return Err(Failure::usage(error, Some(hint.to_owned())));
        }
    }
    Ok(credit)
}

#[cfg(test)]
mod tests {
    use super::credit;

    #[test]
    fn a_credit_is_read_part_by_part_in_any_order() {
        let read = credit("lot FEED 1, 1 250 kg, expires 2015-04-30, on 2015-01-31").unwrap();
        assert_eq!((read.lot.as_deref(), read.mass.as_deref()), (Some("FEED 1"), Some("1 250 kg")));
        assert_eq!((read.on.as_deref(), read.expires.as_deref()), (Some("2015-01-31"), Some("2015-04-30")));
        assert!(credit("1 t, 2 t").is_err());
    }
}
