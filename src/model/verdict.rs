//! Verdicts, and how several become one.

use super::coded::coded;

coded! {
    /// What a rule says of a lot. The numbers are the roll-up order: the highest of several is the verdict of all.
    Verdict, "verdict" {
        /// The rule does not reach this lot, stage, date or amount.
        NotApplicable = 1 "not_applicable",
        /// Within the records examined nothing contradicts the rule, and no link it needs is missing.
        Pass = 2 "pass",
        /// A valid exception covers exactly this item, material and date.
        Waived = 3 "waived",
        /// Evidence is missing or too weak; nothing contradicts.
        Unknown = 4 "unknown",
        /// The evidence exists as a commitment and was not disclosed.
        Withheld = 5 "withheld",
        /// The records, if true, do not meet the rule, or cannot all be true.
        Fail = 6 "fail",
    }
}

impl Verdict {
    /// Returns the worst of `verdicts`; `not_applicable` for none.
    pub fn worst(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().max().unwrap_or(Self::NotApplicable)
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, *};

    #[test]
    fn fail_outranks_withheld_outranks_unknown_outranks_waived_outranks_pass() {
        let order = [Fail, Withheld, Unknown, Waived, Pass, NotApplicable];
        for pair in order.windows(2) {
            assert_eq!(Verdict::worst([pair[1], pair[0]]), pair[0]);
        }
        assert_eq!(Verdict::worst([]), NotApplicable);
    }
}
