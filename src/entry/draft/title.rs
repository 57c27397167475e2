//! What events about other people's material hold besides the fields that other events have too.

/// Fields of `transfer_title` and `cede_facility`, and those that sold plants and limits add to other kinds.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct TitleDraft {
    pub title: Option<String>,
    pub lots: Vec<TitledDraft>,
    pub succeeds: Option<String>,
    pub limit: Option<LimitDraft>,
}

/// How much of a lot a title is over. Without a mass it is all of it, whatever was used of it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct TitledDraft {
    pub lot: String,
    pub mass: Option<String>,
    pub from: Option<String>,
}

/// The most that may be won or made in a span of the calendar.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct LimitDraft {
    pub mass: Option<String>,
    pub per: Option<String>,
}
