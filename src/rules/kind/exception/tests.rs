//! Parameters that are refused, and what holds whatever the facts.

use crate::rules::pack::{Pack, PackError, PackFault, embedded_text};

const COTS: &str = "[[rule.check.exception.condition]]\nasks = { fact = \"cots\" }\n";

fn changed(from: &str, to: &str) -> PackError {
    let text = embedded_text("us-dfars-7052-magnets").unwrap();
    assert!(text.contains(from), "{from}");
    Pack::from_toml(&text.replace(from, to)).unwrap_err()
}

fn fault(from: &str, to: &str) -> PackFault {
    match changed(from, to) {
        PackError::Fault { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

#[test]
fn a_rule_that_is_not_there_or_is_an_exception_itself_cannot_be_excepted() {
    let rules = "rules = [\"OR-01-NDFEB\", \"OR-02-NDFEB\"]";
    let unknown = fault(rules, "rules = [\"OR-01-NDFEB\", \"OR-02-NDFBE\"]");
    assert!(
        matches!(&unknown, PackFault::UnknownRule { field, .. } if field.ends_with("exception.rules[1]"))
    );
    assert_eq!(unknown.hint(), "did you mean `OR-02-NDFEB`?");
    assert!(matches!(fault(rules, "rules = [\"EX-COTS\"]"), PackFault::Value { .. }));
    assert!(matches!(fault(rules, "rules = []"), PackFault::Empty { .. }));
}

#[test]
fn conditions_that_cannot_be_are_refused() {
    let ends = format!("from = \"2027-01-01\"\nto = \"2026-12-31\"\n{}", "asks = { fact = \"cots\" }\n");
    let first = fault(COTS, &format!("[[rule.check.exception.condition]]\n{ends}"));
    assert!(matches!(first, PackFault::EndsFirst { .. }), "{first}");
    let forms = ["bar", "billet", "slab", "wire", "cube", "sphere", "block", "blank", "plate", "sheet"];
    let forms = forms.map(|form| format!("\"{form}\"")).join(", ");
    let milled = "stages = [\"R30\"], processes = [\"mill\"], ";
    assert!(matches!(fault(milled, ""), PackFault::Empty { .. }));
    assert!(matches!(fault(&format!("not_form = [{forms}]"), "not_form = []"), PackFault::Empty { .. }));
    // An amount without a unit, a fact and a form that nobody knows.
    for (from, to) in [
        ("\"250 000 USD\"", "\"250 000\""),
        ("fact = \"cots\"", "fact = \"cot\""),
        ("\"billet\"", "\"bilet\""),
        ("below = \"50 %\"", "below = \"50\""),
    ] {
        assert!(matches!(changed(from, to), PackError::Text(_)), "{to}");
    }
}

#[test]
fn lists_that_conditions_name_have_to_be_there() {
    let unknown = fault("recycled = { elements = \"recycled\" }", "recycled = { elements = \"recyled\" }");
    assert!(
        matches!(&unknown, PackFault::UnknownList { field, .. } if field.ends_with("asks.recycled.elements"))
    );
    let unknown = fault("countries = \"united_states\"", "countries = \"unitd_states\"");
    assert_eq!(unknown.hint(), "did you mean `united_states`?");
}

#[test]
fn an_exception_of_the_section_alone_names_the_clause_and_one_of_both_does_not() {
    let alone = "stands_in = \"section\"\nclause = \"252.225-7052\"\n";
    assert!(matches!(fault(alone, "stands_in = \"section\"\n"), PackFault::Value { .. }));
    assert!(matches!(
        fault("stands_in = \"both\"\n", "stands_in = \"both\"\nclause = \"1\"\n"),
        PackFault::Value { .. }
    ));
}

#[test]
fn what_counts_under_one_reading_needs_a_setting_that_has_it() {
    let when = "when = \"section\"\n";
    assert_eq!(fault(when, "when = \"sectin\"\n").hint(), "did you mean `section`?");
    let setting = "setting = \"mill_products_after_2026\"\n";
    assert!(matches!(fault(setting, ""), PackFault::Value { .. }));
    assert!(matches!(fault(setting, "setting = \"mill_products\"\n"), PackFault::UnknownList { .. }));
    let choices = "choices = [\"section\", \"clause\"]";
    assert!(matches!(fault(choices, "choices = [\"section\"]"), PackFault::Value { .. }));
    assert!(matches!(fault(choices, "choices = [\"section\", \"section\"]"), PackFault::Value { .. }));
    assert!(matches!(fault("default = \"section\"", "default = \"both\""), PackFault::Value { .. }));
}
