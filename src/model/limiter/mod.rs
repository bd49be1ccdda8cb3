//! Requests and tokens per minute: when the next request may go out.
//!
//! [`Limiter`] decides and knows no clock; [`SharedLimiter`] puts it on one and sleeps. Where several machines share a quota, the
//! same is decided in Redis, as one step and by its clock (`across.rs`, `window.lua`), and the limiter here only
//! remembers, for the time when Redis is away.

mod across;
mod quota;
mod waiting;
mod window;

pub use quota::{Observed, Quota, QuotaSource};
pub use waiting::{NotAdmitted, Patience, SharedLimiter};
pub use window::Limiter;
