//! What wrong command lines and wrong files get: a status, an error line and a hint line; nothing half-written.

use crate::world::World;

fn mine() -> World {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10", "P20"]);
    world
}

/// Runs and compares status, error and hint.
fn refused(world: &World, arguments: &[&str], code: i32, error: &str, hint: &str) {
    let ran = world.run("mine", arguments);
    assert_eq!(ran.code, code, "{arguments:?}\n{}{}", ran.out, ran.err);
    assert_eq!(ran.out, "", "nothing is printed as a result");
    let mut lines = ran.err.lines();
    assert_eq!(lines.next().unwrap_or_default(), format!("error: {error}"));
    match hint.is_empty() {
        true => assert_eq!(lines.next(), None),
        false => assert_eq!(lines.next().unwrap_or_default(), format!("hint: {hint}")),
    }
}

#[test]
fn a_misspelt_command_or_flag_gets_the_nearest() {
    let world = mine();
    refused(
        &world,
        &["transfrm"],
        2,
        "unrecognized subcommand `transfrm`",
        "some similar subcommands exist: `transfer-title`, `transform`",
    );
    refused(
        &world,
        &["lots", "--al"],
        2,
        "unexpected argument `--al` found",
        "a similar argument exists: `--all`",
    );
}

#[test]
fn a_number_without_a_unit_is_refused() {
    refused(
        &mine(),
        &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 12.5"],
        2,
        "field `out/0/mass`: `12.5` is no mass: it has no unit",
        "write a unit behind the number, such as 12.5 t, 1250 kg or 380 g",
    );
}

#[test]
fn a_comma_in_a_number_is_not_guessed_at() {
    let ran = mine().run("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 12,5 t"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`12` stands in its place already"), "{}", ran.err);
}

#[test]
fn misspelt_words_get_the_nearest_right_one() {
    let world = mine();
    let extract = |step: &str, out: &str| world.run("mine", &["extract", "--step", step, "--out", out]).err;
    assert!(extract("P10 mien", "A: ore, 1 t").contains("hint: did you mean `mine`?"));
    assert!(extract("P10 mine", "A: oer, 1 t").contains("hint: did you mean `ore`?"));
    assert!(extract("P10 mine", "A: ore, 1 t, neodymium 1 %").contains("hint: did you mean `Nd`?"));
    let place = world.run("mine", &["facility", "declare", "X", "--place", "AUS", "--stage", "P10"]);
    assert!(place.err.contains("hint: did you mean `AU`?"), "{}", place.err);
}

#[test]
fn a_mass_that_overflows_is_refused() {
    let ran = mine().run("mine", &["extract", "--step", "P10 mine", "--out", "A: ore, 99999999999999 t"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("it is too large to be recorded"), "{}", ran.err);
}

#[test]
fn a_date_out_of_range_is_refused() {
    let world = mine();
    let ran =
        world.run("mine", &["extract", "--step", "P10 mine", "--out", "A: ore, 1 t", "--on", "2026-02-30"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: field `on`: `2026-02-30` is no day"), "{}", ran.err);
}

#[test]
fn a_day_or_period_among_the_flags_that_is_none_says_how_to_write_it() {
    let world = mine();
    for (arguments, hint) in [
        (["portfolio", "--period", "2026"], "the first and the last, such as 2026-01-01..2026-12-31"),
        (["audit", "--as-of", "2026-13-01"], "write year, month and day"),
    ] {
        let ran = world.run("mine", &arguments);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("is no day") && ran.err.contains(hint), "{}", ran.err);
    }
}

#[test]
fn more_than_a_lot_holds_is_refused_by_the_data() {
    let world = mine();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    let take = ["repack", "--mixing", "discrete", "--in", "ORE-1, 11 t", "--out", "B: ore, 11 t"];
    let ran = world.run("mine", &take);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("but the lot has 10 000.000 kg"), "{}", ran.err);
    world.ok("mine", &["repack", "--mixing", "discrete", "--in", "ORE-1, 10 t", "--out", "B: ore, 10 t"]);
    let again = world.run("mine", &["dispose", "ORE-1, 1 t", "--how", "waste"]);
    assert_eq!(again.code, 1, "{}", again.err);
}

#[test]
fn a_file_of_events_is_recorded_whole_or_not_at_all() {
    let world = mine();
    let good = "[[event]]\nkind = \"extract\"\non = \"2026-11-20\"\nsteps = [\"P10 mine\"]\n\
                out = [{ label = \"ORE-1\", material = \"ore\", mass = \"10 t\" }]\n";
    let bad = "[[event]]\nkind = \"dispose\"\non = \"2026-11-21\"\nin = [{ lot = \"ORE-1\", mass = \"11 t\" }]\nhow = \"waste\"\n";
    world.write("week.toml", &format!("{good}{bad}"));
    let ran = world.run("mine", &["record", "--from", "week.toml"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.starts_with("error: week.toml line 6: event 2 (dispose) is refused"), "{}", ran.err);
    assert!(!world.ok("mine", &["log"]).contains("extract"));
    world.write("good.toml", good);
    world.ok("mine", &["record", "--from", "good.toml"]);
}

#[test]
fn a_misspelt_field_of_a_file_names_event_and_field() {
    let world = mine();
    let text = "[[event]]\nkind = \"extract\"\non = \"2026-11-20\"\nstps = [\"P10 mine\"]\n";
    let ran = world.run_with("mine", &["record", "--from", "-"], text);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("event 1, field `stps`"), "{}", ran.err);
    assert!(ran.err.contains("hint: did you mean `steps`?"), "{}", ran.err);
}

#[test]
fn a_file_that_is_no_export_or_is_cut_is_refused_and_nothing_is_taken_in() {
    let world = mine();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    let bytes = std::fs::read(world.path("ore.lode")).unwrap();
    world.ok("buyer", &["init", "--reader"]);
    for (name, bytes) in
        [("text.lode", b"not an export".to_vec()), ("cut.lode", bytes[..bytes.len() - 9].to_vec())]
    {
        std::fs::write(world.path(name), bytes).unwrap();
        let ran = world.run("buyer", &["import", name]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.err);
        assert!(ran.err.starts_with(&format!("error: `{name}`: the file is damaged at byte")), "{}", ran.err);
    }
    assert!(world.ok("buyer", &["stats"]).starts_with("0 records"));
    world.ok("buyer", &["import", "ore.lode"]);
}

#[test]
fn a_directory_without_a_ledger_and_one_in_use_say_so() {
    let world = mine();
    let none = world.run("nowhere", &["lots"]);
    assert_eq!(none.code, 4);
    assert!(none.err.contains("`nowhere` holds no ledger"), "{}", none.err);
    let again = world.run("mine", &["init", "--name", "X", "--country", "AU", "--role", "miner"]);
    assert_eq!(again.code, 4);
    assert!(again.err.contains("`mine` is not empty"), "{}", again.err);
}

#[test]
fn a_ledger_of_a_newer_layout_says_so() {
    let world = mine();
    let path = world.path("mine/ledger.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("ledger@1", "ledger@2");
    std::fs::write(&path, text).unwrap();
    let ran = world.run("mine", &["lots"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("layout 2"), "{}", ran.err);
    assert!(ran.err.contains("hint: "), "{}", ran.err);
}

#[test]
fn a_second_process_is_told_that_the_ledger_is_in_use() {
    let world = mine();
    let held = lodemark::ledger::Ledger::open(&world.path("mine")).expect("nobody else has it");
    let ran = world.run("mine", &["lots"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("in use"), "{}", ran.err);
    drop(held);
    world.ok("mine", &["lots"]);
}

#[test]
fn a_clock_that_jumps_needs_a_yes() {
    let mut world = mine();
    let extract = ["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"];
    world.at("2026-11-26T08:00:00.001Z");
    let ran = world.run("mine", &extract);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("go on with `--yes`"), "{}", ran.err);
    world.at("2026-11-26T08:00:00Z");
    world.ok("mine", &extract);
    world.at("2026-11-25T08:00:00Z");
    assert_eq!(world.run("mine", &["extract", "--step", "P10 mine", "--out", "ORE-2: ore, 1 t"]).code, 2);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-2: ore, 1 t", "--yes"]);
}

#[test]
fn a_party_is_not_named_by_a_prefix_until_it_is_pinned() {
    let world = mine();
    let plant = world.party("plant", "Plant", "US-CA", "separator", &["P40"]);
    world.ok("plant", &["export", "--all", "--show", "*", "--out", "plant.lode"]);
    world.ok("mine", &["import", "plant.lode"]);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    let send = |to: &str| world.run("mine", &["dispatch", "ORE-1, 1 t", "--to", to]);
    assert_eq!(send(&plant[..20]).code, 2);
    world.ok("mine", &["party", "add", "kettle", &plant]);
    assert_eq!(send(&plant[..20]).code, 0);
    assert_eq!(send("kettle").code, 0);
    assert_eq!(send("ketle").code, 2);
    assert!(send("ketle").err.contains("did you mean `kettle`?"));
}

/// A cut file once told its reader that the lot's name was wrong. The name is right; the file is not whole.
#[test]
fn a_cut_file_is_named_as_cut_and_not_as_a_wrong_name() {
    let world = mine();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 12 t"]);
    let whole = world.path("ore.lode");
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", whole.to_str().unwrap()]);
    let bytes = std::fs::read(&whole).unwrap();
    for length in [9, bytes.len() / 2] {
        let cut = world.path("cut.lode");
        std::fs::write(&cut, &bytes[..length]).unwrap();
        let ran = world.run("mine", &["verify", "ORE-1", cut.to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("cut.lode") && ran.err.contains("undamaged copy"), "{}", ran.err);
    }
}

#[test]
fn an_event_without_a_facility_is_told_which_there_are() {
    let world = World::new();
    world.party("mine", "Quartz Hill", "AU-WA", "miner", &[]);
    let extract = ["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"];
    let error = "this ledger has declared no facility where work could be done";
    let hint = "declare one with `facility declare NAME --place COUNTRY --stage STAGE`";
    refused(&world, &extract, 2, error, hint);
    world.ok("mine", &["facility", "declare", "North pit", "--place", "AU-WA", "--stage", "P10"]);
    world.ok("mine", &extract);
    world.ok("mine", &["facility", "declare", "South pit", "--place", "AU-WA", "--stage", "P10"]);
    let error = "this ledger has 2 facilities, and the event names none";
    refused(&world, &extract, 2, error, "name one with `--at`: `North pit`, `South pit`");
}

#[test]
fn a_label_used_twice_is_warned_about() {
    let world = mine();
    let extract = ["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"];
    assert_eq!(world.run("mine", &extract).err, "");
    let ran = world.run("mine", &extract);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.starts_with("warning: `ORE-1` is the label of an earlier lot too\nhint: "),
        "{}",
        ran.err
    );
    let used = world.run("mine", &["dispose", "ORE-1, 1 t", "--how", "waste"]);
    assert_eq!(used.code, 2);
    assert!(used.err.contains("`ORE-1` is the name of 2 lots"), "{}", used.err);
}

#[test]
fn a_file_given_in_the_place_of_a_lot_is_told_so() {
    let world = mine();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    world.ok("mine", &["export", "ORE-1", "--show", "*", "--out", "ore.lode"]);
    let hint = "name the lot first; `audit ore.lode` lists what is in the file";
    refused(&world, &["verify", "ore.lode"], 2, "no lot here is called `ore.lode`", hint);
}

#[test]
fn a_ledger_that_only_reads_says_what_it_cannot_do() {
    let world = World::new();
    world.ok("buyer", &["init", "--reader"]);
    for arguments in [vec!["key", "show"], vec!["lots"], vec!["log"]] {
        let ran = world.run("buyer", &arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {}", ran.err);
        assert!(ran.err.contains("\nhint: "), "{}", ran.err);
    }
    world.ok("buyer", &["audit"]);
}

#[test]
fn a_place_that_cannot_be_written_leaves_nothing_behind() {
    let world = mine();
    world.write("file", "");
    let init = ["init", "--name", "X", "--country", "AU", "--role", "miner"];
    assert_eq!(world.run("file/ledger", &init).code, 4);
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 10 t"]);
    let ran = world.run("mine", &["export", "ORE-1", "--show", "*", "--out", "file/ore.lode"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.starts_with("error: cannot write `file/ore.lode`"), "{}", ran.err);
}

/// A device has no end: reading one once took all memory.
#[cfg(unix)]
#[test]
fn a_device_is_refused_before_it_is_read() {
    let ran = mine().run("mine", &["audit", "/dev/zero"]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.err, "error: `/dev/zero` is no regular file\nhint: name a file, or pipe into `-`\n");
}

/// A misspelt pattern once covered nothing, and so showed what was to be withheld.
#[test]
fn a_misspelt_item_to_withhold_is_refused_with_the_nearest() {
    let world = mine();
    world.ok("mine", &["extract", "--step", "P10 mine", "--out", "ORE-1: ore, 12 t"]);
    let ran =
        world.run("mine", &["export", "ORE-1", "--show", "*", "--withhold", "recever", "--out", "x.lode"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("did you mean `receiver`?"), "{}", ran.err);
}

#[test]
fn a_mistyped_number_of_a_register_is_refused_with_the_likely_right_one() {
    let world = World::new();
    let init = |number: &str| {
        let number = format!("lei={number}");
        let args = ["init", "--name", "Mine", "--country", "AU", "--role", "miner", "--identifier", &number];
        world.run("mine", &args)
    };
    let ran = init("5493001KJTIIGC8Y1R21");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("field `identifiers/0/number`: `5493001KJTIIGC8Y1R21` is no LEI"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("did you mean `5493001KJTIIGC8Y1R12`?"), "{}", ran.err);
    let ran = init("5493001KJTIIGC8Y1R55");
    assert!(ran.err.contains("it should end in `12`"), "{}", ran.err);
    let ran = init("549300");
    assert!(
        ran.err.contains("hint: a LEI has 18 digits or capital letters and 2 check digits"),
        "{}",
        ran.err
    );
    assert_eq!(init("5493001KJTIIGC8Y1R12").code, 0);
}
