//! Every byte of a docstring and what it is part of.

use super::model::{Docstring, Entry, Text};
use crate::python::Span;

/// What a stretch of a docstring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// White space between the parts.
    Layout,
    /// The notation of the style: colons, brackets, underlines, marks and names of fields.
    Mark,
    /// The first paragraph.
    Summary,
    /// Prose that belongs to no section.
    Description,
    /// The title of a section.
    Title,
    /// The name of a parameter, an attribute or an exception.
    Name,
    /// A type.
    Type,
    /// The word `optional`.
    Optional,
    /// The value of a default.
    Default,
    /// What is said about an entry.
    EntryText,
    /// The prose of a section.
    SectionText,
    /// What stands in a list and is no entry that is understood.
    NotUnderstood,
}

/// A stretch of a docstring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The bytes it covers.
    pub span: Span,
    /// What they are.
    pub part: Part,
}

impl Docstring {
    /// Cuts the text it was parsed from into nodes: in order, none empty, every byte in exactly one of them.
    #[must_use]
    pub fn nodes(&self, text: &str) -> Vec<Node> {
        let mut leaves: Vec<Node> = Vec::new();
        let mut push = |part: Part, span: Span| {
            if span.start < span.end {
                leaves.push(Node { span, part });
            }
        };
        let mut push_text = |part: Part, found: Option<&Text>| {
            if let Some(found) = found {
                push(part, found.span);
            }
        };
        let lead = text.len() - text.trim_start_matches([' ', '\t', '\u{c}']).len();
        let first = text.get(lead..).unwrap_or("");
        if first.starts_with("\\\n") || first.starts_with("\\\r") {
            // The backslash after the quotes continues the literal: Python reads nothing there.
            push_text(Part::Layout, Some(&Text { span: Span::new(lead, lead + 1), value: String::new() }));
        }
        push_text(Part::Summary, self.summary.as_ref());
        push_text(Part::Description, self.description.as_ref());
        let odd: Vec<Span> = self.not_understood().map(|(_, text)| text.span).collect();
        for section in &self.sections {
            push_text(Part::Title, Some(&section.title));
            for found in &section.after {
                push_text(Part::Description, Some(found));
            }
            if let Some(found) = &section.text {
                let part = if odd.binary_search(&found.span).is_ok() {
                    Part::NotUnderstood
                } else {
                    Part::SectionText
                };
                push_text(part, Some(found));
            }
            for entry in &section.entries {
                push_entry(entry, &mut push_text);
            }
        }
        for section in &self.sections {
            for entry in &section.entries {
                let typed = entry.type_field.as_ref().and_then(|field| field.name.as_ref());
                for name in entry.names.iter().chain(typed) {
                    push(Part::Name, name.span);
                }
                if let Some(optional) = entry.optional {
                    push(Part::Optional, optional);
                }
            }
        }
        leaves.sort_by_key(|node| node.span);
        with_gaps(text, &leaves)
    }
}

fn push_entry(entry: &Entry, push: &mut impl FnMut(Part, Option<&Text>)) {
    push(Part::Type, entry.type_text.as_ref());
    push(Part::Default, entry.default.as_ref());
    push(Part::EntryText, entry.description.as_ref());
}

/// Fills what lies between the leaves.
fn with_gaps(text: &str, leaves: &[Node]) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(2 * leaves.len() + 1);
    let mut end = 0;
    let whole = Node { span: Span::new(text.len(), text.len()), part: Part::Layout };
    for leaf in leaves.iter().copied().chain([whole]) {
        if end < leaf.span.start {
            let span = Span::new(end, leaf.span.start);
            let marks = span.of(text).contains(|character: char| !character.is_whitespace());
            nodes.push(Node { span, part: if marks { Part::Mark } else { Part::Layout } });
        }
        if leaf.span.start < leaf.span.end {
            nodes.push(leaf);
        }
        end = leaf.span.end;
    }
    nodes
}
