//! The node kinds and fields of tree-sitter-python that a metric asks for.

use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::Node;

use super::super::grammar::language;

/// A node kind, as far as a metric depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Construct {
    And,
    Assert,
    Assignment,
    Attribute,
    BinaryOperator,
    Block,
    BooleanOperator,
    Call,
    Case,
    CasePattern,
    Class,
    Comment,
    Comparison,
    ComplexPattern,
    Concatenated,
    Conditional,
    Continuation,
    Decorated,
    Decorator,
    DefaultParameter,
    Elif,
    Ellipsis,
    Else,
    Except,
    ExpressionStatement,
    False,
    For,
    ForIn,
    Function,
    FutureImport,
    Identifier,
    If,
    IfClause,
    Import,
    ImportFrom,
    KeywordArgument,
    KeywordPattern,
    Lambda,
    Match,
    MemberType,
    Named,
    None,
    NotOperator,
    Number,
    Or,
    Parameters,
    Parenthesized,
    Pattern,
    Return,
    Scoping,
    Sequence,
    String,
    Target,
    True,
    Try,
    TuplePattern,
    Type,
    TypedParameter,
    Unary,
    UnionType,
    UpdatingAssignment,
    While,
    With,
    Other,
}

impl Construct {
    /// Whether it matters in which field of this construct something stands.
    pub(super) fn has_fields(self) -> bool {
        matches!(
            self,
            Self::Assignment
                | Self::Attribute
                | Self::Class
                | Self::DefaultParameter
                | Self::Except
                | Self::For
                | Self::ForIn
                | Self::Function
                | Self::KeywordArgument
                | Self::KeywordPattern
                | Self::MemberType
                | Self::Named
                | Self::UpdatingAssignment
        )
    }
}

const NAMED: &[(&str, Construct)] = &[
    ("as_pattern_target", Construct::Target),
    ("assert_statement", Construct::Assert),
    ("assignment", Construct::Assignment),
    ("attribute", Construct::Attribute),
    ("augmented_assignment", Construct::UpdatingAssignment),
    ("binary_operator", Construct::BinaryOperator),
    ("block", Construct::Block),
    ("boolean_operator", Construct::BooleanOperator),
    ("call", Construct::Call),
    ("case_clause", Construct::Case),
    ("case_pattern", Construct::CasePattern),
    ("class_definition", Construct::Class),
    ("comment", Construct::Comment),
    ("comparison_operator", Construct::Comparison),
    ("complex_pattern", Construct::ComplexPattern),
    ("concatenated_string", Construct::Concatenated),
    ("conditional_expression", Construct::Conditional),
    ("decorated_definition", Construct::Decorated),
    ("decorator", Construct::Decorator),
    ("default_parameter", Construct::DefaultParameter),
    ("dictionary_splat_pattern", Construct::Pattern),
    ("elif_clause", Construct::Elif),
    ("ellipsis", Construct::Ellipsis),
    ("else_clause", Construct::Else),
    ("except_clause", Construct::Except),
    ("expression_statement", Construct::ExpressionStatement),
    ("false", Construct::False),
    ("float", Construct::Number),
    ("for_in_clause", Construct::ForIn),
    ("for_statement", Construct::For),
    ("function_definition", Construct::Function),
    ("future_import_statement", Construct::FutureImport),
    ("global_statement", Construct::Scoping),
    ("identifier", Construct::Identifier),
    ("if_clause", Construct::IfClause),
    ("if_statement", Construct::If),
    ("import_from_statement", Construct::ImportFrom),
    ("import_statement", Construct::Import),
    ("integer", Construct::Number),
    ("keyword_argument", Construct::KeywordArgument),
    ("keyword_pattern", Construct::KeywordPattern),
    ("lambda", Construct::Lambda),
    ("lambda_parameters", Construct::Parameters),
    ("line_continuation", Construct::Continuation),
    ("list", Construct::Sequence),
    ("list_pattern", Construct::Pattern),
    ("list_splat_pattern", Construct::Pattern),
    ("match_statement", Construct::Match),
    ("member_type", Construct::MemberType),
    ("named_expression", Construct::Named),
    ("none", Construct::None),
    ("nonlocal_statement", Construct::Scoping),
    ("not_operator", Construct::NotOperator),
    ("parameters", Construct::Parameters),
    ("parenthesized_expression", Construct::Parenthesized),
    ("pattern_list", Construct::Pattern),
    ("return_statement", Construct::Return),
    ("string", Construct::String),
    ("true", Construct::True),
    ("try_statement", Construct::Try),
    ("tuple", Construct::Sequence),
    ("tuple_pattern", Construct::TuplePattern),
    ("type", Construct::Type),
    ("typed_default_parameter", Construct::DefaultParameter),
    ("typed_parameter", Construct::TypedParameter),
    ("unary_operator", Construct::Unary),
    ("union_type", Construct::UnionType),
    ("while_statement", Construct::While),
    ("with_statement", Construct::With),
];

const ANONYMOUS: &[(&str, Construct)] = &[("and", Construct::And), ("or", Construct::Or)];

/// One entry per kind id of the grammar, so that telling kinds apart is one look-up.
static TABLE: LazyLock<Vec<Construct>> = LazyLock::new(|| {
    let mut table = vec![Construct::Other; language().node_kind_count()];
    for (index, entry) in table.iter_mut().enumerate() {
        let Ok(id) = u16::try_from(index) else { break };
        let Some(name) = language().node_kind_for_id(id) else { continue };
        let rows = if language().node_kind_is_named(id) { NAMED } else { ANONYMOUS };
        if let Some((_, construct)) = rows.iter().find(|(kind, _)| *kind == name) {
            *entry = *construct;
        }
    }
    table
});

/// Returns the kind of a node; an error is `Other`.
pub(super) fn construct(node: Node<'_>) -> Construct {
    TABLE.get(usize::from(node.kind_id())).copied().unwrap_or(Construct::Other)
}

/// The number of a field in the grammar; `None` is no field.
pub(super) type Field = Option<NonZeroU16>;

/// The fields that are asked for by number, because a name costs a comparison of text per child.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) alias: Field,
    pub(super) argument: Field,
    pub(super) attribute: Field,
    pub(super) body: Field,
    pub(super) definition: Field,
    pub(super) function: Field,
    pub(super) left: Field,
    pub(super) module_name: Field,
    pub(super) name: Field,
    pub(super) object: Field,
    pub(super) operator: Field,
    pub(super) right: Field,
}

/// The fields of the grammar.
pub(super) static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    let field = |name| language().field_id_for_name(name);
    Fields {
        alias: field("alias"),
        argument: field("argument"),
        attribute: field("attribute"),
        body: field("body"),
        definition: field("definition"),
        function: field("function"),
        left: field("left"),
        module_name: field("module_name"),
        name: field("name"),
        object: field("object"),
        operator: field("operator"),
        right: field("right"),
    }
});

/// Returns the child of a node that stands in a field.
pub(super) fn child(node: Node<'_>, field: Field) -> Option<Node<'_>> {
    node.child_by_field_id(field?.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_has_every_kind_and_field_that_is_asked_for() {
        for (rows, named) in [(NAMED, true), (ANONYMOUS, false)] {
            for (name, _) in rows {
                assert_ne!(language().id_for_node_kind(name, named), 0, "{name}");
            }
        }
        let fields = format!("{:?}", *FIELDS);
        assert!(!fields.contains("None"), "{fields}");
    }
}
