//! `docgate check`: what it judges, where, and what it makes of input that is not as it should be.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::process::Stdio;

use serde_json::Value;

use crate::harness::{BINARY, Run, Scratch};

const DOCUMENTED: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    \"\"\"Do it.\"\"\"\n    print(a)\n";
const BARE: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    print(a)\n";

/// Reads a JSON report as lines: `code path:line definition`.
fn findings(run: &Run) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.all()));
    let line = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{} {}:{} {}", text("code"), text("path"), finding["line"], text("definition"))
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// The files a JSON report left out, as `path: reason`.
fn skipped(run: &Run) -> Vec<String> {
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let line =
        |file: &Value| format!("{}: {}", file["path"].as_str().unwrap(), file["reason"].as_str().unwrap());
    report["skipped"].as_array().unwrap().iter().map(line).collect()
}

fn staged(scratch: &Scratch) -> Run {
    scratch.docgate(["check", "--staged", "--output-format", "json"])
}

fn on_disk(scratch: &Scratch) -> Run {
    scratch.docgate(["check", "--output-format", "json"])
}

/// A repository with one committed file, `a.py`.
fn with_base(text: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", text);
    scratch.commit_all("base");
    scratch
}

fn expect(run: &Run, expected: &[&str]) {
    assert_eq!(findings(run), expected, "{}", run.all());
    assert_eq!(run.code, Some(i32::from(!expected.is_empty())), "{}", run.all());
}

#[test]
fn the_staged_text_is_judged_and_not_the_file_on_disk() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("a.py", BARE);
    scratch.stage();
    scratch.write("a.py", DOCUMENTED);
    expect(&staged(&scratch), &["D103 a.py:4 f"]);
    expect(&on_disk(&scratch), &[]);

    scratch.stage();
    scratch.write("a.py", BARE);
    expect(&staged(&scratch), &[]);
    expect(&on_disk(&scratch), &["D103 a.py:4 f"]);
}

#[test]
fn only_touched_definitions_are_judged() {
    let scratch = with_base(
        "\"\"\"A module.\"\"\"\n\ndef old():\n    return 1\n\nclass C:\n    def m(self):\n        return 2\n",
    );
    scratch.write(
        "a.py",
        "\"\"\"A module.\"\"\"\n\ndef old():\n    return 1\n\nclass C:\n    def m(self):\n        return 3\n",
    );
    scratch.stage();
    expect(&staged(&scratch), &["D102 a.py:7 C.m"]);
    assert_eq!(findings(&on_disk(&scratch)), ["D103 a.py:3 old", "D101 a.py:6 C", "D102 a.py:7 C.m"]);
}

#[test]
fn a_change_that_does_not_touch_the_code_gives_nothing() {
    let base = "\"\"\"A module.\"\"\"\n\ndef f(a, b='x'):\n    return a + b\n\ndef g(c):\n    return c\n";
    let table = [
        (
            "reformatted",
            "\"\"\"A module.\"\"\"\n\ndef f(\n    a,\n    b=\"x\",\n):\n    return (\n        a + b\n    )\n\ndef g(c):\n    return c\n",
        ),
        ("moved", "\"\"\"A module.\"\"\"\n\ndef g(c):\n    return c\n\ndef f(a, b='x'):\n    return a + b\n"),
        (
            "commented",
            "\"\"\"A module.\"\"\"\n# why\ndef f(a, b='x'):  # here\n    # so\n    return a + b\n\ndef g(c):\n    return c\n",
        ),
        (
            "documented",
            "\"\"\"A module, told better.\"\"\"\n\ndef f(a, b='x'):\n    \"\"\"Add.\"\"\"\n    return a + b\n\ndef g(c):\n    return c\n",
        ),
        (
            "indented otherwise",
            "\"\"\"A module.\"\"\"\n\ndef f(a, b='x'):\n\treturn a + b\n\ndef g(c):\n  return c\n",
        ),
        (
            "with other line ends",
            "\"\"\"A module.\"\"\"\r\n\r\ndef f(a, b='x'):\r\n    return a + b\r\n\r\ndef g(c):\r\n    return c\r\n",
        ),
    ];
    for (what, text) in table {
        let scratch = with_base(base);
        scratch.write("a.py", text);
        scratch.stage();
        let run = staged(&scratch);
        assert_eq!((run.code, findings(&run)), (Some(0), Vec::new()), "{what}");
    }
}

#[test]
fn a_docstring_only_change_is_judged_for_what_it_says() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n\ndef f(a):\n    \"\"\"Do it.\"\"\"\n    print(a)\n");
    scratch.write(
        "a.py",
        "\"\"\"A module.\"\"\"\n\ndef f(a):\n    \"\"\"Do it.\n\n    Args:\n        a: The a.\n        z: The z.\n    \"\"\"\n    print(a)\n",
    );
    scratch.stage();
    expect(&staged(&scratch), &["DOC102 a.py:8 f"]);
}

#[test]
fn on_an_unborn_branch_everything_staged_counts_as_added() {
    let scratch = Scratch::new();
    scratch.write("a.py", BARE);
    scratch.stage();
    expect(&staged(&scratch), &["D103 a.py:4 f"]);
    assert_eq!(scratch.docgate(["check", "--since", "main"]).code, Some(2));
}

#[test]
fn a_renamed_and_edited_file_is_compared_with_what_it_was() {
    let old = "\"\"\"A module.\"\"\"\n\n\ndef old(a):\n    print(a)\n\n\ndef other(a):\n    print(a, a)\n";
    let scratch = with_base(old);
    scratch.git(["mv", "a.py", "b.py"]);
    scratch.write("b.py", format!("{old}\n\ndef new(b):\n    print(b)\n"));
    scratch.stage();
    expect(&staged(&scratch), &["D103 b.py:12 new"]);
}

#[test]
fn a_deleted_file_gives_nothing() {
    let scratch = with_base(BARE);
    scratch.git(["rm", "--quiet", "a.py"]);
    let run = staged(&scratch);
    expect(&run, &[]);
    assert_eq!(skipped(&run), Vec::<String>::new());
}

#[test]
fn lines_are_those_of_the_staged_file() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("a.py", BARE);
    scratch.stage();
    let above = "# not staged\n".repeat(12);
    scratch.write("a.py", BARE.replacen("\n\n\n", &format!("\n{above}\n\n"), 1));
    expect(&staged(&scratch), &["D103 a.py:4 f"]);
    expect(&on_disk(&scratch), &["D103 a.py:16 f"]);
}

#[test]
fn a_syntax_error_elsewhere_is_said_and_the_rest_is_judged() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("a.py", "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    print(a)\n\n\ndef g(:\n    x = = 1\n");
    scratch.stage();
    let run = staged(&scratch);
    assert!(findings(&run).contains(&"D103 a.py:4 f".to_owned()), "{}", run.all());
    assert!(skipped(&run)[0].contains("a syntax error near line 8"), "{:?}", skipped(&run));
}

/// What is odd, the bytes, the findings, and the reason to leave the file out.
type OddFile = (&'static str, &'static [u8], &'static [&'static str], Option<&'static str>);

#[test]
fn bytes_that_are_odd_are_read_and_bytes_that_are_wrong_are_named() {
    let table: &[OddFile] = &[
        ("latin-1", b"# coding: latin-1\nx = '\xe9'\n", &["D100 a.py:1 "], None),
        ("shift_jis", b"# coding: shift_jis\nx = '\x83\\'\n", &["D100 a.py:1 "], None),
        ("cp437", b"# coding: cp437\nx = '\x82'\n", &[], Some("cp437, of which only ASCII is read")),
        ("an alias", b"# coding: latin\nx = '\xe9'\n", &["D100 a.py:1 "], None),
        (
            "unknown",
            b"# coding: enigma\nx = 1\n",
            &[],
            Some("declares the encoding enigma, which is not read"),
        ),
        ("UTF-16", b"\xff\xfex = 1", &[], Some("UTF-16")),
        ("NUL", b"\"\"\"M.\"\"\"\nx = '\0'\n", &[], Some("binary")),
        ("invalid UTF-8", b"\"\"\"M.\"\"\"\nx = '\xff'\n", &[], Some("not valid UTF-8 at byte 14")),
        ("BOM", b"\xef\xbb\xbf\"\"\"M.\"\"\"\ndef f(): return 1\n", &["D103 a.py:2 f"], None),
        ("CRLF", b"\"\"\"M.\"\"\"\r\n\r\ndef f():\r\n    return 1\r\n", &["D103 a.py:3 f"], None),
        ("lone CR", b"\"\"\"M.\"\"\"\r\rdef f():\r    return 1\r", &["D103 a.py:3 f"], None),
        (
            "tabs",
            b"\"\"\"M.\"\"\"\nclass C:\n\t\"\"\"C.\"\"\"\n\tdef m(self):\n\t\treturn 1\n",
            &["D102 a.py:4 C.m"],
            None,
        ),
        ("form feed", b"\"\"\"M.\"\"\"\n\x0c\ndef f():\n    return 1\n", &["D103 a.py:3 f"], None),
        ("empty", b"", &["D100 a.py:1 "], None),
        ("one comment", b"# nothing", &["D100 a.py:1 "], None),
        ("no final newline", b"\"\"\"M.\"\"\"\ndef f(): return 1", &["D103 a.py:2 f"], None),
    ];
    for (what, bytes, expected, reason) in table {
        let scratch = Scratch::new();
        scratch.write("a.py", bytes);
        scratch.stage();
        for run in [staged(&scratch), on_disk(&scratch)] {
            assert_eq!(&findings(&run), expected, "{what}: {}", run.all());
            match reason {
                Some(reason) => assert!(skipped(&run)[0].contains(reason), "{what}: {:?}", skipped(&run)),
                None => assert_eq!(skipped(&run), Vec::<String>::new(), "{what}"),
            }
        }
    }
}

#[test]
fn columns_count_characters() {
    let scratch = Scratch::new();
    scratch.write(
        "a.py",
        "\"\"\"M.\"\"\"\nñé = 1; \nif ñé: pass\nclass Ñé:\n    \"\"\"Cé.\"\"\"; é = 1\n    def m(self): return 1\n",
    );
    scratch.stage();
    let report: Value = serde_json::from_str(&staged(&scratch).stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!((&finding["line"], &finding["column"]), (&6.into(), &9.into()), "{report:#}");
}

#[test]
fn links_and_submodules_are_left_out() {
    let scratch = Scratch::new();
    scratch.write("other/a.py", BARE);
    symlink("other/a.py", scratch.root().join("link.py")).unwrap();
    scratch.stage();
    let run = staged(&scratch);
    assert_eq!(findings(&run), ["D103 other/a.py:4 f"]);
    assert_eq!(skipped(&run), ["link.py: a symbolic link"]);
    assert_eq!(findings(&on_disk(&scratch)), ["D103 other/a.py:4 f"]);

    let inner = with_base(BARE);
    scratch.git([
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        inner.root().to_str().unwrap(),
        "sub.py",
    ]);
    let run = staged(&scratch);
    assert!(skipped(&run).contains(&"sub.py: a submodule".to_owned()), "{}", run.all());
    assert_eq!(findings(&run), ["D103 other/a.py:4 f"]);
}

#[test]
fn every_name_that_git_takes_is_taken() {
    for name in [
        "with space.py",
        "quo\"te's.py",
        "new\nline.py",
        "-dash.py",
        "--help.py",
        "ünïcode/näme.py",
        "back\\slash.py",
        "*.py",
        ":(top)x.py",
        "tab\t.py",
    ] {
        let scratch = Scratch::new();
        scratch.write(name, BARE);
        scratch.stage();
        let by_path = scratch.docgate_in(".", &["check", "--output-format", "json", "--", name]);
        let narrowed = scratch.docgate_in(".", &["check", "--staged", "--output-format", "json", "--", name]);
        for run in [staged(&scratch), on_disk(&scratch), by_path, narrowed] {
            assert_eq!(findings(&run), [format!("D103 {name}:4 f")], "{}", run.all());
        }
    }
}

#[test]
fn files_and_folders_are_looked_at_whole() {
    let scratch = with_base(DOCUMENTED);
    scratch.write("pkg/b.py", BARE);
    scratch.write("pkg/deep/c.pyi", BARE);
    scratch.write("pkg/notes.txt", "def f(): pass\n");
    scratch.commit_all("more");
    let json = |path: &str| scratch.docgate_in(".", &["check", path, "--output-format", "json"]);
    expect(&json("pkg/b.py"), &["D103 pkg/b.py:4 f"]);
    expect(&json("pkg"), &["D103 pkg/b.py:4 f"]);
    expect(&json("a.py"), &[]);
    let run = json("pkg/notes.txt");
    expect(&run, &[]);
    assert_eq!(skipped(&run), ["pkg/notes.txt: not a Python file"]);
    let run = scratch.docgate(["check", "missing.py"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("cannot look at missing.py"), "{}", run.stderr);
}

#[test]
fn without_a_repository_paths_are_looked_at_and_staged_is_an_error() {
    let scratch = Scratch::new();
    let folder = scratch.beside("plain");
    fs::create_dir_all(folder.join("pkg")).unwrap();
    fs::write(folder.join("pkg/a.py"), BARE).unwrap();
    for arguments in [&["check"][..], &["check", "pkg"], &["check", "pkg/a.py"]] {
        let run = scratch.docgate_in(&folder, arguments);
        assert_eq!(run.code, Some(1), "{}", run.all());
        assert!(
            run.stdout.starts_with("error[D103]: ") && run.stdout.contains("--> pkg/a.py:4:5"),
            "{}",
            run.stdout
        );
    }
    let run = scratch.docgate_in(&folder, &["check", "--staged"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("error: "), "{}", run.stderr);
}

#[test]
fn a_path_outside_does_not_take_the_repository_its_configuration_away() {
    let scratch = with_base(BARE);
    scratch.write("docgate.toml", "ignore = [\"D103\"]\n");
    let outside = scratch.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("b.py"), BARE).unwrap();
    let run = scratch.docgate(["check", "a.py", "../outside/b.py"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn ignored_files_are_left_out_unless_they_are_named() {
    let scratch = Scratch::new();
    scratch.write(".gitignore", "build/\nskip.py\n");
    for path in ["build/a.py", "skip.py", "pkg/skip.py", "kept.py"] {
        scratch.write(path, BARE);
    }
    assert_eq!(findings(&on_disk(&scratch)), ["D103 kept.py:4 f"]);
    let named = scratch.docgate(["check", "skip.py", "--output-format", "json"]);
    assert_eq!(findings(&named), ["D103 skip.py:4 f"]);
}

#[test]
fn no_file_of_the_user_and_of_other_tools_changes_what_is_looked_at() {
    let scratch = with_base(BARE);
    scratch.write(".ignore", "a.py\n");
    let home = scratch.beside("home");
    fs::create_dir_all(home.join(".config/git")).unwrap();
    fs::write(home.join(".config/git/ignore"), "a.py\n").unwrap();
    assert_eq!(findings(&on_disk(&scratch)), ["D103 a.py:4 f"]);
}

#[test]
fn ranges_compare_two_commits_and_leave_the_index_alone() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.git(["branch", "start"]);
    scratch.git(["checkout", "--quiet", "-b", "side"]);
    scratch.write("a.py", BARE);
    scratch.commit_all("side");
    scratch.git(["checkout", "--quiet", "main"]);
    scratch.write("b.py", BARE);
    scratch.commit_all("main goes on");
    scratch.git(["checkout", "--quiet", "side"]);
    scratch.write("c.py", BARE);
    scratch.stage();
    let range =
        |range: &str| scratch.docgate_in(".", &["check", "--range", range, "--output-format", "json"]);
    expect(&range("start..side"), &["D103 a.py:4 f"]);
    expect(&range("main...side"), &["D103 a.py:4 f"]);
    expect(&range("start..main"), &["D103 b.py:4 f"]);
    expect(&range("side..start"), &[]);
    expect(&scratch.docgate(["check", "--since", "main", "--output-format", "json"]), &["D103 a.py:4 f"]);
    for arguments in [
        &["check", "--range", "nowhere..side"][..],
        &["check", "--range", "side"],
        &["check", "--range", ".."],
        &["check", "--since", "nowhere"],
        &["check", "--since", "--output=x"],
        &["check", "--range", "a..b..c"],
    ] {
        let run = scratch.docgate_in(".", arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.all());
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn rules_are_selected_and_ignored_on_the_command_line() {
    let scratch = with_base(
        "x = 1\n\n\ndef f(a):\n    print(a)\n\n\nclass C:\n    def __init__(self):\n        print()\n",
    );
    let table: &[(&[&str], &[&str])] = &[
        (&[], &["D100", "D103", "D101"]),
        (&["--select", "D103"], &["D103"]),
        (&["--select", "undocumented-public-class"], &["D101"]),
        (&["--select", "D103,D101"], &["D103", "D101"]),
        (&["--ignore", "D100"], &["D103", "D101"]),
        (&["--ignore", "D"], &[]),
        (&["--extend-select", "D107"], &["D100", "D103", "D101", "D107"]),
        (&["--select", "D", "--ignore", "D103", "--ignore", "D100"], &["D101", "D105", "D107"]),
    ];
    for (flags, expected) in table {
        let arguments = [&["check", "--output-format", "json"][..], flags].concat();
        let run = scratch.docgate_in(".", &arguments);
        let codes: Vec<String> =
            findings(&run).iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        let mut expected = expected.to_vec();
        expected.retain(|code| *code != "D105");
        assert_eq!(codes, expected, "{flags:?}");
    }
    for flag in ["--select", "--ignore", "--extend-select"] {
        let run = scratch.docgate(["check", flag, "D103,NOPE"]);
        assert_eq!(run.code, Some(2), "{flag}: {}", run.all());
        assert!(run.stderr.contains("NOPE"), "{flag}: {}", run.stderr);
    }
}

#[test]
fn staged_is_configured_by_what_is_staged_and_paths_by_what_is_on_disk() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("a.py", BARE);
    scratch.stage();
    scratch.write("docgate.toml", "ignore = [\"D103\"]\n");
    expect(&staged(&scratch), &["D103 a.py:4 f"]);
    expect(&on_disk(&scratch), &[]);
    scratch.stage();
    scratch.write("docgate.toml", "");
    expect(&staged(&scratch), &[]);
    expect(&on_disk(&scratch), &["D103 a.py:4 f"]);
}

#[test]
fn a_broken_configuration_is_an_error_that_names_it() {
    let table: &[(&[(&str, &str)], &str)] = &[
        (&[("docgate.toml", ""), ("pyproject.toml", "[tool.docgate]\n")], "pyproject.toml"),
        (&[("docgate.toml", "mod = \"fix\"\n")], "docgate.toml:1"),
        (&[("docgate.toml", "mode = \n")], "docgate.toml:1"),
        (&[("docgate.toml", "ignore = [\"D999\"]\n")], "D999"),
        (&[("pyproject.toml", "[tool.docgate]\nmode = 1\n")], "pyproject.toml:2"),
        (&[("docgate.toml", "style = \"numpydoc\"\n")], "numpydoc"),
        (&[("docgate.toml", "endpoint = \"https://example.org\"\n")], "endpoint"),
    ];
    for (files, expected) in table {
        let scratch = with_base(BARE);
        for (path, text) in *files {
            scratch.write(path, text);
        }
        scratch.stage();
        for arguments in [&["check"][..], &["check", "--staged"], &["fix"], &["hook", "run"]] {
            let run = scratch.docgate_in(".", arguments);
            assert_eq!(run.code, Some(2), "{files:?} {arguments:?}: {}", run.all());
            assert!(run.stderr.contains(expected), "{files:?} {arguments:?}: {}", run.stderr);
        }
    }
}

#[test]
fn the_json_report_has_every_documented_field() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("a.py", "\"\"\"A module.\"\"\"\n\n\ndef f(a, c):\n    \"\"\"Do it.\n\n    Args:\n        b: The first.\n        c: The c.\n    \"\"\"\n    print(a)\n\n\ndef g():\n    print()\n");
    scratch.write("b.py", b"\xff");
    scratch.stage();
    let run = scratch.docgate(["check", "--staged", "--output-format", "json", "--show-fixes"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json-output.md")).unwrap();
    let example = page.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), keys(&example));
    for place in ["/tool", "/summary", "/findings/0", "/findings/0/evidence/0", "/outcomes/0"] {
        let (ours, documented) = (report.pointer(place).unwrap(), example.pointer(place).unwrap());
        assert_eq!(keys(ours), keys(documented), "{place}");
    }
    assert_eq!(report["summary"]["exit_code"], 1);
    assert!(page.contains("--output-format json"), "the page names another flag");
    insta::assert_snapshot!(run.stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn exit_zero_reports_and_passes() {
    let scratch = with_base(BARE);
    let run = scratch.docgate(["check", "--exit-zero"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("error[D103]"), "{}", run.stdout);
    let run = scratch.docgate(["check", "--exit-zero", "missing.py"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
}

#[test]
fn quiet_prints_what_blocks_and_nothing_else() {
    let scratch = with_base(
        "\"\"\"A module.\"\"\"\n\n\ndef f():\n    \"\"\"Do it.\n\n    More.\n    \"\"\"\n    raise ValueError\n",
    );
    let loud = scratch.docgate(["check"]);
    assert!(
        loud.stdout.contains("warning[DOC501]") || loud.stdout.contains("nothing to say"),
        "{}",
        loud.stdout
    );
    let run = scratch.docgate(["check", "-q"]);
    assert_eq!((run.code, run.all().trim()), (Some(0), ""));
    scratch.write("a.py", BARE);
    let run = scratch.docgate(["check", "--quiet"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("error[D103]"), "{}", run.stdout);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let scratch = Scratch::new();
    let many = "def f(a): print(a)\n".repeat(5_000);
    scratch.write("a.py", format!("\"\"\"M.\"\"\"\n{many}"));
    for format in ["text", "json"] {
        let mut command = scratch.command(BINARY);
        command.args(["check", "--output-format", format]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut first).unwrap();
        drop(reader);
        let run = Run::from_output(&child.wait_with_output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{format}");
        assert!(!first.is_empty());
    }
}

#[test]
fn nothing_that_a_terminal_acts_on_is_printed() {
    let evil = "\u{1b}[31m\u{202e}x\u{200b}";
    let scratch = Scratch::new();
    scratch.write(&format!("{evil}.py"), format!("\"\"\"M.\"\"\"\n\n\ndef f(a={evil:?}):\n    \"\"\"Do it.\n\n    Args:\n        a: It. Defaults to {evil}.\n        {evil}: It.\n    \"\"\"\n    raise {evil}\n\n\ndef g(a):\n    print(a)\n"));
    scratch.write(&format!("{evil}2.py"), b"\xff");
    scratch.stage();
    let file = format!("{evil}.py");
    let gone = format!("gone{evil}.py");
    let wrong = format!("{evil}..x");
    for arguments in [
        &["check"][..],
        &["check", "--staged"],
        &["check", "--output-format", "json"],
        &["-v", "check"],
        &["fix", "--model", "skeleton", "--diff", "--select", "D102"],
        &["check", &file],
        &["check", &gone],
        &["check", "--range", &wrong],
        &["check", "--select", evil],
        &["check", "--style", evil],
        &["rule", evil],
        &["hook", "run"],
        &["fix", &file],
    ] {
        let run = scratch.docgate_in(".", arguments);
        let all = run.all();
        for character in ['\u{1b}', '\u{202e}', '\u{200b}'] {
            assert!(!all.contains(character), "{arguments:?} prints {character:?}: {all:?}");
        }
    }
    let toml = format!("\"{evil}\" = 1\n");
    scratch.write("docgate.toml", toml);
    let run = scratch.docgate(["check"]);
    assert!(run.code == Some(2) && !run.all().contains(['\u{1b}', '\u{202e}']), "{:?}", run.all());
}

#[test]
fn paths_are_shown_from_the_root_wherever_docgate_is_called() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    scratch.write("docgate.toml", "ignore = [\"D104\"]\n");
    scratch.write("pkg/b.py", BARE);
    scratch.write("c.py", BARE);
    scratch.stage();
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--output-format", "json"]].concat();
        findings(&scratch.docgate_in("pkg", &arguments))
    };
    assert_eq!(run(&["check", "--staged"]), ["D103 c.py:4 f", "D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check"]), ["D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check", "b.py"]), ["D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check", "../c.py"]), ["D103 c.py:4 f"]);
    assert_eq!(run(&["check", "--staged", "b.py"]), ["D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check", "--staged", "."]), ["D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check", "--staged", ".."]), ["D103 c.py:4 f", "D103 pkg/b.py:4 f"]);
    assert_eq!(run(&["check", "--staged", "../c.py", "b.py"]), ["D103 c.py:4 f", "D103 pkg/b.py:4 f"]);
    let outside = scratch.docgate_in("pkg", &["check", "--staged", "../../elsewhere.py"]);
    assert_eq!(outside.code, Some(2), "{}", outside.all());
}

#[test]
fn staged_paths_narrow_by_folder_and_not_by_beginning() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    for path in ["pkg/b.py", "pkg2/c.py", "pkg.py"] {
        scratch.write(path, BARE);
    }
    scratch.stage();
    let run = scratch.docgate(["check", "--staged", "pkg", "--output-format", "json"]);
    assert_eq!(findings(&run), ["D103 pkg/b.py:4 f"]);
    let run = scratch.docgate(["check", "--staged", "pkg/", "--output-format", "json"]);
    assert_eq!(findings(&run), ["D103 pkg/b.py:4 f"]);
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let scratch = with_base("\"\"\"A module.\"\"\"\n");
    let linked = scratch.beside("linked");
    scratch.git(["worktree", "add", "--quiet", linked.to_str().unwrap()]);
    fs::write(linked.join("a.py"), BARE).unwrap();
    let add = scratch.command("git").current_dir(&linked).args(["add", "a.py"]).status().unwrap();
    assert!(add.success());
    let run = scratch.docgate_in(&linked, &["check", "--staged", "--output-format", "json"]);
    expect(&run, &["D103 a.py:4 f"]);
    expect(&staged(&scratch), &[]);
}

#[test]
fn hidden_folders_are_looked_at_and_foreign_ones_are_not() {
    let scratch = Scratch::new();
    for path in [".github/scripts/own.py", ".venv/lib/foreign.py", "node_modules/foreign.py"] {
        scratch.write(path, "def f(): return 1\n");
    }
    let run = scratch.docgate(["check", "."]);
    assert!(run.stdout.contains(".github/scripts/own.py"), "{}", run.all());
    assert!(!run.stdout.contains("foreign.py"), "{}", run.all());
}

/// A package whose exception is derived, over two files, from what a docstring names.
fn with_exceptions() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("src/p/__init__.py", "\"\"\"A package.\"\"\"\n");
    scratch.write(
        "src/p/roots.py",
        "\"\"\"Roots.\"\"\"\n\n\nclass Root(ValueError):\n    \"\"\"A root.\"\"\"\n",
    );
    scratch.write(
        "src/p/errors.py",
        "\"\"\"Errors.\"\"\"\n\nfrom .roots import Root\n\n\nclass Broken(Root):\n    \"\"\"It broke.\"\"\"\n",
    );
    scratch.write("src/p/unrelated.py", "\"\"\"Not asked for.\"\"\"\n");
    scratch.write(
        "src/p/user.py",
        "\"\"\"Uses it.\"\"\"\n\nfrom .errors import Broken\nfrom . import unrelated\n",
    );
    scratch.commit_all("base");
    scratch
}

const RAISES: &str = "


def f():
    \"\"\"Do it.

    Raises:
        ValueError: If it is wrong.
    \"\"\"
    raise Broken
";

/// Which files were read to follow imports, by the log.
fn followed(run: &Run) -> Vec<&str> {
    let lines = run.stderr.lines().filter(|line| line.contains("read from the tree"));
    let mut paths: Vec<&str> = lines
        .filter_map(|line| line.split_whitespace().find_map(|word| word.strip_prefix("path=")))
        .collect();
    paths.sort_unstable();
    paths
}

#[test]
fn bases_of_exceptions_are_followed_in_the_tree_that_is_judged() {
    let log = [("DOCGATE_LOG", "docgate=debug")];
    let read = ["src/p/errors.py", "src/p/roots.py"];
    let scratch = with_exceptions();
    let user = scratch.read("src/p/user.py");
    scratch.write("src/p/user.py", format!("{user}{RAISES}"));
    scratch.stage();
    // What lies on disk is not what is staged.
    scratch.write(
        "src/p/roots.py",
        "\"\"\"Roots.\"\"\"\n\n\nclass Root(KeyError):\n    \"\"\"Where all begin.\"\"\"\n",
    );
    let run = scratch.docgate_with(["check", "--staged", "--output-format", "json"], &log);
    expect(&run, &[]);
    assert_eq!(followed(&run), read);
    let run = scratch.docgate(["check", "src/p/user.py", "--output-format", "json"]);
    expect(&run, &["DOC502 src/p/user.py:12 f", "DOC501 src/p/user.py:8 f"]);
    // And what is committed is neither.
    scratch.git(["commit", "--quiet", "--message", "raises"]);
    scratch.write(
        "src/p/errors.py",
        "\"\"\"Errors.\"\"\"\n\n\nclass Broken(OSError):\n    \"\"\"It broke.\"\"\"\n",
    );
    scratch.git(["add", "src/p/errors.py"]);
    let run = scratch.docgate_with(["check", "--range", "HEAD~1..HEAD", "--output-format", "json"], &log);
    expect(&run, &[]);
    assert_eq!(followed(&run), read);
}

#[test]
fn nothing_is_read_where_no_rule_asks() {
    let scratch = with_exceptions();
    let user = scratch.read("src/p/user.py");
    scratch.write("src/p/user.py", format!("{user}\n\ndef g(a):\n    \"\"\"Do it.\"\"\"\n    print(a)\n"));
    scratch.stage();
    let run = scratch
        .docgate_with(["check", "--staged", "--output-format", "json"], &[("DOCGATE_LOG", "docgate=debug")]);
    expect(&run, &[]);
    assert_eq!(followed(&run), [""; 0]);
}

#[test]
fn imports_are_followed_in_the_index_that_git_commits_from() {
    let scratch = with_exceptions();
    let user = scratch.read("src/p/user.py");
    scratch.write("src/p/user.py", format!("{user}{RAISES}"));
    scratch.write(
        "src/p/roots.py",
        "\"\"\"Roots.\"\"\"\n\n\nclass Root(KeyError):\n    \"\"\"Where all begin.\"\"\"\n",
    );
    scratch.git(["add", "src/p/user.py"]);
    let index = scratch.root().join(".git/other-index");
    fs::copy(scratch.root().join(".git/index"), &index).unwrap();
    scratch.stage();
    let index = index.to_str().unwrap();
    let run =
        scratch.docgate_with(["check", "--staged", "--output-format", "json"], &[("GIT_INDEX_FILE", index)]);
    expect(&run, &[]);
    let run = staged(&scratch);
    expect(&run, &["DOC502 src/p/user.py:12 f", "DOC501 src/p/user.py:8 f"]);
}

#[test]
fn a_copied_file_is_judged_for_what_is_new_in_it() {
    const LONG: &str = "\"\"\"A module.\"\"\"\n\n\ndef old(a):\n    first = a.one()\n    second = a.two()\n    return first.join(second)\n";
    let scratch = with_base(LONG);
    // Git finds what a file was copied from only where that one is part of the change, too.
    scratch.write("a.py", LONG.replace("a.two()", "a.three()"));
    scratch.write("b.py", format!("{LONG}\n\ndef new(a):\n    print(a)\n"));
    scratch.stage();
    expect(&staged(&scratch), &["D103 a.py:4 old", "D103 b.py:10 new"]);
    scratch.git(["commit", "--quiet", "--no-verify", "--message", "copied"]);
    let run = scratch.docgate(["check", "--range", "HEAD~1..HEAD", "--output-format", "json"]);
    expect(&run, &["D103 a.py:4 old", "D103 b.py:10 new"]);
}

#[test]
fn what_moves_to_another_file_is_not_newly_missing() {
    const LONG: &str =
        "def moved(a):\n    first = a.one()\n    second = a.two()\n    return first.join(second)\n";
    let documented = "\"\"\"A module.\"\"\"\n\n\n";
    // So much besides that git does not take the file for a copy of the other one.
    let elsewhere =
        |name: &str| format!("\"\"\"A module.\n\n{}\"\"\"\n\n\n{LONG}", format!("The {name}.\n").repeat(40));
    let scratch = with_base(&format!("{documented}{LONG}\n\ndef stays(a):\n    return a.value().text\n"));
    scratch.write("a.py", format!("{documented}def stays(a):\n    return a.value().text\n"));
    scratch.write("b.py", elsewhere("first"));
    scratch.stage();
    expect(&staged(&scratch), &[]);
    // The same code twice has not moved, it was copied.
    scratch.write("c.py", elsewhere("second"));
    scratch.stage();
    expect(&staged(&scratch), &["D103 b.py:46 moved", "D103 c.py:46 moved"]);
    scratch.git(["rm", "--quiet", "--force", "c.py"]);
    // Another file next to the moved function, and nothing left of the old one.
    scratch.git(["rm", "--quiet", "--force", "a.py"]);
    let more = "\n\nclass New:\n    def m(self):\n        return self.what().ever()\n\n    def n(self):\n        return 1\n";
    scratch.write("b.py", format!("{documented}{LONG}{more}"));
    scratch.stage();
    expect(&staged(&scratch), &["D101 b.py:10 New", "D102 b.py:11 New.m", "D102 b.py:14 New.n"]);
    scratch.git(["commit", "--quiet", "--no-verify", "--message", "moved"]);
    let run = scratch.docgate(["check", "--range", "HEAD~1..HEAD", "--output-format", "json"]);
    expect(&run, &["D101 b.py:10 New", "D102 b.py:11 New.m", "D102 b.py:14 New.n"]);
}
