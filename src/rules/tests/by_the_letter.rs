//! `sections-only` and `own-code-only`: what ruff and pydoclint ask by the letter.

use super::cases::{lines, only};
use crate::rules::{OptionValue, Settings};

/// A rule, two parts of a function, and what is found as it is meant and by the letter.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [&'a str]);

/// Returns what is found as it is meant, and by the letter.
fn both(text: &str, option: &str, codes: &[&str]) -> [Vec<String>; 2] {
    let meant = only(codes);
    let mut options = meant.options;
    options.set(option, &OptionValue::Switch(true)).expect("an option");
    let literal = Settings { options, ..meant.clone() };
    [lines("a.py", text, None, &meant), lines("a.py", text, None, &literal)]
}

#[test]
fn only_sections_say_something_by_the_letter() {
    let function = |text: &str, body: &str| {
        format!("def f(a):\n    \"\"\"Looks it up.\n\n    {text}\n    \"\"\"\n    {body}\n")
    };
    let table: &[Case<'_>] = &[
        ("DOC101", "Takes `a` and looks.", "g(a)", &[], &["DOC101? f a"]),
        ("DOC101", "Args:\n        a: One.", "g(a)", &[], &[]),
        ("DOC201", "Returns what is there.", "return a", &[], &["DOC201? f"]),
        ("DOC201", "Yields:\n        All.", "return g(a)", &[], &["DOC201? f"]),
        ("DOC201", "Returns:\n        All.", "return g(a)", &[], &[]),
        ("DOC402", "Yields what is there.", "yield a", &[], &["DOC402? f"]),
        ("DOC402", "Returns:\n        All.", "yield a", &[], &["DOC402? f"]),
        ("DOC402", "Yields:\n        All.", "yield a", &[], &[]),
        ("DOC501", "A ValueError says no.", "raise ValueError", &[], &["DOC501? f ValueError"]),
        ("DOC501", "Raises:\n        LookupError: No.", "raise KeyError", &[], &["DOC501? f KeyError"]),
        ("DOC501", "Raises:\n        ValueError: No.", "raise ValueError", &[], &[]),
    ];
    for (code, text, body, meant, literal) in table {
        let found = both(&function(text, body), "sections-only", &[code]);
        assert_eq!(found, [meant.to_vec(), literal.to_vec()], "{code} {text}");
    }
}

#[test]
fn only_the_statements_of_the_function_count_by_the_letter() {
    let function = |section: &str, body: &str| {
        format!(
            "def f(a):\n    \"\"\"Looks it up.\n\n    {section}\n        {}\n    \"\"\"\n    {body}\n",
            if section == "Raises:" { "ValueError: No." } else { "All." }
        )
    };
    let raised: &[&str] = &["DOC502? f ValueError"];
    let table: &[Case<'_>] = &[
        ("DOC502", "Raises:", "return g(a)", &[], raised),
        ("DOC502", "Raises:", "return a.b", raised, raised),
        ("DOC502", "Raises:", "return a", &["DOC502! f ValueError"], &["DOC502! f ValueError"]),
        ("DOC502", "Raises:", "raise ValueError", &[], &[]),
        ("DOC502", "Raises:", "raise AbstractMethodError(a)", &[], raised),
        ("DOC502", "Raises:", "...", &[], &[]),
        ("DOC202", "Returns:", "yield a", &[], &["DOC202? f"]),
        ("DOC202", "Returns:", "raise AbstractMethodError(a)", &[], &["DOC202? f"]),
        ("DOC202", "Returns:", "return a", &[], &[]),
        ("DOC403", "Yields:", "return g(a)", &[], &["DOC403? f"]),
        ("DOC403", "Yields:", "yield a", &[], &[]),
    ];
    for (code, section, body, meant, literal) in table {
        let found = both(&function(section, body), "own-code-only", &[code]);
        assert_eq!(found, [meant.to_vec(), literal.to_vec()], "{code} {body}");
    }
}
