//! The only place that asks for the time, and how a time is written.
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

/// Writes a time since 1970-01-01 UTC as RFC 3339 wants it: `2026-01-02T03:04:05.678Z`.
#[must_use]
pub fn in_words(since_epoch: Duration) -> String {
    let seconds = since_epoch.as_secs();
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let milliseconds = since_epoch.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

/// Returns year, month and day of a day since 1970-01-01, counted in years that begin with March: the day that some
/// years have more is the last one then.
fn date(days: u64) -> (u64, u64, u64) {
    const BEFORE_1970: u64 = 719_468;
    const FOUR_CENTURIES: u64 = 146_097;
    let days = days + BEFORE_1970;
    let (centuries, day) = (days / FOUR_CENTURIES, days % FOUR_CENTURIES);
    let year = (day - day / 1_460 + day / 36_524 - day / (FOUR_CENTURIES - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let in_month = day - (153 * month + 2) / 5 + 1;
    let (month, is_next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (400 * centuries + year + is_next, month, in_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_calendar_has_them() {
        let table = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_735_689_599_001, "2024-12-31T23:59:59.001Z"),
            (1_772_323_200_000, "2026-03-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ];
        for (milliseconds, expected) in table {
            assert_eq!(in_words(Duration::from_millis(milliseconds)), expected);
        }
    }
}
