//! How a request is put: which of the parameters that mean the same a deployment takes.
//!
//! The table of capabilities says what to begin with. A deployment may hide another model behind its name, so a
//! parameter that the service refuses is left out or replaced, once, for all requests that follow.

use std::fmt;

use super::capability::{Capability, Parameters, StructuredOutput};

/// The name of the parameter that limits an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthParameter {
    /// `max_tokens`, which reasoning models reject.
    MaxTokens,
    /// `max_completion_tokens`, which old API versions do not know.
    MaxCompletionTokens,
}

/// How much a reasoning model thinks before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasoningEffort {
    /// Not at all; from gpt-5.1 on.
    None,
    /// Hardly; gpt-5 only.
    Minimal,
    /// A little.
    Low,
    /// As it does unasked.
    Medium,
    /// Much.
    High,
    /// As much as it can; some models only.
    Highest,
}

impl ReasoningEffort {
    /// Returns the word of the protocol.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Highest => "xhigh",
        }
    }
}

/// What the configuration says about a model, against the table; `None` leaves it to the table.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Overrides {
    /// How JSON is asked for.
    pub structured: Option<StructuredOutput>,
    /// The parameter that limits the answer.
    pub length: Option<LengthParameter>,
    /// The temperature, from 0 to 2.
    pub temperature: Option<f64>,
    /// How much a reasoning model thinks.
    pub effort: Option<ReasoningEffort>,
    /// What is added to counted tokens, in percent.
    pub token_margin: Option<u64>,
}

/// How requests are put.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub(super) structured: StructuredOutput,
    pub(super) length: LengthParameter,
    pub(super) temperature: Option<f64>,
    pub(super) effort: Option<ReasoningEffort>,
}

impl Shape {
    /// Begins with what the table says, or the configuration.
    pub(super) fn of(capability: &Capability, overrides: &Overrides) -> Self {
        let (length, temperature, effort) = match capability.parameters {
            Parameters::Sampling => (LengthParameter::MaxTokens, Some(0.0), None),
            // Describing code takes little thought, and thinking is billed.
            Parameters::Reasoning => (LengthParameter::MaxCompletionTokens, None, Some(ReasoningEffort::Low)),
            Parameters::Unknown => (LengthParameter::MaxCompletionTokens, None, None),
        };
        Self {
            structured: overrides.structured.unwrap_or(capability.structured),
            length: overrides.length.unwrap_or(length),
            temperature: overrides.temperature.or(temperature),
            effort: overrides.effort.or(effort),
        }
    }

    /// Returns how to put it after a parameter was refused; nothing when the configuration wants it so, or when there
    /// is no other way left.
    pub(super) fn without(self, refused: Parameter, overrides: &Overrides) -> Option<Self> {
        match refused {
            Parameter::Structured if overrides.structured.is_none() => {
                Some(Self { structured: self.structured.weaker()?, ..self })
            }
            Parameter::MaxTokens if overrides.length.is_none() => (self.length == LengthParameter::MaxTokens)
                .then_some(Self { length: LengthParameter::MaxCompletionTokens, ..self }),
            Parameter::MaxCompletionTokens if overrides.length.is_none() => (self.length
                == LengthParameter::MaxCompletionTokens)
                .then_some(Self { length: LengthParameter::MaxTokens, ..self }),
            Parameter::Temperature if overrides.temperature.is_none() => {
                self.temperature.is_some().then_some(Self { temperature: None, ..self })
            }
            Parameter::ReasoningEffort if overrides.effort.is_none() => {
                self.effort.is_some().then_some(Self { effort: None, ..self })
            }
            _ => None,
        }
    }
}

/// A parameter that a service may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `response_format`, `tools`, `functions` and what belongs to them.
    Structured,
    /// `max_tokens`.
    MaxTokens,
    /// `max_completion_tokens`.
    MaxCompletionTokens,
    /// `temperature`.
    Temperature,
    /// `reasoning_effort`.
    ReasoningEffort,
}

impl Parameter {
    /// Returns the key of the configuration that decides it.
    #[must_use]
    pub fn setting(self) -> &'static str {
        match self {
            Self::Structured => "azure.structured-output",
            Self::MaxTokens | Self::MaxCompletionTokens => "azure.length-parameter",
            Self::Temperature => "azure.temperature",
            Self::ReasoningEffort => "azure.reasoning-effort",
        }
    }

    /// Finds the parameter that a service complains about: the one named in `param`, else the first in the message.
    pub(super) fn refused(param: &str, message: &str) -> Option<Self> {
        const COMPLAINTS: &[&str] =
            &["support", "unrecognized", "unknown", "unexpected", "not permitted", "only for api version"];
        let lower = message.to_lowercase();
        // A schema that is wrong in itself is wrong in every way of sending it.
        if lower.contains("invalid schema") || !COMPLAINTS.iter().any(|word| lower.contains(word)) {
            return None;
        }
        let named = |text: &str| {
            let found =
                NAMES.iter().filter_map(|(name, parameter)| Some((text.find(name)?, name, parameter)));
            // `max_tokens` stands inside no other name, but what is named first is what is meant.
            found.min_by_key(|(place, name, _)| (*place, std::cmp::Reverse(name.len()))).map(|(.., it)| *it)
        };
        named(&param.to_lowercase()).or_else(|| named(&lower))
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Structured => "the form of the answer",
            Self::MaxTokens => "max_tokens",
            Self::MaxCompletionTokens => "max_completion_tokens",
            Self::Temperature => "temperature",
            Self::ReasoningEffort => "reasoning_effort",
        })
    }
}

const NAMES: &[(&str, Parameter)] = &[
    ("response_format", Parameter::Structured),
    ("json_schema", Parameter::Structured),
    ("parallel_tool_calls", Parameter::Structured),
    ("tool_choice", Parameter::Structured),
    ("tools", Parameter::Structured),
    ("function_call", Parameter::Structured),
    ("functions", Parameter::Structured),
    ("strict", Parameter::Structured),
    ("max_completion_tokens", Parameter::MaxCompletionTokens),
    ("max_tokens", Parameter::MaxTokens),
    ("temperature", Parameter::Temperature),
    ("reasoning_effort", Parameter::ReasoningEffort),
];

#[cfg(test)]
mod tests {
    use super::super::capability::capability;
    use super::*;

    #[test]
    fn complaints_name_a_parameter() {
        use Parameter::{MaxCompletionTokens, MaxTokens, ReasoningEffort, Structured, Temperature};
        let table = [
            (
                "max_tokens",
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                Some(MaxTokens),
            ),
            (
                "",
                "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
                Some(MaxTokens),
            ),
            ("", "Unrecognized request argument supplied: max_completion_tokens", Some(MaxCompletionTokens)),
            ("", "Unrecognized request arguments supplied: tool_choice, tools", Some(Structured)),
            (
                "response_format",
                "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later",
                Some(Structured),
            ),
            (
                "temperature",
                "Unsupported value: 'temperature' does not support 0 with this model.",
                Some(Temperature),
            ),
            ("reasoning_effort", "Unsupported value: 'reasoning_effort'.", Some(ReasoningEffort)),
            ("response_format", "Invalid schema for response_format 'x': unsupported keyword.", None),
            ("messages", "Invalid 'messages': expected a non-empty array.", None),
            ("", "no", None),
        ];
        for (param, message, expected) in table {
            assert_eq!(Parameter::refused(param, message), expected, "{message}");
        }
    }

    #[test]
    fn a_shape_gives_way_until_nothing_is_left() {
        let none = Overrides::default();
        let mut shape = Shape::of(&capability("gpt-5-mini"), &none);
        let mut steps = 0;
        while let Some(next) = shape.without(Parameter::Structured, &none) {
            (shape, steps) = (next, steps + 1);
        }
        assert_eq!((shape.structured, steps), (StructuredOutput::Text, 3));
        let shape = shape.without(Parameter::ReasoningEffort, &none).unwrap();
        assert_eq!(shape.without(Parameter::ReasoningEffort, &none), None);
        assert_eq!(shape.without(Parameter::Temperature, &none), None);
        assert_eq!(shape.without(Parameter::MaxTokens, &none), None);
    }

    #[test]
    fn what_the_configuration_says_is_not_argued_with() {
        let overrides = Overrides {
            structured: Some(StructuredOutput::JsonSchema),
            length: Some(LengthParameter::MaxTokens),
            temperature: Some(0.5),
            effort: Some(ReasoningEffort::High),
            token_margin: None,
        };
        let shape = Shape::of(&capability("o3"), &overrides);
        for parameter in [
            Parameter::Structured,
            Parameter::MaxTokens,
            Parameter::MaxCompletionTokens,
            Parameter::Temperature,
            Parameter::ReasoningEffort,
        ] {
            assert_eq!(shape.without(parameter, &overrides), None, "{parameter}");
        }
    }
}
