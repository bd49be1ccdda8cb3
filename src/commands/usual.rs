//! The style of the repository, for modules that show none: that of a sample of its files.
//!
//! Nothing is read before a docstring has to be written, or judged, whose style is open. The sample is the same for
//! hook, bot and sweep as long as the files are: which files it has depends on their paths alone.

use std::sync::Arc;

use crate::change::RepoPath;
use crate::config::Config;
use crate::docstring::{House, Style, majority};
use crate::git::FileTree;
use crate::python::{decode, parse};
use crate::rules::{UsualStyle, style_of};

use super::judge::on_all;

/// How many files are read at most.
const FILES: usize = 48;
/// How many bytes are read at most, all files together.
const BYTES: usize = 600_000;
/// The largest file that is read: one of them must not be all of the sample.
const LARGEST: usize = 100_000;

/// Makes the look-up for the tree that a selection is taken from.
///
/// Tests and what is excluded have no say, nor have stubs. Where nobody knows which files there are, those of the
/// run are asked.
pub(super) fn usual_style(
    files: &Arc<FileTree>,
    of_the_run: Vec<RepoPath>,
    config: &Config,
    house: &Arc<House>,
) -> UsualStyle {
    let (files, house) = (Arc::clone(files), Arc::clone(house));
    let (tests, excluded) = (config.tests.value.clone(), config.exclude.value.clone());
    UsualStyle::new(move || {
        let mut paths = files.python_files().unwrap_or_else(|| of_the_run.clone());
        paths.retain(|path| !path.is_stub() && !tests.matches(path) && !excluded.matches(path));
        let sample = sample(paths, |path| files.read(path));
        tracing::debug!(files = sample.len(), "read to find out the style of the repository");
        let style = |bytes: Vec<u8>| style_of(&parse(&decode(&bytes).ok()?), &house.titles);
        let styles: Vec<Option<Style>> = on_all(sample, Vec::len, style);
        majority(styles.into_iter())
    })
}

/// Reads the files that come first by the hashes of their paths.
///
/// That is as good as by chance, and a file that comes or goes changes one of them, not all.
fn sample(mut paths: Vec<RepoPath>, read: impl Fn(&RepoPath) -> Option<Vec<u8>>) -> Vec<Vec<u8>> {
    paths.sort_by_cached_key(|path| *blake3::hash(path.as_str().as_bytes()).as_bytes());
    let mut sample = Vec::new();
    let mut left = BYTES;
    // Empty files and large ones are passed over, and looked at all the same.
    for path in paths.iter().take(4 * FILES) {
        let Some(bytes) = read(path).filter(|bytes| !bytes.is_empty() && bytes.len() <= LARGEST) else {
            continue;
        };
        let Some(rest) = left.checked_sub(bytes.len()) else { break };
        left = rest;
        sample.push(bytes);
        if sample.len() == FILES {
            break;
        }
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<RepoPath> {
        (0..count).filter_map(|index| RepoPath::new(&format!("package/module_{index}.py"))).collect()
    }

    #[test]
    fn the_sample_is_bounded_and_does_not_depend_on_the_order_of_the_files() {
        let read = |path: &RepoPath| Some(path.as_str().as_bytes().to_vec());
        let mut turned = paths(5_000);
        turned.reverse();
        let found = sample(paths(5_000), read);
        assert_eq!(found.len(), FILES);
        assert_eq!(found, sample(turned, read));
        let large = |_: &RepoPath| Some(vec![b'#'; LARGEST]);
        assert_eq!(sample(paths(5_000), large).len(), BYTES / LARGEST);
        let too_large = |_: &RepoPath| Some(vec![b'#'; LARGEST + 1]);
        assert_eq!(sample(paths(5_000), too_large), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn another_file_changes_at_most_one_of_the_sample() {
        let read = |path: &RepoPath| Some(path.as_str().as_bytes().to_vec());
        let (before, after) = (sample(paths(1_000), read), sample(paths(1_001), read));
        let kept = before.iter().filter(|bytes| after.contains(bytes)).count();
        assert!(kept >= FILES - 1, "{kept}");
    }
}
