//! Parameters and annotations of a function.

use tree_sitter::{Node, TreeCursor};

use super::annotation::TypeExpression;
use super::comments;
use super::grammar::{Field, Syntax, child, syntax};
use super::span::Span;
use super::walk::header::Header;

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

/// Reads the signature of a function; `bound` says that its first parameter is passed by the call.
pub(super) fn read<'tree>(
    header: &Header<'tree>,
    cursor: &mut TreeCursor<'tree>,
    text: &str,
    bound: bool,
) -> Signature {
    let mut signature =
        Signature { returns: header.returns.map(|node| text_of(node, text)), ..Signature::default() };
    if let Some(parameters) = header.parameters {
        signature.parameters = read_parameters(parameters, cursor, text);
    }
    signature.has_receiver = bound
        && signature.parameters.first().is_some_and(|first| {
            matches!(first.kind, ParameterKind::Positional | ParameterKind::PositionalOnly)
        });
    if let Some(comment) = comments::signature(text, header.span.end) {
        signature.annotate(comment);
    }
    signature
}

impl Signature {
    /// Takes over a signature comment: `(int, *str) -> bool`, where there is no annotation.
    fn annotate(&mut self, comment: comments::SignatureComment<'_>) {
        if self.returns.is_none() {
            self.returns = Some(comment.returns.to_owned());
        }
        // A comment may leave `self` out.
        let skipped = self.parameters.len().checked_sub(comment.parameters.len());
        let Some(skipped) = skipped.filter(|skipped| *skipped <= usize::from(self.has_receiver)) else {
            return;
        };
        for (parameter, annotation) in self.parameters.iter_mut().skip(skipped).zip(comment.parameters) {
            parameter.annotation.get_or_insert_with(|| annotation.trim_start_matches('*').to_owned());
        }
    }
}

fn read_parameters<'tree>(list: Node<'tree>, cursor: &mut TreeCursor<'tree>, text: &str) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut after_star = false;
    for node in list.named_children(cursor) {
        let kind = syntax(node);
        match kind {
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
            Syntax::Comment => {
                if let Some(annotation) =
                    comments::type_in(Span::new(node.start_byte(), node.end_byte()), text)
                    && let Some(parameter) = parameters.last_mut()
                    && !text.get(parameter.span.end..node.start_byte()).unwrap_or("").contains('\n')
                {
                    parameter.annotation.get_or_insert_with(|| annotation.of(text).to_owned());
                }
                continue;
            }
            Syntax::Continuation | Syntax::Error => continue,
            _ => {}
        }
        let (target, annotation, default) = match kind {
            Syntax::TypedParameter => (node.named_child(0), child(node, Field::Type), None),
            Syntax::DefaultParameter | Syntax::TypedDefaultParameter => {
                (child(node, Field::Name), child(node, Field::Type), child(node, Field::Value))
            }
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
        if syntax(name) == Syntax::TuplePattern {
            // Python 2: `def f((a, b)):` takes one value and names its parts, which is what is written about.
            let names = text_of(name, text);
            let names =
                names.split(['(', ')', ',', ' ', '\t', '\n', '\r', '\\']).filter(|name| !name.is_empty());
            parameters.extend(names.map(|name| Parameter {
                name: name.to_owned(),
                kind,
                annotation: None,
                default: None,
                span: Span::new(node.start_byte(), node.end_byte()),
            }));
            continue;
        }
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

#[cfg(test)]
mod tests {
    use crate::python::parse;

    #[test]
    fn type_comments_are_annotations() {
        let table = [
            ("def f(a, b):\n    # type: (int, str) -> bool\n    pass\n", "a: int, b: str -> bool"),
            ("def f(a, b):  # type: (int, str) -> bool\n    pass\n", "a: int, b: str -> bool"),
            ("def f(*a, **b):\n    # type: (*int, **str) -> None\n    pass\n", "*a: int, **b: str -> None"),
            ("def f(a, b=1):\n    # type: (...) -> Dict[str, int]\n    pass\n", "a, b -> Dict[str, int]"),
            (
                "def f(a,  # type: int\n      b=None,  # type: Optional[str]\n      ):\n    # type: (...) -> None\n    pass\n",
                "a: int, b: Optional[str] -> None",
            ),
            ("def f(a):\n    # type: (Dict[str, int]) -> x\n    pass\n", "a: Dict[str, int] -> x"),
            ("def f(a: int):\n    # type: (str) -> x\n    pass\n", "a: int -> x"),
            ("def f(a, b):\n    # type: (int) -> x\n    pass\n", "a, b -> x"),
            ("def f(a):  # type: ignore\n    pass\n", "a"),
            ("def f(a):\n    x = 1\n    # type: (int) -> x\n", "a"),
            ("def f(a): # a note\n    # type: (int) -> x\n    pass\n", "a: int -> x"),
            ("def f(a, \\\n      b): pass\n", "a, b"),
            ("def f((a, (b, c)), d): pass\n", "a, b, c, d"),
        ];
        for (source, expected) in table {
            let file = parse(source);
            let signature = &file.definitions[1].signature;
            let parameters: Vec<String> = signature
                .parameters
                .iter()
                .map(|found| {
                    let annotation =
                        found.annotation.as_ref().map_or_else(String::new, |text| format!(": {text}"));
                    format!("{}{annotation}", found.display_name())
                })
                .collect();
            let returns = signature.returns.as_ref().map_or_else(String::new, |text| format!(" -> {text}"));
            assert_eq!(format!("{}{returns}", parameters.join(", ")), expected, "{source}");
        }
        let method = parse("class A:\n    def f(self, a):\n        # type: (int) -> str\n        pass\n");
        assert_eq!(method.definitions[2].signature.parameters[1].annotation.as_deref(), Some("int"));
    }
}
