//! Repairs of layout and of what is said, from the command line, and over a part of Python's own library.

use std::path::PathBuf;

use super::cpython::{expect_same_code, expect_same_text};
use super::{both, commit};
use crate::harness::Scratch;
use crate::oracle::standard_library;

const BEFORE: &str = "'''a module'''
class A:

    ''' Keep it '''
    def f(self, b: bytes, a: int) -> int:
        '''
        Give it

        Args:
            a (int): One,   as  it  was.
            b (str): Two.
            gone: Three.

        Returns:
            int: It.
        '''

        return 1
";

const AFTER: &str = "\"\"\"a module.\"\"\"
class A:
    \"\"\"Keep it.\"\"\"
    def f(self, b: bytes, a: int) -> int:
        \"\"\"Give it.

        Args:
            b (bytes): Two.
            a (int): One,   as  it  was.

        Returns:
            int: It.
        \"\"\"
        return 1
";

#[test]
fn what_is_said_and_how_it_is_laid_out_is_one_clean_edit() {
    let scratch = Scratch::new();
    commit(&scratch, &[("b.py", "")]);
    scratch.write("a.py", BEFORE);
    scratch.git(["add", "a.py"]);
    let run = scratch.docgate(["fix", "--no-model", "--staged", "--diff"]);
    assert!(run.stdout.contains("-            gone: Three.\n"), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), BEFORE, "--diff writes nothing");
    let run = scratch.docgate(["fix", "--no-model", "--staged", "--exit-non-zero-on-fix"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), AFTER);
    expect_same_text(&scratch.beside(""), BEFORE, AFTER);
    let again = scratch.docgate(["fix", "--no-model", "--staged", "--exit-non-zero-on-fix"]);
    assert_eq!(again.code, Some(0), "{}", again.all());
    assert_eq!(both(&scratch, "a.py"), AFTER, "run twice, change once");
}

#[test]
fn unstaged_lines_of_a_class_survive_blank_lines_that_go() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", "")]);
    let staged =
        "class A:\n\n    \"\"\"Keep it.\"\"\"\n\n    x = 1\n\n    def f(self):\n        \"\"\"Do.\"\"\"\n";
    scratch.write("a.py", staged);
    scratch.git(["add", "a.py"]);
    scratch.write("a.py", staged.replace("Do.\"\"\"", "Do.\"\"\"\n        more()"));
    scratch.docgate(["fix", "--no-model", "--staged", "--select", "D211"]);
    let fixed = staged.replacen("A:\n\n", "A:\n", 1);
    assert_eq!(scratch.staged("a.py"), fixed);
    assert_eq!(scratch.read("a.py"), fixed.replace("Do.\"\"\"", "Do.\"\"\"\n        more()"));
}

#[test]
fn only_what_is_selected_is_repaired() {
    let scratch = Scratch::new();
    scratch.write("a.py", BEFORE);
    scratch.docgate(["fix", "--no-model", "--select", "D300", "a.py"]);
    assert_eq!(scratch.read("a.py"), BEFORE.replace("'''", "\"\"\""));
}

#[test]
fn words_are_lost_only_when_that_is_asked_for() {
    let text = "def f():\n    \"\"\"Do it.\n\n    Returns:\n        It.\n    \"\"\"\n    f.x = 1\n";
    let without = "def f():\n    \"\"\"Do it.\"\"\"\n    f.x = 1\n";
    let table: [(&[&str], &str, &str); 4] = [
        (&[], "", text),
        (&["--unsafe-fixes"], "", without),
        (&[], "unsafe-fixes = true\n", without),
        (&["--no-unsafe-fixes"], "unsafe-fixes = true\n", text),
    ];
    for (flags, configuration, expected) in table {
        let scratch = Scratch::new();
        scratch.write("a.py", text);
        scratch.write("docgate.toml", configuration);
        let run = scratch.docgate_in(".", &[&["fix", "--no-model", "a.py"][..], flags].concat());
        assert_eq!(scratch.read("a.py"), expected, "{flags:?} {configuration}");
        let left = run.stdout.contains("DOC202");
        assert_eq!(left, expected == text, "{}", run.all());
    }
    let scratch = Scratch::new();
    scratch.write("a.py", text);
    let run = scratch.docgate(["check", "--output-format", "json", "a.py"]);
    assert!(run.stdout.contains("\"unsafe-repair\""), "{}", run.all());
}

#[test]
fn a_part_of_the_library_is_repaired_once_and_stays_the_same_program() {
    let scratch = Scratch::new();
    let chosen: Vec<PathBuf> = standard_library().into_iter().step_by(31).collect();
    let mut pairs = Vec::new();
    for (number, path) in chosen.into_iter().enumerate() {
        let name = format!("m{number}.py");
        std::fs::copy(&path, scratch.root().join(&name)).unwrap();
        pairs.push((path, scratch.root().join(name)));
    }
    assert!(pairs.len() > 10, "a library");
    scratch.write("docgate.toml", "select = [\"ALL\"]\n");
    scratch.docgate(["fix", "--no-model", "."]);
    let texts = || pairs.iter().map(|(_, path)| std::fs::read(path).unwrap()).collect::<Vec<_>>();
    let once = texts();
    let changed = pairs.iter().zip(&once).filter(|((path, _), text)| std::fs::read(path).unwrap() != **text);
    assert!(changed.count() > 5, "there is always something to repair");
    expect_same_code(&pairs);
    scratch.docgate(["fix", "--no-model", "."]);
    assert!(texts() == once, "run twice, change once");
}

#[test]
fn what_is_found_is_silenced_in_comments_and_nothing_else_changes() {
    let scratch = Scratch::new();
    let text =
        "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    return a\n\n\ndef g():  # why\n    \"\"\"Give it\"\"\"\n";
    let silenced = text.replace("f(a):", "f(a):  # noqa: D103").replace("# why", "# why  # noqa: D415");
    scratch.write("a.py", text);
    let run = scratch.docgate(["fix", "--add-ignores", "--diff", "a.py"]);
    assert!(run.stdout.contains("+def f(a):  # noqa: D103\n"), "{}", run.all());
    assert_eq!(scratch.read("a.py"), text);
    for _ in 0..2 {
        let run = scratch.docgate(["fix", "--add-ignores", "a.py"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert_eq!(scratch.read("a.py"), silenced);
    }
    expect_same_text(&scratch.beside(""), text, &silenced);
    let run = scratch.docgate(["fix", "--add-ignores", "--staged"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
}
