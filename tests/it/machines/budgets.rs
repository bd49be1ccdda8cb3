//! Budgets that several machines spend from.

use std::thread;
use std::time::Duration;

use docgate::model::ledger::{Allowance, Allowances, Amount, Ledger, LedgerError, Stretch};

use super::server::{self, Server};

fn amount(requests: u64, tokens: u64, cost: f64) -> Amount {
    Amount { requests, tokens, cost: Some(cost) }
}

fn ledger(server: &Server, allowances: Allowances) -> Ledger {
    Ledger::shared_through(server.machine(), allowances)
}

fn a_day(allowance: Allowance) -> Allowances {
    Allowances { day: allowance, ..Allowances::default() }
}

/// Keeps away from the last seconds of a minute and with it of an hour and a day, where counters begin anew.
fn away_from_the_end(server: &Server) {
    let time: (u64, u64) = redis::cmd("TIME").query(&mut server.raw()).unwrap();
    let left = 60 - time.0 % 60;
    if left < 10 {
        thread::sleep(Duration::from_secs(left));
    }
}

#[test]
fn many_machines_never_spend_more_than_there_is() {
    let Some(server) = server::server() else { return };
    away_from_the_end(&server);
    let table = [
        Allowance { requests: Some(50), ..Allowance::default() },
        Allowance { tokens: Some(509), ..Allowance::default() },
        Allowance { cost: Some(0.0509), ..Allowance::default() },
    ];
    for allowance in table {
        redis::cmd("FLUSHALL").exec(&mut server.raw()).unwrap();
        let granted: usize = thread::scope(|scope| {
            let spend = || {
                let ledger = ledger(&server, a_day(allowance));
                (0..20).filter(|_| ledger.reserve(amount(1, 10, 0.001)).is_ok()).count()
            };
            let machines: Vec<_> = (0..8).map(|_| scope.spawn(spend)).collect();
            machines.into_iter().map(|machine| machine.join().unwrap()).sum()
        });
        assert_eq!(granted, 50, "{allowance:?}");
    }
}

#[test]
fn each_stretch_has_a_budget_of_its_own_and_says_when_the_next_begins() {
    let Some(server) = server::server() else { return };
    away_from_the_end(&server);
    for (stretch, longest) in [(Stretch::Minute, 60), (Stretch::Hour, 3_600), (Stretch::Day, 86_400)] {
        redis::cmd("FLUSHALL").exec(&mut server.raw()).unwrap();
        let two = Allowance { requests: Some(2), ..Allowance::default() };
        let mut allowances = Allowances::default();
        match stretch {
            Stretch::Minute => allowances.minute = two,
            Stretch::Hour => allowances.hour = two,
            Stretch::Day => allowances.day = two,
        }
        let ledger = ledger(&server, allowances);
        ledger.reserve(amount(1, 1, 0.0)).unwrap();
        ledger.reserve(amount(1, 1, 0.0)).unwrap();
        let refused = ledger.reserve(amount(1, 1, 0.0)).unwrap_err();
        let LedgerError::Spent { stretch: spent, renewed_in } = refused else { panic!("{refused}") };
        assert_eq!(spent, stretch);
        assert!(renewed_in > Duration::ZERO && renewed_in <= Duration::from_secs(longest), "{renewed_in:?}");
        // The stretch before this one is over: what was used in it counts no more.
        let name = stretch.to_string();
        let mut raw = server.raw();
        redis::cmd("HINCRBY").arg("docgate:budget").arg(&name).arg(-1).exec(&mut raw).unwrap();
        ledger.reserve(amount(1, 1, 0.0)).unwrap();
        // One that is still to come, after a clock was turned back, counts.
        redis::cmd("HINCRBY").arg("docgate:budget").arg(&name).arg(7).exec(&mut raw).unwrap();
        ledger.reserve(amount(1, 1, 0.0)).unwrap();
        assert!(ledger.reserve(amount(1, 1, 0.0)).is_err());
    }
}

#[test]
fn what_is_settled_takes_the_place_of_what_was_reserved() {
    let Some(server) = server::server() else { return };
    away_from_the_end(&server);
    let day = Allowance { tokens: Some(1_000), cost: Some(1.0), ..Allowance::default() };
    let (one, other) = (ledger(&server, a_day(day)), ledger(&server, a_day(day)));
    let entry = one.reserve(amount(1, 1_000, 1.0)).unwrap();
    assert!(other.reserve(amount(1, 1, 0.0)).is_err());
    one.settle(entry, amount(2, 100, 0.125)).unwrap();
    let used: Vec<Amount> = other.balances().unwrap().iter().map(|balance| balance.used).collect();
    assert_eq!(used, [amount(2, 100, 0.125); 3]);
    other.reserve(amount(1, 900, 0.875)).unwrap();
}

#[test]
fn nothing_may_be_sent_when_what_was_spent_cannot_be_known() {
    let Some(mut server) = server::server() else { return };
    let open = ledger(&server, Allowances::default());
    let mut raw = server.raw();
    let good = ["minute", "hour", "day"]
        .map(|name| ["", ":requests", ":tokens", ":dollars"].map(|unit| format!("{name}{unit}")));
    for wrong in ["x", "-1", "nan", "inf", "1e999", ""] {
        redis::cmd("DEL").arg("docgate:budget").exec(&mut raw).unwrap();
        open.reserve(amount(1, 1, 0.0)).unwrap();
        redis::cmd("HSET").arg("docgate:budget").arg(&["day:tokens", wrong]).exec(&mut raw).unwrap();
        let refused = open.reserve(amount(1, 1, 0.0)).unwrap_err();
        assert!(
            matches!(&refused, LedgerError::Foreign { key } if key == "docgate:budget"),
            "{wrong}: {refused}"
        );
    }
    for field in good.iter().flatten() {
        redis::cmd("DEL").arg("docgate:budget").exec(&mut raw).unwrap();
        open.reserve(amount(1, 1, 0.0)).unwrap();
        redis::cmd("HDEL").arg("docgate:budget").arg(field).exec(&mut raw).unwrap();
        assert!(matches!(open.reserve(amount(1, 1, 0.0)), Err(LedgerError::Foreign { .. })), "{field}");
    }
    redis::cmd("SET").arg("docgate:budget").arg("text").exec(&mut raw).unwrap();
    assert!(matches!(open.reserve(amount(1, 1, 0.0)), Err(LedgerError::Foreign { .. })));
    redis::cmd("DEL").arg("docgate:budget").exec(&mut raw).unwrap();
    let entry = open.reserve(amount(1, 1, 0.0)).unwrap();
    server.kill();
    assert!(matches!(open.reserve(amount(1, 1, 0.0)), Err(LedgerError::Away(_))));
    assert!(matches!(open.settle(entry, amount(1, 1, 0.0)), Err(LedgerError::Away(_))));
    assert!(open.balances().is_err());
}
