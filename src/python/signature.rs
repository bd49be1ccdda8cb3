//! Parameters and annotations of a function.

use tree_sitter::Node;

use super::annotation::TypeExpression;
use super::grammar::{Syntax, syntax};
use super::span::Span;

/// The parameters and the return annotation of a function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// The parameters in order, `self` and `cls` included.
    pub parameters: Vec<Parameter>,
    /// The return annotation as written.
    pub returns: Option<String>,
    /// Whether the first parameter is bound by the call: `self` or `cls` of a method.
    pub has_receiver: bool,
}

/// How arguments reach a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// Before `/`.
    PositionalOnly,
    /// By position or by name.
    Positional,
    /// `*args`.
    VarPositional,
    /// After `*` or `*args`.
    KeywordOnly,
    /// `**kwargs`.
    VarKeyword,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name without stars.
    pub name: String,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// The annotation as written.
    pub annotation: Option<String>,
    /// The default as written.
    pub default: Option<String>,
    /// The whole parameter.
    pub span: Span,
}

impl Parameter {
    /// Returns the name as docstrings write it: with its stars.
    #[must_use]
    pub fn display_name(&self) -> String {
        match self.kind {
            ParameterKind::VarPositional => format!("*{}", self.name),
            ParameterKind::VarKeyword => format!("**{}", self.name),
            _ => self.name.clone(),
        }
    }

    /// Returns the annotation as a type; `None` without one, or when it is none that can be compared.
    #[must_use]
    pub fn annotated_type(&self) -> Option<TypeExpression> {
        self.annotation.as_deref().and_then(TypeExpression::parse)
    }
}

impl Signature {
    /// Returns the parameters that callers pass: all but `self` or `cls`.
    #[must_use]
    pub fn callers_parameters(&self) -> &[Parameter] {
        let from = usize::from(self.has_receiver).min(self.parameters.len());
        &self.parameters[from..]
    }

    /// Returns the return annotation as a type; `None` without one, or when it is none that can be compared.
    #[must_use]
    pub fn returned_type(&self) -> Option<TypeExpression> {
        self.returns.as_deref().and_then(TypeExpression::parse)
    }

    /// Returns whether the return annotation says that nothing comes back.
    #[must_use]
    pub fn returns_nothing(&self) -> bool {
        matches!(
            self.returns.as_deref().map(str::trim),
            Some("None" | "NoReturn" | "Never" | "typing.NoReturn" | "typing.Never")
        )
    }
}

/// Reads the signature of a `function_definition` node.
pub(super) fn read(node: Node<'_>, text: &str, bound: bool) -> Signature {
    let mut signature = Signature {
        returns: node.child_by_field_name("return_type").map(|node| text_of(node, text)),
        ..Signature::default()
    };
    if let Some(parameters) = node.child_by_field_name("parameters") {
        signature.parameters = read_parameters(parameters, text);
    }
    signature.has_receiver = bound
        && signature.parameters.first().is_some_and(|first| {
            matches!(first.kind, ParameterKind::Positional | ParameterKind::PositionalOnly)
        });
    signature
}

fn read_parameters(list: Node<'_>, text: &str) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut after_star = false;
    let mut cursor = list.walk();
    for node in list.named_children(&mut cursor) {
        match syntax(node) {
            Syntax::PositionalSeparator => {
                for parameter in &mut parameters {
                    parameter.kind = ParameterKind::PositionalOnly;
                }
                continue;
            }
            Syntax::KeywordSeparator => {
                after_star = true;
                continue;
            }
            Syntax::Comment | Syntax::Error => continue,
            _ => {}
        }
        let (target, annotation, default) = match syntax(node) {
            Syntax::TypedParameter => (node.named_child(0), node.child_by_field_name("type"), None),
            Syntax::DefaultParameter | Syntax::TypedDefaultParameter => (
                node.child_by_field_name("name"),
                node.child_by_field_name("type"),
                node.child_by_field_name("value"),
            ),
            _ => (Some(node), None, None),
        };
        let Some(target) = target else { continue };
        let (name, kind) = match syntax(target) {
            Syntax::ListSplat => (target.named_child(0), ParameterKind::VarPositional),
            Syntax::DictionarySplat => (target.named_child(0), ParameterKind::VarKeyword),
            _ if after_star => (Some(target), ParameterKind::KeywordOnly),
            _ => (Some(target), ParameterKind::Positional),
        };
        let Some(name) = name else { continue };
        after_star |= kind == ParameterKind::VarPositional;
        parameters.push(Parameter {
            name: text_of(name, text),
            kind,
            annotation: annotation.map(|node| text_of(node, text)),
            default: default.map(|node| text_of(node, text)),
            span: Span::new(node.start_byte(), node.end_byte()),
        });
    }
    parameters
}

fn text_of(node: Node<'_>, text: &str) -> String {
    text.get(node.byte_range()).unwrap_or("").to_owned()
}
