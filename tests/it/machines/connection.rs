//! Reaching a server, and doing without it.

use std::time::{Duration, Instant};

use docgate::secret::Secret;
use docgate::shared::{Handed, Redis, RedisSettings, Repeat, Script};

use super::server::{self, settings};

fn get(redis: &Redis) -> Result<Vec<Option<Vec<u8>>>, String> {
    redis.get_many(&[redis.key("a")]).map_err(|away| away.to_string())
}

fn put(redis: &Redis) {
    redis.put_many(&[(redis.key("a"), b"value".to_vec(), 100)]).unwrap();
}

#[test]
fn a_password_is_needed_and_never_shown() {
    let Some(server) = server::server_with(&["--requirepass", "hunter2 & more"]) else { return };
    let at = |user: &str| Redis::new(settings(&format!("redis://{user}{}", server.address()))).unwrap();
    put(&at(":hunter2%20%26%20more@"));
    for (user, secret) in [(":wrong-hunter@", "wrong-hunter"), ("", "hunter2"), ("ada:hunter3@", "hunter3")] {
        let redis = at(user);
        let said = get(&redis).unwrap_err();
        assert!(said.contains("uthentication"), "{said}");
        assert!(!format!("{said} {redis:?} {:?}", redis.trouble()).contains(secret), "{said}");
    }
}

#[test]
fn tls_is_spoken_with_who_proves_who_it_is() {
    let Some(server) = server::server_with_tls() else { return };
    let pem = std::fs::read(server.folder().join("ca.pem")).unwrap();
    let trusting = RedisSettings { certificates: Some(pem.clone()), ..settings(&server.url()) };
    let redis = Redis::new(trusting).unwrap();
    put(&redis);
    assert_eq!(get(&redis), Ok(vec![Some(b"value".to_vec())]));
    let stranger = Redis::new(settings(&server.url())).unwrap();
    assert!(get(&stranger).unwrap_err().contains("certificate"), "{:?}", get(&stranger));
    // The certificate is for this machine's names.
    let url = Secret::new(&server.url().replace("127.0.0.1", "127.0.0.2"));
    let other_name = RedisSettings { url, certificates: Some(pem), ..settings("") };
    assert!(get(&Redis::new(other_name).unwrap()).is_err());
    // Whoever speaks without TLS gets no answer.
    assert!(get(&Redis::new(settings(&format!("redis://{}", server.address()))).unwrap()).is_err());
}

#[test]
fn a_script_that_the_server_has_forgotten_is_sent_again() {
    let Some(server) = server::server() else { return };
    let redis = server.machine();
    let script = Script::new("return {ARGV[1]}");
    let arguments = ["a".to_owned()];
    let handed = Handed { keys: &[], arguments: &arguments, repeat: Repeat::Never };
    for _ in 0..3 {
        assert_eq!(redis.run(&script, &handed).unwrap(), ["a"]);
        redis::cmd("SCRIPT").arg("FLUSH").exec(&mut server.raw()).unwrap();
    }
    // It went over the wire as its name: the server has counted how often it was called.
    let statistics: String = redis::cmd("INFO").arg("commandstats").query(&mut server.raw()).unwrap();
    assert!(statistics.contains("cmdstat_evalsha:calls=6"), "{statistics}");
}

#[test]
fn a_connection_that_was_closed_is_made_anew() {
    let Some(server) = server::server() else { return };
    let redis = server.machine();
    put(&redis);
    let close =
        || redis::cmd("CLIENT").arg(&["KILL", "TYPE", "normal", "SKIPME", "yes"]).exec(&mut server.raw());
    close().unwrap();
    assert_eq!(get(&redis), Ok(vec![Some(b"value".to_vec())]));
    assert_eq!(redis.trouble(), None);
    close().unwrap();
    let script = Script::new("return {tostring(redis.call('INCR', KEYS[1]))}");
    let keys = [redis.key("count")];
    let once = Handed { keys: &keys, arguments: &[], repeat: Repeat::Never };
    for expected in ["1", "2"] {
        assert_eq!(redis.run(&script, &once).unwrap(), [expected]);
        close().unwrap();
    }
    assert_eq!(redis.trouble(), None);
}

#[test]
fn what_may_be_done_once_only_is_not_repeated_when_no_answer_comes() {
    let Some(server) = server::server() else { return };
    let redis = server.machine();
    put(&redis);
    // It is done, and the answer does not come in time.
    let script = Script::new(
        "redis.call('INCR', KEYS[1]) local began = os.clock() while os.clock() - began < 3 do end return {}",
    );
    let keys = [redis.key("count")];
    let once = Handed { keys: &keys, arguments: &[], repeat: Repeat::Never };
    assert!(redis.run(&script, &once).is_err());
    let count: u64 = redis::cmd("GET").arg(&keys).query(&mut server.raw()).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_primary_that_is_none_any_more_is_not_kept() {
    let Some(server) = server::server() else { return };
    let redis = server.machine();
    put(&redis);
    let mut raw = server.raw();
    redis::cmd("REPLICAOF").arg("127.0.0.1").arg("1").exec(&mut raw).unwrap();
    let error = redis.put_many(&[(redis.key("a"), b"other".to_vec(), 100)]).unwrap_err();
    assert!(error.to_string().to_lowercase().contains("read"), "{error}");
    // Whoever goes by the name of the server next is asked, and not the old connection.
    let began = Instant::now();
    let connections = |raw: &mut redis::Connection| -> usize {
        let list: String = redis::cmd("CLIENT").arg(&["LIST", "TYPE", "normal"]).query(raw).unwrap();
        list.lines().count()
    };
    while connections(&mut raw) > 1 {
        assert!(began.elapsed() < Duration::from_secs(4), "the connection is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_that_hangs_is_left_alone_and_comes_back() {
    let Some(server) = server::server() else { return };
    let redis = server.machine();
    put(&redis);
    server.signal("-STOP");
    let began = Instant::now();
    for _ in 0..100 {
        assert!(get(&redis).is_err());
    }
    let took = began.elapsed();
    server.signal("-CONT");
    assert!(took < Duration::from_secs(4), "{took:?}");
    std::thread::sleep(Duration::from_millis(5_200).saturating_sub(took));
    while get(&redis).is_err() {
        assert!(began.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn keys_of_others_are_not_touched() {
    let Some(server) = server::server() else { return };
    let strange = RedisSettings { prefix: "a*[b]".to_owned(), ..settings(&server.url()) };
    let redis = Redis::new(strange).unwrap();
    for key in ["a*[b]:x1", "a*[b]:y", "axb:x2", "docgate:x3", "x4"] {
        redis::cmd("SET").arg(key).arg("1").exec(&mut server.raw()).unwrap();
    }
    let found = redis.keys_below("x").unwrap();
    assert_eq!(found, ["a*[b]:x1"]);
    redis.drop_many(&found).unwrap();
    assert_eq!(server.keys(), ["a*[b]:y", "axb:x2", "docgate:x3", "x4"]);
}
