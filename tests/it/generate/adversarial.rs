//! Whatever a model returns: the code stays the same program, and no rule finds a new error.

use std::collections::BTreeSet;
use std::sync::Arc;

use docgate::change::RepoPath;
use docgate::docstring::{Page, Style};
use docgate::edit::apply;
use docgate::generate::run::{Answered, FailedBefore, Session, Terms, ask};
use docgate::generate::{Budget, Context, Extras, Slots, Task, Voice};
use docgate::model::{LanguageModel, ModelError, ModelReply, ModelRequest, Profile, Usage};
use docgate::python::{ParsedFile, code_digest, compare, parse};
use docgate::repair::Revision;
use docgate::rules::{Requirement, Settings, Severity, check};
use proptest::prelude::*;
use serde_json::{Value, json};

const SOURCE: &str = r#""""Shapes."""


class Box:
    def __init__(self, width, *sizes, **more):
        self.width = width

    def area(self, height=10):
        """Work out the area."""
        return self.width * height

    def grow(self, by, times=2):
        """Grow.

        Args:
            by: How much.

        Raises:
            ValueError: If it is too much.
        """
        if by > 10:
            raise ValueError(by)
        yield by

    def raw(self, a, b):
        r'''Match \d.

        Args:
            a: The first.
        '''


def one(x): return x
"#;

/// Says the same, whatever it is asked.
#[derive(Debug)]
struct Parrot(String);

impl LanguageModel for Parrot {
    async fn complete(&self, _: &ModelRequest) -> Result<ModelReply, ModelError> {
        let usage = Usage { prompt_tokens: 1, cached_tokens: 0, completion_tokens: 1 };
        Ok(ModelReply { text: self.0.clone(), model: String::new(), usage, request_id: None, attempts: 1 })
    }
}

fn errors(file: &ParsedFile, settings: &Settings) -> BTreeSet<(String, &'static str, Option<String>)> {
    let path = RepoPath::new("a.py").unwrap();
    let checked = check(&path, file, &compare(None, file), settings);
    let mut found = BTreeSet::new();
    for checked in checked {
        let name = &file.definitions[checked.index].qualified_name;
        for finding in checked.findings.iter().filter(|finding| finding.severity == Severity::Error) {
            found.insert((name.clone(), finding.code, finding.subject.clone()));
        }
    }
    found
}

fn tasks(file: &Arc<ParsedFile>, settings: &Settings) -> Vec<Task> {
    let path = RepoPath::new("a.py").unwrap();
    let all = [Requirement::Module, Requirement::Class, Requirement::Function, Requirement::Method];
    let extras = Extras { examples: all.to_vec(), notes: all.to_vec() };
    let mut tasks = Vec::new();
    for checked in check(&path, file, &compare(None, file), settings) {
        let definition = &file.definitions[checked.index];
        let slots = Slots::of(definition, &checked.findings).with(&extras, file, definition);
        if slots.is_empty() {
            continue;
        }
        let docstring = checked.docstring.as_ref();
        tasks.push(Task {
            path: path.clone(),
            file: Arc::clone(file),
            base: None,
            index: checked.index,
            touched: checked.touched,
            slots,
            style: Style::Google,
            revision: docstring
                .and_then(|docstring| Revision::of(file, definition, docstring, &Page::of_width(88))),
            page: Page::of_width(88),
        });
    }
    tasks
}

/// Text as a model with bad intentions would write it.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Work it out.",
        "\"\"\"",
        "'''",
        "\\",
        "\\\"",
        "\n",
        "\n\n",
        "    ",
        "Raises:\n    OSError: If so.",
        "Args:\n    zz: No.",
        "Returns:",
        "Note:\n    x",
        "\nby: Again.",
        ":param x: y",
        "-----",
        "\nYields\n------\n",
        "\r\n",
        "\t",
        "\u{202e}",
        "\u{0}",
        "é",
        "{x}",
        "%s",
        "#",
        "import os",
        ">>> 1",
        "N{DASH}",
        "\\x41",
        "\\N{DASH}",
        "Defaults to 99.",
        "(default: 3)",
        "TODO",
        "x: int = 3",
        "\u{2028}",
        "\u{c}",
        "    \"\"\"\n    return 1\n",
    ]);
    prop_oneof![
        4 => prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,40}",
    ]
}

/// Puts hostile text behind or into code that calls what there is.
fn example(text: &str) -> String {
    match text.len() % 4 {
        0 => format!("one(1)\n{text}"),
        1 => format!("Box(1).area({text})"),
        2 => format!("box = Box(1, 2)\nbox.raw({text:?}, 2)\nbox.grow(1)\nbox.area()"),
        _ => text.to_owned(),
    }
}

fn style() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext])
}

/// A reply of the right shape with hostile texts, or any bytes at all.
fn reply() -> impl Strategy<Value = String> {
    let texts = prop::collection::vec(prop_oneof![hostile(), Just("It is so.".to_owned())], 12);
    let shaped = texts.prop_map(|texts| {
        let mut texts = texts.into_iter().cycle();
        let mut text = || texts.next().unwrap();
        let mut definitions = Vec::new();
        for (index, (parameters, raises)) in [
            (&["width", "*sizes", "**more"][..], &[][..]),
            (&["by", "times"], &["ValueError"]),
            (&["times"], &[]),
            (&["b"], &[]),
            (&["x"], &[]),
            (&["height"], &[]),
        ]
        .into_iter()
        .enumerate()
        {
            let mut named = |names: &[&str]| -> Vec<Value> {
                names.iter().map(|name| json!({"name": name, "text": text()})).collect()
            };
            let (parameters, raises) = (named(parameters), named(raises));
            definitions.push(json!({
                "id": format!("d{}", index + 1),
                "summary": text(),
                "description": text(),
                "parameters": parameters,
                "returns": text(),
                "yields": text(),
                "raises": raises,
                "note": text(),
                "example": example(&text()),
            }));
        }
        json!({ "definitions": definitions }).to_string()
    });
    prop_oneof![6 => shaped, 1 => hostile(), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_answer_changes_code_or_brings_a_new_error(text in reply(), crlf: bool, alone in 0..8_usize, style in style()) {
        let source = if crlf { SOURCE.replace('\n', "\r\n") } else { SOURCE.to_owned() };
        let file = Arc::new(parse(&source));
        let settings = Settings::default();
        let mut tasks = tasks(&file, &settings);
        for task in &mut tasks {
            task.style = style;
        }
        prop_assert!(tasks.len() > 3);
        // Alone, each definition is `d1` once, so that every one meets every shape of answer.
        if let Some(task) = tasks.get(alone).cloned() {
            tasks = vec![task];
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let session = Session {
            model: &Parrot(text),
            terms: Terms {
                model: &Profile::of("gpt-4o-mini"),
                asked: "here",
                cache: None,
                failed_before: FailedBefore::Remember,
                voice: &Voice::default(),
                budget: Budget::default(),
                longest_answer: None,
                request_tokens: 8_000,
                never_sent: &|_| false,
                examples: None,
            },
            ledger: None,
            record: &|_| (),
            time_limit: None,
        };
        let context = Context { settings: &settings, placeholders: false };
        let answers = runtime.block_on(ask(&session, (&tasks, &[]), &context)).answers;
        let edits: Vec<_> = answers
            .into_iter()
            .filter_map(|answer| match answer {
                Answered::Written(edit) => Some(edit),
                _ => None,
            })
            .collect();
        let after = apply(&source, &edits).unwrap();
        prop_assert_eq!(code_digest(&after), code_digest(&source), "{}", after);
        let (before, now) = (errors(&file, &settings), errors(&parse(&after), &settings));
        prop_assert!(now.is_subset(&before), "{:?}\n{}", now.difference(&before), after);
        prop_assert!(!after.contains(['\u{202e}', '\u{0}', '\u{1b}']), "{}", after);
        if crlf {
            prop_assert!(!after.replace("\r\n", "").contains(['\r', '\n']), "{:?}", after);
        }
    }
}
