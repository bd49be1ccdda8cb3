//! What drafts look like as text.

use super::super::{Draft, DraftEntry, DraftSection, Layout, Page, render};
use super::{SectionKind, google};

fn entry(name: &str, type_text: &str, description: &str) -> DraftEntry {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    DraftEntry { name: some(name), type_text: some(type_text), description: description.to_owned() }
}

fn section(kind: SectionKind, entries: Vec<DraftEntry>) -> DraftSection {
    DraftSection { kind, title: None, entries }
}

fn layout(margin: &str, width: usize) -> Layout {
    Layout { margin: margin.to_owned(), page: Page::of_width(width), ..Layout::default() }
}

#[test]
fn a_whole_docstring() {
    let draft = Draft {
        summary: "Reads a file\n in pieces.".to_owned(),
        description: vec![
            "Pieces are cut where lines end, never inside a character.".to_owned(),
            "- a\n- b".to_owned(),
        ],
        sections: vec![
            section(SectionKind::Raises, vec![entry("OSError", "", "")]),
            section(
                SectionKind::Examples,
                vec![entry("", "", ">>> list(pieces('a very long file name.txt', size=1024))\n[]")],
            ),
            section(
                SectionKind::Returns,
                vec![entry("", "Iterator[str]", "The pieces, one after the other, to the end.")],
            ),
            section(
                SectionKind::Parameters,
                vec![
                    entry("path", "", "Where the file is, seen from the current directory."),
                    entry(
                        "**options",
                        "Any",
                        "One of:\n\n- fast\n- slow, and a long line that may not be wrapped",
                    ),
                ],
            ),
        ],
    };
    let expected = "Reads a file in pieces.

    Pieces are cut where lines end,
    never inside a character.

    - a
    - b

    Args:
        path: Where the file is, seen
            from the current
            directory.
        **options (Any): One of:

            - fast
            - slow, and a long line that may not be wrapped

    Returns:
        Iterator[str]: The pieces, one
        after the other, to the end.

    Raises:
        OSError:

    Example:
        >>> list(pieces('a very long file name.txt', size=1024))
        []
    ";
    let text = render(&draft, &layout("    ", 38));
    assert_eq!(text, expected);
    assert_eq!(render(&google(&text).to_draft(), &layout("    ", 38)), text);
}

#[test]
fn a_summary_stays_on_one_line_while_it_fits() {
    let draft = |summary: &str| Draft { summary: summary.to_owned(), ..Draft::default() };
    let table = [
        ("", 20, ""),
        ("Ten chars.", 20, "Ten chars."),
        ("Ten chars.", 19, "Ten chars.\n    "),
        ("Ten chars.", 16, "Ten\n    chars.\n    "),
        ("Ten chars.", 0, "Ten\n    chars.\n    "),
    ];
    for (summary, width, expected) in table {
        assert_eq!(render(&draft(summary), &layout("    ", width)), expected, "{width}");
    }
}

#[test]
fn wrapping_makes_no_lists_prompts_or_titles() {
    for word in ["- b", "* b", "1. b", ">>> b", "Args:", "See Also:", ":param x: b", "```", "... b"] {
        let prose = format!("Long enough to wrap, aaa {word}");
        let draft =
            Draft { summary: "Summary.".to_owned(), description: vec![prose.clone()], sections: vec![] };
        for width in 0..40 {
            let text = render(&draft, &layout("    ", width));
            assert_eq!(google(&text).to_draft(), draft, "{text}");
        }
    }
}

#[test]
fn tabs_and_windows_line_endings() {
    let draft = Draft {
        summary: "Summary.".to_owned(),
        description: vec![],
        sections: vec![section(SectionKind::Parameters, vec![entry("x", "int", "One two three.")])],
    };
    let layout = Layout {
        margin: "\t".to_owned(),
        page: Page::of_width(36),
        line_ending: "\r\n",
        ..Layout::default()
    };
    let text = render(&draft, &layout);
    assert_eq!(text, "Summary.\r\n\r\n\tArgs:\r\n\t\tx (int): One two\r\n\t\t\tthree.\r\n\t");
    assert_eq!(google(&text).to_draft(), draft);
}
