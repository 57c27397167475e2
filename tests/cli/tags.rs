//! Tags, seals, stops and declarations at borders, written with flags by an agent, a mine and a buyer.

use crate::world::World;

/// A mine with forty bags, an agent that knows it, and a smelter.
fn tagged() -> World {
    let world = World::new();
    world.party("mine", "North Pit Cooperative", "RW-03", "miner", &["P10"]);
    world.party("agent", "Tagging Agency", "RW-01", "tagger", &[]);
    let smelter = world.party("smelter", "Coastal Smelting", "MY-10", "smelter_refiner", &["P50"]);
    world.ok("mine", &["party", "add", "smelter", &smelter]);
    let bags = r#"
[[event]]
kind = "extract"
on = 2026-11-20
steps = ["P10 mine"]
out = [{ label = "COLT-1", material = "ore", mass = "100 kg", packages = [{ id = "bag 1", net = "50 kg" }, { id = "bag 2", net = "50 kg" }] }]
"#;
    world.write("bags.toml", bags);
    world.ok("mine", &["extract", "--from", "bags.toml"]);
    world.ok("mine", &["export", "--all", "--show", "*", "--out", "mine.lode"]);
    world.ok("agent", &["import", "mine.lode"]);
    world
}

const ISSUE: [&str; 10] = [
    "issue-tags",
    "North Pit Cooperative works",
    "--scheme",
    "iTSCi",
    "--place",
    "RW-03",
    "--valid",
    "2026-11-20..2027-01-31",
    "--on",
    "2026-11-20",
];

fn issue(world: &World, tags: &str) -> crate::world::Ran {
    let mut arguments = ISSUE.to_vec();
    arguments.extend(["--tag", tags]);
    world.run("agent", &arguments)
}

fn apply(world: &World, tag: &str) -> crate::world::Ran {
    let place = ["apply-tags", "COLT-1", "--scheme", "iTSCi", "--place", "RW-03", "--on", "2026-11-21"];
    let mut arguments = place.to_vec();
    arguments.extend(["--tag", tag]);
    world.run("agent", &arguments)
}

#[test]
fn tags_go_from_the_agent_to_the_bags_and_with_the_lot_to_the_buyer() {
    let world = tagged();
    let ran = issue(&world, "RW-0001..RW-0040");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("40 tags of iTSCi for North Pit Cooperative works"), "{}", ran.out);
    assert_eq!(apply(&world, "RW-0001..RW-0002, bag 1..bag 2, 50 kg").code, 0);
    world.ok("agent", &["export", "COLT-1", "--show", "*", "--out", "tags.lode"]);
    world.ok("mine", &["import", "tags.lode"]);
    let send = ["dispatch", "COLT-1", "--to", "smelter", "--seal", "S-9", "--on", "2026-11-22"];
    let mut send = send.to_vec();
    send.extend(["--stop", "TZ-02 transshipment", "--stop", "AE-DU free_zone 2026-11-23..2026-11-24"]);
    world.ok("mine", &send);
    let declare = ["declare-border", "COLT-1", "--side", "export", "--leaving", "RW", "--entering", "MY"];
    let mut declare = declare.to_vec();
    declare.extend(["--origin", "RW", "--hs", "2615.90", "--mass", "100 kg", "--number", "RW-1"]);
    let declared = world.ok("mine", &declare);
    assert!(declared.contains("export of COLT-1, RW to MY, as 2615.90"), "{declared}");
    // Tags, and with them who handed them out, leave with the lot although neither is behind it.
    world.ok("mine", &["export", "COLT-1", "--show", "*", "--out", "sent.lode"]);
    world.ok("smelter", &["import", "sent.lode"]);
    world.ok("smelter", &["receive", "COLT-1", "--mass", "100 kg", "--seal", "S-9", "--on", "2026-11-25"]);
    let trace = world.ok("smelter", &["trace", "COLT-1"]);
    let flat = trace.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("by way of TZ-02 (transshipment), AE-DU (free zone 2026-11-23..2026-11-24)"),
        "{trace}"
    );
    assert!(world.ok("smelter", &["party", "list"]).contains("Tagging Agency"));
}

#[test]
fn a_tag_is_handed_out_and_put_on_once() {
    let world = tagged();
    assert_eq!(issue(&world, "RW-0001..RW-0040").code, 0);
    let ran = issue(&world, "RW-0040");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("tag `RW-0040` of `iTSCi` was issued before"), "{}", ran.err);
    assert!(ran.err.contains("hint: hand out a tag of another number"), "{}", ran.err);
    assert_eq!(apply(&world, "RW-0001, bag 1").code, 0);
    let ran = apply(&world, "RW-0001, bag 2");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("tag `RW-0001` of `iTSCi` was applied before"), "{}", ran.err);
    // Twice within one batch is twice as well, and then nothing of it is recorded.
    let both = ["RW-0100", "RW-0100"].map(|tag| {
        format!(
            "[[event]]\nkind = \"issue_tags\"\npit = \"North Pit Cooperative works\"\nplace = \"RW-03\"\non = 2026-11-20\nscheme = \"iTSCi\"\nvalid = \"2026-11-20..2027-01-31\"\ntags = [\"{tag}\"]\n"
        )
    });
    world.write("both.toml", &both.concat());
    let ran = world.run("agent", &["record", "--from", "both.toml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("event 2 (issue_tags) is refused: tag `RW-0100`"), "{}", ran.err);
    assert_eq!(issue(&world, "RW-0100").code, 0);
}

#[test]
fn bags_and_pits_that_are_not_there_are_refused_with_the_nearest() {
    let world = tagged();
    let ran = apply(&world, "RW-0001, bag 11");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("lot `COLT-1` has no package `bag 11`"), "{}", ran.err);
    assert!(ran.err.contains("hint: did you mean `bag 1`?"), "{}", ran.err);
    let ran = issue(&world, "RW-0040..RW-0001");
    assert!(ran.err.contains("did you mean `RW-0001..RW-0040`?"), "{}", ran.err);
    let mut arguments = ISSUE.to_vec();
    arguments[5] = "Rwanda";
    arguments.extend(["--tag", "RW-0001"]);
    let ran = world.run("agent", &arguments);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint: did you mean `RW`?"), "{}", ran.err);
    arguments[5] = "RW-03";
    arguments[1] = "North Pit Co-operative works";
    let ran = world.run("agent", &arguments);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `North Pit Cooperative works`?"), "{}", ran.err);
    let ran = world.run("agent", &["declare-border", "COLT-2", "--side", "export"]);
    assert_eq!(ran.code, 2);
}
