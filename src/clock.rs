//! The only place that asks for the time.
//!
//! Everything else is handed a value, so that it can be tested with any time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Returns a point in time that only moves forward, for measuring durations.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the time is asked for")]
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Returns the calendar time as a duration since 1970-01-01 UTC.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is where the time is asked for")]
pub fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
