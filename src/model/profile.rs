//! A model as those know it who ask it.

use super::capability::{Capability, capability};
use super::prices::Prices;

/// What a model is called, what it can take, and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name, not that of a deployment.
    pub name: String,
    /// What it can take.
    pub capability: Capability,
    /// What its tokens cost, and those of others.
    pub prices: Prices,
}

impl Profile {
    /// Takes capabilities and prices from the tables.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { name: name.to_owned(), capability: capability(name), prices: Prices::default() }
    }
}
