//! Deterministic answers to findings: what can be derived from the code is never asked of a model.
