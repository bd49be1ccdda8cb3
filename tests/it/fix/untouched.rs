//! What is never touched: code, and docstrings that are read at run time or that cannot be edited safely.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;

use crate::harness::Scratch;

use super::cpython::expect_same_code;
use super::{both, commit, repair, resolution, staged};

/// Expects a repair to be reported, not made.
fn expect_reported(base: &str, changed: &str, reason: &str) {
    let scratch = staged(base, changed);
    let run = scratch.docgate(["fix", "--staged", "--no-model", "--output-format", "json"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), changed);
    let (state, said) = resolution(&run.stdout, if reason == "docopt" { "" } else { "f" });
    assert_eq!(state, "skipped", "{}", run.stdout);
    if reason != "docopt" {
        assert_eq!(said, reason, "{}", run.stdout);
    }
}

const ENTRIES: &str = "\n\n    Args:\n        a: One.\n        b: Two.\n    ";

#[test]
fn a_click_command_is_reported_and_not_edited() {
    let text = |parameters: &str| {
        format!(
            "import click\n\n\n@click.command()\ndef f({parameters}):\n    \"\"\"Do it.{ENTRIES}\"\"\"\n    print(a)\n"
        )
    };
    expect_reported(&text("a, b"), &text("a"), "read-at-run-time");
}

#[test]
fn what_the_configuration_names_is_not_edited() {
    let text = |parameters: &str| {
        format!("@app.tool\ndef f({parameters}):\n    \"\"\"Do it.{ENTRIES}\"\"\"\n    print(a)\n")
    };
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", &text("a, b")), ("docgate.toml", "run-time-docstrings = [\"app.tool\"]\n")]);
    scratch.write("a.py", text("a"));
    scratch.git(["add", "a.py"]);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(both(&scratch, "a.py"), text("a"));
}

#[test]
fn a_docopt_module_is_not_given_another_docstring() {
    let scratch = Scratch::new();
    let text = "\"\"\"Usage: prog [--TODO]\n\nTODO: describe.\n\"\"\"\nfrom docopt import docopt\n";
    scratch.write("a.py", text);
    scratch.git(["add", "a.py"]);
    let run = scratch.docgate(["fix", "--staged", "--model", "skeleton"]);
    assert_eq!(both(&scratch, "a.py"), text, "{}", run.all());
}

#[test]
fn a_docstring_of_several_literals_is_reported_and_not_edited() {
    for (open, close) in [("(", ")"), ("'Oh. ' ", ""), ("\"\" ", "")] {
        let text = |parameters: &str| {
            format!("def f({parameters}):\n    {open}\"\"\"Do it.{ENTRIES}\"\"\"{close}\n    print(a)\n")
        };
        expect_reported(&text("a, b"), &text("a"), "not-editable");
    }
}

#[test]
fn a_definition_with_a_syntax_error_is_left_alone_and_its_neighbour_is_repaired() {
    let good =
        |parameters: &str| format!("def g({parameters}):\n    \"\"\"Do it.{ENTRIES}\"\"\"\n    print(a)\n");
    let bad = "\n\ndef f(a):\n    return (1 +\n\n";
    let scratch = staged(&good("a, b"), &format!("{}{bad}", good("a")));
    repair(&scratch);
    let expected = good("a").replace("        b: Two.\n", "");
    assert_eq!(both(&scratch, "a.py"), format!("{expected}{bad}"));
}

#[test]
fn bytes_that_are_not_utf8_are_skipped_with_the_reason() {
    let scratch = Scratch::new();
    scratch.write("a.py", b"def f(a):\n    \"\"\"Caf\xe9.\"\"\"\n");
    scratch.git(["add", "a.py"]);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("not looked at: a.py: "), "{}", run.stdout);
}

/// A function with a docstring that the code contradicts, in some layout.
fn function() -> impl Strategy<Value = String> {
    let names = prop::sample::subsequence(vec!["a", "b", "c", "d"], 0..=4);
    let documented = prop::sample::subsequence(vec!["a", "b", "c", "e", "*args", "**kw"], 0..=6);
    let layout = (0..6_usize, any::<bool>(), prop::sample::select(vec!["", "r"]));
    (names, documented, layout).prop_map(|(names, documented, (layout, single, prefix))| {
        let defaults: Vec<String> =
            names.iter().enumerate().map(|(at, name)| format!("{name}={}", at * 10)).collect();
        let entry = |(at, name): (usize, &&str)| {
            format!("        {name} (int): The {name}{{}}. Defaults to {at}.\n          More of \\\\it.\n")
        };
        let entries: String = documented.iter().enumerate().map(entry).collect();
        let quotes = if single { "'''" } else { "\"\"\"" };
        let args = if entries.is_empty() { String::new() } else { format!("\n\n    Args:\n{entries}") };
        let docstring = format!("{prefix}{quotes}Do \"it\".{args}    {quotes}");
        let header = format!("({})", defaults.join(", "));
        match layout {
            0 => format!("def NAME{header}:\n    {docstring}\n    return 'é'\n"),
            1 => format!("def NAME{header}: {docstring}; return 1\n"),
            2 => format!("async def NAME{header}:\n    {docstring}\n"),
            3 => format!("@deco(\n)\ndef NAME{header}:  # note\n\n    {docstring}  # end\n    yield 1\n"),
            4 => format!(
                "class NAME:\n    {docstring}\n\n    def __init__{}: pass\n",
                header.replace('(', "(self, ")
            ),
            _ => {
                format!("if 1:\n    def NAME{header}:\n        {docstring}\n        raise ValueError('x')\n")
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_repaired_is_the_same_program(functions in prop::collection::vec(function(), 1..6), crlf: bool) {
        let named = functions.iter().enumerate().map(|(at, text)| text.replace("NAME", &format!("f{at}")));
        let mut text = named.collect::<Vec<_>>().join("\n\n");
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let scratch = Scratch::new();
        let (old, new) = (scratch.beside("before.py"), scratch.root().join("a.py"));
        fs::write(&old, &text).unwrap();
        fs::write(&new, &text).unwrap();
        for (index, writer) in ["none", "skeleton", "skeleton"].into_iter().enumerate() {
            let before = fs::read_to_string(&new).unwrap();
            let run = scratch.docgate(["fix", "a.py", "--model", writer]);
            prop_assert!(matches!(run.code, Some(0 | 1)), "{}", run.all());
            let after = fs::read_to_string(&new).unwrap();
            prop_assert!(index < 2 || before == after, "a second run changed\n{before}\ninto\n{after}");
            prop_assert_eq!(after.replace("\r\n", "").contains('\n'), !crlf, "{}", after);
        }
        expect_same_code(&[(old, new)]);
    }
}

#[test]
fn the_standard_library_is_the_same_program_with_placeholders() {
    let output = Command::new("python3")
        .args(["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"])
        .output()
        .unwrap();
    let root = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
    let mut paths: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_fit = |path: &PathBuf| {
        let size = path.metadata().unwrap().len();
        path.extension().is_some_and(|extension| extension == "py") && (4_000..20_000).contains(&size)
    };
    paths.retain(is_fit);
    paths.sort();
    let step = paths.len().div_ceil(30).max(1);
    let scratch = Scratch::new();
    let mut pairs = Vec::new();
    for path in paths.iter().step_by(step) {
        let copy = scratch.root().join(path.file_name().unwrap());
        fs::copy(path, &copy).unwrap();
        pairs.push((path.clone(), copy));
    }
    assert!(pairs.len() > 20, "{}", pairs.len());
    let run = scratch.docgate(["fix", ".", "--model", "skeleton"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    expect_same_code(&pairs);
    let changed = |(old, new): &&(PathBuf, PathBuf)| fs::read(old).unwrap() != fs::read(new).unwrap();
    let changed = pairs.iter().filter(changed).count();
    assert!(changed >= 10, "{changed} of {}", pairs.len());
    let texts = |pairs: &[(PathBuf, PathBuf)]| -> Vec<Vec<u8>> {
        pairs.iter().map(|(_, new)| fs::read(new).unwrap()).collect()
    };
    let once = texts(&pairs);
    scratch.docgate(["fix", ".", "--model", "skeleton"]);
    let twice = texts(&pairs);
    for ((_, path), (once, twice)) in pairs.iter().zip(once.iter().zip(&twice)) {
        assert!(once == twice, "a second run changed {}", path.display());
    }
}
