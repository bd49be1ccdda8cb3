//! What the parser makes of fields, in Sphinx and Epytext style.

use super::*;
use SectionKind::{
    Attributes, Custom, Notes, OtherParameters, Parameters, Raises, Returns, SeeAlso, Warnings, Yields,
};
use Style::{Epytext, Sphinx};

#[test]
fn parameters_in_every_notation() {
    let table: &[(&str, &[&str])] = &[
        (":param x: The text.", &["x||||The text."]),
        (":param x:", &["x||||"]),
        (":param x:The text.", &["x||||The text."]),
        (":param int x: The text.", &["x|int|||The text."]),
        (":param str or None x: The text.", &["x|str or None|||The text."]),
        (":param dict[str, int] x: The text.", &["x|dict[str, int]|||The text."]),
        (":param x, y: Both.", &["x,y||||Both."]),
        (":param \\*args: Rest.", &["*args||||Rest."]),
        (":param **kwargs: Rest.", &["**kwargs||||Rest."]),
        (":param `x`: T.", &["x||||T."]),
        (":arg x: T.\n    :argument y: T.", &["x||||T.", "y||||T."]),
        (":param x[0]: T.", &["x[0]||||T."]),
        (":param :class:`A` x: T.", &["x|:class:`A`|||T."]),
        (":param x: T: more.", &["x||||T: more."]),
        (":param x: One\n        two.", &["x||||One\ntwo."]),
        (":param x: One\n    two.", &["x||||One\ntwo."]),
        (":param x:\n        One\n        two.", &["x||||One\ntwo."]),
        (
            ":param x: One:\n\n        - a\n        - b\n\n    :param y: T.",
            &["x||||One:\n\n- a\n- b", "y||||T."],
        ),
        (":param x: T.\n    :type x: int", &["x|int|||T."]),
        (":type x: int\n    :param x: T.", &["x|int|||T."]),
        (
            ":param x: T.\n    :param y: T.\n    :type y: str, optional\n    :type x: int",
            &["x|int|||T.", "y|str|optional||T."],
        ),
        (
            ":param x: T.\n    :raises E: e\n    :type x: dict of str,\n        int",
            &["x|dict of str, int|||T."],
        ),
        (":type x: int", &["x|int|||"]),
    ];
    for (source, expected) in table {
        let text = format!("Summary.\n\n    {source}\n    ");
        assert_eq!(entries_in(Sphinx, &text, Parameters), *expected, "{source}");
        if !source.contains(":class:") && !source.contains("[str, int]") {
            let text = text.replace("    :", "    @");
            let expected: Vec<&str> = expected.to_vec();
            assert_eq!(entries_in(Epytext, &text, Parameters), expected, "{text}");
        }
    }
}

#[test]
fn values_and_exceptions() {
    let table: &[(&str, SectionKind, &[&str])] = &[
        (":returns: The text.", Returns, &["||||The text."]),
        (":return: The text.\n    :rtype: int or None", Returns, &["|int or None|||The text."]),
        (":rtype: int\n    :return: The text.", Returns, &["|int|||The text."]),
        (":rtype: int", Returns, &["|int|||"]),
        (":returns:\n        - a (int): One.\n        - b: Two", Returns, &["a|int|||One.", "|b|||Two"]),
        (
            ":returns:\n        - a (int): One.\n        - str: Two\n          more.",
            Returns,
            &["a|int|||One.", "|str|||Two\nmore."],
        ),
        (":returns:\n        - a: One, two and\n        - more", Returns, &["||||- a: One, two and\n- more"]),
        (":yields: T.\n    :ytype: int", Yields, &["|int|||T."]),
        (":raises ValueError: If x.", Raises, &["ValueError||||If x."]),
        (":raise A, B.C: If x.\n    :except D: If y.", Raises, &["A,B.C||||If x.", "D||||If y."]),
        (":raises: If x.", Raises, &["||||If x."]),
        (":ivar x: T.\n    :type x: int", Attributes, &["x|int|||T."]),
        (":keyword x: T.\n    :kwarg y: T.", OtherParameters, &["x||||T.", "y||||T."]),
    ];
    for (source, kind, expected) in table {
        let text = format!("Summary.\n\n    {source}\n    ");
        assert_eq!(entries_in(Sphinx, &text, *kind), *expected, "{source}");
        assert_eq!(entries_in(Epytext, &text.replace("    :", "    @"), *kind), *expected, "{source}");
    }
}

#[test]
fn what_is_a_section() {
    type Row<'a> = (Style, &'a str, &'a [(SectionKind, &'a str)]);
    let owned = |found: &[(SectionKind, &str)]| -> Vec<(SectionKind, String)> {
        found.iter().map(|(kind, title)| (*kind, (*title).to_owned())).collect()
    };
    let table: &[Row<'_>] = &[
        (
            Sphinx,
            ":param x: T.\n    :param y: T.\n    :returns: T.",
            &[(Parameters, "param"), (Returns, "returns")],
        ),
        (
            Sphinx,
            ":param x: T.\n    :raises E: T.\n    :param y: T.",
            &[(Parameters, "param"), (Raises, "raises"), (Parameters, "param")],
        ),
        (
            Sphinx,
            ":param x: T.\n\n    Words.\n\n    :param y: T.",
            &[(Parameters, "param"), (Parameters, "param")],
        ),
        (Sphinx, ":class:`A` is b.", &[]),
        (Sphinx, ":ref:`a`: b.", &[]),
        (Sphinx, "Words: :param x: T.", &[]),
        (Sphinx, ":meta private:", &[(Custom, "meta private")]),
        (Sphinx, ":http://example.org", &[]),
        (Sphinx, "    :param x: T.", &[(Parameters, "param")]),
        (Sphinx, "W.\n\n        :param x: T.", &[]),
        (Sphinx, ".. note:: N.", &[(Notes, "note")]),
        (Sphinx, ".. note::\n\n        N.\n\n    W.", &[(Notes, "note")]),
        (Sphinx, ".. admonition:: Side Effects\n\n        N.", &[(Custom, "Side Effects")]),
        (Sphinx, ".. versionadded:: 1.0", &[]),
        (Epytext, "@param x: T.\n    @return: T.", &[(Parameters, "param"), (Returns, "return")]),
        (
            Epytext,
            "@note: N.\n    @see: S.\n    @warning: W.",
            &[(Notes, "note"), (SeeAlso, "see"), (Warnings, "warning")],
        ),
        (Epytext, "@since: 1.0", &[(Custom, "since")]),
        (Epytext, "@property", &[]),
        (Epytext, "@foo(a: int)", &[]),
        (Epytext, "me@example.org: W", &[]),
        (Epytext, "Title\n    =====\n    Words.", &[(Custom, "Title")]),
    ];
    for (style, source, expected) in table {
        let text = format!("Summary.\n\n    {source}\n    ");
        assert_eq!(kinds_in(*style, &text), owned(expected), "{source}");
    }
}

#[test]
fn a_type_stays_with_the_entry_before_it() {
    let text = "S.\n\n    @param x: One.\n    @type x: int\n    @ivar x: Two.\n    @type x: str\n    ";
    assert_eq!(entries_in(Epytext, text, Parameters), ["x|int|||One."]);
    assert_eq!(entries_in(Epytext, text, Attributes), ["x|str|||Two."]);
}

#[test]
fn prose_between_fields_is_kept() {
    let text = "S.\n\n    :param x: One.\n\n    Words.\n\n    :type x: int\n\n    More.\n    ";
    let docstring = super::super::parse(text, Sphinx);
    assert_sound(&docstring, text);
    let after: Vec<&str> = docstring.sections[0].after.iter().map(|text| text.value.as_str()).collect();
    assert_eq!(after, ["Words.", "More."]);
    let field = docstring.sections[0].entries[0].type_field.as_ref().unwrap();
    assert_eq!(field.span.of(text), ":type x: int");
    assert_eq!(field.name.as_ref().unwrap().span.of(text), "x");
}

#[test]
fn escaped_underscores_and_defaults_beside_the_name() {
    let text = "S.\n\n    :param type\\_: One.\n    :param int size=3: Two.\n    :param a=b=c: Three.\n    :type flag: bool\n    :param flag=True: Four.\n    :param x=: Five.\n    ";
    let expected =
        ["type_||||One.", "size|int||3|Two.", "a|||b=c|Three.", "flag|bool||True|Four.", "x=||||Five."];
    assert_eq!(entries_in(Sphinx, text, SectionKind::Parameters), expected);
    let escaped =
        "S.\n\n    :param \\class_: One.\n    :param int \\rest\\_: Two.\n    :raises \\Gone: Three.\n    ";
    assert_eq!(entries_in(Sphinx, escaped, SectionKind::Parameters), ["class_||||One.", "rest_|int|||Two."]);
    assert_eq!(entries_in(Sphinx, escaped, SectionKind::Raises), ["Gone||||Three."]);
    let google = "S.\n\n    Args:\n        type\\_: One.\n        \\*rest\\_: Two.\n    ";
    assert_eq!(entries(google, SectionKind::Parameters), ["type_||||One.", "*rest_||||Two."]);
}

#[test]
fn a_field_that_no_one_knows_is_called_what_stands_there() {
    for title in ["defaults to \u{a0}@param x", "custom  two blanks", "custom one"] {
        let text = format!("Do it.\n\n:{title}: text");
        assert_eq!(kinds_in(Style::Sphinx, &text), [(SectionKind::Custom, title.to_owned())]);
    }
}
