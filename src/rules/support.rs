//! What a function can raise: by itself, through the functions of its file, and through what the file does not show.
//!
//! It errs on one side: what is counted as possible may never happen, but what is called impossible does not.

use std::collections::HashSet;

use crate::python::{Call, Callee, CodeFacts, Definition, Operations, ParsedFile, Span, last_part};

use super::hierarchy::{Kinship, Sight, kinship};
use super::subject::{is_replaced, is_without_code};

/// The most functions that are followed from one; beyond, anything may come from there.
const MOST_HELPERS: usize = 64;
/// The most definitions of one name that a call may mean; of more, the file does not say which.
const MOST_VARIANTS: usize = 16;

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
    /// Whether it calls what the file does not show, which may raise anything.
    is_open: bool,
    /// Whether it calls anything.
    calls: bool,
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
            is_open: false,
            calls: false,
            pending: vec![Step { definition, called_at: None }],
        };
        let mut visited: HashSet<usize> = HashSet::new();
        while let Some(step) = support.pending.pop() {
            if !visited.insert(step.definition.index) {
                continue;
            }
            if visited.len() > MOST_HELPERS {
                support.opens(step.called_at.unwrap_or(step.definition.name_span));
                break;
            }
            support.visit(step);
        }
        support
    }

    /// Returns whether it calls what the file does not show: no documented exception can be denied then.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Returns whether it calls anything.
    pub(super) fn calls(&self) -> bool {
        self.calls
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
        let code = file.code(current);
        let here = |span: Span| called_at.unwrap_or(span);
        if is_replaced(current) || called_at.is_some() && is_without_code(current) {
            self.opens(here(current.name_span));
        }
        self.raises(current, called_at);
        self.operations(code);
        if let Some(unseen) = code.unseen {
            self.unseen(here(unseen));
        }
        self.named.extend(code.classes.iter().map(|class| class.of(&file.text).to_owned()));
        for name in &code.own_attributes {
            self.attribute(current, *name, here(*name));
        }
        self.calls |= !code.calls.is_empty();
        for call in &code.calls {
            // A helper's own calls are reported where the function calls the helper.
            let at = here(call.span);
            let found = callees(file, current, call);
            if found.is_empty() {
                self.foreign_call(current, call, at);
            }
            self.pending
                .extend(found.into_iter().map(|found| Step { definition: found, called_at: Some(at) }));
        }
        // A function includes what is defined in it: what that raises is often what is documented.
        let inside = file.inside(current).iter().filter(|inner| inner.parent == Some(current.index));
        self.pending.extend(inside.map(|found| Step { definition: found, called_at }));
    }

    fn unseen(&mut self, at: Span) {
        self.unseen.get_or_insert(at);
    }

    fn opens(&mut self, at: Span) {
        self.is_open = true;
        self.unseen(at);
    }

    fn raises(&mut self, definition: &Definition, called_at: Option<Span>) {
        for raise in &definition.body.raises {
            let at = called_at.unwrap_or(raise.span);
            if let Some(exception) = &raise.exception {
                self.raised.push((exception.clone(), at));
            } else {
                // `raise error` and `raise struct.error`: the words may be those that the docstring uses.
                self.named.extend(words(raise.span.of(&self.file.text)).map(str::to_owned));
                self.opens(at);
            }
        }
        if definition.body.is_generator() {
            self.operations.extend(["StopIteration", "GeneratorExit"]);
        }
    }

    /// What the language raises by itself; what an operator does, its operands decide.
    fn operations(&mut self, code: &CodeFacts) {
        let table: [(Operations, &[&'static str]); 6] = [
            (Operations::SUBSCRIPT, &["LookupError", "TypeError"]),
            (Operations::ATTRIBUTE, &["AttributeError"]),
            (Operations::ARITHMETIC, &["ArithmeticError", "TypeError", "ValueError"]),
            (Operations::COMPARISON, &["TypeError"]),
            (Operations::UNPACKING, &["TypeError", "ValueError"]),
            (Operations::IMPORT, &["ImportError"]),
        ];
        for (kind, exceptions) in table {
            if code.operations.contains(kind) {
                self.operations.extend(exceptions);
            }
        }
        if !code.asserts.is_empty() {
            self.operations.push("AssertionError");
        }
    }

    /// Reading and setting an attribute of the instance may run a property.
    fn attribute(&mut self, definition: &Definition, name: Span, at: Span) {
        let file = self.file;
        let Some(owner) = owner(file, definition) else {
            self.opens(at);
            return;
        };
        let special = ["__getattr__", "__getattribute__", "__setattr__"];
        let is_special = special.iter().any(|name| variants(file, &member(owner, name)).next().is_some());
        let own: Vec<&Definition> = variants(file, &member(owner, name.of(&file.text))).collect();
        if is_special || own.is_empty() && !file.bases(owner).is_empty() {
            self.opens(at);
        }
        let functions = own.into_iter().filter(|found| found.kind.is_function());
        self.pending.extend(functions.map(|found| Step { definition: found, called_at: Some(at) }));
    }

    /// A call of something that the file does not define.
    fn foreign_call(&mut self, current: &Definition, call: &Call, at: Span) {
        let name = call.function.of(&self.file.text);
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
        if is_raised(self.file, current, call) || is_harmless(current, call, name) {
            return;
        }
        if !known.is_empty() && !matches!(name, "next" | "anext" | "open") || is_plain(current, call, name) {
            self.unseen(at);
        } else {
            self.opens(at);
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

/// Built-in functions that raise by what their arguments do, which is rarely what a docstring is about.
fn is_plain(current: &Definition, call: &Call, name: &str) -> bool {
    const PLAIN: &[&str] = &[
        "abs",
        "bool",
        "dict",
        "enumerate",
        "frozenset",
        "hasattr",
        "list",
        "max",
        "min",
        "object",
        "print",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "str",
        "tuple",
        "zip",
    ];
    call.callee == Callee::Name
        && PLAIN.contains(&name)
        && !current.signature.parameters.iter().any(|parameter| parameter.name == name)
}

/// Built-in functions that raise nothing a docstring would name, whatever they are given.
fn is_harmless(current: &Definition, call: &Call, name: &str) -> bool {
    let builtin = matches!(name, "isinstance" | "issubclass" | "id" | "callable" | "super" | "type");
    call.callee == Callee::Name
        && builtin
        && !current.signature.parameters.iter().any(|parameter| parameter.name == name)
}

/// Returns the definitions that a call may reach; none when the file does not show them.
fn callees<'a>(file: &'a ParsedFile, from: &Definition, call: &Call) -> Vec<&'a Definition> {
    let name = call.function.of(&file.text);
    let is_own_name = |name: &str| {
        let is_parameter = from.signature.parameters.iter().any(|parameter| parameter.name == name);
        is_parameter || file.code(from).bound.iter().any(|bound| bound.of(&file.text) == name)
    };
    let found: Vec<&Definition> = match call.callee {
        Callee::Name => {
            if is_own_name(name) {
                return Vec::new();
            }
            let inside: Vec<&Definition> = variants(file, &member(from, name)).collect();
            if inside.is_empty() { variants(file, name).collect() } else { inside }
        }
        Callee::OwnMethod(name) => match owner(file, from) {
            Some(owner) => variants(file, &member(owner, name.of(&file.text))).collect(),
            None => Vec::new(),
        },
        // `Class.method()`
        Callee::Other if !name.split('.').next().is_some_and(is_own_name) => variants(file, name).collect(),
        Callee::Other => Vec::new(),
    };
    if found.len() > MOST_VARIANTS {
        return Vec::new();
    }
    let mut functions = Vec::new();
    for definition in found {
        if definition.kind.is_class() {
            let before = functions.len();
            functions.extend(variants(file, &member(definition, "__init__")));
            if functions.len() == before {
                return Vec::new();
            }
        } else {
            functions.push(definition);
        }
    }
    functions
}

/// Returns the definitions of a dotted name but overloads: one in each branch, or a property with its setter.
pub(super) fn variants<'a>(
    file: &'a ParsedFile,
    qualified_name: &str,
) -> impl Iterator<Item = &'a Definition> + use<'a> {
    file.variants(qualified_name).filter(|found| !found.has_decorator("overload")).take(MOST_VARIANTS + 1)
}

/// Returns the class whose method a function is, or in whose method it stands.
fn owner<'a>(file: &'a ParsedFile, definition: &Definition) -> Option<&'a Definition> {
    let mut current = file.parent(definition)?;
    while current.kind.is_function() {
        current = file.parent(current)?;
    }
    current.kind.is_class().then_some(current)
}

fn member(owner: &Definition, name: &str) -> String {
    format!("{}.{name}", owner.qualified_name)
}

/// Returns the names in a text, code or prose.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|character: char| !character.is_alphanumeric() && character != '_');
    parts.filter(|word| !word.is_empty())
}
