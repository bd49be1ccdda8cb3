//! The code of a definition, as far as the model needs it.

use crate::python::{Definition, DefinitionKind, ParsedFile, Span};

/// Returns the code: a function whole, a class or module with the bodies of what is in it left out.
#[must_use]
pub(super) fn outline(file: &ParsedFile, definition: &Definition) -> String {
    if definition.kind.is_function() {
        definition.span.of(&file.text).to_owned()
    } else {
        without_bodies(file, definition)
    }
}

fn without_bodies(file: &ParsedFile, definition: &Definition) -> String {
    let mut text = String::new();
    let mut from = definition.span.start;
    for inner in file.inside(definition) {
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
