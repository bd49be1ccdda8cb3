//! Writing types beside entries, and taking them out, in the notation that the docstring has.

use super::super::kinds::{self, Content};
use super::super::model::{Amendment, Entry, Section, Style};
use super::{Amender, amendment};
use crate::docstring::{names, notation};
use crate::python::Span;

/// The longest type that is written into a docstring.
const LONGEST: usize = 72;

impl Amender<'_> {
    /// Gives an entry a type, in the place of the one it has.
    ///
    /// Backticks, roles and the words between the members of a union are kept as the old type has them. Nothing
    /// where the entry has no place for a type, or where the type is too long for one.
    #[must_use]
    pub fn set_type(&self, section: usize, entry: usize, annotation: &str) -> Vec<Amendment> {
        let Some(section) = self.docstring.sections.get(section) else { return Vec::new() };
        let Some(entry) = section.entries.get(entry) else { return Vec::new() };
        let Some(plain) = plain_type(annotation) else { return Vec::new() };
        if let Some(old) = &entry.type_text {
            let source = old.span.of(self.lines.text);
            let new = in_notation_of(source, &plain);
            return vec![amendment(old.span, new)];
        }
        self.new_type(section, entry, &plain).into_iter().collect()
    }

    /// Takes the type of a parameter out; marks beside it stay.
    #[must_use]
    pub fn remove_type(&self, section: usize, entry: usize) -> Vec<Amendment> {
        let Some(section) = self.docstring.sections.get(section) else { return Vec::new() };
        let Some(entry) = section.entries.get(entry) else { return Vec::new() };
        let (Some(old), Some(name)) = (&entry.type_text, entry.names.last()) else { return Vec::new() };
        if let Some(field) = &entry.type_field {
            let is_all = entry.optional.is_none();
            return if is_all { self.remove_lines(vec![field.span]) } else { Vec::new() };
        }
        let text = self.lines.text;
        let (start, end) = (old.span.start, old.span.end);
        let Some((before, after)) = text.get(..start).zip(text.get(end..)) else { return Vec::new() };
        // "int, optional" keeps its mark.
        if let Some(rest) = after.strip_prefix(',') {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            return vec![amendment(Span::new(start, end + 1 + blanks), String::new())];
        }
        let opened = before.trim_end_matches(' ');
        let cut = match section.style {
            Style::Google if opened.ends_with('(') && after.starts_with(')') => {
                let from = opened.strip_suffix('(').unwrap_or(opened).trim_end_matches(' ').len();
                Span::new(from, end + 1)
            }
            Style::Numpy if opened.ends_with(':') => {
                Span::new(opened.strip_suffix(':').unwrap_or(opened).trim_end_matches(' ').len(), end)
            }
            // `:param int x:`
            Style::Sphinx | Style::Epytext if end < name.span.start => {
                Span::new(start, end + (after.len() - after.trim_start_matches(' ').len()))
            }
            _ => return Vec::new(),
        };
        vec![amendment(cut, String::new())]
    }

    fn new_type(&self, section: &Section, entry: &Entry, new: &str) -> Option<Amendment> {
        let text = self.lines.text;
        if let Some(mark) = entry.optional {
            // "(optional)" becomes "(int, optional)".
            let before = text.get(..mark.start)?.trim_end_matches(' ');
            let has_place = before.ends_with('(') || before.ends_with(':');
            return has_place.then(|| amendment(Span::new(mark.start, mark.start), format!("{new}, ")));
        }
        match section.style {
            Style::Google => self.new_in_google(section, entry, new),
            Style::Numpy => {
                let name = entry.names.last()?;
                let end = self.closing_of_name(name.span.end);
                let line = self.lines.line_at(end)?;
                let rest = text.get(end..line.trimmed.max(end))?;
                match rest.trim() {
                    "" | ":" => Some(amendment(Span::new(end, end + rest.len()), format!(" : {new}"))),
                    _ => None,
                }
            }
            Style::Sphinx | Style::Epytext => self.new_field(section, entry, new),
        }
    }

    fn new_in_google(&self, section: &Section, entry: &Entry, new: &str) -> Option<Amendment> {
        let text = self.lines.text;
        let Some(name) = entry.names.last() else {
            let is_value = kinds::content_of(section.kind) == Content::Value;
            let start = entry.description.as_ref()?.span.start;
            return (is_value && start == entry.span.start)
                .then(|| amendment(Span::new(start, start), format!("{new}: ")));
        };
        let end = self.closing_of_name(name.span.end);
        let rest = text.get(end..)?;
        let follows = rest.trim_start_matches(' ');
        (follows.is_empty() || follows.starts_with([':', '\r', '\n']))
            .then(|| amendment(Span::new(end, end), format!(" ({new})")))
    }

    /// Adds the field that gives the type of another one, right behind it.
    fn new_field(&self, section: &Section, entry: &Entry, new: &str) -> Option<Amendment> {
        let text = self.lines.text;
        let mark = if section.style == Style::Epytext { '@' } else { ':' };
        if !text.get(entry.span.start..)?.starts_with(mark) {
            return None;
        }
        let tag = match kinds::content_of(section.kind) {
            Content::Value => "rtype".to_owned(),
            Content::Items => {
                let [name] = entry.names.as_slice() else { return None };
                // `:param int x:` where the others have it there.
                let inline = section.entries.iter().any(|other| {
                    other.type_field.is_none()
                        && other.type_text.as_ref().is_some_and(|old| {
                            other.names.first().is_some_and(|name| old.span.end < name.span.start)
                        })
                });
                if inline && !new.contains(' ') {
                    return Some(amendment(Span::new(name.span.start, name.span.start), format!("{new} ")));
                }
                format!("type {}", names::in_field(&name.value, section.style))
            }
            _ => return None,
        };
        let line = self.lines.line_at(entry.span.start)?;
        let indentation =
            if line.start == 0 { self.margin() } else { text.get(line.start..line.content).unwrap_or("") };
        let last = self.lines.line_at(entry.span.end.saturating_sub(1))?;
        let at = self.end_of(last);
        Some(amendment(Span::new(at, at), format!("{}{indentation}{mark}{tag}: {new}", self.ending())))
    }

    /// Returns where a name ends with what is written around it.
    fn closing_of_name(&self, end: usize) -> usize {
        let after = self.lines.text.get(end..).unwrap_or("");
        end + after.len() - after.trim_start_matches(['`', '*']).len()
    }
}

/// Returns an annotation as it may stand in a docstring: on one line, and without the quotes of a forward reference.
///
/// Nothing for one that is too long for that, or holds comments.
#[must_use]
pub fn plain_type(annotation: &str) -> Option<String> {
    let annotation = annotation.trim();
    if annotation.contains(['#', '\\'])
        || annotation.contains(['\n', '\r']) && annotation.contains(['"', '\''])
    {
        return None;
    }
    let inside = ['"', '\'']
        .iter()
        .find_map(|quote| annotation.strip_prefix(*quote)?.strip_suffix(*quote))
        .filter(|inside| !inside.contains(['"', '\'']));
    let line = notation::on_one_line(inside.unwrap_or(annotation));
    let line = line.replace("[ ", "[").replace(", ]", "]").replace(" ]", "]").replace(",]", "]");
    (!line.is_empty() && line.chars().count() <= LONGEST).then_some(line)
}

/// Writes a type the way that another one is written.
fn in_notation_of(old: &str, new: &str) -> String {
    let ticks = old.len() - old.trim_start_matches('`').len();
    if ticks > 0 && old.ends_with(&"`".repeat(ticks)) {
        let fence = "`".repeat(ticks);
        return format!("{fence}{new}{fence}");
    }
    let is_name = new.chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
    if let Some((role, _)) =
        old.split_once(":`").filter(|_| is_name && old.starts_with(':') && old.ends_with('`'))
    {
        return format!("{role}:`{new}`");
    }
    if let Some(tag) = ["C{", "L{"].iter().find(|tag| old.starts_with(**tag) && old.ends_with('}')) {
        return format!("{tag}{new}}}");
    }
    if old.contains(" or ") && !old.contains(['|', '[']) {
        return with_words(new);
    }
    new.to_owned()
}

/// Writes a union with words between its members.
fn with_words(new: &str) -> String {
    let optional = new.strip_prefix("Optional[").and_then(|rest| rest.strip_suffix(']'));
    if let Some(inside) = optional.filter(|inside| !inside.contains(['[', ']'])) {
        return format!("{inside} or None");
    }
    let mut depth = 0_usize;
    let mut written = String::with_capacity(new.len());
    for letter in new.chars() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                written.push_str("or");
                continue;
            }
            _ => {}
        }
        written.push(letter);
    }
    written
}
