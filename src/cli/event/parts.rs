//! Lots, stretches, losses and touches as people write them on a command line: parts with commas between.
//!
//! `NDPR-1: oxide.NdPr, 1250 kg, Nd 63 % as Nd2O3, grade 99.5` is a lot; every part says itself what it is.
//! Only the shape is read here: whether a mass is a mass is judged when the draft is resolved.

use crate::cli::failure::Failure;
use crate::entry::{
    AdditionDraft, CircuitDraft, ComponentDraft, FactDraft, FactText, InputDraft, LimitDraft, LossDraft,
    LotDraft, OutsiderDraft, PartDraft, ReceiverDraft, RecoveredDraft, StockDraft, TagDraft, TitledDraft,
    TouchDraft,
};

/// Reads `LABEL: MATERIAL, MASS, ...`; the label may be left out.
pub fn lot(text: &str) -> Result<LotDraft, Failure> {
    let mut lot = LotDraft::default();
    let rest = match text.split_once(':') {
        Some((label, rest)) => {
            lot.label = Some(label.trim().to_owned());
            rest
        }
        None => text,
    };
    for part in split(rest) {
        read_lot_part(&mut lot, part).map_err(|problem| unreadable("--out", part, &problem))?;
    }
    Ok(lot)
}

fn read_lot_part(lot: &mut LotDraft, part: &str) -> Result<(), String> {
    let (word, value) = part.split_once(' ').map_or((part, ""), |(word, value)| (word, value.trim()));
    let slot = match word {
        "moisture" => &mut lot.moisture,
        "uncertainty" | "±" | "+-" => &mut lot.uncertainty,
        "basis" => &mut lot.basis,
        "hs" => &mut lot.hs,
        "form" => &mut lot.form,
        "grade" => &mut lot.grade,
        "heat" => &mut lot.heat,
        "part" => &mut lot.part_number,
        "coating" => &mut lot.coating,
        "owner" => &mut lot.owner,
        "model" => &mut lot.custody_model,
        "origin" => &mut lot.origin_class,
        "serials" => &mut lot.serials,
        "seal" => {
            lot.seals.get_or_insert_default().push(value.to_owned());
            return Ok(());
        }
        "magnetised" => {
            lot.magnetised = Some(true);
            return Ok(());
        }
        "unmagnetised" => {
            lot.magnetised = Some(false);
            return Ok(());
        }
        _ if part.starts_with('±') => {
            return once(&mut lot.uncertainty, part.trim_start_matches('±').trim());
        }
        _ => return read_bare_part(lot, part),
    };
    if value.is_empty() {
        return Err(format!("`{word}` says nothing after it"));
    }
    once(slot, value)
}

/// A part without a word in front: pieces, a mass, a share, or the material.
fn read_bare_part(lot: &mut LotDraft, part: &str) -> Result<(), String> {
    let unit = unit_of(part);
    let starts_with_digit = part.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    match unit {
        "piece" | "pieces" | "pcs" if starts_with_digit => once(&mut lot.pieces, part),
        _ if starts_with_digit => once(&mut lot.mass, part),
        _ if part.contains(' ') => {
            lot.composition.get_or_insert_default().push(component(part)?);
            Ok(())
        }
        _ => once(&mut lot.material, part),
    }
}

/// Reads what arrived: `1249 kg`, `NEW-LABEL: 1249 kg, moisture 2 %` or `as dispatched`.
pub fn arrived(text: &str) -> Result<LotDraft, Failure> {
    const UNWEIGHED: &str = "as dispatched";
    match text.split_once(':') {
        None if text.trim() == UNWEIGHED => {
            Ok(LotDraft { mass: Some(UNWEIGHED.to_owned()), ..LotDraft::default() })
        }
        Some((label, rest)) if rest.trim() == UNWEIGHED => Ok(LotDraft {
            label: Some(label.trim().to_owned()),
            mass: Some(UNWEIGHED.to_owned()),
            ..LotDraft::default()
        }),
        _ => lot(text),
    }
}

/// Reads `Nd 29.4 %`, `Pr 20 % as Pr6O11 by icp_oes ± 1 %`, `Dy below 100 ppm` or `Tb not determined`.
pub fn component(text: &str) -> Result<ComponentDraft, String> {
    let (of, rest) = text.trim().split_once(' ').ok_or("it names an element and no share")?;
    let mut component = ComponentDraft { of: Some(of.to_owned()), ..ComponentDraft::default() };
    let mut rest = rest.trim().to_owned();
    for (mark, slot) in
        [("±", &mut component.uncertainty), (" by ", &mut component.method), (" as ", &mut component.basis)]
    {
        if let Some((before, after)) = rest.clone().split_once(mark) {
            *slot = Some(after.trim().to_owned());
            rest = before.trim().to_owned();
        }
    }
    if rest == "not determined" {
        return Ok(component);
    }
    match rest.strip_prefix("below ") {
        Some(limit) => component.below = Some(limit.trim().to_owned()),
        None => component.share = Some(rest),
    }
    Ok(component)
}

/// Reads `LOT`, `LOT, 40 t`, `LOT, 40 t, from 20 t`, `LOT, 40 t, empties`, `LOT, 16 pieces` or
/// `LOT, package drum 3`.
pub fn input(text: &str) -> Result<InputDraft, Failure> {
    let mut parts = split(text).into_iter();
    let lot = parts.next().unwrap_or_default().to_owned();
    let mut input = InputDraft { lot, ..InputDraft::default() };
    for part in parts {
        match part {
            "empties" | "final" => input.empties = Some(true),
            "more to come" | "not final" => input.empties = Some(false),
            _ => {
                let (slot, value) = match (part.split_once(' '), unit_of(part)) {
                    (Some(("from", from)), _) => (&mut input.from, from.trim()),
                    (Some(("package", package)), _) => (&mut input.package, package.trim()),
                    (_, "piece" | "pieces" | "pcs") => (&mut input.pieces, part),
                    _ => (&mut input.mass, part),
                };
                once(slot, value).map_err(|problem| unreadable("--in", part, &problem))?;
            }
        }
    }
    Ok(input)
}

/// Reads `MAG-7, 16 pieces, into ROT-1`: which lot, how much, into which assembly.
pub fn part(text: &str) -> Result<PartDraft, Failure> {
    let mut read = PartDraft::default();
    for (index, part) in split(text).into_iter().enumerate() {
        let (slot, value) = match (index, part.split_once(' '), unit_of(part)) {
            (0, ..) => (&mut read.of, part),
            (_, Some(("into", into)), _) => (&mut read.into, into.trim()),
            (_, _, "piece" | "pieces" | "pcs") => (&mut read.pieces, part),
            _ => (&mut read.mass, part),
        };
        once(slot, value).map_err(|problem| unreadable("--part", part, &problem))?;
    }
    Ok(read)
}

/// Reads `MAG-7R was MAG-7`: which lot that came out, and which lot had gone in; the first may be left out.
pub fn recovered(text: &str) -> Result<RecoveredDraft, Failure> {
    let (lot, was) = match text.trim().split_once(" was ") {
        Some((lot, was)) => (Some(lot.trim().to_owned()), was.trim()),
        None => (None, text.trim()),
    };
    if was.is_empty() {
        return Err(unreadable("--recovered", text, "it names no part"));
    }
    Ok(RecoveredDraft { lot, was: Some(was.to_owned()) })
}

/// Reads `LOT`, `LOT, 40 t` or, for a stretch set apart, `LOT, 40 t, from 20 t`.
pub fn titled(text: &str) -> Result<TitledDraft, Failure> {
    let mut parts = split(text).into_iter();
    let mut titled =
        TitledDraft { lot: parts.next().unwrap_or_default().to_owned(), ..TitledDraft::default() };
    for part in parts {
        let (slot, value) = match part.strip_prefix("from ") {
            Some(from) => (&mut titled.from, from.trim()),
            None => (&mut titled.mass, part),
        };
        once(slot, value).map_err(|problem| unreadable("LOT", part, &problem))?;
    }
    Ok(titled)
}

/// Reads `2500 t per year`.
pub fn limit(text: &str) -> Result<LimitDraft, Failure> {
    match text.split_once(" per ") {
        Some((mass, per)) => {
            Ok(LimitDraft { mass: Some(mass.trim().to_owned()), per: Some(per.trim().to_owned()) })
        }
        None => Err(unreadable("--limit", text, "it does not say in which span of time")),
    }
}

/// Reads `slag, 12 kg, measured`.
pub fn loss(text: &str) -> Result<LossDraft, Failure> {
    let mut loss = LossDraft::default();
    for part in split(text) {
        let result = match part {
            "measured" | "estimated" | "by_difference" => once(&mut loss.basis, part),
            "by difference" => once(&mut loss.basis, "by_difference"),
            _ if part.starts_with('±') => once(&mut loss.uncertainty, part.trim_start_matches('±').trim()),
            _ if part.starts_with(|c: char| c.is_ascii_digit() || c == '-') => once(&mut loss.mass, part),
            _ if loss.what.is_none() => once(&mut loss.what, part),
            _ => component(part).map(|component| loss.composition.push(component)),
        };
        result.map_err(|problem| unreadable("--loss", part, &problem))?;
    }
    Ok(loss)
}

/// Reads the stock in process: `empty`, or `41 t, ± 2 %, Nd 3 %`.
pub fn stock(flag: &'static str, text: &str) -> Result<StockDraft, Failure> {
    if !text.trim().starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return Ok(StockDraft::Word(text.trim().to_owned()));
    }
    let mut stock = LotDraft::default();
    for part in split(text) {
        read_lot_part(&mut stock, part).map_err(|problem| unreadable(flag, part, &problem))?;
    }
    Ok(StockDraft::Stock(Box::new(stock)))
}

/// Reads `SX: P40, average, 90 days, at least 5 days` of a circuit that a facility declares.
pub fn circuit(text: &str) -> Result<CircuitDraft, Failure> {
    let mut circuit = CircuitDraft::default();
    let rest = match text.split_once(':') {
        Some((name, rest)) => {
            circuit.name = Some(name.trim().to_owned());
            rest
        }
        None => return Err(unreadable("--circuit", text, "it has no `:` after its name")),
    };
    for part in split(rest) {
        let result = match part.strip_prefix("at least ") {
            Some(least) => once(&mut circuit.least, least.trim()),
            None if part.starts_with(|c: char| c.is_ascii_digit()) => once(&mut circuit.window, part),
            None if part.len() == 3 && part.starts_with(['P', 'R']) => {
                circuit.stages.push(part.to_owned());
                Ok(())
            }
            None => once(&mut circuit.method, part),
        };
        result.map_err(|problem| unreadable("--circuit", part, &problem))?;
    }
    Ok(circuit)
}

/// Reads `binder.epoxy, 3 kg`.
pub fn addition(text: &str) -> Result<AdditionDraft, Failure> {
    let mut addition = AdditionDraft::default();
    for part in split(text) {
        let result = match part {
            _ if part.starts_with('±') => {
                once(&mut addition.uncertainty, part.trim_start_matches('±').trim())
            }
            _ if part.starts_with(|c: char| c.is_ascii_digit() || c == '-') => once(&mut addition.mass, part),
            _ if part.contains(' ') => component(part).map(|component| addition.composition.push(component)),
            _ => once(&mut addition.material, part),
        };
        result.map_err(|problem| unreadable("--add", part, &problem))?;
    }
    Ok(addition)
}

/// Reads `Fe, P50 blast_furnace, JP`, and after it `on PERIOD`, `by NAME`, `of LOT`, `document HASH`,
/// `assessed thirdParty verified`.
pub fn touch(text: &str) -> Result<TouchDraft, Failure> {
    let mut touch = TouchDraft::default();
    for (index, part) in split(text).into_iter().enumerate() {
        let (word, value) = part.split_once(' ').map_or((part, ""), |(word, value)| (word, value.trim()));
        let result = match (index, word) {
            (0, _) => once(&mut touch.of, part),
            (1, _) => once(&mut touch.step, part),
            (2, _) => once(&mut touch.place, part),
            (_, "on") => once(&mut touch.on, value),
            (_, "of") => once(&mut touch.lot, value),
            (_, "document") => once(&mut touch.document, value),
            (_, "by") => {
                touch.maker =
                    Some(OutsiderDraft { name: Some(value.to_owned()), ..OutsiderDraft::default() });
                Ok(())
            }
            (_, "assessed") => match value.split_once(' ') {
                Some((assessor, how)) => {
                    once(&mut touch.assessor, assessor).and_then(|()| once(&mut touch.assessment, how.trim()))
                }
                None => once(&mut touch.assessor, value),
            },
            _ => Err("it is none of on, of, by, document, assessed".to_owned()),
        };
        result.map_err(|problem| unreadable("--touch", part, &problem))?;
    }
    Ok(touch)
}

/// Reads `RW-0001`, `RW-0001, bag 1, 50 kg` or `RW-0001..RW-0040, bag 1..bag 40, 50 kg`.
pub fn tag(text: &str) -> Result<TagDraft, Failure> {
    let mut tag = TagDraft::default();
    for (index, part) in split(text).into_iter().enumerate() {
        let is_mass = matches!(unit_of(part), "t" | "kg" | "g" | "mg")
            && part.starts_with(|c: char| c.is_ascii_digit());
        let slot = match index {
            0 => &mut tag.tag,
            _ if is_mass => &mut tag.mass,
            _ => &mut tag.package,
        };
        once(slot, part).map_err(|problem| unreadable("--tag", part, &problem))?;
    }
    Ok(tag)
}

/// Puts the same seals on every lot of a handover; `count` is the number of its lots.
pub fn seal_all(outputs: &mut Vec<LotDraft>, count: usize, seals: &[String], none: bool) {
    if seals.is_empty() && !none {
        return;
    }
    outputs.resize(outputs.len().max(count), LotDraft::default());
    for lot in outputs {
        lot.seals.get_or_insert_default().extend(seals.iter().cloned());
    }
}

/// Reads `CODE=VALUE` or `CODE=VALUE UNIT` of an open fact.
pub fn fact(text: &str) -> Result<FactDraft, Failure> {
    let Some((code, value)) = text.split_once('=') else {
        return Err(unreadable("--fact", text, "it has no `=` between code and value"));
    };
    let (value, unit) = match value.trim().split_once(' ') {
        Some((number, unit)) if number.parse::<i64>().is_ok() => (number, Some(unit.trim().to_owned())),
        _ => (value.trim(), None),
    };
    let value = match value.parse::<i64>() {
        Ok(number) => FactText::Number(number),
        Err(_) => FactText::Text(value.to_owned()),
    };
    Ok(FactDraft { code: Some(code.trim().to_owned()), unit, value: Some(value) })
}

/// Reads `NAME` or `NAME, PLACE` of someone who keeps no chain.
pub fn outsider(text: &str) -> OutsiderDraft {
    let (name, place) = match text.rsplit_once(',') {
        Some((name, place)) => (name.trim(), Some(place.trim().to_owned())),
        None => (text.trim(), None),
    };
    OutsiderDraft { name: Some(name.to_owned()), place, identifiers: Vec::new() }
}

/// Reads a party, `later`, or `outside: NAME, PLACE`.
pub fn receiver(text: &str) -> ReceiverDraft {
    match text.strip_prefix("outside:") {
        Some(outside) => ReceiverDraft::Outside(outsider(outside)),
        None => ReceiverDraft::Named(text.trim().to_owned()),
    }
}

fn split(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn once(slot: &mut Option<String>, value: &str) -> Result<(), String> {
    match slot {
        Some(first) => Err(format!("`{first}` stands in its place already")),
        None => {
            *slot = Some(value.to_owned());
            Ok(())
        }
    }
}

fn unit_of(part: &str) -> &str {
    part.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '-')).trim()
}

fn unreadable(flag: &str, part: &str, problem: &str) -> Failure {
    let looks_like = match flag {
        "--out" => "write it like \"NDPR-1: oxide.NdPr, 1250 kg, Nd 63 % as Nd2O3\"",
        "--in" => {
            "write it like \"NDPR-1, 400 kg\", \"MAG-7, 16 pieces\" or \"NDPR-1, package drum 3\"; alone it is all that is left"
        }
        "--part" => "write it like \"MAG-7, 16 pieces, into ROT-1\"",
        "--recovered" => "write it like \"MAG-7R was MAG-7\"",
        "LOT" => {
            "write it like \"NDPR-1, 400 kg\" or, for a stretch set apart, \"NDPR-1, 400 kg, from 200 kg\""
        }
        "--limit" => "write it like \"2500 t per year\"; the span is month, quarter or year",
        "--loss" => "write it like \"slag, 12 kg, measured\"",
        "--opening" | "--closing" => "write it like \"41 t, ± 2 %, Nd 3 %\", or \"empty\"",
        "--circuit" => "write it like \"SX: P40, average, 90 days, at least 5 days\"",
        "--add" => "write it like \"binder.epoxy, 3 kg\"",
        "--touch" => "write it like \"Fe, P50 blast_furnace, JP, on 2025, by Acme Steel\"",
        _ => "write it like \"origin.lot=A-7\" or \"activity=74 bq_per_g\"",
    };
    Failure::usage(format!("{flag}: cannot read `{part}`: {problem}"), Some(looks_like.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_is_read_part_by_part() {
        let lot = lot(
            "NDPR-1: oxide.NdPr, 1 250 kg, ± 0.1 %, Nd 63 % as Nd2O3 by icp_oes ± 1 %, grade 99.5, 12 pieces",
        )
        .unwrap();
        assert_eq!(lot.label.as_deref(), Some("NDPR-1"));
        assert_eq!(lot.material.as_deref(), Some("oxide.NdPr"));
        assert_eq!(lot.mass.as_deref(), Some("1 250 kg"));
        assert_eq!(lot.uncertainty.as_deref(), Some("0.1 %"));
        assert_eq!(lot.pieces.as_deref(), Some("12 pieces"));
        assert_eq!(lot.grade.as_deref(), Some("99.5"));
        let line = &lot.composition.unwrap()[0];
        assert_eq!((line.of.as_deref(), line.share.as_deref()), (Some("Nd"), Some("63 %")));
        assert_eq!((line.basis.as_deref(), line.method.as_deref()), (Some("Nd2O3"), Some("icp_oes")));
        assert_eq!(line.uncertainty.as_deref(), Some("1 %"));
    }

    #[test]
    fn a_number_without_a_unit_is_kept_for_the_reader_of_masses_to_refuse() {
        assert_eq!(lot("A: ore, 12.5").unwrap().mass.as_deref(), Some("12.5"));
    }

    #[test]
    fn a_second_mass_is_refused_with_both() {
        let failure = lot("A: ore, 12 t, 13 t").unwrap_err();
        assert_eq!(failure.error, "--out: cannot read `13 t`: `12 t` stands in its place already");
    }

    #[test]
    fn a_stretch_is_read_with_where_it_begins_and_whether_it_empties() {
        let input = input("ORE-1, 40 t, from 20 t, empties").unwrap();
        assert_eq!(input.lot, "ORE-1");
        assert_eq!((input.mass.as_deref(), input.from.as_deref()), (Some("40 t"), Some("20 t")));
        assert_eq!(input.empties, Some(true));
        assert_eq!(super::input("ORE-1").unwrap().mass, None);
    }

    #[test]
    fn pieces_packages_and_parts_are_read() {
        let input = super::input("MAG-7, 16 pieces, from 4 pieces").unwrap();
        assert_eq!((input.pieces.as_deref(), input.from.as_deref()), (Some("16 pieces"), Some("4 pieces")));
        assert_eq!(super::input("NDPR-1, package D-2").unwrap().package.as_deref(), Some("D-2"));
        let part = super::part("MAG-7, 16 pieces, into ROT-1").unwrap();
        assert_eq!((part.of.as_deref(), part.into.as_deref()), (Some("MAG-7"), Some("ROT-1")));
        assert_eq!((part.pieces.as_deref(), part.mass), (Some("16 pieces"), None));
        let recovered = super::recovered("OUT was MAG-7").unwrap();
        assert_eq!((recovered.lot.as_deref(), recovered.was.as_deref()), (Some("OUT"), Some("MAG-7")));
    }

    #[test]
    fn losses_touches_and_facts_are_read() {
        let loss = loss("slag, 12 kg, by difference").unwrap();
        assert_eq!((loss.what.as_deref(), loss.basis.as_deref()), (Some("slag"), Some("by_difference")));
        let touch = touch("Fe, P50 blast_furnace, JP, by Acme Steel, assessed thirdParty verified").unwrap();
        assert_eq!((touch.of.as_deref(), touch.place.as_deref()), (Some("Fe"), Some("JP")));
        assert_eq!(touch.assessment.as_deref(), Some("verified"));
        let fact = fact("activity=74 bq_per_g").unwrap();
        assert_eq!((fact.value, fact.unit.as_deref()), (Some(FactText::Number(74)), Some("bq_per_g")));
    }

    #[test]
    fn limits_and_undetermined_elements_are_told_apart() {
        assert_eq!(component("Dy below 100 ppm").unwrap().below.as_deref(), Some("100 ppm"));
        let tb = component("Tb not determined").unwrap();
        assert_eq!((tb.share, tb.below), (None, None));
    }
}
