//! The code of a definition, as far as the model needs it.

use crate::python::{Definition, DefinitionKind, ParsedFile, Span};

/// The most bytes of code that one definition sends; what is longer is cut at a line end.
const LONGEST: usize = 24_000;

/// Returns the code: a function whole, a class or module with the bodies of what is in it left out.
#[must_use]
pub(super) fn outline(file: &ParsedFile, definition: &Definition) -> String {
    if definition.kind.is_function() {
        definition.span.of(&file.text).to_owned()
    } else {
        without_bodies(file, definition)
    }
}

/// Cuts code that is too long. Secrets must be gone before: half of one may not be recognised.
#[must_use]
pub(super) fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        let limit = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).last().unwrap_or(0);
        let end = text[..limit].rfind('\n').unwrap_or(limit);
        text.truncate(end);
        text.push_str("\n# … the rest is left out");
    }
    text
}

fn without_bodies(file: &ParsedFile, definition: &Definition) -> String {
    let mut text = String::new();
    let mut from = definition.span.start;
    for inner in &file.definitions {
        let elided =
            inner.kind.is_function() || inner.kind.is_class() && definition.kind == DefinitionKind::Module;
        let inside = definition.span.contains(inner.span) && inner.span != definition.span;
        if !elided || !inside || inner.span.start < from {
            continue;
        }
        text.push_str(Span::new(from, inner.header.end).of(&file.text));
        text.push_str(" ...");
        from = inner.span.end;
    }
    text.push_str(Span::new(from, definition.span.end).of(&file.text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn a_class_is_shown_without_the_bodies_of_its_methods() {
        let file = parse("class A(B):\n    x = 1\n    @p\n    def f(self):\n        return 1\n    y = 2\n");
        let expected = "class A(B):\n    x = 1\n    @p\n    def f(self): ...\n    y = 2";
        assert_eq!(outline(&file, &file.definitions[1]), expected);
        assert_eq!(outline(&file, &file.definitions[0]), "class A(B): ...\n");
    }
}
