//! What the Google parser makes of real-life shapes.

use super::*;

/// Parses one line, or several, as the content of an `Args:` section at the margin of a function.
fn argument(source: &str) -> Vec<String> {
    entries(&format!("Summary.\n\n    Args:\n{source}\n    "), SectionKind::Parameters)
}

#[test]
fn entries_in_every_notation() {
    let table: &[(&str, &[&str])] = &[
        ("        x: The text.", &["x||||The text."]),
        ("        x:The text.", &["x||||The text."]),
        ("        x : The text.", &["x||||The text."]),
        ("        x (int): The text.", &["x|int|||The text."]),
        ("        x (int) : The text.", &["x|int|||The text."]),
        ("        x(int): The text.", &["x|int|||The text."]),
        ("        x (int, optional): The text.", &["x|int|optional||The text."]),
        ("        x (optional): The text.", &["x||optional||The text."]),
        ("        x (int, required): The text.", &["x|int|||The text."]),
        ("        x (int, default 3): The text.", &["x|int||3|The text."]),
        ("        x (int, defaults to 3): The text.", &["x|int||3|The text."]),
        ("        x (int, optional, default: (1, 2)): The text.", &["x|int|optional|(1, 2)|The text."]),
        ("        x (str, default=', '): The text.", &["x|str||', '|The text."]),
        ("        x (defaultdict[str, int]): The text.", &["x|defaultdict[str, int]|||The text."]),
        ("        x (Dict[str, Tuple[int, ...]]): The text.", &["x|Dict[str, Tuple[int, ...]]|||The text."]),
        ("        x (Literal[')', ':']): The text.", &["x|Literal[')', ':']|||The text."]),
        ("        x (the user's choice): The text.", &["x|the user's choice|||The text."]),
        (
            "        x (Callable[[int], str], optional): The text.",
            &["x|Callable[[int], str]|optional||The text."],
        ),
        ("        x (dict[str,\n                int]): The text.", &["x|dict[str, int]|||The text."]),
        ("        x (:class:`Thing`): The text.", &["x|:class:`Thing`|||The text."]),
        ("        x (Optional[int]: The text.", &["x|Optional[int]|||The text."]),
        ("        x Optional[int]: The text.", &["x|Optional[int]|||The text."]),
        ("        x Sequence[Tuple(str, str)]: The text.", &["x|Sequence[Tuple(str, str)]|||The text."]),
        ("        x Optional(str): The text.", &["x|Optional(str)|||The text."]),
        ("        *args: The text.", &["*args||||The text."]),
        ("        **kwargs (Any): The text.", &["**kwargs|Any|||The text."]),
        ("        \\*args: The text.", &["*args||||The text."]),
        ("        \\*\\*kwargs: The text.", &["**kwargs||||The text."]),
        ("        \\\\*\\\\*kwargs: The text.", &["**kwargs||||The text."]),
        ("        `x`: The text.", &["x||||The text."]),
        ("        ``x`` (int): The text.", &["x|int|||The text."]),
        ("        x, y (int): The text.", &["x,y|int|||The text."]),
        ("        *args, **kwargs: The text.", &["*args,**kwargs||||The text."]),
        ("        x:", &["x||||"]),
        ("        x (int)", &["x|int|||"]),
        ("        x (int):", &["x|int|||"]),
        ("        **kwargs", &["**kwargs||||"]),
        ("        x:\n            The text.\n            More.", &["x||||The text.\nMore."]),
        ("        x: See https://example.org: there.", &["x||||See https://example.org: there."]),
        ("        größe: The text.", &["größe||||The text."]),
        (
            "        x: The text\n            runs on.\n        y: Other.",
            &["x||||The text\nruns on.", "y||||Other."],
        ),
        (
            "        x: The text\n           aligned.\n        y: Other.",
            &["x||||The text\naligned.", "y||||Other."],
        ),
        (
            "        x: The text\n        runs on.\n        y: Other.",
            &["x||||The text\nruns on.", "y||||Other."],
        ),
        (
            "        x: The text\n    slips out.\n        y: Other.",
            &["x||||The text\nslips out.", "y||||Other."],
        ),
        (
            "        x: One of:\n\n            - a: first\n            - b\n        y: Other.",
            &["x||||One of:\n\n- a: first\n- b", "y||||Other."],
        ),
        (
            "        x: As in::\n\n                Args:\n                    z: 1\n\n        y: Other.",
            &["x||||As in::\n\n    Args:\n        z: 1", "y||||Other."],
        ),
        (
            "        x: One.\n\n            y: two.\n\n\n        z: Three.",
            &["x||||One.\n\ny: two.", "z||||Three."],
        ),
        ("      x: One.\n      y: Two\n        more.", &["x||||One.", "y||||Two\nmore."]),
        ("\n        x: One.", &["x||||One."]),
        ("\tx: One.\n        y: Two.", &["x||||One.", "y||||Two."]),
    ];
    for (source, expected) in table {
        assert_eq!(argument(source), *expected, "{source}");
    }
}

#[test]
fn lines_that_are_no_entries() {
    let sources = [
        "see https://example.org",
        "https://example.org/x",
        "Example::",
        "x y: text",
        "x (int: text",
        "x is one of (a, b): text",
        "x in [a]: text",
        "",
        "x",
        "\\x: text",
    ];
    for source in sources {
        let text = format!("Summary.\n\n    Args:\n        {source}\n    ");
        let docstring = google(&text);
        assert_eq!(docstring.entries(SectionKind::Parameters).count(), 0, "{source}");
        let kept = docstring.sections[0].text.as_ref().map(|text| text.value.as_str()).unwrap_or_default();
        assert_eq!(kept, source, "nothing disappears");
    }
}

#[test]
fn returned_values_with_and_without_type() {
    let table = [
        ("        int: The text.", "|int|||The text."),
        ("        The text.", "||||The text."),
        ("        A mapping: names to values.", "||||A mapping: names to values."),
        ("        dict[str, int] | None: The text.", "|dict[str, int] | None|||The text."),
        ("        None: Nothing.", "|None|||Nothing."),
        ("        True: if it worked.", "||||True: if it worked."),
        ("        'Thing': The text.", "|'Thing'|||The text."),
        ("        a.b.Thing[int]: The text.", "|a.b.Thing[int]|||The text."),
        ("        (int, str): The text.", "|(int, str)|||The text."),
        ("        int, str: The text.", "|int, str|||The text."),
        ("        dict, list, or None: T.", "|dict, list, or None|||T."),
        ("        names, values: T.", "||||names, values: T."),
        ("        Series/DataFrame: T.", "|Series/DataFrame|||T."),
        ("        L{list} of C{str, int}: T.", "|L{list} of C{str, int}|||T."),
        ("        :class:`Thing`: The text.", "|:class:`Thing`|||The text."),
        ("        list of int: The text.", "|list of int|||The text."),
        ("        array-like of shape (n, m) or None: T.", "|array-like of shape (n, m) or None|||T."),
        ("        dict of str to list of int: T.", "|dict of str to list of int|||T."),
        ("        a list of int: T.", "||||a list of int: T."),
        ("        names of the files: T.", "||||names of the files: T."),
        ("        files to read: T.", "|files to read|||T."),
        ("        shape (n, m): T.", "shape|n, m|||T."),
        ("        of int: T.", "||||of int: T."),
        ("        one two: T.", "||||one two: T."),
        ("        See http://example.org.", "||||See http://example.org."),
        ("        int", "||||int"),
        ("        int:", "|int|||"),
        ("        int:\n            The text.", "|int|||The text."),
        ("        total (int): The text.", "total|int|||The text."),
        ("        One thing.\n        x: Two.\n\n        Three.", "||||One thing.\nx: Two.\n\nThree."),
        ("        One\n            thing.", "||||One\nthing."),
        ("        int: One\n        thing.", "|int|||One\nthing."),
        ("        A dict::\n\n            {'a': 1}", "||||A dict::\n\n    {'a': 1}"),
        ("        dict[str,\n            int]: The text.", "|dict[str, int]|||The text."),
    ];
    for (source, expected) in table {
        let text = format!("Summary.\n\n    Returns:\n{source}\n    ");
        assert_eq!(entries(&text, SectionKind::Returns), [expected], "{source}");
    }
}

#[test]
fn exceptions() {
    let text = "Summary.\n\n    Raises:\n        ValueError: When x.\n        errors.Broken: Or y:\n            z.\n        KeyError\n        :exc:`OSError`: Or.\n        A, B: Both.\n        and so on\n    ";
    let expected = [
        "ValueError||||When x.",
        "errors.Broken||||Or y:\nz.",
        "KeyError||||",
        "OSError||||Or.",
        "A,B||||Both.\nand so on",
    ];
    assert_eq!(entries(text, SectionKind::Raises), expected);
}

#[test]
fn entries_may_be_a_list() {
    let source =
        "         * x: The text\n           runs on.\n\n         * y (int): Other:\n            - a: b";
    assert_eq!(argument(source), ["x||||The text\nruns on.", "y|int|||Other:\n- a: b"]);
    assert_eq!(argument("        x: One\n        - a: first"), ["x||||One\n- a: first"]);
}

#[test]
fn methods_have_arguments_and_no_types() {
    let text = "Summary.\n\n    Methods:\n        read(size, *rest): Reads.\n    ";
    assert_eq!(entries(text, SectionKind::Methods), ["read||||Reads."]);
}

#[test]
fn what_is_a_section() {
    use SectionKind::{Custom, Examples, Notes, OtherParameters, Parameters, Raises, Returns};
    let table: &[(&str, &[SectionKind])] = &[
        ("Summary.\n\n    Args:\n        x: One.", &[Parameters]),
        ("Summary.\n    Args:\n        x: One.", &[Parameters]),
        ("Summary.\n\n    Args:\n      x: One.\n    Returns:\n      int: Two.", &[Parameters, Returns]),
        ("Summary.\n\n    Args:   \n\n        x: One.", &[Parameters]),
        ("Summary.\n\n    Args:\n\n    Returns:\n    Raises:\n        A: b.", &[Parameters, Returns, Raises]),
        ("Summary.\n\n    Args:", &[Parameters]),
        ("\n    Args:\n        x: One.\n    ", &[Parameters]),
        ("Args:\n        x: One.\n    ", &[Parameters]),
        ("Summary.\n\n    Example:\n\n        >>> 1\n        1\n", &[Examples]),
        ("Summary.\n\n    args:\n        x: One.", &[Parameters]),
        ("Summary.\n\n    KEYWORD ARGS:\n        x: One.", &[OtherParameters]),
        ("Summary and\n    returns:\n        x: One.", &[]),
        ("Summary.\n\n    returns:\n\n        Words.", &[]),
        ("Summary.\nSlipped.\n\n    Args:\n        x: One.\n    ", &[Parameters]),
        ("Summary.\n\n    Args:\n        x: One.\nSlipped.\n        y: Two.", &[Parameters]),
        ("Summary.\n\nMany lines\nare here,\nnone slipped.\n\n    Args:\n        x: One.\n    ", &[]),
        ("Summary.\n\n    Args\n        x: One.", &[]),
        ("Summary.\n\n    Args::\n\n        x: One.", &[]),
        ("Summary about\n    Args:\n    in prose.", &[]),
        ("Summary.\n\n    The Args: are\n        indented.", &[]),
        ("Summary.\n\n    ```\n    Args:\n        x: One.\n    ```\n", &[]),
        ("Summary.\n\n    ```\n    Args:\n        x: One.\n", &[Parameters]),
        ("Summary.\n\n    >>> print(text)\n    Args:\n        x: One.\n", &[]),
        ("Summary.\n\n    Like this::\n\n        Args:\n            x: One.\n\n    End.", &[]),
        ("Summary.\n\n    Side Effects:\n        Writes.", &[Custom]),
        ("Summary.\n    Side Effects:\n        Writes.", &[]),
        ("Summary.\n\n    Some side effects:\n        Writes.", &[]),
        ("Summary.\n\n    Side Effects:\n\n        Writes.", &[]),
        ("Summary.\n\n    A Very Long Title:\n        Writes.", &[]),
        ("Summary.\n\n    Hint:\n        Do.\n\n    Note:\n        Do.", &[Custom, Notes]),
    ];
    for (text, expected) in table {
        let kinds: Vec<SectionKind> = google(text).sections.iter().map(|section| section.kind).collect();
        assert_eq!(kinds, *expected, "{text}");
        let windows = text.replace('\n', "\r\n");
        let kinds: Vec<SectionKind> = google(&windows).sections.iter().map(|section| section.kind).collect();
        assert_eq!(kinds, *expected, "{windows:?}");
    }
}

#[test]
fn every_line_ending_and_indentation_says_the_same() {
    let text = "Summary\n    runs on.\n\n    Words.\n\n        code\n\n    Args:\n        x (int): One\n            two.\n\n    Returns:\n        int: It.\n    ";
    let expected = google(text).to_draft();
    for ending in ["\r\n", "\r"] {
        assert_eq!(google(&text.replace('\n', ending)).to_draft(), expected);
    }
    assert_eq!(google(text.trim_end()).to_draft(), expected);
    assert_eq!(google(&format!("\n    {text}")).to_draft(), expected);
    assert_eq!(google(&format!("\\\n    {text}")).to_draft(), expected);
    let tabs = google(&text.replace("    ", "\t"));
    assert_eq!(tabs.margin, "\t");
    assert_eq!(tabs.sections[0].entries.iter().map(line).collect::<Vec<_>>(), ["x|int|||One\ntwo."]);
}

#[test]
fn prose_is_cut_into_summary_and_description() {
    let table = [
        ("", None, None),
        ("  \n  ", None, None),
        ("Summary.", Some("Summary."), None),
        ("  Summary.  ", Some("Summary."), None),
        (
            "\n    Summary\n    two.\n\n\n    Words.\n\n      More.\n    ",
            Some("Summary\ntwo."),
            Some("Words.\n\n  More."),
        ),
        ("Summary.\n    ", Some("Summary."), None),
    ];
    for (text, summary, description) in table {
        let docstring = google(text);
        assert_eq!(docstring.summary.map(|text| text.value).as_deref(), summary, "{text:?}");
        assert_eq!(docstring.description.map(|text| text.value).as_deref(), description, "{text:?}");
    }
}

#[test]
fn prose_behind_a_section_is_kept() {
    let text = "Summary.\n\n    Args:\n        These.\n        x: One.\n\n    Last words.\n    ";
    let docstring = google(text);
    assert_eq!(docstring.sections[0].text.as_ref().unwrap().value, "These.");
    assert_eq!(docstring.sections[0].after[0].value, "Last words.");
    assert_eq!(
        docstring.not_understood().map(|(_, text)| text.value.as_str()).collect::<Vec<_>>(),
        ["These."]
    );
    assert_eq!(line(&docstring.sections[0].entries[0]), "x||||One.");
}

#[test]
fn spans_point_at_the_source() {
    let text = "Ünit.\r\n\r\n\tArgs:\r\n\t\t\\*ärgs (int, default 3): Döne\r\n\t\t\tmore.  \r\n\t";
    let docstring = google(text);
    assert_sound(&docstring, text);
    let entry = &docstring.sections[0].entries[0];
    assert_eq!(entry.span.of(text), "\\*ärgs (int, default 3): Döne\r\n\t\t\tmore.");
    assert_eq!(entry.names[0].span.of(text), "\\*ärgs");
    assert_eq!(entry.type_text.as_ref().unwrap().span.of(text), "int");
    assert_eq!(entry.default.as_ref().unwrap().span.of(text), "3");
    assert_eq!(entry.description.as_ref().unwrap().span.of(text), "Döne\r\n\t\t\tmore.");
}

#[test]
fn a_line_at_the_margin_of_the_file_hides_no_section() {
    let texts = [
        "Summary.\n\n    Words.\nslipped out of its place.\n\n    Args:\n        x: One.\n\n    Returns:\n        It.\n    ",
        "Summary.\n\nslipped\n\n    Args:\n        x: One.\n    ",
        "Summary.\n\n    Args:\n        x: One\nslipped.\n        y: Two.\n    ",
    ];
    for text in texts {
        let docstring = google(text);
        assert_sound(&docstring, text);
        assert_eq!(docstring.margin, "    ", "{text}");
        assert_eq!(docstring.entries(SectionKind::Parameters).next().unwrap().names[0].value, "x", "{text}");
        assert!(text.contains("slipped"), "nothing is lost");
        let said = docstring.to_draft();
        assert!(format!("{said:?}").contains("slipped"), "{said:?}");
    }
}

#[test]
fn several_values_need_a_head_on_each_line() {
    let table: &[(&str, &[&str])] = &[
        (
            "        a (int): One.\n        b (str): Two\n            more.",
            &["a|int|||One.", "b|str|||Two\nmore."],
        ),
        ("        int: One.\n        str: Two.", &["|int|||One.", "|str|||Two."]),
        ("        int: One.\n        Note: that.", &["|int|||One.\nNote: that."]),
        ("        True: yes.\n        False: no.", &["||||True: yes.\nFalse: no."]),
    ];
    for (source, expected) in table {
        let text = format!("Summary.\n\n    Returns:\n{source}\n    ");
        assert_eq!(entries(&text, SectionKind::Returns), *expected, "{source}");
    }
}

#[test]
fn a_name_without_a_colon_is_an_entry_where_its_text_is_below() {
    let text = "S.\n\n    Arguments:\n\n        receiver\n            A function.\n\n            More.\n\n        sender, weak\n            Two.\n    ";
    assert_eq!(
        entries(text, SectionKind::Parameters),
        ["receiver||||A function.\n\nMore.", "sender,weak||||Two."]
    );
    let prose = "S.\n\n    Args:\n        x: One that is\n        wrapped\n        y: Two.\n    ";
    assert_eq!(entries(prose, SectionKind::Parameters), ["x||||One that is\nwrapped", "y||||Two."]);
}

#[test]
fn exceptions_may_share_a_text() {
    let text =
        "S.\n\n    Raises:\n        KeyError or ValueError: One.\n        OSError, LookupError: Two.\n    ";
    assert_eq!(
        entries(text, SectionKind::Raises),
        ["KeyError,ValueError||||One.", "OSError,LookupError||||Two."]
    );
}

#[test]
fn a_type_in_parentheses_is_one_whatever_it_looks_like() {
    let table = [
        ("(same type as self): It.", "|same type as self|||It."),
        ("(int, str): It.", "|(int, str)|||It."),
        ("((int, or so)): It.", "|int, or so|||It."),
        (": int: It.", "||||int: It."),
        (": ", ""),
        ("(see below)", "||||(see below)"),
        ("(see below) It.", "||||(see below) It."),
        (":class:`A`: It.", "|:class:`A`|||It."),
        ("low, high (int): It.", "low,high|int|||It."),
    ];
    for (value, expected) in table {
        let text = format!("S.\n\n    Returns:\n        {value}\n    ");
        let found = entries(&text, SectionKind::Returns).join("");
        assert_eq!(found, if expected.is_empty() { "||||" } else { expected }, "{value}");
    }
}
