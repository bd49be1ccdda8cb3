//! One quota for several machines: never exceeded together, and the same decisions as one process makes for itself.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use docgate::model::limiter::{
    Limiter, NotAdmitted, Observed, Patience, Quota, QuotaSource, SharedLimiter, Together,
};
use docgate::shared::Redis;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::server;

const WINDOW: &str = include_str!("../../../src/model/limiter/window.lua");

fn at_once(requests: u64, tokens: u64) -> Quota {
    Quota { burst: NonZeroU64::new(1_000_000).unwrap(), ..Quota::per_minute(requests, tokens).unwrap() }
}

fn limiter(quota: Quota, redis: Arc<Redis>) -> SharedLimiter {
    SharedLimiter::new(quota).shared_in(Together::Machines(redis), "quota")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn patience(longest: Duration) -> Patience {
    Patience { longest, deadline: Instant::now() + Duration::from_secs(600) }
}

/// Asks until it is refused, which in a window that allows bursts means that the window is full.
fn admitted(limiter: &SharedLimiter, tokens: u64) -> u64 {
    let mut count = 0;
    while block_on(limiter.admit(tokens, patience(Duration::ZERO))).is_ok() {
        count += 1;
    }
    count
}

/// Asks again and again for some time, and counts what is admitted.
fn admitted_within(limiter: &SharedLimiter, time: Duration) -> u64 {
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < time {
        match block_on(limiter.admit(1, patience(Duration::ZERO))) {
            Ok(()) => count += 1,
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
    count
}

#[test]
fn eight_machines_at_once_get_exactly_what_one_would() {
    let Some(server) = server::server() else { return };
    // Of 50 requests 50, of 1,000 tokens as many sevens as there are.
    for (name, quota, tokens, expected) in
        [("requests", at_once(50, 1_000_000), 1, 50), ("tokens", at_once(1_000_000, 1_000), 7, 142)]
    {
        let count: u64 = thread::scope(|scope| {
            let ask = || {
                let limiter = SharedLimiter::new(quota).shared_in(Together::Machines(server.machine()), name);
                admitted(&limiter, tokens)
            };
            let machines: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            machines.into_iter().map(|machine| machine.join().unwrap()).sum()
        });
        assert_eq!(count, expected, "{name}");
    }
    assert!(server.keys().iter().all(|key| key.starts_with("docgate:{quota:")), "{:?}", server.keys());
}

#[test]
fn machines_are_paced_within_the_second_together() {
    let Some(server) = server::server() else { return };
    let quota = Quota::per_minute(600, 1_000_000).unwrap();
    let began = Instant::now();
    let count: u64 = thread::scope(|scope| {
        let ask = || admitted_within(&limiter(quota, server.machine()), Duration::from_secs(3));
        let machines: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        machines.into_iter().map(|machine| machine.join().unwrap()).sum()
    });
    // Ten a second, the first at once, and one that was late catches up; how many are missed, a busy machine decides.
    let most = began.elapsed().as_secs_f64() * 10.0 + 2.0;
    let count = f64::from(u32::try_from(count).unwrap());
    assert!((5.0..=most).contains(&count), "{count} of {most}");
}

#[test]
fn a_pause_and_what_strangers_use_hold_for_every_machine() {
    let Some(server) = server::server() else { return };
    let quota = at_once(60, 100);
    let (one, other) = (limiter(quota, server.machine()), limiter(quota, server.machine()));
    let wait = |limiter: &SharedLimiter, tokens| block_on(limiter.admit(tokens, patience(Duration::ZERO)));
    let observed =
        Observed { limit_tokens: NonZeroU64::new(100), remaining_tokens: Some(30), ..Observed::default() };
    assert_eq!(wait(&one, 10), Ok(()));
    // Of the seventy that are used, sixty are not ours.
    block_on(one.observe(observed));
    assert_eq!(wait(&other, 30), Ok(()));
    assert!(matches!(wait(&other, 1), Err(NotAdmitted::Wait(_))));
    block_on(one.pause_for(Duration::from_secs(500)));
    let Err(NotAdmitted::Wait(left)) = wait(&other, 1) else { panic!() };
    assert!(left > Duration::from_secs(490), "{left:?}");
}

#[test]
fn what_the_service_allows_is_known_to_machines_that_were_not_told() {
    let Some(server) = server::server() else { return };
    let assumed = Quota { source: QuotaSource::Assumed, ..at_once(2, 100) };
    let (one, other) = (limiter(assumed, server.machine()), limiter(assumed, server.machine()));
    let observed = Observed {
        limit_requests: NonZeroU64::new(5),
        limit_tokens: NonZeroU64::new(1_000),
        remaining_tokens: Some(1_000),
    };
    block_on(one.observe(observed));
    assert_eq!(admitted(&other, 1), 5);
    // Who was told another quota keeps to that.
    let strict = limiter(at_once(2, 100), server.machine());
    assert_eq!(admitted(&strict, 1), 0);
}

#[test]
fn without_the_server_each_process_keeps_to_the_quota_by_itself_and_later_all_do_again() {
    let Some(mut server) = server::server() else { return };
    let quota = at_once(10, 1_000_000);
    let (one, other) = (server.machine(), server.machine());
    let (first, second) = (limiter(quota, Arc::clone(&one)), limiter(quota, other));
    assert_eq!(admitted(&first, 1), 10);
    assert_eq!(admitted(&second, 1), 0);
    server.kill();
    // The first has sent all it may, the second nothing yet.
    assert_eq!(admitted(&first, 1), 0);
    assert_eq!(admitted(&second, 1), 10);
    assert!(one.trouble().is_some());
    server.start();
    thread::sleep(Duration::from_millis(5_100));
    // The new server knows nothing, and one that comes now finds it.
    let third = limiter(quota, server.machine());
    assert_eq!(admitted(&third, 1), 10);
    assert_eq!(admitted(&second, 1), 0);
    assert!(server.keys().iter().any(|key| key.contains("admitted")));
}

#[test]
fn state_that_is_none_or_from_the_future_stops_nobody() {
    let Some(server) = server::server() else { return };
    let quota = at_once(10, 1_000);
    assert_eq!(block_on(limiter(quota, server.machine()).admit(1, patience(Duration::ZERO))), Ok(()));
    let keys = server.keys();
    let (admitted, state) = (&keys[0], &keys[1]);
    let mut raw = server.raw();
    redis::cmd("HSET").arg(state).arg(&["now", "9000000000000000", "due", "x"]).exec(&mut raw).unwrap();
    assert_eq!(block_on(limiter(quota, server.machine()).admit(1, patience(Duration::ZERO))), Ok(()));
    redis::cmd("RPUSH").arg(admitted).arg("no entry").exec(&mut raw).unwrap();
    assert_eq!(block_on(limiter(quota, server.machine()).admit(1, patience(Duration::ZERO))), Ok(()));
    redis::cmd("SET").arg(state).arg("no hash").exec(&mut raw).unwrap();
    let machine = server.machine();
    assert_eq!(block_on(limiter(quota, Arc::clone(&machine)).admit(1, patience(Duration::ZERO))), Ok(()));
    assert!(machine.trouble().is_some(), "the process went on alone");
}

#[test]
fn what_nobody_uses_any_more_goes_away() {
    let Some(server) = server::server() else { return };
    let quota = Quota { window: Duration::from_millis(300), ..at_once(10, 1_000) };
    block_on(limiter(quota, server.machine()).admit(1, patience(Duration::ZERO))).unwrap();
    assert_eq!(server.keys().len(), 2);
    thread::sleep(Duration::from_millis(900));
    assert_eq!(server.keys(), Vec::<String>::new());
}

/// One step of a game that both limiters play.
#[derive(Debug, Clone)]
enum Step {
    Reserve(u64),
    Pause(u64),
    Observe(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0_u64..6_000).prop_map(Step::Reserve),
        1 => (0_u64..20_000_000).prop_map(Step::Pause),
        1 => (0_u64..5_000).prop_map(Step::Observe),
    ]
}

/// The script with a clock that the test holds; nothing else is changed.
fn with_clock() -> String {
    let text = WINDOW.replace("redis.call('TIME')", "{ARGV[9], ARGV[10]}");
    assert_ne!(text, WINDOW);
    text
}

/// Plays a game with both, and compares what they say.
fn compare(raw: &mut redis::Connection, quota: Quota, steps: &[(u64, Step)]) {
    let script = redis::Script::new(&with_clock());
    redis::cmd("FLUSHALL").exec(raw).unwrap();
    let mut limiter = Limiter::new(quota);
    let mut now = Duration::from_secs(1_767_355_200);
    let held = quota.window + quota.window / 100;
    let mut ask = |operation: &str, amount: u64, now: Duration| -> u64 {
        let numbers = [
            quota.requests.get(),
            quota.tokens.get(),
            u64::try_from(quota.window.as_micros()).unwrap(),
            u64::try_from(held.as_micros()).unwrap(),
            quota.burst.get(),
            amount,
        ];
        let clock = [now.as_secs(), u64::from(now.subsec_micros())];
        let mut invocation = script.key("state");
        invocation.key("admitted").arg(operation).arg(&numbers).arg("configured").arg(&clock);
        let answer: Vec<u64> = invocation.invoke(raw).unwrap();
        answer[0]
    };
    for (index, (pause, step)) in steps.iter().enumerate() {
        now += Duration::from_micros(*pause);
        match step {
            Step::Pause(wait) => {
                limiter.pause(now + Duration::from_micros(*wait));
                assert_eq!(ask("pause", *wait, now), 0);
            }
            Step::Observe(remaining) => {
                let remaining = (*remaining).min(quota.tokens.get());
                let observed = Observed {
                    limit_tokens: Some(quota.tokens),
                    remaining_tokens: Some(remaining),
                    ..Observed::default()
                };
                limiter.observe(now, &observed);
                assert_eq!(ask("observe", remaining, now), 0);
            }
            Step::Reserve(tokens) => {
                // Both are asked until they admit; one rounds to nanoseconds, the other to microseconds.
                loop {
                    let here = limiter.reserve(now, *tokens).map_or_else(|wait| wait, |()| Duration::ZERO);
                    let there = Duration::from_micros(ask("reserve", (*tokens).max(1), now));
                    let apart = here.abs_diff(there);
                    assert!(apart < Duration::from_millis(1), "step {index}: {here:?} here, {there:?} there");
                    if here.is_zero() != there.is_zero() {
                        // One has admitted a hair before the other; that other is due now.
                        now += here.max(there);
                        if here.is_zero() {
                            assert_eq!(ask("reserve", (*tokens).max(1), now), 0, "step {index}");
                        } else {
                            assert_eq!(limiter.reserve(now, *tokens), Ok(()), "step {index}");
                        }
                        break;
                    }
                    if here.is_zero() {
                        break;
                    }
                    now += here.max(there);
                }
            }
        }
    }
}

#[test]
fn redis_decides_as_one_process_does() {
    let Some(server) = server::server() else { return };
    let mut raw = server.raw();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let game =
        (1_u64..400, 1_u64..5_000, 1_u64..20, prop::collection::vec((0_u64..20_000_000, step()), 1..60));
    for _ in 0..150 {
        let (requests, tokens, burst, steps) = game.new_tree(&mut runner).unwrap().current();
        let burst = NonZeroU64::new(burst).unwrap();
        compare(&mut raw, Quota { burst, ..Quota::per_minute(requests, tokens).unwrap() }, &steps);
    }
}
