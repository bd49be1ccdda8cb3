//! How good a docstring is, from 0 to 100: for reports, and for what the sweep does first. It never gates.
//!
//! The findings of a fixed set of rules are counted, as if the definition were new, short docstrings were asked like
//! others and nothing were switched off: a score must not rise because a rule was silenced. What counts how much is
//! told in `docs/scores.md`.

use crate::change::RepoPath;
use crate::python::{Definition, ParsedFile};

use super::check::findings;
use super::undocumented::says_something;
use super::{Finding, Module, RULES, Rule, Settings, ShortDocstrings, Subject, docstring_of};

/// The parts of a score, each from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// How much is said of what there is to say: the summary, parameters, results, exceptions, attributes.
    pub completeness: u8,
    /// Whether the text can be understood and says more than the name.
    pub clarity: u8,
    /// Whether it agrees with the code, and with the convention it is written in.
    pub consistency: u8,
    /// Whether there is as much text as so complex a definition needs.
    pub proportion: u8,
}

/// Gives scores, under settings of its own.
#[derive(Debug)]
pub struct Scorer {
    settings: Settings,
}

/// What a finding takes away.
enum Loss {
    /// Something is not said at all.
    Lacking,
    /// Something is named and not described.
    Undescribed,
    /// Points of clarity.
    Clarity(u32),
    /// Points of consistency.
    Consistency(u32),
}

fn loss(rule: &Rule) -> Option<Loss> {
    Some(match rule.code {
        "DOC101" | "DOC201" | "DOC402" | "DOC501" | "DOC601" => Loss::Lacking,
        "DG203" => Loss::Undescribed,
        "DG201" => Loss::Clarity(100),
        "DG202" => Loss::Clarity(60),
        "DG204" => Loss::Clarity(30),
        "DG207" => Loss::Clarity(20),
        "D403" | "D415" => Loss::Clarity(10),
        "DOC102" | "DOC103" | "DOC202" | "DOC403" | "DOC502" | "DG102" => Loss::Consistency(40),
        "DOC104" | "DOC602" | "DOC603" | "DG302" => Loss::Consistency(15),
        code if rule.enabled && (code.starts_with("D2") || code.starts_with("D4")) => Loss::Consistency(3),
        _ => return None,
    })
}

impl Score {
    /// Returns the whole: completeness counts 40 of 100, consistency 30, clarity 20, proportion 10.
    #[must_use]
    pub fn total(self) -> u8 {
        let parts =
            [(self.completeness, 40), (self.clarity, 20), (self.consistency, 30), (self.proportion, 10)];
        let sum: u32 = parts.iter().map(|(part, weight)| u32::from(*part) * weight).sum();
        u8::try_from((sum + 50) / 100).unwrap_or(100)
    }
}

impl Scorer {
    /// Looks at a file, whose docstrings can then be scored.
    #[must_use]
    pub fn module<'a>(&'a self, path: &'a RepoPath, file: &'a ParsedFile) -> Module<'a> {
        Module::new(path, file, &self.settings)
    }

    /// Begins with the style and the habits that are configured.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let counted = RULES.iter().filter(|rule| loss(rule).is_some());
        let mut settings = settings.clone();
        settings.severities = counted.map(|rule| (rule.code, rule.severity)).collect();
        settings.options.short = ShortDocstrings::Asked;
        Self { settings }
    }

    /// Returns the score of a docstring, given the cyclomatic complexity of its code; nothing where no docstring is, or
    /// a syntax error.
    #[must_use]
    pub fn score(&self, module: &Module<'_>, definition: &Definition, complexity: u32) -> Option<Score> {
        let file = module.file();
        if definition.broken || !says_something(definition) {
            return None;
        }
        let docstring = docstring_of(file, definition, &self.settings, || module.style())?;
        let subject = Subject { docstring: Some(&docstring), ..Subject::new(module, definition) };
        let found = Losses::of(&findings(&subject));
        let entries = docstring.sections.iter().flat_map(|section| &section.entries);
        let said = entries.map(|entry| entry.names.len().max(1)).sum::<usize>();
        let described = usize::from(docstring.summary.is_some()) + said.saturating_sub(found.undescribed);
        let signature = subject.described_signature().map(|(signature, _)| signature.callers_parameters());
        let decisions = if definition.kind.is_function() { complexity.saturating_sub(1) as usize } else { 0 };
        let needed = 5 + 3 * decisions + 4 * signature.map_or(0, <[_]>::len);
        Some(Score {
            completeness: share(described, 1 + said + found.lacking),
            clarity: left(found.clarity),
            consistency: left(found.consistency),
            proportion: share(words(file.docstring_text(definition)), needed.min(MOST_WORDS)),
        })
    }
}

/// More words than these are asked of nobody.
const MOST_WORDS: usize = 100;

/// What all findings take away.
#[derive(Default)]
struct Losses {
    lacking: usize,
    undescribed: usize,
    clarity: u32,
    consistency: u32,
}

impl Losses {
    fn of(findings: &[Finding]) -> Self {
        let mut all = Self::default();
        for finding in findings {
            match Rule::find(finding.code).and_then(loss) {
                Some(Loss::Lacking) => all.lacking += 1,
                Some(Loss::Undescribed) => all.undescribed += 1,
                Some(Loss::Clarity(points)) => all.clarity += points,
                Some(Loss::Consistency(points)) => all.consistency += points,
                None => {}
            }
        }
        all
    }
}

fn words(text: Option<&str>) -> usize {
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    text.map_or(0, |text| text.split_whitespace().filter(is_word).count())
}

fn share(part: usize, whole: usize) -> u8 {
    let share = (100 * part).checked_div(whole).unwrap_or(100);
    u8::try_from(share.min(100)).unwrap_or(100)
}

fn left(lost: u32) -> u8 {
    u8::try_from(100_u32.saturating_sub(lost)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    /// Returns the parts and the whole of the score of the last definition.
    fn scored(text: &str, complexity: u32) -> Option<(u8, u8, u8, u8, u8)> {
        let file = parse(&format!("\"\"\"M.\"\"\"\n\n\n{text}"));
        let path = RepoPath::new("a.py").unwrap();
        let mut silenced = Settings::default();
        silenced.severities.clear();
        let scores = [Settings::default(), silenced].map(|settings| {
            let definition = file.definitions.last().unwrap();
            let scorer = Scorer::new(&settings);
            scorer.score(&scorer.module(&path, &file), definition, complexity)
        });
        assert_eq!(scores[0], scores[1], "a score does not depend on what is switched on");
        let score = scores[0]?;
        Some((score.completeness, score.clarity, score.consistency, score.proportion, score.total()))
    }

    #[test]
    fn what_is_missing_vague_wrong_or_short_costs_points() {
        let whole = "def fetch(key, wait=1):\n    \"\"\"Reads the record of a key from the archive.\n\n    Args:\n        key: The name it was stored under.\n        wait: Seconds to wait for it.\n\n    Returns:\n        The record.\n    \"\"\"\n    return archive[key]\n";
        let table = [
            (whole.to_owned(), 1, Some((100, 100, 100, 100, 100))),
            // As much text for much more code.
            (whole.to_owned(), 30, Some((100, 100, 100, 26, 93))),
            (whole.replace("        wait: Seconds to wait for it.\n", ""), 1, Some((75, 100, 100, 100, 90))),
            (whole.replace("Seconds to wait for it.", ""), 1, Some((75, 100, 100, 100, 90))),
            (whole.replace("wait: ", "pause: "), 1, Some((100, 100, 60, 100, 88))),
            (
                "def fetch(key):\n    \"\"\"Fetches.\"\"\"\n    return 1\n".to_owned(),
                1,
                Some((33, 40, 100, 11, 52)),
            ),
            ("def f():\n    return 1\n".to_owned(), 1, None),
            ("def f():\n    \"\"\" \"\"\"\n".to_owned(), 1, None),
            ("def f(:\n    \"\"\"F.\"\"\"\n".to_owned(), 1, None),
        ];
        for (text, complexity, expected) in table {
            assert_eq!(scored(&text, complexity), expected, "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_worth_little() {
        let score = scored("def f(a):\n    \"\"\"TODO: write this.\"\"\"\n", 1).unwrap();
        assert_eq!((score.1, score.4 < 60), (0, true), "{score:?}");
    }
}
