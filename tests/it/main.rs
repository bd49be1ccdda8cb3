//! The integration tests: one binary, one harness, real git.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking, and they set up files and environments by hand"
)]

mod adopt;
mod attempts;
mod azure;
mod check;
mod cli;
mod coverage;
mod crowd;
mod demo;
mod docs;
mod doctor;
mod documented;
mod edits;
mod encodings;
mod env_file;
mod examples;
mod fix;
mod formats;
mod generate;
mod git;
mod github;
mod github_server;
mod harness;
mod hook;
mod house;
mod limiter;
mod logging;
mod machines;
mod managers;
mod model;
mod names;
mod oracle;
mod probes;
mod promises;
mod redaction;
mod review;
mod search_server;
mod settings;
mod sign_in;
mod suppression;
mod sweep;
mod terminal;
mod tools;
