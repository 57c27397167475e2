//! A page of text: wrapped lines, tables and headings at a given width.
//!
//! Knows nothing of terminals: `cli` says how wide the page is and whether bold may be used.

/// How a page is to look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Columns to wrap at.
    pub width: usize,
    /// Whether headings may be bold.
    pub bold: bool,
    /// Whether whole ids are shown beside labels.
    pub ids: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 100, bold: false, ids: false }
    }
}

/// Which side a column of a table leans to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lean {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Text that grows line by line.
#[derive(Clone, Debug)]
pub struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// Returns an empty page.
    pub fn new(style: Style) -> Self {
        Self { style, text: String::new() }
    }

    /// Returns how the page looks.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Adds a heading, after an empty line unless the page is empty.
    pub fn heading(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.blank();
        }
        for line in wrap(text, self.style.width) {
            match self.style.bold {
                true => self.push(&format!("\u{1b}[1m{line}\u{1b}[0m")),
                false => self.push(&line),
            }
        }
    }

    /// Adds a paragraph `indent` columns in; its further lines stand two columns deeper.
    pub fn line(&mut self, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), &" ".repeat(indent + 2), text);
    }

    /// Adds a paragraph whose first line opens with `first` and whose further lines open with `rest`.
    pub fn hanging(&mut self, first: &str, rest: &str, text: &str) {
        let room = self.style.width.saturating_sub(columns(first).max(columns(rest))).max(20);
        let mut opening = first;
        for line in wrap(text, room) {
            let line = format!("{opening}{line}");
            self.push(line.trim_end());
            opening = rest;
        }
    }

    /// Adds a line that is not wrapped: a command to paste.
    pub fn verbatim(&mut self, text: &str) {
        self.push(text);
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a table `indent` columns in. The first row is its head; cells wrap where the page is narrow.
    pub fn table(&mut self, indent: usize, leans: &[Lean], rows: &[Vec<String>]) {
        let room = self.style.width.saturating_sub(indent + 2 * leans.len().saturating_sub(1));
        let widths = column_widths(leans.len(), rows, room);
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<Vec<String>> =
                row.iter().zip(&widths).map(|(cell, width)| wrap(cell, *width)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for level in 0..height {
                let mut line = " ".repeat(indent);
                for (column, width) in widths.iter().enumerate() {
                    let part = cells.get(column).and_then(|cell| cell.get(level)).map_or("", String::as_str);
                    let gap = " ".repeat(width.saturating_sub(columns(part)));
                    match leans[column] {
                        Lean::Left => line.extend([part, &gap]),
                        Lean::Right => line.extend([gap.as_str(), part]),
                    }
                    line.push_str("  ");
                }
                self.push(line.trim_end());
            }
            if number == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                self.push(format!("{}{}", " ".repeat(indent), rules.join("  ")).trim_end());
            }
        }
    }

    /// Returns the text.
    pub fn finish(self) -> String {
        self.text
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The narrowest a column becomes.
const NARROWEST: usize = 8;

fn column_widths(count: usize, rows: &[Vec<String>], room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max().unwrap_or(0)
        })
        .collect();
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width).filter(|width| **width > NARROWEST)
        else {
            break;
        };
        *widest -= 1;
    }
    widths
}

/// Returns the columns a text takes: two for wide characters of East Asia, one for others.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}') { 2 } else { 1 }).sum()
}

/// Breaks a text at spaces, so that no line is wider than `width` unless one word is.
///
/// A number stays with its groups of three digits and its unit.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in words(paragraph) {
            if !line.is_empty() && columns(&line) + 1 + columns(&word) > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

/// Splits at spaces where a line may break.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in paragraph.split(' ') {
        let after_number = words.last().is_some_and(|last| last.ends_with(|c: char| c.is_ascii_digit()));
        let group = word.len() >= 3 && word.as_bytes()[..3].iter().all(u8::is_ascii_digit);
        let unit = word.trim_end_matches([',', ';', ')', ':', '.']);
        match words.last_mut().filter(|_| after_number && (group || matches!(unit, "kg" | "g" | "t" | "%"))) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_hang() {
        let mut page = Page::new(Style { width: 30, ..Style::default() });
        page.line(2, "lot SN-2207 holds more than went into it");
        assert_eq!(page.finish(), "  lot SN-2207 holds more\n    than went into it\n");
    }

    #[test]
    fn a_table_wraps_its_widest_column() {
        let mut page = Page::new(Style { width: 24, ..Style::default() });
        let rows = [
            vec!["lot".to_owned(), "what is in it".to_owned()],
            vec!["A-1".to_owned(), "neodymium and praseodymium".to_owned()],
        ];
        page.table(0, &[Lean::Left, Lean::Left], &rows);
        let text = page.finish();
        assert!(text.lines().all(|line| columns(line) <= 24), "{text}");
        assert!(text.contains("A-1  neodymium and"), "{text}");
    }

    #[test]
    fn numbers_lean_right() {
        let mut page = Page::new(Style::default());
        let row = |text: &str| vec![text.to_owned()];
        page.table(0, &[Lean::Right], &[row("kg"), row("1 000")]);
        assert_eq!(page.finish(), "   kg\n-----\n1 000\n");
    }

    #[test]
    fn a_mass_is_never_broken() {
        assert_eq!(wrap("it holds 10 000.000 kg now", 18), ["it holds", "10 000.000 kg now"]);
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(columns("包头 A"), 6);
    }
}
