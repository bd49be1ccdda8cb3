//! Where an edit may stand, and what it may put there: the part of the proof that looks at one edit alone.
//!
//! It does not rely on the grammar for what the edit brings along: that is taken apart by Python's own rules for string
//! literals, so that nothing can hide behind closing quotes.

use crate::python::{Definition, Insertion, Literal, ParsedFile, Removal, Span, evaluated};

use super::around::{literal_within, reach};
use super::make::is_line_start;
use super::{Edit, Unproven};

/// What an edit makes of the docstring of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is none.
    Deleted,
    /// It is this literal, so many bytes behind the start of the edit or, if negative, before it.
    Literal {
        /// Its source, parentheses included.
        source: String,
        /// How far behind the start of the edit it begins.
        offset: isize,
    },
}

/// Works out what an edit makes of the docstring.
///
/// # Errors
///
/// The edit does not stay within the docstring, or within the place for one; what it puts there is not one plain
/// literal with layout around it; or the literal does not evaluate to what was meant.
pub(super) fn outcome(file: &ParsedFile, definition: &Definition, edit: &Edit) -> Result<Outcome, Unproven> {
    if definition.broken {
        return Err(Unproven::SyntaxError);
    }
    match (&definition.docstring, &edit.value) {
        (Some(literal), None) => {
            let whole = literal.removal == Removal::Of(edit.span) && edit.text.is_empty();
            if whole { Ok(Outcome::Deleted) } else { Err(Unproven::OutOfPlace) }
        }
        (Some(literal), Some(value)) if literal.span.contains(edit.span) => {
            // Cut down to what differs, an edit that adds a blank line below may end where the literal does.
            let beside = |reason| laid_out(file, definition, literal, (edit, value)).map_err(|_| reason);
            changed(file, literal, edit, value).or_else(beside)
        }
        (Some(literal), Some(value)) => laid_out(file, definition, literal, (edit, value)),
        (None, None) => Err(Unproven::OutOfPlace),
        (None, Some(value)) => {
            let (offset, source) = inserted(file, &definition.insertion, edit).ok_or(Unproven::OutOfPlace)?;
            reads_as(source, value, &[])?;
            let offset = isize::try_from(offset).map_err(|_| Unproven::OutOfPlace)?;
            Ok(Outcome::Literal { source: source.to_owned(), offset })
        }
    }
}

fn changed(file: &ParsedFile, literal: &Literal, edit: &Edit, value: &str) -> Result<Outcome, Unproven> {
    let spliced = |whole: Span| {
        let before = file.text.get(whole.start..edit.span.start)?;
        let after = file.text.get(edit.span.end..whole.end)?;
        Some(format!("{before}{}{after}", edit.text))
    };
    let source = spliced(literal.span).ok_or(Unproven::OutOfPlace)?;
    let in_piece = literal.pieces.iter().find(|piece| piece.content.contains(edit.span));
    match in_piece {
        Some(piece) if literal.content.is_none() => {
            let part = spliced(piece.span).and_then(|part| evaluated(&part)).ok_or(Unproven::OutOfPlace)?;
            if part.1.iter().any(|escape| !literal.doubtful.contains(escape)) {
                return Err(Unproven::OtherText);
            }
        }
        _ => reads_as(&source, value, &literal.doubtful)?,
    }
    let offset = isize::try_from(edit.span.start - literal.span.start).map_err(|_| Unproven::OutOfPlace)?;
    Ok(Outcome::Literal { source, offset: -offset })
}

/// An edit that changes the blank lines beside the literal, too.
fn laid_out(
    file: &ParsedFile,
    definition: &Definition,
    literal: &Literal,
    (edit, value): (&Edit, &str),
) -> Result<Outcome, Unproven> {
    let whole = reach(file, definition, literal);
    if literal.content.is_none() || !whole.contains(edit.span) {
        return Err(Unproven::OutOfPlace);
    }
    let before = file.text.get(whole.start..edit.span.start).ok_or(Unproven::OutOfPlace)?;
    let after = file.text.get(edit.span.end..whole.end).ok_or(Unproven::OutOfPlace)?;
    let new = format!("{before}{}{after}", edit.text);
    let (at, source) = literal_within(file, (whole, literal.span), &new).ok_or(Unproven::OutOfPlace)?;
    reads_as(source, value, &literal.doubtful)?;
    let (at, start) = (isize::try_from(at), isize::try_from(before.len()));
    let offset = at.ok().zip(start.ok()).map(|(at, start)| at - start).ok_or(Unproven::OutOfPlace)?;
    Ok(Outcome::Literal { source: source.to_owned(), offset })
}

/// Checks a literal against its meaning; escapes of which it is not sure that Python accepts them must not be new.
fn reads_as(source: &str, value: &str, known: &[String]) -> Result<(), Unproven> {
    let (reads, doubtful) = evaluated(source).ok_or(Unproven::OutOfPlace)?;
    let is_meant = reads == value && doubtful.iter().all(|escape| known.contains(escape));
    if is_meant { Ok(()) } else { Err(Unproven::OtherText) }
}

/// Takes the text of an insertion apart: layout, literal, layout.
fn inserted<'a>(file: &ParsedFile, insertion: &Insertion, edit: &'a Edit) -> Option<(usize, &'a str)> {
    const ENDS: [char; 2] = ['\n', '\r'];
    let text = edit.text.as_str();
    match insertion {
        Insertion::Nowhere(_) => None,
        Insertion::Line { at, indent } => {
            if edit.span != Span::new(*at, *at) {
                return None;
            }
            let rest = if is_line_start(&file.text, *at) { text } else { after_line_end(text)? };
            let source = rest.strip_prefix(indent.as_str())?.trim_end_matches(ENDS);
            let begins = text.len() - rest.len() + indent.len();
            let rest = after_line_end(&text[begins + source.len()..])?;
            let is_over = rest.is_empty() || after_line_end(rest).is_some_and(str::is_empty);
            is_over.then_some((begins, source))
        }
        Insertion::Inline { gap, indent } => {
            if edit.span != *gap {
                return None;
            }
            let rest = after_line_end(text)?.strip_prefix(indent.as_str())?;
            let begins = text.len() - rest.len();
            let source = rest.strip_suffix(indent.as_str())?.trim_end_matches(ENDS);
            let rest = after_line_end(&text[begins + source.len()..])?;
            (rest == indent).then_some((begins, source))
        }
    }
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\n', '\r']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{delete, insert, replace, rewrite};
    use crate::python::parse;

    #[test]
    fn what_is_made_here_is_in_its_place() {
        let table = [
            "def f():\n    return 1\n",
            "def f(): return 1\n",
            "class A:\r\n\tx = 1\r\n",
            "# only\n# comments",
            "\u{feff}",
            "def f():\n    u'old'; return 1\n",
            "def f():\n    'old' '''old'''\n    return 1\n",
        ];
        for text in table {
            let file = parse(text);
            let definition = file.definitions.last().expect("one");
            let mut edits =
                vec![insert(&file, definition, "a\n\"b\\"), replace(&file, definition, "a\n\"b\\")];
            edits.push(rewrite(&file, definition, "other"));
            edits.push(delete(definition));
            let mut made = 0;
            for edit in edits.into_iter().flatten() {
                assert!(outcome(&file, definition, &edit).is_ok(), "{text:?}: {edit:?}");
                made += 1;
            }
            assert!(made > 0);
        }
    }

    #[test]
    fn what_stands_elsewhere_or_brings_more_than_a_literal_is_refused() {
        let text = "def f():\n    return 1\n\nclass A: pass\n\ndef g():\n    'old'\n    return 2\n";
        let file = parse(text);
        let at = |needle: &str| text.find(needle).expect("it is there");
        let (line, gap, old) = (at("    return 1"), at(" pass"), at("'old'"));
        let value = |text: &str| Some(text.to_owned());
        let table = [
            ("f", line, line, "    'a'; x()\n", value("a")),
            ("f", line, line, "    'a'\n    x()\n", value("a")),
            ("f", line, line, "    'a' 'b'\n", value("ab")),
            ("f", line, line, "    'a'  # noqa\n", value("a")),
            ("f", line, line, "    'a'\\\n", value("a")),
            ("f", line, line, "    'a'", value("a")),
            ("f", line, line, "  'a'\n", value("a")),
            ("f", line, line, "\t'a'\n", value("a")),
            ("f", line, line, "\n    'a'\n", value("a")),
            ("f", line, line, "    'a'\n\n\n", value("a")),
            ("f", line, line, "    f'a'\n", value("a")),
            ("f", line, line, "    b'a'\n", value("a")),
            ("f", line, line, "    'a'\n", value("b")),
            ("f", line, line, "    '\\x4'\n", value("\\x4")),
            ("f", line, line, "    'a'\n", None),
            ("f", line, line + 4, "    'a'\n    ", value("a")),
            ("f", 0, 0, "'a'\n", value("a")),
            ("A", gap, gap + 1, "\n    'a'\n  ", value("a")),
            ("A", gap, gap + 1, "\n    'a';\n    ", value("a")),
            ("A", gap, gap, "\n    'a'\n    ", value("a")),
            ("g", old, old + 5, "'a' + x()", value("a")),
            ("g", old, old + 6, "'a'", value("a")),
            ("g", old + 1, old + 4, "a', x(), '", value("a")),
            ("g", old + 4, old + 4, "\\", value("old\\")),
            ("g", old, old + 5, "", None),
            ("g", old, old + 5, "pass", None),
        ];
        for (name, start, end, new, value) in table {
            let definition = file.find(name).expect("it is there");
            let edit = Edit {
                definition: name.to_owned(),
                span: Span::new(start, end),
                text: new.to_owned(),
                value,
            };
            assert!(outcome(&file, definition, &edit).is_err(), "{edit:?}");
        }
    }
}
