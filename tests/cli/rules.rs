//! Rule packs on the command line: checked, explained, compared; and the disclosure.

use crate::world::{World, compare};

/// A magnet shop that takes in oxide from a covered country on papers, and does the rest itself.
fn shop() -> World {
    let world = World::new();
    world.party("shop", "Elbe Magnets", "DE-SN", "magnet_maker", &["P50", "P60", "P70", "P85"]);
    let paper = format!("document {}", "ab".repeat(32));
    let touch = |step: &str, place: &str| format!("NdPr, {step}, {place}, by Oxide Works, {paper}");
    let (mined, parted) = (touch("P10 mine", "AU"), touch("P40 extract_solvent", "CN"));
    world.ok(
        "shop",
        &[
            &["intake", "--supplier", "Oxide Works, CN", "--on", "2026-03-01"][..],
            &["--out", "OX-1: oxide.NdPr, 900 kg", "--touch", &mined, "--touch", &parted],
        ]
        .concat(),
    );
    let fe = format!("Fe, P50 blast_furnace, SE, by Steel Works, {paper}");
    let (fe_ore, b_ore) = ("Fe, P10 mine, SE", "Fe+B, P10 mine, TR");
    let b = format!("Fe+B, P50 carbothermic, TR, by Boron Works, {paper}");
    let (fe_ore, b_ore) =
        (format!("{fe_ore}, by Steel Works, {paper}"), format!("{b_ore}, by Boron Works, {paper}"));
    for (supplier, out, ore, melt) in [
        ("Steel Works, SE", "FE-1: iron.pure, 1700 kg", &fe_ore, &fe),
        ("Boron Works, TR", "B-1: alloy.FeB, 150 kg", &b_ore, &b),
    ] {
        let intake = ["intake", "--supplier", supplier, "--on", "2026-03-02", "--out", out];
        world.ok("shop", &[&intake[..], &["--touch", ore, "--touch", melt]].concat());
    }
    for (steps, on, inputs, out) in [
        ("P50 electrolyse", "2026-03-10", &["OX-1"][..], "ME-1: metal.NdPr, 750 kg"),
        ("P60 strip_cast", "2026-03-20", &["ME-1", "FE-1", "B-1"][..], "AL-1: alloy.NdFeB, 2500 kg"),
        (
            "P70 sinter, P85 magnetise",
            "2026-04-10",
            &["AL-1"][..],
            "MAG-1: magnet.NdFeB.sintered, 2300 kg, part PN-1042",
        ),
    ] {
        let mut event = vec!["transform", "--mixing", "homogenised", "--on", on, "--out", out];
        event.extend(steps.split(", ").flat_map(|step| ["--step", step]));
        event.extend(inputs.iter().flat_map(|input| ["--in", input]));
        world.ok("shop", &event);
    }
    world.write(
        "case.toml",
        "format = \"lodemark/case@1\"\ncontract = \"N00000-26-C-0001\"\ndelivery = \"2026-12-15\"\n\
         item = \"pump, rotary\"\npart_numbers = [\"PN-1042\"]\n\n[[inquiry]]\nasked = \"Steel Works\"\n\
         about = \"country of the ore of lot FE-1\"\non = \"2026-11-02\"\n",
    );
    world
}

#[test]
fn screens_of_an_explanation_a_comparison_and_a_disclosure() {
    let world = shop();
    let dfars = ["--pack", "us-dfars-7052-magnets"];
    for (name, arguments, code) in [
        (
            "rules_explain_fail.txt",
            vec!["rules", "explain", "OR-02-NDFEB", "MAG-1", "--as-of", "2027-02-15"],
            1,
        ),
        (
            "rules_explain_pass.txt",
            vec!["rules", "explain", "OR-01-NDFEB", "MAG-1", "--as-of", "2026-12-15"],
            0,
        ),
        (
            "rules_compare.txt",
            vec!["rules", "compare", "MAG-1", "--as-of", "2026-12-15", "--as-of", "2027-02-15"],
            0,
        ),
        ("disclose.txt", vec!["disclose", "MAG-1", "--as-of", "2026-12-15"], 0),
        ("disclose.csv", vec!["disclose", "MAG-1", "--as-of", "2026-12-15", "--csv"], 0),
        ("disclose_reviewer.txt", vec!["disclose", "MAG-1", "--reviewer", "--case", "case.toml"], 0),
        ("disclose.json", vec!["--format", "json", "disclose", "MAG-1", "--case", "case.toml"], 0),
    ] {
        let ran = world.run("shop", &[&arguments[..], &dfars].concat());
        assert_eq!(ran.code, code, "{arguments:?}\n{}{}", ran.out, ran.err);
        compare(&world, name, &ran.out);
    }
}

#[test]
fn a_pack_is_checked_with_every_line_that_is_wrong() {
    let world = World::new();
    let text = world.ok(".", &["rules", "show", "us-dfars-7052-magnets", "--toml"]);
    world.write("own.toml", &text);
    assert!(world.ok(".", &["rules", "check", "own.toml"]).contains("can be used"));
    let broken = text
        .replacen("list = \"melted_ndfeb\"", "list = \"melted_ndfe\"", 1)
        .replace("effective_from = \"2027-01-01\"", "effective_from = \"2026-12-31\"");
    world.write("own.toml", &broken);
    let ran = world.run(".", &["rules", "check", "own.toml"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    compare(&world, "rules_check.txt", &ran.out);
    // No verdict at all comes from it.
    let judged = world.run(".", &["verify", "MAG-1", "--pack", "own.toml"]);
    assert_eq!((judged.code, judged.out.as_str()), (2, ""), "{}", judged.err);
    assert!(judged.err.contains("line "), "{}", judged.err);
}

#[test]
fn packs_are_named_by_id_file_or_word() {
    let world = shop();
    let verify = |packs: &[&str]| {
        let flags: Vec<&str> = packs.iter().flat_map(|pack| ["--pack", pack]).collect();
        let ran = world.run("shop", &[&["verify", "MAG-1", "--as-of", "2026-12-15"][..], &flags].concat());
        (ran.code, ran.out + &ran.err)
    };
    let (code, out) = verify(&["us-dfars-7052-magnets"]);
    assert!(code == 0 && !out.contains("gov-base"), "{out}");
    let (_, out) = verify(&["us-dfars-7052-magnets", "default"]);
    assert!(out.contains("gov-base"), "{out}");
    let (code, out) = verify(&["us-dfars-7052-magnet"]);
    assert!(code == 2 && out.contains("did you mean `us-dfars-7052-magnets`?"), "{out}");
    world.write("case.toml", "format = \"lodemark/case@1\"\npacks = [\"us-dfars-7052-magnets\"]\n");
    let ran = world.run("shop", &["verify", "MAG-1", "--as-of", "2026-12-15", "--case", "case.toml"]);
    assert!(ran.code == 0 && !ran.out.contains("gov-base"), "{}{}", ran.out, ran.err);
}

#[test]
fn questions_without_an_answer_say_what_would_have_one() {
    let world = shop();
    for (arguments, words) in [
        (vec!["rules", "explain", "OR-02-NDFEBB", "MAG-1"], "did you mean `OR-02-NDFEB`?"),
        (vec!["rules", "explain", "OR-02-NDFEB", "MAG-2"], "did you mean `MAG-1`?"),
        (
            vec!["rules", "compare", "MAG-1", "--as-of", "2026-12-15"],
            "give `--as-of` twice, or `--pack` twice",
        ),
        (vec!["disclose", "MAG-2"], "did you mean `MAG-1`?"),
    ] {
        let ran = world.run("shop", &arguments);
        assert_eq!(ran.code, 2, "{arguments:?}\n{}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{words}\n{}", ran.err);
    }
}

/// A pack that can be used, and what is changed in it.
const SMALL: &str = concat!(
    include_str!("../shared/pack_head.toml"),
    r#"
[countries]
covered = ["CN"]

[elements]
named = ["Nd"]

[[rule]]
id = "A-1"
title = "something"
clause = "1"
scope = "ancestry"
materials = ["magnet.NdFeB"]
effective_to = "2026-12-31"
help = "ask"

[rule.check.share]
countries = "covered"
elements = "named"
stages = ["P60"]
least = "40 %"

[[rule]]
id = "A-2"
follows = "A-1"
title = "something else"
clause = "2"
scope = "ancestry"
materials = ["magnet.NdFeB"]
effective_from = "2027-01-01"
help = "ask"

[rule.check.share]
countries = "covered"
elements = "named"
stages = ["P10"]
least = "60 %"
"#
);

#[test]
fn what_is_wrong_in_a_pack_is_told_with_its_line_and_what_to_write() {
    let world = World::new();
    world.write("small.toml", SMALL);
    world.ok(".", &["rules", "check", "small.toml"]);
    for (from, to, words) in [
        ("[rule.check.share]", "[rule.check.shares]", ["unknown", "did you mean `share`?"]),
        ("least = \"40 %\"", "leest = \"40 %\"", ["leest", "did you mean `least`?"]),
        ("covered = [\"CN\"]", "covered = [\"CNN\"]", ["countries.covered", "`CNN`"]),
        ("stages = [\"P60\"]", "stages = [\"P66\"]", ["stages", "`P66`"]),
        ("named = [\"Nd\"]", "named = [\"Neo\"]", ["elements.named", "`Neo`"]),
        (
            "effective_to = \"2026-12-31\"",
            "effective_to = \"2026-12-31\"\neffective_from = \"2027-01-01\"",
            ["before it begins", "swap the two days"],
        ),
        (
            "effective_from = \"2027-01-01\"",
            "effective_from = \"2026-12-31\"",
            ["days on which both hold", "end the earlier text"],
        ),
        ("least = \"40 %\"", "least = \"40\"", ["least", "%"]),
        (
            "elements = \"named\"\nstages = [\"P60\"]",
            "elements = \"magnets\"\nstages = [\"P60\"]",
            ["`magnets`, which the pack does not have under `[elements]`", "or name one of named"],
        ),
        ("follows = \"A-1\"", "follows = \"A-0\"", ["names the rule `A-0`", "did you mean `A-1`?"]),
        ("checked = \"2026-11-23\"", "checked = \"2026-11-31\"", ["legal_ref[0].checked", "2026-11-31"]),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let text = SMALL.replacen(from, to, 1);
        world.write("small.toml", &text);
        let ran = world.run(".", &["rules", "check", "small.toml"]);
        assert_eq!(ran.code, 1, "{to}\n{}{}", ran.out, ran.err);
        assert!(ran.out.contains("gives no verdict") && ran.out.contains("line "), "{}", ran.out);
        for words in words {
            let told = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains(words), "{to}: {words}\n{}", ran.out);
        }
    }
}

#[test]
fn a_text_that_lacks_what_every_pack_has_is_told_where_a_whole_pack_is_to_be_seen() {
    let world = World::new();
    world.write("small.toml", &SMALL.replacen("version = \"1\"\n", "", 1));
    let ran = world.run(".", &["rules", "check", "small.toml"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("  - line 1, column 1: missing field `version`\n"), "{}", ran.out);
    assert!(ran.out.contains("    hint: add `version` to the text\n"), "{}", ran.out);
    let example = "hint: `lodemark rules show PACK --toml` prints a whole pack as an example";
    assert!(ran.out.contains(example), "{}", ran.out);
    world.write("small.toml", &SMALL.replacen("covered = [\"CN\"]", "covered = []", 1));
    let ran = world.run(".", &["rules", "check", "small.toml"]);
    assert!(ran.code == 1 && !ran.out.contains(example), "{}", ran.out);
}

#[test]
fn a_list_that_no_rule_names_is_told() {
    let world = World::new();
    world.write("small.toml", &SMALL.replace("named = [\"Nd\"]", "named = [\"Nd\"]\nidle = [\"Pr\"]"));
    assert!(world.ok(".", &["rules", "check", "small.toml"]).contains("no rule names: elements.idle"));
}
