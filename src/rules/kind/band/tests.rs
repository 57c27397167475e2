use crate::rules::pack::{Pack, PackError};
use crate::rules::testing::small_pack;

const PACK: &str = small_pack!(
    r#"
[[rule]]
id = "B-1"
title = "outside a bound"
clause = "1"
scope = "ancestry"
help = "ask"
[rule.check.band]
"#
);

fn refused(parameters: &str) -> Option<String> {
    match Pack::from_toml(&format!("{PACK}{parameters}")) {
        Ok(_) => None,
        Err(PackError::Fault { fault, .. }) => Some(fault.to_string()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn bounds_belong_to_their_quantity_and_can_be_crossed() {
    let field = "rule[0].check.band";
    assert_eq!(refused("quantity = \"handover_mass\"\nwarn = \"0.5 %\"\nfail = \"2 %\""), None);
    assert_eq!(refused("quantity = \"transit_speed\"\nmax_speed_kmh = 80"), None);
    assert_eq!(refused("quantity = \"feed\""), None);
    let facts = "quantity = \"fact_ratio\"\nover = \"mass.slip\"\nwarn = \"0 %\"\nfail = \"2 %\"";
    assert_eq!(refused(&format!("{facts}\nunder = \"mass.invoice\"")), None);
    assert_eq!(refused(facts), Some(format!("`{field}.under` is empty")));
    let same = refused(&format!("{facts}\nunder = \"mass.slip\""));
    assert_eq!(same, Some(format!("`{field}.under`: it is the same fact")));
    for (parameters, fault) in [
        ("quantity = \"handover_mass\"\nwarn = \"0.5 %\"", format!("`{field}.fail` is empty")),
        ("quantity = \"handover_mass\"\nfail = \"2 %\"", format!("`{field}.warn` is empty")),
        (
            "quantity = \"handover_mass\"\nwarn = \"3 %\"\nfail = \"2 %\"",
            format!("`{field}.warn`: 3 % is above `fail`, 2 %"),
        ),
        (
            "quantity = \"handover_mass\"\nwarn = \"3 %\"\nfail = \"100 %\"",
            format!("`{field}.fail`: nothing could be missing that much"),
        ),
        ("quantity = \"transit_speed\"", format!("`{field}.max_speed_kmh` is empty")),
        (
            "quantity = \"transit_speed\"\nmax_speed_kmh = 0",
            format!("`{field}.max_speed_kmh`: nothing could move"),
        ),
        ("quantity = \"feed\"\nfail = \"2 %\"", format!("`{field}.fail`: it is none of this quantity")),
    ] {
        assert_eq!(refused(parameters), Some(fault), "{parameters}");
    }
}

#[test]
fn a_bound_without_its_unit_is_refused() {
    let text = format!("{PACK}quantity = \"handover_mass\"\nwarn = 0.5\nfail = \"2 %\"");
    assert!(matches!(Pack::from_toml(&text), Err(PackError::Text(_))));
}
