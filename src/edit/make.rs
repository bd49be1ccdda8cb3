//! Making edits: a new docstring, a new text for one, a change inside one.

use crate::docstring::{Amendment, apply_amendments};
use crate::python::{Definition, Insertion, ParsedFile, quote};

use super::Edit;

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
            let opening = if before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}']) { "" } else { "\n" };
            // A blank line sets the docstring of a class or module apart from its statements (PEP 257).
            let stands_close = !after.is_empty() && !after.starts_with(['\n', '\r']);
            let closing = if !definition.kind.is_function() && stands_close { "\n\n" } else { "\n" };
            (crate::python::Span::new(*at, *at), format!("{opening}{indent}{literal}{closing}"))
        }
    };
    Ok(Edit {
        definition: definition.qualified_name.clone(),
        span,
        text: with_line_ends_of(&file.text, &text),
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
        text: with_line_ends_of(&file.text, &quote(value)),
        value: Some(value.to_owned()),
    })
}

/// Makes the edits that change parts of a docstring and leave every other byte of it alone.
///
/// # Errors
///
/// Says why the docstring cannot be amended.
pub fn amend(
    file: &ParsedFile,
    definition: &Definition,
    amendments: &[Amendment],
) -> Result<Vec<Edit>, &'static str> {
    let Some(literal) = &definition.docstring else { return Err("it has no docstring to amend") };
    let Some(content) = literal.content else {
        return Err("its docstring is put together from several literals or stands in parentheses");
    };
    let source = content.of(&file.text);
    let grows_lines = amendments.iter().any(|amendment| amendment.text.contains('\n'));
    if grows_lines && !literal.is_triple_quoted() {
        if source.contains('\\') {
            return Err("its docstring is a one-line literal with escapes");
        }
        let Some(value) = apply_amendments(source, amendments) else {
            return Err("the changes to its docstring overlap");
        };
        return replace(file, definition, &value).map(|edit| vec![edit]);
    }
    let mut edits = Vec::with_capacity(amendments.len());
    for amendment in amendments {
        let Some(text) = literal.escape(&amendment.text) else {
            return Err("its docstring is a raw literal that cannot hold the new text");
        };
        edits.push(Edit {
            definition: definition.qualified_name.clone(),
            span: literal.locate(amendment.span),
            text: with_line_ends_of(&file.text, &text),
            value: None,
        });
    }
    Ok(edits)
}

/// Writes line ends as the file does: CRLF where its first line ends in one.
fn with_line_ends_of(file: &str, text: &str) -> String {
    let first = file.find('\n');
    let crlf = first.is_some_and(|at| file[..at].ends_with('\r'));
    if crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text.to_owned() }
}
