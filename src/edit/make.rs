//! Making edits: a new docstring, a new text for one, a change inside one.

use crate::python::{Definition, Insertion, ParsedFile, Span, quote};

use super::Edit;

/// Why a literal without a single inside is not edited in parts.
pub const IN_PIECES: &str = "its docstring is put together from several literals or stands in parentheses";

/// Makes the edit that gives a definition its first docstring; `value` is the text between the quotes.
///
/// # Errors
///
/// Says why there is no place for it.
pub fn insert(file: &ParsedFile, definition: &Definition, value: &str) -> Result<Edit, &'static str> {
    let literal = quote(value);
    let (span, text) = match &definition.insertion {
        Insertion::Nowhere(reason) => return Err(reason),
        Insertion::Inline { gap, indent } => (*gap, format!("\n{indent}{literal}\n{indent}")),
        Insertion::Line { at, indent } => {
            let before = &file.text[..*at];
            let after = &file.text[*at..];
            let opening =
                if before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']) { "" } else { "\n" };
            // A blank line sets the docstring of a class or module apart from its statements (PEP 257).
            let stands_close = !after.is_empty() && !after.starts_with(['\n', '\r']);
            let closing = if !definition.kind.is_function() && stands_close { "\n\n" } else { "\n" };
            (Span::new(*at, *at), format!("{opening}{indent}{literal}{closing}"))
        }
    };
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span,
        text: with_line_ends_of(file, &text),
        value: Some(value.to_owned()),
    })
}

/// Makes the edit that gives a definition another docstring in place of the one it has.
///
/// # Errors
///
/// Says why the docstring cannot be replaced.
pub fn replace(file: &ParsedFile, definition: &Definition, value: &str) -> Result<Edit, &'static str> {
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to replace") };
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span: literal.span,
        text: with_line_ends_of(file, &quote(value)),
        value: Some(value.to_owned()),
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
    let prefix = common_prefix(before, source);
    let suffix = common_prefix_reversed(&before[prefix..], &source[prefix..]);
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span: literal.locate(Span::new(prefix, before.len() - suffix)),
        text: source[prefix..source.len() - suffix].to_owned(),
        value: None,
    })
}

fn common_prefix(one: &str, other: &str) -> usize {
    let pairs = one.char_indices().zip(other.chars());
    pairs.take_while(|((_, a), b)| a == b).last().map_or(0, |((at, character), _)| at + character.len_utf8())
}

fn common_prefix_reversed(one: &str, other: &str) -> usize {
    let pairs = one.chars().rev().zip(other.chars().rev());
    pairs.take_while(|(a, b)| a == b).map(|(character, _)| character.len_utf8()).sum()
}

/// Writes line ends as the first line of the file does.
fn with_line_ends_of(file: &ParsedFile, text: &str) -> String {
    match file.line_ending() {
        "\n" => text.to_owned(),
        ending => text.replace("\r\n", "\n").replace('\n', ending),
    }
}
