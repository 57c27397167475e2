//! Claim accounts, waivers, inspections, ties and assays, written with flags; what they are told when they err.

use crate::world::World;

const ACCOUNT: [&str; 8] = [
    "--facility",
    "Works works",
    "--scheme",
    "ISO 22095",
    "--characteristic",
    "recycled.post_consumer",
    "--of",
    "Nd",
];

/// A recycler with a tonne of recycled neodymium, and what another party knows of it.
fn works() -> World {
    let world = World::new();
    world.party("works", "Works", "DE-HE", "recycler", &["R40"]);
    world.ok(
        "works",
        &[
            "opening-stock",
            "--out",
            "FEED: metal.Nd, 1000 kg, origin recycled.post_consumer",
            "--touch",
            "Nd, R10 collect, DE",
        ],
    );
    world.ok("works", &["export", "--all", "--show", "*", "--out", "works.lode"]);
    world.party("office", "Office", "US", "waiver_authority", &[]);
    world.ok("office", &["import", "works.lode"]);
    world
}

fn retire(serial: &str, mass: &str, on: &str) -> Vec<String> {
    let mut line: Vec<String> =
        ["retire-claim", serial, "--mass", mass, "--on", on].map(str::to_owned).to_vec();
    line.extend(ACCOUNT.map(str::to_owned));
    line
}

fn close(on: &str, rest: &[&str]) -> Vec<String> {
    let mut line: Vec<String> = ["close-account", "--on", on].map(str::to_owned).to_vec();
    line.extend(ACCOUNT.map(str::to_owned));
    line.extend(rest.iter().map(|text| (*text).to_owned()));
    line
}

fn ok(world: &World, ledger: &str, line: &[String]) -> String {
    world.ok(ledger, &line.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Runs and returns the error line with its hint line.
fn refused(world: &World, ledger: &str, line: &[String]) -> String {
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    let ran = world.run(ledger, &line);
    assert!(ran.code == 1 || ran.code == 2, "{line:?}\n{}{}", ran.out, ran.err);
    assert_eq!(ran.out, "");
    ran.err
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_account_is_claimed_from_and_closed_to_the_milligram() {
    let world = works();
    let credit = ["--credit", "800 kg, on 2026-11-03, lot FEED", "--factor", "95 %"];
    ok(&world, "works", &retire("RC-1", "12 kg", "2026-11-10"));
    let twice = refused(&world, "works", &retire("RC-1", "1 kg", "2026-11-11"));
    assert!(twice.contains("claim `RC-1` was used up by record"), "{twice}");
    assert!(twice.contains("hint: give each claim a serial number of its own"), "{twice}");
    let wrong = close("2026-11-01..2026-11-20", &[&credit[..], &["--closing", "760 kg"]].concat());
    let err = refused(&world, "works", &wrong);
    assert!(err.contains("it closes with 760.000 kg, but its figures leave 748.000 kg"), "{err}");
    assert!(err.contains("hint: write 748 kg"), "{err}");
    ok(&world, "works", &close("2026-11-01..2026-11-20", &[&credit[..], &["--closing", "748 kg"]].concat()));
    let late = refused(&world, "works", &retire("RC-2", "1 kg", "2026-11-20"));
    assert!(late.contains("a close of this account with days of this period"), "{late}");
    ok(&world, "works", &retire("RC-2", "1 kg", "2026-11-21"));
    let loose = refused(&world, "works", &close("2026-11-21..2026-11-30", &["--closing", "747 kg"]));
    assert!(loose.contains("is not named as `previous`"), "{loose}");
    let log = world.ok("works", &["log"]);
    for text in
        ["close account", "recycled.post_consumer of Nd, ISO 22095", "retire claim", "`RC-2`: 1.000 kg of Nd"]
    {
        assert!(log.contains(text), "{text}\n{log}");
    }
}

#[test]
fn accounts_need_an_own_place_a_held_lot_a_unit_and_right_words() {
    let world = works();
    let foreign = refused(&world, "office", &retire("RC-1", "1 kg", "2026-11-10"));
    assert!(foreign.contains("the claim account is at a facility that is not yours"), "{foreign}");
    let unit = refused(&world, "works", &retire("RC-1", "12", "2026-11-10"));
    assert!(unit.contains("field `mass`: `12` is no mass: it has no unit"), "{unit}");
    let unknown =
        close("2026-11-01..2026-11-20", &["--credit", "1 kg, on 2026-11-03, lot FED", "--closing", "1 kg"]);
    let unknown = refused(&world, "works", &unknown);
    assert!(unknown.contains("credit/0/lot"), "{unknown}");
    let mut element = retire("RC-1", "1 kg", "2026-11-10");
    let at = element.len() - 1;
    element[at] = "neodymium".to_owned();
    assert!(refused(&world, "works", &element).contains("hint: did you mean `Nd`?"));
    let twice = close("2026-11-01..2026-11-20", &["--credit", "1 kg, 2 kg", "--closing", "1 kg"]);
    assert!(refused(&world, "works", &twice).contains("`1 kg` stands in the place of `2 kg`"));
}

#[test]
fn a_waiver_names_its_item_and_an_inspection_its_outcome() {
    let world = works();
    let nothing =
        refused(&world, "office", &words(&["waive", "OR-01-SMCO", "--valid", "2026-01-01..2026-12-31"]));
    assert!(nothing.contains("the waiver names no lot, part number or material"), "{nothing}");
    let lot =
        ["waive", "OR-01-SMCO", "--lot", "FEED", "--valid", "2026-01-01..2026-12-31", "--number", "W-1"];
    world.ok("office", &lot);
    world.ok("office", &["inspect", "lot:FEED", "--outcome", "confirmed", "--is", "999.5 kg, 3 pieces"]);
    world.ok("office", &["inspect", "facility:Works works", "--outcome", "no_access"]);
    let outcome = refused(&world, "office", &words(&["inspect", "lot:FEED", "--outcome", "contradict"]));
    assert!(outcome.contains("hint: did you mean `contradicted`?"), "{outcome}");
    let about = refused(&world, "office", &words(&["inspect", "FEED", "--outcome", "confirmed"]));
    assert!(about.contains("hint: write party:NAME, facility:NAME, record:NAME or lot:NAME"), "{about}");
    let log = world.ok("office", &["log"]);
    for text in ["OR-01-SMCO for FEED", "FEED: confirmed", "Works works: no access"] {
        assert!(log.contains(text), "{text}\n{log}");
    }
}

#[test]
fn a_tie_is_to_another_party_and_not_to_more_than_all_of_it() {
    let world = works();
    let valid = ["--valid", "2026-01-01..2030-12-31"];
    let tie = |party: &str, share: &str, word: &str| {
        let mut line = words(&["appoint", party, "--as", word, "--share", share]);
        line.extend(valid.map(str::to_owned));
        line
    };
    ok(&world, "office", &tie("Works", "60 %", "subsidiary"));
    assert!(
        refused(&world, "office", &tie("Office", "60 %", "parent")).contains("a tie is to another party")
    );
    let more = refused(&world, "office", &tie("Works", "101 %", "parent"));
    assert!(more.contains("more than all of the capital"), "{more}");
    assert!(refused(&world, "office", &tie("Works", "5 %", "parnet")).contains("did you mean `parent`?"));
    assert!(refused(&world, "office", &tie("Worcs", "5 %", "parent")).contains("did you mean `Works`?"));
    assert!(world.ok("office", &["log"]).contains("Works as subsidiary, 60 %"));
}

#[test]
fn an_assay_of_ones_own_is_not_called_independent() {
    let world = works();
    let assay = |rest: &[&str]| {
        let mut line = words(&["assay", "FEED", "--sample", "A", "--is", "Nd 99 %"]);
        line.extend(rest.iter().map(|text| (*text).to_owned()));
        line
    };
    let own = refused(&world, "works", &assay(&["--purpose", "independent"]));
    assert!(
        own.contains("an assay of purpose `independent` is made apart from the lot, but you had the lot"),
        "{own}"
    );
    assert!(own.contains("hint: write the purpose `own`"), "{own}");
    ok(&world, "works", &assay(&["--purpose", "own"]));
    let sampled = refused(&world, "office", &assay(&["--purpose", "umpire", "--sampled-by", "Office"]));
    assert!(sampled.contains("you took the sample yourself"), "{sampled}");
    ok(&world, "office", &assay(&["--purpose", "umpire", "--sampled-by", "Works"]));
}

#[test]
fn goods_that_nobody_weighed_say_so_and_only_where_they_come_in() {
    let world = works();
    world.ok("works", &["opening-stock", "--out", "BAGS: metal.Nd, 6000 kg as stated, 3 pieces"]);
    let verdict = world.run("works", &["verify", "BAGS"]);
    assert!(
        verdict.out.contains("never weighed") || verdict.out.contains("never_weighed"),
        "{}",
        verdict.out
    );
    let packed = words(&[
        "repack",
        "--mixing",
        "discrete",
        "--in",
        "BAGS, 5 kg",
        "--out",
        "B: metal.Nd, 5 kg as stated",
    ]);
    let packed = refused(&world, "works", &packed);
    assert!(packed.contains("only what comes into the ledger can have the mass of its papers"), "{packed}");
}
