//! Docstring → draft: what a parsed text says, free of where it stands.

use super::kinds::{Content, content_of};
use super::model::{Docstring, Draft, DraftEntry, DraftSection, Entry, Section, SectionKind};
use super::notation::on_one_line;
use super::prose::{self, Block};

impl From<&Docstring> for Draft {
    /// Takes what the text says; each paragraph of prose comes to stand on one line.
    fn from(docstring: &Docstring) -> Self {
        let (summary, rest) =
            docstring.summary.as_ref().map(|text| split_summary(&text.value)).unwrap_or_default();
        let described = docstring.description.as_ref().map(|text| text.value.as_str()).unwrap_or_default();
        let mut description = prose::paragraphs(&rest);
        description.extend(prose::paragraphs(described));
        // What stands between sections has no place of its own in a draft.
        let after = docstring.sections.iter().flat_map(|section| &section.after);
        description.extend(after.flat_map(|text| prose::paragraphs(&text.value)));
        Self { summary, description, sections: docstring.sections.iter().map(section).collect() }
    }
}

impl Docstring {
    /// Returns what the text says as a draft, to be rendered anew.
    #[must_use]
    pub fn to_draft(&self) -> Draft {
        Draft::from(self)
    }
}

/// Cuts the first paragraph into the sentence and a list or code that follows it without a blank line.
fn split_summary(value: &str) -> (String, String) {
    let blocks = prose::blocks(value);
    let Some(Block::Prose(first)) = blocks.first() else {
        return (on_one_line(value), String::new());
    };
    let first = on_one_line(&first.join(" "));
    let rest = blocks.iter().skip(1).filter_map(|block| match block {
        Block::Verbatim(kept) => Some(kept.join("\n")),
        Block::Prose(lines) => Some(on_one_line(&lines.join(" "))),
        Block::Gap => None,
    });
    (first, rest.collect::<Vec<_>>().join("\n"))
}

fn section(section: &Section) -> DraftSection {
    let mut entries: Vec<DraftEntry> = section.entries.iter().map(entry).collect();
    if let Some(text) = &section.text {
        let text = prose::unwrapped(&prose::dedented(&text.value));
        match entries.first_mut().filter(|_| content_of(section.kind) == Content::Value) {
            Some(value) if value.description.is_empty() => value.description = text,
            Some(value) => value.description = format!("{}\n\n{text}", value.description),
            None => entries.insert(0, DraftEntry { name: None, type_text: None, description: text }),
        }
    }
    let title = (section.kind == SectionKind::Custom).then(|| section.title.value.clone());
    DraftSection { kind: section.kind, title, entries }
}

fn entry(entry: &Entry) -> DraftEntry {
    let names: Vec<String> =
        entry.names.iter().map(|name| "*".repeat(usize::from(name.stars)) + &name.value).collect();
    let mut types: Vec<String> = entry.type_text.iter().map(|text| text.value.clone()).collect();
    if entry.optional.is_some() {
        types.push("optional".to_owned());
    }
    types.extend(entry.default.iter().map(|default| format!("default {}", default.value)));
    DraftEntry {
        name: (!names.is_empty()).then(|| names.join(", ")),
        type_text: (!types.is_empty()).then(|| types.join(", ")),
        description: entry.description.as_ref().map(|text| prose::unwrapped(&text.value)).unwrap_or_default(),
    }
}
