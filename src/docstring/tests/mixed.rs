//! Docstrings that are written in more than one style.

use super::*;
use SectionKind::{Notes, Parameters, Raises, Returns};
use Style::{Epytext, Google, Numpy, Sphinx};

#[test]
fn sections_of_other_styles_are_read_in_theirs() {
    type Row<'a> = (&'a str, Style, &'a [(SectionKind, Style)]);
    let table: &[Row<'_>] = &[
        (
            "S.\n\n    Args:\n        x: One.\n\n    Raises:\n        E: e.\n\n    :returns: It.\n    ",
            Google,
            &[(Parameters, Google), (Raises, Google), (Returns, Sphinx)],
        ),
        (
            "S.\n\n    :param x: One.\n    :raises E: e.\n\n    Returns:\n        It.\n    ",
            Sphinx,
            &[(Parameters, Sphinx), (Raises, Sphinx), (Returns, Google)],
        ),
        (
            "S.\n\n    Parameters\n    ----------\n    x : int\n\n    Raises\n    ------\n    E\n\n    :returns: It.\n    ",
            Numpy,
            &[(Parameters, Numpy), (Raises, Numpy), (Returns, Sphinx)],
        ),
        (
            "S.\n\n    Args:\n        x: One.\n\n    Returns:\n        It.\n\n    Notes\n    -----\n    N.\n    ",
            Google,
            &[(Parameters, Google), (Returns, Google), (Notes, Numpy)],
        ),
        (
            "S.\n\n    @param x: One.\n    @raise E: e.\n    :returns: It.\n    ",
            Epytext,
            &[(Parameters, Epytext), (Raises, Epytext), (Returns, Sphinx)],
        ),
    ];
    for (text, dominant, expected) in table {
        for style in [Google, Numpy, Sphinx, Epytext] {
            let docstring = super::super::parse(text, style);
            assert_sound(&docstring, text);
            let found: Vec<(SectionKind, Style)> =
                docstring.sections.iter().map(|section| (section.kind, section.style)).collect();
            assert_eq!(found, *expected, "{style:?}: {text}");
            assert_eq!(docstring.dominant(), *dominant, "{style:?}: {text}");
            let names: Vec<String> = docstring.entries(Parameters).map(line).collect();
            assert!(names[0].starts_with("x|"), "{names:?}");
        }
        assert_eq!(super::super::detect(text), Some(*dominant), "{text}");
    }
}
