//! The languages in which docstrings can be asked for, and which one a text is in.

use std::fmt;
use std::str::FromStr;

use whatlang::{Lang, Script};

/// A language, called by its English name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(Lang);

impl Language {
    /// Returns all there are, in the order of their names.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Lang::all().iter().copied().map(Self).collect();
        all.sort_by_key(|language| language.name());
        all
    }

    /// Returns the English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.eng_name()
    }

    /// Returns the other language that a text is in, if there is enough of it to be sure.
    ///
    /// Names of the code are of no language, and are left out where backticks or their signs show them.
    #[must_use]
    pub fn contradicted_by(self, text: &str) -> Option<Self> {
        /// The letters of two or three sentences.
        const OF_LATIN: usize = 100;
        /// Those of one sentence, in a script that few languages have.
        const OF_OTHERS: usize = 20;
        /// More says nothing new.
        const MOST_WORDS: usize = 2_000;
        let words: Vec<&str> = text
            .split_whitespace()
            .take(MOST_WORDS)
            .filter(|word| !word.contains(['`', '_', '.', '(', '=']) || is_last(word))
            .collect();
        let words = words.join(" ");
        let letters = words.chars().filter(|character| character.is_alphabetic()).count();
        let found = whatlang::detect(&words)?;
        let enough = if found.script() == Script::Latin { OF_LATIN } else { OF_OTHERS };
        (letters >= enough && found.is_reliable() && found.lang() != self.0).then(|| Self(found.lang()))
    }
}

/// A full stop at its end makes no name of a word.
fn is_last(word: &str) -> bool {
    word.trim_end_matches(['.', ',', ';', ':']).chars().all(char::is_alphanumeric)
}

impl Default for Language {
    fn default() -> Self {
        Self(Lang::Eng)
    }
}

impl FromStr for Language {
    type Err = String;

    /// Reads the name; the error is a phrase that lists the names there are.
    fn from_str(text: &str) -> Result<Self, String> {
        let all = Self::all();
        all.iter().find(|language| language.name() == text).copied().ok_or_else(|| {
            let names: Vec<String> = all.iter().map(|language| format!("\"{language}\"")).collect();
            format!("expected one of {}, found {text:?}", names.join(", "))
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(configured: &str, text: &str) -> Option<&'static str> {
        configured.parse::<Language>().unwrap().contradicted_by(text).map(Language::name)
    }

    const ENGLISH: &str = "Work out the height of the water at the pier, and add what the wind makes of it when a storm comes from the north-west. The sum of both values.";
    const GERMAN: &str = "Berechnet die Höhe des Wassers am Pegel und zählt hinzu, was der Wind bei einem Sturm aus Nordwest daraus macht. Die Summe beider Werte.";

    const FRENCH: &str = "Calcule la hauteur de l'eau au port et ajoute l'effet du vent d'une tempête, s'il y en a une qui s'approche de la côte. La somme des deux valeurs.";

    #[test]
    fn a_text_in_another_language_is_told_apart() {
        let chinese = "计算码头的水位高度，并加上暴风雨来临时风的影响，然后返回这个结果。";
        let table = [
            ("English", ENGLISH, None),
            ("English", GERMAN, Some("German")),
            ("German", GERMAN, None),
            ("English", FRENCH, Some("French")),
            ("German", ENGLISH, Some("English")),
            ("English", chinese, Some("Mandarin")),
            ("Mandarin", chinese, None),
            ("English", "Berechnet die Höhe des Wassers.", None),
            ("English", "Return the level.", None),
            ("English", "", None),
        ];
        for (configured, text, expected) in table {
            assert_eq!(other(configured, text), expected, "{configured}: {text}");
        }
    }

    #[test]
    fn names_are_those_of_the_list() {
        assert_eq!(Language::default().name(), "English");
        for language in Language::all() {
            assert_eq!(language.name().parse(), Ok(language));
        }
        let error = "Klingon".parse::<Language>().unwrap_err();
        assert!(error.starts_with("expected one of \"Afrikaans\", ") && error.ends_with("found \"Klingon\""));
    }
}
