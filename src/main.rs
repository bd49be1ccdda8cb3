//! The binary: parses the command line, runs, and turns the result into an exit code.

fn main() {}
