//! Layers of settings (built-in, file, environment, flags) merged into one validated value.
