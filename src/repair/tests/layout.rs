use super::{Case, Daring, run};

/// A function with a docstring; `|` stands for the margin of the body.
fn table(cases: &[(&[&str], &str, &str)]) {
    let function = |text: &str| format!("def f(a):\n{}\n", text.replace('|', "    "));
    let texts: Vec<(String, String)> =
        cases.iter().map(|(_, before, after)| (function(before), function(after))).collect();
    let cases: Vec<Case<'_>> = cases
        .iter()
        .zip(&texts)
        .map(|((rules, _, _), (before, after))| Case { rules, before, after })
        .collect();
    run(&cases, Daring::Safe);
}

const BODY: &str = "\n|return a";

#[test]
fn quotes_and_lines_are_laid_out() {
    table(&[
        (&["D200"], "|\"\"\"\n|Do it.\n|\"\"\"", "|\"\"\"Do it.\"\"\""),
        (&["D200"], "|\"\"\"Do it\n\n|\"\"\"", "|\"\"\"Do it\"\"\""),
        // Too long for one line, and closing quotes that would meet another one.
        (
            &["D200"],
            "|\"\"\"\n|Do what takes so many words to say that it does not fit between the quotes.\n|\"\"\"",
            "|\"\"\"\n|Do what takes so many words to say that it does not fit between the quotes.\n|\"\"\"",
        ),
        (&["D200"], "|\"\"\"\n|Say \"it\"\n|\"\"\"", "|\"\"\"\n|Say \"it\"\n|\"\"\""),
        (&["D209"], "|\"\"\"Do.\n\n|More.\"\"\"", "|\"\"\"Do.\n\n|More.\n|\"\"\""),
        (&["D209"], "|\"\"\"Do.\n\n|\"More\".  \"\"\"", "|\"\"\"Do.\n\n|\"More\".\n|\"\"\""),
        (&["D210"], "|\"\"\" Do it. \"\"\"", "|\"\"\"Do it.\"\"\""),
        (&["D210"], "|\"\"\" Do it.\n\n|More.\n|\"\"\"", "|\"\"\"Do it.\n\n|More.\n|\"\"\""),
        (&["D212"], "|\"\"\"\n|Do it.\n\n|More.\n|\"\"\"", "|\"\"\"Do it.\n\n|More.\n|\"\"\""),
        // What is below would be read with less indentation.
        (&["D212"], "|\"\"\"\n|Do it.\n||code\n|\"\"\"", "|\"\"\"\n|Do it.\n||code\n|\"\"\""),
        (&["D213"], "|\"\"\"Do it.\n\n|More.\n|\"\"\"", "|\"\"\"\n|Do it.\n\n|More.\n|\"\"\""),
        (&["D212", "D213"], "|\"\"\"Do it.\n\n|More.\n|\"\"\"", "|\"\"\"Do it.\n\n|More.\n|\"\"\""),
        (&["D300"], "|'Do it.'", "|\"\"\"Do it.\"\"\""),
        (&["D300"], "|'''Do\n\n|it.'''", "|\"\"\"Do\n\n|it.\"\"\""),
        (&["D300"], "|'Say \"it\"'", "|\"\"\"Say \"it\\\"\"\"\""),
        (&["D300"], "|r'Say \"it\"'", "|r'Say \"it\"'"),
        (&["D300"], "|u'It\\'s.'", "|u\"\"\"It\\'s.\"\"\""),
        (&["D301"], "|\"\"\"Match \\d and \\\\s.\"\"\"", "|r\"\"\"Match \\d and \\s.\"\"\""),
        // A tab is no backslash with a letter.
        (&["D301"], "|\"\"\"Split at \\t.\"\"\"", "|\"\"\"Split at \\t.\"\"\""),
        (&["D201"], "\n\n|\"\"\"Do it.\"\"\"", "|\"\"\"Do it.\"\"\""),
    ]);
}

#[test]
fn blank_lines_beside_a_docstring_go_and_come() {
    let class = |inside: &str| format!("class A:\n{}\n", inside.replace('|', "    "));
    let table: &[(&[&str], String, String)] = &[
        (
            &["D202"],
            format!("def f(a):\n|\"\"\"Do.\"\"\"\n\n \n{BODY}\n").replace('|', "    "),
            format!("def f(a):\n|\"\"\"Do.\"\"\"{BODY}\n").replace('|', "    "),
        ),
        (
            &["D202"],
            "def f():\r\n    'a'  # why\r\n\r\n    g()\r\n".into(),
            "def f():\r\n    'a'  # why\r\n    g()\r\n".into(),
        ),
        (&["D211"], class("\n|\"\"\"A.\"\"\"\n\n|x = 1"), class("|\"\"\"A.\"\"\"\n\n|x = 1")),
        (&["D203"], class("|\"\"\"A.\"\"\"\n\n|x = 1"), class("\n|\"\"\"A.\"\"\"\n\n|x = 1")),
        (&["D203", "D211"], class("\n|\"\"\"A.\"\"\"\n\n|x = 1"), class("|\"\"\"A.\"\"\"\n\n|x = 1")),
        (&["D204"], class("|\"\"\"A.\"\"\"\n|x = 1"), class("|\"\"\"A.\"\"\"\n\n|x = 1")),
        (&["D204"], class("|\"\"\"A.\"\"\"\n\n\n\n|x = 1"), class("|\"\"\"A.\"\"\"\n\n|x = 1")),
    ];
    let cases: Vec<Case<'_>> =
        table.iter().map(|(rules, before, after)| Case { rules, before, after }).collect();
    run(&cases, Daring::Safe);
}

#[test]
fn indentation_follows_the_quotes() {
    table(&[
        (&["D206"], "|\"\"\"Do.\n\n\tMore.\n|\"\"\"", "|\"\"\"Do.\n\n        More.\n|\"\"\""),
        (
            &["D207"],
            "|\"\"\"Do.\n\nMore.\n|  list\n|\"\"\"",
            "|\"\"\"Do.\n\n|More.\n|||  list\n|\"\"\"".replace("|||", "||").as_str(),
        ),
        (
            &["D207"],
            "|\"\"\"Do.\n\n|More.\n  slipped\n|more\n|\"\"\"",
            "|\"\"\"Do.\n\n|More.\n|slipped\n|more\n|\"\"\"",
        ),
        (&["D207"], "|\"\"\"Do.\n\n|More.\n\"\"\"", "|\"\"\"Do.\n\n|More.\n|\"\"\""),
        (&["D207"], "|\"\"\"Do.\n\n|More.\n>>> f()\n|\"\"\"", "|\"\"\"Do.\n\n|More.\n>>> f()\n|\"\"\""),
        (&["D208"], "|\"\"\"Do.\n\n||More.\n||  list\n||\"\"\"", "|\"\"\"Do.\n\n|More.\n|  list\n|\"\"\""),
        (&["D208"], "|\"\"\"Do.\n\n|More.\n||\"\"\"", "|\"\"\"Do.\n\n|More.\n|\"\"\""),
    ]);
}

#[test]
fn a_summary_is_a_sentence_set_apart() {
    table(&[
        (
            &["D205"],
            "|\"\"\"Do it.\n|More of it.\n\n|Args:\n||a: One.\n|\"\"\"",
            "|\"\"\"Do it.\n\n|More of it.\n\n|Args:\n||a: One.\n|\"\"\"",
        ),
        // A short docstring would owe sections.
        (&["D205"], "|\"\"\"Do it.\n|More of it.\n|\"\"\"", "|\"\"\"Do it.\n|More of it.\n|\"\"\""),
        (&["D205"], "|\"\"\"Do it.\n\n\n\n|More.\n|\"\"\"", "|\"\"\"Do it.\n\n|More.\n|\"\"\""),
        (&["D205"], "|\"\"\"Do it\n|:param a: It.\n|\"\"\"", "|\"\"\"Do it\n\n|:param a: It.\n|\"\"\""),
        // A role begins no field, and a field no summary.
        (
            &["D205"],
            "|\"\"\"Do it to the\n|:class:`A` of b.\n\n|More.\n|\"\"\"",
            "|\"\"\"Do it to the\n|:class:`A` of b.\n\n|More.\n|\"\"\"",
        ),
        (
            &["D205"],
            "|\"\"\"\n|:param a: It.\n|:param b: It.\n|\"\"\"",
            "|\"\"\"\n|:param a: It.\n|:param b: It.\n|\"\"\"",
        ),
        // One sentence over two lines.
        (&["D205"], "|\"\"\"Do it\n|with More.\n|\"\"\"", "|\"\"\"Do it\n|with More.\n|\"\"\""),
        (&["D205"], "|\"\"\"Do, e.g.\n|It.\n|\"\"\"", "|\"\"\"Do, e.g.\n|It.\n|\"\"\""),
        (&["D400"], "|\"\"\"Do it\"\"\"", "|\"\"\"Do it.\"\"\""),
        (
            &["D415"],
            "|\"\"\"Do it\n|with `more`\n\n|More.\n|\"\"\"",
            "|\"\"\"Do it\n|with `more`.\n\n|More.\n|\"\"\"",
        ),
        (&["D400"], "|\"\"\"Do it:\"\"\"", "|\"\"\"Do it:\"\"\""),
        (&["D400"], "|\"\"\"See https://a.b/c\"\"\"", "|\"\"\"See https://a.b/c\"\"\""),
        (&["D400"], "|\"\"\"Do\n|- this\n|\"\"\"", "|\"\"\"Do\n|- this\n|\"\"\""),
        (&["D400"], "|\"\"\"f(a) -> b\"\"\"", "|\"\"\"f(a) -> b\"\"\""),
        (&["D403"], "|\"\"\"do it.\"\"\"", "|\"\"\"Do it.\"\"\""),
        (&["D403"], "|\"\"\"pwd is read.\"\"\"", "|\"\"\"pwd is read.\"\"\""),
        // The name of the parameter is written as it is.
        (&["D403"], "|\"\"\"a is taken.\"\"\"", "|\"\"\"a is taken.\"\"\""),
    ]);
}

#[test]
fn headings_and_sections_are_laid_out() {
    let numpy = "|\"\"\"Do.\n\n|Parameters\n|----------\n|a : int\n||One.\n|\"\"\"";
    table(&[
        (&["D405"], "|\"\"\"Do.\n\n|args:\n||a: One.\n|\"\"\"", "|\"\"\"Do.\n\n|Args:\n||a: One.\n|\"\"\""),
        (&["D406"], &numpy.replace("Parameters", "Parameters:"), numpy),
        // A section of Google's is more than its title.
        (
            &["D406", "D407"],
            &format!("{}\n|Notes:\n||Slow.\n|\"\"\"", numpy.trim_end_matches("|\"\"\"")),
            &format!("{}\n|Notes:\n||Slow.\n|\"\"\"", numpy.trim_end_matches("|\"\"\"")),
        ),
        // Two sections of one title are for their author to join.
        (
            &["D420"],
            "|\"\"\"Do.\n\n|See Also\n|--------\n|g\n\n|Parameters\n|----------\n|a : int\n||One.\n\n|See Also\n|--------\n|h\n|\"\"\"",
            "|\"\"\"Do.\n\n|See Also\n|--------\n|g\n\n|Parameters\n|----------\n|a : int\n||One.\n\n|See Also\n|--------\n|h\n|\"\"\"",
        ),
        // The heading above would have no text.
        (
            &["D407"],
            &numpy.replace("|a : int\n||One.\n", "|Notes\n|It is.\n"),
            &numpy.replace("|a : int\n||One.\n", "|Notes\n|It is.\n"),
        ),
        // The heading alone has slipped, or more than the section.
        (
            &["D214"],
            "|\"\"\"Do.\n\n| Notes\n|-----\n|It is\n|  so.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Notes\n|-----\n|It is\n|  so.\n|\"\"\"",
        ),
        (
            &["D214"],
            "|\"\"\"Do.\n\n||Not so.\n\n||Notes\n||-----\n||It is.\n\n|So.\n|\"\"\"",
            "|\"\"\"Do.\n\n||Not so.\n\n||Notes\n||-----\n||It is.\n\n|So.\n|\"\"\"",
        ),
        (
            &["D415"],
            "|\"\"\"Do it\n|Otherwise not\n\n|So.\n|\"\"\"",
            "|\"\"\"Do it\n|Otherwise not\n\n|So.\n|\"\"\"",
        ),
        // The underline stays with a title that cannot move.
        (
            &["D215"],
            "|\"\"\"Do.\n\n| Parameters\n| ----------\n| a : int\n|b : int\n|\"\"\"",
            "|\"\"\"Do.\n\n| Parameters\n| ----------\n| a : int\n|b : int\n|\"\"\"",
        ),
        (&["D407"], &numpy.replace("|----------\n", ""), numpy),
        (&["D407"], &numpy.replace("----------", "=========="), numpy),
        (&["D408"], &numpy.replace("Parameters\n", "Parameters\n\n"), numpy),
        (&["D409"], &numpy.replace("----------", "-----"), numpy),
        (&["D412"], &numpy.replace("----------\n", "----------\n\n"), numpy),
        (&["D215"], &numpy.replace("|----------", "||----------"), numpy),
        (
            &["D411"],
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n|Returns:\n||It.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
        ),
        (
            &["D410", "D411"],
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n|Returns:\n||It.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
        ),
        (&["D413"], "|\"\"\"Do.\n\n|Args:\n||a: One.\n|\"\"\"", "|\"\"\"Do.\n\n|Args:\n||a: One.\n\n|\"\"\""),
        (
            &["D214"],
            "|\"\"\"Do.\n\n||Args:\n|||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
        ),
        (&["D416"], "|\"\"\"Do.\n\n|Args\n||a: One.\n|\"\"\"", "|\"\"\"Do.\n\n|Args:\n||a: One.\n|\"\"\""),
        (
            &["D420"],
            "|\"\"\"Do.\n\n|Raises:\n||KeyError: Never.\n\n|Note:\n||Stays.\n\n|Args:\n||a: One\n||||two.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Args:\n||a: One\n||||two.\n\n|Note:\n||Stays.\n\n|Raises:\n||KeyError: Never.\n|\"\"\"",
        ),
        // Whose paragraph the last one is, nobody can say.
        (
            &["D420"],
            "|\"\"\"Do.\n\n|Raises:\n||KeyError: Never.\n\n|Args:\n||a: One.\n\n|More.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Raises:\n||KeyError: Never.\n\n|Args:\n||a: One.\n\n|More.\n|\"\"\"",
        ),
    ]);
}

#[test]
fn several_repairs_are_one_clean_edit() {
    let all: &[&str] = &["D200", "D202", "D209", "D210", "D300", "D403", "D400", "D405", "D411", "D416"];
    table(&[
        (all, "|' do it '\n\n|return a", "|\"\"\"Do it.\"\"\"\n|return a"),
        (
            all,
            "|''' do it\n\n|args:\n||a: One.\n|Returns\n||It.'''\n\n|return a",
            "|\"\"\"Do it.\n\n|Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"\n|return a",
        ),
    ]);
}

#[test]
fn no_line_becomes_too_long_for_its_file() {
    // The code is 72 columns wide at most, and so is what may be written.
    let said = |length: usize| format!("Do {}", "x".repeat(length - 3));
    // Of a line, 10 columns are its margin and its quotes.
    let (fits, full) = (said(61), said(62));
    let double = |text: &str| format!("|\"\"\"{text}\"\"\"{BODY}");
    let single = |text: &str| format!("|'{text}'{BODY}");
    table(&[
        (&["D400"], &double(&fits), &double(&format!("{fits}."))),
        (&["D400"], &double(&full), &double(&full)),
        // What is too long already gets no worse.
        (&["D400"], &double(&said(90)), &double(&format!("{}.", said(90)))),
        (&["D300"], &single(&full), &double(&full)),
        (&["D300"], &single(&said(63)), &single(&said(63))),
        // Both repairs count.
        (&["D300", "D400"], &single(&fits), &double(&format!("{fits}."))),
        (&["D300", "D400"], &single(&full), &double(&full)),
    ]);
}

#[test]
fn what_may_be_no_section_and_what_leads_to_one_stay() {
    let list = "|\"\"\"Do.\n\n|Returns:\n\n|args\n||One.\n|self_arg\n||Two.\n|\"\"\"";
    let led = "|\"\"\"Do.\n\n|Raises:\n||KeyError: Never.\n\n|Put it so:\n\n|Args:\n||a: One.\n|\"\"\"";
    let before = "|\"\"\"Do.\n\n|Notes\n|-----\n|References:\n|A book.\n\n|Parameters\n|----------\n|a : int\n||It.\n|\"\"\"";
    let after = "|\"\"\"Do.\n\n|Parameters\n|----------\n|a : int\n||It.\n\n|Notes\n|-----\n|References:\n|A book.\n|\"\"\"";
    table(&[
        (&["D405", "D416"], list, list),
        (&["D420"], led, led),
        // A label stays in a section that would be empty without it.
        (&["D406", "D420"], before, after),
    ]);
}

#[test]
fn what_a_maintainer_would_not_take_is_left_to_people() {
    let kept: &[(&[&str], &str)] = &[
        // A single line that does not fit gains nothing above lonely quotes.
        (&["D212"], "|\"\"\"\n|Do it.\n|\"\"\""),
        // A title that is centred over the text, and fields that need no line between them.
        (&["D210"], "|\"\"\"     the suite:\n\n||||thing.py\n\n|More.\n|\"\"\""),
        (&["D205"], "|\"\"\"\n|:arg a: One.\n|:type a: int\n|\"\"\""),
        // Code moves as a whole, and an escape may be indentation.
        (&["D207"], "|\"\"\"Do.\n\nclass Test:\n|@classmethod\n|def f(self): pass\n|\"\"\""),
        (&["D207"], "|\"\"\"Do.\n\n\\tIt.\n|\"\"\""),
        // Flush with the prose that leads to it, nobody sees where the address begins.
        (&["D208"], "|\"\"\"Do, according to:\n|||https://example.org\n|\"\"\""),
        // Its twin would keep the line.
        (&["D412"], "|\"\"\"Do.\n\n|Notes\n|-----\n\n|One.\n\n|Example\n|-------\n\n|>>> f(1)\n|\"\"\""),
        // One label of several, and labels before a colon.
        (
            &["D405"],
            "|\"\"\"Do.\n\n|The file format:\n|https://example.org\n\n|See also:\n||Others.\n|\"\"\"",
        ),
        (&["D403"], "|\"\"\"no settings: nothing is read.\"\"\""),
        (&["D403"], "|\"\"\"tzinfo for a place.\"\"\""),
        // Questions, unfinished sentences, and brackets with a sentence of their own.
        (&["D400"], "|\"\"\"Has this been made\"\"\""),
        (&["D400"], "|\"\"\"Manage a block with\"\"\""),
        (&["D400"], "|\"\"\"Do.\n|It goes. (Or so)\n|\"\"\""),
        (&["D415"], "|\"\"\"Recurse into all\n|Designed for trees\n|\"\"\""),
    ];
    let cases: Vec<_> = kept.iter().map(|(rules, text)| (*rules, *text, *text)).collect();
    table(&cases);
}

#[test]
fn a_period_goes_where_the_summary_ends() {
    table(&[
        (&["D400"], "|\"\"\"Do it\n|Args:\n||a: One\n|\"\"\"", "|\"\"\"Do it.\n|Args:\n||a: One\n|\"\"\""),
        (&["D400"], "|\"\"\"Do it\n|:param a: One\n|\"\"\"", "|\"\"\"Do it.\n|:param a: One\n|\"\"\""),
        // The first line is set apart, and nothing is wanted of the second.
        (
            &["D205", "D400"],
            "|\"\"\"Do it.\n|Ada Lovelace\n\n|:param a: One.\n|\"\"\"",
            "|\"\"\"Do it.\n\n|Ada Lovelace\n\n|:param a: One.\n|\"\"\"",
        ),
        (&["D400"], "|\"\"\"Test for\n|#12207\n|\"\"\"", "|\"\"\"Test for\n|#12207.\n|\"\"\""),
    ]);
    // A verb in the name of its function is a verb, and what is shown as notation a name.
    let function = |name: &str, text: &str| format!("def {name}(a):\n    \"\"\"{text}\"\"\"\n");
    let before = function("write_array", "write an array.");
    let after = function("write_array", "Write an array.");
    let notation = function("file_list", "list [first]");
    run(
        &[
            Case { rules: &["D403"], before: &before, after: &after },
            Case { rules: &["D403"], before: &notation, after: &notation },
        ],
        Daring::Safe,
    );
}

#[test]
fn a_heading_that_slipped_moves_without_a_text_at_its_place() {
    table(&[
        (
            &["D214"],
            "|\"\"\"Do.\n\n| Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
            "|\"\"\"Do.\n\n|Args:\n||a: One.\n\n|Returns:\n||It.\n|\"\"\"",
        ),
        (
            &["D412"],
            "|\"\"\"Do.\n\n|References\n|----------\n\n|.. [1] A book.\n|\"\"\"",
            "|\"\"\"Do.\n\n|References\n|----------\n|.. [1] A book.\n|\"\"\"",
        ),
    ]);
}

#[test]
fn an_empty_section_goes_when_that_is_asked_for() {
    let before =
        "def f(a):\n    \"\"\"Do.\n\n    Returns:\n\n    Raises:\n        KeyError: Never.\n    \"\"\"\n";
    let after = "def f(a):\n    \"\"\"Do.\n\n    Raises:\n        KeyError: Never.\n    \"\"\"\n";
    let rules: &[&str] = &["D414"];
    run(&[Case { rules, before, after: before }], Daring::Safe);
    run(&[Case { rules, before, after }], Daring::Unsafe);
}
