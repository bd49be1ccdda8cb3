//! Examples: who gets one, and whether what was written may stand as one.
//!
//! An example is a few lines of code that somebody else wrote and nobody runs. It must be Python, call what it is an
//! example of as its signature allows, and need nothing that a reader of the module does not have.

use std::collections::BTreeSet;

use crate::python::{
    Arguments, Definition, DefinitionKind, Import, Imported, Parameter, ParameterKind, ParsedFile, Usage,
    UsedCall, UsedResult, Visibility, usage,
};

use super::Task;
use crate::repair::layout;

/// The longest example, in characters and in lines.
const LONGEST: (usize, usize) = (600, 12);

/// Decorators that leave alone how a function is called.
const TRANSPARENT: &str = "\
abstractmethod asynccontextmanager cache classmethod contextmanager final lru_cache override \
staticmethod";

/// Functions that reach beyond the program, or around it: an example that needs them shows something else, and must not be
/// tried out.
const ACTING: &str = "\
breakpoint compile delattr eval exec exit getattr globals input locals open quit setattr vars";

/// Modules that do.
const ACTING_MODULES: &str = "\
builtins ctypes http importlib os pathlib pickle requests shutil signal socket ssl subprocess \
sys tempfile urllib";

/// Built-in names that stand for themselves.
const BUILT_IN: &str = "\
ArithmeticError AssertionError AttributeError Exception IndexError KeyError LookupError \
NotImplementedError OverflowError RuntimeError StopIteration TypeError ValueError \
ZeroDivisionError abs aiter all anext any ascii bin bool bytearray bytes callable chr complex \
dict divmod enumerate filter float format frozenset hasattr hash hex id int isinstance \
issubclass iter len list map max memoryview min next object oct ord pow print range repr \
reversed round set slice sorted str sum tuple type zip";

/// What a function without `async` may give to be awaited.
const AWAITED: &str = "\
AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable Coroutine Future Task";

/// Returns whether an example of a definition can be written and held against it: one that everybody may call, and of which
/// it is known how.
#[must_use]
pub(super) fn may_have_one(file: &ParsedFile, definition: &Definition) -> bool {
    let transparent = |decorator: &String| is_among(TRANSPARENT, last(decorator));
    let is_callable = match definition.kind {
        DefinitionKind::Function | DefinitionKind::Method => {
            !definition.is_dunder()
                && !definition.body.is_stub()
                && definition.decorators.iter().all(transparent)
        }
        DefinitionKind::Class | DefinitionKind::NestedClass => true,
        DefinitionKind::Module | DefinitionKind::NestedFunction => false,
    };
    let mut around = file.parent(definition);
    while let Some(outer) = around {
        if outer.kind.is_function() {
            return false;
        }
        around = file.parent(outer);
    }
    is_callable && definition.visibility == Visibility::Public
}

/// Returns what is wrong with an example.
pub(super) fn complaints(task: &Task, code: &str) -> Vec<String> {
    let (characters, lines) = LONGEST;
    if code.chars().count() > characters || code.lines().count() > lines {
        return vec![format!("the example is longer than {lines} lines and {characters} characters")];
    }
    let margin = layout(&task.file, task.definition(), task.style, &task.page).margin;
    let margin: usize = margin.chars().map(|blank| if blank == '\t' { 8 } else { 1 }).sum();
    // A section and the code in it are indented once each.
    let room = task.page.width.saturating_sub(margin + 8);
    if code.lines().any(|line| line.chars().count() > room) {
        return vec![format!("a line of the example is longer than {room} characters")];
    }
    if code.contains('\t') {
        return vec!["the example has tabs".to_owned()];
    }
    let usage = match usage(code) {
        Ok(usage) => usage,
        Err(reason) => return vec![format!("the example is not usable: {reason}")],
    };
    let scene = Scene { task, usage: &usage };
    let mut complaints = scene.foreign_names();
    if scene.own_calls().next().is_none() {
        let name = &task.definition().qualified_name;
        complaints.push(format!("the example does not call `{name}`"));
    }
    if usage.awaits && !scene.may_await() {
        let name = &task.definition().qualified_name;
        complaints.push(format!("the example awaits, and `{name}` is nothing to be awaited"));
    }
    for call in &usage.calls {
        let found = match scene.meant(call) {
            Some(called) => scene.misfit(call, called),
            None => None,
        };
        complaints.extend(found.map(|what| format!("the example calls `{}` {what}", call.name)));
    }
    complaints.dedup();
    complaints
}

/// An example beside the file that it is about.
struct Scene<'a> {
    task: &'a Task,
    usage: &'a Usage,
}

impl<'a> Scene<'a> {
    fn file(&self) -> &'a ParsedFile {
        &self.task.file
    }

    /// Returns the complaints about names that a reader does not have, or should not need.
    fn foreign_names(&self) -> Vec<String> {
        let imports: Vec<&Import> = self.usage.imports.iter().collect();
        let foreign = imports.iter().filter(|import| !self.is_known_module(import));
        let modules = foreign
            .map(|import| format!("the example imports `{}`, which the module does not", dotted(import)));
        let mut complaints: Vec<String> = modules.collect();
        for name in self.usage.needs.iter().filter(|name| !self.is_known(name)) {
            complaints.push(format!("the example needs `{name}`, which is not known there"));
        }
        let taken = |import: &Import| match &import.imported {
            Imported::Name(name) => format!("{}.{name}", import.module.path),
            _ => import.module.path.clone(),
        };
        let taken: Vec<String> = imports.iter().copied().map(taken).collect();
        let parts = taken.iter().flat_map(|name| name.split('.'));
        let own = self.task.definition().name.as_str();
        let words = self.usage.words.iter().map(String::as_str).chain(parts.clone());
        let reaches = words.filter(|word| is_among(ACTING_MODULES, word) || word.starts_with("__"));
        let needed = self.usage.needs.iter().map(String::as_str).chain(parts);
        let acts = needed.filter(|name| is_among(ACTING, name));
        let beyond: BTreeSet<&str> = reaches.chain(acts).filter(|name| *name != own).collect();
        complaints.extend(
            beyond.iter().map(|name| format!("the example reaches beyond the program with `{name}`")),
        );
        complaints
    }

    /// Returns whether the module of an import is the one of the file, or one that the file imports as well.
    fn is_known_module(&self, import: &Import) -> bool {
        let wanted = &import.module;
        let is_taken = |known: &Import| known.module == *wanted && known.scope == 0;
        wanted.level == 0 && self.is_own_module(&wanted.path)
            || self.file().imports.all().iter().any(is_taken)
    }

    /// Returns whether a dotted name ends where the file is: where its source root is, nobody says.
    fn is_own_module(&self, dotted: &str) -> bool {
        let path = self.task.path.as_str();
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem).replace('/', ".");
        !dotted.is_empty() && (stem == dotted || stem.ends_with(&format!(".{dotted}")))
    }

    fn is_known(&self, name: &str) -> bool {
        let file = self.file();
        is_among(BUILT_IN, name)
            || file.member(0, name).is_some()
            || file.imports.binding(name, 0).is_some()
            || file.imports.assigned(name).is_some()
    }

    /// Returns the calls of what the example is about.
    fn own_calls(&self) -> impl Iterator<Item = &'a UsedCall> {
        let own = self.task.index;
        self.usage.calls.iter().filter(move |call| self.meant(call) == Some(own))
    }

    /// Returns the definition of the file that a call means, as far as its words tell.
    fn meant(&self, call: &UsedCall) -> Option<usize> {
        let (file, own) = (self.file(), self.task.definition());
        let Some(receiver) = &call.receiver else {
            // What the example binds itself is something else.
            let mut imports = self.usage.imports.iter();
            let is_ours = self.usage.needs.contains(&call.name)
                || imports.any(|import| import.bound == call.name && self.is_from_here(import));
            let found = file.member(0, &call.name).filter(|_| is_ours)?;
            return Some(if is_same(file, found, own) { own.index } else { found });
        };
        if let Some(found) = self.inside(receiver) {
            let found = file.member(found, &call.name)?;
            return Some(if is_same(file, found, own) { own.index } else { found });
        }
        // Of an object nothing is known but what it is asked to do.
        let is_method = own.kind == DefinitionKind::Method && call.name == own.name;
        is_method.then_some(own.index)
    }

    fn is_from_here(&self, import: &Import) -> bool {
        import.module.level == 0 && self.is_own_module(&import.module.path)
    }

    /// Returns the module or class that a dotted name stands for.
    fn inside(&self, receiver: &str) -> Option<usize> {
        let is_plain = receiver.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|character| character.is_alphanumeric() || character == '_')
        });
        if !is_plain {
            return None;
        }
        let import = self.usage.imports.iter().find(|import| {
            self.is_from_here(import) && (import.bound == receiver || import.module.path == receiver)
        });
        if import.is_some() {
            return Some(0);
        }
        let file = self.file();
        let found = receiver.split('.').try_fold(0, |index, part| file.member(index, part))?;
        file.definitions.get(found).filter(|found| found.kind.is_class()).map(|found| found.index)
    }

    /// Says what is wrong with a call of a definition.
    fn misfit(&self, call: &UsedCall, called: usize) -> Option<String> {
        let file = self.file();
        let definition = file.definitions.get(called)?;
        if definition.kind.is_class() {
            return match self.constructor(definition) {
                Constructor::Known(parameters) => misfit(&call.arguments, parameters),
                Constructor::Open => None,
            };
        }
        if !definition.decorators.iter().all(|decorator| is_among(TRANSPARENT, last(decorator))) {
            return None;
        }
        let is_bound = definition.has_decorator("classmethod") || definition.has_decorator("staticmethod");
        let on_class = call.receiver.as_deref().and_then(|receiver| self.inside(receiver));
        let is_method = definition.kind == DefinitionKind::Method;
        if is_method && !is_bound && on_class.is_some_and(|class| class > 0) {
            return Some("on the class and not on an object".to_owned());
        }
        let is_coroutine = definition.is_async && !definition.has_decorator("asynccontextmanager");
        if is_coroutine && call.result == UsedResult::Plain {
            return Some("without awaiting it".to_owned());
        }
        misfit(&call.arguments, definition.signature.callers_parameters())
    }

    /// Returns whether what it is about can be awaited, as far as its text tells.
    fn may_await(&self) -> bool {
        let own = self.task.definition();
        if own.kind.is_class() {
            let parts = &self.file().definitions;
            return own.header.of(&self.file().text).contains('(')
                || parts.iter().any(|part| part.is_async && part.parent == Some(own.index))
                || self.file().member(own.index, "__await__").is_some();
        }
        let returned = own.signature.returns.as_deref().unwrap_or("");
        let mut words = returned.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        own.is_async || words.any(|word| is_among(AWAITED, word))
    }

    fn constructor(&self, class: &Definition) -> Constructor<'a> {
        let file = self.file();
        let own = ["__init__", "__new__"].into_iter().find_map(|name| file.member(class.index, name));
        match own.and_then(|index| file.definitions.get(index)) {
            // A metaclass or a decorator may do anything with what it is called with.
            Some(found) if found.decorators.is_empty() => {
                Constructor::Known(found.signature.callers_parameters())
            }
            None if class.decorators.is_empty() && class.header.of(&file.text).find('(').is_none() => {
                Constructor::Known(&[])
            }
            _ => Constructor::Open,
        }
    }
}

/// What is known about how a class is called.
enum Constructor<'a> {
    Known(&'a [Parameter]),
    /// What it inherits or is made into is not in its text.
    Open,
}

/// Returns whether a definition of the file is the one that is meant, or another branch of it.
fn is_same(file: &ParsedFile, found: usize, own: &Definition) -> bool {
    file.definitions.get(found).is_some_and(|found| found.name == own.name && found.parent == own.parent)
}

/// Says why a call with these arguments would be refused.
fn misfit(arguments: &Arguments, parameters: &[Parameter]) -> Option<String> {
    let by_position = |parameter: &&Parameter| {
        matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Positional)
    };
    let has = |kind| parameters.iter().any(|parameter| parameter.kind == kind);
    let places = parameters.iter().filter(by_position).count();
    if arguments.positional > places && !has(ParameterKind::VarPositional) {
        return Some(format!("with {} positional arguments where {places} are taken", arguments.positional));
    }
    for keyword in &arguments.keywords {
        let by_name = |parameter: &&Parameter| {
            let named = matches!(parameter.kind, ParameterKind::Positional | ParameterKind::KeywordOnly);
            named && parameter.name == *keyword
        };
        let place = parameters.iter().filter(by_position).position(|parameter| parameter.name == *keyword);
        match parameters.iter().find(by_name) {
            Some(found)
                if found.kind == ParameterKind::Positional
                    && place.is_some_and(|place| place < arguments.positional) =>
            {
                return Some(format!("with `{keyword}` by position and by name"));
            }
            None if !has(ParameterKind::VarKeyword) => {
                return Some(format!("with `{keyword}`, which it does not take by name"));
            }
            _ => {}
        }
    }
    let mut place = 0;
    for parameter in parameters {
        let positional = by_position(&parameter);
        let is_given = positional && place < arguments.positional;
        place += usize::from(positional);
        let named =
            parameter.kind != ParameterKind::PositionalOnly && arguments.keywords.contains(&parameter.name);
        let needs_none = parameter.default.is_some()
            || matches!(parameter.kind, ParameterKind::VarPositional | ParameterKind::VarKeyword);
        if !is_given && !named && !needs_none {
            return Some(format!("without `{}`", parameter.name));
        }
    }
    None
}

/// Returns whether a name is one of several between blanks.
fn is_among(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

fn dotted(import: &Import) -> String {
    format!("{}{}", ".".repeat(import.module.level), import.module.path)
}

fn last(decorator: &str) -> &str {
    decorator.rsplit('.').next().unwrap_or(decorator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::sample::task_in;

    const SOURCE: &str = "\
import math
import os
from decimal import Decimal

UNIT = 1

def area(width, height=2, /, *, unit=UNIT, **more): return width
def total(*boxes, first): return boxes
def plain(a, b): return a
async def fetch(name): return name
async def pages(name): yield name
def open(path): return path
@retry(3)
def odd(a): return a
def _hidden(a): return a
def outer(a):
    def inner(b): return b
    return inner
class Box:
    def __init__(self, width, *, depth): self.width = width
    def grow(self, by): return by
    @classmethod
    def of(cls, text): return cls(text, depth=1)
    @staticmethod
    def check(text): return text
    @property
    def size(self): return 1
    class Inner:
        pass
class Bare: pass
class Child(Base): pass
class Door:
    def open(self): return 1
class Link:
    async def __aenter__(self): return self
def future(a) -> Awaitable[int]: return made(a)
";

    fn found(name: &str, code: &str) -> String {
        complaints(&task_in(SOURCE, name), code).join("; ")
    }

    #[test]
    fn an_example_calls_as_the_signature_allows() {
        for (name, code) in [
            ("area", "area(1)"),
            ("area", "size = area(1, 2, unit=3, colour=4)\nprint(size)"),
            ("area", "from shapes import area\n\narea(1)"),
            ("area", "import pkg.shapes\n\npkg.shapes.area(1)"),
            ("area", "import math\n\narea(math.pi)"),
            ("area", "area(Decimal(1), unit=UNIT)"),
            ("area", "for width in range(3):\n    area(width)"),
            ("total", "total(1, 2, 3, first=0)"),
            ("fetch", "await fetch('a')"),
            ("future", "await future(1)"),
            ("Link", "async with Link() as link:\n    print(link)"),
            ("fetch", "name = (await fetch('a')).upper()"),
            ("pages", "async for page in pages('a'):\n    print(page)"),
            ("open", "open('a')"),
            ("Door.open", "Door().open()"),
            ("Box", "box = Box(1, depth=2)"),
            ("Box.grow", "Box(1, depth=2).grow(3)"),
            ("Box.grow", "box = Box(1, depth=2)\nbox.grow(by=3)"),
            ("Box.of", "Box.of('1')"),
            ("Box.check", "Box.check('1')"),
            ("Box.Inner", "Box.Inner()"),
            ("Bare", "Bare()"),
            ("Child", "Child(1, 2, three=3)"),
        ] {
            assert_eq!(found(name, code), "", "{name}: {code}");
        }
    }

    #[test]
    fn what_the_signature_does_not_allow_is_found() {
        for (name, code, reason) in [
            ("area", "area()", "without `width`"),
            ("area", "area(width=1)", "without `width`"),
            ("area", "area(1, 2, 3)", "3 positional arguments where 2 are taken"),
            ("area", "plain(1, 2)", "does not call `area`"),
            ("area", "area = print\narea(1)", "does not call `area`"),
            ("area", "from math import area\narea(1)", "does not call `area`"),
            ("area", "area(1)\nplain(1)", "calls `plain` without `b`"),
            ("area", "sizes = [1, 2]\narea(*sizes)", "unpacks with `*`"),
            ("area", "area(1, **{'unit': 2})", "unpacks with `*`"),
            ("plain", "await plain(1, 2)", "awaits, and `plain` is nothing to be awaited"),
            ("plain", "async with plain(1, 2) as b:\n    print(b)", "awaits, and `plain`"),
            ("Bare", "await Bare()", "awaits, and `Bare`"),
            ("area", "area(1)\n\nRaises:\n    KeyError", "not usable"),
            ("area", "frobnicate(area(1))", "needs `frobnicate`"),
            ("total", "total(1, 2)", "without `first`"),
            ("plain", "plain(1, 2, c=3)", "with `c`, which it does not take by name"),
            ("plain", "plain(1, a=2)", "`a` by position and by name"),
            ("plain", "plain(1, b=2, b=3)", "one name twice"),
            ("fetch", "fetch('a')", "without awaiting it"),
            ("pages", "for page in pages('a'):\n    print(page)", "without awaiting it"),
            ("Box", "Box(1)", "without `depth`"),
            ("Box", "Box(1, 2)", "2 positional arguments where 1 are taken"),
            ("Box.grow", "Box.grow(3)", "on the class and not on an object"),
            ("Box.grow", "Box(1).grow(3)", "calls `Box` without `depth`"),
            ("Box.grow", "box.grow(3)", "needs `box`"),
            ("Box.grow", "self.grow(3)", "needs `self`"),
            ("Bare", "Bare(1)", "1 positional arguments where 0 are taken"),
        ] {
            let found = found(name, code);
            assert!(found.contains(reason), "{name}: {code}: {found}");
        }
    }

    #[test]
    fn nothing_that_reaches_beyond_is_shown() {
        for (code, reason) in [
            ("open('a').write(area(1))", "with `open`"),
            ("os.system(area(1))", "with `os`"),
            ("area(math.os.system(1))", "with `os`"),
            ("import subprocess\narea(1)", "imports `subprocess`"),
            ("from shapes import os\narea(1)", "with `os`"),
            ("eval('1')\narea(1)", "with `eval`"),
            ("area.__globals__\narea(1)", "with `__globals__`"),
            ("__import__('a')\narea(1)", "with `__import__`"),
            ("import numpy as np\narea(np.pi)", "imports `numpy`"),
            ("from . import area\narea(1)", "imports `.`"),
        ] {
            let found = found("area", code);
            assert!(found.contains(reason), "{code}: {found}");
        }
    }

    #[test]
    fn what_is_no_few_lines_of_code_is_refused() {
        let long = "area(1)\n".repeat(13);
        let wide = format!("area({})", "1 + ".repeat(30) + "1");
        for (code, reason) in [
            (long.as_str(), "longer than 12 lines"),
            (wide.as_str(), "a line of the example is longer than 76"),
            ("if area(1):\n\tprint()", "tabs"),
            ("Call `area(1)`.", "not usable"),
            (">>> area(1)", "not usable"),
            ("def f(): area(1)", "not usable"),
            ("area(1", "not usable"),
            ("''", "does not call"),
        ] {
            let found = found("area", code);
            assert!(found.contains(reason), "{code}: {found}");
        }
        let deep = "(".repeat(290) + "area(1)" + &")".repeat(290);
        assert!(found("area", &deep).contains("longer than"));
    }

    #[test]
    fn only_what_everybody_may_call_gets_an_example() {
        let task = task_in(SOURCE, "area");
        let names = task.file.definitions.iter().filter(|found| may_have_one(&task.file, found));
        let names: Vec<&str> = names.map(|found| found.qualified_name.as_str()).collect();
        let expected = [
            "area",
            "total",
            "plain",
            "fetch",
            "pages",
            "open",
            "outer",
            "Box",
            "Box.grow",
            "Box.of",
            "Box.check",
            "Box.Inner",
            "Bare",
            "Child",
            "Door",
            "Door.open",
            "Link",
            "future",
        ];
        assert_eq!(names, expected);
    }
}
