//! Tables of hostile shapes, round trips and properties.

mod amending;
mod converting;
mod detecting;
mod fields;
mod habits;
mod mixed;
mod numpy;
mod parsing;
mod properties;
mod rendering;

use super::{Docstring, Entry, SectionKind, Style};

fn google(text: &str) -> Docstring {
    super::parse(text, Style::Google)
}

/// Writes an entry as `stars+name,…|type|optional|default|description`, absent parts empty.
fn line(entry: &Entry) -> String {
    let names: Vec<String> =
        entry.names.iter().map(|name| "*".repeat(usize::from(name.stars)) + &name.value).collect();
    let part = |text: &Option<super::Text>| text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    let optional = if entry.optional.is_some() { "optional" } else { "" };
    [
        names.join(","),
        part(&entry.type_text),
        optional.to_owned(),
        part(&entry.default),
        part(&entry.description),
    ]
    .join("|")
}

/// Parses in a style, checks what holds of every docstring, and writes the entries of a kind.
fn entries_in(style: Style, text: &str, kind: SectionKind) -> Vec<String> {
    let docstring = super::parse(text, style);
    assert_sound(&docstring, text);
    docstring.entries(kind).map(line).collect()
}

/// Writes the sections as `kind title`.
fn kinds_in(style: Style, text: &str) -> Vec<(SectionKind, String)> {
    let docstring = super::parse(text, style);
    assert_sound(&docstring, text);
    docstring.sections.into_iter().map(|section| (section.kind, section.title.value)).collect()
}

fn entries(text: &str, kind: SectionKind) -> Vec<String> {
    google(text).entries(kind).map(line).collect()
}

/// Checks what holds of every docstring, whatever its text.
fn assert_sound(docstring: &Docstring, text: &str) {
    let inside = |span: crate::python::Span| {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} does not fit {text:?}");
        span
    };
    let mut end = 0;
    for part in [&docstring.summary, &docstring.description].into_iter().flatten() {
        assert!(inside(part.span).start >= end, "prose overlaps in {text:?}");
        end = part.span.end;
    }
    for section in &docstring.sections {
        assert!(inside(section.span).start >= end, "sections overlap in {text:?}");
        assert!(section.span.contains(inside(section.title.span)));
        assert_eq!(section.title.span.of(text), section.title.value);
        end = section.span.end;
        let mut entry_end = section.span.start;
        for entry in &section.entries {
            assert!(section.span.contains(inside(entry.span)), "an entry leaves its section in {text:?}");
            assert!(entry.span.start >= entry_end, "entries overlap in {text:?}");
            entry_end = entry.span.end;
            let field = entry.type_field.as_ref().map_or(entry.span, |field| inside(field.span));
            for part in [&entry.type_text, &entry.default, &entry.description].into_iter().flatten() {
                let span = inside(part.span);
                let owned = entry.span.contains(span) || field.contains(span);
                assert!(owned, "a part leaves its entry in {text:?}");
            }
            for name in &entry.names {
                assert!(entry.span.contains(inside(name.span)));
                assert!(name.span.of(text).replace('\\', "").ends_with(&name.value));
            }
        }
        if let Some(prose) = &section.text {
            assert!(section.span.contains(inside(prose.span)));
        }
    }
    assert_covered(docstring, text);
}

/// Checks that every byte belongs to exactly one node, and that marks stand in sections only.
fn assert_covered(docstring: &Docstring, text: &str) {
    let mut end = 0;
    let entries = || docstring.sections.iter().flat_map(|section| &section.entries);
    let fields = entries().filter_map(|entry| entry.type_field.as_ref()).map(|field| field.span);
    let owners: Vec<_> = docstring.sections.iter().map(|section| section.span).chain(fields).collect();
    for node in docstring.nodes(text) {
        assert_eq!(node.span.start, end, "a gap or an overlap before {node:?} in {text:?}");
        assert!(node.span.end > node.span.start, "an empty node in {text:?}");
        end = node.span.end;
        if node.part == super::Part::Mark {
            let source = node.span.of(text);
            let lead = source.len() - source.trim_start().len();
            let marks = crate::python::Span::new(
                node.span.start + lead,
                node.span.start + lead + source.trim().len(),
            );
            let first = owners.iter().find(|owner| owner.start <= marks.start && marks.start < owner.end);
            let last = owners.iter().find(|owner| owner.start < marks.end && marks.end <= owner.end);
            assert!(first.is_some() && last.is_some(), "{source:?} is nothing's in {text:?}");
        }
    }
    assert_eq!(end, text.len(), "the end of {text:?} is in no node");
}
