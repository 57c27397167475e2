//! Rows that cannot be are refused.

use super::super::{Pack, PackError, PackFault};
use crate::rules::testing::small_pack;

const HEAD: &str = small_pack!(
    r#"
[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
help = "ask"

[rule.check.min_stage_before_border]
borders = "states"
"#
);

fn read(rows: &[&str]) -> Result<Pack, PackError> {
    let rows = rows.iter().map(|row| format!("\n[[borders.states]]\nconfidence = \"low\"\n{row}\n"));
    Pack::from_toml(&format!("{HEAD}{}", rows.collect::<String>()))
}

fn fault(rows: &[&str]) -> PackFault {
    match read(rows).unwrap_err() {
        PackError::Fault { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

const ORE: &str = "country = \"ZW\"\nmaterials = [\"ore\"]\nbarred = true";

#[test]
fn a_row_must_ask_something_of_something() {
    assert!(read(&[ORE]).is_ok());
    for row in [
        "country = \"ZW\"\nmaterials = [\"ore\"]",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nunless = [\"export_permit\"]",
        "country = \"ZW\"\nbarred = true",
        "country = \"ZW\"\nmaterials = [\"ore\"]\npermits = [\"royalty_receipt\"]\nunless = [\"export_permit\"]",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nbarred = true\nmin_stage = \"P20\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nmin_stage = \"P10\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nmin_stage = \"P70\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nmin_stage = \"R40\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nbarred = true\nfrom_unclear = \"2026-01-01\"\nfrom = \"2026-01-01\"",
        "country = \"ZW\"\nelements = [\"Li\"]\nquota = \"1 t\"\nfrom = \"2026-01-01\"",
        "country = \"ZW\"\nelements = [\"Li\"]\nquota = \"1 t\"\nto = \"2026-12-31\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nquota = \"1 t\"\nfrom = \"2026-01-01\"\nto = \"2026-12-31\"",
        "country = \"ZW\"\nmaterials = [\"ore\"]\nbarred = true\nunless = [\"export_permit\"]\ncapped = [\"export_permit\"]",
        "country = \"ZW\"\nelements = [\"Li\"]\nbarred = true\ncapped = [\"export_permit\"]",
    ] {
        assert!(matches!(fault(&[row]), PackFault::Value { .. }), "{row}");
    }
}

#[test]
fn a_quota_of_goods_needs_no_element() {
    let row = "country = \"ZW\"\nmaterials = [\"ore\"]\nquota = \"1 t\"\namounts_of = \"goods\"\nfrom = \"2026-01-01\"\nto = \"2026-12-31\"";
    assert!(read(&[row]).is_ok());
}

#[test]
fn days_stand_in_order_and_shares_have_a_unit() {
    for days in [
        "from = \"2026-02-01\"\nto = \"2026-01-31\"",
        "from_unclear = \"2026-02-01\"\nfrom = \"2026-01-31\"",
        "from_unclear = \"2026-02-01\"\nto = \"2026-01-31\"",
    ] {
        let fault = fault(&[&format!("{ORE}\n{days}")]);
        assert!(matches!(fault, PackFault::EndsFirst { .. }), "{days}: {fault}");
    }
    let spec =
        "country = \"ZW\"\nmaterials = [\"ore\"]\nmin_spec = { of = \"Li\", as = \"Li2O\", least = \"5.5\" }";
    assert!(matches!(read(&[spec]).unwrap_err(), PackError::Text(_)));
    assert!(read(&[&spec.replace("5.5", "5.5 %")]).is_ok());
}

#[test]
fn two_rows_that_reach_one_material_on_one_day_are_refused() {
    let with = |more: &str| format!("{ORE}\n{more}");
    let early = with("from = \"2026-01-01\"\nto = \"2026-01-31\"");
    let overlaps = [
        ORE.to_owned(),
        with("from = \"2026-01-31\""),
        with("from_unclear = \"2026-01-31\"\nfrom = \"2026-06-01\""),
        with("to = \"2026-01-01\""),
        with("from = \"2026-01-10\"").replace("\"ore\"", "\"ore.spodumene\""),
        with("from = \"2026-01-10\"").replace("materials = [\"ore\"]", "elements = [\"Li\"]"),
    ];
    for row in &overlaps {
        let fault = fault(&[&early, row]);
        assert!(matches!(fault, PackFault::Overlap { .. }), "{row}: {fault}");
    }
    for row in [
        with("from = \"2026-02-01\""),
        with("to = \"2025-12-31\""),
        ORE.replace("ZW", "ZM"),
        ORE.replace("\"ore\"", "\"concentrate\""),
    ] {
        assert!(read(&[&early, &row]).is_ok(), "{row}");
    }
    let of = |element: &str| format!("{ORE}\nelements = [\"{element}\"]");
    assert!(read(&[&of("Li"), &of("Co")]).is_ok());
    assert!(matches!(fault(&[&of("Li"), &of("Li")]), PackFault::Overlap { .. }));
}

#[test]
fn a_table_that_is_not_there_is_refused_with_the_nearest() {
    let fault = match Pack::from_toml(&format!(
        "{}\n[[borders.states]]\nconfidence = \"low\"\n{ORE}",
        HEAD.replace("\"states\"", "\"sttes\"")
    ))
    .unwrap_err()
    {
        PackError::Fault { fault, .. } => fault,
        other => panic!("{other}"),
    };
    assert_eq!(fault.hint(), "did you mean `states`?");
}
