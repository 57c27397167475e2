//! Names in a case file that stand for something in packs: exceptions that are claimed, and readings that are chosen.

use std::collections::BTreeSet;

use super::kind::Predicate;
use super::pack::{Pack, embedded};
use crate::model::nearest::nearest;
use crate::trust::Case;

/// A name in a case file that stands for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is `{given}`, which {problem}")]
pub struct CaseNameError {
    /// Which field.
    pub field: String,
    /// What was written.
    pub given: String,
    /// What is wrong with it.
    pub problem: &'static str,
    known: Vec<String>,
}

impl CaseNameError {
    /// Returns what to try instead.
    pub fn hint(&self) -> Option<String> {
        let known = self.known.iter().map(String::as_str);
        Some(match nearest(&self.given, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", self.known.join(", ")),
        })
    }
}

/// Checks that each exception, setting and choice that a case file names is known to a pack that is asked or built in.
///
/// # Errors
/// [`CaseNameError`] with what is known.
pub fn check_case(case: &Case, asked: &[Pack]) -> Result<(), CaseNameError> {
    let packs = || asked.iter().chain(embedded());
    let error = |field: String, given: &String, problem, known: BTreeSet<String>| {
        Err(CaseNameError { field, given: given.clone(), problem, known: known.into_iter().collect() })
    };
    for (at, given) in case.file.exceptions.iter().enumerate() {
        let known: BTreeSet<String> = packs().flat_map(exceptions).collect();
        if !known.contains(given) {
            let field = format!("exceptions[{at}]");
            let problem = "no pack that is asked or built in has as an exception";
            return error(
                field,
                given,
                problem,
                known.into_iter().filter(|one| !one.contains('/')).collect(),
            );
        }
    }
    for (name, choice) in &case.file.settings {
        let choices: BTreeSet<String> = packs()
            .filter_map(|pack| pack.file.settings.get(name))
            .flat_map(|one| one.choices.clone())
            .collect();
        if choices.is_empty() {
            let known = packs().flat_map(|pack| pack.file.settings.keys().cloned()).collect();
            return error(
                "settings".to_owned(),
                name,
                "no pack that is asked or built in has as a setting",
                known,
            );
        }
        if !choices.contains(choice) {
            return error(format!("settings.{name}"), choice, "is none of its choices", choices);
        }
    }
    Ok(())
}

/// Returns the names of a pack's exceptions, alone and with the pack's.
fn exceptions(pack: &Pack) -> Vec<String> {
    let rules = pack.file.rules.iter().filter(|rule| matches!(rule.check, Predicate::Exception(_)));
    rules.flat_map(|rule| [rule.id.clone(), format!("{}/{}", pack.file.id, rule.id)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(lines: &str) -> Result<(), CaseNameError> {
        check_case(&Case::from_toml(&format!("format = \"lodemark/case@1\"\n{lines}\n")).unwrap(), &[])
    }

    #[test]
    fn an_exception_a_setting_and_a_choice_have_to_be_known_to_some_pack() {
        assert_eq!(checked("exceptions = [\"EX-COTS\", \"us-dfars-7052-magnets/EX-ELEC\"]"), Ok(()));
        assert_eq!(checked("settings = { elements_in_scope = \"letter\" }"), Ok(()));
        for (line, field, hint) in [
            ("exceptions = [\"EX-COT\"]", "exceptions[0]", "did you mean `EX-COTS`?"),
            ("exceptions = [\"OR-01-NDFEB\"]", "exceptions[0]", "there are EX-COTS"),
            ("settings = { element_in_scope = \"letter\" }", "settings", "did you mean `elements_in_scope`?"),
            (
                "settings = { elements_in_scope = \"leter\" }",
                "settings.elements_in_scope",
                "did you mean `letter`?",
            ),
        ] {
            let error = checked(line).unwrap_err();
            assert_eq!(error.field, field, "{error}");
            assert!(error.hint().unwrap().starts_with(hint), "{line}: {:?}", error.hint());
        }
    }
}
