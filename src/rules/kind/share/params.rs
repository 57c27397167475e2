//! Which parameters of `share` go together.

use super::*;

impl Share {
    /// Whether it asks for the least share of one list of places, of a lot and nothing else.
    pub(super) fn is_plain(&self) -> bool {
        let is_listed = self.countries.is_some() || self.declared;
        is_listed && self.least.is_some() && !self.each_stage && !self.mined_there
    }

    /// Checks what single fields cannot tell.
    pub(super) fn check_params(&self, field: &str) -> Result<(), PackFault> {
        let wrong = |name: &str, problem: &str, hint: &str| {
            let field = format!("{field}.{name}");
            Err(PackFault::Value { field, problem: problem.to_owned(), hint: hint.to_owned() })
        };
        if self.claim.is_some() {
            if self.recycled.is_none() || self.least.is_some() || self.most.is_some() {
                return wrong(
                    "claim",
                    "a claim is about recycled material alone",
                    "write `recycled`, and no share",
                );
            }
            let is_whole = !self.each_stage && !self.mined_there;
            return match self.stages.is_empty() && self.processes.is_empty() && is_whole {
                true => Ok(()),
                false => wrong("recycled", "recycled material is told by how it began", "leave stages out"),
            };
        }
        match (self.least, self.most) {
            (Some(_), Some(_)) => {
                return wrong("most", "a rule asks for the least or the most", "split the rule");
            }
            (None, None) => {
                return wrong("least", "nothing says how much", "write `least = \"10 %\"`, or `most`");
            }
            (Some(Fraction::ZERO), None) => return Err(PackFault::Empty { field: format!("{field}.least") }),
            _ => {}
        }
        let ways = [self.countries.is_some(), self.declared, self.any_one_country, self.recycled.is_some()];
        if ways.iter().filter(|way| **way).count() != 1 {
            let hint = "write one of `countries`, `declared`, `any_one_country` and `recycled`";
            return wrong("countries", "it has to be said once what counts", hint);
        }
        if self.recycled.is_some() {
            if !self.stages.is_empty() || !self.processes.is_empty() || self.each_stage {
                return wrong("recycled", "recycled material is told by how it began", "leave stages out");
            }
        } else if self.stages.is_empty() && self.processes.is_empty() {
            return Err(PackFault::Empty { field: format!("{field}.stages") });
        }
        if self.mined_there {
            let hint = "write `countries`, and one share of all stages";
            if self.countries.is_none() || self.each_stage {
                return wrong("mined_there", "it is a share of what was mined in some countries", hint);
            }
            if self.stages.contains(&Stage::P10) {
                return wrong("stages", "all of what was mined there was", "leave P10 out");
            }
        }
        if self.any_one_country && self.most.is_none() {
            return wrong("any_one_country", "no one country has to have a share", "write `most`");
        }
        if self.except.is_some() && !self.any_one_country {
            return wrong(
                "except",
                "countries are left out of single ones only",
                "write `any_one_country = true`",
            );
        }
        if (self.any_one_country || self.each_stage) && !self.processes.is_empty() {
            return wrong("processes", "shares are judged stage by stage", "write `stages`");
        }
        if self.declared && !self.is_plain() {
            let hint = "write `least`, and no `each_stage`";
            return wrong("declared", "a declared origin is one of the whole lot", hint);
        }
        if self.yields.is_some() && (!self.is_plain() || self.basis == Basis::TreoCharged) {
            let hint = "leave `yields` out";
            return wrong("yields", "it goes with the least of one list of places alone", hint);
        }
        if !self.is_plain() && (self.basis != Basis::EachElement || self.heel_ppm != 0) {
            let hint = "leave `basis` and `heel_ppm` out";
            return wrong("basis", "it goes with `countries` and `least` alone", hint);
        }
        Ok(())
    }
}
