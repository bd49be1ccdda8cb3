//! The table `[prices]`: what the tokens of a model cost.

use toml::Spanned;
use toml::de::DeValue;

use super::Setting;
use super::input::{Input, described};
use super::origin::Origin;

/// What the tokens of a model cost, in US dollars per million.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelPrice {
    /// For the prompt.
    pub input: Setting<f64>,
    /// For the part of the prompt that the service had seen before; as for the rest where it is not set.
    pub cached_input: Option<Setting<f64>>,
    /// For the answer, hidden reasoning included.
    pub output: Setting<f64>,
}

impl ModelPrice {
    /// The keys of a price, in the order of the documentation.
    pub(super) const KEYS: [&str; 3] = ["input", "cached-input", "output"];

    /// Reads the price of one model; the error says where it is and what was expected.
    pub(super) fn read<'v>(
        value: &'v Spanned<DeValue<'v>>,
        origin: impl Fn(&Spanned<DeValue<'_>>) -> Origin,
    ) -> Result<Self, (Origin, String)> {
        let whole = origin(value);
        let DeValue::Table(table) = value.get_ref() else {
            return Err((whole, format!("expected a table, found {}", described(value.get_ref()))));
        };
        let [input, cached, output] = Self::KEYS;
        for (name, value) in table {
            if !Self::KEYS.contains(&name.get_ref().as_ref()) {
                let found = name.get_ref().escape_debug();
                return Err((
                    origin(value),
                    format!("expected `{input}`, `{cached}` and `{output}`, found `{found}`"),
                ));
            }
        }
        let read = |key: &str| {
            let Some(value) = table.get(key) else { return Ok(None) };
            let dollars = Input::Toml(value.get_ref()).dollars();
            let dollars = dollars.map_err(|problem| (origin(value), format!("`{key}`: {problem}")))?;
            Ok(Some(Setting { value: dollars, origin: origin(value) }))
        };
        let needed = |key: &str| read(key)?.ok_or_else(|| (whole, format!("expected `{key}`")));
        let (input, cached_input, output) = (needed(input)?, read(cached)?, needed(output)?);
        if let Some(dearer) = cached_input.filter(|cached| cached.value > input.value) {
            // Nobody knows before a request what of it will be cached, so that budgets reserve the price of the rest.
            return Err((
                dearer.origin,
                format!("`{cached}`: expected at most `input`, found {}", dearer.value),
            ));
        }
        Ok(Self { input, cached_input, output })
    }

    /// Returns what is set, by its keys.
    pub(super) fn set(&self) -> impl Iterator<Item = (&'static str, Setting<f64>)> {
        let set = [Some(self.input), self.cached_input, Some(self.output)];
        Self::KEYS.into_iter().zip(set).filter_map(|(key, set)| Some((key, set?)))
    }
}
