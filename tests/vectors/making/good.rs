//! Records that verify: every kind, every choice, every boundary on its good side.

use lodemark::model::coded::Coded;
use lodemark::model::day::{Day, Offset, Period};
use lodemark::model::event::{Body, Event};
use lodemark::model::fact::{Fact, FactUnit, FactValue};
use lodemark::model::fraction::Fraction;
use lodemark::model::lot::{Component, Determined, Input, Lot, Package};
use lodemark::model::mass::Mass;
use lodemark::model::maybe::Maybe;
use lodemark::model::profile::Profile;
use lodemark::model::time::{END_MS, FIRST_MS, Timestamp};
use lodemark::model::uncertainty::Uncertainty;
use lodemark::record::{BODY_MAX, ITEMS_MAX, Sealed, SealedRecord, found};
use lodemark::sign::SeededEntropy;
use serde_json::Value;

use super::chains::{Chain, signer, time};
use super::file::{File, Vector, hex, item, repeated, zlib};
use super::parts::Parts;
use super::{samples, signatures};

/// Bytes of an input in its layout.
const INPUT_LEN: usize = 53;

/// Returns the files of all good records.
pub fn files() -> Vec<File> {
    let mut files = vec![worked_example()];
    files.extend(Profile::ALL.iter().flat_map(|profile| every_kind(*profile)));
    files.extend(samples::other_choices().into_iter().map(|(name, event)| {
        let mut chain = Chain::new(name);
        let sealed = chain.seal(event, &|_| true);
        at_one(&chain, name, "a choice that the other vectors of its kind leave out", &sealed)
    }));
    files.extend(chain_of_four());
    files.extend(times());
    files.extend([
        nothing_private(),
        every_boundary_of_values(),
        sixteen_seen(),
        text_beside_the_refused(),
        items_4096(),
        inputs_65536(),
        inputs_65536_withheld(),
        outputs_16384(),
        body_of_4_mib(),
    ]);
    files.extend(odd_points());
    files
}

/// Returns the file of a record at seq 1.
fn at_one(chain: &Chain, name: &str, about: &str, sealed: &Sealed) -> File {
    let vector = Vector::of(sealed.record.bytes(), &sealed.items, Some(chain.key()));
    vector.after(&chain.records).good(name, about, &sealed.record)
}

fn worked_example() -> File {
    let mut chain = Chain::new("worked example");
    let sealed = chain.seal(samples::plain_measure(), &|path| path == "mass");
    let about = "the example of docs/formats/record.md: a re-weighing whose mass is private";
    at_one(&chain, "worked-example", about, &sealed)
}

fn every_kind(profile: Profile) -> Vec<File> {
    let private = |path: &str| profile.is_private(path);
    let about = "every field of its kind in use, private items as the profile has it";
    let mut entropy = SeededEntropy::new(profile.name().as_bytes());
    let first = found(samples::establish(), time(), &private, &signer(), &mut entropy).expect("a good event");
    let first = Vector::of(first.record.bytes(), &first.items, None).good(
        &format!("establish-{profile}"),
        about,
        &first.record,
    );
    let others = samples::one_of_each().into_iter().map(|event| {
        let name = format!("{}-{profile}", event.kind().name().replace('_', "-"));
        let mut chain = Chain::new(&name);
        let sealed = chain.seal(event, &private);
        at_one(&chain, &name, about, &sealed)
    });
    std::iter::once(first).chain(others).collect()
}

fn chain_of_four() -> Vec<File> {
    let mut chain = Chain::new("chain of four");
    chain.append(samples::plain_dispose());
    chain.append(samples::plain_withdraw());
    chain.append(samples::plain_measure());
    let about = "control names the latest control record: `establish`, from seq 3 on the `withdraw` at seq 2";
    (1..4)
        .map(|seq| {
            let record = &chain.records[seq];
            let vector = Vector::of(record.bytes(), &[], Some(chain.key())).after(&chain.records[..seq]);
            vector.good(&format!("chain-of-four-{seq}"), about, record)
        })
        .collect()
}

fn times() -> Vec<File> {
    let ends = [
        ("time-2000-begins", "the first millisecond that may be claimed", FIRST_MS),
        ("time-2199-ends", "the last millisecond that may be claimed", END_MS - 1),
    ];
    let file = |(name, about, ms)| {
        let mut chain = Chain::new(name);
        let time = Timestamp::from_ms(ms).expect("a time in range");
        let sealed = chain.seal_at(samples::plain_withdraw(), time, &|_| false);
        at_one(&chain, name, about, &sealed)
    };
    ends.into_iter().map(file).collect()
}

fn nothing_private() -> File {
    let mut chain = Chain::new("0 items");
    let sealed = chain.seal(samples::plain_withdraw(), &|_| true);
    at_one(&chain, "items-0", "no private items: items_hash is zero and there is no directory", &sealed)
}

fn sixteen_seen() -> File {
    let mut chain = Chain::new("16 seen");
    let seen = (0..16).map(samples::checkpoint).collect();
    let sealed = chain.seal(Event { seen, ..samples::plain_withdraw() }, &|_| false);
    at_one(&chain, "seen-16", "as many checkpoints as may be, of sizes 1 to 16", &sealed)
}

fn text_beside_the_refused() -> File {
    let mut chain = Chain::new("text");
    let mut event = samples::plain_dispose();
    if let Body::Dispose(dispose) = &mut event.body {
        let beside = " ~\u{a0}\u{61b}\u{61d}\u{200d}\u{2010}\u{2027}\u{202f}\u{2065}\u{206a}\u{fefe}\u{ff00}\u{10ffff}";
        // As many bytes as may be, of one, two, three and four bytes a character.
        dispose.reason = Maybe::Shown(Some(format!("{beside}{}", "x".repeat(256 - beside.len()))));
    }
    let sealed = chain.seal(event, &|_| false);
    let about = "256 bytes with the neighbours of each range of code points that is refused";
    at_one(&chain, "text-beside-the-refused", about, &sealed)
}

fn every_boundary_of_values() -> File {
    let mut chain = Chain::new("boundaries");
    let mut event = samples::stock(vec![samples::plain_lot()]);
    let Body::OpeningStock(stock) = &mut event.body else { unreachable!("it is stock") };
    let first = Day::from_days(-25_567).expect("the first day");
    let last = Day::from_days(84_005).expect("the last day");
    stock.at.period = Maybe::Shown(Period { first, last, offset: Offset::from_minutes(-840) });
    let lot = &mut stock.outputs[0];
    lot.hs = Some(samples::read("2846.90.00.00"));
    let component = |elements: &str, ppb, uncertainty| Component {
        elements: samples::read(elements),
        value: Determined::Measured(Fraction::from_ppb(ppb)),
        basis: samples::read("Ce2O3"),
        uncertainty,
        method: samples::read("other"),
    };
    let full = Fraction::from_ppb(4_000_000_000);
    let most = Uncertainty { random: full, bias: full };
    lot.composition =
        Maybe::Shown(vec![component("H", 2_000_000_000, most), component("Og", 0, Default::default())]);
    if let Maybe::Shown(quantity) = &mut lot.quantity {
        quantity.mass = Mass::from_mg(u64::MAX);
        quantity.moisture = Some(Fraction::ONE);
        quantity.pieces = Some(u64::MAX);
    }
    let sealed = chain.seal(event, &|_| false);
    at_one(
        &chain,
        "values-at-their-bounds",
        "days, offset, shares, elements, mass as far out as may be",
        &sealed,
    )
}

fn items_4096() -> File {
    let mut chain = Chain::new("4096 items");
    let outputs = vec![samples::plain_lot(); ITEMS_MAX as usize / 4];
    let sealed = chain.seal(samples::stock(outputs), &|path| path.starts_with("out/"));
    assert_eq!(sealed.record.header().item_count, ITEMS_MAX);
    let shown = [0, 2047, 4095].map(|at| item(&sealed.items[at]));
    let vector = Vector::of(&[], &[], Some(chain.key())).after(&chain.records);
    let vector = Vector { record: zlib(sealed.record.bytes()), items: shown.to_vec(), ..vector };
    vector.good("items-4096", "as many private items as may be, three of them shown", &sealed.record)
}

/// As many inputs as may be: milligram after milligram of one lot.
fn many_inputs() -> Vec<Input> {
    let input = |mg| Input {
        from: Mass::from_mg(mg),
        mass: Mass::from_mg(1),
        empties: false,
        ..samples::stretch("0 kg", "1 kg")
    };
    (0..65_536).map(input).collect()
}

/// Returns where the first of many inputs begins, and where in it `from` stands.
fn where_inputs_begin(bytes: &[u8]) -> (usize, Option<usize>) {
    let lot = samples::id("source");
    let at = bytes.windows(32).position(|window| window == lot.as_bytes());
    (at.expect("the inputs name their lot"), Some(36))
}

fn inputs_65536() -> File {
    let mut chain = Chain::new("65536 inputs");
    let sealed = chain.seal(samples::transform(many_inputs(), vec![]), &|_| false);
    let bytes = sealed.record.bytes();
    let (at, counter) = where_inputs_begin(bytes);
    let record = repeated(bytes, at, INPUT_LEN, 65_536, counter);
    let vector = Vector { record, ..Vector::of(&[], &[], Some(chain.key())).after(&chain.records) };
    vector.good("inputs-65536", "as many inputs as may be, in the body", &sealed.record)
}

fn inputs_65536_withheld() -> File {
    let mut chain = Chain::new("65536 inputs withheld");
    let sealed = chain.seal(samples::transform(many_inputs(), vec![]), &|path| path == "in");
    let shown = &sealed.items[0];
    let (at, counter) = where_inputs_begin(&shown.value);
    let mut value = item(shown);
    value["value"] = repeated(&shown.value, at, INPUT_LEN, 65_536, counter);
    let vector = Vector::of(sealed.record.bytes(), &[], Some(chain.key())).after(&chain.records);
    let vector = Vector { items: vec![value], ..vector };
    vector.good("inputs-65536-withheld", "as many inputs as may be, as one private item", &sealed.record)
}

/// Returns stock whose public body has `len` bytes: lots of as many packages as may be, with long names.
fn stock_of(len: usize) -> Event {
    let lot = |packages| {
        let package = Package { id: "x".repeat(64), net: Mass::ZERO, gross: Mass::ZERO };
        let mut lot = samples::plain_lot();
        if let Maybe::Shown(quantity) = &mut lot.quantity {
            quantity.packages = vec![package; packages];
        }
        lot
    };
    let measure = |lots: Vec<Lot>, text: usize| {
        let mut event = samples::stock(lots);
        if text > 0 {
            let value = FactValue::Text("x".repeat(text));
            event.facts = vec![Fact { code: samples::read("filler"), unit: FactUnit::None, value }];
        }
        let body_len = Chain::new("measured").seal(event.clone(), &|_| false).record.header().body_len;
        (body_len as usize, event)
    };
    let (empty, one, package) =
        (measure(vec![lot(0)], 0).0, measure(vec![lot(256)], 0).0, measure(vec![lot(1)], 0).0);
    let (full, package) = (one + measure(vec![lot(0); 2], 0).0 - 2 * empty, package - empty);
    let fact = measure(vec![lot(0)], 1).0 - empty - 1;
    let count = (len - empty - fact - 1) / full;
    let left = len - empty - fact - 1 - count * full;
    let mut lots = vec![lot(256); count];
    // A last, lighter lot and a text among the facts fill what is left to the byte.
    lots.push(lot(left / package));
    let (found, event) = measure(lots, 1 + left % package);
    assert_eq!(found, len);
    event
}

fn outputs_16384() -> File {
    let mut chain = Chain::new("16384 outputs");
    let sealed = chain.seal(samples::stock(vec![samples::plain_lot(); 16_384]), &|_| false);
    let vector = Vector::of(&[], &[], Some(chain.key())).after(&chain.records);
    let vector = Vector { record: repeated_lots(sealed.record.bytes(), 16_384), ..vector };
    vector.good("outputs-16384", "as many outputs as may be", &sealed.record)
}

/// Returns a record with `count` equal lots, written once.
pub fn repeated_lots(record: &[u8], count: usize) -> Value {
    let lot = samples::plain_lot_bytes();
    let at = record.windows(lot.len()).position(|window| window == lot).expect("it has that lot");
    repeated(record, at, lot.len(), count, None)
}

fn body_of_4_mib() -> File {
    let mut chain = Chain::new("body of 4 MiB");
    let sealed = chain.seal(stock_of(BODY_MAX as usize), &|_| false);
    let vector = Vector::of(&[], &[], Some(chain.key())).after(&chain.records);
    let vector = Vector { record: zlib(sealed.record.bytes()), ..vector };
    vector.good("body-of-4-mib", "a body as long as may be: 4194304 bytes", &sealed.record)
}

/// Records signed with an R that a check without the cofactor would refuse.
fn odd_points() -> Vec<File> {
    signatures::odd_r_points()
        .into_iter()
        .map(|(name, r)| {
            let mut chain = Chain::new(name);
            let sealed = chain.seal(samples::plain_withdraw(), &|_| false);
            let mut parts = Parts::of(&sealed);
            parts.signature = signatures::sign_with_point(&parts.message(), &r);
            let record = SealedRecord::parse(&parts.stored()).expect("only the signature is another");
            let mut vector = Vector::of(&[], &[], Some(chain.key())).after(&chain.records);
            vector.record = hex(record.bytes());
            vector.good(&format!("signature-{name}"), "S fits, so the one equation holds", &record)
        })
        .collect()
}
