//! What a definition looks like to somebody who has not read its docstring: that is what is compared, because the
//! definitions that examples are looked for have none.

use std::collections::BTreeMap;

use crate::change::RepoPath;
use crate::python::{Definition, DefinitionKind, ParsedFile, Span, last_part};
use crate::secret::redact;

/// The most bytes of a definition that are read for its text; an embedding model takes no more of a long function.
const LONGEST_TEXT: usize = 2_000;
/// The most bytes before secrets are replaced, so that a long one is replaced whole.
const LONGEST_SOURCE: usize = 16_000;
/// The most calls of a body that count.
const MOST_CALLS: usize = 64;
/// The longest term; names are shorter, and data that poses as one is not.
const LONGEST_TERM: usize = 64;

/// How much of a definition is taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Its terms.
    Terms,
    /// Its terms and its text.
    Text,
}

/// What a definition looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// The file it is in.
    pub path: RepoPath,
    /// Its qualified name; empty for a module.
    pub name: String,
    /// What it is.
    pub kind: DefinitionKind,
    /// The words it is known by, each with its weight.
    pub terms: BTreeMap<String, u32>,
    /// Its code without docstring, secrets replaced, cut where it is long; empty where only terms were asked for.
    pub text: String,
}

impl Portrait {
    /// Returns the name without the number that tells definitions of one name apart.
    #[must_use]
    pub fn plain_name(&self) -> &str {
        match self.name.rsplit_once('#') {
            Some((name, ordinal)) if !ordinal.contains('.') => name,
            _ => &self.name,
        }
    }

    /// Returns whether both are the same definition, or overloads of one.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.path == other.path && self.plain_name() == other.plain_name()
    }

    /// Returns whether one can be an example for the other: a class shows nothing about a function.
    #[must_use]
    pub fn is_akin(&self, other: &Self) -> bool {
        let group = |kind: DefinitionKind| (kind.is_function(), kind.is_class());
        group(self.kind) == group(other.kind)
    }
}

/// Takes down what a definition looks like.
#[must_use]
pub fn portrait(path: &RepoPath, file: &ParsedFile, definition: &Definition, depth: Depth) -> Portrait {
    let text = match depth {
        Depth::Terms => String::new(),
        Depth::Text => text_of(file, definition),
    };
    Portrait {
        path: path.clone(),
        name: definition.qualified_name.clone(),
        kind: definition.kind,
        terms: terms(path, file, definition),
        text,
    }
}

/// Collects the terms with their weights. A term that stands for a name as a whole has a mark in front, so that it does
/// not meet a word that is spelt alike.
fn terms(path: &RepoPath, file: &ParsedFile, definition: &Definition) -> BTreeMap<String, u32> {
    let mut terms = Terms(BTreeMap::new());
    if definition.kind == DefinitionKind::Module {
        for inner in file.definitions.iter().filter(|inner| inner.parent == Some(0)) {
            terms.whole('=', &inner.name, 1);
            terms.words(&inner.name, 1);
        }
    } else {
        terms.whole('=', &definition.name, 3);
        terms.words(&definition.name, 3);
    }
    if let Some(parent) = file.parent(definition).filter(|parent| parent.kind != DefinitionKind::Module) {
        terms.whole('.', &parent.name, 3);
        terms.words(&parent.name, 1);
    }
    for base in &definition.bases {
        let base = last_part(base.of(&file.text));
        terms.whole('<', base, 2);
        terms.expression(base);
    }
    for decorator in &definition.decorators {
        terms.whole('@', last_part(decorator), 2);
    }
    for parameter in definition.signature.callers_parameters() {
        terms.whole('(', &parameter.name, 1);
        terms.words(&parameter.name, 1);
        terms.expression(parameter.annotation.as_deref().unwrap_or_default());
    }
    terms.expression(definition.signature.returns.as_deref().unwrap_or_default());
    if definition.kind.is_function() {
        for call in file.code(definition).calls.iter().take(MOST_CALLS) {
            terms.words(called(call.function.of(&file.text)), 1);
        }
    }
    for part in path.as_str().split(['/', '.']).filter(|part| !matches!(*part, "py" | "pyi" | "__init__")) {
        terms.whole('/', part, 1);
    }
    terms.0
}

/// Returns the last name of an expression that is called.
fn called(function: &str) -> &str {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let start = function.rfind(|character| !is_name(character));
    let name = start.and_then(|at| function.get(at..)).map_or(function, |rest| rest.trim_start_matches('.'));
    if name.chars().all(is_name) { name } else { "" }
}

struct Terms(BTreeMap<String, u32>);

impl Terms {
    fn whole(&mut self, mark: char, name: &str, weight: u32) {
        if !name.is_empty() && name.len() <= LONGEST_TERM {
            *self.0.entry(format!("{mark}{}", name.to_lowercase())).or_default() += weight;
        }
    }

    fn words(&mut self, text: &str, weight: u32) {
        for word in words(text) {
            *self.0.entry(word).or_default() += weight;
        }
    }

    /// Takes the words of an expression. It may hold literals, and terms are what a search index is asked with.
    fn expression(&mut self, text: &str) {
        if text.contains(['"', '\'']) {
            self.words(&redact(text).0, 1);
        } else {
            self.words(text, 1);
        }
    }
}

/// Splits names into words in lower case: at what is no letter or digit, and where a capital begins a word.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let begins = character.is_uppercase()
            && before.is_some_and(|it: char| {
                // `HTTPServer` is `http` and `server`.
                it.is_lowercase()
                    || it.is_ascii_digit()
                    || it.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase())
            });
        if begins || !character.is_alphanumeric() {
            end(&mut word, &mut words);
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        before = Some(character);
    }
    end(&mut word, &mut words);
    words
}

fn end(word: &mut String, words: &mut Vec<String>) {
    let word = std::mem::take(word);
    let is_number = word.chars().all(|character| character.is_ascii_digit());
    if word.len() <= LONGEST_TERM && word.chars().nth(1).is_some() && !is_number {
        words.push(word);
    }
}

/// Returns the code without its docstring; of a class or module what is in it by name, since the rest is in the portraits
/// of its methods.
fn text_of(file: &ParsedFile, definition: &Definition) -> String {
    let mut text = format!("{} {}\n", definition.kind.word(), definition.qualified_name);
    if definition.kind.is_function() {
        let whole = definition.span;
        let docstring = definition.docstring.as_ref().map(|literal| literal.span);
        let gap = docstring.filter(|gap| whole.contains(*gap)).unwrap_or(Span::new(whole.end, whole.end));
        text.push_str(cut(Span::new(whole.start, gap.start).of(&file.text), LONGEST_SOURCE));
        text.push_str(cut(Span::new(gap.end, whole.end).of(&file.text), LONGEST_SOURCE));
    } else {
        text.push_str(cut(definition.header.of(&file.text), LONGEST_SOURCE));
        let inside = file.inside(definition).iter().filter(|inner| inner.parent == Some(definition.index));
        for inner in inside {
            if text.len() > LONGEST_SOURCE {
                break;
            }
            text.push('\n');
            text.push_str(&inner.name);
        }
    }
    let (mut text, _) = redact(&text);
    let length = cut(&text, LONGEST_TEXT).len();
    text.truncate(length);
    text
}

/// Returns the beginning of a text, at most so many bytes.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rfind(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::python::parse;

    fn of(source: &str, name: &str, depth: Depth) -> Portrait {
        let file = parse(source);
        let path = RepoPath::new("shop/io_tools/orders.py").unwrap();
        portrait(&path, &file, file.find(name).unwrap(), depth)
    }

    #[test]
    fn names_are_split_where_people_read_a_new_word() {
        let table = [
            ("to_csv", "to csv"),
            ("HTTPServer", "http server"),
            ("readJSONLines2", "read json lines2"),
            ("Optional[list[DataFrame]]", "optional list data frame"),
            ("__init__", "init"),
            ("a_b_12", ""),
            ("größeDerÄpfel", "größe der äpfel"),
            ("", ""),
        ];
        for (name, expected) in table {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn a_definition_is_known_by_its_names_and_not_by_its_docstring() {
        let source = "class Basket(Store):\n    @cached\n    def load_rows(self, file_name: Path, *rest) -> Rows:\n        \"\"\"Zebra.\"\"\"\n        return self.reader.parse_line(open(file_name)[0])\n";
        let terms = of(source, "Basket.load_rows", Depth::Terms).terms;
        for expected in [
            "=load_rows",
            "load",
            ".basket",
            "@cached",
            "(file_name",
            "path",
            "rows",
            "parse",
            "open",
            "/io_tools",
        ] {
            assert!(terms.contains_key(expected), "{expected}: {terms:?}");
        }
        assert!(!terms.contains_key("zebra") && !terms.contains_key("self"), "{terms:?}");
        assert_eq!(terms["rows"], 4);
        let secret = of("def f(key: Literal[\"AKIAABCDEFGHIJKLMNOP\"]): ...\n", "f", Depth::Terms).terms;
        assert!(
            secret.contains_key("literal") && !secret.keys().any(|term| term.contains("akia")),
            "{secret:?}"
        );
        let class = of(source, "Basket", Depth::Terms).terms;
        assert!(class.contains_key("<store"), "{class:?}");
    }

    #[test]
    fn the_text_is_the_code_without_docstring_and_without_secrets() {
        let source = "def connect(host):\n    \"\"\"Zebra.\"\"\"\n    key = \"AKIAABCDEFGHIJKLMNOP\"\n    return key\n";
        let found = of(source, "connect", Depth::Text);
        assert!(
            found.text.contains("def connect(host)") && found.text.contains("return key"),
            "{}",
            found.text
        );
        assert!(!found.text.contains("Zebra") && !found.text.contains("AKIA"), "{}", found.text);
        let long = format!("def f():\n    \"\"\"Zebra.\"\"\"\n{}", "    call('ä')\n".repeat(10_000));
        assert!(of(&long, "f", Depth::Text).text.len() <= LONGEST_TEXT);
    }

    #[test]
    fn overloads_are_one_definition() {
        let source = "@overload\ndef f(a: int): ...\n@overload\ndef f(a: str): ...\ndef f(a):\n    return a\ndef g(): ...\n";
        let file = parse(source);
        let path = RepoPath::new("a.py").unwrap();
        let all: Vec<Portrait> =
            file.definitions.iter().map(|it| portrait(&path, &file, it, Depth::Terms)).collect();
        assert!(all[1].is(&all[2]) && all[2].is(&all[3]) && !all[3].is(&all[4]), "{all:?}");
    }

    proptest! {
        #[test]
        fn any_text_gives_words_that_are_words(text in ".{0,200}") {
            for word in words(&text) {
                prop_assert!(word.len() <= LONGEST_TERM && word.chars().all(|it| it.is_alphanumeric() || !it.is_ascii()));
            }
            prop_assert!(text.starts_with(cut(&text, 7)) && cut(&text, 7).len() <= 7);
        }

        #[test]
        fn what_is_called_is_a_name(text in "[a-z.()\\[\\]_é ]{0,40}") {
            prop_assert!(called(&text).chars().all(|it| it.is_alphanumeric() || it == '_'));
        }
    }
}
