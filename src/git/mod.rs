//! [I/O] What changed, and writing back: staged, range; index and working tree; hook shims.
