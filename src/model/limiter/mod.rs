//! Requests and tokens per minute: when the next request may go out.
//!
//! [`Limiter`] decides and knows no clock; [`SharedLimiter`] puts it on one and sleeps. The processes of one machine share its
//! state in a small file (`beside.rs`). Where several machines share a quota, the same is decided in Redis, as one step and
//! by its clock (`across.rs`, `window.lua`). The limiter of the process itself then only remembers, for the time when
//! neither can be reached.

mod across;
mod beside;
mod quota;
mod waiting;
mod window;

pub use quota::{Observed, Quota, QuotaSource};
pub use waiting::{NotAdmitted, Patience, SharedLimiter, Together};
pub use window::Limiter;
