//! What a function can raise: by itself, through the functions of its file, and through what the file does not show.
//!
//! It errs on one side: what is counted as possible may never happen, but what is called impossible does not.

use std::collections::HashSet;

use crate::python::{Call, Callee, Definition, ParsedFile, Span, last_part};

use super::hierarchy::{Kinship, Sight, kinship};
use super::subject::{is_replaced, is_without_code};
use super::tokens::{Token, tokens};

/// What a function can raise.
pub(super) struct Support<'a> {
    sight: Sight<'a>,
    file: &'a ParsedFile,
    /// The classes that are raised, as written, and where the function raises them or calls what does.
    raised: Vec<(String, Span)>,
    /// The classes that built-in operations raise; each stands for what is derived from it, too.
    operations: Vec<&'static str>,
    /// The classes that the code names elsewhere, perhaps to raise them later.
    named: HashSet<String>,
    /// The first place from which something else might come.
    unseen: Option<Span>,
    /// The functions that are still to be looked at.
    pending: Vec<Step<'a>>,
}

/// A function that runs, and where the first one calls it; nothing for the first one itself.
#[derive(Debug, Clone, Copy)]
struct Step<'a> {
    definition: &'a Definition,
    called_at: Option<Span>,
}

/// Whether a documented exception can be raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The code raises it.
    Supported,
    /// It could come from here.
    Possible(Span),
    /// Nothing raises it.
    Refuted,
}

impl<'a> Support<'a> {
    /// Collects what a function can raise.
    pub(super) fn of(sight: Sight<'a>, definition: &'a Definition) -> Self {
        let mut support = Self {
            sight,
            file: sight.file,
            raised: Vec::new(),
            operations: Vec::new(),
            named: HashSet::new(),
            unseen: None,
            pending: vec![Step { definition, called_at: None }],
        };
        let mut visited: HashSet<&str> = HashSet::new();
        while let Some(step) = support.pending.pop() {
            if visited.insert(&step.definition.qualified_name) {
                support.visit(step);
            }
        }
        support
    }

    /// Judges a documented exception.
    pub(super) fn verdict(&self, documented: &str) -> Verdict {
        let short = last_part(documented);
        let derived = |name: &str, base: &str| kinship(self.sight, name, base) == Kinship::Derived;
        let raised = self.raised.iter().any(|(name, _)| derived(name, short));
        let by_operation =
            self.operations.iter().any(|name| derived(name, short) || derived(documented, name));
        if raised || by_operation || self.named.contains(short) {
            return Verdict::Supported;
        }
        let unknown = self.raised.iter().find(|(name, _)| {
            // `OSError(errno.ENOENT, …)` makes a `FileNotFoundError`.
            kinship(self.sight, name, short) == Kinship::Unknown
                || name == "OSError" && derived(documented, name)
        });
        let possible = self.unseen.or(unknown.map(|(_, at)| *at));
        // The interpreter raises these wherever it likes.
        let from_anywhere =
            ["KeyboardInterrupt", "MemoryError", "RecursionError", "SystemError"].contains(&short);
        match possible {
            Some(at) => Verdict::Possible(at),
            None if from_anywhere => Verdict::Supported,
            None => Verdict::Refuted,
        }
    }

    fn visit(&mut self, step: Step<'a>) {
        let Step { definition: current, called_at } = step;
        let file = self.file;
        if is_replaced(current) || called_at.is_some() && is_without_code(current) {
            self.unseen(called_at.unwrap_or(current.name_span));
        }
        self.statements(current, called_at);
        let code = code_of(file, current);
        let words = tokens(code, current.header.end);
        self.operations(&words, step);
        if ["f\"", "f'", "F\"", "F'"].iter().any(|opening| code.contains(opening)) {
            // What is formatted says itself how.
            self.unseen(called_at.unwrap_or(current.name_span));
        }
        for call in &current.body.calls {
            // A helper's own calls are reported where the function calls the helper.
            let at = called_at.unwrap_or(call.span);
            let found = callees(file, current, call, &words);
            if found.is_empty() {
                self.foreign_call(current, call, at);
            }
            self.pending
                .extend(found.into_iter().map(|found| Step { definition: found, called_at: Some(at) }));
        }
        // A function includes the functions inside it: what they raise is often what is documented.
        let inside = file
            .definitions
            .iter()
            .filter(|found| found.kind.is_function() && is_inside(file, found, current));
        self.pending.extend(inside.map(|found| Step { definition: found, called_at }));
    }

    fn unseen(&mut self, at: Span) {
        self.unseen.get_or_insert(at);
    }

    fn statements(&mut self, definition: &Definition, called_at: Option<Span>) {
        let body = &definition.body;
        for raise in &body.raises {
            let at = called_at.unwrap_or(raise.span);
            if let Some(exception) = &raise.exception {
                self.raised.push((exception.clone(), at));
            } else {
                // `raise error` and `raise struct.error`: the words may be those that the docstring uses.
                let words = tokens(raise.span.of(&self.file.text), 0);
                self.named.extend(words.iter().map(|word| word.text.to_owned()));
                self.unseen(at);
            }
        }
        if !body.asserts.is_empty() {
            self.operations.push("AssertionError");
        }
        if let Some(unseen) = body.unseen {
            self.unseen(called_at.unwrap_or(unseen));
        }
        if body.is_generator() {
            self.operations.extend(["StopIteration", "GeneratorExit"]);
        }
    }

    fn operations(&mut self, words: &[Token<'_>], step: Step<'a>) {
        let text = |index: usize| words.get(index).map_or("", |word| word.text);
        let mut stopped = false;
        for (index, word) in words.iter().enumerate() {
            let at = step.called_at.unwrap_or(Span::new(word.start, word.start + word.text.len()));
            let before = index.checked_sub(1).map_or("", text);
            match word.text {
                "except" | "raise" => stopped = true,
                // What follows the colon of an `except` is code again, and so is the next statement.
                ":" if word.depth == 0 => stopped = false,
                "with" | "for" | "yield" | "lambda" | "await" => self.unseen(at),
                "import" => {
                    self.operations.push("ImportError");
                    self.unseen(at);
                }
                "[" if is_value(before) => self.operations.extend(["LookupError", "TypeError"]),
                // What an operator does, its operands decide, and the file seldom shows what they are.
                "/" | "//" | "%" | "/=" | "//=" | "%=" | "+" | "-" | "*" | "**" | "<<" | ">>" | "@"
                | "+=" | "-=" | "*=" | "**=" | "|" | "&" | "^" | "|=" | "&=" | "^=" => {
                    self.operations.extend(["ArithmeticError", "TypeError", "ValueError"]);
                    self.unseen(at);
                }
                "<" | ">" | "<=" | ">=" | "==" | "!=" | "in" => {
                    self.operations.push("TypeError");
                    self.unseen(at);
                }
                "=" if word.depth == 0 && index >= 2 && text(index - 2) == "," => {
                    self.operations.extend(["TypeError", "ValueError"]);
                }
                "." if is_value(before) && !text(index + 1).is_empty() => {
                    self.operations.push("AttributeError");
                    if text(index + 2) != "(" {
                        self.attribute(before, text(index + 1), Step { called_at: Some(at), ..step });
                    }
                }
                name if !stopped && name.starts_with(char::is_uppercase) => {
                    self.named.insert(name.to_owned());
                }
                _ => {}
            }
            let next = words.get(index + 1).map_or(word.start, |next| next.start);
            let gap = self.file.text.get(word.start..next).unwrap_or("");
            if word.depth == 0 && gap.contains('\n') {
                stopped = false;
            }
        }
    }

    /// Reading and setting an attribute may run a property.
    fn attribute(&mut self, object: &str, name: &str, step: Step<'a>) {
        let Step { definition, called_at } = step;
        let at = called_at.unwrap_or(definition.name_span);
        // Members of classes and classes of modules are plain values as a rule.
        if object.starts_with(char::is_uppercase) || name.starts_with(char::is_uppercase) {
            return;
        }
        let receiver = definition.signature.parameters.first().filter(|_| definition.signature.has_receiver);
        let owner = self.file.parent(definition).filter(|owner| owner.kind.is_class());
        let (Some(owner), true) = (owner, receiver.is_some_and(|receiver| receiver.name == object)) else {
            self.unseen(at);
            return;
        };
        let special = ["__getattr__", "__getattribute__", "__setattr__"];
        let is_special = special.iter().any(|name| !variants(self.file, &member(owner, name)).is_empty());
        let own = variants(self.file, &member(owner, name));
        if is_special || own.is_empty() && !self.file.bases(owner).is_empty() {
            self.unseen(at);
        }
        let functions = own.into_iter().filter(|found| found.kind.is_function());
        self.pending.extend(functions.map(|found| Step { definition: found, called_at: Some(at) }));
    }

    /// A call of something that the file does not define.
    fn foreign_call(&mut self, current: &Definition, call: &Call, at: Span) {
        let source = call.span.of(&self.file.text);
        let name = source.split('(').next().unwrap_or("").trim();
        let known: &[&'static str] = match name {
            "int" | "float" | "complex" | "bytes" | "range" | "chr" => {
                &["TypeError", "ValueError", "OverflowError"]
            }
            "len" | "ord" | "hash" | "iter" | "sorted" | "sum" | "min" | "max" => {
                &["TypeError", "ValueError"]
            }
            "open" => &["OSError", "ValueError"],
            "next" | "anext" => &["StopIteration", "StopAsyncIteration"],
            "getattr" | "setattr" | "delattr" => &["AttributeError"],
            "exit" | "quit" | "sys.exit" => &["SystemExit"],
            "input" => &["EOFError", "KeyboardInterrupt"],
            "__import__" | "import_module" | "importlib.import_module" => &["ImportError"],
            _ => &[],
        };
        self.operations.extend(known);
        if !is_raised(self.file, current, call) && !is_harmless(current, call) {
            self.unseen(at);
        }
    }
}

/// Making an exception to raise it is not a call that may raise; what its arguments call is.
fn is_raised(file: &ParsedFile, definition: &Definition, call: &Call) -> bool {
    definition.body.raises.iter().any(|raise| {
        let source = raise.span.of(&file.text);
        let after = source.strip_prefix("raise").map_or(0, |rest| rest.len() - rest.trim_start().len() + 5);
        raise.exception.is_some() && raise.span.start + after == call.span.start
    })
}

/// Built-in functions that raise nothing a docstring would name, whatever they are given.
fn is_harmless(current: &Definition, call: &Call) -> bool {
    let Callee::Name(name) = &call.callee else { return false };
    let builtin = matches!(name.as_str(), "isinstance" | "issubclass" | "id" | "callable" | "super" | "type");
    builtin && !current.signature.parameters.iter().any(|parameter| parameter.name == *name)
}

/// Returns the definitions that a call may reach; none when the file does not show them.
fn callees<'a>(
    file: &'a ParsedFile,
    from: &Definition,
    call: &Call,
    words: &[Token<'_>],
) -> Vec<&'a Definition> {
    let found = match &call.callee {
        Callee::Name(name) => {
            let parameter = from.signature.parameters.iter().any(|parameter| parameter.name == *name);
            let assigned =
                words.windows(2).any(|pair| pair[0].text == name && matches!(pair[1].text, "=" | ":="));
            if parameter || assigned {
                return Vec::new();
            }
            let inside = variants(file, &member(from, name));
            if inside.is_empty() { variants(file, name) } else { inside }
        }
        Callee::OwnMethod(name) => match file.parent(from).filter(|parent| parent.kind.is_class()) {
            Some(owner) => variants(file, &member(owner, name)),
            None => Vec::new(),
        },
        Callee::Other => Vec::new(),
    };
    let mut functions = Vec::new();
    for definition in found {
        if definition.kind.is_class() {
            let made = variants(file, &member(definition, "__init__"));
            if made.is_empty() {
                return Vec::new();
            }
            functions.extend(made);
        } else {
            functions.push(definition);
        }
    }
    functions
}

/// Returns all definitions of a dotted name but overloads: one in each branch, or a property with its setter.
pub(super) fn variants<'a>(file: &'a ParsedFile, qualified_name: &str) -> Vec<&'a Definition> {
    let is_one = |found: &&Definition| {
        let rest = found.qualified_name.strip_prefix(qualified_name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#') && !rest.contains('.'))
            && !found.has_decorator("overload")
    };
    file.definitions.iter().filter(is_one).collect()
}

fn member(owner: &Definition, name: &str) -> String {
    format!("{}.{name}", owner.qualified_name)
}

fn is_inside(file: &ParsedFile, inner: &Definition, outer: &Definition) -> bool {
    file.parent(inner).is_some_and(|parent| {
        let class_inside =
            parent.kind.is_class() && file.parent(parent).is_some_and(|above| above.span == outer.span);
        parent.span == outer.span || class_inside
    })
}

fn code_of<'a>(file: &'a ParsedFile, definition: &Definition) -> &'a str {
    file.text.get(definition.header.end..definition.span.end).unwrap_or("")
}

/// Returns whether a token can be the end of a value, so that a bracket after it takes an item of it.
fn is_value(token: &str) -> bool {
    let keyword = matches!(
        token,
        "return"
            | "in"
            | "is"
            | "and"
            | "or"
            | "not"
            | "if"
            | "else"
            | "elif"
            | "for"
            | "yield"
            | "raise"
            | "assert"
            | "while"
            | "import"
            | "from"
            | "lambda"
            | "await"
            | "del"
            | "with"
            | "case"
            | "match"
    );
    let word = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
    matches!(token, ")" | "]" | "}") || word && !keyword
}
