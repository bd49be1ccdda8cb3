//! What a docstring says in words, where no section says it: a parameter by its name, a result, an exception.
//!
//! It errs on the side of the text: a name that stands in the prose counts as described there, however little is said
//! of it. What sections hold is read by `docstring/`.

use std::collections::HashSet;

use crate::docstring::{Docstring, Entry, SectionKind};
use crate::python::{Parameter, ParameterKind};

/// Words that stand in any text; a parameter with such a name must be marked as one.
pub(super) const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "do", "for", "i", "if", "in", "is", "it", "no", "of", "on", "or",
    "so", "the", "to", "up", "with",
];

/// What a list of parameters is called.
const LISTED: &[&str] = &["parameters", "arguments", "args", "options", "signature"];

/// What stands directly beside a name that is marked as code.
const MARKS: &str = "*`'\"()[]{}<>=+/|,";

/// A text, cut into words.
pub(super) struct Prose<'t> {
    text: &'t str,
    words: Vec<(usize, &'t str)>,
    /// One to three words in a row, as the one word they might be in code.
    joined: HashSet<String>,
}

impl<'t> Prose<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let words = words_at(text);
        let mut joined = HashSet::new();
        for at in 0..words.len() {
            let mut together = String::new();
            for (_, word) in words[at..].iter().take(3) {
                together.extend(word.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase));
                joined.insert(together.clone());
            }
        }
        Self { text, words, joined }
    }

    /// Returns whether the text has a word, as it is written.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|(_, found)| *found == word)
    }

    /// Returns whether the text has a word or several of what it is: "values" for `value`.
    pub(super) fn has_any(&self, word: &str) -> bool {
        self.words.iter().any(|(_, found)| {
            found.strip_suffix('s').unwrap_or(found) == word.strip_suffix('s').unwrap_or(word)
        })
    }

    /// Returns whether the text speaks of a parameter: by its name, or of what `*args` and `**kwargs` take.
    pub(super) fn names(&self, parameter: &Parameter) -> bool {
        let taken: &[&str] = match parameter.kind {
            ParameterKind::VarPositional => &["args", "argument", "arguments", "positional", "parameters"],
            ParameterKind::VarKeyword => &[
                "arguments",
                "keyword",
                "keywords",
                "kw",
                "kwarg",
                "kwargs",
                "kwds",
                "options",
                "parameters",
                "resource",
            ],
            _ => &[],
        };
        if taken.iter().any(|word| self.joined.contains(*word)) {
            return true;
        }
        let whole = parameter.name.to_lowercase().replace('_', "");
        // "Two URLs" are `url1` and `url2`.
        let unnumbered = whole.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let name = if unnumbered.chars().count() < 2 { whole.as_str() } else { unnumbered };
        if name.chars().count() < 2 || FUNCTION_WORDS.contains(&name) {
            // "Compare two sequences" is about `a` and `b`.
            let pair =
                name.chars().count() == 1 && ["two", "both"].iter().any(|word| self.joined.contains(*word));
            return pair
                || self.words.iter().enumerate().any(|(index, _)| self.is_marked(index, &parameter.name));
        }
        // So is "compare the two objects" about `first` and `second`.
        if matches!(name, "first" | "second")
            && ["two", "both"].iter().any(|word| self.joined.contains(*word))
        {
            return true;
        }
        let singular = name.strip_suffix('s').filter(|rest| rest.chars().count() > 2);
        self.joined.contains(name)
            || self.has_long_form(&parameter.name)
            || name.chars().count() > 2 && self.joined.contains(&format!("{name}s"))
            || singular.is_some_and(|singular| self.joined.contains(singular))
    }

    /// Returns whether the text has what a name shortens: "the signal" is `sig`, "absolute tolerance" is `abs_tol`, and "the
    /// given tuple" is `localetuple`.
    fn has_long_form(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let begins = |part: &str| {
            let starts =
                |word: &str| word.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part));
            part.len() > 2 && self.words.iter().any(|(_, word)| starts(word))
        };
        // "elements" are `elems`.
        let begins = |part: &str| begins(part) || part.strip_suffix('s').is_some_and(begins);
        let is_given = |pair: &[(usize, &str)]| {
            let word = pair[1].1.to_lowercase();
            pair[0].1.eq_ignore_ascii_case("given") && word.len() > 3 && name.ends_with(&word)
        };
        name.trim_matches('_').split('_').all(begins) || self.words.windows(2).any(is_given)
    }

    /// Returns whether the text says, beside a list of its own, that most parameters are described elsewhere: "Arguments are the
    /// same as those of `open`, but also the following ones".
    pub(super) fn takes_those_of_another(&self) -> bool {
        sentences(self.text).any(|sentence| {
            let words = lowered(sentence);
            let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
            let is_whole = has(&["complete", "full"]) && has(&["see", "refer"]);
            has(LISTED) && (is_whole || has(&["same", "identical"]))
        })
    }

    /// Returns whether the text says that the parameters are those of something else.
    pub(super) fn refers_elsewhere(&self) -> bool {
        const REFERS: &[&str] =
            &["addition", "described", "documented", "from", "identical", "refer", "same", "see"];
        if stands_for_another(self.text) {
            return true;
        }
        sentences(self.text).any(|sentence| {
            let words = lowered(sentence);
            let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
            has(LISTED) && has(REFERS)
                || has(&["see", "refer"])
                    && has(&["documentation", "docs"])
                    && has(&["complete", "details", "full", "more"])
                || has(&["main", "corresponding"]) && has(&["documentation"])
                || words.windows(2).any(|pair| match (pair[0].as_str(), pair[1].as_str()) {
                    ("alias" | "inverse" | "proxied" | "synonym", "of" | "for") | ("legacy", "method") => {
                        true
                    }
                    // "Arguments are as for `mkstemp`."
                    ("as", "for" | "in" | "with") => has(LISTED),
                    _ => false,
                })
        })
    }

    /// Returns whether the text names a parameter in marks of code or emphasis.
    pub(super) fn marks(&self, name: &str) -> bool {
        let sides =
            self.words.iter().filter(|(_, word)| *word == name).map(|(at, word)| self.sides(*at, word));
        let mut marked = sides.filter(|(before, after)| {
            before.is_some_and(|mark| "*`'\"".contains(mark))
                && after.is_some_and(|mark| "*`'\"".contains(mark))
        });
        marked.next().is_some()
    }

    /// Returns whether the text has a name beside a mark, as in an expression: "`side == 'right'`".
    pub(super) fn points_at(&self, name: &str) -> bool {
        let is_mark = |side: Option<char>| side.is_some_and(|mark| "*`'\"=".contains(mark));
        self.words.iter().enumerate().filter(|(_, (_, word))| *word == name).any(|(index, (at, word))| {
            let (before, after) = self.sides(*at, word);
            // "If Y is None" says what becomes of it, too.
            let next = self.words.get(index + 1).map_or("", |(_, word)| *word);
            is_mark(before) || is_mark(after) || matches!(next, "is" | "are")
        })
    }

    /// Returns whether the word at an index is a name that is no word of the language there.
    fn is_marked(&self, index: usize, name: &str) -> bool {
        let Some((at, word)) = self.words.get(index).filter(|(_, word)| *word == name) else { return false };
        let (before, after) = self.sides(*at, word);
        let is_mark = |side: Option<char>| side.is_some_and(|mark| MARKS.contains(mark));
        if after == Some('=') || is_mark(before) && is_mark(after) {
            return true;
        }
        if !FUNCTION_WORDS.contains(&word.to_lowercase().as_str()) {
            // A lone letter is a name, but for "don't", "e.g." and the like.
            let apostrophe = before.is_some_and(|mark| "'’.".contains(mark));
            let mut behind = self.text[at + word.len()..].chars();
            let abbreviates = behind.next() == Some('.') && behind.next().is_some_and(char::is_alphanumeric);
            return !(apostrophe || abbreviates);
        }
        // "a and b"
        let next = |offset: usize| self.words.get(index + offset).map_or("", |(_, word)| *word);
        matches!(next(1), "and" | "or") && next(2).chars().count() == 1
    }

    fn sides(&self, at: usize, word: &str) -> (Option<char>, Option<char>) {
        (self.text[..at].chars().next_back(), self.text[at + word.len()..].chars().next())
    }
}

/// Returns whether a text begins by naming what it is a variant of: "Same as `search`, but ...".
pub(super) fn stands_for_another(text: &str) -> bool {
    let mut words = words_at(text).into_iter().map(|(_, word)| word.to_lowercase());
    let begins: Vec<String> = words.by_ref().take(4).collect();
    begins.windows(2).any(|pair| {
        matches!((pair[0].as_str(), pair[1].as_str()), ("same", "as") | ("analogue", "of" | "to"))
    }) || begins.first().is_some_and(|word| word == "like") && begins.len() > 1
}

fn words_at(text: &str) -> Vec<(usize, &str)> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            None if is_part(letter) => start = Some(at),
            Some(from) if !is_part(letter) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Returns whether a docstring has no list that its sentences only introduce.
pub(super) fn is_without_lists(docstring: &Docstring) -> bool {
    use SectionKind::{Attributes, OtherParameters, Parameters, Raises, Receives, Returns, Yields};
    let lists = [Parameters, OtherParameters, Receives, Returns, Yields, Raises, Attributes];
    !docstring.sections.iter().any(|section| lists.contains(&section.kind))
}

/// Returns whether a sentence around the lists of a docstring begins with what a generator does.
pub(super) fn yields_beside_lists(docstring: &Docstring) -> bool {
    let texts = docstring.summary.iter().chain(&docstring.description);
    texts.flat_map(|text| sentences(&text.value)).any(|sentence| {
        let begins = lowered(sentence);
        let begins = begins.first().map_or("", String::as_str);
        let finds = ["collect", "enumerate", "find", "list", "locate", "split", "traverse", "walk"];
        let finds = finds.iter().any(|verb| begins == *verb || begins.strip_suffix('s') == Some(*verb));
        finds || matches!(begins, "yield" | "yields" | "generate" | "generates" | "iterate" | "iterates")
    })
}

/// Returns whether a line is a field for the result that lacks its mark: "return: the record".
pub(super) fn has_unmarked_field(text: &str) -> bool {
    text.lines().any(|line| {
        let word = line.trim_start().trim_start_matches([':', '@', '*']);
        let rest = word.get(..6).filter(|word| word.eq_ignore_ascii_case("return")).map(|_| &word[6..]);
        rest.is_some_and(|rest| rest.trim_start_matches(['s', '*', ' ']).starts_with(':'))
    })
}

/// Returns whether the sentences around the lists of a docstring say what is returned.
pub(super) fn returns_beside_lists(docstring: &Docstring) -> bool {
    let mut entries = docstring.sections.iter().flat_map(|section| &section.entries);
    // "right: return if it is so" and "names: of the resulting table" tell of the result from the side of a parameter.
    let is_returned = |entry: &Entry| {
        let said =
            entry.description.as_ref().or(entry.type_text.as_ref()).map_or("", |text| text.value.as_str());
        lowered(said).windows(2).any(|pair| {
            matches!(
                (pair[0].as_str(), pair[1].as_str()),
                ("return", "if" | "when") | ("the", "returned" | "resulting")
            )
        })
    };
    if entries.any(is_returned) {
        return true;
    }
    let after = docstring.sections.iter().flat_map(|section| &section.after);
    let texts = docstring.summary.iter().chain(&docstring.description).chain(after);
    texts.flat_map(|text| sentences(&text.value)).any(|sentence| {
        let words = lowered(without_attempt(sentence));
        let first = words.first().map_or("", String::as_str);
        // "Produce a clause" and "constructor to create a context" say what comes back, among lists too.
        let brings_forth = |pair: &[String]| {
            BRINGS_FORTH.contains(&pair[0].strip_suffix('s').unwrap_or(&pair[0]))
                && matches!(pair[1].as_str(), "a" | "an" | "new" | "one")
        };
        let verb = first.strip_suffix('s').unwrap_or(first);
        let is_verb = words.len() > 2
            && (BRINGS_FORTH.contains(&verb)
                || matches!(verb, "get" | "extract" | "fetch" | "find" | "retrieve" | "select"));
        let makes_new = is_verb
            || words.windows(3).take(4).any(|words| words[0] == "to" && brings_forth(&words[1..]))
            || words.windows(3).next().is_some_and(|words| words[1] == "a" && words[2] == "new")
            || words.iter().take(3).any(|word| matches!(word.as_str(), "decorator" | "wrapper"))
            || first == "context" && words.get(1).is_some_and(|word| word == "manager");
        let begins = makes_new || turns_into(&words) || matches!(first, "return" | "returns");
        let is_said = |pair: &[String]| {
            let names_it = pair[0] == "return" && pair[1] == "value";
            if names_it {
                return true;
            }
            matches!(pair[0].as_str(), "is" | "are" | "be" | "also" | "always" | "still" | "then")
                && pair[1] == "returned"
                || matches!(pair[0].as_str(), "emit" | "produce" | "produces")
                    && matches!(pair[1].as_str(), "a" | "an" | "the" | "tuples")
                || matches!(pair[0].as_str(), "constructed" | "resulting") && pair[1] == "class"
                || matches!(pair[0].as_str(), "function" | "method" | "it" | "and" | "this")
                    && pair[1] == "returns"
                || matches!(pair[0].as_str(), "and" | "otherwise") && pair[1] == "return"
                || pair[1] == "returning"
        };
        begins || words.windows(2).any(is_said)
    })
}

/// What a function does whose result is the thing.
const BRINGS_FORTH: &[&str] = &["build", "construct", "create", "generate", "make", "produce"];

/// "Format the rows as a table" says what comes back.
fn turns_into(words: &[String]) -> bool {
    const TURNS: &[&str] = &[
        "cast",
        "coerce",
        "convert",
        "decode",
        "encode",
        "format",
        "parse",
        "render",
        "serialize",
        "transform",
        "translate",
    ];
    let verb = words.iter().find(|word| *word != "re").map_or("", String::as_str);
    let turns = TURNS.contains(&verb) || verb.strip_suffix('s').is_some_and(|verb| TURNS.contains(&verb));
    turns && words.iter().any(|word| matches!(word.as_str(), "as" | "into" | "to"))
}

/// Returns whether a text says what is returned.
pub(super) fn says_returned(text: &str, name: &str) -> bool {
    let summary = sentences(text).find(|sentence| !sentence.trim().is_empty()).unwrap_or("");
    ["->", "=>"].iter().any(|arrow| text.contains(arrow))
        || makes(summary)
        || is_expression(summary)
        || is_shown(text, name)
        || is_used(text, name)
        || sentences(text).any(is_about_result)
}

/// Returns whether a summary says what comes into being: "Build one of the methods".
fn makes(summary: &str) -> bool {
    const MAKES: &[&str] = &[
        "build",
        "calculate",
        "collect",
        "compute",
        "construct",
        "convert",
        "copy",
        "count",
        "create",
        "decode",
        "derive",
        "determine",
        "encode",
        "enumerate",
        "extract",
        "find",
        "format",
        "generate",
        "identify",
        "list",
        "load",
        "make",
        "merge",
        "parse",
        "produce",
        "read",
        "render",
        "split",
        "translate",
    ];
    let words = lowered(without_attempt(summary));
    let verb = words.first().map_or("", String::as_str);
    words.len() > 2
        && (MAKES.contains(&verb) || verb.strip_suffix('s').is_some_and(|verb| MAKES.contains(&verb)))
}

/// Returns whether a summary is the value itself: "self + other", "float(self) = self.numerator / self.denominator".
fn is_expression(summary: &str) -> bool {
    const OPERATORS: &[&str] = &[
        "+", "-", "*", "/", "//", "%", "**", "@", "==", "!=", "<", ">", "<=", ">=", "&", "|", "^", "<<", ">>",
    ];
    let mut parts = summary.split_whitespace();
    summary.contains(") = ") || summary.contains("self") && parts.any(|part| OPERATORS.contains(&part))
}

/// "Try to get a copy" and "Helper function to get a copy" say of the result what "Get a copy" does.
fn without_attempt(sentence: &str) -> &str {
    let start = sentence.trim_start();
    let attempts = ["Try to ", "Tries to ", "Attempt to ", "Attempts to "];
    let is_role = |role: &str| {
        let last = role.rsplit(' ').next().unwrap_or("").to_lowercase();
        role.split(' ').count() < 4 && matches!(last.as_str(), "function" | "helper" | "method" | "utility")
    };
    let role = || start.split_once(" to ").filter(|(role, _)| is_role(role)).map(|(_, rest)| rest);
    attempts.iter().find_map(|attempt| start.strip_prefix(attempt)).or_else(role).unwrap_or(start)
}

/// Returns whether a text shows what is done with the result: `typ, data = imap.noop()`, `with f() as name`.
fn is_used(text: &str, name: &str) -> bool {
    let called = format!("{name}(");
    text.lines().filter_map(|line| line.split_once(&called)).any(|(before, after)| {
        let before = before.trim_start();
        let assigned = before.split_once(" = ").is_some_and(|(target, _)| !target.contains('('))
            || before.starts_with('(') && before.contains(") = ");
        assigned || before.starts_with("with ") && after.contains(" as ")
    })
}

fn is_about_result(sentence: &str) -> bool {
    let sentence = without_attempt(sentence);
    let words = lowered(sentence);
    let begins = words.first().map_or("", String::as_str);
    // What is got is given on, once it is said what; "whether" begins the phrase for an answer.
    let gives = matches!(
        begins,
        "get" | "gets" | "retrieve" | "retrieves" | "fetch" | "fetches" | "find" | "finds" | "whether"
    );
    let asks = matches!(
        begins,
        "check" | "checks" | "determine" | "determines" | "test" | "tests" | "decide" | "decides"
    );
    if asks && matches!(words.get(1).map(String::as_str), Some("if" | "whether")) {
        return true;
    }
    if gives && words.len() > 2 {
        return true;
    }
    words.iter().enumerate().any(|(index, word)| {
        let before = index.checked_sub(1).and_then(|before| words.get(before)).map_or("", String::as_str);
        let next = words.get(index + 1).map_or("", String::as_str);
        match word.as_str() {
            // What something else returns, and the key of a typewriter.
            "returned" => !matches!(next, "by" | "from"),
            "return" | "returns" | "returning" => before != "carriage",
            "result" => matches!(next, "is" | "will" | "has" | "contains" | "of"),
            "true" | "false" => matches!(next, "if" | "iff" | "when" | "otherwise" | "unless"),
            // A decorator gives what it decorates.
            "becomes" | "decorator" | "decorators" => true,
            _ => false,
        }
    })
}

/// Returns whether a text says that values come one after the other.
pub(super) fn says_yielded(text: &str, name: &str) -> bool {
    let begins = ["yield", "iterat", "generat", "produc"];
    let words = lowered(text);
    // "The target of the `as` clause" gets what a context manager yields.
    says_returned(text, name)
        || words.windows(2).any(|pair| pair[0] == "as" && pair[1] == "clause")
        || words.iter().any(|word| begins.iter().any(|begin| word.starts_with(begin)))
}

/// Returns whether a text says that something is raised, and not what.
pub(super) fn says_raised(text: &str) -> bool {
    sentences(text).any(|sentence| {
        let words = lowered(sentence);
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        has(&["raise", "raises", "raised", "raising", "throw", "throws", "thrown"])
            && has(&["exception", "exceptions", "error", "errors"])
    })
}

/// Returns whether an interactive example calls a function and shows what comes back.
fn is_shown(text: &str, name: &str) -> bool {
    // `__iadd__` is called by an operator.
    let called = if name.starts_with("__") { String::new() } else { format!("{name}(") };
    let mut calls = false;
    for line in text.lines().map(str::trim) {
        if let Some(code) = line.strip_prefix(">>>") {
            calls |= code.contains(&called);
        } else if line.is_empty() {
            calls = false;
        } else if let Some(code) = line.strip_prefix("...") {
            calls |= code.contains(&called);
        } else if calls {
            return true;
        }
    }
    false
}

fn lowered(text: &str) -> Vec<String> {
    words_at(text).into_iter().map(|(_, word)| word.to_lowercase()).collect()
}

/// Returns whether a text names an exception in plain words: "a value error" is `ValueError`.
pub(super) fn says_in_words(text: &str, exception: &str) -> bool {
    let mut plain = String::new();
    for letter in exception.chars() {
        if letter.is_uppercase() && !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(letter.to_lowercase());
    }
    plain.contains(' ') && lowered(text).join(" ").contains(&plain)
}

/// Cuts a text at the ends of sentences and at blank lines.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let end = current.char_indices().find_map(|(at, letter)| {
            let after = &current[at + letter.len_utf8()..];
            let ends = match letter {
                '.' | '!' | '?' | ':' | ';' => after.starts_with(char::is_whitespace),
                '\n' => after.trim_start_matches([' ', '\t', '\r']).starts_with('\n'),
                _ => false,
            };
            ends.then_some(at + letter.len_utf8())
        });
        rest = end.map(|end| &current[end..]);
        Some(&current[..end.unwrap_or(current.len())])
    })
}
