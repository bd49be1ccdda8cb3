//! Layers of settings (built-in, file, environment, flags) merged into one validated value.
//!
//! A layer holds only what somebody wrote; [`Config`] holds every value with its [`Origin`], checked, so that
//! a mistake is reported before anything else happens. It does not read: files and environment arrive as
//! closures, because the hook reads the index, `review` the base commit and `check` the disk. It knows no
//! stage either: rule names and styles stay words here, `commands/` joins them with what they name.

mod azure;
mod docstring;
mod examples;
mod failure;
mod file;
mod generate;
mod input;
mod key;
mod layer;
mod merged;
mod option;
mod origin;
mod patterns;
mod price;
mod shared;
mod word;

pub use azure::{
    Allowance, Azure, Budget, CompatibleConnection, Connection, Endpoint, Remembering, ServiceKeys, Tuning,
};
pub use docstring::{Docstring, RequiredSections};
pub use examples::{Examples, SearchFields};
pub use failure::ConfigError;
pub use file::{DOCGATE_FILE, PYPROJECT_FILE};
pub use generate::Generate;
pub use layer::Flags;
pub use merged::{Config, Shown};
pub use option::RuleOption;
pub use origin::{Origin, Setting};
pub use patterns::PathPatterns;
pub use price::ModelPrice;
pub use shared::{RedisUrl, Shared};
pub use word::{
    ExampleSource, Kind, LengthParameter, Level, Mode, ModelChoice, OnFailure, ReasoningEffort, Require,
    Section, SignIn, StructuredOutput, Style, SummaryLine, Types,
};

#[cfg(test)]
mod tests;
