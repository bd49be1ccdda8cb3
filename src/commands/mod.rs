//! One file per subcommand: opens adapters, runs stages, prints, decides the status.
