//! One cache for several machines, each with a folder of its own.

use docgate::cache::{Access, Cache, Entry, EntryKind, Imported, Key, Limits, Tags};
use tempfile::TempDir;

use super::server::{self, Server};

fn key(number: u64) -> Key {
    Key::of(&[&number.to_le_bytes()])
}

fn entry(number: u64) -> (Key, Entry) {
    let at = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() - 100 + number;
    let kind = if number.is_multiple_of(10) { EntryKind::Failure } else { EntryKind::Answer };
    let tags = Tags { at, kind, path: format!("m{number}.py"), model: "gpt".to_owned(), ..Tags::default() };
    (key(number), Entry { tags, value: format!("value {number}").into_bytes() })
}

const LIMITS: Limits =
    Limits { answers_live: Some(1_000), failures_live: Some(500), bytes: None, access: Access::ReadAndWrite };

fn machine(server: &Server, folder: &TempDir, limits: Limits) -> Cache {
    Cache::open(folder.path().join("cache")).with_limits(limits).shared_through(Some(server.machine()))
}

fn found(cache: &Cache, numbers: &[u64]) -> Vec<bool> {
    let keys: Vec<Key> = numbers.iter().map(|number| key(*number)).collect();
    let found = cache.get_many(&keys);
    for (number, entry_found) in numbers.iter().zip(&found) {
        assert!(entry_found.as_ref().is_none_or(|it| it.value == entry(*number).1.value), "{number}");
    }
    found.iter().map(Option::is_some).collect()
}

fn name(number: u64) -> String {
    format!("docgate:cache:{}", key(number))
}

#[test]
fn what_one_machine_was_answered_another_need_not_ask() {
    let Some(server) = server::server() else { return };
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (one, other) = (machine(&server, &folders[0], LIMITS), machine(&server, &folders[1], LIMITS));
    one.put_many(&[entry(1), entry(10)]);
    assert_eq!(found(&other, &[1, 2, 10]), [true, false, true]);
    assert!(!folders[1].path().join("cache").exists(), "reading made a folder");
    let lives = |number| -> i64 { redis::cmd("TTL").arg(name(number)).query(&mut server.raw()).unwrap() };
    assert!((990..=1_000).contains(&lives(1)) && (490..=500).contains(&lives(10)));
    // What is too old does not count, whatever the server thinks.
    let strict = machine(&server, &folders[1], Limits { answers_live: Some(10), ..LIMITS });
    assert_eq!(found(&strict, &[1]), [false]);
}

#[test]
fn a_failure_of_another_machine_does_not_hide_what_this_one_was_answered() {
    let Some(server) = server::server() else { return };
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let (one, other) = (machine(&server, &folders[0], LIMITS), machine(&server, &folders[1], LIMITS));
    let answer = entry(1);
    one.put_many(std::slice::from_ref(&answer));
    let failure = (key(1), Entry { value: b"failed".to_vec(), ..entry(10).1 });
    other.put_many(std::slice::from_ref(&failure));
    assert_eq!(one.get_many(&[key(1)]), [Some(answer.1)]);
    assert_eq!(other.get_many(&[key(1)]), [Some(failure.1)]);
    assert_eq!(one.failures(), Some(vec![]));
}

#[test]
fn without_the_server_the_folder_has_what_this_machine_was_answered() {
    let Some(mut server) = server::server() else { return };
    let folder = TempDir::new().unwrap();
    let cache = machine(&server, &folder, LIMITS);
    cache.put_many(&[entry(1)]);
    server.kill();
    cache.put_many(&[entry(2)]);
    assert_eq!(found(&cache, &[1, 2, 3]), [true, true, false]);
    assert_eq!(cache.take_notices(), []);
    let later = machine(&server, &folder, LIMITS);
    assert_eq!(found(&later, &[1, 2]), [true, true]);
}

#[test]
fn foreign_and_damaged_entries_are_dropped_and_never_believed() {
    let Some(server) = server::server() else { return };
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    machine(&server, &folders[0], LIMITS).put_many(&[entry(1), entry(2), entry(3)]);
    let mut raw = server.raw();
    let mut bytes: Vec<u8> = redis::cmd("GET").arg(name(1)).query(&mut raw).unwrap();
    // Another's entry, a damaged one, something else, and what is no text at all.
    redis::cmd("SET").arg(name(4)).arg(&bytes).exec(&mut raw).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    redis::cmd("SET").arg(name(1)).arg(&bytes).exec(&mut raw).unwrap();
    redis::cmd("SET").arg(name(2)).arg("{}").exec(&mut raw).unwrap();
    redis::cmd("RPUSH").arg(name(5)).arg("a").exec(&mut raw).unwrap();
    let reader = machine(&server, &folders[1], Limits { access: Access::ReadOnly, ..LIMITS });
    assert_eq!(found(&reader, &[1, 2, 3, 4, 5]), [false, false, true, false, false]);
    assert_eq!(server.keys().len(), 5, "who only reads dropped something");
    let writer = machine(&server, &folders[1], LIMITS);
    assert_eq!(found(&writer, &[1, 2, 3, 4, 5]), [false, false, true, false, false]);
    let mut left = vec![name(3), name(5)];
    left.sort();
    assert_eq!(server.keys(), left);
    writer.put_many(&[entry(5)]);
    assert_eq!(found(&machine(&server, &folders[0], LIMITS), &[5]), [true]);
}

#[test]
fn who_only_reads_writes_nothing() {
    let Some(server) = server::server() else { return };
    let folder = TempDir::new().unwrap();
    let reader = machine(&server, &folder, Limits { access: Access::ReadOnly, ..LIMITS });
    reader.put_many(&[entry(1)]);
    assert_eq!(server.keys(), Vec::<String>::new());
}

#[test]
fn upkeep_is_of_the_folder_and_of_the_server_and_of_nothing_else_there() {
    let Some(server) = server::server() else { return };
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [one, other, third] = [0, 1, 2].map(|index| machine(&server, &folders[index], LIMITS));
    redis::cmd("SET").arg("theirs").arg("1").exec(&mut server.raw()).unwrap();
    redis::cmd("SET").arg("docgate:budget").arg("1").exec(&mut server.raw()).unwrap();
    one.put_many(&(1..8).map(entry).collect::<Vec<_>>());
    other.put_many(&[entry(10)]);
    let info = other.info_shared().unwrap().unwrap();
    assert_eq!((info.answers, info.failures, info.stale), (7, 1, 0));
    assert_eq!(other.info().unwrap().failures, 1);
    let failures: Vec<Key> = third.failures().unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(failures, [key(10)]);
    assert_eq!(other.prune_shared(|tags| tags.path == "m3.py"), Some(Ok(1)));
    assert_eq!(found(&other, &[2, 3]), [true, false]);

    let file = folders[2].path().join("answers.jsonl");
    assert_eq!(third.export(&file).unwrap(), 7);
    assert_eq!(third.clear_shared(), Some(Ok(())));
    assert_eq!(server.keys(), ["docgate:budget", "theirs"]);
    // The folder that has them all helps the server to those that it lacks.
    assert_eq!(one.import(&file).unwrap(), Imported { entries: 7, refused: 0 });
    assert_eq!(one.import(&file).unwrap(), Imported { entries: 0, refused: 0 });
    assert_eq!(found(&third, &[1, 2, 3, 10]), [true, true, false, true]);
}
