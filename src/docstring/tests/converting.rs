//! From one style into another and back.

use super::super::{Conversion, Layout, Page, convert, detect, parse};
use super::{Style, assert_sound};
use Style::{Epytext, Google, Numpy, Sphinx};

fn to(style: Style, text: &str) -> Conversion {
    let layout = Layout { style, margin: "    ".to_owned(), page: Page::of_width(60), ..Layout::default() };
    let docstring = parse(text, detect(text).unwrap_or(Google));
    assert_sound(&docstring, text);
    convert(&docstring, text, &layout)
}

fn converted(style: Style, text: &str) -> String {
    match to(style, text) {
        Conversion::Converted(text) => text,
        other => panic!("{other:?} for {style:?}:\n{text}"),
    }
}

const GOOGLE: &str = "Summary  with \\d two blanks.

    Words stay
    as they are.

    Args:
        x (int, optional): One
            two.
        *rest: A list:

            - a
            - b

    Returns:
        list of str: It.

    Raises:
        ValueError: If so.

    Note:
        Mind
        this.

    Example:
        >>> f(1)
        2
    ";

#[test]
fn every_style_says_it_its_own_way() {
    let head = "Summary  with \\d two blanks.\n\n    Words stay\n    as they are.\n\n";
    let numpy = "    Parameters
    ----------
    x : int, optional
        One
        two.
    *rest
        A list:

        - a
        - b

    Returns
    -------
    list of str
        It.

    Raises
    ------
    ValueError
        If so.

    Notes
    -----
    Mind
    this.

    Examples
    --------
    >>> f(1)
    2
    ";
    let sphinx = "    :param x: One
        two.
    :type x: int, optional
    :param *rest: A list:

        - a
        - b
    :returns: It.
    :rtype: list of str
    :raises ValueError: If so.

    .. note::

        Mind
        this.

    .. admonition:: Examples

        >>> f(1)
        2
    ";
    let epytext = "    Examples
    --------
    >>> f(1)
    2

    @param x: One
        two.
    @type x: int, optional
    @param *rest: A list:

        - a
        - b
    @return: It.
    @rtype: list of str
    @raise ValueError: If so.
    @note: Mind
        this.
    ";
    for (style, expected) in [(Numpy, numpy), (Sphinx, sphinx), (Epytext, epytext)] {
        let text = converted(style, GOOGLE);
        assert_eq!(text, format!("{head}{expected}"));
        assert_eq!(to(style, &text), Conversion::Unneeded, "run twice, change once");
        let windows = converted(style, &GOOGLE.replace('\n', "\r\n"));
        assert_eq!(windows, text.replace('\n', "\r\n"));
    }
}

#[test]
fn there_and_back_again() {
    let round = converted(Google, &converted(Epytext, &converted(Sphinx, &converted(Numpy, GOOGLE))));
    let order = |text: &str| {
        let mut parts: Vec<String> = text.split("\n\n").map(|part| part.trim_end().to_owned()).collect();
        parts.sort();
        parts
    };
    assert_eq!(order(&round), order(GOOGLE));
}

#[test]
fn several_values_and_odd_types() {
    let numpy = "S.\n\n    Returns\n    -------\n    a : int, or more\n        One.\n    b : {'x', 'y'}\n        Two\n        lines.\n    ";
    for style in [Google, Sphinx, Epytext] {
        let text = converted(style, numpy);
        assert_eq!(converted(Numpy, &text), numpy, "{text}");
    }
}

#[test]
fn what_would_be_lost_is_refused() {
    let table = [
        (
            Google,
            "S.\n\n    Returns\n    -------\n    ((int, str))\n        Two pairs make a phrase of it.\n    ",
        ),
        (Google, "S.\n\n    Parameters\n    ----------\n    x[0] : int\n        One.\n    "),
    ];
    for (style, text) in table {
        assert!(!matches!(to(style, text), Conversion::Unneeded), "{text}");
        if let Conversion::Converted(new) = to(style, text) {
            panic!("{new}");
        }
    }
}

/// Google style and numpydoc tell types from prose by what they look like; the forms here leave no doubt.
#[test]
fn values_that_look_like_something_else_are_written_without_doubt() {
    let table = [
        // A phrase that Google style takes for prose.
        ("same type as self", "", "(same type as self):"),
        ("Series/Index: object", "It.", "(Series/Index: object): It."),
        ("dict, if it is found", "It.", "((dict, if it is found)): It."),
        ("(start, end) : (int, int)", "", "((start, end) : (int, int)):"),
        ("(int, str)", "It.", "(int, str): It."),
        // Prose that it takes for a type.
        ("", "int: whatever", ": int: whatever"),
    ];
    for (type_text, text, expected) in table {
        let mut said: Vec<&str> = vec!["S.", "", "    Returns", "    -------"];
        let (above, below) = (format!("    : {type_text}"), format!("        {text}"));
        said.push(if type_text.is_empty() { "    :" } else { above.as_str() });
        said.extend((!text.is_empty()).then_some(below.as_str()));
        let numpy = said.join("\n") + "\n    ";
        let google = format!("S.\n\n    Returns:\n        {expected}\n    ");
        assert_eq!(converted(Google, &numpy), google);
        let chain = converted(Epytext, &converted(Sphinx, &converted(Numpy, &google)));
        assert_eq!(converted(Google, &chain), google, "{chain}");
    }
    let google = "S.\n\n    Returns:\n        whatever found\n    ";
    let numpy = converted(Numpy, google);
    assert_eq!(numpy, "S.\n\n    Returns\n    -------\n    :\n        whatever found\n    ");
    assert_eq!(converted(Google, &numpy), google);
}

#[test]
fn several_phrases_are_several_values() {
    let numpy =
        "S.\n\n    Returns\n    -------\n    list of it\n        One.\n    remainder\n        Two.\n    ";
    let google = converted(Google, numpy);
    assert_eq!(google, "S.\n\n    Returns:\n        (list of it): One.\n        (remainder): Two.\n    ");
    for style in [Sphinx, Epytext] {
        let text = converted(style, &google);
        assert_eq!(converted(Google, &text), google, "{text}");
    }
}

#[test]
fn docstrings_without_sections_stay() {
    for text in ["", "Summary.", "Summary.\n\n    Words.\n    "] {
        for style in [Google, Numpy, Sphinx, Epytext] {
            assert_eq!(to(style, text), Conversion::Unneeded);
        }
    }
}

#[test]
fn prose_between_sections_moves_before_them() {
    let text = "S.\n\n    Args:\n        x: One.\n\n    Words.\n\n    Returns:\n        int: It.\n    ";
    let expected = "S.\n\n    Words.\n\n    :param x: One.\n    :returns: It.\n    :rtype: int\n    ";
    assert_eq!(converted(Sphinx, text), expected);
}

#[test]
fn sections_right_behind_the_quotes() {
    assert_eq!(
        converted(Google, ":param x: One.\n    :raises E: Two.\n    "),
        "Args:\n        x: One.\n\n    Raises:\n        E: Two.\n    "
    );
    assert_eq!(converted(Sphinx, "\n    Args:\n        x: One.\n    "), "\n    :param x: One.\n    ");
    assert_eq!(
        converted(Numpy, "S.\n    :param x: One.\n    "),
        "S.\n\n    Parameters\n    ----------\n    x\n        One.\n    "
    );
}

#[test]
fn a_paragraph_that_gets_too_long_is_wrapped_and_nothing_else() {
    let text = "S.\n\n    Parameters\n    ----------\n    x : int\n        A line of exactly so many words that it fits in there.\n        short\n        - a very long item of a list that is not prose and is never wrapped\n    ";
    let expected = "S.\n\n    Args:\n        x (int): A line of exactly so many words that it\n            fits in there. short\n            - a very long item of a list that is not prose and is never wrapped\n    ";
    assert_eq!(converted(Google, text), expected);
}
