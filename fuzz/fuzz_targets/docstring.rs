//! Any text is a docstring in every style, and what is found in it points into it.

#![no_main]

use docgate::docstring::{Docstring, Style, Text, detect, parse};
use docgate::python::Span;
use docgate_fuzz::{inside, text_of};
use libfuzzer_sys::fuzz_target;

const STYLES: [Style; 4] = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];

fuzz_target!(|data: &[u8]| {
    let text = text_of(data);
    let _ = detect(&text);
    for style in STYLES {
        points_into(&parse(&text, style), &text);
    }
});

fn points_into(docstring: &Docstring, text: &str) {
    let mut end = 0;
    for part in [&docstring.summary, &docstring.description] {
        in_order(part.as_ref(), &mut end, text);
    }
    for section in &docstring.sections {
        inside(section.span, text);
        inside(section.title.span, text);
        assert!(section.span.start >= end, "{docstring:?}");
        end = section.span.end;
        let mut inner = section.span.start;
        for entry in &section.entries {
            inside(entry.span, text);
            assert!(section.span.contains(entry.span) && entry.span.start >= inner, "{docstring:?}");
            inner = entry.span.end;
            if let Some(text_of_type) = &entry.type_text {
                inside(text_of_type.span, text);
                // Fields name a type on a line of its own.
                let field = entry.type_field.as_ref().map_or(entry.span, |field| field.span);
                let holds = |span: Span| span.contains(text_of_type.span);
                assert!(holds(entry.span) || holds(field), "{entry:?}");
            }
            let parts = [&entry.default, &entry.description];
            let spans = parts.into_iter().flatten().map(|part| part.span);
            for span in spans.chain(entry.names.iter().map(|name| name.span)) {
                inside(span, text);
                assert!(entry.span.contains(span), "{entry:?}");
            }
        }
        if let Some(prose) = &section.text {
            inside(prose.span, text);
            assert!(section.span.contains(prose.span), "{docstring:?}");
        }
    }
}

fn in_order(part: Option<&Text>, end: &mut usize, text: &str) {
    let Some(part) = part else { return };
    inside(part.span, text);
    assert!(part.span.start >= *end, "{part:?}");
    *end = part.span.end;
}
