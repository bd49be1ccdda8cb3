//! Fields as sections: runs of one kind, with the types that fields of their own give.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use super::super::kinds::{self, Content};
use super::super::lines::Lines;
use super::super::model::{Entry, Name, Section, SectionKind, Style, Text, TypeField};
use super::super::scan::{Form, Starter};
use super::super::{google, markers, names, notation, plain};
use super::{Field, Meaning, directive_parts};
use crate::python::Span;

/// A field with its text.
struct Item {
    field: Field,
    /// From its mark to the end of its last line.
    span: Span,
    /// What it says, without indentation.
    text: Option<Text>,
    /// Prose at the margin that follows.
    after: Option<Text>,
}

/// Reads fields that follow one another; `end` is the line after the last of them.
pub(in crate::docstring) fn sections(lines: &Lines<'_>, starters: &[Starter], end: usize) -> Vec<Section> {
    let mut items: Vec<Item> = Vec::new();
    for (index, starter) in starters.iter().enumerate() {
        let Form::Field(field) = starter.form else { continue };
        let next = starters.get(index + 1).map_or(end, |next| next.line);
        items.extend(item(lines, field, starter.line..next));
    }
    let types = matched(lines, &items);
    let mut sections: Vec<Section> = Vec::new();
    let mut open = false;
    for (index, item) in items.iter().enumerate() {
        let joins = open && joins(sections.last(), item);
        match types.get(index) {
            // The type of an entry extends the section that it stands in.
            Some(Match::Given) => {
                if let Some(section) = sections.last_mut() {
                    if joins {
                        section.span.end = item.span.end;
                    }
                    section.after.extend(item.after.clone());
                }
            }
            found => {
                let type_item = match found {
                    Some(Match::Takes(index)) => items.get(*index),
                    _ => None,
                };
                push(lines, (item, type_item), joins, &mut sections);
            }
        }
        open = item.after.is_none();
    }
    sections
}

/// Reads a directive that stands for a section.
pub(in crate::docstring) fn directive_section(
    lines: &Lines<'_>,
    starter: &Starter,
    end: usize,
) -> Option<Section> {
    let line = lines.get(starter.line)?;
    let content = lines.content(starter.line);
    let (name, argument) = directive_parts(content)?;
    let named = matches!(name, "admonition" | "rubric");
    let argument_start = line.trimmed - argument.len();
    let title_span = if named {
        Span::new(argument_start, line.trimmed)
    } else {
        let start = line.content + content.find(name)?;
        Span::new(start, start + name.len())
    };
    let title = Text { span: title_span, value: title_span.of(lines.text).to_owned() };
    let first = starter.line + 1;
    let inside = if name == "rubric" {
        end
    } else {
        let outside =
            |index: &usize| !lines.is_blank(*index) && lines.columns(*index) <= lines.margin_columns;
        (first..end).find(outside).unwrap_or(end)
    };
    let begin = if named || argument.is_empty() {
        lines.first_filled(first..inside).and_then(|line| lines.get(line)).map(|line| line.content)
    } else {
        Some(argument_start)
    };
    let base = least_columns(lines, first..inside);
    let last = lines.last_filled(starter.line..inside)?;
    let mut text = begin.map(|begin| lines.text(begin, last, base));
    if let (Some(text), Some(begin)) = (&mut text, begin.filter(|begin| *begin >= line.end)) {
        let columns = lines.columns(lines.index_of(begin));
        text.value.insert_str(0, &" ".repeat(columns.saturating_sub(base)));
    }
    let span = Span::new(line.content, lines.get(last)?.trimmed);
    let mut section = Section {
        kind: starter.kind,
        style: Style::Sphinx,
        title,
        span,
        entries: Vec::new(),
        text,
        after: plain::stretch(lines, inside..end).into_iter().collect(),
    };
    if kinds::content_of(starter.kind) != Content::Prose {
        let (entries, text) = google::items(lines, first..inside, starter.kind);
        (section.entries, section.text) = (entries, text);
    }
    Some(section)
}

/// Reads the text of a field: what runs on, then, behind blank lines, what is indented deeper.
fn item(lines: &Lines<'_>, field: Field, range: Range<usize>) -> Option<Item> {
    let line = lines.get(range.start)?;
    let runs_on = (range.start + 1..range.end).find(|index| lines.is_blank(*index)).unwrap_or(range.end);
    let outside = |index: &usize| !lines.is_blank(*index) && lines.columns(*index) <= line.columns;
    let inside = (runs_on..range.end).find(outside).unwrap_or(range.end);
    let last = lines.last_filled(range.start..inside)?;
    let rest = notation::trimmed(lines.text, field.end..line.trimmed.max(field.end));
    let base = least_columns(lines, range.start + 1..inside);
    let begin = if rest.is_empty() {
        lines.first_filled(range.start + 1..inside).and_then(|line| lines.get(line)).map(|line| line.content)
    } else {
        Some(rest.start)
    };
    let text = begin.map(|begin| {
        let mut text = lines.text(begin, last, base);
        if rest.is_empty() {
            let columns = lines.columns(lines.index_of(begin));
            text.value.insert_str(0, &" ".repeat(columns.saturating_sub(base)));
        }
        text
    });
    let end = lines.get(last)?.trimmed.max(field.end);
    let after = plain::stretch(lines, inside..range.end);
    Some(Item { field, span: Span::new(line.content, end), text, after })
}

fn least_columns(lines: &Lines<'_>, range: Range<usize>) -> usize {
    let filled = range.filter(|index| !lines.is_blank(*index)).map(|index| lines.columns(index));
    filled.min().unwrap_or(lines.margin_columns)
}

fn joins(section: Option<&Section>, item: &Item) -> bool {
    let Some(section) = section.filter(|section| section.style == item.field.style) else { return false };
    match item.field.meaning {
        Meaning::Type => kinds::content_of(section.kind) == Content::Items,
        Meaning::ValueType(kind) | Meaning::Named(kind) => section.kind == kind,
        Meaning::Value(_) | Meaning::Prose(_) => false,
    }
}

/// Adds a field to the section before it, or begins one with it.
fn push(
    lines: &Lines<'_>,
    (item, type_item): (&Item, Option<&Item>),
    joins: bool,
    sections: &mut Vec<Section>,
) {
    if let Meaning::Prose(kind) = item.field.meaning {
        let mut section = empty(lines, item, kind);
        if let Some(argument) = item.field.argument {
            // The argument of a field that no one knows is part of what it is called.
            let span = Span::new(item.field.tag.start, argument.end);
            section.title = Text { span, value: span.of(lines.text).to_owned() };
        }
        section.text.clone_from(&item.text);
        section.after.extend(item.after.clone());
        sections.push(section);
        return;
    }
    if !joins {
        sections.push(empty(lines, item, item.field.meaning.kind()));
    }
    let Some(section) = sections.last_mut() else { return };
    section.span.end = item.span.end;
    section.after.extend(item.after.clone());
    match item.field.meaning {
        Meaning::Value(_) => section.entries.extend(values(lines, item)),
        _ => section.entries.push(entry(lines, item)),
    }
    if let Some((type_item, entry)) = type_item.zip(section.entries.last_mut()) {
        let names =
            type_item.field.argument.map(|argument| argument_of(lines.text, argument, Meaning::Type).0);
        if let Some(text) = &type_item.text {
            set_type(lines, text.span, type_item.field.meaning, entry);
        }
        let name = names.and_then(|names| names.into_iter().next());
        entry.type_field = Some(TypeField { span: type_item.span, name });
    }
}

fn empty(lines: &Lines<'_>, item: &Item, kind: SectionKind) -> Section {
    let tag = item.field.tag;
    Section {
        kind,
        style: item.field.style,
        title: Text { span: tag, value: tag.of(lines.text).to_owned() },
        span: item.span,
        entries: Vec::new(),
        text: None,
        after: Vec::new(),
    }
}

fn entry(lines: &Lines<'_>, item: &Item) -> Entry {
    let meaning = item.field.meaning;
    let argument = item.field.argument.map(|argument| argument_of(lines.text, argument, meaning));
    let (names, type_text) = argument.unwrap_or_default();
    let default = match (item.field.argument, names.as_slice()) {
        (Some(argument), [name]) => default_of(lines.text, argument, name.span.end),
        _ => None,
    };
    let mut entry = Entry {
        names,
        type_text,
        optional: None,
        default,
        description: item.text.clone(),
        span: item.span,
        type_field: None,
    };
    // A type that belongs to no entry is one of its own.
    if matches!(meaning, Meaning::Type | Meaning::ValueType(_))
        && let Some(text) = entry.description.take()
    {
        set_type(lines, text.span, meaning, &mut entry);
    }
    entry
}

/// Reads what a field gives back: one text, or a list of `- name (type): text`.
fn values(lines: &Lines<'_>, item: &Item) -> Vec<Entry> {
    let listed = item.text.as_ref().and_then(|text| google::bulleted(lines, text.span));
    listed.unwrap_or_else(|| vec![entry(lines, item)])
}

/// Reads the argument of a field: names, or a type and a name (`:param int x:`).
fn argument_of(text: &str, argument: Span, meaning: Meaning) -> (Vec<Name>, Option<Text>) {
    let exceptions =
        matches!(meaning, Meaning::Named(kind) if kinds::content_of(kind) == Content::Exceptions);
    let read = if exceptions { names::exceptions } else { names::names };
    let escape = escapes(argument.of(text));
    if let Some((mut names, end)) = read(text, argument.start + escape, argument.end)
        && end == argument.end
    {
        widen(&mut names, argument.start);
        return (names, None);
    }
    let source = argument.of(text);
    let listed = matches!(meaning, Meaning::Named(kind) if kinds::content_of(kind) == Content::Items);
    if listed {
        let last = source.rfind(char::is_whitespace).map(|at| at + 1);
        let start = last.map_or(argument.start, |last| argument.start + last);
        let escape = escapes(text.get(start..argument.end).unwrap_or(""));
        let name = names::name(text, start + escape, argument.end)
            .filter(|(_, end)| *end == argument.end || default_of(text, argument, *end).is_some());
        let types = notation::trimmed(text, argument.start..start);
        let type_text = (!types.is_empty()).then(|| markers::text_at(text, types.start, types.end));
        let name = name.map_or_else(|| verbatim(text, Span::new(start, argument.end)), |(name, _)| name);
        let mut names = vec![name];
        widen(&mut names, start);
        return (names, type_text);
    }
    (vec![verbatim(text, argument)], None)
}

/// Returns the length of an escape in front of a name: `:param \class_:`. In a list of other styles it would be prose.
fn escapes(source: &str) -> usize {
    let is_name = |rest: &str| rest.starts_with(|first: char| first.is_alphabetic() || first == '_');
    usize::from(source.strip_prefix('\\').is_some_and(is_name))
}

/// A name covers its escape.
fn widen(names: &mut [Name], start: usize) {
    if let Some(first) = names.first_mut() {
        first.span = Span::new(start.min(first.span.start), first.span.end);
    }
}

/// Returns the default behind a name: `:param x=3:`.
fn default_of(text: &str, argument: Span, name_end: usize) -> Option<Text> {
    let rest = text.get(name_end..argument.end)?.strip_prefix('=')?;
    (!rest.trim().is_empty()).then(|| markers::text_at(text, argument.end - rest.len(), argument.end))
}

/// The argument of a field is a name, whatever it looks like.
fn verbatim(text: &str, span: Span) -> Name {
    Name { span, value: span.of(text).to_owned(), stars: 0 }
}

/// What a field has to do with the types that fields of their own give.
enum Match {
    /// It is a type that was given to an entry.
    Given,
    /// It is an entry that takes its type from another field.
    Takes(usize),
    /// Neither.
    Alone,
}

/// Gives each type to the entry it names: the nearest one before it without a type, or else the first one after.
fn matched(lines: &Lines<'_>, items: &[Item]) -> Vec<Match> {
    let mut matches: Vec<Match> = items.iter().map(|_| Match::Alone).collect();
    let mut untyped: HashMap<String, Vec<usize>> = HashMap::new();
    let mut unclaimed: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let meaning = item.field.meaning;
        let Some(key) = key_of(lines, item) else { continue };
        let pair = if matches!(meaning, Meaning::Type | Meaning::ValueType(_)) {
            let found = untyped.get_mut(&key).and_then(Vec::pop);
            // Prose that follows a type needs a section before it to belong to.
            if found.is_none() && item.after.is_none() {
                unclaimed.entry(key).or_default().push_back(index);
            }
            found.map(|entry| (entry, index))
        } else {
            let found = unclaimed.get_mut(&key).and_then(VecDeque::pop_front);
            if found.is_none() {
                untyped.entry(key).or_default().push(index);
            }
            found.map(|given| (index, given))
        };
        if let Some((entry, given)) = pair {
            if let Some(slot) = matches.get_mut(entry) {
                *slot = Match::Takes(given);
            }
            if let Some(slot) = matches.get_mut(given) {
                *slot = Match::Given;
            }
        }
    }
    matches
}

/// Returns what a type and its entry have in common: the name, or what is given back.
fn key_of(lines: &Lines<'_>, item: &Item) -> Option<String> {
    let meaning = item.field.meaning;
    match meaning {
        Meaning::Value(kind) => {
            let several = item.text.as_ref().and_then(|text| google::bulleted(lines, text.span)).is_some();
            (!several).then(|| format!("{kind:?}"))
        }
        Meaning::ValueType(kind) => Some(format!("{kind:?}")),
        Meaning::Named(kind) if kinds::content_of(kind) != Content::Items => None,
        Meaning::Named(_) | Meaning::Type => {
            let (names, type_text) = argument_of(lines.text, item.field.argument?, meaning);
            let name = names.first().filter(|_| type_text.is_none())?;
            Some(format!(" {}", name.value))
        }
        Meaning::Prose(_) => None,
    }
}

fn set_type(lines: &Lines<'_>, span: Span, meaning: Meaning, entry: &mut Entry) {
    if meaning == Meaning::Type {
        let typed = markers::read(lines.text, span);
        (entry.type_text, entry.optional) = (typed.type_text, typed.optional);
        entry.default = typed.default.or(entry.default.take());
    } else {
        entry.type_text = Some(markers::text_at(lines.text, span.start, span.end));
    }
}
