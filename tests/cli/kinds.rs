//! Each kind of event that has a subcommand, written with flags.

use crate::world::{World, field};

/// Returns the id of the last record of a ledger.
fn last(world: &World, ledger: &str) -> String {
    let log = world.ok(ledger, &["--format", "json", "log", "--last", "1"]);
    let value: serde_json::Value = serde_json::from_str(&log).expect("it is JSON");
    value["records"][0]["id"].as_str().expect("a record has an id").to_owned()
}

#[test]
fn a_producer_with_nothing_but_papers_gets_its_first_table() {
    let world = World::new();
    world.party("magnets", "Small Magnets", "DE-HE", "magnet_maker", &["P60", "P70", "P85"]);
    world.write("mill.pdf", "a mill certificate");
    let (paper, _) = (world.path("mill.pdf"), ());
    let hash = {
        let out =
            world.ok("magnets", &["document", "mill.pdf", "--as", "mill_test_report", "--number", "88-1"]);
        assert!(out.contains("mill test report"), "{out}");
        let shown = world.ok("magnets", &["--format", "json", "show", &last(&world, "magnets")]);
        let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(value["record"]["event"]["body"]["media_type"], "application/pdf");
        assert_eq!(value["record"]["event"]["body"]["size"], std::fs::metadata(paper).unwrap().len());
        value["record"]["event"]["body"]["sha256"].as_str().unwrap().to_owned()
    };
    world.ok(
        "magnets",
        &[
            "opening-stock",
            "--out",
            "ND-0: metal.NdPr, 300 kg, Nd 75 %, Pr 25 %",
            "--touch",
            "NdPr, P10 mine, AU-WA",
            "--touch",
            "NdPr, P40 extract_solvent, MY",
            "--touch",
            "NdPr, P50 electrolyse, JP",
        ],
    );
    let touch = format!("Fe, P50 blast_furnace, JP, by Acme Steel, document {hash}");
    world.ok(
        "magnets",
        &["intake", "--supplier", "Acme Steel, JP", "--out", "FE-1: iron.pure, 700 kg", "--touch", &touch],
    );
    let steps =
        ["--step", "P60 melt", "--step", "P60 strip_cast", "--step", "P70 sinter", "--step", "P85 magnetise"];
    let rest = ["--mixing", "homogenised", "--in", "ND-0", "--in", "FE-1", "--out"];
    let mut transform = vec!["transform"];
    transform.extend(steps.into_iter().chain(rest));
    transform.extend([
        "MAG-1: magnet.NdFeB.sintered, 980 kg, Nd 22 %, 4000 pieces, grade N42, magnetised",
        "--loss",
        "dust, 20 kg, estimated",
    ]);
    world.ok("magnets", &transform);
    let ran = world.run("magnets", &["verify", "MAG-1"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let row =
        |name: &str| ran.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
    assert!(row("mined  ").contains("AU-WA (stated)"), "{}", ran.out);
    assert!(row("refined to oxide  ").contains("MY (stated)"), "{}", ran.out);
    assert!(ran.out.contains("(document)"), "{}", ran.out);
    assert!(ran.out.contains("DE-HE (signed)"), "{}", ran.out);
}

#[test]
fn goods_are_split_weighed_assayed_refused_and_thrown_away() {
    let world = World::new();
    world.party("plant", "Plant", "US-CA", "separator", &["P40"]);
    let works = world.party("works", "Works", "EE-45", "metal_maker", &["P50"]);
    world.ok("plant", &["party", "add", "works", &works]);
    world.ok("plant", &["opening-stock", "--out", "OX-1: oxide.NdPr, 100 kg"]);
    let bags = ["--out", "BAG-1: oxide.NdPr, 60 kg, seal S-1", "--out", "BAG-2: oxide.NdPr, 39 kg"];
    let mut repack =
        vec!["repack", "--mixing", "discrete", "--in", "OX-1", "--loss", "spilt, 1 kg, measured"];
    repack.extend(bags);
    world.ok("plant", &repack);
    world.ok("plant", &["measure", "BAG-1", "--is", "59.98 kg, ± 0.1 %"]);
    world.ok(
        "plant",
        &[
            "assay",
            "BAG-1",
            "--sample",
            "S-17",
            "--point",
            "after_pooling",
            "--purpose",
            "own",
            "--is",
            "Nd 75 % as Nd2O3 by icp_oes ± 1 %",
            "--is",
            "Dy below 100 ppm",
        ],
    );
    world.ok("plant", &["dispose", "BAG-2, 9 kg", "--how", "consumed", "--reason", "tests"]);
    world.ok("plant", &["dispatch", "BAG-1", "--to", "works", "--carrier", "Sea Line, EE"]);
    world.ok("plant", &["export", "BAG-1", "--show", "*", "--out", "bag.lode"]);
    world.ok("works", &["import", "bag.lode"]);
    world.ok("works", &["receive", "BAG-1, 40 kg, not final", "--mass", "40 kg"]);
    world.ok("works", &["refuse", "BAG-1, 20 kg", "--reason", "wet"]);
    world.ok("works", &["export", "--to", "Plant", "--show", "*", "--out", "back.lode"]);
    world.ok("plant", &["import", "back.lode"]);
    world.ok("plant", &["receive", "BAG-1", "--mass", "as dispatched"]);
    let lots = world.ok("plant", &["lots"]);
    assert!(lots.contains("BAG-1  oxide.NdPr  20.000 kg"), "{lots}");
    assert!(world.ok("works", &["lots"]).contains("40.000 kg"));
    for ledger in ["plant", "works"] {
        assert!(world.ok(ledger, &["fsck"]).contains("every hash, signature and index holds"));
    }
}

#[test]
fn an_authority_gives_and_takes_back() {
    let world = World::new();
    let mine = world.party("mine", "Quartz Hill", "AU-WA", "miner", &["P10"]);
    world.party("state", "State of Western Australia", "AU-WA", "mining_authority", &[]);
    world.ok("mine", &["export", "--all", "--show", "*", "--out", "mine.lode"]);
    world.ok("state", &["import", "mine.lode"]);
    let about = [
        "Quartz Hill",
        "--facility",
        "Quartz Hill works",
        "--scheme",
        "Mining Act",
        "--valid",
        "2024-01-01..2029-12-31",
    ];
    let mut accredit = vec!["accredit", "--role", "miner"];
    accredit.extend(about);
    world.ok("state", &accredit);
    let licence = last(&world, "state");
    let mut certify = vec!["certify", "--number", "C-17", "--volume", "5000 t"];
    certify.extend(about);
    world.ok("state", &certify);
    let certificate = last(&world, "state");
    world.ok(
        "state",
        &["suspend-certificate", &certificate[..16], "--starting", "2026-12-01", "--until", "2027-03-01"],
    );
    world
        .ok("state", &["withdraw-accreditation", &licence, "--starting", "2026-12-01", "--reason", "lapsed"]);
    world.ok("state", &["certify", &mine, "--scheme", "Mining Act", "--valid", "2026-01-01..2026-12-31"]);
    world.ok("state", &["withdraw", &last(&world, "state"), "--reason", "entry_error"]);
    let log = world.ok("state", &["log"]);
    for words in ["as miner, Mining Act", "suspend certificate", "from 2026-12-01", "entry error"] {
        assert!(log.contains(words), "{words}\n{log}");
    }
    assert_eq!(field(&world.ok("state", &["--format", "json", "log"]), "format"), "lodemark/log@1");
}
