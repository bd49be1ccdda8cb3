//! What asking a model would take, counted before anybody is asked.

use std::io::{self, Write};

use serde::Serialize;

use super::json::document;
use super::phrase::{counted, grouped, money};
use crate::untrusted::sanitised;

/// The questions of a run, and what they may cost at most.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// The model whose encoding and prices count.
    pub model: String,
    /// Definitions that need prose.
    pub definitions: usize,
    /// Definitions whose docstring is compared with its code.
    pub compared: usize,
    /// Those whose answer is in the cache.
    pub cache_hits: usize,
    /// Those that failed before, and are not asked about while nothing has changed.
    pub failed_before: usize,
    /// Those that the budget leaves no room for.
    pub over_budget: usize,
    /// Those that fit into no request.
    pub too_large: usize,
    /// What the numbers of tokens hold for a tokenizer that is not known, in percent.
    pub margin: u64,
    /// Requests, without corrections.
    pub requests: usize,
    /// Tokens of all prompts.
    pub prompt_tokens: u64,
    /// The most tokens of all answers.
    pub completion_tokens: u64,
    /// The most that costs in US dollars, where the price of the model is known.
    pub cost: Option<f64>,
    /// Secrets that are replaced in the source before it is sent.
    pub redacted: usize,
}

/// Writes the estimate for people.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn estimate_text(estimate: &Estimate, out: &mut impl Write) -> io::Result<()> {
    let Estimate { definitions, compared, cache_hits, failed_before, over_budget, too_large, .. } = *estimate;
    let Estimate { requests, redacted, .. } = *estimate;
    let needs = if definitions == 1 { "needs" } else { "need" };
    writeln!(out, "{} {needs} prose", counted(definitions, "definition"))?;
    if compared > 0 {
        let is = if compared == 1 { "is" } else { "are" };
        writeln!(out, "{} {is} compared with its code", counted(compared, "docstring"))?;
    }
    let rest = [
        (cache_hits, "answered from the cache"),
        (failed_before, "failed before and not asked about again"),
        (over_budget, "beyond the budget"),
        (too_large, "too large to be asked about"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "  {count} {what}")?;
    }
    let asked = definitions + compared - cache_hits - failed_before - over_budget - too_large;
    if requests == 0 {
        return writeln!(out, "nothing to ask");
    }
    let model = sanitised(&estimate.model);
    writeln!(out, "  {asked} to ask about in {}", counted(requests, "request"))?;
    let counted = match estimate.margin {
        0 => format!("as {model} counts them"),
        margin => format!("with {margin} % for the tokenizer of {model}"),
    };
    writeln!(
        out,
        "tokens: {} in prompts, {} in answers at most, {counted}",
        grouped(estimate.prompt_tokens),
        grouped(estimate.completion_tokens)
    )?;
    match estimate.cost {
        Some(cost) => writeln!(out, "cost: {} at most, without corrections", money(cost))?,
        None => writeln!(out, "cost: unknown, since there is no price of {model}")?,
    }
    match redacted {
        0 => Ok(()),
        1 => writeln!(out, "1 secret in the source would be replaced"),
        _ => writeln!(out, "{redacted} secrets in the source would be replaced"),
    }
}

/// Writes the estimate for programs.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn estimate_json(estimate: &Estimate, out: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Body<'a> {
        estimate: &'a Estimate,
    }
    document(Body { estimate }, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Estimate {
        Estimate {
            model: "gpt-4o-mini".to_owned(),
            definitions: 12,
            compared: 0,
            cache_hits: 3,
            failed_before: 1,
            over_budget: 0,
            too_large: 0,
            requests: 2,
            margin: 0,
            prompt_tokens: 4_321,
            completion_tokens: 2_900,
            cost: Some(0.00239),
            redacted: 1,
        }
    }

    fn shown(estimate: &Estimate) -> String {
        let mut out = Vec::new();
        estimate_text(estimate, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_read_what_is_asked_and_what_it_costs() {
        insta::assert_snapshot!(shown(&sample()), @r"
        12 definitions need prose
          3 answered from the cache
          1 failed before and not asked about again
          8 to ask about in 2 requests
        tokens: 4,321 in prompts, 2,900 in answers at most, as gpt-4o-mini counts them
        cost: $0.0024 at most, without corrections
        1 secret in the source would be replaced
        ");
    }

    #[test]
    fn without_questions_there_are_no_figures() {
        let nothing = Estimate { cache_hits: 11, requests: 0, redacted: 0, ..sample() };
        insta::assert_snapshot!(shown(&nothing), @r"
        12 definitions need prose
          11 answered from the cache
          1 failed before and not asked about again
        nothing to ask
        ");
    }

    #[test]
    fn a_model_without_a_price_has_no_cost() {
        let unknown = Estimate { model: "our-docs\u{1b}".to_owned(), cost: None, ..sample() };
        let shown = shown(&unknown);
        assert!(shown.contains("cost: unknown, since there is no price of our-docs"), "{shown}");
        assert!(!shown.contains('\u{1b}'));
    }
}
