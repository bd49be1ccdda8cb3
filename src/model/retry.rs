//! When to ask again: which statuses pass, what a service demands, and how long to wait unasked.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use reqwest::header::HeaderMap;

/// Returns whether a request with this HTTP status may succeed when it is repeated.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500..=599)
}

/// Returns the wait that a service demands, from `retry-after-ms`, else from `retry-after` in seconds or as a date.
///
/// `now` is the calendar time since 1970-01-01 UTC. Values that cannot be read, zero and less are no demand:
/// services send `-1` and `0`.
pub(super) fn demanded_wait(headers: &HeaderMap, now: Duration) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let in_milliseconds = text("retry-after-ms").and_then(|text| positive(text, 1_000.0));
    in_milliseconds.or_else(|| {
        let text = text("retry-after")?;
        positive(text, 1.0).or_else(|| until(text, now))
    })
}

/// Returns the wait before another attempt when the service named none: 0.5 s doubled each time, at most 8 s.
///
/// `chance` between 0 and 1 takes away up to a quarter, so that many waiters do not return at once.
pub(super) fn backoff(attempt: u32, chance: f64) -> Duration {
    let doubled = Duration::from_millis(500).saturating_mul(1_u32 << attempt.min(8));
    doubled.min(Duration::from_secs(8)).mul_f64(1.0 - 0.25 * chance.clamp(0.0, 1.0))
}

/// Returns a number between 0 and 1 that differs each time; good enough to spread waits, for nothing else.
pub(super) fn chance() -> f64 {
    // Every `RandomState` of the standard library hashes differently.
    let [first, second, ..] = RandomState::new().hash_one(()).to_le_bytes();
    f64::from(u16::from_le_bytes([first, second])) / f64::from(u16::MAX)
}

fn positive(text: &str, per_second: f64) -> Option<Duration> {
    /// Longer than anybody waits, and far from the end of what a `Duration` holds.
    const LONGEST_SECONDS: f64 = 1e9;
    let seconds = text.parse::<f64>().ok()? / per_second;
    (seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST_SECONDS)))
}

fn until(date: &str, now: Duration) -> Option<Duration> {
    let date = httpdate::parse_http_date(date).ok()?;
    let since_epoch = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    since_epoch.checked_sub(now).filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderName;

    use super::*;

    type Headers = &'static [(&'static str, &'static str)];

    #[test]
    fn demands_are_read_leniently() {
        let before = Duration::from_secs(1_767_323_045);
        let milliseconds = Duration::from_millis;
        let table: [(Headers, Option<Duration>); 16] = [
            (&[], None),
            (&[("retry-after-ms", "250")], Some(milliseconds(250))),
            (&[("retry-after-ms", "250"), ("retry-after", "9")], Some(milliseconds(250))),
            (&[("retry-after-ms", "-1"), ("retry-after", "9")], Some(milliseconds(9_000))),
            (&[("retry-after-ms", "soon"), ("retry-after", " 9 ")], Some(milliseconds(9_000))),
            (&[("retry-after", "1.5")], Some(milliseconds(1_500))),
            (&[("retry-after", "0")], None),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "86400")], Some(milliseconds(86_400_000))),
            (&[("retry-after", "1e300")], Some(milliseconds(1_000_000_000_000))),
            (&[("retry-after", "inf")], Some(milliseconds(1_000_000_000_000))),
            (&[("retry-after", "Fri, 02 Jan 2026 03:04:35 GMT")], Some(milliseconds(30_000))),
            (&[("retry-after", "Fri, 02 Jan 2026 03:04:05 GMT")], None),
            (&[("retry-after", "Fri, 02 Jan 1926 03:04:05 GMT")], None),
            (&[("retry-after", "tomorrow")], None),
        ];
        for (headers, expected) in table {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            assert_eq!(demanded_wait(&headers, before), expected, "{headers:?}");
        }
    }

    #[test]
    fn waits_grow_up_to_eight_seconds() {
        let waits: Vec<f64> = (0..7).map(|attempt| backoff(attempt, 0.0).as_secs_f64()).collect();
        assert_eq!(format!("{waits:?}"), "[0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]");
        assert_eq!(backoff(0, 1.0), Duration::from_millis(375));
        assert_eq!(backoff(u32::MAX, 0.0), Duration::from_secs(8));
    }

    #[test]
    fn chances_lie_between_zero_and_one() {
        assert!((0..100).map(|_| chance()).all(|chance| (0.0..=1.0).contains(&chance)));
    }

    #[test]
    fn only_passing_statuses_are_repeated() {
        for status in [408, 409, 429, 500, 502, 503, 529] {
            assert!(is_passing(status), "{status}");
        }
        for status in [200, 302, 400, 401, 403, 404, 413, 422] {
            assert!(!is_passing(status), "{status}");
        }
    }
}
