//! The worked example of docs/balance.md: what the page says of a step is what the engine finds in it.

use super::super::step;
use super::super::testing::{metal, weighed};
use super::*;
use crate::custody::testing::{World, out};
use crate::model::event::Body;
use crate::model::evidence::LossBasis;
use crate::model::evidence::Mixing::Homogenised;
use crate::model::lot::{Component, Input, Loss};

const PAGE: &str = include_str!("../../../docs/balance.md");

/// One row of the page's table: side, material, mass and its uncertainty, share and its uncertainty, and what follows.
struct Line {
    cells: Vec<String>,
}

impl Line {
    fn cell(&self, at: usize) -> &str {
        &self.cells[at]
    }

    fn grams(&self) -> u64 {
        self.cell(2).parse::<Mass>().unwrap().mg() / 1_000
    }

    /// Shares of impurities are the engine's own, and no lines.
    fn lines(&self) -> Vec<Component> {
        match self.cell(5) {
            "impurity" => Vec::new(),
            uncertainty => vec![metal("Nd", self.cell(4), uncertainty)],
        }
    }
}

fn table() -> Vec<Line> {
    let section = PAGE.split("### A step, figure by figure").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        Line { cells: cells.collect() }
    };
    let lines = section.lines().filter(|line| line.starts_with('|')).map(cells);
    lines.filter(|line| ["in", "out", "lost", "all in", "all out", "gain"].contains(&line.cell(0))).collect()
}

fn kilograms(billionths: u128) -> String {
    let tenths = (billionths / crate::model::interval::WHOLE + 50_000) / 100_000;
    format!("{}.{} kg", tenths / 10, tenths % 10)
}

#[test]
fn the_worked_example_of_the_page_is_what_the_engine_computes() {
    let table = table();
    let of = |side: &'static str| table.iter().filter(move |line| line.cell(0) == side);
    let mut world = World::new();
    let mut inputs = Vec::new();
    for line in of("in") {
        let lot = weighed(line.cell(1), line.grams(), line.cell(3), line.lines());
        let mass = lot.mass().unwrap();
        let lot = out(world.intake("plant", vec![lot], vec![]), 0);
        inputs.push(Input { lot, from: Mass::ZERO, mass, empties: true });
    }
    let outputs =
        of("out").map(|line| weighed(line.cell(1), line.grams(), line.cell(3), line.lines())).collect();
    let record = world.transform("plant", "P60 strip_cast", Homogenised, inputs, outputs);
    let lost = of("lost").map(|line| Loss {
        what: line.cell(1).to_owned(),
        mass: line.cell(2).parse().unwrap(),
        uncertainty: line.cell(3).parse().unwrap(),
        basis: LossBasis::Measured,
        composition: line.lines(),
    });
    let lost: Vec<Loss> = lost.collect();
    world.change(record, |record| {
        let Body::Transform(transform) = &mut record.event.body else { unreachable!() };
        transform.losses = lost.into();
    });
    let (graph, bands) = (world.graph(), Bands::embedded());
    let contents = Contents::new(&graph, &bands);
    let rows = step::tested(&contents, graph.record(&record).unwrap());
    let row = rows.iter().find(|row| row.row.what.single().is_some_and(|one| one.symbol() == "Nd")).unwrap();

    // Each line, in the order of the page: inputs, outputs, losses.
    let terms = row.sides.inputs.iter().chain(&row.sides.outputs).chain(&row.sides.lost);
    let lines = of("in").chain(of("out")).chain(of("lost"));
    let mut count = 0;
    for (line, term) in lines.zip(terms) {
        let most = term.amount.high + term.impurity;
        let found = [term.amount.low, term.middle.unwrap(), most].map(kilograms);
        assert_eq!(&line.cells[6..9], &found[..], "{}", line.cell(1));
        count += 1;
    }
    assert_eq!(count, 6);
    let sums = Sums::of(row);
    let least_in: u128 = row.sides.inputs.iter().map(|one| one.amount.low).sum();
    let most_out: u128 = row.sides.outputs.iter().chain(&row.sides.lost).map(|one| one.amount.high).sum();
    let (most_in, least_out) = (row.sides.most_in(), row.sides.least_out());
    let one = |side: &'static str| of(side).next().unwrap().cells[6..9].to_vec();
    assert_eq!(one("all in"), [least_in, sums.went_in, most_in].map(kilograms));
    assert_eq!(one("all out"), [least_out, sums.came_out, most_out].map(kilograms));
    assert_eq!(one("gain")[..2], [least_out - most_in, sums.came_out - sums.went_in].map(kilograms));
    assert_eq!(row.row.verdict, RowVerdict::Gain);
}
