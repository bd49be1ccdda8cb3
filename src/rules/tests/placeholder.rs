//! DG201.

use super::cases::run_texts;

#[test]
fn placeholders_are_told_from_texts() {
    let placeholders = [
        "TODO",
        "TODO: describe.",
        "TODO(me): later",
        "TODO write this",
        "todo",
        "Todo: fill in",
        "FIXME",
        "XXX",
        "TBD",
        "tbd.",
        "...",
        "\u{2026}",
        "_summary_",
        "_description_",
        "[summary]",
        "_extended_summary_",
        "Add description here.",
        "Insert your docstring here",
        "Lorem ipsum dolor sit amet.",
    ];
    let texts = [
        "TODO comments of a file.",
        "Todo list entry.",
        "XXX-rated files.",
        "Add a description.",
        "Write a summary.",
        "Lorem ipsum generator.",
        "Todos of a user.",
        "TBDs are counted.",
        "Returns `...` for everything.",
        "Type of the thing.",
        "Insert text.",
        "Fixmes that are left.",
    ];
    for (texts, expected) in [(placeholders.as_slice(), ["DG201! f"].as_slice()), (texts.as_slice(), &[])] {
        for text in texts {
            run_texts(&[(&format!("def f():\n    \"\"\"{text}\"\"\"\n"), expected)], &["DG201"]);
        }
    }
}

#[test]
fn placeholders_are_found_in_entries_and_not_in_lists_of_things_to_do() {
    run_texts(
        &[
            (
                "def _f(a):\n    \"\"\"F.\n\n    Args:\n        a (int): _description_\n    \"\"\"\n",
                &["DG201! _f a"],
            ),
            (
                "def f(a):\n    \"\"\"F.\n\n    Returns:\n        int: TODO\n    \"\"\"\n",
                &["DG201! f Returns"],
            ),
            (
                "def f(a):\n    \"\"\"F.\n\n    Raises:\n        ValueError: ...\n    \"\"\"\n",
                &["DG201! f ValueError"],
            ),
            ("def f(a):\n    \"\"\"F.\n\n    Todo:\n        TODO: make it fast\n    \"\"\"\n", &[]),
            ("def f(a):\n    \"\"\"F.\n\n    TODO: make it fast.\n    \"\"\"\n", &[]),
            ("class A:\n    \"\"\"A.\n\n    Attributes:\n        a: TODO.\n    \"\"\"\n", &["DG201! A a"]),
            ("def f(a):\n    \"\"\"_summary_\n\n    :param a: A.\n    \"\"\"\n", &["DG201! f"]),
        ],
        &["DG201"],
    );
}
