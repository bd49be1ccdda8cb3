//! The quota that several machines share: the same decisions as in `window.rs`, made by Redis.

use std::sync::Arc;
use std::time::Duration;

use super::{Observed, Quota, QuotaSource};
use crate::shared::{Away, Handed, Redis, Repeat, Script};

/// A quota whose state is in Redis. Calls wait for the network.
#[derive(Debug)]
pub(super) struct Across {
    redis: Arc<Redis>,
    script: Script,
    keys: [String; 2],
}

impl Across {
    /// Names the state; whoever names it alike shares it.
    pub(super) fn new(redis: Arc<Redis>, name: &str) -> Self {
        // The braces keep both keys together on servers that split keys up.
        let keys = ["state", "admitted"].map(|part| redis.key(&format!("{{quota:{name}}}:{part}")));
        Self { redis, script: Script::new(include_str!("window.lua")), keys }
    }

    /// Admits a request now, or says how long to wait before asking again.
    pub(super) fn reserve(&self, quota: &Quota, tokens: u64) -> Result<Result<(), Duration>, Away> {
        let wait = self.run("reserve", quota, tokens.max(1))?;
        Ok(if wait.is_zero() { Ok(()) } else { Err(wait) })
    }

    /// Admits nothing for this long; a longer pause that is already set stays.
    pub(super) fn pause(&self, quota: &Quota, wait: Duration) -> Result<(), Away> {
        self.run("pause", quota, u64::try_from(wait.as_micros()).unwrap_or(u64::MAX)).map(|_| ())
    }

    /// Takes note of what the service says is left; what nobody here has used, others have.
    pub(super) fn observe(&self, quota: &Quota, observed: &Observed) -> Result<(), Away> {
        match observed.remaining_of(quota) {
            Some(remaining) => self.run("observe", quota, remaining).map(|_| ()),
            None => Ok(()),
        }
    }

    fn run(&self, operation: &str, quota: &Quota, amount: u64) -> Result<Duration, Away> {
        /// Beyond it the numbers of Lua are not exact; nobody has as much of anything.
        const LARGEST: u128 = 1 << 50;
        let number = |number: u128| number.min(LARGEST).to_string();
        let arguments = [
            operation.to_owned(),
            number(quota.requests.get().into()),
            number(quota.tokens.get().into()),
            number(quota.window.as_micros()),
            number(quota.held().as_micros()),
            number(quota.burst.get().into()),
            number(amount.into()),
            match quota.source {
                QuotaSource::Configured => "configured".to_owned(),
                QuotaSource::Assumed => "assumed".to_owned(),
            },
        ];
        // Doing it twice reserves too much, never too little.
        let with = Handed { keys: &self.keys, arguments: &arguments, repeat: Repeat::Once };
        let answer = self.redis.run(&self.script, &with)?;
        let wait = answer.first().and_then(|text| text.parse().ok());
        wait.map(Duration::from_micros).ok_or_else(|| self.redis.makes_no_sense())
    }
}
