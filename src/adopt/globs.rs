//! Globs and regular expressions of other tools as globs of docgate's, which are those of a `.gitignore`.

use crate::config::PathPatterns;

/// How a regular expression is held against a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    /// It may be found anywhere in it.
    Anywhere,
    /// It must be found at the start.
    FromStart,
}

/// Returns a glob of ruff's or flake8's: their `*` also stands for what has slashes in it, and with a slash anywhere, a
/// glob counts from the folder of the configuration.
pub(super) fn of_glob(glob: &str) -> Option<String> {
    let glob = glob.strip_prefix("./").unwrap_or(glob).trim();
    if glob.is_empty() || glob.starts_with(['!', '#']) || glob.contains("..") || glob.starts_with('/') {
        return None;
    }
    // What is no glob to docgate, such as `a[`, would make the configuration one that it refuses.
    PathPatterns::new(vec![glob.to_owned()]).ok()?;
    Some(if glob.contains('/') { from_the_root(glob) } else { glob.to_owned() })
}

/// Returns a path of interrogate's: it counts from the root, and whatever begins with it is left out.
pub(super) fn of_path(path: &str) -> Option<String> {
    let path = of_glob(path.trim_end_matches('/'))?;
    let path = path.trim_start_matches('/');
    let end = if path.ends_with('*') { "" } else { "*" };
    (!path.is_empty()).then(|| from_the_root(&format!("{path}{end}")))
}

/// Writes a glob so that its stars may stand for folders, too: those at the edges of a name, but not those within.
fn from_the_root(glob: &str) -> String {
    let is_folder = glob.ends_with('/');
    let parts: Vec<&str> = glob.trim_matches('/').split('/').collect();
    let mut wide: Vec<&str> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        let crosses = |is_there: bool| is_there && !part.contains("**");
        let is_star = *part == "*";
        if crosses(part.starts_with('*') && !is_star) && wide.last() != Some(&"**") {
            wide.push("**");
        }
        if *part != "**" || wide.last() != Some(&"**") {
            wide.push(part);
        }
        if crosses(part.ends_with('*')) && !is_last {
            wide.push("**");
        }
    }
    let end = if is_folder { "/" } else { "" };
    let begin = if wide.first() == Some(&"**") { "" } else { "/" };
    format!("{begin}{}{end}", wide.join("/"))
}

/// Returns globs for the paths that a regular expression finds; nothing where globs cannot say it.
pub(super) fn of_expression(expression: &str, matching: Matching) -> Option<Vec<String>> {
    let expression = grouped(expression.trim());
    let mut globs = Vec::new();
    for alternative in expression.split('|') {
        let (at_start, rest) = match alternative.strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (matching == Matching::FromStart, alternative),
        };
        let (at_end, rest) = match rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\')) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (at_start, rest) = rest.strip_prefix(".*").map_or((at_start, rest), |rest| (false, rest));
        let (at_end, rest) = rest.strip_suffix(".*").map_or((at_end, rest), |rest| (false, rest));
        let text = literal(rest)?;
        if text.is_empty() {
            return None;
        }
        globs.push(glob_around(&text, at_start, at_end));
    }
    Some(globs)
}

/// Makes the glob of paths that have a text in them, at the start or at the end of them.
fn glob_around(text: &str, at_start: bool, at_end: bool) -> String {
    let (text, is_folder) = text.strip_suffix('/').map_or((text, false), |text| (text, true));
    let before = match (at_start, text.contains('/')) {
        (true, _) => "/",
        // A glob with a slash in it counts from the root.
        (false, true) if text.starts_with('/') => "**",
        (false, true) => "**/*",
        (false, false) => "*",
    };
    let after = match (is_folder, at_end) {
        (true, _) => "/",
        (false, true) => "",
        (false, false) => "*",
    };
    format!("{before}{text}{after}")
}

/// Returns globs for the names that a pattern such as `(?!test_|old).*\.py` leaves out; none where it leaves out nothing.
pub(super) fn left_out_by(pattern: &str, of: Names) -> Option<Vec<String>> {
    let pattern = pattern.trim().trim_start_matches('^').trim_end_matches('$');
    let (out, rest) = match pattern.strip_prefix("(?!") {
        Some(inside) => {
            let end = closing(inside)?;
            (Some(&inside[..end]), &inside[end + 1..])
        }
        None => (None, pattern),
    };
    let takes_all = match of {
        Names::Files => [r".*\.py", ".*", r"[^\.].*\.py"].contains(&rest),
        Names::Folders => [".*", r"[^\.].*", "[^.].*"].contains(&rest),
    };
    if !takes_all {
        return None;
    }
    let Some(out) = out else { return Some(Vec::new()) };
    let mut globs = Vec::new();
    for alternative in grouped(out).split('|') {
        let (alternative, is_whole) = match alternative.strip_suffix('$') {
            Some(rest) => (rest, true),
            None => (alternative, false),
        };
        let text = literal(alternative.trim_start_matches('^'))?;
        if text.is_empty() || text.contains('/') {
            return None;
        }
        globs.push(match of {
            Names::Files if is_whole || text.strip_suffix(".py").is_some() => text,
            Names::Files => format!("{text}*.py"),
            Names::Folders if is_whole => format!("{text}/"),
            Names::Folders => format!("{text}*/"),
        });
    }
    Some(globs)
}

/// What a pattern is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Names of files.
    Files,
    /// Names of folders.
    Folders,
}

/// Takes away a group around the whole expression.
fn grouped(expression: &str) -> &str {
    let inside = expression.strip_prefix("(?:").or_else(|| expression.strip_prefix('('));
    match inside {
        Some(inside) if closing(inside).is_some_and(|end| end + 1 == inside.len()) => {
            &inside[..inside.len() - 1]
        }
        _ => expression,
    }
}

/// Returns where the group ends that a text is in.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (place, character) in inside.char_indices() {
        match character {
            _ if escaped => {}
            '(' => depth += 1,
            ')' if depth == 0 => return Some(place),
            ')' => depth -= 1,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

/// Returns the text that an expression stands for, if it is the only one.
fn literal(expression: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                escaped if escaped.is_ascii_punctuation() && !"*?[{!#".contains(escaped) => {
                    text.push(escaped);
                }
                _ => return None,
            },
            // A bare dot stands for any character; where it was meant, it is one.
            '.' => text.push('.'),
            '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '^' | '$' | '|' | '!' | '#' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::RepoPath;

    fn matches(globs: &[String], path: &str) -> bool {
        PathPatterns::new(globs.to_vec()).unwrap().matches(&RepoPath::new(path).unwrap())
    }

    #[test]
    fn expressions_become_globs_that_find_the_same_paths() {
        let paths = [
            "tests/a.py",
            "mytests/b/a.py",
            "pkg/tests/a.py",
            "a_pb2.py",
            "pkg/a_pb2.py",
            ".tox/a.py",
            "docs/conf.py",
            "pkg/docs/conf.py",
            "pkg/a.py",
            "docs.py",
        ];
        for (expression, matching) in [
            (r"\.git|\.tox", Matching::Anywhere),
            ("tests/", Matching::Anywhere),
            ("^tests/", Matching::Anywhere),
            ("(tests/|docs/)", Matching::Anywhere),
            (r"_pb2\.py$", Matching::Anywhere),
            (r".*_pb2\.py", Matching::Anywhere),
            ("docs/.*", Matching::FromStart),
            ("^pkg/docs", Matching::Anywhere),
            ("pkg/docs/", Matching::Anywhere),
            ("docs", Matching::FromStart),
        ] {
            let globs = of_expression(expression, matching).unwrap_or_else(|| panic!("{expression}"));
            let whole = if matching == Matching::FromStart {
                format!("^(?:{expression})")
            } else {
                expression.to_owned()
            };
            let regex = regex::Regex::new(&whole).unwrap();
            for path in paths {
                assert_eq!(matches(&globs, path), regex.is_match(path), "{expression} {globs:?} {path}");
            }
        }
    }

    #[test]
    fn a_slash_in_front_means_a_whole_name() {
        // Tools are often called with paths that begin with `./`, where the expression finds the folder at the root, too.
        let globs = of_expression("/docs/", Matching::Anywhere).unwrap();
        let found = ["docs/a.py", "pkg/docs/a.py", "mydocs/a.py"].map(|path| matches(&globs, path));
        assert_eq!(found, [true, true, false]);
    }

    #[test]
    fn what_no_glob_says_is_not_guessed() {
        for expression in
            ["", ".*", r"test_\d+", "a.*b", "[ab]c", "a+", "(a|b)c", "(?!a)b", r"a\*", "a|", "(", ")", "\\"]
        {
            assert_eq!(of_expression(expression, Matching::Anywhere), None, "{expression}");
        }
    }

    #[test]
    fn names_that_a_lookahead_leaves_out_are_left_out() {
        let table: [(&str, Names, Option<&[&str]>); 9] = [
            (r"(?!test_).*\.py", Names::Files, Some(&["test_*.py"])),
            (
                r"^(?!(test_|conftest\.py|setup)).*\.py$",
                Names::Files,
                Some(&["test_*.py", "conftest.py", "setup*.py"]),
            ),
            (r".*\.py", Names::Files, Some(&[])),
            (r"[^\.].*", Names::Folders, Some(&[])),
            ("(?!tests|docs$)[^\\.].*", Names::Folders, Some(&["tests*/", "docs/"])),
            (r"(api|core).*\.py", Names::Files, None),
            (r"(?!test_\d).*\.py", Names::Files, None),
            ("(?!", Names::Files, None),
            (r"(?!a).*_b\.py", Names::Files, None),
        ];
        for (pattern, of, expected) in table {
            let expected = expected.map(|globs| globs.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(left_out_by(pattern, of), expected, "{pattern}");
        }
    }

    #[test]
    fn a_star_before_a_name_crosses_folders() {
        let table = [
            ("tests/*", Some("/tests/*")),
            ("tests/*.py", Some("/tests/**/*.py")),
            ("tests/", Some("/tests/")),
            ("*/migrations/*", Some("/*/**/migrations/*")),
            ("src/*/gen.py", Some("/src/*/**/gen.py")),
            ("src/**/gen.py", Some("/src/**/gen.py")),
            ("a*/**/gen.py", Some("/a*/**/gen.py")),
            ("*_y/gen.py", Some("**/*_y/gen.py")),
            ("**/tests/*.py", Some("**/tests/**/*.py")),
            ("*.egg", Some("*.egg")),
            ("**/tests/*", Some("**/tests/*")),
            ("**/*.pyi", Some("**/*.pyi")),
            ("__init__.py", Some("__init__.py")),
            ("./docs/conf.py", Some("/docs/conf.py")),
            ("!src/**.py", None),
            ("../other", None),
            ("a[", None),
            ("{a/b", None),
            ("/absolute", None),
            ("", None),
        ];
        for (glob, expected) in table {
            assert_eq!(of_glob(glob).as_deref(), expected, "{glob}");
        }
        assert!(matches(&[of_glob("tests/*.py").unwrap()], "tests/a.py"));
        assert!(matches(&[of_glob("tests/*.py").unwrap()], "tests/x/a.py"));
        assert!(matches(&["tests/*".to_owned()], "tests/x/a.py"));
    }

    /// What ruff 0.17.6 leaves out with each glob as its `exclude`, seen by `ruff check --show-files`.
    #[test]
    fn globs_leave_out_the_files_that_ruff_leaves_out() {
        let paths = "a/migrations/a.py a/b/migrations/a.py migrations/a.py a/migrations/x/y.py src/x/gen.py src/x/y/gen.py src/gen.py docs/a.py pkg/docs/a.py tests/a.py tests/x/a.py pkg/tests/a.py ab/c/gen.py x_y/gen.py p/x_y/gen.py";
        let table = [
            ("*/migrations/*", "a/migrations/a.py a/b/migrations/a.py a/migrations/x/y.py"),
            ("src/*/gen.py", "src/x/gen.py src/x/y/gen.py"),
            ("src/**/gen.py", "src/x/gen.py src/x/y/gen.py src/gen.py"),
            ("docs/", "docs/a.py"),
            ("docs", "docs/a.py pkg/docs/a.py"),
            ("tests/*.py", "tests/a.py tests/x/a.py"),
            ("tests/*", "tests/a.py tests/x/a.py"),
            ("**/tests/*", "tests/a.py tests/x/a.py pkg/tests/a.py"),
            ("a*/gen.py", "ab/c/gen.py"),
            ("*_y/gen.py", "x_y/gen.py p/x_y/gen.py"),
            ("*/gen.py", "src/x/gen.py src/x/y/gen.py src/gen.py ab/c/gen.py x_y/gen.py p/x_y/gen.py"),
        ];
        for (glob, expected) in table {
            let globs = [of_glob(glob).unwrap()];
            let found: Vec<&str> = paths.split(' ').filter(|path| matches(&globs, path)).collect();
            assert_eq!(found.join(" "), expected, "{glob} {globs:?}");
        }
    }

    /// interrogate 1.7.0 holds `fnmatch(path, exclude + "*")` against whole paths.
    #[test]
    fn whatever_begins_with_a_path_of_interrogates_is_left_out() {
        let table = [
            ("docs", "/docs*"),
            ("docs/", "/docs*"),
            ("docs*", "/docs*"),
            ("./src/gen", "/src/gen*"),
            ("*_pb2.py", "**/*_pb2.py*"),
            ("*/migrations", "/*/**/migrations*"),
            ("src/*/gen.py", "/src/*/**/gen.py*"),
        ];
        for (path, expected) in table {
            assert_eq!(of_path(path).as_deref(), Some(expected), "{path}");
        }
        let globs = |path: &str| vec![of_path(path).unwrap()];
        for path in ["docs/a.py", "docs_old/a.py", "docs.py"] {
            assert!(matches(&globs("docs"), path), "{path}");
        }
        assert!(!matches(&globs("docs"), "pkg/docs/a.py"));
        assert!(matches(&globs("*/migrations"), "a/b/migrations/c/d.py"));
        assert!(matches(&globs("*_pb2.py"), "a/b_pb2.py"));
        assert_eq!(of_path("../other"), None);
        assert_eq!(of_path(""), None);
    }
}
