//! Which day decides for which pack: the one asked for, else the buyer's own for that kind of day.

use super::pack::{AsOfKind, Pack};
use crate::model::day::Day;
use crate::trust::Case;

/// The day a question is asked for, and the buyer's own days.
#[derive(Clone, Copy, Debug)]
pub struct AsOf<'a> {
    /// The day asked for; else that of delivery in the case file; else today.
    pub day: Day,
    /// Whether the reader asked for that day.
    pub is_asked: bool,
    /// The buyer's facts.
    pub case: Option<&'a Case>,
}

impl AsOf<'_> {
    /// Returns the same question for another day, asked for by name.
    pub fn on(self, day: Day) -> Self {
        Self { day, is_asked: true, ..self }
    }

    /// Returns the day that `pack` is judged for.
    ///
    /// The one asked for; else the one in the case file for the pack's kind of day; else [`AsOf::day`].
    pub fn of(self, pack: &Pack) -> Day {
        if self.is_asked {
            return self.day;
        }
        self.stated(pack.file.as_of_kind).unwrap_or(self.day)
    }

    /// Returns what to know about the day that a pack is judged for; `None` where the case file gives just this day.
    pub(super) fn note(self, pack: &Pack, judged: Day) -> Option<String> {
        let day_of = words(pack.file.as_of_kind)?;
        match self.stated(pack.file.as_of_kind) {
            None => Some(format!("{judged} is taken as the day of {day_of}; no case file says when that is")),
            Some(day) if day != judged => {
                Some(format!("judged for {judged}; the case file gives {day} as the day of {day_of}"))
            }
            Some(_) => None,
        }
    }

    fn stated(self, kind: AsOfKind) -> Option<Day> {
        let case = &self.case?.file;
        match kind {
            AsOfKind::Delivery => case.delivery,
            AsOfKind::Import => case.import,
            AsOfKind::PlacingOnMarket => case.placing_on_market,
            AsOfKind::Sale => case.sale,
            AsOfKind::Export => case.export,
            AsOfKind::Event => None,
        }
    }
}

fn words(kind: AsOfKind) -> Option<&'static str> {
    Some(match kind {
        AsOfKind::Delivery => "delivery to the final customer",
        AsOfKind::Import => "import",
        AsOfKind::PlacingOnMarket => "placing on the market",
        AsOfKind::Sale => "sale",
        AsOfKind::Export => "export",
        AsOfKind::Event => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(kind: &str) -> Pack {
        let text = crate::rules::embedded_text("us-ndaa-857-nodes").unwrap();
        Pack::from_toml(&text.replace("as_of_kind = \"delivery\"", &format!("as_of_kind = \"{kind}\"")))
            .unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn each_pack_is_judged_for_its_own_day_of_the_case_unless_a_day_is_asked_for() {
        let case = "format = \"lodemark/case@1\"\ndelivery = \"2027-02-15\"\nimport = \"2026-12-20\"\n";
        let case = Case::from_toml(case).unwrap();
        let as_of = AsOf { day: day("2027-02-15"), is_asked: false, case: Some(&case) };
        assert_eq!(as_of.of(&pack("delivery")), day("2027-02-15"));
        assert_eq!(as_of.of(&pack("import")), day("2026-12-20"));
        assert_eq!(as_of.of(&pack("sale")), day("2027-02-15"));
        assert_eq!(as_of.on(day("2026-11-01")).of(&pack("import")), day("2026-11-01"));
    }

    #[test]
    fn a_day_that_no_case_file_gives_is_said_to_be_taken() {
        let as_of = AsOf { day: day("2026-12-01"), is_asked: false, case: None };
        assert!(as_of.note(&pack("import"), as_of.day).unwrap().contains("taken as the day of import"));
        assert_eq!(as_of.note(&pack("event"), as_of.day), None);
    }
}
