//! The records on disk: appended as lines, two files of a bounded size.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Record;
use crate::lock;

const FILE: &str = "history.jsonl";
const OLDER: &str = "history.older.jsonl";
const LOCK: &str = "history.lock";
/// The size at which a new file is begun and the oldest one dropped; some 15,000 records.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The longest line that is read as a record.
const LONGEST_LINE: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(1);

/// The records of this machine.
#[derive(Debug, Clone)]
pub struct History {
    folder: PathBuf,
    largest: u64,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Lines that are no records: cut off by a full disk, or of another version.
    pub unreadable: usize,
}

impl History {
    /// Names the folder of the files; they are made with the first record.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), largest: LARGEST }
    }

    /// Adds records.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written, or another process holds the files for too long.
    pub fn append(&self, records: &[Record]) -> io::Result<()> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record)?;
            lines.push(b'\n');
        }
        lock::make_private(&self.folder)?;
        let _lock = lock::acquire(&self.folder.join(LOCK), PATIENCE)?;
        let path = self.folder.join(FILE);
        if fs::metadata(&path).is_ok_and(|found| found.len() + lines.len() as u64 > self.largest) {
            fs::rename(&path, self.folder.join(OLDER))?;
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(&lines)
    }

    /// Reads the records since a time, in milliseconds since 1970-01-01 UTC.
    ///
    /// # Errors
    ///
    /// When a file is there and cannot be read.
    pub fn since(&self, at: u64) -> io::Result<Kept> {
        let mut kept = Kept::default();
        for name in [OLDER, FILE] {
            read(&self.folder.join(name), at, &mut kept)?;
        }
        Ok(kept)
    }
}

fn read(path: &Path, at: u64, kept: &mut Kept) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for line in BufReader::new(file).split(b'\n') {
        let line = line?;
        if line.is_empty() {
            continue;
        }
        let record = (line.len() <= LONGEST_LINE).then(|| serde_json::from_slice::<Record>(&line).ok());
        match record.flatten() {
            Some(record) if record.at() >= at => kept.records.push(record),
            Some(_) => {}
            None => kept.unreadable += 1,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::metrics::Run;

    fn run(at: u64) -> Record {
        Record::Run(Run { at, run: "r".to_owned(), ..Run::default() })
    }

    #[test]
    fn what_is_appended_is_read_again_from_a_time_on() {
        let folder = TempDir::new().unwrap();
        let history = History::new(folder.path().join("new"));
        assert_eq!(history.since(0).unwrap(), Kept::default());
        history.append(&[run(1), run(2)]).unwrap();
        history.append(&[run(3)]).unwrap();
        assert_eq!(history.since(2).unwrap().records, [run(2), run(3)]);
    }

    #[test]
    fn lines_that_are_no_records_are_counted_and_passed_over() {
        let folder = TempDir::new().unwrap();
        let history = History::new(folder.path());
        history.append(&[run(1)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(folder.path().join(FILE)).unwrap();
        file.write_all(b"{\"kind\":\"run\",\n\xff\xff\n[]\n\n").unwrap();
        history.append(&[run(2)]).unwrap();
        let kept = history.since(0).unwrap();
        assert_eq!((kept.records, kept.unreadable), (vec![run(1), run(2)], 3));
    }

    #[test]
    fn the_files_are_bounded_and_lose_the_oldest() {
        let folder = TempDir::new().unwrap();
        let history = History { largest: 1_000, ..History::new(folder.path()) };
        for at in 0..100 {
            history.append(&[run(at)]).unwrap();
        }
        let records = history.since(0).unwrap().records;
        assert_eq!(records.last(), Some(&run(99)));
        assert!((6..100).contains(&records.len()), "{}", records.len());
        for name in [FILE, OLDER] {
            assert!(fs::metadata(folder.path().join(name)).unwrap().len() <= 1_000, "{name}");
        }
    }
}
