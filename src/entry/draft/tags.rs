//! What is written about tags, stops on the way and declarations at borders.

/// Fields of `issue_tags`, `apply_tags`, `declare_border`, and the stops of a `dispatch`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)] // each field is named as in docs/formats/entry.md, which says what it holds
pub struct TagsDraft {
    pub pit: Option<String>,
    pub tags: Vec<TagDraft>,
    pub stops: Vec<String>,
    pub lots: Vec<String>,
    pub side: Option<String>,
    pub leaving: Option<String>,
    pub entering: Option<String>,
    pub origin: Option<String>,
    pub hs: Option<String>,
    pub mass: Option<String>,
}

/// A tag or a run of tags such as `RW-0001..RW-0040`, and where they are put on, the packages they go on.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[allow(missing_docs)]
pub struct TagDraft {
    pub tag: Option<String>,
    pub package: Option<String>,
    pub mass: Option<String>,
}
