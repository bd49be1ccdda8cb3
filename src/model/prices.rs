//! What tokens cost, from the table in `prices.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Usage;

/// Returns the cost in US dollars, or `None` when the price of the model is not known.
///
/// A guess would make a budget meaningless, so a name counts only as a whole, without its date:
/// `gpt-5-pro` does not cost what `gpt-5` costs.
#[must_use]
pub fn cost(usage: &Usage, model: &str) -> Option<f64> {
    let model = model.to_ascii_lowercase();
    let price = PRICES.get(&model).or_else(|| PRICES.get(without_date(&model)))?;
    let cached = usage.cached_tokens.min(usage.prompt_tokens);
    Some(
        millions(usage.prompt_tokens - cached) * price.input
            + millions(cached) * price.cached.unwrap_or(price.input)
            + millions(usage.completion_tokens) * price.output,
    )
}

/// US dollars per million tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    input: f64,
    cached: Option<f64>,
    /// Nothing for a model that gives vectors.
    #[serde(default)]
    output: f64,
}

/// The table; empty, so that every price is unknown, if it could not be read, which a test rules out.
static PRICES: LazyLock<BTreeMap<String, Price>> =
    LazyLock::new(|| toml::from_str(include_str!("prices.toml")).unwrap_or_default());

fn millions(tokens: u64) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(u32::MAX)) / 1_000_000.0
}

/// Returns a model's name without the `-YYYY-MM-DD` at its end.
fn without_date(model: &str) -> &str {
    const DATE_LENGTH: usize = "-2024-11-20".len();
    let Some((name, date)) =
        model.len().checked_sub(DATE_LENGTH).and_then(|start| model.split_at_checked(start))
    else {
        return model;
    };
    let is_date = date.bytes().enumerate().all(|(index, byte)| match index {
        0 | 5 | 8 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if is_date { name } else { model }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLION_EACH: Usage =
        Usage { prompt_tokens: 1_000_000, cached_tokens: 400_000, completion_tokens: 1_000_000 };

    #[test]
    fn the_table_can_be_read_and_its_prices_make_sense() {
        let table: BTreeMap<String, Price> = toml::from_str(include_str!("prices.toml")).unwrap();
        assert!(table.len() > 10);
        for (model, price) in table {
            let answers = !model.starts_with("text-embedding-");
            assert!(price.input > 0.0 && (price.output > price.input) == answers, "{model}");
            assert!(price.cached.is_none_or(|cached| cached > 0.0 && cached < price.input), "{model}");
        }
    }

    #[test]
    fn tokens_cost_what_the_table_says() {
        let table = [
            ("gpt-4o-mini", Some(0.6 * 0.15 + 0.4 * 0.075 + 0.6)),
            ("gpt-4o-mini-2024-07-18", Some(0.6 * 0.15 + 0.4 * 0.075 + 0.6)),
            ("GPT-4.1", Some(0.6 * 2.0 + 0.4 * 0.5 + 8.0)),
            ("gpt-4o-2024-05-13", Some(5.0 + 15.0)),
            ("o4-mini", Some(1.1 + 4.4)),
            ("gpt-5-pro", None),
            ("our-docs", None),
            ("é-2024-11-2", None),
            ("", None),
        ];
        for (model, expected) in table {
            let found = cost(&MILLION_EACH, model);
            assert_eq!(found.is_some(), expected.is_some(), "{model}");
            let difference = found.unwrap_or_default() - expected.unwrap_or_default();
            assert!(difference.abs() < 1e-9, "{model}: {found:?}");
        }
    }

    #[test]
    fn more_cached_tokens_than_tokens_are_not_believed() {
        let lie = Usage { prompt_tokens: 1_000_000, cached_tokens: u64::MAX, completion_tokens: 0 };
        assert!(cost(&lie, "gpt-4o-mini").is_some_and(|dollars| (dollars - 0.075).abs() < 1e-9));
    }
}
