//! Logging: a subscriber on stderr with the run id on every line; never source text, prompts, replies or keys.
