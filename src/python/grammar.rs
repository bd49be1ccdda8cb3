//! The node kinds of tree-sitter-python that docgate tells apart.

use std::sync::LazyLock;

use tree_sitter::{Language, Node};

use super::span::Span;

/// A node kind, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Argument,
    Arrow,
    AsPattern,
    AsTarget,
    Assert,
    Assignment,
    Async,
    Attribute,
    AugmentedAssignment,
    Await,
    BinaryOperator,
    Block,
    Break,
    Call,
    CaseClause,
    Class,
    Colon,
    Comma,
    Comment,
    Comparison,
    Concatenated,
    Conditional,
    Continuation,
    Continue,
    Decorated,
    Decorator,
    Delete,
    DefaultParameter,
    DictionarySplat,
    ElifClause,
    ElseClause,
    Error,
    EscapeInterpolation,
    ExceptClause,
    ExpressionList,
    ExpressionStatement,
    FinallyClause,
    Float,
    For,
    FormatSpecifier,
    ForInClause,
    From,
    Function,
    FutureImport,
    Identifier,
    If,
    Import,
    Integer,
    Interpolation,
    Is,
    KeywordArgument,
    ImportFrom,
    KeywordSeparator,
    Lambda,
    ListPattern,
    ListSplat,
    Match,
    NamedExpression,
    OpenBracket,
    Parameters,
    Parenthesis,
    Parenthesized,
    Pass,
    PatternList,
    PositionalSeparator,
    Raise,
    Return,
    Separator,
    Splat,
    String,
    StringContent,
    StringDelimiter,
    Subscript,
    Try,
    Tuple,
    TuplePattern,
    Type,
    TypeParameter,
    TypedDefaultParameter,
    TypedParameter,
    UnaryOperator,
    While,
    With,
    Wildcard,
    Yield,
    GenericType,
    UnionType,
    SplatType,
    ConstrainedType,
    MemberType,
    CasePattern,
    FormatExpression,
    Print,
    WithItem,
    None,
    Generator,
    /// Any other named node.
    Other,
    /// Any other keyword or punctuation.
    Token,
}

const NAMED: &[(&str, Syntax)] = &[
    ("argument_list", Syntax::Argument),
    ("as_pattern", Syntax::AsPattern),
    ("as_pattern_target", Syntax::AsTarget),
    ("assert_statement", Syntax::Assert),
    ("assignment", Syntax::Assignment),
    ("attribute", Syntax::Attribute),
    ("augmented_assignment", Syntax::AugmentedAssignment),
    ("await", Syntax::Await),
    ("binary_operator", Syntax::BinaryOperator),
    ("block", Syntax::Block),
    ("break_statement", Syntax::Break),
    ("call", Syntax::Call),
    ("case_clause", Syntax::CaseClause),
    ("class_definition", Syntax::Class),
    ("comment", Syntax::Comment),
    ("comparison_operator", Syntax::Comparison),
    ("concatenated_string", Syntax::Concatenated),
    ("conditional_expression", Syntax::Conditional),
    ("continue_statement", Syntax::Continue),
    ("line_continuation", Syntax::Continuation),
    ("decorated_definition", Syntax::Decorated),
    ("decorator", Syntax::Decorator),
    ("default_parameter", Syntax::DefaultParameter),
    ("delete_statement", Syntax::Delete),
    ("dictionary_splat", Syntax::Splat),
    ("dictionary_splat_pattern", Syntax::DictionarySplat),
    ("elif_clause", Syntax::ElifClause),
    ("else_clause", Syntax::ElseClause),
    ("escape_interpolation", Syntax::EscapeInterpolation),
    ("except_clause", Syntax::ExceptClause),
    ("expression_list", Syntax::ExpressionList),
    ("expression_statement", Syntax::ExpressionStatement),
    ("finally_clause", Syntax::FinallyClause),
    ("float", Syntax::Float),
    ("for_in_clause", Syntax::ForInClause),
    ("for_statement", Syntax::For),
    ("format_specifier", Syntax::FormatSpecifier),
    ("function_definition", Syntax::Function),
    ("future_import_statement", Syntax::FutureImport),
    ("identifier", Syntax::Identifier),
    ("if_statement", Syntax::If),
    ("integer", Syntax::Integer),
    ("interpolation", Syntax::Interpolation),
    ("keyword_argument", Syntax::KeywordArgument),
    ("import_from_statement", Syntax::ImportFrom),
    ("import_statement", Syntax::Import),
    ("keyword_separator", Syntax::KeywordSeparator),
    ("lambda", Syntax::Lambda),
    ("list_pattern", Syntax::ListPattern),
    ("list_splat", Syntax::Splat),
    ("list_splat_pattern", Syntax::ListSplat),
    ("match_statement", Syntax::Match),
    ("named_expression", Syntax::NamedExpression),
    ("parameters", Syntax::Parameters),
    ("parenthesized_expression", Syntax::Parenthesized),
    ("pass_statement", Syntax::Pass),
    ("pattern_list", Syntax::PatternList),
    ("positional_separator", Syntax::PositionalSeparator),
    ("raise_statement", Syntax::Raise),
    ("return_statement", Syntax::Return),
    ("string", Syntax::String),
    ("string_content", Syntax::StringContent),
    ("string_end", Syntax::StringDelimiter),
    ("string_start", Syntax::StringDelimiter),
    ("subscript", Syntax::Subscript),
    ("try_statement", Syntax::Try),
    ("tuple", Syntax::Tuple),
    ("tuple_pattern", Syntax::TuplePattern),
    ("type", Syntax::Type),
    ("type_parameter", Syntax::TypeParameter),
    ("typed_default_parameter", Syntax::TypedDefaultParameter),
    ("typed_parameter", Syntax::TypedParameter),
    ("unary_operator", Syntax::UnaryOperator),
    ("while_statement", Syntax::While),
    ("with_statement", Syntax::With),
    ("wildcard_import", Syntax::Wildcard),
    ("yield", Syntax::Yield),
    ("generator_expression", Syntax::Generator),
    ("none", Syntax::None),
    ("with_item", Syntax::WithItem),
    ("print_statement", Syntax::Print),
    ("format_expression", Syntax::FormatExpression),
    ("case_pattern", Syntax::CasePattern),
    ("member_type", Syntax::MemberType),
    ("constrained_type", Syntax::ConstrainedType),
    ("splat_type", Syntax::SplatType),
    ("union_type", Syntax::UnionType),
    ("generic_type", Syntax::GenericType),
];

const ANONYMOUS: &[(&str, Syntax)] = &[
    ("(", Syntax::Parenthesis),
    (")", Syntax::Parenthesis),
    (",", Syntax::Comma),
    ("->", Syntax::Arrow),
    (":", Syntax::Colon),
    (";", Syntax::Separator),
    ("[", Syntax::OpenBracket),
    ("async", Syntax::Async),
    ("from", Syntax::From),
    ("is", Syntax::Is),
    ("is not", Syntax::Is),
];

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| tree_sitter_python::LANGUAGE.into());

/// One entry per kind id of the grammar, so that telling kinds apart is one look-up.
static TABLE: LazyLock<Vec<Syntax>> = LazyLock::new(|| {
    let mut table = vec![Syntax::Token; LANGUAGE.node_kind_count()];
    for id in 0..LANGUAGE.node_kind_count() {
        let Ok(id) = u16::try_from(id) else { break };
        let (Some(name), named) = (LANGUAGE.node_kind_for_id(id), LANGUAGE.node_kind_is_named(id)) else {
            continue;
        };
        let rows = if named { NAMED } else { ANONYMOUS };
        let known = rows.iter().find(|(kind, _)| *kind == name);
        let unknown = if named { Syntax::Other } else { Syntax::Token };
        table[usize::from(id)] = known.map_or(unknown, |(_, syntax)| *syntax);
    }
    table
});

/// Returns the grammar.
pub(super) fn language() -> &'static Language {
    &LANGUAGE
}

/// Returns the kind of a node.
pub(super) fn syntax(node: Node<'_>) -> Syntax {
    syntax_of(node, node.kind_id(), Span::new(node.start_byte(), node.end_byte()))
}

/// Returns the kind of a node of which the rest is known already.
pub(super) fn syntax_of(node: Node<'_>, kind_id: u16, span: Span) -> Syntax {
    // Only errors have a kind that the table lacks, and what is missing has no width.
    let Some(kind) = TABLE.get(usize::from(kind_id)) else { return Syntax::Error };
    if span.is_empty() && node.is_missing() { Syntax::Error } else { *kind }
}

/// A field of a node, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Alias,
    Arguments,
    Attribute,
    Body,
    Cause,
    Condition,
    Consequence,
    Definition,
    Function,
    Left,
    ModuleName,
    Name,
    Object,
    Operator,
    Right,
    Type,
    Value,
}

const FIELDS: [(&str, Field); 17] = [
    ("alias", Field::Alias),
    ("arguments", Field::Arguments),
    ("attribute", Field::Attribute),
    ("body", Field::Body),
    ("cause", Field::Cause),
    ("condition", Field::Condition),
    ("consequence", Field::Consequence),
    ("definition", Field::Definition),
    ("function", Field::Function),
    ("left", Field::Left),
    ("module_name", Field::ModuleName),
    ("name", Field::Name),
    ("object", Field::Object),
    ("operator", Field::Operator),
    ("right", Field::Right),
    ("type", Field::Type),
    ("value", Field::Value),
];

/// One entry per field, in their order; the grammar would look for a name among all of its own each time.
static FIELD_IDS: LazyLock<[u16; FIELDS.len()]> =
    LazyLock::new(|| FIELDS.map(|(name, _)| LANGUAGE.field_id_for_name(name).map_or(0, u16::from)));

/// Returns the first child in a field of a node.
pub(super) fn child(node: Node<'_>, field: Field) -> Option<Node<'_>> {
    node.child_by_field_id(FIELD_IDS[field as usize])
}

impl Syntax {
    /// Returns whether the last child of such a node is a closing bracket.
    pub(super) fn ends_with_bracket(self) -> bool {
        matches!(
            self,
            Self::Argument
                | Self::Parameters
                | Self::Parenthesized
                | Self::Subscript
                | Self::Tuple
                | Self::TypeParameter
        )
    }

    /// Returns whether statements stand in such a node, at any depth, or the parts of one that binds names.
    pub(super) fn holds_statements(self) -> bool {
        matches!(
            self,
            Self::Block
                | Self::CaseClause
                | Self::Class
                | Self::Decorated
                | Self::ElifClause
                | Self::ElseClause
                | Self::ExceptClause
                | Self::ExpressionStatement
                | Self::FinallyClause
                | Self::For
                | Self::Function
                | Self::If
                | Self::Match
                | Self::Try
                | Self::While
                | Self::With
        )
    }

    /// Returns whether nodes of this kind are keywords or punctuation, which trees leave out when read aloud.
    pub(super) fn is_anonymous(self) -> bool {
        matches!(
            self,
            Self::Arrow
                | Self::Async
                | Self::Colon
                | Self::Comma
                | Self::From
                | Self::Is
                | Self::OpenBracket
                | Self::Parenthesis
                | Self::Separator
                | Self::Token
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_has_every_kind_and_field_that_is_told_apart() {
        for (place, (name, field)) in FIELDS.into_iter().enumerate() {
            assert_eq!(place, field as usize, "{name}");
            assert_ne!(FIELD_IDS[place], 0, "{name}");
        }
        for (rows, named) in [(NAMED, true), (ANONYMOUS, false)] {
            for (name, _) in rows {
                assert_ne!(LANGUAGE.id_for_node_kind(name, named), 0, "{name}");
            }
        }
    }
}
