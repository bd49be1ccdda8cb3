//! What tools' files come to, as a whole.

use proptest::prelude::*;

use super::*;
use crate::config::{Config, Flags};
use crate::rules::Selection;

/// The options that each tool names itself: in `--help` (pydoclint 0.12.0, pydocstyle 6.3.0, darglint 1.8.1, interrogate 1.7.0,
/// flake8-docstrings 1.7.0), in `ruff config` (0.17.6), and where numpydoc 1.11.0 reads its configuration.
const NAMED_BY_THE_TOOLS: &[(Tool, &str)] = &[
    (
        Tool::Ruff,
        "lint.pydocstyle.convention lint.pydocstyle.ignore-decorators lint.pydocstyle.property-decorators lint.pydocstyle.ignore-var-parameters lint.pydoclint.ignore-one-line-docstrings lint.select lint.extend-select lint.ignore lint.extend-ignore lint.preview preview lint.explicit-preview-rules lint.per-file-ignores lint.extend-per-file-ignores lint.exclude exclude extend-exclude include extend-include extend line-length lint.pycodestyle.max-doc-length",
    ),
    (
        Tool::Flake8,
        "select ignore extend-select extend-ignore per-file-ignores exclude extend-exclude max-doc-length docstring-convention ignore-decorators property-decorators ignore-self-only-init",
    ),
    (
        Tool::Pydoclint,
        "allow-init-docstring arg-type-hints-in-docstring arg-type-hints-in-signature auto-regenerate-baseline baseline check-arg-defaults check-arg-order check-class-attributes check-return-types check-style-mismatch check-yield-types config exclude generate-baseline help ignore-private-args ignore-private-class-attributes ignore-special-dunder-args ignore-special-dunder-class-attributes ignore-underscore-args ignore-underscore-only-args ignore-underscore-only-class-attributes include-stub-files native-mode-noqa-location omit-stars-when-documenting-varargs only-attrs-with-classvar-are-treated-as-class-attrs quiet require-inline-class-var-docs require-return-section-when-returning-none require-return-section-when-returning-nothing require-yield-section-when-yielding-nothing should-declare-assert-error-if-assert-statement-exists should-document-private-class-attributes should-document-star-arguments show-filenames-in-every-violation-message skip-checking-private-functions skip-checking-raises skip-checking-short-docstrings style treat-property-methods-as-class-attributes type-hints-in-docstring type-hints-in-signature version",
    ),
    (
        Tool::Pydocstyle,
        "add-ignore add-select config convention count debug explain help ignore ignore-decorators ignore-self-only-init match match-dir property-decorators select source verbose version",
    ),
    (Tool::Numpydoc, "checks exclude exclude-files override-CODE"),
    (
        Tool::Darglint,
        "darglint-ignore-regex docstring-style enable help ignore ignore-properties ignore-raise ignore-regex indentation list-errors log-level message-template no-exit-code raise-syntax strictness verbosity version",
    ),
    (
        Tool::Interrogate,
        "badge-format badge-style color config exclude ext fail-under generate-badge help ignore-init-method ignore-init-module ignore-magic ignore-module ignore-nested-classes ignore-nested-functions ignore-overloaded-functions ignore-private ignore-property-decorators ignore-regex ignore-semiprivate ignore-setters omit-covered-files output quiet style verbose version whitelist-regex",
    ),
];

fn proposed(files: &[(&str, &str)]) -> Proposal {
    propose(
        &|path| files.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_bytes().to_vec()),
        None,
    )
    .unwrap_or_else(|error| panic!("{error}"))
}

/// Reads what was written as docgate's own file.
fn configured(proposal: &Proposal) -> Config {
    let text = proposal.written("");
    let own = Config::load(
        &|name| (name == "docgate.toml").then(|| text.clone().into_bytes()),
        &|_| None,
        Flags::default(),
    )
    .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let shared = proposal.written("tool.docgate");
    let other = Config::load(
        &|name| (name == "pyproject.toml").then(|| shared.clone().into_bytes()),
        &|_| None,
        Flags::default(),
    )
    .unwrap_or_else(|error| panic!("{error}\n{shared}"));
    let values = |config: &Config| -> Vec<(String, Option<String>)> {
        config.shown().into_iter().map(|(name, shown)| (name, shown.value)).collect()
    };
    assert_eq!(values(&own), values(&other));
    own
}

fn codes(proposal: &Proposal) -> Vec<&'static str> {
    let config = configured(proposal);
    let selection = Selection {
        select: None,
        extend_select: config.extend_select.value.clone(),
        ignore: config.ignore.value.clone(),
        severity: Vec::new(),
    };
    selection.severities().unwrap().into_keys().collect()
}

#[test]
fn every_tool_comes_to_what_it_says() {
    let table: &[(&str, &str, &str)] = &[
        (
            "pyproject.toml",
            "[tool.ruff.lint]\nselect = ['E', 'D']\nignore = ['D401', 'D107', 'D203']\n[tool.ruff.lint.pydocstyle]\nconvention = 'google'\n",
            "style = \"google\" # pyproject.toml [tool.ruff.lint.pydocstyle] convention\nextend-select = [\"D105\", \"D417\"] # pyproject.toml [tool.ruff.lint] select\n\n[rules]\nconvention = \"google\" # pyproject.toml [tool.ruff.lint.pydocstyle] convention\n",
        ),
        (
            "ruff.toml",
            "select = ['D1']\n[per-file-ignores]\n'tests/*.py' = ['D', 'S101']\n'a.py' = ['E501']\n",
            "extend-select = [\"D105\", \"D107\"] # ruff.toml select\nignore = [\"D2\", \"D3\", \"D4\"] # ruff.toml select: not among them\n\n[per-file-ignores]\n\"/tests/**/*.py\" = [\"D\"] # ruff.toml per-file-ignores \"tests/*.py\"\n",
        ),
        ("pyproject.toml", "[tool.ruff.lint]\nselect = ['E', 'F']\n", ""),
        (
            "pyproject.toml",
            "[tool.pydoclint]\nstyle = 'sphinx'\narg-type-hints-in-docstring = false\ncheck-return-types = false\nskip-checking-short-docstrings = false\nshould-document-star-arguments = true\nexclude = '\\.git|tests/'\n",
            "style = \"sphinx\" # pyproject.toml [tool.pydoclint] style\nextend-select = [\n    \"DOC105\", # pyproject.toml [tool.pydoclint]: pydoclint looks for it\n",
        ),
        (
            "setup.cfg",
            "[pydocstyle]\nadd-ignore = D105,D107\nmatch = (?!test_).*\\.py\n",
            "ignore = [\"D418\"] # setup.cfg [pydocstyle]\nexclude = [\"test_*.py\"] # setup.cfg [pydocstyle] match\n\n[rules]\nconvention = \"pep257\" # setup.cfg [pydocstyle]: its default\n",
        ),
        (
            ".darglint",
            "[darglint]\ndocstring_style=numpy\nstrictness=short\nignore=DAR402,DAR201\n",
            "style = \"numpy\" # .darglint [darglint] docstring_style\nignore = [\n    \"DOC201\", # .darglint [darglint] ignore DAR201\n    \"DOC502\", # .darglint [darglint] ignore DAR402\n]\n\n[rules]\nshort-docstrings = \"one-paragraph\" # .darglint [darglint] strictness\n",
        ),
        (
            "pyproject.toml",
            "[tool.interrogate]\nfail-under = 95\nignore-module = true\nexclude = ['docs', 'setup.py']\n",
            "ignore = [\"D100\", \"D104\"] # pyproject.toml [tool.interrogate] ignore-module\nexclude = [\"/docs*\", \"/setup.py*\"] # pyproject.toml [tool.interrogate] exclude\n\n[coverage]\nfail-under = 95 # pyproject.toml [tool.interrogate] fail-under\n",
        ),
        (
            "pyproject.toml",
            "[tool.numpydoc_validation]\nchecks = ['all', 'EX01', 'SA01', 'ES01', 'GL08', 'PR04']\n",
            "style = \"numpy\" # pyproject.toml [tool.numpydoc_validation]\n",
        ),
        (
            "tox.ini",
            "[flake8]\nextend-ignore = D401, E203\ndocstring-convention = numpy\nper-file-ignores =\n    tests/*:D\n",
            "style = \"numpy\" # tox.ini [flake8] docstring-convention\n",
        ),
    ];
    for (file, text, expected) in table {
        let proposal = proposed(&[(file, text)]);
        let written = proposal.written("");
        assert!(
            written.starts_with(expected) && written.is_empty() == expected.is_empty(),
            "{text}\n{written}\n{proposal:?}"
        );
        configured(&proposal);
    }
}

#[test]
fn every_option_that_a_tool_names_is_in_its_table_and_no_other() {
    for (tool, named) in NAMED_BY_THE_TOOLS {
        let mut named: Vec<&str> = named.split(' ').collect();
        // An old name that the help does not tell any more, and one for configuration files alone.
        if *tool == Tool::Pydocstyle {
            named.push("inherit");
        }
        let mut known: Vec<&str> = tool.options().iter().map(|option| option.name).collect();
        named.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, named, "{}", tool.name());
        for option in tool.options() {
            assert!(!option.becomes.is_empty() && !option.becomes.contains('|'), "{}", option.name);
        }
    }
    assert_eq!(NAMED_BY_THE_TOOLS.len(), Tool::ALL.len());
}

#[test]
fn the_rules_that_are_on_are_those_of_the_tool() {
    let with = |text: &str| codes(&proposed(&[("pyproject.toml", text)]));
    let usual = with("");
    let only = |codes: &[&'static str], start: &str| -> Vec<&'static str> {
        codes.iter().copied().filter(|code| code.starts_with(start) && !code.starts_with("DG")).collect()
    };
    let layout = |codes: &[&'static str]| -> Vec<&'static str> {
        only(codes, "D").into_iter().filter(|code| !code.starts_with("DOC")).collect()
    };
    let found = with("[tool.ruff.lint]\nselect = ['D1']\n");
    assert_eq!(layout(&found), ["D100", "D101", "D102", "D103", "D104", "D105", "D106", "D107"]);
    assert_eq!(only(&found, "DOC"), only(&usual, "DOC"), "ruff has no opinion of them");
    let found =
        with("[tool.ruff.lint]\nselect = ['D']\nignore = ['D10', 'D2', 'D4']\nextend-select = ['D205']\n");
    assert_eq!(layout(&found), ["D205", "D300", "D301"]);
    let found = with("[tool.ruff.lint]\nselect = ['DOC201']\n");
    assert_eq!(found, usual, "rules in preview do not count");
    let found = with("[tool.ruff.lint]\npreview = true\nselect = ['DOC201']\n");
    assert_eq!(only(&found, "DOC2"), ["DOC201"]);
    assert!(found.contains(&"DOC101"), "ruff does not have it");
    let found = with("[tool.ruff.lint]\nselect = ['ALL']\nignore = ['D']\n");
    assert_eq!(found, usual, "who looks for none has no opinion");
    let found = with("[tool.ruff.lint]\nextend-select = ['D203']\n");
    assert_eq!(layout(&found), ["D203", "D419"], "ruff has D419 on by itself");
    let found = with("[tool.ruff.lint]\nselect = ['D']\npydocstyle.convention = 'pep257'\n");
    assert!(found.contains(&"D418"), "ruff's convention has it, and pydocstyle's has not");
    let found = with("[tool.interrogate]\nignore-module = true\n");
    assert_eq!(usual.len() - found.len(), 2);
    let found = with("[tool.pydoclint]\n");
    assert_eq!(only(&found, "DOC10").len(), 9);
    let found = with("[tool.pydoclint]\nskip-checking-raises = true\ncheck-class-attributes = false\n");
    assert!(only(&found, "DOC5").is_empty() && only(&found, "DOC6").is_empty());
    let found = with("[tool.numpydoc_validation]\nchecks = ['GL08', 'PR01']\n");
    assert!(found.contains(&"D105") && found.contains(&"DOC101") && !found.contains(&"D401"));
}

#[test]
fn flake8_looks_for_the_codes_of_plugins_that_it_selects() {
    let with = |text: &str| codes(&proposed(&[("tox.ini", &format!("[flake8]\n{text}"))]));
    let of_pydoclint = |codes: &[&'static str]| -> Vec<&'static str> {
        codes.iter().copied().filter(|code| code.starts_with("DOC")).collect()
    };
    let usual = with("");
    let all = with("style = google\n");
    assert!(all.contains(&"DOC203") && all.contains(&"DOC105"), "{all:?}");
    let found = of_pydoclint(&with("style = google\nselect = DOC1\n"));
    assert!(found.contains(&"DOC105") && found.iter().all(|code| code.starts_with("DOC1")), "{found:?}");
    let found = with("select = E,F,DOC\n");
    assert_eq!(of_pydoclint(&found), of_pydoclint(&all), "pydoclint is there, since its codes are selected");
    assert_eq!(with("style = google\nselect = E,F\n"), usual, "who looks for none has no opinion");
    let found = of_pydoclint(&with("select = DOC\nignore = DOC\n"));
    assert!(found.is_empty(), "at a tie flake8 ignores: {found:?}");
    let found = of_pydoclint(&with("select = DOC,DOC201\nextend-ignore = DOC20\n"));
    assert!(found.contains(&"DOC201") && !found.contains(&"DOC202"), "{found:?}");
    let found = of_pydoclint(&with("style = google\nignore = D\n"));
    assert!(found.is_empty(), "for flake8, D is the beginning of DOC: {found:?}");
    let found = of_pydoclint(&with("select = D,DOC\nignore = D\n"));
    assert_eq!(found, of_pydoclint(&all), "the longer one wins");
    let found = of_pydoclint(&with("docstring-convention = google\nignore = D\n"));
    assert_eq!(found, of_pydoclint(&usual), "who has no pydoclint has no opinion");
    let found = of_pydoclint(&with("select = DAR1,DAR201\n"));
    assert!(found.contains(&"DOC102") && found.contains(&"DOC201"), "{found:?}");
    assert!(!found.contains(&"DOC202") && !found.contains(&"DOC501"), "{found:?}");
    let found = with("select = DAR,DAR402\nignore = DAR40\n");
    assert!(found.contains(&"DOC502") && !found.contains(&"DOC501"), "{found:?}");
}

#[test]
fn a_glob_with_a_line_feed_is_a_key_all_the_same() {
    let proposal = proposed(&[("ruff.toml", "[lint.per-file-ignores]\n\"a\\n\\u202eb.py\" = ['D1']\n")]);
    let text = proposal.written("");
    assert!(text.contains(r#""a\n\u202Eb.py" = ["D1"]"#), "{text}");
    configured(&proposal);
}

#[test]
fn what_one_file_extends_is_read_and_wins_nothing() {
    let files = [
        ("ruff.toml", "extend = 'conf/base.toml'\nselect = ['D1']\n"),
        (
            "conf/base.toml",
            "extend = '../ruff.toml'\nline-length = 100\n[lint]\nignore = ['D100']\n[lint.pydocstyle]\nconvention = 'numpy'\n",
        ),
    ];
    let proposal = proposed(&files);
    let text = proposal.written("");
    assert!(text.contains("line-length = 100 # conf/base.toml line-length"), "{text}");
    assert!(text.contains("convention = \"numpy\" # conf/base.toml [lint.pydocstyle] convention"), "{text}");
    assert!(!text.contains("D100"), "a `select` takes back what the other file ignores: {text}");
    assert!(proposal.left.iter().any(|left| left.reason.contains("read already")), "{proposal:?}");
    for (path, reason) in [
        ("../up.toml", "below"),
        ("~/x.toml", "below"),
        ("$HOME/x.toml", "below"),
        ("none.toml", "not there"),
    ] {
        let text = format!("extend = \"{path}\"\n");
        let proposal = proposed(&[("ruff.toml", &text)]);
        assert!(proposal.left.iter().any(|left| left.reason.contains(reason)), "{proposal:?}");
    }
}

#[test]
fn contradictions_are_named_and_decided() {
    let proposal = proposed(&[(
        "pyproject.toml",
        "[tool.ruff.lint]\nselect = ['D']\n[tool.ruff.lint.pydocstyle]\nconvention = 'google'\n[tool.pydoclint]\nstyle = 'numpy'\n[tool.interrogate]\nignore-magic = true\n",
    )]);
    assert_eq!(proposal.conflicts.len(), 2, "{proposal:?}");
    assert!(proposal.conflicts[0].starts_with("style: \"google\" in "));
    assert!(proposal.conflicts[1].starts_with("D105: on in "));
    assert!(codes(&proposal).contains(&"D105"));
}

#[test]
fn values_that_are_wrong_are_left_with_the_reason() {
    let table = [
        "[tool.interrogate]\nfail-under = 'x'\n",
        "[tool.interrogate]\nfail-under = 1000\n",
        "[tool.interrogate]\nignore-module = 'maybe'\n",
        "[tool.interrogate]\nunknown = 1\n",
        "[tool.pydoclint]\nstyle = 1\n",
        "[tool.pydoclint]\nstyle = 'epydoc'\n",
        "[tool.pydoclint]\nexclude = '[a-z]+'\n",
        "[tool.ruff.lint]\nselect = ['D302', 'D1']\n",
        "[tool.ruff.lint.pydocstyle]\nconvention = 'mine'\n",
        "[tool.ruff]\nexclude = ['/abs']\nline-length = 10\n",
        "[tool.ruff.lint.per-file-ignores]\n'!src/*' = ['D']\n",
        "[tool.numpydoc_validation]\nchecks = 1\n",
        "[tool.numpydoc_validation]\nchecks = ['GL03']\noverride_SS05 = ['^X']\n",
    ];
    for text in table {
        let proposal = proposed(&[("pyproject.toml", text)]);
        assert!(!proposal.left.is_empty(), "{text}");
        configured(&proposal);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_line() {
    for (file, bytes) in [
        ("pyproject.toml", &b"[tool\n"[..]),
        ("pyproject.toml", b"tool = 1\n"),
        ("ruff.toml", b"\n\n\xff"),
        ("setup.cfg", b"[pydocstyle\n"),
        (".darglint", b"[darglint]\n  x = 1\n"),
    ] {
        let read = |path: &str| (path == file).then(|| bytes.to_vec());
        let error = propose(&read, None).unwrap_err();
        assert_eq!(error.file, file, "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_keeps_it_from_answering(name in 0_usize..6, text in "(\\[(tool\\.)?(ruff|flake8|pydocstyle|darglint|interrogate|tool:interrogate)\\]\n)?([a-z-]{1,12} ?[=:] ?[\\[\\]'\"a-zA-Z0-9.,*$^|()\\\\ ]{0,20}\n){0,4}") {
        let file = ["pyproject.toml", "setup.cfg", "tox.ini", "ruff.toml", ".darglint", ".pydocstyle"][name];
        let read = |path: &str| (path == file).then(|| text.clone().into_bytes());
        if let Ok(proposal) = propose(&read, None) {
            configured(&proposal);
        }
    }
}
