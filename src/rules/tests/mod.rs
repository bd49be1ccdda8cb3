//! What the rules say about code as people write it, as tables of texts and findings.

mod answers;
mod by_the_letter;
mod cases;
mod defaults;
mod exceptions;
mod initializer;
mod missing_section;
mod parameters;
mod placeholder;
mod quality;
mod results;
mod staleness;
mod styles;
mod suppression;
mod table;
mod text;
mod types;
mod unclear_entry;
mod undocumented;
mod usual_style;
