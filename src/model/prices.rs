//! What tokens cost, from the table in `prices.toml` and what is set over it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Usage;

/// US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// For the prompt.
    pub input: f64,
    /// For the part of the prompt that the service had seen before; as for the rest where there is none.
    pub cached: Option<f64>,
    /// For the answer, hidden reasoning included; nothing for a model that gives vectors.
    #[serde(default)]
    pub output: f64,
}

/// The prices that somebody set, over those of the table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prices(BTreeMap<String, Price>);

impl Prices {
    /// Puts prices over those of the table, by the names of models; case does not count.
    #[must_use]
    pub fn over(set: impl IntoIterator<Item = (String, Price)>) -> Self {
        Self(set.into_iter().map(|(model, price)| (model.to_ascii_lowercase(), price)).collect())
    }

    /// Returns the cost in US dollars, or `None` when the price of the model is not known.
    ///
    /// A guess would make a budget meaningless, so a name counts only as a whole, without its date:
    /// `gpt-5-pro` does not cost what `gpt-5` costs.
    #[must_use]
    pub fn cost(&self, usage: &Usage, model: &str) -> Option<f64> {
        let price = self.of(&model.to_ascii_lowercase())?;
        let cached = usage.cached_tokens.min(usage.prompt_tokens);
        Some(
            millions(usage.prompt_tokens - cached) * price.input
                + millions(cached) * price.cached.unwrap_or(price.input)
                + millions(usage.completion_tokens) * price.output,
        )
    }

    fn of(&self, model: &str) -> Option<Price> {
        // What was set for the name without its date wins over what the table has for the name with it.
        let undated = without_date(model);
        let of =
            |prices: &BTreeMap<String, Price>| prices.get(model).or_else(|| prices.get(undated)).copied();
        of(&self.0).or_else(|| of(&PRICES))
    }
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
            let found = Prices::default().cost(&MILLION_EACH, model);
            assert_eq!(found.is_some(), expected.is_some(), "{model}");
            let difference = found.unwrap_or_default() - expected.unwrap_or_default();
            assert!(difference.abs() < 1e-9, "{model}: {found:?}");
        }
    }

    #[test]
    fn what_is_set_wins_over_the_table() {
        let price = |input| Price { input, cached: None, output: 0.0 };
        let prices = Prices::over([("Our-Docs".to_owned(), price(7.0)), ("gpt-4o".to_owned(), price(9.0))]);
        let table = [
            ("our-docs", Some(7.0)),
            ("OUR-DOCS", Some(7.0)),
            ("gpt-4o", Some(9.0)),
            ("gpt-4o-2024-11-20", Some(9.0)),
            ("gpt-4o-2024-05-13", Some(9.0)),
            ("gpt-4o-mini", Some(0.6 * 0.15 + 0.4 * 0.075 + 0.6)),
            ("their-docs", None),
        ];
        for (model, expected) in table {
            let found = prices.cost(&MILLION_EACH, model);
            let difference = found.unwrap_or_default() - expected.unwrap_or_default();
            assert!(found.is_some() == expected.is_some() && difference.abs() < 1e-9, "{model}: {found:?}");
        }
    }

    #[test]
    fn more_cached_tokens_than_tokens_are_not_believed() {
        let lie = Usage { prompt_tokens: 1_000_000, cached_tokens: u64::MAX, completion_tokens: 0 };
        assert!(
            Prices::default().cost(&lie, "gpt-4o-mini").is_some_and(|dollars| (dollars - 0.075).abs() < 1e-9)
        );
    }
}
