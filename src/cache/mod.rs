//! [I/O] What was generated before, kept in sled.
