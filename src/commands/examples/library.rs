//! The documented definitions of the tree that a run judges, read when somebody will really be asked.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::change::RepoPath;
use crate::config::Config;
use crate::generate::examples::{Candidate, Depth, worthy};
use crate::generate::run::Wanted;
use crate::python::{ParsedFile, compare, decode, parse};
use crate::rules::{Checked, Module, Settings, Severity, check_some};
use crate::telemetry::crash::doing;

use super::super::judge::on_all;

/// How many files are read at most.
const FILES: usize = 2_000;
/// How many bytes are read at most, all files together.
const BYTES: usize = 24 * 1024 * 1024;
/// The largest file that is read: the docstrings of a larger one are rarely a person's.
const LARGEST: usize = 1024 * 1024;

/// How many definitions of a file are judged each by itself; that takes in the whole file, so when more are asked about, all are
/// judged together.
const ALONE: usize = 8;

/// What can be shown of a tree.
pub(in crate::commands) struct Library<'a> {
    config: &'a Config,
    /// The settings of the run, for which no finding is known: what a baseline forgives is no example all the same.
    settings: Settings,
    /// The files of the run, those that are not known to git among them.
    of_the_run: Vec<RepoPath>,
    parsed: RefCell<HashMap<RepoPath, Option<Arc<ParsedFile>>>>,
    judged: RefCell<HashMap<RepoPath, Judged>>,
}

/// What was found out about a file whose definitions were asked about.
#[derive(Default)]
struct Judged {
    /// Whether they are sound, by their names.
    sound: HashMap<String, bool>,
    /// Whether that is known of all of them.
    is_whole: bool,
}

impl<'a> Library<'a> {
    pub(in crate::commands) fn new(
        config: &'a Config,
        settings: &Settings,
        of_the_run: Vec<RepoPath>,
    ) -> Self {
        let settings = Settings { baseline: Arc::default(), ..settings.clone() };
        Self { config, settings, of_the_run, parsed: RefCell::default(), judged: RefCell::default() }
    }

    /// Returns what reads candidates, and what says whether one is sound.
    pub(in crate::commands) fn answers(
        &self,
    ) -> (impl Fn(Wanted<'_>, Depth) -> Vec<Candidate> + use<'_, 'a>, impl Fn(&Candidate) -> bool + use<'_, 'a>)
    {
        (
            |wanted: Wanted<'_>, depth| self.read(wanted, depth),
            |candidate: &Candidate| self.is_sound(candidate),
        )
    }

    fn read(&self, wanted: Wanted<'_>, depth: Depth) -> Vec<Candidate> {
        let mut paths = self.paths();
        match wanted {
            Wanted::Near(asked) => {
                let around: HashSet<&str> = asked.iter().flat_map(folders).collect();
                paths.sort_by_cached_key(|path| (Reverse(shared_folders(path, &around)), path.clone()));
            }
            Wanted::In(named) => {
                let named: HashSet<&RepoPath> = named.iter().collect();
                paths.retain(|path| named.contains(path));
            }
        }
        let mut texts = Vec::new();
        let mut left = BYTES;
        for path in paths.into_iter().take(FILES) {
            let Some(bytes) = self.settings.modules.bytes(&path).filter(|bytes| bytes.len() <= LARGEST)
            else {
                continue;
            };
            let Some(rest) = left.checked_sub(bytes.len()) else { break };
            left = rest;
            texts.push((path, bytes));
        }
        // Which of two equals comes first must not depend on who asks.
        texts.sort_by(|one, other| one.0.cmp(&other.0));
        tracing::debug!(files = texts.len(), "read for examples");
        self.candidates(texts, depth, Soundness::Later)
    }

    /// Returns all that is sound in the whole tree, however large it is.
    pub(super) fn all(&self) -> Vec<Candidate> {
        let mut paths = self.paths();
        paths.sort();
        let mut found = Vec::new();
        for some in paths.chunks(FILES) {
            let read = |path: &RepoPath| Some((path.clone(), self.settings.modules.bytes(path)?));
            let texts: Vec<_> =
                some.iter().filter_map(read).filter(|(_, bytes)| bytes.len() <= LARGEST).collect();
            found.extend(self.candidates(texts, Depth::Text, Soundness::Asked));
        }
        found
    }

    fn candidates(
        &self,
        texts: Vec<(RepoPath, Vec<u8>)>,
        depth: Depth,
        soundness: Soundness,
    ) -> Vec<Candidate> {
        let settings = &self.settings;
        let found = on_all(
            texts,
            |(_, bytes)| bytes.len(),
            |(path, bytes)| {
                let _doing = doing("reading examples", path.as_str());
                let Ok(text) = decode(&bytes) else { return Vec::new() };
                let file = parse(&text);
                let mut found = worthy(&path, &file, settings, depth);
                if soundness == Soundness::Asked && !found.is_empty() {
                    let unsound = unsound(&path, &file, settings, |_| true);
                    found.retain(|candidate| !unsound.contains(candidate.portrait.name.as_str()));
                }
                found
            },
        );
        found.into_iter().flatten().collect()
    }

    /// Returns the files whose definitions may be shown: no stubs and no tests, and nothing that is excluded or never sent.
    fn paths(&self) -> Vec<RepoPath> {
        // What is looked at on disk need not be known to git.
        let mut paths = self.settings.modules.paths().unwrap_or_default();
        let known: HashSet<RepoPath> = paths.iter().cloned().collect();
        paths.extend(self.of_the_run.iter().filter(|path| !known.contains(*path)).cloned());
        paths.retain(|path| self.may_be_shown(path));
        paths
    }

    fn may_be_shown(&self, path: &RepoPath) -> bool {
        let config = self.config;
        path.is_python()
            && !path.is_stub()
            && !config.tests.value.matches(path)
            && !config.exclude.value.matches(path)
            && !config.never_send.value.matches(path)
    }

    /// Returns whether no rule finds something in it that blocks.
    fn is_sound(&self, candidate: &Candidate) -> bool {
        let (path, name) = (&candidate.portrait.path, candidate.portrait.name.as_str());
        let mut judged = self.judged.borrow_mut();
        let judged = judged.entry(path.clone()).or_default();
        if let Some(is_sound) = judged.sound.get(name) {
            return *is_sound;
        }
        let Some(file) = self.parsed(path).filter(|_| !judged.is_whole) else { return false };
        let Some(definition) = file.find(name) else { return false };
        judged.is_whole = judged.sound.len() == ALONE;
        let is_asked = |index: usize| judged.is_whole || index == definition.index;
        let unsound = unsound(path, &file, &self.settings, is_asked);
        let asked = file.definitions.iter().filter(|definition| is_asked(definition.index));
        judged.sound.extend(asked.map(|asked| {
            let name = &asked.qualified_name;
            (name.clone(), !unsound.contains(name.as_str()))
        }));
        judged.sound.get(name).is_some_and(|is_sound| *is_sound)
    }

    /// Returns a file of the tree, parsed; few are asked for.
    pub(super) fn parsed(&self, path: &RepoPath) -> Option<Arc<ParsedFile>> {
        let mut parsed = self.parsed.borrow_mut();
        let read = || Some(Arc::new(parse(&decode(&self.settings.modules.bytes(path)?).ok()?)));
        parsed.entry(path.clone()).or_insert_with(read).clone()
    }
}

/// When it is asked whether a candidate is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Soundness {
    /// At once.
    Asked,
    /// Once it would be shown.
    Later,
}

/// Returns the names of the definitions of a file in which a rule finds something that blocks, among those that are asked about.
fn unsound<'a>(
    path: &RepoPath,
    file: &'a ParsedFile,
    settings: &Settings,
    is_asked: impl Fn(usize) -> bool,
) -> HashSet<&'a str> {
    let module = Module::new(path, file, settings);
    let checked = check_some(&module, &compare(None, file), is_asked);
    let blocks =
        |checked: &&Checked| checked.findings.iter().any(|finding| finding.severity == Severity::Error);
    let blocked = checked.iter().filter(blocks);
    blocked.map(|checked| file.definitions[checked.index].qualified_name.as_str()).collect()
}

/// Returns the folders that a file is in, the innermost first.
fn folders(path: &RepoPath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path.as_str()), |path| Some(path.rsplit_once('/')?.0)).skip(1)
}

/// Counts the folders that a path has in common with whichever other shares most of them, given those that others are in.
fn shared_folders(path: &RepoPath, others: &HashSet<&str>) -> usize {
    folders(path).skip_while(|folder| !others.contains(folder)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;
    use crate::python::Modules;

    const GOOD: &str = "def area():\n    \"\"\"Say what the area is.\"\"\"\n    print(1)\n";

    fn library_of(files: Vec<(&'static str, String)>, toml: &str) -> (Config, Settings) {
        let toml = toml.to_owned();
        let read = |name: &str| (name == "docgate.toml").then(|| toml.clone().into_bytes());
        let config = Config::load(&read, &|_| None, Flags::default()).unwrap();
        let paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(path).unwrap()).collect();
        let bytes = move |path: &RepoPath| {
            files.iter().find(|(known, _)| *known == path.as_str()).map(|(_, text)| text.clone().into_bytes())
        };
        let modules = Modules::new(bytes).with_list(move || Some(paths.clone()));
        (config, Settings::default().with_modules(modules))
    }

    fn paths(found: &[Candidate]) -> Vec<&str> {
        found.iter().map(|candidate| candidate.portrait.path.as_str()).collect()
    }

    #[test]
    fn what_is_never_sent_excluded_a_test_or_a_stub_is_not_read() {
        let files = ["a.py", "vault/b.py", "old/c.py", "tests/test_d.py", "e.pyi"];
        let files = files.iter().map(|path| (*path, GOOD.to_owned())).collect();
        let (config, settings) = library_of(files, "never-send = [\"vault/\"]\nexclude = [\"old/\"]\n");
        let library = Library::new(&config, &settings, Vec::new());
        assert_eq!(paths(&library.read(Wanted::Near(&[]), Depth::Terms)), ["a.py"]);
        let named = ["vault/b.py", "a.py", "gone.py"].map(|path| RepoPath::new(path).unwrap());
        assert_eq!(paths(&library.read(Wanted::In(&named), Depth::Terms)), ["a.py"]);
        assert_eq!(paths(&library.all()), ["a.py"]);
    }

    #[test]
    fn a_large_repository_is_read_near_the_question() {
        let names: Vec<&'static str> = (0..FILES + 10)
            .map(|number| {
                let folder = if number < FILES { "a" } else { "z/deep" };
                &*Box::leak(format!("{folder}/m{number}.py").into_boxed_str())
            })
            .collect();
        let files = names.iter().map(|path| (*path, GOOD.to_owned())).collect();
        let (config, settings) = library_of(files, "");
        let library = Library::new(&config, &settings, Vec::new());
        let asked = [RepoPath::new("z/deep/new.py").unwrap()];
        let found = library.read(Wanted::Near(&asked), Depth::Terms);
        assert_eq!(found.len(), FILES);
        assert_eq!(paths(&found).iter().filter(|path| path.starts_with("z/deep/")).count(), 10);
        assert!(found.is_sorted_by_key(|candidate| candidate.portrait.path.clone()));
    }

    #[test]
    fn files_that_are_too_large_or_no_python_are_passed_over() {
        let large = format!("{GOOD}\nx = \"{}\"\n", "y".repeat(LARGEST));
        let files = vec![("a.py", large), ("b.py", "\u{0}\u{1}".to_owned()), ("c.py", GOOD.to_owned())];
        let (config, settings) = library_of(files, "");
        let library = Library::new(&config, &settings, Vec::new());
        assert_eq!(paths(&library.read(Wanted::Near(&[]), Depth::Terms)), ["c.py"]);
    }

    #[test]
    fn what_has_a_finding_that_blocks_is_not_sound() {
        let wrong = "def area(by):\n    \"\"\"Scale it.\n\n    Args:\n        by: The factor.\n        to: Who knows.\n    \"\"\"\n    print(by)\n";
        let (config, settings) = library_of(vec![("a.py", wrong.to_owned()), ("b.py", GOOD.to_owned())], "");
        let library = Library::new(&config, &settings, Vec::new());
        let found = library.read(Wanted::Near(&[]), Depth::Terms);
        let sound: Vec<bool> = found.iter().map(|candidate| library.is_sound(candidate)).collect();
        assert_eq!(sound, [false, true]);
    }

    #[test]
    fn a_file_that_is_asked_about_often_is_judged_as_a_whole_and_answers_the_same() {
        let one = |number: usize| {
            let wrong = if number.is_multiple_of(3) { "        to: Who knows.\n" } else { "" };
            format!(
                "def area{number}(by):\n    \"\"\"Scale it.\n\n    Args:\n        by: The factor.\n{wrong}    \"\"\"\n    print(by)\n"
            )
        };
        let text = (0..3 * ALONE).map(one).collect();
        let (config, settings) = library_of(vec![("a.py", text)], "");
        let library = Library::new(&config, &settings, Vec::new());
        let found = library.read(Wanted::Near(&[]), Depth::Terms);
        let known = |library: &Library<'_>| library.judged.borrow().values().next().unwrap().sound.len();
        for (asked, candidate) in found.iter().enumerate() {
            let expected = !asked.is_multiple_of(3);
            assert_eq!([(); 2].map(|()| library.is_sound(candidate)), [expected; 2], "{asked}");
            // The module is one of those that are judged with the others.
            assert_eq!(known(&library), if asked < ALONE { asked + 1 } else { 3 * ALONE + 1 });
        }
        assert_eq!(found.len(), 3 * ALONE);
    }

    #[test]
    fn folders_that_are_shared_are_counted_from_the_root() {
        let of = |path: &str| RepoPath::new(path).unwrap();
        let others = ["a/b/c/x.py", "a/d/y.py", "z.py", "b/c/x.py"].map(of);
        let around: HashSet<&str> = others.iter().flat_map(folders).collect();
        let table = [
            ("a/b/c/e/f.py", 3),
            ("a/b/c/f.py", 3),
            ("a/b/f.py", 2),
            ("a/dd/f.py", 1),
            ("c/b/f.py", 0),
            ("c/f.py", 0),
            ("f.py", 0),
        ];
        for (path, shared) in table {
            assert_eq!(shared_folders(&of(path), &around), shared, "{path}");
        }
        assert_eq!(shared_folders(&of("a/b.py"), &HashSet::new()), 0);
    }
}
