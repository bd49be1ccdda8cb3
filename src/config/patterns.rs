//! Globs over repository paths, with the meaning they have in a `.gitignore`.

use std::fmt;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::change::RepoPath;

/// Globs that a path matches or not.
///
/// The meaning is that of `.gitignore` (<https://git-scm.com/docs/gitignore>): a glob with a slash at its start
/// or inside it counts from the root, one without matches at any depth, a folder takes everything below it,
/// the last glob that matches decides, and a leading `!` takes back.
#[derive(Clone)]
pub struct PathPatterns {
    globs: Vec<String>,
    matcher: Gitignore,
}

impl PathPatterns {
    /// Makes the matcher.
    ///
    /// # Errors
    ///
    /// Says which glob is wrong, and why, as a phrase.
    pub fn new(globs: Vec<String>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new(".");
        // Git takes `a[` for a name; in a configuration it is a slip, and a glob that never matches.
        builder.allow_unclosed_class(false);
        for glob in &globs {
            if glob.trim().is_empty() || glob.starts_with('#') {
                return Err(format!("{glob:?} is not a glob"));
            }
            if let Err(error) = builder.add_line(None, glob) {
                return Err(format!("{glob:?} is not a glob: {error}"));
            }
        }
        match builder.build() {
            Ok(matcher) => Ok(Self { globs, matcher }),
            Err(error) => Err(format!("the globs are too much together: {error}")),
        }
    }

    /// Makes patterns that match nothing.
    #[must_use]
    pub fn none() -> Self {
        Self { globs: Vec::new(), matcher: Gitignore::empty() }
    }

    /// Returns whether the path, or a folder it lies in, is matched.
    #[must_use]
    pub fn matches(&self, path: &RepoPath) -> bool {
        self.matcher.matched_path_or_any_parents(path.as_str(), false).is_ignore()
    }

    /// Returns the globs as they were written.
    #[must_use]
    pub fn globs(&self) -> &[String] {
        &self.globs
    }
}

impl fmt::Debug for PathPatterns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.globs.fmt(formatter)
    }
}

impl PartialEq for PathPatterns {
    fn eq(&self, other: &Self) -> bool {
        self.globs == other.globs
    }
}

impl Eq for PathPatterns {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_mean_what_they_mean_to_git() {
        let table: [(&[&str], &str, bool); 14] = [
            (&["build"], "build/a.py", true),
            (&["build"], "x/build/y/a.py", true),
            (&["/build"], "x/build/a.py", false),
            (&["build/"], "build", false),
            (&["docs/*.py"], "docs/a.py", true),
            (&["docs/*.py"], "docs/x/a.py", false),
            (&["docs/*.py"], "x/docs/a.py", false),
            (&["**/test_*.py"], "test_a.py", true),
            (&["**/test_*.py"], "x/y/test_a.py", true),
            (&["tests/**"], "tests/x/a.py", true),
            (&["tests/**"], "x/tests/a.py", false),
            (&["*_pb2.py", "!keep_pb2.py"], "x/keep_pb2.py", false),
            (&["*.{py,pyi}"], "a.pyi", true),
            (&[], "a.py", false),
        ];
        for (globs, path, expected) in table {
            let patterns = PathPatterns::new(globs.iter().map(ToString::to_string).collect()).unwrap();
            let path = RepoPath::new(path).unwrap();
            assert_eq!(patterns.matches(&path), expected, "{globs:?} {path}");
        }
        assert!(!PathPatterns::none().matches(&RepoPath::new("a.py").unwrap()));
    }

    #[test]
    fn a_wrong_glob_is_named() {
        for glob in ["a[", "", "  ", "#a", "{a"] {
            let error = PathPatterns::new(vec![glob.to_owned()]).unwrap_err();
            assert!(error.contains(&format!("{glob:?}")), "{error}");
        }
    }
}
