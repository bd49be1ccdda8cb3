//! Outcomes of a run, its exit status, and every format they are printed in.
