//! What holds for any draft and any text.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::{
    Amender, Amendment, BeforeQuotes, Draft, DraftEntry, DraftSection, House, Layout, Page, Separation,
    Style, SummaryLine, Titles, Types, apply_amendments, detect, parse, parse_with, render,
};
use super::{SectionKind, assert_sound, google, line};
use SectionKind::{
    Attributes, Custom, Examples, Notes, OtherParameters, Parameters, Raises, Returns, Yields,
};

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[a-zäé]{1,9}[.,]?",
        1 => Just("Args:".to_owned()),
        1 => Just("-".to_owned()),
        1 => Just("10.".to_owned()),
        1 => Just("https://example.org/a:b".to_owned()),
        1 => Just("(see".to_owned()),
        1 => Just(">>>".to_owned()),
        1 => Just("x:".to_owned()),
    ];
    proptest::collection::vec(word, count).prop_map(|words| format!("the {}", words.join(" ")))
}

fn description() -> impl Strategy<Value = String> {
    let block = prop_oneof![
        4 => words(1..20),
        1 => words(1..5).prop_map(|words| format!("{words} so:\n    {words}\n      {words}")),
        1 => words(1..20).prop_map(|words| format!("- {words}\n  more\n- {words}")),
        1 => Just(">>> f(1)\nArgs:\n    x: 1".to_owned()),
        1 => Just("```\nArgs:\n\n    x: 1\n```".to_owned()),
        1 => words(1..3).prop_map(|words| format!("{words} as code::\n\n    {words}")),
    ];
    proptest::collection::vec(block, 1..3).prop_map(|blocks| blocks.join("\n\n"))
}

fn type_text() -> impl Strategy<Value = Option<String>> {
    let types = ["int", "dict[str, Any]", "a.B | None", "'Thing'", "Literal['(', \":\"]", "tuple[int, ...]"];
    proptest::option::of(proptest::sample::select(types.to_vec()).prop_map(str::to_owned))
}

fn section() -> impl Strategy<Value = DraftSection> {
    let named = |name: &'static str| {
        (name, type_text(), prop_oneof![Just(String::new()), description()]).prop_map(
            |(name, type_text, description)| DraftEntry { name: Some(name), type_text, description },
        )
    };
    let lists = proptest::sample::select(vec![Parameters, OtherParameters, Attributes]);
    let values = proptest::sample::select(vec![Returns, Yields]);
    let prose = proptest::sample::select(vec![Notes, Examples, Custom]);
    prop_oneof![
        (lists, proptest::collection::vec(named(r"\*{0,2}[a-z_][a-z0-9_]{0,8}"), 0..4))
            .prop_map(|(kind, entries)| DraftSection { kind, title: None, entries }),
        proptest::collection::vec(named(r"[A-Z][a-z]{1,6}(\.[A-Z][a-z]{1,6})?"), 1..4).prop_map(
            |mut entries| {
                for entry in &mut entries {
                    entry.type_text = None;
                }
                DraftSection { kind: Raises, title: None, entries }
            }
        ),
        (values, type_text(), description()).prop_map(|(kind, type_text, description)| {
            DraftSection {
                kind,
                title: None,
                entries: vec![DraftEntry { name: None, type_text, description }],
            }
        }),
        (prose, description()).prop_map(|(kind, description)| {
            let title = (kind == Custom).then(|| "Side Effects".to_owned());
            DraftSection {
                kind,
                title,
                entries: vec![DraftEntry { name: None, type_text: None, description }],
            }
        }),
    ]
}

/// Drafts in normal form: sections in order, prose on one line, nothing that says something else.
fn draft() -> impl Strategy<Value = Draft> {
    let paragraphs = proptest::collection::vec(words(1..30), 0..3);
    (words(1..12), paragraphs, proptest::collection::vec(section(), 0..5)).prop_map(
        |(summary, description, mut sections)| {
            let rank = |kind| super::super::kinds::rank(kind, Style::Google).unwrap_or(usize::MAX);
            sections.sort_by_key(|section| rank(section.kind));
            Draft { summary, description, sections }
        },
    )
}

fn layout() -> impl Strategy<Value = Layout> {
    let margins = proptest::sample::select(vec!["", "    ", "\t", "        ", "  "]);
    let endings = proptest::sample::select(vec!["\n", "\r\n", "\r"]);
    (margins, 0_usize..120, endings).prop_map(|(margin, width, line_ending)| Layout {
        margin: margin.to_owned(),
        page: Page::of_width(width),
        line_ending,
        ..Layout::default()
    })
}

/// A layout in a code base with habits of its own.
fn house_layout() -> impl Strategy<Value = Layout> {
    (layout(), house())
        .prop_map(|(layout, house)| Layout { page: Page { house: Arc::new(house), ..layout.page }, ..layout })
}

fn house() -> impl Strategy<Value = House> {
    let order = vec![SectionKind::Raises, SectionKind::Notes, SectionKind::Parameters];
    let orders = proptest::sample::select(vec![Vec::new(), order]);
    let types = proptest::sample::select(vec![Types::AsUsual, Types::Always, Types::Never]);
    let titles = vec![
        ("Inputs".to_owned(), SectionKind::Parameters),
        ("Side effects".to_owned(), SectionKind::Custom),
    ];
    let titles = proptest::sample::select(vec![Titles::default(), Titles::new(titles)]);
    (orders, types, titles, any::<[bool; 3]>()).prop_map(|(order, types, titles, [second, close, blank])| {
        House {
            order,
            summary_line: if second { SummaryLine::Second } else { SummaryLine::First },
            between_sections: if close { Separation::Nothing } else { Separation::BlankLine },
            before_quotes: if blank { BeforeQuotes::BlankLine } else { BeforeQuotes::Nothing },
            types,
            titles,
        }
    })
}

/// In numpydoc, what is given back has a type: without one, a text may read as it.
fn typed(mut draft: Draft, style: Style) -> Draft {
    let values = draft.sections.iter_mut().filter(|section| matches!(section.kind, Returns | Yields));
    for entry in values.flat_map(|section| &mut section.entries).filter(|_| style == Style::Numpy) {
        entry.type_text.get_or_insert_with(|| "int".to_owned());
    }
    draft
}

fn style() -> impl Strategy<Value = Style> {
    proptest::sample::select(vec![Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext])
}

fn ugly() -> impl Strategy<Value = String> {
    let pieces = [
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\n    ",
        "\n        ",
        "\n\t",
        "\n      ",
        " ",
        "Args:",
        "Returns:",
        "Raises:",
        "Note:",
        "Side Effects:",
        "x: One",
        "*args",
        "\\*\\*k: v",
        "x, y (int",
        "): t",
        "(a, optional, default 3): t",
        "int: it",
        "ValueError",
        ":exc:`E`: t",
        "`a`",
        "```",
        ">>> x",
        "- list",
        "é",
        "\u{a0}",
        "\u{2003}",
        "\u{c}",
        "\\",
        "'",
        "\"",
        "[",
        "]",
        "::",
        "https://a.b",
        "Summary.",
        "\u{1F980}",
        "\0",
        ".",
        ",",
        "a.b",
        "~",
        "default",
        "defaults to ",
        ":",
        "----",
        "Parameters\n    ----------\n",
        "Returns\n    -------\n",
        "Raises\n    ------\n",
        "Notes\n    =====\n",
        "x : int\n",
        "x, y : {'a',\n",
        "\\\n",
        ":param x: t",
        ":param int x: t",
        ":type x: int",
        ":returns: t",
        ":rtype: t",
        ":raises E, F: t",
        ":returns:\n        - a (int): b\n        - int: d",
        "@param x: t",
        "@type x: t",
        "@note: t",
        ":meta private:",
        ".. note:: x",
        ".. admonition:: X\n",
        ".. rubric:: X\n",
    ];
    let piece = prop_oneof![20 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

/// Checks that the bytes outside the amended spans are the same, and returns the new text.
fn apply(text: &str, amendments: &[Amendment]) -> String {
    let applied = apply_amendments(text, amendments).expect("amendments of one call fit together");
    let mut sorted: Vec<&Amendment> = amendments.iter().collect();
    sorted.sort_by_key(|amendment| amendment.span);
    let mut rest = applied.as_str();
    let mut end = 0;
    for amendment in sorted {
        let kept = &text[end..amendment.span.start];
        rest = rest.strip_prefix(kept).expect("kept bytes").strip_prefix(&amendment.text).expect("new bytes");
        end = amendment.span.end;
    }
    assert_eq!(rest, &text[end..]);
    applied
}

/// Leaves out the types that the habits of a layout leave out.
fn untyped(draft: &Draft, layout: &Layout) -> Draft {
    let mut draft = draft.clone();
    let never = layout.page.house.types == Types::Never;
    for entry in draft.sections.iter_mut().flat_map(|section| &mut section.entries).filter(|_| never) {
        if entry.name.is_some() || layout.style != Style::Numpy && !entry.description.is_empty() {
            entry.type_text = None;
        }
    }
    draft
}

fn names_and_texts(docstring: &super::Docstring) -> Vec<String> {
    let sections = docstring.sections.iter();
    sections
        .flat_map(|found| found.entries.iter().map(move |entry| format!("{:?} {}", found.kind, line(entry))))
        .collect()
}

/// Everything a text says, one line per part.
fn said(text: &str, style: Style) -> Vec<String> {
    let draft = parse(text, style);
    let mut said = vec![format!("{:?}", draft.summary.as_ref().map(|text| &text.value))];
    said.push(format!("{:?}", draft.description.as_ref().map(|text| &text.value)));
    for section in &draft.sections {
        said.push(section.title.value.clone());
        said.extend(section.entries.iter().map(line));
        said.extend(section.text.iter().map(|text| text.value.clone()));
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn drafts_survive_rendering(draft in draft(), layout in layout()) {
        let text = render(&draft, &layout);
        let docstring = google(&text);
        assert_sound(&docstring, &text);
        prop_assert_eq!(&docstring.to_draft(), &draft, "{}", text);
        prop_assert_eq!(render(&docstring.to_draft(), &layout), text);
    }

    #[test]
    fn rendered_text_has_no_trailing_white_space(draft in draft(), layout in layout()) {
        let text = render(&draft, &layout);
        for line in text.trim_end().split(layout.line_ending) {
            prop_assert_eq!(line, line.trim_end());
        }
    }

    #[test]
    fn any_text_gives_a_sound_docstring(text in ugly(), style in style()) {
        let docstring = parse(&text, style);
        assert_sound(&docstring, &text);
        let _ = detect(&text);
        let _ = render(&docstring.to_draft(), &Layout { style, ..Layout::default() });
    }

    #[test]
    fn habits_change_the_form_and_not_what_is_said(draft in draft(), style in style(), layout in house_layout()) {
        let layout = Layout { style, ..layout };
        let titles = &layout.page.house.titles;
        let draft = typed(draft, style);
        let text = render(&draft, &layout);
        let docstring = parse_with(&text, style, titles);
        assert_sound(&docstring, &text);
        prop_assert_eq!(render(&docstring.to_draft(), &layout), text.clone(), "{}", text);
        let plain = Layout { page: Page::of_width(layout.page.width), ..layout.clone() };
        let usual = render(&untyped(&draft, &layout), &plain);
        let (mut found, mut expected) = (names_and_texts(&docstring), names_and_texts(&parse(&usual, style)));
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", text);
    }

    #[test]
    fn any_text_can_be_amended(text in ugly(), style in style(), layout in house_layout()) {
        let docstring = parse_with(&text, style, &layout.page.house.titles);
        let layout = Layout { style, ..layout };
        let amender = Amender::new(&docstring, &text, &layout);
        let new = [DraftEntry { name: Some("zz".to_owned()), type_text: None, description: "New.".to_owned() }];
        let order = ["x", "zz", "y"].map(str::to_owned);
        for kind in [Parameters, Returns, Raises, Notes] {
            apply(&text, &amender.insert_entries(kind, &new, &order));
        }
        apply(&text, amender.set_summary("New.").as_slice());
        for (index, section) in docstring.sections.iter().enumerate() {
            apply(&text, amender.remove_section(index).as_slice());
            apply(&text, &amender.reorder_entries(index, &order));
            for entry in 0..section.entries.len() {
                let removed = amender.remove_entry(index, entry);
                if !removed.is_empty() {
                    prop_assert!(!apply(&text, &removed).trim().is_empty());
                }
                apply(&text, amender.remove_name(index, entry, "x").as_slice());
                apply(&text, amender.describe_entry(index, entry, "New.").as_slice());
            }
        }
    }

    #[test]
    fn removing_an_entry_leaves_the_others(draft in draft(), style in style(), layout in layout()) {
        let layout = Layout { style, ..layout };
        let draft = typed(draft, style);
        let text = render(&draft, &layout);
        let docstring = parse(&text, style);
        let amender = Amender::new(&docstring, &text, &layout);
        for (index, section) in docstring.sections.iter().enumerate() {
            for (position, entry) in section.entries.iter().enumerate() {
                let amendments = amender.remove_entry(index, position);
                if amendments.is_empty() { continue }
                let mut expected = said(&text, style);
                let before: usize = docstring.sections.iter().take(index)
                    .map(|section| 1 + section.entries.len() + usize::from(section.text.is_some())).sum();
                let at = 2 + before + 1 + position;
                prop_assert_eq!(expected.remove(at), line(entry));
                if section.entries.len() == 1 {
                    expected.remove(at - 1);
                }
                prop_assert_eq!(said(&apply(&text, &amendments), style), expected);
            }
        }
    }

    #[test]
    fn inserting_an_entry_leaves_the_others(draft in draft(), style in style(), layout in layout()) {
        let layout = Layout { style, ..layout };
        let draft = typed(draft, style);
        let text = render(&draft, &layout);
        let docstring = parse(&text, style);
        let amender = Amender::new(&docstring, &text, &layout);
        let new = [DraftEntry { name: Some("Zz".to_owned()), type_text: None, description: "New.".to_owned() }];
        for kind in [Parameters, Attributes, Raises] {
            let changed = apply(&text, &amender.insert_entries(kind, &new, &[]));
            assert_sound(&parse(&changed, style), &changed);
            let mut after = said(&changed, style);
            let at = after.iter().position(|line| line == "Zz||||New.").expect("the new entry is there");
            after.remove(at);
            if docstring.section(kind).is_none() {
                after.remove(at - 1);
            }
            prop_assert_eq!(after, said(&text, style));
        }
    }

    #[test]
    fn renaming_and_describing_touch_one_entry(draft in draft(), style in style(), layout in layout()) {
        let layout = Layout { style, ..layout };
        let draft = typed(draft, style);
        let text = render(&draft, &layout);
        let docstring = parse(&text, style);
        let amender = Amender::new(&docstring, &text, &layout);
        for (index, section) in docstring.sections.iter().enumerate() {
            for (position, entry) in section.entries.iter().enumerate() {
                for name in &entry.names {
                    let changed = said(&apply(&text, &amender.rename_entry(entry, &name.value, "Zz")), style);
                    let different = changed.iter().zip(said(&text, style)).filter(|(after, before)| *after != before).count();
                    prop_assert_eq!(different, usize::from(name.value != "Zz"));
                }
                if let Some(amendment) = amender.describe_entry(index, position, "New text here.") {
                    let changed = parse(&apply(&text, &[amendment]), style);
                    let description = changed.to_draft().sections[index].entries[position].description.clone();
                    prop_assert_eq!(description, "New text here.");
                }
            }
        }
    }

    #[test]
    fn reordering_keeps_every_entry(draft in draft(), style in style(), layout in layout()) {
        let layout = Layout { style, ..layout };
        let draft = typed(draft, style);
        let text = render(&draft, &layout);
        let docstring = parse(&text, style);
        let amender = Amender::new(&docstring, &text, &layout);
        for (index, section) in docstring.sections.iter().enumerate() {
            let names = section.entries.iter().rev().flat_map(|entry| &entry.names).map(|name| name.value.clone());
            let names: Vec<String> = names.collect();
            let mut before = said(&text, style);
            let mut after = said(&apply(&text, &amender.reorder_entries(index, &names)), style);
            before.sort();
            after.sort();
            prop_assert_eq!(before, after);
        }
    }
}
