//! What a `raise` statement raises.

use tree_sitter::Node;

use super::collect::{Collector, source};
use super::header::{first_part, is_layout, without_brackets};
use crate::python::body::{Raise, RaiseOrigin, looks_like_class};
use crate::python::grammar::{Field, Syntax, child, syntax};
use crate::python::literal;
use crate::python::span::Span;

/// How many different classes in variables are remembered per definition; no function that people wrote has as many.
const MOST_MADE: usize = 64;

impl Collector {
    /// Notes a `raise` statement.
    pub(super) fn raise(&mut self, node: Node<'_>, text: &str, span: Span) {
        let mut cause = child(node, Field::Cause);
        let Some(mut raised) = first_part(node).filter(|raised| cause != Some(*raised)) else {
            for raise in self.handlers.caught(span) {
                self.push_raise(raise);
            }
            return;
        };
        let mut message = None;
        if syntax(raised) == Syntax::ExpressionList {
            // Python 2: `raise Class, "message"`.
            let mut cursor = raised.walk();
            let mut parts = raised.named_children(&mut cursor).filter(|part| !is_layout(*part));
            let (Some(first), second) = (parts.next(), parts.next()) else { return };
            message = second;
            raised = first;
        }
        let cause = cause.take().map(|cause| Span::new(cause.start_byte(), cause.end_byte()));
        let mut either = vec![raised];
        while let Some(raised) = either.pop().and_then(without_brackets) {
            if syntax(raised) == Syntax::Conditional {
                // `raise A if x else B`
                let mut cursor = raised.walk();
                let parts: Vec<Node<'_>> =
                    raised.named_children(&mut cursor).filter(|part| !is_layout(*part)).collect();
                if let [one, _, other] = parts.as_slice() {
                    either.extend([*other, *one]);
                }
                continue;
            }
            if syntax(raised) == Syntax::None {
                continue;
            }
            let name = source(raised, text);
            let found = if syntax(raised) == Syntax::Identifier && !looks_like_class(name) {
                self.variable(name, text, span)
            } else {
                vec![raise_of(raised, message, text, span)]
            };
            for raise in found {
                self.push_raise(Raise { cause, ..raise });
            }
        }
    }

    /// `raise error`: what a handler caught under that name, or what was put there before.
    fn variable(&self, name: &str, text: &str, span: Span) -> Vec<Raise> {
        let nothing = Raise { origin: RaiseOrigin::Variable, ..Raise::unknown(span) };
        let made = self.made.iter().filter(|(variable, _)| variable.of(text) == name);
        let mut found: Vec<Raise> = made
            .map(|(_, call)| {
                let class = called(*call, text);
                let exception = looks_like_class(class).then(|| class.to_owned());
                Raise { exception, ..nothing.clone() }
            })
            .collect();
        found.extend(self.handlers.caught_as(name, span).into_iter().flatten());
        if found.is_empty() { vec![nothing] } else { found }
    }

    /// Notes that a class is called and the outcome put into a variable, once for each class.
    pub(super) fn remember(&mut self, variable: Span, call: Span, text: &str) {
        let is_known = self.made.iter().any(|(other, made)| {
            other.of(text) == variable.of(text) && called(*made, text) == called(call, text)
        });
        if !is_known && self.made.len() < MOST_MADE {
            self.made.push((variable, call));
        }
    }

    fn push_raise(&mut self, raise: Raise) {
        if let Some(raise) = self.handlers.pass(raise) {
            self.body.raises.push(raise);
        }
    }
}

/// Returns the source of what is called.
fn called(call: Span, text: &str) -> &str {
    call.of(text).split('(').next().unwrap_or("").trim()
}

/// Reads the class and the message of what is raised.
fn raise_of(raised: Node<'_>, message: Option<Node<'_>>, text: &str, span: Span) -> Raise {
    let (class, argument) = match syntax(raised) {
        Syntax::Call => {
            (child(raised, Field::Function), child(raised, Field::Arguments).and_then(first_part))
        }
        _ => (Some(raised), message),
    };
    let exception = class.map(|class| source(class, text)).filter(|name| looks_like_class(name));
    let message = argument.and_then(|argument| match syntax(argument) {
        Syntax::String => Some(literal::Parts::of(source(argument, text))?.read()?.value),
        Syntax::Concatenated => literal::concatenated(argument, text),
        _ => None,
    });
    Raise {
        span,
        origin: RaiseOrigin::Named,
        exception: exception.map(str::to_owned),
        argument: argument.map(|argument| Span::new(argument.start_byte(), argument.end_byte())),
        message,
        cause: None,
    }
}
