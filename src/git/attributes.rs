//! What `.gitattributes` say: generated files are not looked at, and files in another encoding are not written.
//!
//! Git is asked only where an attribute file on the way to one of the files has the word in it. Attributes that a person
//! has set for all repositories do not count, because the hook and the pull request must agree.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use super::error::GitError;
use super::plumbing::Plumbing;
use super::repository::Repository;
use super::selection::blob_in;
use crate::change::RepoPath;

const FILE_NAME: &str = ".gitattributes";
const GENERATED: &str = "linguist-generated";
const ENCODING: &str = "working-tree-encoding";

/// Whose attribute files count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attributes<'a> {
    /// Those in the index. Where none of them differs from `HEAD`, they are looked for there.
    Staged {
        /// Whether one differs from `HEAD`.
        changed: bool,
    },
    /// Those on disk.
    OnDisk,
    /// Those of a commit, by its full id.
    Of(&'a str),
}

impl Repository {
    /// Returns the paths that `.gitattributes` on disk call generated.
    ///
    /// # Errors
    ///
    /// Git cannot be asked.
    pub fn generated(&self, paths: &[RepoPath]) -> Result<Vec<RepoPath>, GitError> {
        let bytes: Vec<&[u8]> = paths.iter().map(|path| path.as_str().as_bytes()).collect();
        let found = self.generated_of(&bytes, Attributes::OnDisk)?;
        Ok(paths.iter().filter(|path| found.contains(path.as_str().as_bytes())).cloned().collect())
    }

    /// Returns the paths that git writes in another encoding than UTF-8 when it checks them out.
    ///
    /// # Errors
    ///
    /// Git cannot be asked.
    pub fn in_another_encoding(&self, paths: &[RepoPath]) -> Result<Vec<RepoPath>, GitError> {
        let bytes: Vec<&[u8]> = paths.iter().map(|path| path.as_str().as_bytes()).collect();
        let found = self.values_of(ENCODING, &bytes, Attributes::OnDisk)?;
        let is_other = |path: &&RepoPath| {
            let value = found.get(path.as_str().as_bytes()).map_or("", String::as_str);
            !matches!(value, "" | "set" | "unset" | "unspecified")
                && !["utf-8", "utf8"].contains(&value.to_ascii_lowercase().as_str())
        };
        Ok(paths.iter().filter(is_other).cloned().collect())
    }

    /// Returns the paths that attributes call generated.
    pub(super) fn generated_of(
        &self,
        paths: &[&[u8]],
        attributes: Attributes<'_>,
    ) -> Result<BTreeSet<Vec<u8>>, GitError> {
        let found = self.values_of(GENERATED, paths, attributes)?;
        let generated = found.into_iter().filter(|(_, value)| matches!(value.as_str(), "set" | "true"));
        Ok(generated.map(|(path, _)| path).collect())
    }

    fn values_of(
        &self,
        name: &str,
        paths: &[&[u8]],
        attributes: Attributes<'_>,
    ) -> Result<HashMap<Vec<u8>, String>, GitError> {
        if paths.is_empty() || !self.is_spoken_of(name, paths, attributes) {
            return Ok(HashMap::new());
        }
        let mut input = Vec::new();
        for path in paths {
            input.extend_from_slice(path);
            input.push(0);
        }
        let source = match attributes {
            Attributes::Staged { .. } => "--cached".to_owned(),
            Attributes::OnDisk => "--".to_owned(),
            Attributes::Of(commit) => format!("--source={commit}"),
        };
        let mut arguments = vec!["-c", "core.attributesFile=", "check-attr", "-z", "--stdin"];
        if attributes != Attributes::OnDisk {
            arguments.push(&source);
        }
        arguments.push(name);
        let purpose = "read the attributes of files";
        let plumbing = Plumbing { repository: self, index_file: None, purpose };
        let answer = plumbing.run(&arguments, &input)?;
        values(&answer).ok_or(GitError::Answer { purpose })
    }

    /// Returns whether an attribute file that concerns one of the paths has the word in it.
    fn is_spoken_of(&self, name: &str, paths: &[&[u8]], attributes: Attributes<'_>) -> bool {
        let has_it = |bytes: &[u8]| memchr::memmem::find(bytes, name.as_bytes()).is_some();
        if fs::read(self.inner.commondir().join("info/attributes")).is_ok_and(|bytes| has_it(&bytes)) {
            return true;
        }
        let on_disk = |path: &[u8]| {
            let path = std::str::from_utf8(path).ok().and_then(RepoPath::new);
            path.is_some_and(|path| fs::read(path.below(self.root())).is_ok_and(|bytes| has_it(&bytes)))
        };
        let in_tree = |tree: &git2::Tree<'_>, path: &[u8]| {
            blob_in(tree, path).and_then(|id| self.blob(id).ok()).is_some_and(|bytes| has_it(&bytes))
        };
        let tree = match attributes {
            Attributes::Staged { changed: true } => return true,
            Attributes::Staged { changed: false } => tree_at(self, "HEAD").ok(),
            Attributes::Of(commit) => tree_at(self, commit).ok(),
            Attributes::OnDisk => None,
        };
        folders_of(paths).into_iter().map(|folder| [folder, FILE_NAME.as_bytes()].concat()).any(|path| {
            match &tree {
                Some(tree) => in_tree(tree, &path),
                None => attributes == Attributes::OnDisk && on_disk(&path),
            }
        })
    }
}

/// Returns whether a path is that of an attribute file.
pub(super) fn is_attribute_file(path: &[u8]) -> bool {
    path.rsplit(|&byte| byte == b'/').next() == Some(FILE_NAME.as_bytes())
}

fn tree_at<'a>(repository: &'a Repository, revision: &str) -> Result<git2::Tree<'a>, GitError> {
    repository.commit(revision)?.tree().map_err(|source| GitError::Library { purpose: "read a tree", source })
}

/// Returns the folders on the way to paths, each with a slash at its end, the root as nothing.
fn folders_of<'a>(paths: &[&'a [u8]]) -> BTreeSet<&'a [u8]> {
    let mut folders = BTreeSet::from([&b""[..]]);
    for path in paths {
        folders.extend(memchr::memchr_iter(b'/', path).map(|at| &path[..=at]));
    }
    folders
}

/// Reads `path<nul>attribute<nul>value<nul>`.
fn values(answer: &[u8]) -> Option<HashMap<Vec<u8>, String>> {
    let mut fields = answer.split(|&byte| byte == 0);
    let mut found = HashMap::new();
    loop {
        let path = fields.next()?;
        if path.is_empty() {
            return fields.next().is_none().then_some(found);
        }
        let (_, value) = (fields.next()?, fields.next()?);
        found.insert(path.to_vec(), String::from_utf8_lossy(value).into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read_whole_or_not_at_all() {
        let one = HashMap::from([(b"a b.py".to_vec(), "set".to_owned())]);
        assert_eq!(values(b"a b.py\0linguist-generated\0set\0"), Some(one));
        assert_eq!(values(b""), Some(HashMap::new()));
        assert_eq!(values(b"a.py\0linguist-generated\0"), None);
    }

    #[test]
    fn every_folder_on_the_way_is_asked_once() {
        let paths: [&[u8]; 3] = [b"a.py", b"x/y/b.py", b"x/c.py"];
        let folders: Vec<_> = folders_of(&paths).into_iter().collect();
        assert_eq!(folders, [&b""[..], b"x/", b"x/y/"]);
    }
}
