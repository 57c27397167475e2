//! What a pack must be besides readable: names, days in order, and every list that a rule names.

use std::collections::BTreeSet;

use super::{FORMAT, PackFault, PackFile, PackStatus, Rule, Scope};
use crate::model::day::Day;
use crate::model::nearest::nearest;

impl PackFile {
    /// Returns what single fields cannot tell: the first thing that is wrong with the pack as a whole, and with each
    /// of its rules.
    pub(super) fn faults(&self) -> Vec<PackFault> {
        let rules = self.rules.iter().enumerate().map(|(at, rule)| self.check_rule(at, rule));
        [self.check_whole()].into_iter().chain(rules).filter_map(Result::err).collect()
    }

    fn check_whole(&self) -> Result<(), PackFault> {
        if self.format != FORMAT {
            return Err(PackFault::Format { found: self.format.clone() });
        }
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        name("id", &self.id, lower, "1 to 64 lower-case letters, digits or `-`")?;
        for (field, text) in [
            ("version", &self.version),
            ("title", &self.title),
            ("jurisdiction", &self.jurisdiction),
            ("reviewer", &self.reviewer),
        ] {
            filled(field, text)?;
        }
        if self.legal_refs.is_empty() {
            return Err(PackFault::Empty { field: "legal_ref".to_owned() });
        }
        if self.rules.is_empty() {
            return Err(PackFault::Empty { field: "rule".to_owned() });
        }
        in_order("effective_to", self.effective_from, self.effective_to)?;
        self.check_default()?;
        self.check_versions()?;
        self.check_borders()?;
        self.check_borders()?;
        self.check_lists()?;
        self.check_thresholds()?;
        self.check_capabilities()?;
        self.check_settings()
    }

    /// A text that is not law, or of which that is not agreed, decides nothing unless it is asked for by name.
    fn check_default(&self) -> Result<(), PackFault> {
        let may = matches!(self.status, PackStatus::Enacted | PackStatus::Draft);
        if !self.by_default || may {
            return Ok(());
        }
        Err(PackFault::Value {
            field: "by_default".to_owned(),
            problem: format!("a text that is `{}` is asked by name only", self.status),
            hint: "leave the line out".to_owned(),
        })
    }

    fn check_rule(&self, at: usize, rule: &Rule) -> Result<(), PackFault> {
        let field = format!("rule[{at}]");
        let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        name(&format!("{field}.id"), &rule.id, upper, "1 to 64 upper-case letters, digits or `-`")?;
        if self.rules[..at].iter().any(|other| other.id == rule.id) {
            return Err(PackFault::SameRule { field: format!("{field}.id"), id: rule.id.clone() });
        }
        filled(&format!("{field}.title"), &rule.title)?;
        filled(&format!("{field}.clause"), &rule.clause)?;
        filled(&format!("{field}.help"), &rule.help)?;
        in_order(&format!("{field}.effective_to"), rule.effective_from, rule.effective_to)?;
        let never =
            (self.effective_from.max(rule.effective_from), self.effective_to.min_of(rule.effective_to));
        in_order(&format!("{field}.effective_to"), never.0, never.1)?;
        check_parts_over(&field, rule)?;
        self.check_follows(&field, rule)?;
        let kind = rule.check.kind();
        let check = format!("{field}.check.{}", kind.name());
        self.needs(&field, &rule.uses().collect::<Vec<_>>())?;
        self.needs(&check, &kind.uses())?;
        self.check_readings(&check, rule)?;
        self.check_named_rules(&check, rule)?;
        kind.check(self, &check)
    }

    /// Checks that each setting offers a choice, and begins with one of its own.
    fn check_settings(&self) -> Result<(), PackFault> {
        for (name, setting) in &self.settings {
            let field = format!("settings.{name}");
            filled(&format!("{field}.about"), &setting.about)?;
            let different: BTreeSet<&String> = setting.choices.iter().collect();
            if setting.choices.len() < 2 || different.len() < setting.choices.len() {
                return Err(PackFault::Value {
                    field: format!("{field}.choices"),
                    problem: "a setting has at least two choices, each once".to_owned(),
                    hint: "name the readings, such as `choices = [\"strict\", \"letter\"]`".to_owned(),
                });
            }
            if !setting.choices.contains(&setting.default) {
                return Err(not_a_choice(&format!("{field}.default"), &setting.default, &setting.choices));
            }
        }
        Ok(())
    }

    /// Checks that what counts under one reading names a reading of the rule's setting.
    fn check_readings(&self, check: &str, rule: &Rule) -> Result<(), PackFault> {
        for (field, reading) in rule.check.kind().readings() {
            let field = format!("{check}.{field}");
            let Some(setting) = rule.setting.as_ref().and_then(|name| self.settings.get(name)) else {
                return Err(PackFault::Value {
                    field,
                    problem: format!("it counts under `{reading}` only, and the rule names no `setting`"),
                    hint: "name the setting in the rule, and its choices under `[settings]`".to_owned(),
                });
            };
            if !setting.choices.iter().any(|choice| choice == reading) {
                return Err(not_a_choice(&field, reading, &setting.choices));
            }
        }
        Ok(())
    }

    /// Checks that rules that a rule names are there.
    fn check_named_rules(&self, check: &str, rule: &Rule) -> Result<(), PackFault> {
        for (field, given) in rule.check.kind().names_rules() {
            let mut others = self.rules.iter().filter(|other| other.id != rule.id);
            if !others.clone().any(|other| other.id == given) {
                let nearest = nearest(given, others.by_ref().map(|other| other.id.as_str()));
                return Err(PackFault::UnknownRule {
                    field: format!("{check}.{field}"),
                    given: given.to_owned(),
                    nearest: nearest.map(str::to_owned),
                });
            }
        }
        Ok(())
    }

    /// Checks that a text does not hold on a day on which the one it takes the place of does.
    fn check_follows(&self, field: &str, rule: &Rule) -> Result<(), PackFault> {
        let Some(given) = &rule.follows else { return Ok(()) };
        let field = format!("{field}.follows");
        let Some(before) = self.rules.iter().find(|other| other.id == *given && other.id != rule.id) else {
            let others = self.rules.iter().map(|other| other.id.as_str()).filter(|id| *id != rule.id);
            let nearest = nearest(given, others).map(str::to_owned);
            return Err(PackFault::UnknownRule { field, given: given.clone(), nearest });
        };
        let from = rule.effective_from.max(before.effective_from);
        match (from, rule.effective_to.min_of(before.effective_to)) {
            (Some(from), Some(to)) if to < from => Ok(()),
            _ => Err(PackFault::Overlap { field, rule: rule.id.clone(), other: before.id.clone() }),
        }
    }
}

/// A mass of parts is one of the materials that a rule about single lots names.
fn check_parts_over(field: &str, rule: &Rule) -> Result<(), PackFault> {
    if rule.parts_over.is_none() || (!rule.materials.is_empty() && rule.scope != Scope::Portfolio) {
        return Ok(());
    }
    Err(PackFault::Value {
        field: format!("{field}.parts_over"),
        problem: "it goes with `materials`, and with rules about lots".to_owned(),
        hint: "name the materials whose masses are added up, such as `materials = [\"magnet.NdFeB\"]`"
            .to_owned(),
    })
}

fn not_a_choice(field: &str, given: &str, choices: &[String]) -> PackFault {
    PackFault::Value {
        field: field.to_owned(),
        problem: format!("`{given}` is none of the choices"),
        hint: nearest(given, choices.iter().map(String::as_str)).map_or_else(
            || format!("choices are {}", choices.join(", ")),
            |near| format!("did you mean `{near}`?"),
        ),
    }
}

/// The earlier of two last days, where none means no end.
trait MinOf {
    fn min_of(self, other: Self) -> Self;
}

impl MinOf for Option<Day> {
    fn min_of(self, other: Self) -> Self {
        [self, other].into_iter().flatten().min()
    }
}

fn name(field: &str, found: &str, fits: impl Fn(u8) -> bool, allowed: &'static str) -> Result<(), PackFault> {
    if (1..=64).contains(&found.len()) && found.bytes().all(fits) {
        return Ok(());
    }
    Err(PackFault::Name { field: field.to_owned(), found: found.to_owned(), allowed })
}

/// Checks that a field says something.
pub(in crate::rules) fn filled(field: &str, text: &str) -> Result<(), PackFault> {
    if text.trim().is_empty() { Err(PackFault::Empty { field: field.to_owned() }) } else { Ok(()) }
}

pub(super) fn in_order(field: &str, from: Option<Day>, to: Option<Day>) -> Result<(), PackFault> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => {
            Err(PackFault::EndsFirst { field: field.to_owned(), from, to })
        }
        _ => Ok(()),
    }
}
