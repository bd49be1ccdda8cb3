//! Which exception is derived from which, as far as the language and the file tell.

use crate::python::{Definition, ParsedFile, last_part};

/// Whether one exception is derived from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// It is the same or derived from it.
    Derived,
    /// It is not.
    Foreign,
    /// A base of it is not in sight.
    Unknown,
}

/// Returns whether a name reads as a class of exceptions: "None" and "if" do not.
pub(super) fn is_exception_name(name: &str) -> bool {
    let last = last_part(name).trim_start_matches('_');
    last.starts_with(char::is_uppercase)
        && !matches!(last, "None" | "Nothing" | "Never" | "Any" | "If" | "When")
}

/// Finds out whether an exception is derived from another one.
pub(super) fn kinship(file: &ParsedFile, name: &str, base: &str) -> Kinship {
    let base = canonical(last_part(base));
    let mut pending = vec![canonical(last_part(name)).to_owned()];
    let mut visited: Vec<String> = Vec::new();
    let mut answer = Kinship::Foreign;
    // What is raised is an exception, whatever else it is.
    if matches!(base, "Exception" | "BaseException") {
        return Kinship::Derived;
    }
    while let Some(current) = pending.pop() {
        if current == base {
            return Kinship::Derived;
        }
        if visited.contains(&current) {
            continue;
        }
        let own: Vec<&Definition> =
            file.definitions.iter().filter(|found| found.kind.is_class() && found.name == current).collect();
        if !own.is_empty() {
            pending.extend(own.iter().flat_map(|class| bases(file, class)));
        } else if let Some(parent) = parent(&current) {
            pending.push(parent.to_owned());
        } else if !is_root(&current) {
            answer = Kinship::Unknown;
        }
        visited.push(current);
    }
    answer
}

/// Returns the names of the bases of a class, without what stands before the last point.
pub(super) fn bases(file: &ParsedFile, class: &Definition) -> Vec<String> {
    let header = class.header.of(&file.text);
    let inside =
        header.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(inside, _)| inside);
    let named = inside.split(',').map(str::trim).filter(|base| !base.is_empty() && !base.contains('='));
    named.map(|base| canonical(last_part(base)).to_owned()).filter(|base| base != "object").collect()
}

fn is_root(name: &str) -> bool {
    matches!(name, "BaseException" | "object" | "ABC")
}

fn canonical(name: &str) -> &str {
    match name {
        "IOError" | "EnvironmentError" | "WindowsError" => "OSError",
        name => name,
    }
}

/// The base of a built-in exception, by "Exception hierarchy" in Python's library reference.
fn parent(name: &str) -> Option<&'static str> {
    Some(match name {
        "KeyError" | "IndexError" => "LookupError",
        "ModuleNotFoundError" => "ImportError",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => "UnicodeError",
        "UnicodeError" | "JSONDecodeError" => "ValueError",
        "NotImplementedError" | "RecursionError" => "RuntimeError",
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" => "ArithmeticError",
        "BrokenPipeError" | "ConnectionAbortedError" | "ConnectionRefusedError" | "ConnectionResetError" => {
            "ConnectionError"
        }
        "BlockingIOError" | "ChildProcessError" | "ConnectionError" | "FileExistsError"
        | "FileNotFoundError" | "InterruptedError" | "IsADirectoryError" | "NotADirectoryError"
        | "PermissionError" | "ProcessLookupError" | "TimeoutError" => "OSError",
        "UnboundLocalError" => "NameError",
        "TabError" => "IndentationError",
        "IndentationError" => "SyntaxError",
        "ArithmeticError" | "AssertionError" | "AttributeError" | "BufferError" | "EOFError"
        | "ImportError" | "LookupError" | "MemoryError" | "NameError" | "OSError" | "ReferenceError"
        | "RuntimeError" | "StopAsyncIteration" | "StopIteration" | "SyntaxError" | "SystemError"
        | "TypeError" | "ValueError" | "Warning" => "Exception",
        "DeprecationWarning" | "FutureWarning" | "RuntimeWarning" | "UserWarning" => "Warning",
        "KeyboardInterrupt" | "SystemExit" | "GeneratorExit" | "Exception" => "BaseException",
        _ => return None,
    })
}
