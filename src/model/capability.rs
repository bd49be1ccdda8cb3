//! What a model can take, looked up by its name.
//!
//! The services do not say; the table follows <https://learn.microsoft.com/azure/ai-foundry/openai/concepts/models>
//! and the pages of the other services as of November 2026. The name to look up is the model's, which is not always
//! the deployment's; where the table is wrong, the configuration overrides it.

use super::tokens::{Encoding, Tokenizer};

/// What a model can take, and which parameters it accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The most tokens of prompt and answer together.
    pub context_window: u64,
    /// The most tokens of an answer, hidden reasoning included.
    pub output_limit: u64,
    /// How its tokens are counted.
    pub tokenizer: Tokenizer,
    /// Which sampling and length parameters it accepts.
    pub parameters: Parameters,
    /// How it is made to answer in JSON.
    pub structured: StructuredOutput,
}

/// The request parameters that a family of models accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameters {
    /// `temperature` and `max_tokens`, which every API version knows.
    Sampling,
    /// Only `max_completion_tokens`: reasoning models reject both others.
    Reasoning,
    /// The family is not known: what both accept is sent, `max_completion_tokens` without `temperature`.
    Unknown,
}

/// The ways to get JSON of a given shape, the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StructuredOutput {
    /// `response_format` with a strict JSON Schema.
    JsonSchema,
    /// A function that must be called, `tools` with a strict schema.
    Tools,
    /// The same in the older words `functions` and `function_call`.
    Functions,
    /// The schema stands in the prompt, and the answer is JSON between code fences.
    Text,
}

impl StructuredOutput {
    /// Returns the next way to try when a service does not know this one.
    #[must_use]
    pub fn weaker(self) -> Option<Self> {
        match self {
            Self::JsonSchema => Some(Self::Tools),
            Self::Tools => Some(Self::Functions),
            Self::Functions => Some(Self::Text),
            Self::Text => None,
        }
    }

    /// Returns the strictest way that a dated API version of Azure knows.
    ///
    /// Dates as in Azure's API version lifecycle: `response_format` with a schema came with 2024-08-01-preview, `tools`
    /// with 2023-12-01-preview; strict ones and the old words are kept apart by what deployments of that time accept.
    #[must_use]
    pub fn strictest_of(api_version: &str) -> Self {
        if api_version >= "2024-08-01" { Self::JsonSchema } else { Self::Functions }
    }
}

/// Returns what is known about a model.
///
/// A dated or longer name (`gpt-4o-2024-11-20`) has the capabilities of the longest family name it begins with.
/// For a name that is not in the table the values are the smallest of the current models.
#[must_use]
pub fn capability(model: &str) -> Capability {
    let model = model.to_ascii_lowercase();
    let model = without_maker(&model);
    FAMILIES
        .iter()
        .filter(|(family, _)| is_of_family(model, family))
        .max_by_key(|(family, _)| family.len())
        .map_or(UNKNOWN, |(_, capability)| *capability)
}

const UNKNOWN: Capability = Capability {
    parameters: Parameters::Unknown,
    ..counted_apart(MARGIN, sampling(128_000, 4_096, Encoding::O200kBase))
};

/// What is added to counts for models with a tokenizer of their own, in percent. It covers every prompt that those of
/// Llama, Mistral and Qwen were tried with, as those of the families below do: `docs/evidence/tokenizers.md`.
const MARGIN: u64 = 40;

const OLD: StructuredOutput = StructuredOutput::Functions;

/// Families by the beginning of their names: window, output limit, encoding, parameters.
const FAMILIES: &[(&str, Capability)] = &[
    ("gpt-35-turbo", by(OLD, sampling(16_385, 4_096, Encoding::Cl100kBase))),
    ("gpt-3.5-turbo", by(OLD, sampling(16_385, 4_096, Encoding::Cl100kBase))),
    ("gpt-4", by(OLD, sampling(8_192, 4_096, Encoding::Cl100kBase))),
    ("gpt-4-32k", by(OLD, sampling(32_768, 4_096, Encoding::Cl100kBase))),
    ("gpt-4-turbo", by(StructuredOutput::Tools, sampling(128_000, 4_096, Encoding::Cl100kBase))),
    ("gpt-4o", sampling(128_000, 16_384, Encoding::O200kBase)),
    // The first gpt-4o came before strict schemas.
    ("gpt-4o-2024-05-13", by(StructuredOutput::Tools, sampling(128_000, 4_096, Encoding::O200kBase))),
    ("gpt-4.1", sampling(1_047_576, 32_768, Encoding::O200kBase)),
    ("gpt-4.5", sampling(128_000, 16_384, Encoding::O200kBase)),
    ("gpt-5", reasoning(272_000, 128_000)),
    ("gpt-5.4", reasoning(922_000, 128_000)),
    ("gpt-5.4-mini", reasoning(272_000, 128_000)),
    ("gpt-5.4-nano", reasoning(272_000, 128_000)),
    ("o1", reasoning(200_000, 100_000)),
    ("o3", reasoning(200_000, 100_000)),
    ("o4", reasoning(200_000, 100_000)),
    // The compatible route of Anthropic drops `response_format` silently, and calls functions.
    ("claude", claude(85)),
    ("claude-3", claude(35)),
    ("claude-haiku-4-5", claude(35)),
    ("text-embedding", sampling(8_192, 0, Encoding::Cl100kBase)),
    ("gemini", counted_apart(30, sampling(1_048_576, 8_192, Encoding::O200kBase))),
];

const fn sampling(context_window: u64, output_limit: u64, encoding: Encoding) -> Capability {
    Capability {
        context_window,
        output_limit,
        tokenizer: Tokenizer { encoding, margin: 0 },
        parameters: Parameters::Sampling,
        structured: StructuredOutput::JsonSchema,
    }
}

const fn by(structured: StructuredOutput, capability: Capability) -> Capability {
    Capability { structured, ..capability }
}

const fn claude(margin: u64) -> Capability {
    by(StructuredOutput::Tools, counted_apart(margin, sampling(200_000, 8_192, Encoding::O200kBase)))
}

const fn counted_apart(margin: u64, capability: Capability) -> Capability {
    let tokenizer = Tokenizer { margin, ..capability.tokenizer };
    Capability { tokenizer, ..capability }
}

const fn reasoning(context_window: u64, output_limit: u64) -> Capability {
    Capability {
        context_window,
        output_limit,
        tokenizer: Tokenizer { encoding: Encoding::O200kBase, margin: 0 },
        parameters: Parameters::Reasoning,
        structured: StructuredOutput::JsonSchema,
    }
}

/// Returns a name without who makes or hosts the model: `openai/gpt-4o`, `us.anthropic.claude-haiku-4-5`.
fn without_maker(model: &str) -> &str {
    let name = model.rsplit('/').next().unwrap_or(model);
    name.split_once("anthropic.").map_or(name, |(_, name)| name)
}

/// Returns whether a name is the family's or continues it behind `-` or `.`: `gpt-4o` is not of `gpt-4`.
fn is_of_family(model: &str, family: &str) -> bool {
    model.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_find_their_family() {
        use Encoding::{Cl100kBase, O200kBase};
        use Parameters::{Reasoning, Sampling, Unknown};
        let table = [
            ("gpt-4o-mini", Sampling, O200kBase, 128_000),
            ("GPT-4o-2024-11-20", Sampling, O200kBase, 128_000),
            ("gpt-4", Sampling, Cl100kBase, 8_192),
            ("gpt-4-32k", Sampling, Cl100kBase, 32_768),
            ("gpt-4.1-nano", Sampling, O200kBase, 1_047_576),
            ("gpt-5", Reasoning, O200kBase, 272_000),
            ("gpt-5-mini-2025-08-07", Reasoning, O200kBase, 272_000),
            ("gpt-5.4", Reasoning, O200kBase, 922_000),
            ("gpt-5.4-nano", Reasoning, O200kBase, 272_000),
            ("gpt-5.6-luna", Reasoning, O200kBase, 272_000),
            ("o4-mini", Reasoning, O200kBase, 200_000),
            ("o3", Reasoning, O200kBase, 200_000),
            ("openai/gpt-4o", Sampling, O200kBase, 128_000),
            ("us.anthropic.claude-opus-4-8-v1:0", Sampling, O200kBase, 200_000),
            ("openrouter/anthropic/claude-opus-4.8", Sampling, O200kBase, 200_000),
            ("gpt-4o/of-our-own", Unknown, O200kBase, 128_000),
            ("our-docs", Unknown, O200kBase, 128_000),
            ("", Unknown, O200kBase, 128_000),
        ];
        for (model, parameters, encoding, context_window) in table {
            let found = capability(model);
            assert_eq!(
                (found.parameters, found.tokenizer.encoding, found.context_window),
                (parameters, encoding, context_window),
                "{model}"
            );
        }
    }

    #[test]
    fn old_models_are_asked_in_the_words_they_know() {
        use StructuredOutput::{Functions, JsonSchema, Tools};
        let table = [
            ("gpt-4", Functions),
            ("gpt-4-0613", Functions),
            ("gpt-35-turbo-16k", Functions),
            ("gpt-4-turbo-2024-04-09", Tools),
            ("gpt-4o-2024-05-13", Tools),
            ("gpt-4o-2024-08-06", JsonSchema),
            ("claude-haiku-4-5", Tools),
            ("our-docs", JsonSchema),
        ];
        for (model, expected) in table {
            assert_eq!(capability(model).structured, expected, "{model}");
        }
        assert_eq!(StructuredOutput::strictest_of("2024-02-15-preview"), Functions);
        assert_eq!(StructuredOutput::strictest_of("2024-10-21"), JsonSchema);
    }

    #[test]
    fn models_with_tokenizers_of_their_own_have_a_margin() {
        let has_margin = |model: &str| capability(model).tokenizer.margin > 0;
        for model in ["claude-haiku-4-5", "gemini-2.5-flash", "llama3.3", "our-docs", ""] {
            assert!(has_margin(model), "{model}");
        }
        assert!(FAMILIES.iter().all(|(family, _)| {
            let is_of_openai = ["gpt-", "o", "text-embedding"].iter().any(|it| family.starts_with(it));
            has_margin(family) != is_of_openai
        }));
    }

    #[test]
    fn an_answer_always_fits_into_the_window() {
        for (family, capability) in FAMILIES {
            assert!(capability.output_limit < capability.context_window, "{family}");
        }
    }
}
