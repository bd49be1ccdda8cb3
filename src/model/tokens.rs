//! How many tokens a text has.
//!
//! Exact counting loads a table of some 50 MiB in some 60 ms, once, when it is first asked for: it is for
//! estimates and budgets that a person sees. What only paces requests uses [`estimate_bytes`].

use tiktoken_rs::{CoreBPE, cl100k_base_singleton, o200k_base_singleton};

use super::ModelRequest;
use super::capability::{Capability, StructuredOutput};
use super::wire::IN_WORDS;

/// How a family of models cuts text into tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// gpt-4o and everything after it.
    O200kBase,
    /// gpt-4, gpt-3.5 and the embeddings of their time.
    Cl100kBase,
}

impl Encoding {
    /// Counts the tokens of a text.
    ///
    /// Very long texts are counted in pieces of 16 KiB, which can give one token too many for each piece.
    #[must_use]
    pub fn count(self, text: &str) -> u64 {
        let table = self.table();
        pieces(text).map(|piece| count_of(table.encode_ordinary(piece).len())).sum()
    }

    /// Returns the longest beginning of a text that has at most so many tokens.
    ///
    /// No token is shorter than a byte, so that a text of fewer bytes is not looked at.
    #[must_use]
    pub fn cut(self, text: &str, tokens: u64) -> &str {
        if count_of(text.len()) <= tokens || self.count(text) <= tokens {
            return text;
        }
        // How many bytes are taken grows with the tokens they have, near enough to be halved towards.
        let (mut fits, mut too_long) = (0, text.len());
        while too_long - fits > 1 {
            let middle = fits + (too_long - fits) / 2;
            let end = (fits..=middle).rfind(|end| text.is_char_boundary(*end)).unwrap_or(fits);
            let beginning = text.get(..end).unwrap_or_default();
            if end > fits && self.count(beginning) <= tokens {
                fits = end;
            } else {
                too_long = if end > fits { end } else { middle };
            }
        }
        text.get(..fits).unwrap_or_default()
    }

    fn table(self) -> &'static CoreBPE {
        match self {
            Self::O200kBase => o200k_base_singleton(),
            Self::Cl100kBase => cl100k_base_singleton(),
        }
    }
}

/// How the tokens of a model are counted: by its own encoding, or by another one with a margin where its own is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokenizer {
    /// The encoding that counts.
    pub encoding: Encoding,
    /// What is added for a model that cuts text otherwise, in percent; 0 where the encoding is its own.
    pub margin: u64,
}

impl Tokenizer {
    /// Counts the tokens of a text, the margin included.
    #[must_use]
    pub fn count(self, text: &str) -> u64 {
        self.widened(self.encoding.count(text))
    }

    /// Adds the margin to a number of tokens, rounded up.
    #[must_use]
    pub fn widened(self, tokens: u64) -> u64 {
        tokens.saturating_add(tokens.saturating_mul(self.margin).div_ceil(100))
    }
}

/// Counts the tokens of a request's prompt: its messages, what surrounds them, and the schema.
///
/// The overhead of three tokens a message, one a role and three for the answer's beginning follows OpenAI's
/// cookbook, "How to count tokens with tiktoken". How the schema is put into the prompt is not published; its
/// JSON text is counted.
#[must_use]
pub fn count_request(request: &ModelRequest, capability: &Capability) -> u64 {
    let tokenizer = capability.tokenizer;
    let words = match capability.structured {
        // The schema is a message of its own then, and its name is not said.
        StructuredOutput::Text => PER_MESSAGE + tokenizer.count(IN_WORDS),
        _ => 0,
    };
    words + count_with(request, &|text| tokenizer.count(text))
}

/// Counts the tokens of a request's prompt with whatever counts those of a text.
#[must_use]
pub fn count_with(request: &ModelRequest, count: &dyn Fn(&str) -> u64) -> u64 {
    sum_over(request, count)
}

/// Estimates the tokens of a text without a table: a third of its bytes, rounded up.
///
/// Code has more than four bytes a token, so this is on the safe side for it, by about a third.
#[must_use]
pub fn estimate_bytes(text: &str) -> u64 {
    count_of(text.len()).div_ceil(3)
}

/// Estimates what [`count_request`] counts, without a table.
#[must_use]
pub fn estimate_request(request: &ModelRequest) -> u64 {
    sum_over(request, estimate_bytes)
}

/// The tokens around a message, and that of its role.
const PER_MESSAGE: u64 = 3 + 1;

fn sum_over(request: &ModelRequest, count: impl Fn(&str) -> u64) -> u64 {
    const BEGINNING_OF_ANSWER: u64 = 3;
    let messages: u64 = request.messages.iter().map(|message| PER_MESSAGE + count(&message.content)).sum();
    messages + BEGINNING_OF_ANSWER + count(&request.schema_name) + count(&request.schema.to_string())
}

fn count_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Cuts a text where characters end: the tokeniser's expression panics on blanks by the hundred thousand.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const LONGEST: usize = 16 * 1024;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = (0..=LONGEST.min(rest.len())).rfind(|end| rest.is_char_boundary(*end))?;
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Message;
    use crate::model::capability::capability;

    #[test]
    fn tokens_are_counted_as_tiktoken_does() {
        let table = [
            (Encoding::O200kBase, "", 0),
            (Encoding::O200kBase, "hello world", 2),
            (Encoding::Cl100kBase, "hello world", 2),
            (Encoding::Cl100kBase, "antidisestablishmentarianism", 6),
            (Encoding::O200kBase, "<|endoftext|>", 7),
        ];
        for (encoding, text, expected) in table {
            assert_eq!(encoding.count(text), expected, "{encoding:?} {text}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let encoding = Encoding::Cl100kBase;
        for text in ["hello world ".repeat(200), "é🎉naïve ".repeat(100), "=".repeat(5_000)] {
            let cut = encoding.cut(&text, 50);
            assert!(text.starts_with(cut) && (1..=50).contains(&encoding.count(cut)), "{cut}");
            assert_eq!(encoding.cut(&text, u64::MAX), text);
        }
        assert_eq!(encoding.cut("short", 50), "short");
        assert_eq!(encoding.cut("🎉🎉", 1), "");
    }

    #[test]
    fn endless_runs_of_one_character_are_counted() {
        for character in [" ", "\n", "a", "é", "="] {
            let text = character.repeat(200_000);
            assert!(Encoding::O200kBase.count(&text) > 0, "{character:?}");
        }
    }

    #[test]
    fn the_estimate_is_above_the_count_for_code() {
        let code = include_str!("tokens.rs");
        assert!(estimate_bytes(code) > Encoding::O200kBase.count(code));
        assert!(estimate_bytes(code) < 2 * Encoding::O200kBase.count(code));
    }

    #[test]
    fn a_request_counts_its_messages_and_its_schema() {
        let request = |messages: Vec<Message>| ModelRequest {
            messages,
            schema_name: "answer".to_owned(),
            schema: json!({"type": "object"}),
            max_completion_tokens: 10,
            deadline: None,
            attempts: None,
        };
        let encoding = Encoding::O200kBase;
        let own = &capability("gpt-4o");
        let one = count_request(&request(vec![Message::user("hello world")]), own);
        let two = count_request(
            &request(vec![Message::user("hello world"), Message::assistant("hello world")]),
            own,
        );
        let frame = 3 + encoding.count("answer") + encoding.count(r#"{"type":"object"}"#);
        assert_eq!((one, two), (frame + 6, frame + 12));
        assert!(estimate_request(&request(vec![Message::user("hello world")])) > one);
        let in_text = Capability { structured: StructuredOutput::Text, ..*own };
        let words = count_request(&request(vec![Message::user("hello world")]), &in_text) - one;
        assert_eq!(words, 4 + encoding.count(IN_WORDS));
    }

    #[test]
    fn a_margin_is_never_rounded_away() {
        let table =
            [(0, 7, 7), (35, 0, 0), (35, 1, 2), (35, 100, 135), (200, 10, 30), (1, u64::MAX, u64::MAX)];
        for (margin, tokens, expected) in table {
            let tokenizer = Tokenizer { encoding: Encoding::O200kBase, margin };
            assert_eq!(tokenizer.widened(tokens), expected, "{margin} % of {tokens}");
        }
        let tokenizer = Tokenizer { encoding: Encoding::O200kBase, margin: 50 };
        assert_eq!(tokenizer.count("hello world"), 3);
    }

    #[test]
    fn pieces_are_the_text() {
        let text = "é".repeat(20_000);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).count() > 1);
    }
}
