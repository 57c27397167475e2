//! JSON of every command: its kind first, and errors as JSON too.

use crate::handover::handed_over;
use crate::world::field;

#[test]
fn each_result_begins_with_its_kind() {
    let world = handed_over();
    let lode = "con-1-received.lode";
    for (kind, arguments) in [
        ("log", vec!["log"]),
        ("lots", vec!["lots"]),
        ("record", vec!["show", "CON-1"]),
        ("trace", vec!["trace", "CON-1"]),
        ("report", vec!["verify", "CON-1", "--trust", "trust.toml"]),
        ("audit", vec!["audit", lode]),
        ("compare", vec!["compare", "con-1.lode", lode]),
        ("key", vec!["key", "show"]),
        ("parties", vec!["party", "list"]),
        ("facilities", vec!["facility", "list"]),
        ("fsck", vec!["fsck"]),
        ("stats", vec!["stats"]),
        ("import", vec!["import", "con-1.lode"]),
        ("export", vec!["export", "CON-1", "--show", "*", "--out", "again.lode"]),
        ("appended", vec!["dispose", "CON-1, 1 kg", "--how", "consumed"]),
    ] {
        let arguments: Vec<&str> = ["--format", "json"].into_iter().chain(arguments).collect();
        let out = world.ok("plant", &arguments);
        assert!(out.starts_with(&format!("{{\n  \"format\": \"lodemark/{kind}@1\"")), "{arguments:?}: {out}");
        field(&out, "format");
    }
}

#[test]
fn equal_questions_give_equal_answers() {
    let world = handed_over();
    let ask = ["--format", "json", "verify", "CON-1", "con-1-received.lode", "--trust", "trust.toml"];
    assert_eq!(world.ok("nowhere", &ask), world.ok("nowhere", &ask));
}

#[test]
fn errors_are_json_too() {
    let world = handed_over();
    for arguments in [vec!["--format", "json", "lots", "--al"], vec!["--format", "json", "show", "CON-2"]] {
        let ran = world.run("plant", &arguments);
        assert_eq!(ran.code, 2);
        assert_eq!(field(&ran.err, "format"), "lodemark/error@1");
        assert!(!field(&ran.err, "error").is_empty());
    }
}
