//! Making edits: a new docstring, another one in place of one, a change inside one, none at all.
//!
//! Texts are values: what the docstring is to evaluate to, character for character. Lines after the first
//! bring their indentation with them; `docstring/` renders them with the margin of the body (`Layout::margin`),
//! and nothing is indented, wrapped or trimmed here. Line feeds become the line ends of the file.

use crate::python::{Definition, Insertion, ParsedFile, Quotes, Removal, Span, quote};

use super::Edit;

/// Why a literal without a single inside is not edited in parts.
pub const IN_PIECES: &str = "its docstring is put together from several literals or stands in parentheses";

/// Why a literal with comments inside is not replaced.
pub const WITH_COMMENTS: &str = "comments stand between the parts of its docstring";

/// A docstring to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewText<'a> {
    /// What it is to evaluate to.
    pub value: &'a str,
    /// The quotes to write around it.
    pub quotes: Quotes,
}

impl<'a> From<&'a str> for NewText<'a> {
    fn from(value: &'a str) -> Self {
        Self { value, quotes: Quotes::default() }
    }
}

impl<'a> From<&'a String> for NewText<'a> {
    fn from(value: &'a String) -> Self {
        value.as_str().into()
    }
}

/// Makes the edit that gives a definition its first docstring.
///
/// # Errors
///
/// Says why there is no place for it.
pub fn insert<'a>(
    file: &ParsedFile,
    definition: &Definition,
    new: impl Into<NewText<'a>>,
) -> Result<Edit, &'static str> {
    if definition.docstring.is_some() {
        return Err("it has a docstring already");
    }
    let new = new.into();
    let literal = quote(new.value, new.quotes, "");
    let (span, text) = match &definition.insertion {
        Insertion::Nowhere(reason) => return Err(reason),
        Insertion::Inline { gap, indent } => (*gap, format!("\n{indent}{literal}\n{indent}")),
        Insertion::Line { at, indent } => {
            let after = &file.text[*at..];
            let opening = if is_line_start(&file.text, *at) { "" } else { "\n" };
            // A blank line sets the docstring of a class or module apart from its statements (PEP 257).
            let stands_close = !after.is_empty() && !after.starts_with(['\n', '\r']);
            let closing = if !definition.kind.is_function() && stands_close { "\n\n" } else { "\n" };
            (Span::new(*at, *at), format!("{opening}{indent}{literal}{closing}"))
        }
    };
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span,
        text: with_line_ends_at(file, span.start, &text),
        value: Some(new.value.to_owned()),
    })
}

/// Makes the edit that gives a definition another docstring in place of the one it has.
///
/// # Errors
///
/// Says why the docstring cannot be replaced.
pub fn replace<'a>(
    file: &ParsedFile,
    definition: &Definition,
    new: impl Into<NewText<'a>>,
) -> Result<Edit, &'static str> {
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to replace") };
    if literal.has_comments {
        return Err(WITH_COMMENTS);
    }
    let new = new.into();
    let text = quote(new.value, new.quotes, &literal.prefix);
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span: literal.span,
        text: with_line_ends_at(file, literal.span.start, &text),
        value: Some(new.value.to_owned()),
    })
}

/// Makes the edit that turns the text of a docstring into another one, both as source between the quotes.
///
/// What the two have in common at their ends is left alone, so that the edit is no wider than the change.
///
/// # Errors
///
/// Says why the docstring cannot be rewritten.
pub fn rewrite(file: &ParsedFile, definition: &Definition, source: &str) -> Result<Edit, &'static str> {
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to rewrite") };
    let Some(content) = literal.content else {
        return Err(IN_PIECES);
    };
    let before = content.of(&file.text);
    if source.contains('\n') && !literal.is_triple_quoted() {
        if before.contains('\\') || source.contains('\\') {
            return Err("its docstring is a one-line literal with escapes");
        }
        return replace(file, definition, source);
    }
    let Some((value, _)) = literal.with_content(source) else {
        return Err("its quotes cannot hold the new text");
    };
    let prefix = common_prefix(before, source);
    let suffix = common_prefix_reversed(&before[prefix..], &source[prefix..]);
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span: literal.locate(Span::new(prefix, before.len() - suffix)),
        text: source[prefix..source.len() - suffix].to_owned(),
        value: Some(value),
    })
}

/// Makes the edit that takes the docstring of a definition away.
///
/// # Errors
///
/// Says why it must stay: most of all, when it is the whole body.
pub fn delete(definition: &Definition) -> Result<Edit, &'static str> {
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to delete") };
    match literal.removal {
        Removal::Never(reason) => Err(reason),
        Removal::Of(span) => {
            Ok(Edit { definition: definition.qualified_name.clone(), span, text: String::new(), value: None })
        }
    }
}

/// Returns whether a line begins at an offset.
pub(super) fn is_line_start(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.is_empty() || before.ends_with(['\n', '\r']) || before == "\u{feff}"
}

pub(super) fn common_prefix(one: &str, other: &str) -> usize {
    let pairs = one.char_indices().zip(other.chars());
    pairs.take_while(|((_, a), b)| a == b).last().map_or(0, |((at, character), _)| at + character.len_utf8())
}

pub(super) fn common_prefix_reversed(one: &str, other: &str) -> usize {
    let pairs = one.chars().rev().zip(other.chars().rev());
    pairs.take_while(|(a, b)| a == b).map(|(character, _)| character.len_utf8()).sum()
}

/// Writes line ends as the line before an offset has them, or the first line of the file where there is none before.
fn with_line_ends_at(file: &ParsedFile, at: usize, text: &str) -> String {
    let before = &file.text[..at];
    let ending = match before.rfind(['\n', '\r']) {
        Some(end) if before[..=end].ends_with("\r\n") => "\r\n",
        Some(end) if before[end..].starts_with('\r') => "\r",
        Some(_) => "\n",
        None => file.line_ending(),
    };
    match ending {
        "\n" => text.to_owned(),
        ending => text.replace('\n', ending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::python::parse;

    #[test]
    fn new_text_is_written_in_the_quotes_and_line_ends_of_its_place() {
        let file = parse("x = 1\ndef f():\r\n    return 1\r\n");
        let new = NewText { value: "a\nb", quotes: Quotes::Single };
        let edit = insert(&file, &file.definitions[1], new).expect("a place");
        assert_eq!(
            apply(&file.text, &[edit]).as_deref(),
            Ok("x = 1\ndef f():\r\n    '''a\r\nb'''\r\n    return 1\r\n")
        );
    }

    #[test]
    fn a_docstring_that_is_replaced_keeps_its_prefix_where_it_can() {
        let table = [
            ("u'old'", "u\"\"\"new\"\"\""),
            ("r'old'", "r\"\"\"new\"\"\""),
            ("('a'\n  'b')", "\"\"\"new\"\"\""),
        ];
        for (old, new) in table {
            let file = parse(&format!("def f():\n    {old}\n"));
            let edit = replace(&file, &file.definitions[1], "new").expect("a docstring");
            assert_eq!(apply(&file.text, &[edit]), Ok(format!("def f():\n    {new}\n")));
        }
    }

    #[test]
    fn comments_inside_a_docstring_are_not_lost() {
        let file = parse("def f():\n    ('a'  # why\n     'b')\n    return 1\n");
        assert_eq!(replace(&file, &file.definitions[1], "new"), Err(WITH_COMMENTS));
        assert!(delete(&file.definitions[1]).is_err());
    }

    #[test]
    fn a_rewrite_says_what_the_docstring_will_evaluate_to() {
        let file = parse("def f():\n    '''a\\tb'''\n    r'c'\n");
        let edit = rewrite(&file, &file.definitions[1], "a\\tb\\x41").expect("a docstring");
        assert_eq!(edit.value.as_deref(), Some("a\tbA"));
        assert!(rewrite(&file, &file.definitions[1], "a''' + x + '''b").is_err());
        assert!(rewrite(&file, &file.definitions[1], "a\\").is_err());
    }
}
