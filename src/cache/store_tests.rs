//! Tests of the store on real folders, damaged ones included.

use std::io::Write as _;
use std::path::Path;

use tempfile::TempDir;

use super::*;

fn key(number: u32) -> Key {
    Key::of(&[b"key", &number.to_le_bytes()])
}

fn value(number: u32) -> Entry {
    let tags = Tags { at: 1_767_355_200 + u64::from(number), name: format!("f{number}"), ..Tags::default() };
    Entry { tags, value: format!("value {number} ").repeat(20).into_bytes() }
}

fn entries(numbers: std::ops::Range<u32>) -> Vec<(Key, Entry)> {
    numbers.map(|number| (key(number), value(number))).collect()
}

#[test]
fn values_come_back_in_the_order_of_their_keys() {
    let folder = TempDir::new().unwrap();
    let cache = Cache::open(folder.path().join("a/b"));
    assert_eq!(cache.get_many(&[key(1)]), [None]);
    assert!(!folder.path().join("a").exists(), "reading made a folder");
    cache.put_many(&entries(0..3));
    let cache = Cache::open(folder.path().join("a/b"));
    assert_eq!(cache.get_many(&[key(2), key(7), key(0)]), [Some(value(2)), None, Some(value(0))]);
    let new = Entry { value: b"new".to_vec(), ..value(0) };
    cache.put_many(&[(key(0), new.clone())]);
    assert_eq!(cache.get_many(&[key(0)]), [Some(new)]);
    assert_eq!(cache.take_notices(), []);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_look_into_the_cache() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let cache = Cache::open(folder.path().join("cache"));
    cache.put_many(&entries(0..1));
    for path in ["cache", "cache/store"] {
        let mode = fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{path}");
    }
}

#[test]
fn two_runs_at_once_lose_nothing() {
    let folder = TempDir::new().unwrap();
    thread::scope(|scope| {
        for worker in 0..4 {
            let folder = folder.path();
            scope.spawn(move || {
                let cache = Cache { patience: Duration::from_secs(60), ..Cache::open(folder) };
                for number in worker * 10..worker * 10 + 5 {
                    cache.put_many(&entries(number..number + 1));
                    assert_eq!(cache.get_many(&[key(number)]), [Some(value(number))]);
                }
                assert_eq!(cache.take_notices(), []);
            });
        }
    });
    let cache = Cache::open(folder.path());
    for number in (0..4).flat_map(|worker| worker * 10..worker * 10 + 5) {
        assert_eq!(cache.get_many(&[key(number)]), [Some(value(number))], "{number}");
    }
}

#[test]
fn a_cache_in_use_is_gone_without() {
    let folder = TempDir::new().unwrap();
    Cache::open(folder.path()).put_many(&entries(0..1));
    let held = File::open(folder.path().join("docgate.lock")).unwrap();
    held.lock().unwrap();
    let patience = Duration::from_millis(30);
    let cache = Cache { patience, ..Cache::open(folder.path()) };
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    cache.put_many(&entries(1..2));
    let busy = CacheNotice::Busy { folder: folder.path().to_owned(), waited: patience };
    assert_eq!(cache.take_notices(), [busy]);
    drop(held);
    assert_eq!(cache.get_many(&[key(0), key(1)]), [Some(value(0)), None]);
}

#[test]
fn a_store_that_somebody_else_has_open_is_not_taken_for_damaged() {
    let folder = TempDir::new().unwrap();
    let other = settings(&folder.path().join(STORE)).open().unwrap();
    let cache = Cache { patience: Duration::from_millis(30), ..Cache::open(folder.path()) };
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    assert!(matches!(cache.take_notices().as_slice(), [CacheNotice::Busy { .. }]));
    drop(other);
    assert!(!folder.path().join(SET_ASIDE).exists());
}

#[test]
fn a_file_in_place_of_the_folder_is_a_notice() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cache");
    File::create(&path).unwrap();
    let cache = Cache::open(&path);
    cache.put_many(&entries(0..1));
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    assert!(matches!(cache.take_notices().as_slice(), [CacheNotice::Unusable { .. }]));
    assert_eq!(cache.take_notices(), [], "a notice is given out once");
}

#[test]
fn a_file_in_place_of_the_store_is_a_notice() {
    let folder = TempDir::new().unwrap();
    File::create(folder.path().join(STORE)).unwrap();
    let cache = Cache::open(folder.path());
    cache.put_many(&entries(0..1));
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    assert!(!cache.take_notices().is_empty());
}

#[test]
fn a_full_disk_is_a_notice() {
    let folder = TempDir::new().unwrap();
    let cache = Cache { free_bytes: u64::MAX, ..Cache::open(folder.path()) };
    cache.put_many(&entries(0..1));
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    let [notice] = cache.take_notices().try_into().unwrap();
    assert!(notice.to_string().ends_with("there is no space left on its disk"), "{notice}");
}

#[test]
fn a_store_that_hangs_is_left_behind() {
    let folder = TempDir::new().unwrap();
    let cache = Cache { deadline: Duration::from_millis(50), ..Cache::open(folder.path()) };
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let stuck = cache.with_store(move |_| {
        let _ = held.lock().unwrap().recv();
        Ok(())
    });
    assert_eq!(stuck, None);
    cache.put_many(&entries(0..1));
    assert_eq!(cache.get_many(&[key(0)]), [None]);
    assert!(matches!(cache.take_notices().as_slice(), [CacheNotice::Unusable { .. }]));
    drop(release);
}

#[test]
fn foreign_and_damaged_entries_are_dropped() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(STORE);
    let foreign: [&[u8]; 4] = [
        b"",
        b"x",
        b"\x01 another version of at least thirty-three bytes",
        &entry::encode(&key(9), &value(9)),
    ];
    {
        let store = settings(&path).open().unwrap();
        for (number, bytes) in (0..).zip(foreign) {
            store.insert(key(number).as_bytes(), bytes).unwrap();
        }
    }
    let cache = Cache { patience: Duration::from_secs(60), ..Cache::open(folder.path()) };
    assert_eq!(cache.get_many(&[key(0), key(1), key(2), key(3)]), [None, None, None, None]);
    assert_eq!(cache.take_notices(), []);
    cache.with_store(|store| {
        assert_eq!(store.len(), 0);
        Ok(())
    });
}

/// Damages each of sled's files in many ways; nothing but the truth or nothing may come back.
#[test]
fn damaged_files_never_give_a_wrong_value() {
    const MUTATIONS: u32 = 60;
    let pristine = TempDir::new().unwrap();
    Cache::open(pristine.path()).put_many(&entries(0..60));
    let keys: Vec<Key> = (0..60).map(key).collect();
    let mut set_aside = 0;
    for seed in 0..MUTATIONS {
        let folder = TempDir::new().unwrap();
        copy(pristine.path(), folder.path());
        damage(&folder.path().join(STORE), seed);
        let cache = Cache { patience: Duration::from_secs(60), ..Cache::open(folder.path()) };
        for (number, found) in (0..).zip(cache.get_many(&keys)) {
            assert!(found.is_none_or(|found| found == value(number)), "seed {seed}: entry {number}");
        }
        cache.put_many(&entries(100..103));
        let fresh = cache.get_many(&[key(100), key(101), key(102)]);
        assert_eq!(fresh, [Some(value(100)), Some(value(101)), Some(value(102))], "seed {seed}");
        set_aside += u32::from(folder.path().join(SET_ASIDE).exists());
    }
    assert!(set_aside > 0, "no mutation damaged the store: the test tests nothing");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

/// Flips, cuts or overwrites bytes of one file, as the seed says.
fn damage(store: &Path, seed: u32) {
    let mut files: Vec<PathBuf> = fs::read_dir(store).unwrap().map(|item| item.unwrap().path()).collect();
    files.retain(|path| path.is_file() && fs::metadata(path).unwrap().len() > 0);
    files.sort();
    let path = &files[usize::try_from(seed).unwrap() % files.len()];
    let mut bytes = fs::read(path).unwrap();
    let random = blake3::hash(&seed.to_le_bytes());
    let random: Vec<usize> = random
        .as_bytes()
        .chunks_exact(4)
        .map(|chunk| usize::try_from(u32::from_le_bytes(chunk.try_into().unwrap())).unwrap())
        .collect();
    // Most of sled's file is empty at first: aim at the part that is not.
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) + 1;
    match seed % 4 {
        0 => bytes[random[0] % used] ^= 1 << (random[1] % 8),
        1 => bytes.truncate(random[0] % used),
        2 => random.iter().for_each(|at| bytes[at % used] ^= 0xff),
        _ => {
            let at = random[0] % used;
            let end = (at + 64).min(bytes.len());
            bytes[at..end].fill(0);
        }
    }
    #[expect(clippy::disallowed_methods, reason = "this is about files that are not written properly")]
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_store_whose_file_is_full_of_something_else_is_set_aside_and_not_taken_for_a_new_one() {
    for spoil in [&[0xa5_u8; 600][..], &[0; 4096], &[]] {
        let folder = TempDir::new().unwrap();
        let cache = Cache::open(folder.path());
        let key = key(1);
        cache.put_many(&entries(1..2));
        let mut file = File::create(folder.path().join(STORE).join("db")).unwrap();
        file.write_all(spoil).unwrap();
        drop(file);
        let cache = Cache::open(folder.path());
        assert_eq!(cache.get_many(&[key]), [None]);
        let notices = cache.take_notices();
        assert!(matches!(notices.as_slice(), [CacheNotice::Damaged { .. }]), "{notices:?}");
        assert!(folder.path().join(SET_ASIDE).is_dir());
        // The new one is as good as any.
        assert_eq!(cache.get_many(&[key]), [None]);
        assert!(cache.take_notices().is_empty());
    }
}

#[test]
fn a_store_that_was_emptied_is_no_damaged_one() {
    let folder = TempDir::new().unwrap();
    Cache::open(folder.path()).put_many(&entries(1..2));
    assert_eq!(Cache::open(folder.path()).prune(|_| true), Some(1));
    let cache = Cache::open(folder.path());
    assert_eq!(cache.get_many(&[key(1)]), [None]);
    assert!(cache.take_notices().is_empty());
}
