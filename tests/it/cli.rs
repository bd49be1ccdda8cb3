//! The command line: exit codes, help, versions, and what a run leaves alone.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{BINARY, Run, Scratch};

const BARE: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    print(a)\n";
const DOCUMENTED: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    \"\"\"Do it.\"\"\"\n    print(a)\n";

fn with_file(text: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", text);
    scratch.stage();
    scratch
}

#[test]
fn nothing_that_blocks_is_0() {
    let scratch = with_file(DOCUMENTED);
    for arguments in [&["check"][..], &["check", "--staged"], &["fix"], &["fix", "a.py"], &["hook", "run"]] {
        let run = scratch.docgate_in(".", arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.all());
    }
    let scratch = with_file(
        "\"\"\"M.\"\"\"\n\n\ndef f(a):\n    \"\"\"Do it.\n\n    Args:\n        a: The a.\n    \"\"\"\n    raise ValueError\n",
    );
    let run = scratch.docgate(["check"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("warning[DOC501]"), "{}", run.stdout);
}

#[test]
fn findings_that_block_are_1() {
    let scratch = with_file(BARE);
    for arguments in [
        &["check"][..],
        &["check", "--staged"],
        &["fix"],
        &["fix", "--no-model", "a.py"],
        &["fix", "--diff"],
        &["hook", "run"],
        &["sweep", "--dry-run"],
        &["sweep", "--no-model"],
    ] {
        let run = scratch.docgate_in(".", arguments);
        assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.all());
        assert!(!run.stderr.contains("error: "), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(scratch.read("a.py"), BARE);
}

#[test]
fn a_change_is_1_where_it_is_asked_for() {
    let text =
        DOCUMENTED.replace("Do it.", "Do it.\n\n    Args:\n        a: The a.\n        b: The b.\n    ");
    let scratch = with_file(&text);
    let run = scratch.docgate(["fix", "--exit-non-zero-on-fix"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(!scratch.staged("a.py").contains("The b."));
    let run = scratch.docgate(["fix", "--exit-non-zero-on-fix"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
}

#[test]
fn wrong_usage_is_2() {
    let scratch = with_file(BARE);
    for arguments in [
        &[][..],
        &["nonsense"],
        &["check", "--nonsense"],
        &["check", "--staged", "--range", "a..b"],
        &["check", "--range", "a..b", "a.py"],
        &["check", "missing.py"],
        &["check", "--output-format", "xml"],
        &["check", "--style", "numpydoc"],
        &["fix", "--model", "nobody"],
        &["fix", "--model", "skeleton", "--no-model"],
        &["fix", "--model", "azure"],
        &["fix", "--max-definitions", "-1"],
        &["hook"],
        &["hook", "run", "--mode", "maybe"],
        &["rule", "D999"],
    ] {
        let run = scratch.docgate_in(".", arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.all());
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_run_that_could_not_finish_is_3() {
    let scratch = with_file(DOCUMENTED.replace("print(a)", "return a").as_str());
    let outside = scratch.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    for arguments in
        [&["check", "--staged"][..], &["fix"], &["hook", "run"], &["hook", "install"], &["sweep"]]
    {
        let run = scratch.docgate_in(&outside, arguments);
        assert_eq!(run.code, Some(3), "{arguments:?}: {}", run.all());
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
    }
    fs::write(scratch.root().join(".git/HEAD"), "nonsense").unwrap();
    let run = scratch.docgate(["check", "--staged"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
}

/// Starts `docgate fix` and waits until it has connected to a model that never answers.
fn asking(scratch: &Scratch, listener: &TcpListener) -> (Child, TcpStream) {
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut command = scratch.command(BINARY);
    command.args(["fix", "--model", "azure"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("DOCGATE_ENDPOINT", endpoint).env("DOCGATE_API_KEY", "key").env("DOCGATE_DEPLOYMENT", "d");
    let child = command.spawn().unwrap();
    let (connection, _) = listener.accept().unwrap();
    (child, connection)
}

#[test]
fn an_interrupted_run_is_130_and_has_written_nothing() {
    for signal in ["-INT", "-TERM"] {
        // A repair is at hand, so that there is something which must not be written.
        let text = DOCUMENTED
            .replace("Do it.", "Do it.\n\n    Args:\n        a: The a.\n        b: The b.\n    ")
            + "\n\ndef g(a):\n    print(a)\n";
        let scratch = with_file(&text);
        let index = fs::read(scratch.root().join(".git/index")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (child, connection) = asking(&scratch, &listener);
        let began = Instant::now();
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let run = Run::from_output(&child.wait_with_output().unwrap());
        assert_eq!(run.code, Some(130), "{signal}: {}", run.all());
        assert!(began.elapsed() < Duration::from_secs(5), "{signal}");
        assert!(
            run.stderr.contains("interrupted") && run.stderr.contains("nothing was written"),
            "{}",
            run.stderr
        );
        assert_eq!(scratch.read("a.py"), text, "{signal}");
        assert_eq!(fs::read(scratch.root().join(".git/index")).unwrap(), index, "{signal}");
        assert!(!scratch.root().join(".git/index.lock").exists());
        drop(connection);
    }
}

#[test]
fn every_exit_code_of_the_page_has_a_test_here() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/exit-codes.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse::<u8>().ok());
    assert_eq!(rows.collect::<Vec<_>>(), [0, 1, 2, 3, 130]);
}

#[test]
fn rules_are_listed_and_explained_by_code_and_by_name() {
    let scratch = Scratch::new();
    let table = scratch.docgate(["rule"]);
    assert_eq!(table.code, Some(0));
    for line in table.stdout.lines() {
        let mut words = line.split_whitespace();
        let (code, name) = (words.next().unwrap(), words.next().unwrap());
        let (by_code, by_name) = (scratch.docgate(["rule", code]), scratch.docgate(["rule", name]));
        assert_eq!((by_code.code, by_name.code), (Some(0), Some(0)), "{line}");
        assert_eq!(by_code.stdout, by_name.stdout, "{line}");
        assert!(by_code.stdout.contains(code), "{}", by_code.stdout);
    }
    let unknown = scratch.docgate(["rule", "no-such-rule"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("no rule is called `no-such-rule`"), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("hint: "), "{}", unknown.stderr);
}

#[test]
fn help_is_there_for_every_command_and_goes_to_stdout() {
    let scratch = Scratch::new();
    let commands: [&[&str]; 20] = [
        &[],
        &["check"],
        &["fix"],
        &["hook"],
        &["hook", "install"],
        &["hook", "uninstall"],
        &["hook", "run"],
        &["review"],
        &["sweep"],
        &["rule"],
        &["demo"],
        &["baseline"],
        &["config"],
        &["config", "show"],
        &["config", "schema"],
        &["config", "import"],
        &["init"],
        &["completions"],
        &["man"],
        &["help"],
    ];
    for command in commands {
        let arguments = if command == ["help"] { vec!["help"] } else { [command, &["--help"]].concat() };
        let run = scratch.docgate_in(".", &arguments);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{command:?}");
        assert!(run.stdout.contains("Usage: docgate"), "{command:?}: {}", run.stdout);
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = Scratch::new().docgate(["--version"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stdout, format!("docgate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_check_needs_no_cache_no_home_and_no_network() {
    let scratch = with_file(BARE);
    for arguments in [
        &["check"][..],
        &["check", "--staged"],
        &["fix", "--no-model"],
        &["fix", "--diff"],
        &["hook", "run"],
        &["rule"],
    ] {
        let mut command = scratch.command(BINARY);
        command.args(arguments);
        // An endpoint that would be asked if anybody asked: nothing listens there.
        command.env("DOCGATE_ENDPOINT", "http://127.0.0.1:9").env("DOCGATE_DEPLOYMENT", "d");
        let run = Run::from_output(&command.output().unwrap());
        assert!(run.code == Some(1) || arguments == ["rule"], "{arguments:?}: {}", run.all());
        for folder in ["cache", "home"] {
            assert!(!scratch.beside(folder).exists(), "{arguments:?} made {folder}");
        }
    }
}

#[test]
fn a_diff_can_be_applied_and_writes_nothing() {
    let text = "\"\"\"A module.\"\"\"\n\n\ndef f(a, c):\n    \"\"\"Do it.\n\n    Args:\n        b: The first.\n        c: The c.\n    \"\"\"\n\n\n\n    print(a)\n";
    for (path, text) in [
        ("a.py", text.to_owned()),
        ("with space.py", text.to_owned()),
        ("na\u{ef}ve.py", text.to_owned()),
        ("quo\"te.py", text.to_owned()),
        ("tab\tbed.py", text.to_owned()),
        ("crlf.py", text.replace('\n', "\r\n")),
        ("end.py", text.trim_end().to_owned()),
        ("no-end.py", text.replace("\n\n\n\n    print(a)\n", "")),
    ] {
        let scratch = Scratch::new();
        scratch.write(path, &text);
        scratch.commit_all("base");
        let run = scratch.docgate_in(".", &["fix", "--diff", path]);
        assert_eq!(run.code, Some(0), "{path}: {}", run.all());
        assert_eq!(scratch.read(path), text, "{path}");
        let patch = scratch.beside("a.patch");
        fs::write(&patch, &run.stdout).unwrap();
        let applied = scratch.try_git(["apply", patch.to_str().unwrap()]);
        assert_eq!(applied.code, Some(0), "{path}: {}\n{:?}", applied.all(), run.stdout);
        assert_eq!(scratch.docgate_in(".", &["fix", path]).code, Some(0));
        assert!(scratch.read(path).contains("a: The first."), "{path}");
        assert!(scratch.docgate_in(".", &["fix", "--diff", path]).stdout.is_empty(), "{path}");
    }
}
