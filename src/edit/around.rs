//! A docstring with the blank lines beside it: what a change of its layout may touch, as one edit.
//!
//! Only blank lines that hold nothing count, right above the line of the literal and right below it; where code stands
//! on that line, there are none.

use crate::python::{Definition, DefinitionKind, Literal, ParsedFile, Span, evaluated};

use super::make::{IN_PIECES, common_prefix, common_prefix_reversed};
use super::{Edit, apply};

/// Returns the literal of a definition with the blank lines beside it.
pub(super) fn reach(file: &ParsedFile, definition: &Definition, literal: &Literal) -> Span {
    let text = file.text.as_str();
    let own = literal.span;
    if definition.kind == DefinitionKind::Module {
        return own;
    }
    let (Some(before), Some(after)) = (text.get(..own.start), text.get(own.end..)) else { return own };
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let begins_line = before.get(line..).is_some_and(|margin| margin.trim().is_empty());
    let tail = after.find(['\n', '\r']).unwrap_or(after.len());
    let rest = after.get(..tail).unwrap_or("").trim();
    let start = if begins_line { above(text, line, definition.header.end) } else { own.start };
    let ends_line = rest.is_empty() || rest.starts_with('#');
    let end = if ends_line && begins_line { below(text, own.end + tail) } else { own.end };
    Span::new(start, end)
}

/// Returns where the blank lines above a line begin.
fn above(text: &str, line: usize, floor: usize) -> usize {
    let mut start = line;
    while let Some(content) = text.get(floor..start).and_then(without_line_end) {
        let Some(end) = content.rfind(['\n', '\r']) else { break };
        if !is_blank(content.get(end + 1..).unwrap_or("")) {
            break;
        }
        start = floor + end + 1;
    }
    start
}

/// Returns where the blank lines below a line end that ends at `at`.
fn below(text: &str, at: usize) -> usize {
    let Some(mut end) = after_line_end(text, at) else { return at };
    while let Some(rest) = text.get(end..) {
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        if !is_blank(rest.get(..length).unwrap_or("")) {
            break;
        }
        match after_line_end(text, end + length) {
            Some(next) => end = next,
            None => break,
        }
    }
    end
}

fn without_line_end(text: &str) -> Option<&str> {
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r']))
}

fn after_line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest {
        rest if rest.starts_with("\r\n") => Some(at + 2),
        rest if rest.starts_with(['\n', '\r']) => Some(at + 1),
        _ => None,
    }
}

fn is_blank(line: &str) -> bool {
    line.chars().all(|letter| matches!(letter, ' ' | '\t'))
}

/// Finds the literal in what an edit makes of the reach of a docstring, and how far behind its start it begins.
///
/// Nothing but the literal and the number of blank lines may differ: the indentation before it and what stands behind it
/// on its line are as they were.
pub(super) fn literal_within<'a>(
    file: &ParsedFile,
    (reach, literal): (Span, Span),
    new: &'a str,
) -> Option<(usize, &'a str)> {
    let text = file.text.as_str();
    let line = text
        .get(reach.start..literal.start)?
        .rfind(['\n', '\r'])
        .map_or(reach.start, |at| reach.start + at + 1);
    let margin = text.get(line..literal.start)?;
    let behind = text.get(literal.end..reach.end)?;
    let tail_end = behind.find(['\n', '\r']).unwrap_or(behind.len());
    let tail = behind.get(..tail_end)?;
    let first = new.find(|letter: char| !matches!(letter, ' ' | '\t' | '\n' | '\r'))?;
    let begins = new.get(..first)?.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    if new.get(begins..first)? != margin {
        return None;
    }
    let rest = new.get(first..)?;
    let written = rest.trim_end_matches([' ', '\t', '\n', '\r']);
    let source = written.strip_suffix(tail.trim_end())?;
    let source = source.get(..source.trim_end_matches([' ', '\t']).len())?;
    let after = rest.get(source.len()..)?.strip_prefix(tail)?;
    let is_layout = after.chars().all(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r'));
    let keeps_line = after.is_empty() == behind.get(tail_end..)?.is_empty()
        && (after.is_empty() || after.starts_with(['\n', '\r']) && after.ends_with(['\n', '\r']));
    (is_layout && keeps_line).then_some((first, source))
}

/// Makes the edit that replaces bytes of a docstring's literal, quotes and prefix included, and of the blank lines beside
/// it.
///
/// # Errors
///
/// Says why the docstring cannot be changed so.
pub fn respell(
    file: &ParsedFile,
    definition: &Definition,
    replacements: &[(Span, String)],
) -> Result<Edit, &'static str> {
    const UNREADABLE: &str = "its literal would not read as one";
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to lay out") };
    if literal.content.is_none() {
        return Err(IN_PIECES);
    }
    let whole = reach(file, definition, literal);
    let edit = |span: Span, text: &str| Edit {
        definition: definition.qualified_name.clone(),
        span,
        text: text.to_owned(),
        value: None,
    };
    if replacements.iter().any(|(span, _)| !whole.contains(*span)) {
        return Err("its layout reaches beyond the docstring");
    }
    let made: Vec<Edit> = replacements.iter().map(|(span, text)| edit(*span, text)).collect();
    let text = apply(&file.text, &made).map_err(|_| "its changes overlap")?;
    let length = (text.len() + whole.len()).saturating_sub(file.text.len());
    let new = text.get(whole.start..whole.start + length).ok_or(UNREADABLE)?;
    let (_, source) = literal_within(file, (whole, literal.span), new).ok_or(UNREADABLE)?;
    let (value, _) = evaluated(source).ok_or(UNREADABLE)?;
    Ok(Edit { value: Some(value), ..narrowed(file, definition, whole, new) })
}

/// Makes the edits that turn a file into one with other docstrings; both have the same definitions.
///
/// What has no docstring before is left out: only its own edit knows how it was written.
#[must_use]
pub fn between(before: &ParsedFile, after: &ParsedFile) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (old, new) in before.definitions.iter().zip(&after.definitions) {
        let (Some(from), Some(to)) = (&old.docstring, &new.docstring) else { continue };
        let (whole, written) = (reach(before, old, from), reach(after, new, to));
        let text = written.of(&after.text);
        if whole.of(&before.text) != text {
            edits.push(Edit { value: Some(to.value.clone()), ..narrowed(before, old, whole, text) });
        }
    }
    edits
}

/// Makes an edit no wider than the change.
fn narrowed(file: &ParsedFile, definition: &Definition, whole: Span, new: &str) -> Edit {
    let old = whole.of(&file.text);
    let prefix = common_prefix(old, new);
    let suffix = common_prefix_reversed(&old[prefix..], &new[prefix..]);
    Edit {
        definition: definition.qualified_name.clone(),
        span: Span::new(whole.start + prefix, whole.end - suffix),
        text: new[prefix..new.len() - suffix].to_owned(),
        value: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::prove;
    use crate::python::parse;

    fn reach_of(text: &str) -> String {
        let file = parse(text);
        let definition = &file.definitions[1];
        let literal = definition.docstring.as_ref().expect("a docstring");
        reach(&file, definition, literal).of(text).to_owned()
    }

    #[test]
    fn the_reach_of_a_docstring_ends_where_something_stands() {
        let table = [
            ("def f():\n\n  \n    'a'\n\n\n    x\n", "\n  \n    'a'\n\n\n"),
            ("def f():\r\n\r\n    'a'\r\n\r\n    x\r\n", "\r\n    'a'\r\n\r\n"),
            ("def f():\n    # why\n\n    'a'  # noqa\n\n    x\n", "\n    'a'  # noqa\n\n"),
            ("def f(): 'a'\n\n\nx\n", "'a'"),
            ("def f():\n\n    'a'; x = (\n\n1)\n", "\n    'a'"),
            ("def f():\n    'a'\n\u{c}\n    x\n", "    'a'\n"),
            ("def f():\n    'a'", "    'a'"),
        ];
        for (text, expected) in table {
            assert_eq!(reach_of(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_layout_is_changed_with_the_lines_beside_it_and_nothing_else() {
        let text = "class A:\n\n    'a'  # why\n    x = 1\n";
        let file = parse(text);
        let class = &file.definitions[1];
        let at = |needle: &str| text.find(needle).expect("it is there");
        let good = vec![
            (Span::new(9, 10), String::new()),
            (Span::new(at("'a'"), at("'a'") + 3), "r\"\"\"b\"\"\"".to_owned()),
            (Span::new(at("    x"), at("    x")), "\n".to_owned()),
        ];
        let edit = respell(&file, class, &good).expect("a layout");
        let proven = prove(&file, std::slice::from_ref(&edit));
        assert_eq!(proven.text, "class A:\n    r\"\"\"b\"\"\"  # why\n\n    x = 1\n");
        assert_eq!(between(&file, &parse(&proven.text)), [edit]);
        let bad = [
            (Span::new(9, 10), "    y = 1\n"),
            (Span::new(9, 10), "  "),
            (Span::new(at("'a'"), at("'a'")), " "),
            (Span::new(at("'a'"), at("'a'") + 3), "'a'; y"),
            (Span::new(at("'a'"), at("'a'") + 3), "f'a'"),
            (Span::new(at("  # why"), at("  # why") + 7), ""),
            (Span::new(at("    x"), at("    x")), "    'b'\n"),
            (Span::new(at("    x"), at("    x")), "  "),
            (Span::new(0, 1), ""),
        ];
        for (span, new) in bad {
            let made = respell(&file, class, &[(span, new.to_owned())]);
            let is_dropped = |edit: &Edit| !prove(&file, std::slice::from_ref(edit)).dropped.is_empty();
            assert!(made.as_ref().map_or(true, is_dropped), "{span:?} {new:?} {made:?}");
        }
    }
}
