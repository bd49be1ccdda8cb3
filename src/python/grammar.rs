//! The node kinds of tree-sitter-python that docgate tells apart.

use std::sync::LazyLock;

use tree_sitter::{Language, Node};

/// A node kind, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Argument,
    Assert,
    Assignment,
    AugmentedAssignment,
    Await,
    Block,
    Call,
    Class,
    Comma,
    Comment,
    Concatenated,
    Continuation,
    Decorated,
    Decorator,
    DefaultParameter,
    DictionarySplat,
    Elif,
    Else,
    Error,
    ExceptClause,
    ExpressionList,
    ExpressionStatement,
    Function,
    FutureImport,
    Identifier,
    If,
    Import,
    ImportFrom,
    KeywordSeparator,
    Lambda,
    ListSplat,
    Number,
    Parenthesis,
    Parenthesized,
    Pass,
    PatternList,
    PositionalSeparator,
    Raise,
    Return,
    Separator,
    String,
    StringContent,
    StringDelimiter,
    Subscript,
    Try,
    Tuple,
    TuplePattern,
    TypedDefaultParameter,
    TypedParameter,
    Wildcard,
    Yield,
    Other,
}

const NAMED: &[(&str, Syntax)] = &[
    ("argument_list", Syntax::Argument),
    ("assert_statement", Syntax::Assert),
    ("assignment", Syntax::Assignment),
    ("augmented_assignment", Syntax::AugmentedAssignment),
    ("await", Syntax::Await),
    ("block", Syntax::Block),
    ("call", Syntax::Call),
    ("class_definition", Syntax::Class),
    ("comment", Syntax::Comment),
    ("concatenated_string", Syntax::Concatenated),
    ("line_continuation", Syntax::Continuation),
    ("decorated_definition", Syntax::Decorated),
    ("decorator", Syntax::Decorator),
    ("default_parameter", Syntax::DefaultParameter),
    ("dictionary_splat_pattern", Syntax::DictionarySplat),
    ("elif_clause", Syntax::Elif),
    ("else_clause", Syntax::Else),
    ("except_clause", Syntax::ExceptClause),
    ("expression_list", Syntax::ExpressionList),
    ("expression_statement", Syntax::ExpressionStatement),
    ("function_definition", Syntax::Function),
    ("future_import_statement", Syntax::FutureImport),
    ("identifier", Syntax::Identifier),
    ("if_statement", Syntax::If),
    ("import_from_statement", Syntax::ImportFrom),
    ("import_statement", Syntax::Import),
    ("keyword_separator", Syntax::KeywordSeparator),
    ("lambda", Syntax::Lambda),
    ("list_splat_pattern", Syntax::ListSplat),
    ("integer", Syntax::Number),
    ("float", Syntax::Number),
    ("parenthesized_expression", Syntax::Parenthesized),
    ("pass_statement", Syntax::Pass),
    ("pattern_list", Syntax::PatternList),
    ("positional_separator", Syntax::PositionalSeparator),
    ("raise_statement", Syntax::Raise),
    ("return_statement", Syntax::Return),
    ("string", Syntax::String),
    ("string_content", Syntax::StringContent),
    ("string_start", Syntax::StringDelimiter),
    ("string_end", Syntax::StringDelimiter),
    ("subscript", Syntax::Subscript),
    ("try_statement", Syntax::Try),
    ("tuple", Syntax::Tuple),
    ("tuple_pattern", Syntax::TuplePattern),
    ("typed_default_parameter", Syntax::TypedDefaultParameter),
    ("typed_parameter", Syntax::TypedParameter),
    ("wildcard_import", Syntax::Wildcard),
    ("yield", Syntax::Yield),
];

const ANONYMOUS: &[(&str, Syntax)] =
    &[(",", Syntax::Comma), (";", Syntax::Separator), ("(", Syntax::Parenthesis), (")", Syntax::Parenthesis)];

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_python::LANGUAGE.into());

/// One entry per kind id of the grammar, so that telling kinds apart is one look-up.
static TABLE: LazyLock<Vec<Syntax>> = LazyLock::new(|| {
    let mut table = vec![Syntax::Other; LANGUAGE.node_kind_count()];
    for id in 0..LANGUAGE.node_kind_count() {
        let Ok(id) = u16::try_from(id) else { break };
        let (Some(name), named) = (LANGUAGE.node_kind_for_id(id), LANGUAGE.node_kind_is_named(id)) else {
            continue;
        };
        let rows = if named { NAMED } else { ANONYMOUS };
        if let Some((_, syntax)) = rows.iter().find(|(kind, _)| *kind == name) {
            table[usize::from(id)] = *syntax;
        }
    }
    table
});

/// Returns the grammar.
pub(super) fn language() -> &'static Language {
    &LANGUAGE
}

/// Returns the kind of a node.
pub(super) fn syntax(node: Node<'_>) -> Syntax {
    if node.is_error() || node.is_missing() {
        return Syntax::Error;
    }
    TABLE.get(usize::from(node.kind_id())).copied().unwrap_or(Syntax::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_has_every_kind_that_is_told_apart() {
        for (rows, named) in [(NAMED, true), (ANONYMOUS, false)] {
            for (name, _) in rows {
                assert_ne!(LANGUAGE.id_for_node_kind(name, named), 0, "{name}");
            }
        }
    }
}
