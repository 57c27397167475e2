//! Lots and where they stand: held, on their way here, sent, overdue.

use serde::Serialize;

use super::chain::receiver;
use super::known::{Called, Known};
use super::page::{Lean, Page, Style};
use super::screen::Screen;
use crate::custody::title::Owner;
use crate::hash::PartyId;
use crate::ledger::{LotState, State};
use crate::model::day::Day;
use crate::model::lotref::LotRef;
use crate::model::mass::Mass;
use crate::model::material::Material;

/// Lots of a ledger's party.
#[derive(Clone, Debug, Serialize)]
pub struct LotsScreen {
    today: Day,
    held: Vec<Line>,
    in_transit_to_me: Vec<Line>,
    in_transit_from_me: Vec<Line>,
    /// Sent to a receiver whom this party has still to name.
    waiting_for_a_receiver: Vec<Line>,
    held_by_others: Vec<Line>,
    gone: Vec<Line>,
    overdue: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    lot: Called<LotRef>,
    material: Material,
    mass: Option<Mass>,
    left: Option<Mass>,
    /// Whose it is, where it is said to be somebody else's.
    owner: Option<String>,
    /// Who sent it, to whom it was sent, or who has it.
    other: Option<String>,
    due: Option<Day>,
    overdue: bool,
}

impl LotsScreen {
    /// Returns the screen of `lots` on the day `today`; those of which nothing is left only if `all`.
    pub fn new(today: Day, own: &PartyId, lots: &[LotState], known: &Known, all: bool) -> Self {
        let mut screen = Self {
            today,
            held: Vec::new(),
            in_transit_to_me: Vec::new(),
            in_transit_from_me: Vec::new(),
            waiting_for_a_receiver: Vec::new(),
            held_by_others: Vec::new(),
            gone: Vec::new(),
            overdue: 0,
        };
        for one in lots {
            let mut line = Line {
                lot: Called { id: one.lot, name: one.label.clone().or_else(|| known.lot(&one.lot).name) },
                material: one.material.clone(),
                mass: one.mass,
                left: one.left,
                owner: one.owner.as_ref().and_then(|owner| owner_of_other(owner, own, known)),
                other: None,
                due: None,
                overdue: false,
            };
            let list = match &one.state {
                State::Held => &mut screen.held,
                State::InTransitIn { from, due, overdue } => {
                    line.other = Some(known.party(from).text(Style::default()));
                    (line.due, line.overdue) = (*due, *overdue);
                    &mut screen.in_transit_to_me
                }
                State::InTransitOut { to, due, overdue } => {
                    line.other = Some(receiver(known, to));
                    (line.due, line.overdue) = (*due, *overdue);
                    &mut screen.in_transit_from_me
                }
                State::Waiting { has_code, due, overdue } => {
                    let asked = if *has_code { "whoever shows the claim code" } else { "whoever you name" };
                    line.other = Some(asked.to_owned());
                    (line.due, line.overdue) = (*due, *overdue);
                    &mut screen.waiting_for_a_receiver
                }

                State::HeldByOther { by } => {
                    line.other = Some(known.party(by).text(Style::default()));
                    &mut screen.held_by_others
                }
                State::Gone if all => &mut screen.gone,
                State::Gone => continue,
            };
            screen.overdue += usize::from(line.overdue);
            list.push(line);
        }
        screen
    }
}

impl Screen for LotsScreen {
    const NAME: &'static str = "lots";

    fn write(&self, page: &mut Page) {
        table(page, "Held", None, &self.held);
        table(page, "In transit to you", Some("from"), &self.in_transit_to_me);
        table(page, "In transit from you", Some("to"), &self.in_transit_from_me);
        if !self.waiting_for_a_receiver.is_empty() {
            table(page, "Waiting for you to name the receiver", Some("for"), &self.waiting_for_a_receiver);
        }
        if !self.held_by_others.is_empty() {
            table(page, "Yours, in others' hands", Some("held by"), &self.held_by_others);
        }
        if !self.gone.is_empty() {
            table(page, "Nothing left", None, &self.gone);
        }
        page.blank();
        match self.overdue {
            0 => page.line(0, &format!("Nothing is overdue on {}.", self.today)),
            count => page.line(0, &format!("{count} overdue on {}; look for `overdue` above.", self.today)),
        }
    }
}

/// Returns whose a lot is in words, where that is not the ledger's party.
fn owner_of_other(owner: &Owner, own: &PartyId, known: &Known) -> Option<String> {
    match owner {
        Owner::Party(party) if party == own => None,
        owner => Some(owner_words(owner, known)),
    }
}

/// Returns an owner in words.
pub fn owner_words(owner: &Owner, known: &Known) -> String {
    match owner {
        Owner::Party(party) => known.party(party).text(Style::default()),
        Owner::Outside(name) => format!("{name} (outside the ledger)"),
        Owner::Open(why) => (*why).to_owned(),
    }
}

fn table(page: &mut Page, title: &str, other: Option<&str>, lines: &[Line]) {
    page.heading(title);
    if lines.is_empty() {
        page.line(2, "nothing");
        return;
    }
    let style = page.style();
    let mass = |mass: &Option<Mass>| mass.map_or_else(|| "withheld".to_owned(), |mass| mass.to_string());
    let mut head = vec!["lot".to_owned(), "material".to_owned(), "left".to_owned(), "of".to_owned()];
    let mut leans = vec![Lean::Left, Lean::Left, Lean::Right, Lean::Right];
    let has_owner = lines.iter().any(|line| line.owner.is_some());
    if has_owner {
        head.push("owner".to_owned());
        leans.push(Lean::Left);
    }
    // Only goods in transit have a day by which they are due.
    let in_transit = other.is_some_and(|other| other != "held by");
    if let Some(other) = other {
        head.push(other.to_owned());
        leans.push(Lean::Left);
    }
    if in_transit {
        head.push("due".to_owned());
        leans.push(Lean::Left);
    }
    let mut rows = vec![head];
    for line in lines {
        let mut row =
            vec![line.lot.text(style), line.material.to_string(), mass(&line.left), mass(&line.mass)];
        if has_owner {
            row.push(line.owner.clone().unwrap_or_else(|| "you".to_owned()));
        }
        if other.is_some() {
            row.push(line.other.clone().unwrap_or_default());
        }
        if in_transit {
            row.push(match (line.due, line.overdue) {
                (Some(due), true) => format!("{due}, overdue"),
                (Some(due), false) => due.to_string(),
                (None, _) => "not agreed".to_owned(),
            });
        }
        rows.push(row);
    }
    page.table(2, &leans, &rows);
}
