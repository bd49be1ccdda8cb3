//! What a part of a definition says, as bytes that are the same for the same meaning.

use std::sync::LazyLock;

use tree_sitter::Node;

use super::spelling::{self, Number};
use super::{Fingerprint, LEAVE};
use crate::python::comments;
use crate::python::grammar::{Field, Syntax, child, language, syntax};
use crate::python::literal::Parts;
use crate::python::span::Span;
use crate::python::walk::collect::Seen;
use crate::python::walk::header::{first_part, is_layout};

/// The kinds under which several spellings of the same thing are written.
static ATTRIBUTE: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("attribute", true));
static DOT: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind(".", false));
static IDENTIFIER: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("identifier", true));
static LIST_SPLAT: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("list_splat", true));
static SLICE: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("slice", true));
static SUBSCRIPT: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("subscript", true));
static TUPLE: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("tuple", true));
static TUPLE_PATTERN: LazyLock<u16> = LazyLock::new(|| language().id_for_node_kind("tuple_pattern", true));

/// What a part of a definition says.
#[derive(Debug, Default)]
pub(in crate::python) struct Stream {
    bytes: Vec<u8>,
    /// Type comments, which may stand anywhere in a statement.
    comments: Vec<u8>,
    /// Formatted strings that are being read, innermost last.
    joined: Vec<Joined>,
    /// Tuples whose brackets say nothing where they stand, innermost last.
    unwrapped: Vec<usize>,
    /// How many annotations are around.
    annotations: usize,
}

/// A formatted string: its text is written in one piece between two interpolations, however it is split.
#[derive(Debug, Default)]
struct Joined {
    text: String,
    /// Where the text that was not read yet begins; the grammar has no nodes for some of it.
    from: usize,
    /// How long the quotes at the end of the current literal are.
    quotes: usize,
    /// Whether backslashes of the current literal are ordinary characters.
    is_raw: bool,
}

impl Stream {
    /// Writes the beginning of a node with a name below `parent`; returns whether its children are to be written too.
    pub(in crate::python) fn enter(&mut self, seen: Seen<'_>, parent: Seen<'_>, text: &str) -> bool {
        let Seen { node, kind, span, .. } = seen;
        match kind {
            Syntax::Comment => {
                if let Some(found) = comments::type_in(span, text) {
                    self.comments.extend(found.of(text).as_bytes());
                    self.comments.push(b'\n');
                }
                return false;
            }
            Syntax::Continuation | Syntax::StringContent | Syntax::StringDelimiter => return false,
            Syntax::Type => {
                self.annotations += 1;
                return true;
            }
            _ if self.is_transparent(seen, parent.kind, text) => return true,
            Syntax::Argument if parent.kind == Syntax::Class && parts(node) == 0 => return false,
            Syntax::Tuple | Syntax::TuplePattern | Syntax::ListPattern
                if self.unwrapped.last() == Some(&node.id()) =>
            {
                return true;
            }
            Syntax::String => return self.string(span, parent.kind, text),
            Syntax::Concatenated => {
                if let Some((tag, value)) = spelling::plain_concatenation(node, text) {
                    self.plain(tag, &value);
                    return false;
                }
                self.bytes.push(b'j');
                self.joined.push(Joined::default());
                return true;
            }
            Syntax::Interpolation | Syntax::FormatExpression => {
                self.text_until(span.start, text);
                self.flush();
                if let Some(shown) = source_shown(node, text) {
                    self.leaf_text(shown);
                }
            }
            Syntax::FormatSpecifier => {
                let is_raw = self.joined.last().is_some_and(|joined| joined.is_raw);
                self.joined.push(Joined { from: span.start, is_raw, ..Joined::default() });
            }
            Syntax::Integer | Syntax::Float => {
                self.number(span.of(text));
                return false;
            }
            Syntax::GenericType | Syntax::Subscript => {
                self.bytes.extend(SUBSCRIPT.to_le_bytes());
                let only = only_index(seen);
                if only.is_none_or(|only| syntax(only) == Syntax::Tuple) {
                    // `x[1, 2]` is indexed by a tuple, and so is `x[1,]`; the brackets in `x[(1, 2)]` say nothing.
                    self.bytes.push(b',');
                    self.unwrapped.extend(only.map(|only| only.id()));
                }
                return true;
            }
            // `a,` is a statement with a tuple in it that has no node of its own.
            Syntax::ExpressionStatement if has_comma(node) => {
                self.bytes.extend(seen.kind_id.to_le_bytes());
                self.bytes.extend(TUPLE.to_le_bytes());
                return true;
            }
            // `match a, b:` and `match (a, b):` are about the same tuple; so are `case a, b:`, `case (a, b):` and `case [a, b]:`.
            Syntax::Match | Syntax::CaseClause => {
                self.bytes.extend(seen.kind_id.to_le_bytes());
                if has_comma(node) {
                    self.bytes.extend(TUPLE.to_le_bytes());
                } else if let Some(whole) = only_subject(seen) {
                    self.bytes.extend(TUPLE.to_le_bytes());
                    self.unwrapped.push(whole.id());
                }
                return true;
            }
            // In Python 2, a comma at the end leaves out the end of the line.
            Syntax::Print if span.of(text).trim_end().ends_with(',') => self.bytes.push(b','),
            // `(x): int` annotates no attribute.
            Syntax::Assignment if text.as_bytes().get(span.start) == Some(&b'(') && is_annotated(node) => {
                self.bytes.push(b'(');
            }
            Syntax::Error => self.leaf_text(span.of(text)),
            _ => {}
        }
        let kind = match kind {
            // `return a, b` and `return (a, b)` are the same tuple; so are `for a, b in` and `for (a, b) in`.
            Syntax::ExpressionList => *TUPLE,
            Syntax::PatternList => *TUPLE_PATTERN,
            Syntax::ListPattern if parent.kind == Syntax::CasePattern => *TUPLE_PATTERN,
            // The grammar has nodes of their own for annotations, but not in brackets.
            Syntax::ConstrainedType => *SLICE,
            Syntax::MemberType => *ATTRIBUTE,
            Syntax::SplatType => *LIST_SPLAT,
            _ => seen.kind_id,
        };
        self.bytes.extend(kind.to_le_bytes());
        true
    }

    /// Writes a keyword or punctuation.
    pub(in crate::python) fn token(&mut self, seen: Seen<'_>, parent: Syntax) {
        let is_layout = matches!(seen.kind, Syntax::Comma | Syntax::Parenthesis | Syntax::Separator);
        // The brackets of a list of patterns are those of a tuple of patterns.
        if !is_layout && parent != Syntax::ListPattern {
            self.bytes.extend(seen.kind_id.to_le_bytes());
        }
    }

    /// Writes names with dots between them, as if they had been entered one by one.
    pub(in crate::python) fn chain(&mut self, names: &str) {
        for _ in names.bytes().filter(|byte| *byte == b'.') {
            self.bytes.extend(ATTRIBUTE.to_le_bytes());
        }
        for (at, name) in names.split('.').enumerate() {
            if at > 0 {
                self.bytes.extend(DOT.to_le_bytes());
            }
            self.bytes.extend(IDENTIFIER.to_le_bytes());
            self.leaf_text(name);
            if at > 0 {
                self.bytes.extend(LEAVE);
            }
        }
    }

    /// Writes what stands in a node that turned out to have no children.
    pub(in crate::python) fn leaf(&mut self, seen: Seen<'_>, text: &str) {
        match seen.kind {
            Syntax::Parenthesized => {}
            Syntax::FormatSpecifier => self.close_joined(seen.span.end, text),
            _ => self.leaf_text(seen.span.of(text)),
        }
    }

    /// Writes the end of a node whose children were written.
    pub(in crate::python) fn leave(&mut self, seen: Seen<'_>, parent: Seen<'_>, text: &str) {
        match seen.kind {
            Syntax::Type => {
                self.annotations = self.annotations.saturating_sub(1);
                return;
            }
            _ if self.is_transparent(seen, parent.kind, text) => return,
            Syntax::Tuple | Syntax::TuplePattern | Syntax::ListPattern
                if self.unwrapped.last() == Some(&seen.node.id()) =>
            {
                self.unwrapped.pop();
                return;
            }
            Syntax::ExpressionStatement if has_comma(seen.node) => self.bytes.extend(LEAVE),
            Syntax::Interpolation | Syntax::FormatExpression => {
                if let Some(joined) = self.joined.last_mut() {
                    joined.from = seen.span.end;
                }
            }
            Syntax::String => {
                let quotes = self.joined.last().map_or(0, |joined| joined.quotes);
                let end = seen.span.end.saturating_sub(quotes);
                if parent.kind == Syntax::Concatenated {
                    self.text_until(end, text);
                    return;
                }
                self.close_joined(end, text);
            }
            Syntax::FormatSpecifier => self.close_joined(seen.span.end, text),
            Syntax::Concatenated => {
                self.flush();
                self.joined.pop();
            }
            _ => {}
        }
        self.bytes.extend(LEAVE);
    }

    /// Writes a definition inside a function.
    pub(in crate::python) fn nested(&mut self, name: &[u8], whole: Fingerprint) {
        self.bytes.extend(name);
        self.bytes.extend(whole.as_bytes());
    }

    /// Hashes what was written and forgets it, so that the memory can be used again.
    pub(in crate::python) fn finish(&mut self) -> Fingerprint {
        self.bytes.append(&mut self.comments);
        let fingerprint = Fingerprint::of(&self.bytes);
        self.bytes.clear();
        self.joined.clear();
        self.unwrapped.clear();
        self.annotations = 0;
        fingerprint
    }

    fn leaf_text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u64).to_le_bytes());
        self.bytes.extend(text.as_bytes());
    }

    fn plain(&mut self, tag: u8, value: &str) {
        self.bytes.push(tag);
        self.leaf_text(value);
    }

    /// Writes a string literal; returns whether it has parts that are code.
    fn string(&mut self, span: Span, parent: Syntax, text: &str) -> bool {
        let part = (parent == Syntax::Concatenated).then(|| self.joined.last_mut()).flatten();
        let parts = Parts::of(span.of(text));
        if let Some((tag, value)) = parts.as_ref().and_then(spelling::plain_value) {
            match part {
                Some(joined) => {
                    joined.text.push_str(&value);
                    joined.from = span.end;
                }
                None => self.plain(tag, &value),
            }
            return false;
        }
        let prefix = parts.map_or("", |parts| parts.prefix);
        let quotes = parts.map_or(0, |parts| parts.quotes.len());
        let has = |letters: [char; 2]| prefix.contains(letters);
        let begun = Joined {
            text: String::new(),
            from: span.start + prefix.len() + quotes,
            quotes,
            is_raw: has(['r', 'R']),
        };
        if let Some(joined) = part {
            *joined = Joined { text: std::mem::take(&mut joined.text), ..begun };
        } else {
            self.bytes.push(if has(['f', 'F']) { b'j' } else { b't' });
            self.joined.push(begun);
        }
        true
    }

    /// Reads the text of a formatted string up to a place.
    fn text_until(&mut self, end: usize, text: &str) {
        let Some(joined) = self.joined.last_mut() else { return };
        let content = text.get(joined.from..end).unwrap_or("");
        joined.from = end;
        joined.text.push_str(&spelling::formatted_value(content, joined.is_raw));
    }

    /// Ends a formatted string, or the specification of a format, whose text reaches to a place.
    fn close_joined(&mut self, end: usize, text: &str) {
        self.text_until(end, text);
        self.flush();
        self.joined.pop();
    }

    fn flush(&mut self) {
        if let Some(joined) = self.joined.last_mut() {
            let text = std::mem::take(&mut joined.text);
            if !text.is_empty() {
                self.plain(b'c', &text);
            }
        }
    }

    fn number(&mut self, source: &str) {
        match Number::of(source) {
            Number::Integer(number) => {
                self.bytes.push(b'n');
                self.bytes.extend(number.to_le_bytes());
            }
            Number::Float(number) => {
                self.bytes.push(b'd');
                self.bytes.extend(number.to_bits().to_le_bytes());
            }
            Number::Imaginary(number) => {
                self.bytes.push(b'i');
                self.bytes.extend(number.to_bits().to_le_bytes());
            }
            Number::AsWritten(source) => self.plain(b'N', &source),
        }
    }

    /// What only groups says nothing by itself; in a pattern, `(a)` looks like a tuple of one and is none.
    fn is_transparent(&self, seen: Seen<'_>, parent: Syntax, text: &str) -> bool {
        match seen.kind {
            // `del a,` deletes what `del a` does.
            Syntax::ExpressionList => parent == Syntax::Delete && parts(seen.node) == 1,
            // The grammar groups the members of a union in more than one way, and Python means the same by all.
            Syntax::CasePattern | Syntax::Decorated | Syntax::Parenthesized | Syntax::UnionType => true,
            Syntax::TuplePattern => parts(seen.node) == 1 && !has_comma(seen.node),
            // `with (a,):` has one item and no tuple.
            Syntax::Tuple => parent == Syntax::WithItem && parts(seen.node) == 1,
            // `f((x for x in y))` is `f(x for x in y)`.
            Syntax::Argument => {
                let inside = seen.span.of(text).get(1..).unwrap_or("").trim_start();
                inside.starts_with(['(', '#', '\\']) && is_generator(seen.node)
            }
            Syntax::TypeParameter => parent == Syntax::GenericType,
            Syntax::BinaryOperator => self.annotations > 0 && is_union(seen.node),
            _ => false,
        }
    }
}

fn is_annotated(assignment: Node<'_>) -> bool {
    child(assignment, Field::Type).is_some()
}

fn is_generator(arguments: Node<'_>) -> bool {
    parts(arguments) == 1 && first_part(arguments).is_some_and(|only| syntax(only) == Syntax::Generator)
}

fn is_union(operation: Node<'_>) -> bool {
    child(operation, Field::Operator).is_some_and(|operator| operator.kind() == "|")
}

fn has_comma(node: Node<'_>) -> bool {
    node.child_count() > 1 && {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| syntax(child) == Syntax::Comma)
    }
}

/// Counts what is in a node, comments and line continuations left out.
fn parts(node: Node<'_>) -> usize {
    match node.named_child_count() {
        0 => 0,
        1 => node.named_child(0).map_or(0, |only| usize::from(!is_layout(only))),
        _ => {
            let mut cursor = node.walk();
            node.named_children(&mut cursor).filter(|part| !is_layout(*part)).count()
        }
    }
}

/// Returns what a `match` or a `case` is about, if it is one tuple or list in brackets.
fn only_subject(seen: Seen<'_>) -> Option<Node<'_>> {
    let subject = first_part(seen.node)?;
    if seen.kind == Syntax::Match {
        return Some(subject).filter(|subject| syntax(*subject) == Syntax::Tuple);
    }
    let mut pattern = subject;
    while matches!(syntax(pattern), Syntax::CasePattern | Syntax::TuplePattern) && parts(pattern) == 1 {
        if syntax(pattern) == Syntax::TuplePattern && has_comma(pattern) {
            break;
        }
        pattern = first_part(pattern)?;
    }
    Some(pattern).filter(|pattern| matches!(syntax(*pattern), Syntax::TuplePattern | Syntax::ListPattern))
}

/// Returns the source of an interpolated expression with `=` behind it, which is part of the text.
fn source_shown<'a>(interpolation: Node<'_>, text: &'a str) -> Option<&'a str> {
    let mut cursor = interpolation.walk();
    let sign = interpolation.children(&mut cursor).find(|child| child.kind() == "=")?;
    text.get(interpolation.start_byte()..sign.end_byte())
}

/// Returns what a value is indexed by without brackets that only group, unless there are several or a comma behind
/// the only one.
fn only_index(subscript: Seen<'_>) -> Option<Node<'_>> {
    let list = match subscript.kind {
        Syntax::GenericType => subscript.node.child(1)?,
        _ => subscript.node,
    };
    let mut cursor = list.walk();
    let mut only = None;
    for child in list.children(&mut cursor).skip(usize::from(subscript.kind == Syntax::Subscript)) {
        match syntax(child) {
            Syntax::Comma => return None,
            Syntax::Comment | Syntax::Continuation | Syntax::OpenBracket | Syntax::Token => {}
            _ => only = only.or(Some(child)),
        }
    }
    while let Some(inner) = only.filter(|only| matches!(syntax(*only), Syntax::Parenthesized | Syntax::Type))
    {
        only = first_part(inner);
    }
    only
}
