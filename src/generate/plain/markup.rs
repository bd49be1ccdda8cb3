//! Markup: what a documentation tool would act on, or show as anything but a paragraph.

use std::sync::LazyLock;

use regex::Regex;

/// Patterns over prose without what stands in backticks, and what each finds.
///
/// Lines are wrapped anew, so that what acts at the beginning of a line is looked for in the middle as well.
const KINDS: &[(&str, &str)] = &[
    (r"(?m)^[ \t]*\.\.(?:[ \t]|$)|(?:^|\s)\.\.\s+[\w-]+::", "a directive"),
    (
        r"(?m)(?:^|\s)(?::[A-Za-z][\w-]*(?:[ \t]+[^\s:`]+){0,3}:|@[A-Za-z]+(?:[ \t]+[\w.*]+)?:)(?:\s|$)",
        "a field such as `:name:`",
    ),
    (
        r"(?m)^[ \t]*#{1,6}[ \t]+\S|^[ \t]*(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|_{3,}|\+{3,})[ \t]*$",
        "a heading or a rule",
    ),
    (
        r"(?i)<!--|</?(?:a|abbr|b|body|br|button|details|div|dl|dt|em|embed|form|frame|h[1-6]|head|hr|html|i|iframe|img|kbd|li|link|meta|ol|p|pre|s|script|select|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|th|title|tr|u|ul|var|video)(?:\s[^<>\n]*)?/?>",
        "HTML",
    ),
    (r"!\[[^\]\n]*\]\(|(?:^|\s)\[[^\]\n]+\]\([^)\s]+\)", "an image or a link"),
    (
        r"(?m)^[ \t]*\|(?:[ \t]|.*\|[ \t]*$)|^[ \t]*\+[-=]{2,}.*\+[ \t]*$|^[ \t]*={2,}[ \t]+={2,}|^[ \t]*:?-{3,}:?[ \t]*\|",
        "a table",
    ),
    (r"(?m)::[ \t]*$|^[ \t]*~~~", "a block of code"),
];

static PATTERNS: LazyLock<Vec<(Option<Regex>, &str)>> =
    LazyLock::new(|| KINDS.iter().map(|(pattern, kind)| (Regex::new(pattern).ok(), *kind)).collect());

/// What is shown as it stands, wherever that is.
static LITERAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"``[^`]+``|`[^`]+`").ok());

/// A link of reStructuredText: `` `text <target>`_ ``, `` `text`_ ``.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[^`\s]`__?(?:\W|$)").ok());

/// Lists the kinds of markup in a text; a tag that the code has is spoken of.
pub(super) fn kinds(text: &str, code: &str) -> impl Iterator<Item = &'static str> {
    let prose = LITERAL.as_ref().map(|literal| literal.replace_all(text, "x").into_owned());
    let link = LINK.as_ref().is_none_or(|link| link.is_match(text)).then_some("a link");
    let is_in = move |pattern: &Option<Regex>| match (pattern, &prose) {
        (Some(pattern), Some(prose)) => pattern
            .find_iter(prose)
            .any(|found| !(found.as_str().starts_with('<') && code.contains(found.as_str()))),
        _ => true,
    };
    let found = PATTERNS.iter().filter(move |(pattern, _)| is_in(pattern)).map(|(_, kind)| *kind);
    found.chain(link)
}

/// Returns whether readers would see a heading with lines below it, or a field such as `:raises X:`, in a text.
///
/// Deep inside an entry a heading is no section for the parser, and yet says what nobody asked for.
pub(super) fn has_structure(text: &str) -> bool {
    const FIELDS: &[&str] = &[
        "param",
        "parameter",
        "arg",
        "type",
        "return",
        "returns",
        "rtype",
        "raise",
        "raises",
        "yield",
        "yields",
    ];
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let heading = line.strip_suffix(':').is_some_and(|title| !title.contains(['.', ',']));
        let words = line.split_whitespace().count();
        let has_more = lines.peek().is_some_and(|next| !next.is_empty());
        let field = line.strip_prefix(['@', ':']).and_then(|rest| rest.split([' ', ':']).next());
        if heading && words <= 2 && has_more || field.is_some_and(|field| FIELDS.contains(&field)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tool_would_act_on_is_found() {
        let table = [
            (".. raw:: html\n\n    <b>x</b>", "a directive"),
            (".. include:: /etc/passwd", "a directive"),
            ("So it is.\n  .. deprecated:: 1.0\n    Do not use.", "a directive"),
            ("So it is. .. note:: This.", "a directive"),
            (".. _target:", "a directive"),
            ("..\n    A comment.", "a directive"),
            ("So it is.\n\n:meta private:", "a field"),
            (":deprecated: Long ago.", "a field"),
            ("The sum. :raises KeyError: Always.", "a field"),
            (":param int level: The level.", "a field"),
            ("@author: Me.", "a field"),
            ("So it is. @raise KeyError: Always.", "a field"),
            ("# Heading", "a heading"),
            ("Heading\n=======", "a heading"),
            ("So.\n\n---\n\nMore.", "a heading"),
            ("So <script>alert(1)</script>.", "HTML"),
            ("So <img src=x onerror=y>.", "HTML"),
            ("So <br/> it is.", "HTML"),
            ("So <!-- x --> it is.", "HTML"),
            ("![x](evil.png)", "an image"),
            ("See [this](evil) now.", "an image"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a table"),
            ("+---+---+\n| a | b |\n+---+---+", "a table"),
            ("==== ====\na    b\n==== ====", "a table"),
            ("| One line.\n| Another.", "a table"),
            ("Text::", "a block"),
            ("Run this::\n\n    import os", "a block"),
            ("~~~\nx\n~~~", "a block"),
            ("See `the page <target>`_.", "a link"),
            ("See `the page`__ now.", "a link"),
        ];
        for (text, expected) in table {
            let found: Vec<&str> = kinds(text, "def f(): pass").collect();
            assert!(found.iter().any(|kind| kind.starts_with(expected)), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_tag_of_the_code_may_be_spoken_of() {
        let found = |code: &str| kinds("Put it into <p> elements.", code).count();
        assert_eq!((found("return f'<p>{text}</p>'"), found("return text")), (0, 1));
    }

    #[test]
    fn prose_is_no_markup() {
        for text in [
            "Return the level.",
            "Never call `it`, and ``that`` neither.",
            "Uses :func:`os.system` and :class:`Box`.",
            ":class:`Box` is made first.",
            "- One.\n- Two.",
            "Of the form ``<b>`` or `<script>`.",
            "Whether a < b and b > c.",
            "It is ... so.",
            "One of these: this, that.",
            "C++ calls it `std::move`.",
            "The # of items.",
            "A list[int](x) call, and array[0].",
            "A | B, and a || b.",
            "The time as HH:MM:SS: hours first.",
            "Slices such as a[::2] and x[:, 1].",
            "Names such as `__init__` and `_x`_y.",
            "Call it by name@host: a place.",
        ] {
            let found: Vec<&str> = kinds(text, "def f(): pass").collect();
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }
}
