//! docgate keeps the docstrings of Python code bases present, true and readable.
//!
//! A run is one walk through these rooms, from left to right:
//!
//! ```text
//!  where text comes from     what it says            what is wrong      what to write           where it goes
//!  git, files             →  python → docstring   →  rules           →  repair → generate    →  edit → git, github, files
//!  Change(base, new)         Definition, Touched     Finding            Draft                   Edit → Outcome → Report → report
//! ```
//!
//! [`commands`] opens the adapters ([`git`], [`model`], [`cache`], [`github`]), runs the pure stages and
//! prints. Everything between the adapters is pure: text in, values out. `tests/it/house.rs` holds the
//! arrows to that.

pub mod adopt;
pub mod cache;
pub mod change;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod docstring;
pub mod edit;
pub mod env;
pub mod error;
pub mod generate;
pub mod git;
pub mod github;
pub mod language;
pub mod lock;
pub mod metrics;
pub mod model;
pub mod python;
pub mod repair;
pub mod report;
pub mod rules;
pub mod secret;
pub mod shared;
pub mod telemetry;
pub mod untrusted;
