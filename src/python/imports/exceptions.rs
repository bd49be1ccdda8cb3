//! The exceptions of the language and how they derive from each other.
//!
//! Source: "Exception hierarchy" in Python's library reference, and the modules that define the others.

/// Returns the name that an alias stands for: `IOError` is `OSError`.
#[must_use]
pub fn canonical_exception(name: &str) -> &str {
    match name {
        "IOError" | "EnvironmentError" | "WindowsError" => "OSError",
        name => name,
    }
}

/// Returns the base of a built-in exception.
#[must_use]
pub fn built_in_base(name: &str) -> Option<&'static str> {
    Some(match name {
        "KeyError" | "IndexError" => "LookupError",
        "ModuleNotFoundError" => "ImportError",
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => "UnicodeError",
        "UnicodeError" | "JSONDecodeError" => "ValueError",
        "NotImplementedError" | "RecursionError" | "PythonFinalizationError" => "RuntimeError",
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
        | "ExceptionGroup" | "ImportError" | "LookupError" | "MemoryError" | "NameError" | "OSError"
        | "ReferenceError" | "RuntimeError" | "StopAsyncIteration" | "StopIteration" | "SyntaxError"
        | "SystemError" | "TypeError" | "ValueError" | "Warning" => "Exception",
        "BytesWarning"
        | "DeprecationWarning"
        | "EncodingWarning"
        | "FutureWarning"
        | "ImportWarning"
        | "PendingDeprecationWarning"
        | "ResourceWarning"
        | "RuntimeWarning"
        | "SyntaxWarning"
        | "UnicodeWarning"
        | "UserWarning" => "Warning",
        "BaseExceptionGroup" | "Exception" | "GeneratorExit" | "KeyboardInterrupt" | "SystemExit" => {
            "BaseException"
        }
        _ => return None,
    })
}

/// Returns whether a built-in exception is another one or derives from it.
#[must_use]
pub(in crate::python) fn is_built_in_derived(name: &str, base: &str) -> bool {
    let base = canonical_exception(base);
    let mut current = canonical_exception(name);
    loop {
        if current == base {
            return true;
        }
        let Some(next) = built_in_base(current) else { return false };
        current = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hierarchy_is_climbed_to_its_root() {
        let table = [
            ("KeyError", "LookupError", true),
            ("KeyError", "BaseException", true),
            ("PermissionError", "IOError", true),
            ("LookupError", "KeyError", false),
            ("Custom", "Custom", true),
            ("Custom", "Exception", false),
        ];
        for (name, base, expected) in table {
            assert_eq!(is_built_in_derived(name, base), expected, "{name} {base}");
        }
    }
}
