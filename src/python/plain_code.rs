//! A small part of Python that CPython is known to compile: the nodes of a tree, each held against it.
//!
//! tree-sitter reads on where CPython stops: an indented block may be missing, and a positional argument may follow a
//! named one. What strangers wrote is shown to readers, so that here only what is listed is Python, and nothing else
//! that would be. `usage` asks for every node; what the code does is for that to say.

use std::collections::BTreeSet;

use tree_sitter::Node;

/// How deep expressions and blocks may be nested; CPython has limits, too.
const DEEPEST: u32 = 60;

/// Nodes that are fine wherever tree-sitter sees them.
const PLAIN: &[&str] = &[
    "attribute",
    "call",
    "comment",
    "dictionary",
    "dictionary_comprehension",
    "ellipsis",
    "escape_interpolation",
    "escape_sequence",
    "expression_list",
    "expression_statement",
    "false",
    "format_specifier",
    "generator_expression",
    "generic_type",
    "list",
    "list_comprehension",
    "list_pattern",
    "none",
    "pair",
    "parenthesized_expression",
    "pattern_list",
    "set",
    "set_comprehension",
    "slice",
    "string_content",
    "string_end",
    "string_start",
    "subscript",
    "true",
    "tuple",
    "tuple_pattern",
    "type_parameter",
    "union_type",
    "with_item",
];

/// Words that name nothing.
const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for \
     from global if import in is lambda nonlocal not or pass raise return try while with yield";

/// Returns why a text cannot be read as lines of plain code, whatever its tree is.
pub(super) fn odd_characters(code: &str) -> Option<&'static str> {
    let is_odd = |character: char| {
        !matches!(character, ' ' | '\n') && (character.is_whitespace() || character.is_control())
    };
    code.contains(is_odd).then_some("it has blanks that are none in Python")
}

/// Returns why a node has no place in plain code; its children are asked about themselves.
pub(super) fn oddity(node: Node<'_>, depth: u32, code: &str) -> Option<&'static str> {
    if depth > DEEPEST {
        return Some("it is nested too deep");
    }
    let text = code.get(node.byte_range()).unwrap_or("");
    if !node.is_named() {
        return match node.kind() {
            ";" => Some("there are two statements on one line"),
            "<>" => Some(NOT_PYTHON),
            "," if !is_behind_something(node) => Some(NOT_PYTHON),
            _ => None,
        };
    }
    let is_fine = match node.kind() {
        "module" => return misaligned(node, 0, code),
        "block" => return block(node, code),
        "list_splat"
        | "dictionary_splat"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "parenthesized_list_splat" => {
            return Some("it unpacks with `*`, so that nobody sees what is passed");
        }
        "argument_list" => return arguments(node, code),
        "await" => return awaited(node),
        "if_statement" | "for_statement" | "with_statement" => has_block(node),
        "elif_clause" | "else_clause" | "finally_clause" => has_block(node) && is_clause(node, code),
        "try_statement" => has_block(node) && is_caught(node),
        "except_clause" => has_block(node) && is_clause(node, code) && catches(node),
        "assignment" => is_assignment(node),
        "augmented_assignment" => {
            let is_one = has_kind(node, "left", &["identifier", "attribute", "subscript"]);
            is_statement(node) && is_one && is_value(node)
        }
        "with_clause" => !text.ends_with(','),
        "type" => !text.contains('\n'),
        "assert_statement" => parts(node).len() <= 2,
        "as_pattern" => is_parent(node, &["with_item", "except_clause"]),
        "as_pattern_target" => parts(node).iter().all(|part| match part.kind() {
            "identifier" => true,
            "tuple" => parts(*part).iter().all(|name| name.kind() == "identifier"),
            _ => false,
        }),
        "keyword_argument" => has_kind(node, "name", &["identifier"]),
        "lambda" => true,
        "lambda_parameters" => {
            let names = parts(node);
            let texts: BTreeSet<&str> = names.iter().filter_map(|name| code.get(name.byte_range())).collect();
            texts.len() == names.len() && names.iter().all(|name| name.kind() == "identifier")
        }
        "for_in_clause" => {
            let values = node.children_by_field_name("right", &mut node.walk()).count();
            values == 1 && !has_async(node) && !holds(node, LOOSE)
        }
        "if_clause" | "boolean_operator" | "not_operator" => !holds(node, LOOSE),
        "comparison_operator" | "binary_operator" | "unary_operator" => {
            !holds(node, LOOSE) && !holds(node, &["not_operator", "boolean_operator"])
        }
        "conditional_expression" => {
            parts(node).iter().take(2).all(|part| !LOOSE.contains(&part.kind())) && parts(node).len() == 3
        }
        "string" => is_string(node, code),
        "concatenated_string" => {
            let kinds = parts(node);
            let bytes = kinds.iter().filter(|part| is_bytes(**part, code)).count();
            kinds.iter().all(|part| part.kind() == "string") && (bytes == 0 || bytes == kinds.len())
        }
        "interpolation" => {
            !text.contains(['\\', '\'', '"', '#', '\n', '@', '`'])
                && has_kind(node, "expression", &["identifier", "attribute", "call", "subscript"])
        }
        "type_conversion" => matches!(text, "!r" | "!s" | "!a"),
        "integer" | "float" => {
            let next = code.get(node.end_byte()..).and_then(|rest| rest.chars().next());
            is_number(text) && !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
        }
        "identifier" => {
            !is_keyword(text) && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        }
        "import_statement" | "import_from_statement" => is_import(text),
        kind => return (!PLAIN.contains(&kind)).then_some("it holds something other than plain statements"),
    };
    (!is_fine).then_some(NOT_PYTHON)
}

/// Where one word of the code ends and the next begins: a line ends where a statement does, or in brackets.
#[derive(Debug, Default)]
pub(super) struct Lines {
    open: usize,
    end: usize,
}

impl Lines {
    /// Takes the next word; returns whether it may stand on its line.
    pub(super) fn take(&mut self, word: Node<'_>, code: &str) -> bool {
        let between = code.get(self.end..word.start_byte()).unwrap_or("");
        let fits =
            !between.contains('\n') || self.open > 0 || word.kind() == "comment" || begins_statement(word);
        match word.kind() {
            "(" | "[" | "{" => self.open += 1,
            ")" | "]" | "}" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.end = word.end_byte();
        fits
    }
}

fn begins_statement(word: Node<'_>) -> bool {
    let mut outer = word;
    while let Some(parent) = outer.parent() {
        if matches!(parent.kind(), "module" | "block") {
            return true;
        }
        if parent.start_byte() != word.start_byte() {
            break;
        }
        outer = parent;
    }
    matches!(outer.kind(), "elif_clause" | "else_clause" | "except_clause" | "finally_clause")
}

pub(super) const NOT_PYTHON: &str = "it is not Python";

/// What reaches as far as it can, and is no operand without brackets.
const LOOSE: &[&str] = &["lambda", "conditional_expression"];

fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    node.named_children(&mut node.walk()).filter(|part| part.kind() != "comment").collect()
}

fn holds(node: Node<'_>, kinds: &[&str]) -> bool {
    parts(node).iter().any(|part| kinds.contains(&part.kind()))
}

fn is_behind_something(comma: Node<'_>) -> bool {
    let mut before = std::iter::successors(comma.prev_sibling(), Node::prev_sibling);
    before.find(|node| node.kind() != "comment").is_some_and(|node| node.is_named())
}

fn has_kind(node: Node<'_>, field: &str, kinds: &[&str]) -> bool {
    node.child_by_field_name(field).is_some_and(|found| kinds.contains(&found.kind()))
}

fn is_parent(node: Node<'_>, kinds: &[&str]) -> bool {
    node.parent().is_some_and(|parent| kinds.contains(&parent.kind()))
}

fn has_async(node: Node<'_>) -> bool {
    node.children(&mut node.walk()).any(|part| part.kind() == "async")
}

fn is_keyword(word: &str) -> bool {
    KEYWORDS.split_whitespace().any(|keyword| keyword == word)
}

fn column(node: Node<'_>) -> usize {
    node.start_position().column
}

fn starts_line(node: Node<'_>, code: &str) -> bool {
    let before = code.get(..node.start_byte()).unwrap_or("");
    before.rsplit('\n').next().unwrap_or("").trim().is_empty()
}

fn misaligned(body: Node<'_>, margin: usize, code: &str) -> Option<&'static str> {
    let is_fine = |part: &Node<'_>| column(*part) == margin && starts_line(*part, code);
    (!parts(body).iter().all(is_fine)).then_some("its lines are not indented as Python wants them")
}

fn block(node: Node<'_>, code: &str) -> Option<&'static str> {
    let Some(first) = parts(node).first().copied() else { return Some("a block of it has no lines") };
    let outer = node.parent().map_or(0, column);
    if column(first) <= outer {
        return Some("its lines are not indented as Python wants them");
    }
    misaligned(node, column(first), code)
}

fn has_block(node: Node<'_>) -> bool {
    let is_block = |part: &Node<'_>| part.kind() == "block" && !parts(*part).is_empty();
    parts(node).iter().any(is_block)
}

/// Returns whether an `else` or `except` stands below what it belongs to.
fn is_clause(node: Node<'_>, code: &str) -> bool {
    starts_line(node, code) && node.parent().is_some_and(|parent| column(parent) == column(node))
}

fn is_caught(node: Node<'_>) -> bool {
    let clauses = parts(node);
    let catching: Vec<&Node<'_>> = clauses.iter().filter(|part| part.kind() == "except_clause").collect();
    let is_bare = |clause: &&Node<'_>| parts(**clause).len() == 1;
    let is_last = catching.iter().rev().skip(1).all(|clause| !is_bare(clause));
    let has = |kind| clauses.iter().any(|part| part.kind() == kind);
    let is_closed =
        !has("finally_clause") || clauses.last().is_some_and(|last| last.kind() == "finally_clause");
    is_last && is_closed && (!catching.is_empty() || has("finally_clause") && !has("else_clause"))
}

/// Returns whether an `except` names one class or tuple at most, and binds a plain name.
fn catches(node: Node<'_>) -> bool {
    let is_group = node.children(&mut node.walk()).any(|part| part.kind() == "*");
    let caught: Vec<Node<'_>> = parts(node).into_iter().filter(|part| part.kind() != "block").collect();
    let names_one = |part: &Node<'_>| {
        let target = part.child_by_field_name("alias").and_then(|target| target.named_child(0));
        part.kind() != "as_pattern" || target.is_some_and(|target| target.kind() == "identifier")
    };
    !is_group && caught.len() <= 1 && caught.iter().all(names_one)
}

fn is_statement(node: Node<'_>) -> bool {
    is_parent(node, &["expression_statement"])
}

/// Returns whether what stands to the right of `=` is a value, and not another statement.
fn is_value(node: Node<'_>) -> bool {
    let odd = ["assignment", "augmented_assignment", "pattern_list", "yield"];
    node.child_by_field_name("right").is_some_and(|right| !odd.contains(&right.kind()))
}

fn is_assignment(node: Node<'_>) -> bool {
    if node.child_by_field_name("type").is_some() {
        return is_statement(node) && has_kind(node, "left", &["identifier"]) && is_value(node);
    }
    is_parent(node, &["expression_statement", "assignment"])
        && (is_value(node)
            || node.child_by_field_name("right").is_some_and(|right| {
                right.kind() == "assignment" && right.child_by_field_name("type").is_none()
            }))
}

fn arguments(list: Node<'_>, code: &str) -> Option<&'static str> {
    let mut names = BTreeSet::new();
    for argument in parts(list) {
        if argument.kind() == "keyword_argument" {
            let name = argument.child_by_field_name("name").and_then(|name| code.get(name.byte_range()));
            if !names.insert(name) {
                return Some("it passes one name twice");
            }
        } else if !names.is_empty() {
            return Some("it passes something by position after something by name");
        }
    }
    None
}

/// Top-level code may await where somebody lets it; what has a scope of its own there may not.
fn awaited(node: Node<'_>) -> Option<&'static str> {
    let operands = ["call", "identifier", "attribute", "subscript", "parenthesized_expression"];
    let scopes = ["lambda", "generator_expression", "list_comprehension", "set_comprehension"];
    let around = std::iter::successors(node.parent(), Node::parent);
    let is_scoped = around
        .into_iter()
        .any(|outer| scopes.contains(&outer.kind()) || outer.kind() == "dictionary_comprehension");
    let is_fine = parts(node).iter().all(|part| operands.contains(&part.kind())) && !is_scoped;
    (!is_fine).then_some(NOT_PYTHON)
}

/// Returns the letters before the quotes of a string.
fn prefix<'c>(string: Node<'_>, code: &'c str) -> &'c str {
    let text = code.get(string.byte_range()).unwrap_or("");
    text.split(['"', '\'']).next().unwrap_or("")
}

fn is_bytes(string: Node<'_>, code: &str) -> bool {
    prefix(string, code).contains(['b', 'B'])
}

fn is_string(node: Node<'_>, code: &str) -> bool {
    let text = code.get(node.byte_range()).unwrap_or("");
    let prefix = prefix(node, code);
    let is_raw = prefix.contains(['r', 'R']);
    let known = ["", "b", "br", "f", "fr", "r", "rb", "rf", "u"];
    let is_readable = known.contains(&prefix.to_lowercase().as_str())
        && (!is_bytes(node, code) || text.is_ascii())
        && text.get(prefix.len()..).is_some_and(|rest| rest.starts_with(['"', '\'']))
        && !text.contains('\n');
    // A backslash means what everybody knows, or the string is not shown.
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let is_escape = letter == '\\' && !is_raw;
        if is_escape && !letters.next().is_some_and(|next| "\\'\"ntr".contains(next)) {
            return false;
        }
    }
    is_readable
}

/// Returns whether digits are a number of Python 3.
fn is_number(text: &str) -> bool {
    let text = text.to_lowercase();
    let is_run = |digits: &str, radix: u32| {
        let parts = digits.split('_');
        digits.len() < 300
            && parts
                .into_iter()
                .all(|part| !part.is_empty() && part.chars().all(|digit| digit.is_digit(radix)))
    };
    for (begin, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = text.strip_prefix(begin) {
            return is_run(rest.strip_prefix('_').unwrap_or(rest), radix);
        }
    }
    let real = text.strip_suffix('j').unwrap_or(&text);
    let (mantissa, exponent) =
        real.split_once('e').map_or((real, None), |(digits, rest)| (digits, Some(rest)));
    if exponent.is_some_and(|exponent| !is_run(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10)) {
        return false;
    }
    match mantissa.split_once('.') {
        Some((whole, rest)) => {
            (is_run(whole, 10) || whole.is_empty() && !rest.is_empty())
                && (rest.is_empty() || is_run(rest, 10))
        }
        None => is_run(mantissa, 10) && (mantissa == "0" || !mantissa.starts_with('0')),
    }
}

fn is_import(text: &str) -> bool {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let mut names = words.filter(|word| !word.is_empty() && !matches!(*word, "import" | "from" | "as"));
    // `from a import b.c` takes nothing.
    let taken =
        text.strip_prefix("from").and_then(|_| text.split_once(" import ")).map_or("", |(_, taken)| taken);
    !text.trim_end().ends_with(',')
        && !taken.contains('.')
        && !text.contains(['*', '\\', '#', '\n'])
        && names.all(|word| !is_keyword(word))
}
