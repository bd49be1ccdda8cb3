//! One part changes, everything else stays.

use super::super::{Amender, Amendment, DraftEntry, Layout, Wording, apply_amendments};
use super::{SectionKind, Style, google};
use crate::python::Span;

const PARAMETERS: SectionKind = SectionKind::Parameters;

fn layout() -> Layout {
    Layout { margin: "    ".to_owned(), ..Layout::default() }
}

/// Applies what `change` answers, with LF and with CRLF, and returns the text; "nothing" when it gives none.
fn amended(text: &str, change: impl Fn(&Amender<'_>) -> Vec<Amendment>) -> String {
    let layout = layout();
    let run = |text: &str| {
        let docstring = google(text);
        let amendments = change(&Amender::new(&docstring, text, &layout));
        if amendments.is_empty() {
            return "nothing".to_owned();
        }
        apply_amendments(text, &amendments).unwrap()
    };
    let result = run(text);
    if text.contains('\n') {
        assert_eq!(run(&text.replace('\n', "\r\n")), result.replace('\n', "\r\n"), "CRLF");
    }
    result
}

fn new(name: &str, type_text: &str) -> DraftEntry {
    let type_text = (!type_text.is_empty()).then(|| type_text.to_owned());
    DraftEntry { name: Some(name.to_owned()), type_text, description: "New.".to_owned() }
}

fn names(order: &str) -> Vec<String> {
    order.split(' ').map(str::to_owned).collect()
}

#[test]
fn entries_are_removed_with_their_lines() {
    let whole = "S.\n\n    Args:\n        x: One\n            more.\n\n        y: Two.\n        z: Three.\n\n    Returns:\n        It.\n    ";
    let table: &[(&str, &[usize], &str)] = &[
        (
            whole,
            &[0],
            "S.\n\n    Args:\n        y: Two.\n        z: Three.\n\n    Returns:\n        It.\n    ",
        ),
        (
            whole,
            &[1],
            "S.\n\n    Args:\n        x: One\n            more.\n\n        z: Three.\n\n    Returns:\n        It.\n    ",
        ),
        (
            whole,
            &[2],
            "S.\n\n    Args:\n        x: One\n            more.\n\n        y: Two.\n\n    Returns:\n        It.\n    ",
        ),
        (
            whole,
            &[1, 2],
            "S.\n\n    Args:\n        x: One\n            more.\n\n    Returns:\n        It.\n    ",
        ),
        (whole, &[0, 2], "S.\n\n    Args:\n        y: Two.\n\n    Returns:\n        It.\n    "),
        (whole, &[0, 1, 2], "S.\n\n    Returns:\n        It.\n    "),
        (whole, &[3], "nothing"),
        ("S.\n\n    Args:\n        x: One.\n    ", &[0], "S."),
        ("S.\n\n    Args:\n        x: One.", &[0], "S."),
        ("S.\n    Args:\n        x: One.\n\n\n\n    Words.\n    ", &[0], "S.\n\n    Words.\n    "),
        ("\n    S.\n\n    Args:\n        x: One.\n    ", &[0], "\n    S.\n    "),
        ("S.\n\n    W.\n\n    Args:\n        x: One.", &[0], "S.\n\n    W."),
        ("S.\n\n    Args:\n        x: One.\n        y: Two.", &[1], "S.\n\n    Args:\n        x: One."),
        (
            "S.\n\n    Args:\n        Prose.\n        x: One.\n    ",
            &[0],
            "S.\n\n    Args:\n        Prose.\n    ",
        ),
        ("\n    Args:\n        x: One.\n    ", &[0], "nothing"),
        (
            "\n    Args:\n        x: One.\n\n    Returns:\n        It.\n    ",
            &[0],
            "\n    Returns:\n        It.\n    ",
        ),
        ("Args:\n        x: One.\n\n    Returns:\n        It.\n    ", &[0], "Returns:\n        It.\n    "),
    ];
    for (text, gone, expected) in table {
        assert_eq!(amended(text, |amender| amender.remove_entries(0, gone)), *expected, "{text:?} {gone:?}");
    }
}

#[test]
fn an_entry_takes_the_blank_lines_on_one_side_along() {
    let table: &[(Style, &str, usize, &str)] = &[
        // Behind the last one, what follows keeps its distance.
        (
            Style::Sphinx,
            ":param a: A.\n\n:param b: B.\n\n:param c: C.\n more\n\n\n.. seealso:: x",
            2,
            ":param a: A.\n\n:param b: B.\n\n\n.. seealso:: x",
        ),
        (
            Style::Sphinx,
            ":param a: A.\n\n:param b: B.\n\n:param c: C.\n\n.. seealso:: x",
            0,
            ":param b: B.\n\n:param c: C.\n\n.. seealso:: x",
        ),
        (Style::Sphinx, ":param a: A.\n\n:param b: B.\n\n\n:param c: C.", 1, ":param a: A.\n\n:param c: C."),
        (Style::Sphinx, ":param a: A.\n\n:param b: B.\n:param c: C.", 1, ":param a: A.\n\n:param c: C."),
        (Style::Sphinx, ":param a: A.\n:param b: B.\n\n:returns: It.", 1, ":param a: A.\n\n:returns: It."),
        (Style::Sphinx, ":param a: A.\n\n:param b: B.\n:returns: It.", 1, ":param a: A.\n\n:returns: It."),
        (Style::Sphinx, ":param a: A.\n\n:param b: B.\n\nWords.\n", 1, ":param a: A.\n\nWords.\n"),
        (Style::Sphinx, ":param a: A.\n:param b: B.\n\nWords.\n", 1, ":param a: A.\n\nWords.\n"),
        (
            Style::Sphinx,
            ":param a: A.\n\nWords.\n\n:param b: B.\n:param c: C.",
            0,
            "Words.\n\n:param b: B.\n:param c: C.",
        ),
        (
            Style::Sphinx,
            ":param a: A.\n:type a: int\n\n:param b: B.\n:type b: int\n\n:returns: It.",
            1,
            ":param a: A.\n:type a: int\n\n:returns: It.",
        ),
        (Style::Epytext, "@param a: A.\n\n@param b: B.\n\n@return: It.", 1, "@param a: A.\n\n@return: It."),
        (Style::Epytext, "@param a: A.\n\n@param b: B.\n\n@return: It.", 0, "@param b: B.\n\n@return: It."),
        (
            Style::Google,
            "Args:\n    a: A.\n\n    b: B.\n\n    c: C.\n\nWords.",
            1,
            "Args:\n    a: A.\n\n    c: C.\n\nWords.",
        ),
        (
            Style::Google,
            "Args:\n    a: A.\n\n    b: B.\n\n    c: C.\n\n\nReturns:\n    It.",
            2,
            "Args:\n    a: A.\n\n    b: B.\n\n\nReturns:\n    It.",
        ),
        (
            Style::Google,
            "Args:\n    a: A.\n\n    Just a few words\n\n    b: B.\n\nWords.",
            1,
            "Args:\n    a: A.\n\n    Just a few words\n\nWords.",
        ),
        (
            Style::Numpy,
            "Parameters\n----------\na : int\n    A.\n\nb : int\n    B.\n\nReturns\n-------\nint",
            1,
            "Parameters\n----------\na : int\n    A.\n\nReturns\n-------\nint",
        ),
        (
            Style::Numpy,
            "Parameters\n----------\na : int\n    A.\n\nb : int\n    B.\n\nReturns\n-------\nint",
            0,
            "Parameters\n----------\nb : int\n    B.\n\nReturns\n-------\nint",
        ),
    ];
    for (style, text, gone, expected) in table {
        for lead in ["S.\n\n", ""] {
            let (text, expected) = (format!("{lead}{text}"), format!("{lead}{expected}"));
            let docstring = super::super::parse(&text, *style);
            let lists: Vec<usize> = docstring.sections.iter().map(|section| section.entries.len()).collect();
            let section = lists.iter().position(|entries| *entries > 0).unwrap();
            let gone = *gone;
            let made = Amender::new(&docstring, &text, &layout()).remove_entry(section, gone);
            assert_eq!(apply_amendments(&text, &made).unwrap(), expected, "{text:?} {gone}");
        }
    }
}

#[test]
fn a_name_that_would_be_a_reference_is_escaped_in_fields() {
    let table = [
        (Style::Sphinx, ":param a: It.\n:type a: int", "type_", ":param type\\_: It.\n:type type\\_: int"),
        (Style::Sphinx, ":param a: It.", "type__", ":param type\\__: It."),
        (Style::Sphinx, ":param a: It.", "_type_", ":param _type_: It."),
        (Style::Sphinx, ":param a: It.", "of_type", ":param of_type: It."),
        (Style::Sphinx, ":param id\\_: It.", "a", ":param a: It."),
        (Style::Sphinx, ":param id\\\\_: It.\n:type id\\\\_: int", "a", ":param a: It.\n:type a: int"),
        (Style::Epytext, "@param a: It.", "type_", "@param type_: It."),
        (Style::Google, "Args:\n    a: It.", "type_", "Args:\n    type_: It."),
    ];
    for (style, text, new, expected) in table {
        let text = format!("S.\n\n{text}\n");
        let docstring = super::super::parse(&text, style);
        let entry = &docstring.sections[0].entries[0];
        let layout = layout();
        let amender = Amender::new(&docstring, &text, &layout);
        let made = amender.rename_entry(entry, &entry.names[0].value, new);
        let renamed = apply_amendments(&text, &made).unwrap();
        assert_eq!(renamed, format!("S.\n\n{expected}\n"));
        let read = super::super::parse(&renamed, style);
        assert_eq!(read.sections[0].entries[0].names[0].value, new, "{renamed}");
    }
}

#[test]
fn new_fields_escape_what_would_be_a_reference() {
    let text = "S.\n\n:param a: It.\n";
    let docstring = super::super::parse(text, Style::Sphinx);
    let layout = layout();
    let amender = Amender::new(&docstring, text, &layout);
    let entry = DraftEntry {
        name: Some("type_".into()),
        type_text: Some("int".into()),
        description: "Which.".into(),
    };
    let made = amender.insert_entries(SectionKind::Parameters, &[entry], &["a".into(), "type_".into()]);
    let inserted = apply_amendments(text, &made).unwrap();
    assert_eq!(inserted, "S.\n\n:param a: It.\n:param type\\_: Which.\n");
    let docstring = super::super::parse(&inserted, Style::Sphinx);
    let made = Amender::new(&docstring, &inserted, &layout).set_type(0, 1, "int");
    let typed = apply_amendments(&inserted, &made).unwrap();
    assert_eq!(typed, "S.\n\n:param a: It.\n:param type\\_: Which.\n:type type\\_: int\n");
    let read = super::super::parse(&typed, Style::Sphinx);
    assert_eq!(read.sections[0].entries[1].names[0].value, "type_");
    assert!(read.sections[0].entries[1].type_text.is_some());
}

#[test]
fn one_of_several_names_is_removed() {
    let table = [
        ("x, y (int): Both.", "x", "y (int): Both."),
        ("x, y (int): Both.", "y", "x (int): Both."),
        ("`x`, ``y``, *z: All.", "y", "`x`, *z: All."),
        ("`x`, ``y``: All.", "x", "``y``: All."),
        ("`x`, ``y``: All.", "y", "`x`: All."),
        ("x: One.", "x", "nothing"),
        ("x, y: One.", "z", "nothing"),
    ];
    for (source, name, expected) in table {
        let text = format!("S.\n\n    Args:\n        {source}\n    ");
        let result = amended(&text, |amender| amender.remove_name(0, 0, name).into_iter().collect());
        let expected =
            if expected == "nothing" { expected.to_owned() } else { text.replace(source, expected) };
        assert_eq!(result, expected, "{source}");
    }
}

#[test]
fn names_are_replaced_behind_their_stars() {
    for (source, expected) in
        [("x: A x.", "new: A x."), ("\\*\\*x: A.", "\\*\\*new: A."), ("`x` (x): A.", "`new` (x): A.")]
    {
        let text = format!("S.\n\n    Args:\n        {source}\n    ");
        let docstring = google(&text);
        let layout = layout();
        let amendment = Amender::new(&docstring, &text, &layout)
            .rename(&docstring.sections[0].entries[0].names[0], "**new");
        assert_eq!(apply_amendments(&text, &[amendment]).unwrap(), text.replace(source, expected));
    }
}

#[test]
fn entries_are_inserted_in_order() {
    let two = "S.\n\n    Args:\n        a: One.\n        d: Two\n            more.\n    ";
    let table = [
        (
            two,
            "a b c d",
            "b c",
            "S.\n\n    Args:\n        a: One.\n        b: New.\n        c: New.\n        d: Two\n            more.\n    ",
        ),
        (
            two,
            "b a d e",
            "e b",
            "S.\n\n    Args:\n        b: New.\n        a: One.\n        d: Two\n            more.\n        e: New.\n    ",
        ),
        (
            two,
            "a d",
            "z",
            "S.\n\n    Args:\n        a: One.\n        d: Two\n            more.\n        z: New.\n    ",
        ),
        ("S.\n\n    Args:\n        a: One.", "a b", "b", "S.\n\n    Args:\n        a: One.\n        b: New."),
        (
            "S.\n\n    Args:\n      a: One.\n\n      b: Two.\n\n    End.",
            "a b c",
            "c",
            "S.\n\n    Args:\n      a: One.\n\n      b: Two.\n\n      c: New.\n\n    End.",
        ),
        (
            "S.\n\n    Args:\n        \\*a: One.\n    ",
            "a b",
            "**b",
            "S.\n\n    Args:\n        \\*a: One.\n        \\*\\*b: New.\n    ",
        ),
        ("S.\n\n    Args:\n    ", "a", "a", "S.\n\n    Args:\n        a: New.\n    "),
        (
            "S.\n\n    Args:\n        None yet.\n    ",
            "a",
            "a",
            "S.\n\n    Args:\n        None yet.\n        a: New.\n    ",
        ),
        (
            "S.\n\n    Args:\n     * a: One.\n    ",
            "a b",
            "b",
            "S.\n\n    Args:\n     * a: One.\n     * b: New.\n    ",
        ),
        ("S.\n\n    Args:", "a", "a", "S.\n\n    Args:\n        a: New."),
    ];
    for (text, order, added, expected) in table {
        let entries: Vec<DraftEntry> = added.split(' ').map(|name| new(name, "")).collect();
        assert_eq!(
            amended(text, |amender| amender.insert_entries(PARAMETERS, &entries, &names(order))),
            expected
        );
    }
}

#[test]
fn types_are_written_where_the_section_writes_them() {
    for (source, expected) in [("a: One.", "b: New."), ("a (int): One.", "b (str): New.")] {
        let text = format!("S.\n\n    Args:\n        {source}\n    ");
        let result =
            amended(&text, |amender| amender.insert_entries(PARAMETERS, &[new("b", "str")], &names("a b")));
        assert_eq!(result, format!("S.\n\n    Args:\n        {source}\n        {expected}\n    "));
    }
}

#[test]
fn sections_are_made_where_they_belong() {
    let table = [
        ("S.", "S.\n\n    Args:\n        a: New.\n    "),
        ("S.  ", "S.\n\n    Args:\n        a: New.\n    "),
        ("S.\n    ", "S.\n\n    Args:\n        a: New.\n    "),
        ("S.\n\n    W.", "S.\n\n    W.\n\n    Args:\n        a: New."),
        ("S.\n\n    W.\n    ", "S.\n\n    W.\n\n    Args:\n        a: New.\n    "),
        (
            "S.\n\n    Returns:\n      It.\n    ",
            "S.\n\n    Args:\n      a: New.\n\n    Returns:\n      It.\n    ",
        ),
        (
            "S.\n\n    Note:\n        N.\n    ",
            "S.\n\n    Args:\n        a: New.\n\n    Note:\n        N.\n    ",
        ),
        ("Returns:\n        It.\n    ", "Args:\n        a: New.\n\n    Returns:\n        It.\n    "),
        ("", "\n    Args:\n        a: New.\n    "),
    ];
    for (text, expected) in table {
        assert_eq!(
            amended(text, |amender| amender.insert_entries(PARAMETERS, &[new("a", "")], &[])),
            expected,
            "{text:?}"
        );
    }
    let raised = |amender: &Amender<'_>| amender.insert_entries(SectionKind::Raises, &[new("E", "")], &[]);
    let table = [
        (
            "S.\n\n    Args:\n        a: A.\n\n    Example:\n        E.\n    ",
            "S.\n\n    Args:\n        a: A.\n\n    Raises:\n        E: New.\n\n    Example:\n        E.\n    ",
        ),
        (
            "S.\n\n    Returns:\n        It.",
            "S.\n\n    Returns:\n        It.\n\n    Raises:\n        E: New.",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(amended(text, raised), expected, "{text:?}");
    }
    let returned =
        DraftEntry { name: None, type_text: Some("int".to_owned()), description: "It.".to_owned() };
    let add = |amender: &Amender<'_>| {
        amender.insert_entries(SectionKind::Returns, std::slice::from_ref(&returned), &[])
    };
    assert_eq!(amended("S.\n\n    Returns:\n        It.\n    ", add), "nothing");
    assert_eq!(amended("S.", add), "S.\n\n    Returns:\n        int: It.\n    ");
}

#[test]
fn a_summary_is_set_only_where_there_is_none() {
    let table = [
        ("S.", "nothing"),
        ("", "New."),
        ("\n    ", "New."),
        ("\n    Args:\n        x: One.\n    ", "New.\n\n    Args:\n        x: One.\n    "),
        ("Args:\n        x: One.\n    ", "New.\n\n    Args:\n        x: One.\n    "),
    ];
    for (text, expected) in table {
        assert_eq!(
            amended(text, |amender| amender.set_summary("New.").into_iter().collect()),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn entries_without_description_get_one() {
    let table = [
        ("Args", "x:", "x: New."),
        ("Args", "x (int):", "x (int): New."),
        ("Args", "x (int)", "x (int): New."),
        ("Args", "x: One.", "nothing"),
        ("Raises", "ValueError", "ValueError: New."),
        ("Raises", ":exc:`ValueError`", ":exc:`ValueError`: New."),
        ("Returns", "int:", "int: New."),
    ];
    for (title, source, expected) in table {
        let text = format!("S.\n\n    {title}:\n        {source}\n    ");
        let result = amended(&text, |amender| amender.describe_entry(0, 0, "New.").into_iter().collect());
        let expected =
            if expected == "nothing" { expected.to_owned() } else { text.replace(source, expected) };
        assert_eq!(result, expected, "{source}");
    }
}

#[test]
fn long_descriptions_are_wrapped_where_they_go() {
    let text = "S.\n\n    Args:\n      x: One\n        more.\n      y:\n    ";
    let result =
        amended(text, |amender| amender.describe_entry(0, 1, &"word ".repeat(20)).into_iter().collect());
    let words = |count: usize| ["word"; 20][..count].join(" ");
    assert_eq!(result, text.replace("y:", &format!("y: {}\n        {}", words(16), words(4))));
}

#[test]
fn words_are_replaced_when_they_stand_alone_and_once() {
    let table = [
        ("defaults to 10.", "10", Some("defaults to 30.")),
        ("defaults to 10.5 or 10", "10", Some("defaults to 10.5 or 30")),
        ("defaults to -10", "10", None),
        ("10 of 10", "10", None),
        ("x10", "10", None),
        ("defaults to 'a'.", "'a'", Some("defaults to 30.")),
        ("nothing", "10", None),
        ("nothing", "", None),
    ];
    let layout = layout();
    for (text, old, expected) in table {
        let docstring = google(text);
        let amendment =
            Amender::new(&docstring, text, &layout).replace_in(Span::new(0, text.len()), old, "30");
        let result = amendment.map(|amendment| apply_amendments(text, &[amendment]).unwrap());
        assert_eq!(result.as_deref(), expected, "{text}");
    }
}

#[test]
fn entries_change_places_as_they_are_written() {
    let text = "S.\n\n    Args:\n        b: Two\\n\n            more.\n\n        \\*c: Three.\n        a: One.\n    ";
    let expected = "S.\n\n    Args:\n        a: One.\n\n        b: Two\\n\n            more.\n        \\*c: Three.\n    ";
    assert_eq!(amended(text, |amender| amender.reorder_entries(0, &names("a b *c"))), expected);
    assert_eq!(amended(expected, |amender| amender.reorder_entries(0, &names("a b *c"))), "nothing");
    assert_eq!(amended(text, |amender| amender.reorder_entries(0, &names("x"))), "nothing");
}

#[test]
fn amendments_that_collide_are_refused() {
    let change = |start: usize, end: usize| Amendment {
        span: Span::new(start, end),
        text: "-".to_owned(),
        wording: Wording::Read,
    };
    assert_eq!(apply_amendments("abcé", &[change(2, 3), change(0, 1)]).as_deref(), Some("-b-é"));
    assert_eq!(apply_amendments("abc", &[change(0, 2), change(2, 2)]).as_deref(), Some("--c"));
    assert_eq!(apply_amendments("abc", &[change(0, 2), change(1, 3)]), None);
    assert_eq!(apply_amendments("abc", &[change(1, 1), change(1, 1)]), None);
    assert_eq!(apply_amendments("abc", &[change(2, 9)]), None);
    assert_eq!(apply_amendments("é", &[change(1, 2)]), None);
}
