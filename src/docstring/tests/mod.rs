//! Tables of hostile shapes, round trips and properties.

mod amending;
mod detecting;
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
    let optional = if entry.optional { "optional" } else { "" };
    [
        names.join(","),
        part(&entry.type_text),
        optional.to_owned(),
        part(&entry.default),
        part(&entry.description),
    ]
    .join("|")
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
        let mut entry_end = section.title.span.end;
        for entry in &section.entries {
            assert!(section.span.contains(inside(entry.span)), "an entry leaves its section in {text:?}");
            assert!(entry.span.start >= entry_end, "entries overlap in {text:?}");
            entry_end = entry.span.end;
            for part in [&entry.type_text, &entry.default, &entry.description].into_iter().flatten() {
                assert!(entry.span.contains(inside(part.span)), "a part leaves its entry in {text:?}");
            }
            for name in &entry.names {
                assert!(entry.span.contains(inside(name.span)));
                assert!(name.span.of(text).ends_with(&name.value));
            }
        }
        if let Some(prose) = &section.text {
            assert!(section.span.contains(inside(prose.span)));
        }
    }
}
