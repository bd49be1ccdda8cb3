//! How many requests are under way at the same time: more while the service keeps up, fewer when it does not.
//!
//! The quota alone does not say how many are needed, that depends on how long answers take. It begins with a few,
//! adds one for each answer until the service pushes back, and is careful after that: half as many at once, then one
//! more for each round of answers. This is how a network connection finds its speed (RFC 5681).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::clock;

const AT_FIRST: f64 = 4.0;
/// Push-backs closer together than this are one: several requests of the same moment were refused.
const ONE_EVENT: Duration = Duration::from_secs(1);

/// A gate for requests.
#[derive(Debug)]
pub(super) struct Concurrency {
    maximum: f64,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug)]
struct State {
    limit: f64,
    under_way: u32,
    /// When the service last pushed back.
    pushed_back: Option<Instant>,
}

/// The right to have a request under way, until it is dropped.
pub(super) struct Permit<'a>(&'a Concurrency);

impl Concurrency {
    /// Makes a gate that never lets more than `maximum` through.
    pub(super) fn new(maximum: u32) -> Self {
        let maximum = f64::from(maximum.max(1));
        let state = State { limit: AT_FIRST.min(maximum), under_way: 0, pushed_back: None };
        Self { maximum, state: Mutex::new(state), freed: Notify::new() }
    }

    /// Waits until there is room.
    pub(super) async fn enter(&self) -> Permit<'_> {
        loop {
            let freed = self.freed.notified();
            let entered = self.with(|state| {
                let has_room = f64::from(state.under_way) < state.limit.floor();
                state.under_way += u32::from(has_room);
                has_room
            });
            if entered {
                return Permit(self);
            }
            freed.await;
        }
    }

    /// Takes note of an answer.
    pub(super) fn answered(&self) {
        self.with(|state| {
            let step = if state.pushed_back.is_none() { 1.0 } else { 1.0 / state.limit };
            state.limit = (state.limit + step).min(self.maximum);
        });
        self.freed.notify_waiters();
    }

    /// Takes note that the service has too much to do.
    pub(super) fn pushed_back(&self) {
        let now = clock::monotonic();
        self.with(|state| {
            let is_news = state.pushed_back.is_none_or(|before| now.duration_since(before) > ONE_EVENT);
            if is_news {
                state.limit = (state.limit / 2.0).max(1.0);
                state.pushed_back = Some(now);
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.with(|state| state.under_way -= 1);
        self.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(gate: &Concurrency) -> f64 {
        gate.with(|state| state.limit)
    }

    #[test]
    fn it_grows_with_every_answer_until_the_service_pushes_back() {
        let gate = Concurrency::new(16);
        assert!((limit(&gate) - 4.0).abs() < 1e-9);
        for _ in 0..100 {
            gate.answered();
        }
        assert!((limit(&gate) - 16.0).abs() < 1e-9);
        gate.pushed_back();
        gate.pushed_back();
        assert!((limit(&gate) - 8.0).abs() < 1e-9, "two of one moment count once");
        for _ in 0..8 {
            gate.answered();
        }
        assert!(limit(&gate) > 8.9 && limit(&gate) < 9.1);
    }

    #[tokio::test]
    async fn no_more_than_the_limit_are_inside() {
        let gate = Concurrency::new(2);
        let first = gate.enter().await;
        let _second = gate.enter().await;
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, gate.enter()).await.is_err());
        drop(first);
        assert!(tokio::time::timeout(soon, gate.enter()).await.is_ok());
    }
}
