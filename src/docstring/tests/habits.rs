//! What a code base may decide: each habit changes the text, none changes what is said, and without any all stays.

use std::sync::Arc;

use super::super::{
    Amender, BeforeQuotes, Draft, DraftEntry, DraftSection, House, Layout, Page, Separation, SummaryLine,
    Titles, Types, apply_amendments, detect_with, is_plain, parse_with, render,
};
use super::{SectionKind, Style, line};
use SectionKind::{Custom, Examples, Notes, OtherParameters, Parameters, Raises, Returns};
use Style::{Epytext, Google, Numpy, Sphinx};

fn draft() -> Draft {
    let entry = |name: &str, type_text: &str, description: &str| DraftEntry {
        name: (!name.is_empty()).then(|| name.to_owned()),
        type_text: (!type_text.is_empty()).then(|| type_text.to_owned()),
        description: description.to_owned(),
    };
    let section = |kind, entry| DraftSection { kind, title: None, entries: vec![entry] };
    Draft {
        summary: "Fetches a record.".to_owned(),
        description: Vec::new(),
        sections: vec![
            section(Raises, entry("KeyError", "", "If there is none.")),
            section(Parameters, entry("key", "str", "Which one.")),
            section(Returns, entry("", "int", "Its number.")),
        ],
    }
}

fn layout(style: Style, house: &House) -> Layout {
    let page = Page { width: 60, house: Arc::new(house.clone()) };
    Layout { style, margin: "    ".to_owned(), page, ..Layout::default() }
}

/// Renders the draft with a habit, after checking that it is read and written again to the byte.
fn written(style: Style, house: &House) -> String {
    let layout = layout(style, house);
    let text = render(&draft(), &layout);
    let docstring = parse_with(&text, style, &house.titles);
    assert_eq!(render(&docstring.to_draft(), &layout), text);
    let names: Vec<String> = docstring.sections.iter().flat_map(|found| &found.entries).map(line).collect();
    assert_eq!(names.len(), 3, "{text}");
    assert_ne!(*house != House::default(), text == render(&draft(), &self::layout(style, &House::default())));
    text
}

fn house_with(change: impl FnOnce(&mut House)) -> House {
    let mut house = House::default();
    change(&mut house);
    house
}

fn titles(titles: &[(&str, SectionKind)]) -> Titles {
    Titles::new(titles.iter().map(|(title, kind)| ((*title).to_owned(), *kind)).collect())
}

const USUAL: &str = "Fetches a record.

    Args:
        key (str): Which one.

    Returns:
        int: Its number.

    Raises:
        KeyError: If there is none.
    ";

#[test]
fn without_habits_all_is_as_the_style_has_it() {
    assert_eq!(written(Google, &House::default()), USUAL);
}

#[test]
fn sections_stand_in_the_order_that_was_set() {
    let house = house_with(|house| house.order = vec![Raises, Returns]);
    let expected = "Fetches a record.

    Raises:
        KeyError: If there is none.

    Returns:
        int: Its number.

    Args:
        key (str): Which one.
    ";
    assert_eq!(written(Google, &house), expected);
    assert_eq!(
        written(Sphinx, &house),
        "Fetches a record.

    :raises KeyError: If there is none.
    :returns: Its number.
    :rtype: int
    :param key: Which one.
    :type key: str
    "
    );
}

#[test]
fn numpydoc_has_an_order_of_its_own() {
    let place = |kind| House::default().rank(kind, Numpy);
    assert!(place(OtherParameters) > place(Returns) && place(Examples) > place(Notes));
    let google = |kind| House::default().rank(kind, Google);
    assert!(google(OtherParameters) < google(Returns));
}

#[test]
fn the_summary_stands_on_the_first_or_the_second_line() {
    let house = house_with(|house| house.summary_line = SummaryLine::Second);
    assert_eq!(written(Google, &house), format!("\n    {USUAL}"));
    let short = Draft { sections: Vec::new(), ..draft() };
    assert_eq!(render(&short, &layout(Google, &house)), "Fetches a record.", "one line stays one line");
    let long = Draft { summary: "Word ".repeat(16), sections: Vec::new(), ..Draft::default() };
    let text = render(&long, &layout(Google, &house));
    assert!(text.starts_with("\n    Word") && text.lines().all(|line| line.chars().count() <= 60), "{text}");
}

#[test]
fn blank_lines_stand_where_they_are_wanted() {
    let house = house_with(|house| house.between_sections = Separation::Nothing);
    assert_eq!(
        written(Google, &house),
        USUAL.replace("one.\n\n", "one.\n").replace("number.\n\n", "number.\n")
    );
    let text = written(Numpy, &house);
    assert!(
        text.contains("Which one.\n    Returns\n    -------\n") && text.contains("record.\n\n    P"),
        "{text}"
    );
    let house = house_with(|house| house.before_quotes = BeforeQuotes::BlankLine);
    for style in [Google, Numpy, Sphinx, Epytext] {
        assert!(written(style, &house).ends_with(".\n\n    ") || style == Sphinx || style == Epytext);
    }
    assert_eq!(written(Google, &house), USUAL.replace("none.\n", "none.\n\n"));
}

#[test]
fn types_are_left_out_where_nobody_wants_them() {
    let house = house_with(|house| house.types = Types::Never);
    let expected = USUAL.replace("key (str)", "key").replace("int: Its", "Its");
    assert_eq!(written(Google, &house), expected);
    let text = written(Numpy, &house);
    assert!(text.contains("    key\n") && text.contains("    int\n        Its number."), "{text}");
    assert!(!written(Sphinx, &house).contains("type"));
}

#[test]
fn titles_of_the_house_are_read_and_written() {
    let house = house_with(|house| {
        house.titles = titles(&[("Inputs", Parameters), ("Ins", Parameters), ("Outputs", Returns)]);
    });
    let expected = USUAL.replace("Args:", "Inputs:").replace("Returns:", "Outputs:");
    assert_eq!(written(Google, &house), expected);
    assert!(written(Numpy, &house).contains("    Inputs\n    ------\n    key : str\n"));
    for title in ["Inputs", "INS", "inputs", "Args"] {
        let text = format!("S.\n\n    {title}:\n        x: One.\n    ");
        let read = parse_with(&text, Google, &house.titles);
        assert_eq!(read.entries(Parameters).map(line).collect::<Vec<_>>(), ["x||||One."], "{title}");
    }
    let text = "S.\n\n    Inputs:\n        x: One.\n    ";
    assert_eq!(detect_with(text, &house.titles), Some(Google));
    assert!(!is_plain(text, &house.titles));
}

#[test]
fn a_title_that_no_convention_knows_is_kept_word_for_word() {
    let titles = titles(&[("Side effects of it", Custom)]);
    let text = "S.\n\n    Args:\n        x: One.\n\n    Side effects of it:\n        Many.\n    ";
    let plain = parse_with(text, Google, &Titles::default());
    assert_eq!(plain.sections.len(), 1, "nobody knows it");
    let house = House { titles, ..House::default() };
    for style in [Google, Numpy, Sphinx, Epytext] {
        let read = parse_with(text, style, &house.titles);
        let found: Vec<_> =
            read.sections.iter().map(|found| (found.kind, found.title.value.as_str())).collect();
        assert_eq!(found, [(Parameters, "Args"), (Custom, "Side effects of it")], "{style:?}");
        let again = render(&read.to_draft(), &layout(style, &house));
        assert!(again.contains("Side effects of it"), "{again}");
        let reread = parse_with(&again, style, &house.titles);
        let sections = |read: &super::Docstring| {
            let mut sections = read.to_draft().sections;
            sections.sort_by_key(|section| section.kind);
            sections
        };
        assert_eq!(sections(&reread), sections(&read), "{again}");
    }
}

#[test]
fn a_new_section_goes_where_the_house_has_it() {
    let new = |name: &str| {
        [DraftEntry {
            name: Some(name.to_owned()),
            type_text: Some("int".to_owned()),
            description: "New.".to_owned(),
        }]
    };
    let amended = |text: &str, kind, house: &House| {
        let layout = layout(Google, house);
        let docstring = parse_with(text, Google, &house.titles);
        let amendments = Amender::new(&docstring, text, &layout).insert_entries(kind, &new("a"), &[]);
        apply_amendments(text, &amendments).expect("amendments that fit")
    };
    let house = House {
        order: vec![Raises, Parameters],
        summary_line: SummaryLine::Second,
        between_sections: Separation::Nothing,
        before_quotes: BeforeQuotes::BlankLine,
        types: Types::Always,
        titles: titles(&[("Inputs", Parameters)]),
    };
    let one_line = "Fetches a \\d record.";
    let expected = "\n    Fetches a \\d record.\n\n    Inputs:\n        a (int): New.\n\n    ";
    assert_eq!(amended(one_line, Parameters, &house), expected);
    let text = "S.\n\n    Raises:\n        E: One.\n\n    Returns:\n        Two.\n    ";
    let expected = "S.\n\n    Raises:\n        E: One.\n    Inputs:\n        a (int): New.\n\n    Returns:\n        Two.\n    ";
    assert_eq!(amended(text, Parameters, &house), expected, "what was there keeps its blank lines");
    let never = House { types: Types::Never, ..House::default() };
    let typed = "S.\n\n    Args:\n        x (int): One.\n    ";
    assert_eq!(amended(typed, Parameters, &never), typed.replace("One.\n", "One.\n        a: New.\n"));
}
