//! What the rules say about code as people write it, as tables of texts and findings.

mod cases;
mod table;
