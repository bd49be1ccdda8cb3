//! Repetition: a text that says no more than the name it stands beside.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::docstring::parse;
use crate::rules::{Module, Settings, Severity, Subject, findings};

use super::super::Task;

/// The rule about a docstring that only repeats a name, and nothing else.
static RESTATES_NAME: LazyLock<Settings> = LazyLock::new(|| Settings {
    severities: BTreeMap::from([("DG202", Severity::Warning)]),
    ..Settings::default()
});

/// Returns whether a summary only repeats the name of the definition, whatever stands below it.
pub(in super::super) fn restates_name(task: &Task, summary: &str) -> bool {
    let alone = parse(summary.trim(), task.style);
    let module = Module::new(&task.path, &task.file, &RESTATES_NAME);
    let subject = Subject { docstring: Some(&alone), ..Subject::new(&module, task.definition()) };
    findings(&subject).iter().any(|finding| finding.code == "DG202")
}

/// Returns whether the text of an entry has no word that its name has not.
pub(in super::super) fn only_repeats(text: &str, name: &str) -> bool {
    const EMPTY: &[&str] =
        &["a", "an", "the", "this", "given", "parameter", "argument", "value", "exception", "error"];
    let name = name.to_lowercase();
    let name: String = name.chars().filter(|character| character.is_alphanumeric()).collect();
    let mut said = words(text).filter(|word| !EMPTY.contains(&word.as_str()) || name == *word).peekable();
    // Of a name of one letter nobody would know whether it is repeated.
    name.chars().count() > 1 && said.peek().is_some() && said.collect::<String>() == name
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::super::sample::task_in;
    use super::*;

    #[test]
    fn a_summary_is_judged_by_itself() {
        let task = task_in("def compute_wind(level, wind):\n    return level + wind\n", "compute_wind");
        for (summary, expected) in [
            ("Compute wind.", true),
            ("Compute the wind.", true),
            ("Return the computed wind.", true),
            ("Add the level to the wind.", false),
            ("Compute how strong the wind is.", false),
        ] {
            assert_eq!(restates_name(&task, summary), expected, "{summary}");
        }
    }

    #[test]
    fn an_entry_says_more_than_its_name() {
        for (name, text, expected) in [
            ("level", "The level.", true),
            ("level", "Level.", true),
            ("level", "The `level` value.", true),
            ("water_level", "The water level.", true),
            ("**options", "Options.", true),
            ("ValueError", "ValueError.", true),
            ("value", "The value.", true),
            ("level", "The level of the water.", false),
            ("level", "How high the water is.", false),
            ("level", "Levels to add.", false),
            ("level", "The value.", false),
            ("x", "X.", false),
            ("level", "", false),
        ] {
            assert_eq!(only_repeats(text, name), expected, "{name}: {text}");
        }
    }
}
