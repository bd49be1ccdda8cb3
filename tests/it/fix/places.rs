//! Where it is written: index and working tree, together or not at all.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::Scratch;

use super::{both, commit, repair, resolution, staged, status};

fn function(name: &str, parameters: &str, body: &str) -> String {
    format!(
        "def {name}({parameters}):\n    \"\"\"Do {name}.\n\n    Args:\n        a: One.\n        b: Two.\n    \
         \"\"\"\n    return {body}\n"
    )
}

fn repaired(name: &str, body: &str) -> String {
    function(name, "a", body).replace("        b: Two.\n", "")
}

/// A repository with `f` and `g`, from both of which the parameter `b` has gone in the index.
fn two_functions() -> Scratch {
    let base = format!("{}\n\n{}", function("f", "a, b", "a"), function("g", "a, b", "a"));
    staged(&base, &base.replace("(a, b)", "(a)"))
}

#[test]
fn an_unstaged_edit_elsewhere_survives_byte_for_byte() {
    let scratch = two_functions();
    let edit = "\n\nhalf = [  1,2 ]   # not staged\t\n\n\n\n";
    let before = scratch.read("a.py");
    scratch.write("a.py", format!("import os\n{before}{edit}"));
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    let expected = format!("{}\n\n{}", repaired("f", "a"), repaired("g", "a"));
    assert_eq!(scratch.staged("a.py"), expected);
    assert_eq!(scratch.read("a.py"), format!("import os\n{expected}{edit}"));
    assert_eq!(status(&scratch), "MM a.py\n");
}

#[test]
fn a_partly_staged_definition_is_left_alone_and_its_neighbour_is_written() {
    let scratch = two_functions();
    let working = scratch.read("a.py").replacen("def f(a)", "def f(a, later)", 1);
    scratch.write("a.py", &working);
    let run = scratch.docgate(["fix", "--staged", "--no-model", "--output-format", "json"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(resolution(&run.stdout, "f"), ("skipped".to_owned(), "partly-staged".to_owned()));
    assert_eq!(resolution(&run.stdout, "g").0, "repaired");
    let g = repaired("g", "a");
    assert_eq!(scratch.staged("a.py"), format!("{}\n\n{g}", function("f", "a", "a")));
    assert_eq!(scratch.read("a.py"), format!("{}\n\n{g}", function("f", "a, later", "a")));
}

#[test]
fn a_docstring_edited_without_staging_is_left_alone() {
    let scratch = two_functions();
    let working = scratch.read("a.py").replacen("Two.", "Two, better.", 1);
    scratch.write("a.py", &working);
    let run = scratch.docgate(["fix", "--staged", "--no-model", "--output-format", "json"]);
    assert_eq!(resolution(&run.stdout, "f").1, "partly-staged");
    assert!(scratch.staged("a.py").starts_with(&function("f", "a", "a")));
    assert!(scratch.read("a.py").contains("Two, better."));
}

#[test]
fn a_working_file_that_is_deleted_is_not_brought_back() {
    let scratch = two_functions();
    let before = scratch.staged("a.py");
    fs::remove_file(scratch.root().join("a.py")).unwrap();
    let run = repair(&scratch);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert_eq!(scratch.staged("a.py"), before);
    assert_eq!(status(&scratch), "MD a.py\n");
    assert!(run.stdout.contains("skipped: "), "{}", run.stdout);
}

#[test]
fn a_working_file_that_is_a_syntax_error_is_left_alone() {
    let scratch = two_functions();
    let before = scratch.staged("a.py");
    let working = scratch.read("a.py").replace("def f(a):", "def f(a:");
    scratch.write("a.py", &working);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(scratch.read("a.py").starts_with("def f(a:\n"), "{}", scratch.read("a.py"));
    assert!(scratch.staged("a.py").starts_with(&before[..before.find("return").unwrap()]));
}

#[test]
fn autocrlf_gives_lf_to_the_index_and_crlf_to_the_working_tree() {
    let scratch = Scratch::new();
    scratch.git(["config", "core.autocrlf", "true"]);
    let base = function("f", "a, b", "a");
    commit(&scratch, &[("a.py", &base.replace('\n', "\r\n"))]);
    assert_eq!(scratch.staged("a.py"), base);
    scratch.write("a.py", function("f", "a", "a").replace('\n', "\r\n"));
    scratch.git(["add", "a.py"]);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(scratch.staged("a.py"), repaired("f", "a"));
    assert_eq!(scratch.read("a.py"), repaired("f", "a").replace('\n', "\r\n"));
    assert_eq!(status(&scratch), "M  a.py\n");
}

#[test]
fn the_executable_bit_is_kept() {
    let scratch = two_functions();
    let path = scratch.root().join("a.py");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    scratch.git(["add", "a.py"]);
    repair(&scratch);
    both(&scratch, "a.py");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(scratch.git(["ls-files", "--stage"]).stdout.starts_with("100755 "));
    assert_eq!(status(&scratch), "M  a.py\n");
}

#[test]
fn a_renamed_file_is_written_under_its_new_name() {
    let scratch = Scratch::new();
    commit(&scratch, &[("a.py", &function("f", "a, b", "a"))]);
    scratch.git(["mv", "a.py", "b.py"]);
    scratch.write("b.py", function("f", "a", "a"));
    scratch.git(["add", "b.py"]);
    let run = repair(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert_eq!(both(&scratch, "b.py"), repaired("f", "a"));
    assert!(!scratch.root().join("a.py").exists());
}

#[test]
fn the_first_commit_of_a_repository_is_repaired() {
    let scratch = Scratch::new();
    scratch.write("a.py", format!("\"\"\"Things.\"\"\"\n\n\n{}", function("f", "a", "a")));
    scratch.git(["add", "a.py"]);
    let run = repair(&scratch);
    assert_eq!(both(&scratch, "a.py"), format!("\"\"\"Things.\"\"\"\n\n\n{}", repaired("f", "a")));
    assert_eq!(run.code, Some(0), "{}", run.all());
}
