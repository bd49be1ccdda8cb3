use super::{Daring, repaired, settings};
use crate::docstring::Style;
use crate::rules::{Answer, Settings};

/// The four styles, and how a list of parameters is written in each.
const STYLES: [Style; 4] = [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext];

/// What a docstring lists.
#[derive(Debug, Clone, Copy, Default)]
struct Said<'a> {
    /// Names, types and descriptions.
    parameters: &'a [(&'a str, &'a str, &'a str)],
    returns: Option<(&'a str, &'a str)>,
    yields: Option<(&'a str, &'a str)>,
    raises: &'a [(&'a str, &'a str)],
}

/// Writes a docstring for the body of a function.
fn written(said: Said<'_>, style: Style) -> String {
    let mut lines: Vec<String> = vec!["Do it.".into()];
    let titled = |title: &str| match style {
        Style::Google => vec![String::new(), format!("{title}:")],
        Style::Numpy => {
            let title = if title == "Args" { "Parameters" } else { title };
            vec![String::new(), title.to_owned(), "-".repeat(title.len())]
        }
        _ => Vec::new(),
    };
    let mark = if style == Style::Epytext { '@' } else { ':' };
    let fields = matches!(style, Style::Sphinx | Style::Epytext);
    if fields {
        lines.push(String::new());
    }
    let below = |text: &str| if text.is_empty() { Vec::new() } else { vec![format!("    {text}")] };
    if !said.parameters.is_empty() {
        lines.extend(titled("Args"));
    }
    for (name, kind, text) in said.parameters {
        match style {
            Style::Google if kind.is_empty() => lines.push(format!("    {name}: {text}")),
            Style::Google => lines.push(format!("    {name} ({kind}): {text}")),
            Style::Numpy => {
                let typed = if kind.is_empty() { String::new() } else { format!(" : {kind}") };
                lines.push(format!("{name}{typed}"));
                lines.extend(below(text));
            }
            _ => {
                lines.push(format!("{mark}param {name}: {text}"));
                if !kind.is_empty() {
                    lines.push(format!("{mark}type {name}: {kind}"));
                }
            }
        }
    }
    for (title, tags, value) in
        [("Returns", ("returns", "rtype"), said.returns), ("Yields", ("yields", "ytype"), said.yields)]
    {
        let Some((kind, text)) = value else { continue };
        lines.extend(titled(title));
        match style {
            Style::Google if kind.is_empty() => lines.push(format!("    {text}")),
            Style::Google => lines.push(format!("    {kind}: {text}")),
            Style::Numpy => {
                lines.push(kind.to_owned());
                lines.extend(below(text));
            }
            _ => {
                lines.push(format!("{mark}{}: {text}", tags.0));
                if !kind.is_empty() {
                    lines.push(format!("{mark}{}: {kind}", tags.1));
                }
            }
        }
    }
    if !said.raises.is_empty() {
        lines.extend(titled("Raises"));
    }
    for (name, text) in said.raises {
        match style {
            Style::Google => lines.push(format!("    {name}: {text}")),
            Style::Numpy => {
                lines.push((*name).to_owned());
                lines.extend(below(text));
            }
            _ => lines.push(format!("{mark}raises {name}: {text}")),
        }
    }
    let indented = |line: &String| if line.is_empty() { String::new() } else { format!("    {line}") };
    let lines: Vec<String> = lines.iter().map(indented).collect();
    format!("    \"\"\"{}\n    \"\"\"\n", lines.join("\n").trim_start())
}

/// A function under a signature, with a docstring before and after.
struct Case<'a> {
    rules: &'a [&'a str],
    /// The header and the code.
    code: (&'a str, &'a str),
    before: Said<'a>,
    after: Said<'a>,
}

fn table(cases: &[Case<'_>], styles: &[Style], daring: Daring) {
    table_with(cases, styles, daring, |_| ());
}

fn table_with(cases: &[Case<'_>], styles: &[Style], daring: Daring, adjust: impl Fn(&mut Settings)) {
    let mut wrong = Vec::new();
    for case in cases {
        for style in styles {
            let mut settings = settings(case.rules, Some(*style));
            adjust(&mut settings);
            let text =
                |said: Said<'_>| format!("{}\n{}{}\n", case.code.0, written(said, *style), case.code.1);
            let (before, expected) = (text(case.before), text(case.after));
            let found = repaired(&before, None, &settings, daring).file.text.clone();
            if found != expected {
                wrong.push(format!(
                    "{style:?} {:?}\n{before}\n-- became --\n{found}\n-- instead of --\n{expected}",
                    case.rules
                ));
            }
            let again = repaired(&found, None, &settings, daring);
            assert_eq!(again.file.text, found, "run twice, change once");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n=====\n"));
}

const TWO: &[(&str, &str, &str)] = &[("a", "int", "One."), ("b", "str", "Two.")];

#[test]
fn parameters_follow_the_signature_in_every_style() {
    let parameters = |parameters| Said { parameters, ..Said::default() };
    table(
        &[
            Case {
                rules: &["DOC102"],
                code: ("def f(a):", "    return a"),
                before: parameters(&[("a", "int", "One."), ("zzz", "str", "Gone.")]),
                after: parameters(&[("a", "int", "One.")]),
            },
            // The last one takes its section along.
            Case {
                rules: &["DOC102"],
                code: ("def f():", "    return 1"),
                before: Said {
                    parameters: &[("zzz", "", "Gone.")],
                    returns: Some(("int", "It.")),
                    ..Said::default()
                },
                after: Said { returns: Some(("int", "It.")), ..Said::default() },
            },
            Case {
                rules: &["DOC103"],
                code: ("def f(a, c):", "    return a"),
                before: parameters(TWO),
                after: parameters(&[("a", "int", "One."), ("c", "str", "Two.")]),
            },
            Case {
                rules: &["DOC104"],
                code: ("def f(b, a):", "    return a"),
                before: parameters(TWO),
                after: parameters(&[("b", "str", "Two."), ("a", "int", "One.")]),
            },
            // What is passed by name stands in no order.
            Case {
                rules: &["DOC104"],
                code: ("def f(b, a, *, c):", "    return a"),
                before: parameters(&[("c", "", "Three."), ("a", "", "One."), ("b", "", "Two.")]),
                after: parameters(&[("c", "", "Three."), ("b", "", "Two."), ("a", "", "One.")]),
            },
        ],
        &STYLES,
        Daring::Safe,
    );
}

#[test]
fn types_follow_the_annotations_in_every_style() {
    let parameters = |parameters| Said { parameters, ..Said::default() };
    table(
        &[
            Case {
                rules: &["DOC105"],
                code: ("def f(a: float, b: str):", "    return a"),
                before: parameters(TWO),
                after: parameters(&[("a", "float", "One."), ("b", "str", "Two.")]),
            },
            Case {
                rules: &["DG302"],
                code: ("def f(a: bytes, b: 'list[str]'):", "    return a"),
                before: parameters(TWO),
                after: parameters(&[("a", "bytes", "One."), ("b", "list[str]", "Two.")]),
            },
            // A phrase says more than the annotation.
            Case {
                rules: &["DOC105"],
                code: ("def f(a: Array):", "    return a"),
                before: parameters(&[("a", "array of shape (n,)", "One.")]),
                after: parameters(&[("a", "array of shape (n,)", "One.")]),
            },
            Case {
                rules: &["DOC105"],
                code: ("def f(a: int | None, b: 'int | None'):", "    return a"),
                before: parameters(&[("a", "str or None", "One."), ("b", "``str``", "Two.")]),
                after: parameters(&[("a", "int or None", "One."), ("b", "``int | None``", "Two.")]),
            },
            Case {
                rules: &["DOC203"],
                code: ("def f() -> int:", "    return 1"),
                before: Said { returns: Some(("str", "It.")), ..Said::default() },
                after: Said { returns: Some(("int", "It.")), ..Said::default() },
            },
            Case {
                rules: &["DG302"],
                code: ("def f() -> bytes:", "    return b''"),
                before: Said { returns: Some(("str", "It.")), ..Said::default() },
                after: Said { returns: Some(("bytes", "It.")), ..Said::default() },
            },
        ],
        &STYLES,
        Daring::Safe,
    );
}

#[test]
fn missing_types_are_written_and_unwanted_ones_go() {
    let parameters = |parameters| Said { parameters, ..Said::default() };
    let bare = parameters(&[("a", "", "One."), ("b", "", "Two.")]);
    let code = ("def f(a: int, b: str):", "    return a");
    table(
        &[
            Case { rules: &["DOC109"], code, before: bare, after: parameters(TWO) },
            Case {
                rules: &["DOC110"],
                code,
                before: parameters(&[("a", "int", "One."), ("b", "", "Two.")]),
                after: parameters(TWO),
            },
            Case { rules: &["DOC105"], code, before: bare, after: parameters(TWO) },
            // The signature has not all that is missing.
            Case {
                rules: &["DOC109"],
                code: ("def f(a: int, b):", "    return a"),
                before: bare,
                after: bare,
            },
        ],
        &STYLES,
        Daring::Safe,
    );
    let without = |settings: &mut Settings| settings.options.hints.in_docstring = false;
    let known = Case { rules: &["DOC111"], code, before: parameters(TWO), after: bare };
    table_with(&[known], &STYLES, Daring::Safe, without);
    let untold = ("def f(a, b):", "    return a");
    let kept = Case { rules: &["DOC111"], code: untold, before: parameters(TWO), after: parameters(TWO) };
    table_with(&[kept], &STYLES, Daring::Safe, without);
    let lost = Case { rules: &["DOC111"], code: untold, before: parameters(TWO), after: bare };
    table_with(&[lost], &STYLES, Daring::Unsafe, without);
}

#[test]
fn results_and_exceptions_that_nothing_supports_go_when_words_may_be_lost() {
    let returns = Said { parameters: TWO, returns: Some(("int", "It.")), ..Said::default() };
    let yields = Said { parameters: TWO, yields: Some(("int", "It.")), ..Said::default() };
    let raises =
        Said { parameters: TWO, raises: &[("KeyError", "When."), ("OSError", "Never.")], ..Said::default() };
    let bare = Said { parameters: TWO, ..Said::default() };
    let cases = |is_unsafe: bool| {
        let of = |before: Said<'static>, after: Said<'static>| if is_unsafe { after } else { before };
        [
            Case {
                rules: &["DOC202"],
                code: ("def f(a, b):", "    a.x = b"),
                before: returns,
                after: of(returns, bare),
            },
            Case {
                rules: &["DOC403"],
                code: ("def f(a, b):", "    return [1]"),
                before: yields,
                after: of(yields, bare),
            },
            Case {
                rules: &["DOC502"],
                code: ("def f(a, b):", "    raise KeyError"),
                before: raises,
                after: of(raises, Said { raises: &[("KeyError", "When.")], ..bare }),
            },
        ]
    };
    table(&cases(false), &STYLES, Daring::Safe);
    table(&cases(true), &STYLES, Daring::Unsafe);
    // What holds no words is no loss.
    let bare_type = Said { returns: Some(("int", "")), ..bare };
    let case =
        Case { rules: &["DOC202"], code: ("def f(a, b):", "    a.x = b"), before: bare_type, after: bare };
    table(&[case], &[Style::Numpy], Daring::Safe);
}

#[test]
fn what_the_code_says_is_listed() {
    let said = Said { raises: &[("KeyError", "When it is missing.")], ..Said::default() };
    for (message, condition) in [
        ("size must be positive", "If size is not positive."),
        ("size must not be 3", "If size is 3."),
        ("`size` cannot be negative.", "If `size` is negative."),
        ("size is odd", "If size is odd."),
        ("size has no host", "If size has no host."),
    ] {
        let code = format!("    if size:\n        raise ValueError('{message}')\n    raise KeyError(size)");
        let listed = Said {
            raises: &[("ValueError", condition), ("KeyError", "When it is missing.")],
            ..Said::default()
        };
        let case = Case { rules: &["DOC501"], code: ("def f(size):", &code), before: said, after: listed };
        table(&[case], &STYLES, Daring::Safe);
    }
    // A message that tells no condition, is put together, is one of two, and a list that is not there.
    let silent = [
        "    if size:\n        raise ValueError(f'size {size} must be positive')",
        "    if size:\n        raise ValueError('size must be positive, not %s' % size)",
        "    if size:\n        raise ValueError('bad')",
        "    if size:\n        raise ValueError('cannot read the size of it')",
        "    if size:\n        raise ValueError('size must come first')",
        "    if size:\n        raise ValueError('sizes must be unique')",
        "    if size:\n        raise ValueError('size must be even if it is odd')",
        // More than the message decides.
        "    if size and other:\n        raise ValueError('size must be positive')",
        "    for a in size:\n        if a:\n            raise ValueError('size must be positive')",
        "    if other:\n        return\n    else:\n        raise ValueError('size must be positive')",
        "    raise ValueError('size must be positive')",
        "    if size:\n        raise ValueError('size must be positive')\n    raise ValueError('size must be odd')",
    ];
    for code in silent {
        let case = Case { rules: &["DOC501"], code: ("def f(size):", code), before: said, after: said };
        table(&[case], &STYLES, Daring::Safe);
    }
    let without = Said { parameters: &[("a", "", "One.")], ..Said::default() };
    let code =
        ("def f(a):", "    if a:\n        raise ValueError('a must be positive')\n    raise KeyError(a)");
    table(&[Case { rules: &["DOC501"], code, before: without, after: without }], &STYLES, Daring::Safe);
    // A type is all that numpydoc asks of a result.
    let typed = Said { returns: Some(("int", "")), ..without };
    let case = Case {
        rules: &["DOC201"],
        code: ("def f(a) -> int:", "    return a"),
        before: without,
        after: typed,
    };
    table(&[case], &[Style::Numpy], Daring::Safe);
    let case = Case {
        rules: &["DOC201"],
        code: ("def f(a) -> int:", "    return a"),
        before: without,
        after: without,
    };
    table(&[case], &[Style::Google, Style::Sphinx, Style::Epytext], Daring::Safe);
}

#[test]
fn a_repair_that_leaves_the_rest_of_the_text_wrong_is_unsafe() {
    let google = |header: &str, text: &str| {
        format!("def f({header}):\n    \"\"\"Do it.\n\n{text}    \"\"\"\n    return b\n")
    };
    let numpy = "    Parameters\n    ----------\n    a\n        One.\n\n    All of it goes.\n\n    Returns\n    -------\n    int\n        It.\n";
    let cases = [
        // The only entry has no neighbour that speaks for its place.
        ("DOC103", google("b", "    Args:\n        a_path: One.\n"), true),
        ("DOC103", google("b_path", "    Args:\n        a_path: One.\n"), false),
        ("DOC103", google("b: int", "    Args:\n        a (int): One.\n"), true),
        ("DOC102", google("apis, b", "    Args:\n        api: One.\n"), true),
        ("DOC103", google("b, c", "    Args:\n        a: One.\n        c: Two.\n"), false),
        (
            "DOC102",
            google(
                "b",
                "    Args:\n        a: One.\n        b: Two.\n\n    Note:\n        If a is none, it goes.\n",
            ),
            true,
        ),
        (
            "DOC102",
            google("b", "    Args:\n        a: One.\n        b: Two.\n\n    Note:\n        A day goes.\n"),
            false,
        ),
        ("DOC102", google("", numpy), true),
        // It may be about `element`, or about `kind`.
        (
            "DOC102",
            google("name, element, kind", "    Args:\n        name: One.\n        thing: Two.\n"),
            true,
        ),
        ("DG302", google("b: tuple[int]", "    Args:\n        b (list[int]): All of it.\n"), false),
    ];
    let nothing = google("", "    @type a: One.\n    @type b: Two.\n").replace("Do it.\n\n", "\n");
    let twice = google("a: int, b: int", "    :param a: One.\n    :param a: Two.\n");
    let swapped = google(
        "root='data', row='row'",
        "    Args:\n        row: The root. Defaults to 'data'.\n        root: The rows. Defaults to 'row'.\n",
    );
    let told = google("b: tuple[int]", "    Args:\n        b (list[int]): The list of it.\n");
    let shown = google("b: tuple[int]", "    Args:\n        b (list[int]): As ``[1]``.\n");
    let refused =
        [("DOC102", nothing), ("DOC109", twice), ("DG102", swapped), ("DG302", told), ("DG302", shown)];
    for (rule, text) in refused {
        let found = repaired(&text, None, &settings(&[rule], None), Daring::Unsafe);
        assert_eq!(found.file.text, text);
        let answers: Vec<_> = found.checked.iter().flat_map(|checked| &checked.findings).collect();
        assert!(!answers.is_empty() && answers.iter().all(|one| one.answer == Answer::Person), "{text}");
    }
    for (rule, text, is_unsafe) in cases {
        let settings = settings(&[rule], None);
        let safe = repaired(&text, None, &settings, Daring::Safe).file.text.clone();
        let daring = repaired(&text, None, &settings, Daring::Unsafe).file.text.clone();
        assert_eq!((safe == text, daring == text), (is_unsafe, false), "{rule} {text}");
    }
}

#[test]
fn several_findings_of_what_is_said_are_one_edit() {
    let before = "def f(a: str = 'x', b: bytes = b''):
    '''do it

    Parameters
    ----------
    a : str, optional
        One. Defaults to 'y'.

        >>> a  # stays
    b : int
        Two,   with   blanks.
    d
        Three.
    gone : int
        Four.
    '''

    return b
";
    let after = "def f(a: str = 'x', b: bytes = b''):
    \"\"\"Do it.

    Parameters
    ----------
    a : str, optional
        One. Defaults to 'x'.

        >>> a  # stays
    b : bytes
        Two,   with   blanks.
    \"\"\"
    return b
";
    let rules = ["DOC102", "DOC104", "DG302", "DG102", "D300", "D400", "D403", "D202", "DOC103"];
    let settings = settings(&rules, Some(Style::Numpy));
    let found = repaired(before, None, &settings, Daring::Safe).file.text.clone();
    assert_eq!(found, after);
}
