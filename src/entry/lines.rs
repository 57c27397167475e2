//! On which line of its file each event begins, so that an error can say where to look.

use super::read::Format;

/// Returns the line, counted from 1, on which each event of a file begins; empty where that cannot be told.
///
/// `text` is a file that was read: one that is not well formed has no events to find.
pub fn lines(text: &str, format: Format) -> Vec<usize> {
    match format {
        Format::Toml => of_toml(text),
        Format::Json => of_json(text),
    }
}

/// Finds the lines `[[event]]`, but for those inside a text of several lines.
fn of_toml(text: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut inside: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let head: String = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        if inside.is_none() && head == "[[event]]" {
            lines.push(number);
        }
        let mut rest = line;
        loop {
            let next = match inside {
                Some(quotes) => rest.find(quotes).map(|at| (at, quotes)),
                None => ["\"\"\"", "'''"].into_iter().filter_map(|q| rest.find(q).map(|at| (at, q))).min(),
            };
            let Some((at, quotes)) = next else { break };
            inside = if inside.is_some() { None } else { Some(quotes) };
            rest = &rest[at + quotes.len()..];
        }
    }
    lines
}

/// Finds the objects of the list of events: of the outermost list, be it the file or its field `event`; or the one
/// object that the file is.
fn of_json(text: &str) -> Vec<usize> {
    let (mut lines, mut first) = (Vec::new(), None);
    let (mut line, mut depth, mut list) = (1, 0usize, None);
    let (mut in_text, mut escaped) = (false, false);
    for c in text.chars() {
        line += usize::from(c == '\n');
        if in_text {
            in_text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => in_text = true,
            '[' | '{' => {
                if c == '[' && list.is_none() {
                    list = Some(depth);
                }
                if c == '{' && list.is_some_and(|list| depth == list + 1) {
                    lines.push(line);
                }
                if c == '{' && first.is_none() {
                    first = Some((line, text.contains("\"event\"")));
                }
                depth += 1;
            }
            ']' | '}' => {
                depth = depth.saturating_sub(1);
                // Behind the first list there are no more events.
                if list == Some(depth) {
                    break;
                }
            }
            _ => {}
        }
    }
    match first {
        // One event alone: its lists are lists of something else.
        Some((line, false)) if !text.trim_start().starts_with('[') => vec![line],
        _ => lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_a_toml_file_begin_at_their_heads_and_not_inside_texts() {
        let text = "# a week\n[[event]]\nnote = \"\"\"\n[[event]]\n\"\"\"\n\n [[ event ]] # two\nkind = 1\n[[event.out]]\n";
        assert_eq!(lines(text, Format::Toml), vec![2, 7]);
    }

    #[test]
    fn events_of_a_json_file_begin_at_their_braces() {
        let text = "{\"event\": [\n  {\"kind\": \"x]{\\\"\", \"out\": [{\n}]},\n\n  {\"kind\": \"y\"}\n]}";
        assert_eq!(lines(text, Format::Json), vec![2, 5]);
        assert_eq!(lines("\n[{\"a\": 1},\n{}]", Format::Json), vec![2, 3]);
        assert_eq!(lines("\n\n{\"kind\": \"x\", \"out\": [{}]}", Format::Json), vec![3]);
    }
}
