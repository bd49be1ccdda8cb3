//! [I/O] What runs and calls did: kept as lines of JSON, summed up, exported.
//!
//! Every request to a model and every run that wanted prose leaves a record of numbers and names; no record holds source
//! text, a prompt, an answer or a key. Figures are worked out from the records by pure functions. Like the cache, the
//! history is never needed for a verdict: what goes wrong with it is a sentence at the end of the run.

mod figures;
mod history;
mod record;
mod shown;

pub use figures::{Figures, Spread, figures};
pub use history::{History, Kept};
pub use record::{Call, Record, Run};
pub use shown::{Left, Shown, csv, json, prometheus, text};
