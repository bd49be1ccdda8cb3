//! Which style is seen in what.

use super::super::{detect, majority};
use super::Style::{self, Epytext, Google, Numpy, Sphinx};

#[test]
fn the_evidence_decides() {
    let table: &[(&str, Option<Style>)] = &[
        ("", None),
        ("Summary.", None),
        ("Summary.\n\n    Note that @param and :param: are words.", None),
        ("Summary.\n\n    Args:\n        x: One.", Some(Google)),
        ("Summary.\n\n    Args:", None),
        ("Summary.\n\n    Side Effects:\n        Many.", None),
        ("Summary.\n\n    Note:\n        One.", Some(Google)),
        ("Summary.\n\n    Note:\n        One.\n\n    :param x: One.", Some(Sphinx)),
        ("Summary.\n\n    Parameters\n    ----------\n    x : int\n        One.", Some(Numpy)),
        ("Summary.\n\n    Parameters\n    --\n", None),
        ("Summary.\n\n    Returns\n    =======\n    int", Some(Numpy)),
        ("Summary.\n\n    :param int x: One.\n    :rtype: int", Some(Sphinx)),
        ("Summary.\n    :returns: One.", Some(Sphinx)),
        ("Summary.\n    :raises ValueError: One.", Some(Sphinx)),
        (":class:`X` is :ref:`y`.\n    :meth:`z`: does.", None),
        ("Summary.\n\n    @param x: One.\n    @return: Two.", Some(Epytext)),
        ("Summary.\n\n    @property\n    def x(): ...", None),
        (
            "Summary.\n\n    Args:\n        x: One.\n    Returns:\n        Two.\n    :param x: One.",
            Some(Google),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(detect(text), *expected, "{text}");
    }
}

#[test]
fn a_majority_is_more_than_each_other() {
    assert_eq!(majority([].into_iter()), None);
    assert_eq!(majority([None, None, Some(Sphinx)].into_iter()), Some(Sphinx));
    assert_eq!(majority([Some(Numpy), Some(Sphinx), Some(Numpy)].into_iter()), Some(Numpy));
    assert_eq!(majority([Some(Numpy), Some(Sphinx)].into_iter()), None);
}
