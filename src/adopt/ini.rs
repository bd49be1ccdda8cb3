//! INI files as Python's `configparser` reads them.
//!
//! The crate takes a line that begins with `[` for a section wherever it stands; Python does so only at the margin. So the
//! section that is wanted is cut out first, and what other tools wrote into theirs cannot get in the way.

use configparser::ini::Ini;

/// Stands before a bracket that begins no section, and is taken away again.
const NO_SECTION: char = '\u{f8ff}';

/// Returns the options of a section in the order of their names; nothing where there is no such section.
pub(super) fn section(text: &str, name: &str) -> Result<Option<Vec<(String, String)>>, String> {
    let mut wanted = String::new();
    let mut first = None;
    let mut inside = false;
    let mut sections = 0;
    for (index, line) in text.lines().enumerate() {
        if let Some(rest) = line.strip_prefix('[') {
            // Without a closing bracket it is the name of an option.
            if let Some((title, _)) = rest.rsplit_once(']') {
                sections += 1;
                inside = title == name;
                if inside {
                    first.get_or_insert(index + 1);
                }
                continue;
            }
            if sections == 0 {
                // Python reads nothing of such a file, either.
                return Err(format!("line {}: a section without a closing bracket", index + 1));
            }
        }
        if inside && !is_remark(line) {
            let text = line.trim_start();
            wanted.push_str(&line[..line.len() - text.len()]);
            if text.starts_with('[') {
                wanted.push(NO_SECTION);
            }
            wanted.push_str(text);
            wanted.push('\n');
        }
    }
    let Some(first) = first else { return Ok(None) };
    let begin = wanted.lines().find(|line| !line.trim().is_empty());
    if begin.is_some_and(|line| line.starts_with([' ', '\t'])) {
        return Err(format!("line {first}: the section [{name}] begins with an indented line"));
    }
    let mut parser = Ini::new();
    parser.set_multiline(true);
    parser.set_inline_comment_symbols(Some(&[]));
    let read = parser.read(wanted).map_err(|problem| format!("in [{name}]: {problem}"))?;
    let entries = read.into_values().flatten();
    let plain = |text: &str| text.replace(NO_SECTION, "");
    let mut options: Vec<(String, String)> = entries
        .map(|(key, value)| (plain(&key), without_remarks(&plain(&value.unwrap_or_default()))))
        .collect();
    options.sort();
    Ok(Some(options))
}

fn is_remark(line: &str) -> bool {
    line.trim_start().starts_with(['#', ';'])
}

/// Takes away remarks behind values, which some tools know and the others refuse.
fn without_remarks(value: &str) -> String {
    let kept = value.lines().map(|line| {
        let end = line
            .match_indices(['#', ';'])
            .find(|(place, _)| line[..*place].chars().next_back().is_none_or(char::is_whitespace));
        end.map_or(line, |(place, _)| &line[..place]).trim()
    });
    kept.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_read_whatever_stands_in_the_others() {
        let text = "[testenv]\ncommands =\n    [ -f x ] && y\n    [unclosed\n\n[flake8]\n# a remark\nMax-Line-Length = 100 ; why\nselect = D,\n    # another\n    E  # tail\n\n    F\nbare\nx: 1\n[other]\nselect = W\n";
        let found = section(text, "flake8").unwrap().unwrap();
        let expected = [("bare", ""), ("max-line-length", "100"), ("select", "D,\nE\n\nF"), ("x", "1")];
        let found: Vec<(&str, &str)> = found.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(found, expected);
        assert_eq!(section(text, "pydocstyle"), Ok(None));
        assert_eq!(section("[flake8]", "flake8"), Ok(Some(Vec::new())));
    }

    #[test]
    fn a_bracket_begins_a_section_at_the_margin_and_with_its_partner_only() {
        let text = "[flake8]\nper-file-ignores =\n    [ab].py: D1\n    [x]\n    c.py: D2\n[unclosed = 2\nselect = D\n[other]\nselect = W\n";
        let found = section(text, "flake8").unwrap().unwrap();
        let found: Vec<(&str, &str)> = found.iter().map(|(key, value)| (&**key, &**value)).collect();
        let expected =
            [("[unclosed", "2"), ("per-file-ignores", "[ab].py: D1\n[x]\nc.py: D2"), ("select", "D")];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for text in ["[flake8\nselect = D\n", "[flake8]\n   select = D\n", "[flake8]\n= D\n"] {
            assert!(section(text, "flake8").is_err(), "{text}");
        }
    }
}
