//! The command line as clap structs, and nothing else.
