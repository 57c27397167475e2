//! What people see: one value, shown as text or as JSON.

use serde::Serialize;

use super::page::{Page, Style};
use crate::text;

/// A value that people see. Text and JSON come from the same fields.
pub trait Screen: Serialize {
    /// What it is, as in `"format": "lodemark/<this>@1"`.
    const NAME: &'static str;

    /// Writes it for people.
    fn write(&self, page: &mut Page);

    /// Returns it as JSON, `format` first, ending in a newline.
    fn json(&self) -> String {
        #[derive(Serialize)]
        struct Named<'a, S: ?Sized> {
            format: String,
            #[serde(flatten)]
            screen: &'a S,
        }
        text::to_json(&Named { format: format!("lodemark/{}@1", Self::NAME), screen: self })
    }
}

/// Returns a screen as text.
pub fn to_text<S: Screen>(screen: &S, style: Style) -> String {
    let mut page = Page::new(style);
    screen.write(&mut page);
    page.finish()
}
