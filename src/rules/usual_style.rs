//! The style of a repository, found out only when somebody asks.

use std::sync::OnceLock;

use crate::docstring::Style;

/// The style that most modules of a repository show.
#[derive(Default)]
pub struct UsualStyle {
    find: Option<Box<dyn Fn() -> Option<Style> + Send + Sync>>,
    found: OnceLock<Option<Style>>,
}

impl UsualStyle {
    /// Makes one that is found out by a function, once, when it is first needed.
    #[must_use]
    pub fn new(find: impl Fn() -> Option<Style> + Send + Sync + 'static) -> Self {
        Self { find: Some(Box::new(find)), found: OnceLock::new() }
    }

    /// Returns the style; nothing when the repository shows none.
    #[must_use]
    pub fn get(&self) -> Option<Style> {
        *self.found.get_or_init(|| self.find.as_ref().and_then(|find| find()))
    }
}
