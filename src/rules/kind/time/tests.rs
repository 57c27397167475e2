use crate::rules::pack::Pack;
use crate::rules::testing::small_pack;

const PACK: &str = small_pack!(
    r#"
[[rule]]
id = "T-1"
title = "too late"
clause = "1"
scope = "ancestry"
help = "ask"
[rule.check.time]
"#
);

#[test]
fn something_is_asked_and_a_date_needs_events_that_were_seen() {
    let refused = |parameters: &str| {
        Pack::from_toml(&format!("{PACK}{parameters}")).err().map(|error| error.to_string())
    };
    assert!(refused("").unwrap().contains("`rule[0].check.time.max_lag_days` is empty"));
    let alone = refused("max_lag_days = 30\nstraddles = [\"2026-02-25\"]").unwrap();
    assert!(alone.contains("`rule[0].check.time.anchors` is empty"), "{alone}");
    assert!(refused("max_lag_days = \"30 months\"").is_some());
    assert!(refused("anchors = [\"harvest\"]").unwrap().contains("harvest"));
    assert_eq!(refused("anchors = [\"export\"]\nstraddles = [\"2026-02-25\"]"), None);
}
