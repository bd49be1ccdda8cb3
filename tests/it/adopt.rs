//! Adopting docgate in a repository: `config import`, `init`, and the first commits.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use docgate::adopt::{Take, Tool};

use crate::harness::Scratch;

const RUFF: &str = "[project]\nname = \"x\" # kept\n\n[tool.ruff.lint]\nselect = [\"E\", \"D\"]\nignore = [\"D203\"]\n\n[tool.ruff.lint.pydocstyle]\nconvention = \"google\"\n";
const CODE: &str = "\"\"\"A module.\"\"\"\n\n\ndef f(a):\n    print(a)\n";

#[test]
fn what_is_printed_is_what_docgate_reads_and_the_rest_is_said_on_stderr() {
    let scratch = Scratch::new();
    scratch.write("pyproject.toml", format!("{RUFF}property-decorators = [\"x.y\"]\n"));
    let run = scratch.docgate(["config", "import"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(
        run.stdout.contains("convention = \"google\" # pyproject.toml [tool.ruff.lint.pydocstyle]"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("not taken over: pyproject.toml [tool.ruff.lint.pydocstyle] property-decorators:"),
        "{}",
        run.stderr
    );
    scratch.write("docgate.toml", &run.stdout);
    let shown = scratch.docgate(["config", "show"]);
    assert_eq!(shown.code, Some(0), "{}", shown.all());
    assert!(shown.stdout.contains("rules.convention = google  # docgate.toml:"), "{}", shown.stdout);
}

#[test]
fn it_is_written_at_the_end_of_a_file_and_never_over_something() {
    let scratch = Scratch::new();
    scratch.write("pyproject.toml", RUFF);
    fs::set_permissions(scratch.root().join("pyproject.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    let run = scratch.docgate_in(".git/..", &["config", "import", "--write"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "written: pyproject.toml\n"), "{}", run.all());
    let text = scratch.read("pyproject.toml");
    assert!(text.starts_with(RUFF) && text.contains("\n[tool.docgate.rules]\n"), "{text}");
    let mode = fs::metadata(scratch.root().join("pyproject.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    for file in ["pyproject.toml", "docgate.toml"] {
        let run = scratch.docgate(["config", "import", "--write", "--into", file]);
        assert_eq!(run.code, Some(2), "{}", run.all());
        assert!(
            run.stderr.contains("is there already") && run.stderr.contains("hint: nothing is overwritten"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(scratch.read("pyproject.toml"), text);
    assert!(!scratch.root().join("docgate.toml").exists());
}

#[test]
fn a_file_of_its_own_is_for_all_who_may_read_the_folder() {
    let scratch = Scratch::new();
    scratch.write("tox.ini", "[pydocstyle]\nconvention = numpy\n");
    let run = scratch.docgate(["config", "import", "--write"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "written: docgate.toml\n"), "{}", run.all());
    let mode = fs::metadata(scratch.root().join("docgate.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(mode & 0o111, 0);
    assert_eq!(
        mode & 0o044 != 0,
        fs::metadata(scratch.root().join("tox.ini")).unwrap().permissions().mode() & 0o044 != 0
    );
}

#[test]
fn what_cannot_be_done_is_refused_with_the_reason_and_nothing_is_written() {
    type Spoil = fn(&Scratch);
    let table: [(&str, Spoil, &[&str]); 7] = [
        ("unclosed table", |scratch| scratch.write("pyproject.toml", "[tool\n"), &["--write"]),
        ("closing bracket", |scratch| scratch.write("setup.cfg", "[pydocstyle\n"), &["--write"]),
        (
            "it is a link",
            |scratch| {
                scratch.write("real.toml", RUFF);
                symlink("real.toml", scratch.root().join("pyproject.toml")).unwrap();
            },
            &["--write"],
        ),
        (
            "takes no table",
            |scratch| scratch.write("pyproject.toml", "tool = { ruff = { lint = { select = [\"D\"] } } }\n"),
            &["--write"],
        ),
        ("no settings of darglint", |scratch| scratch.write("pyproject.toml", RUFF), &["--from", "darglint"]),
        ("cannot look at", |_| {}, &["nowhere"]),
        ("not the name of a file", |scratch| scratch.write("x.toml", ""), &["x.toml"]),
    ];
    for (reason, spoil, arguments) in table {
        let scratch = Scratch::new();
        spoil(&scratch);
        let before = scratch.git(["status", "--short"]).stdout;
        let run = scratch.docgate_in(".", &[&["config", "import"], arguments].concat());
        assert_eq!(run.code, Some(2), "{reason}: {}", run.all());
        assert!(run.stderr.contains(reason), "{reason}: {}", run.stderr);
        assert_eq!(scratch.git(["status", "--short"]).stdout, before, "{reason}");
    }
}

#[test]
fn where_there_is_nothing_to_take_over_it_says_so() {
    for file in [None, Some("[project]\nname = \"x\"\n")] {
        let scratch = Scratch::new();
        if let Some(text) = file {
            scratch.write("pyproject.toml", text);
        }
        let run = scratch.docgate(["config", "import", "--write"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.all());
        assert!(run.stderr.contains("nothing to take over"), "{}", run.stderr);
    }
}

#[test]
fn globs_of_a_folder_count_from_the_root() {
    let scratch = Scratch::new();
    scratch.write("sub/ruff.toml", "exclude = [\"gen\", \"a/b.py\"]\nlint.select = [\"D1\"]\n");
    for path in ["sub", "sub/ruff.toml"] {
        let run = scratch.docgate(["config", "import", path]);
        assert!(run.stdout.contains("exclude = [\"sub/**/gen\", \"sub/a/b.py\"]"), "{}", run.all());
        assert!(run.stderr.contains("counts for the whole repository"), "{}", run.stderr);
    }
}

#[test]
fn init_proposes_first_and_writes_when_asked() {
    let scratch = Scratch::new();
    scratch.write("pyproject.toml", RUFF);
    scratch.write("a.py", CODE);
    scratch.commit_all("begin");
    let run = scratch.docgate(["init"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    for line in [
        "configuration: pyproject.toml: would be written at its end, with the settings of ruff",
        "    mode = \"check\" # what the hook does",
        "hook: .git/hooks/pre-commit: would be installed",
        "Nothing was written. Next:",
        "    docgate init --write",
        "    docgate baseline ",
        "    git add pyproject.toml docgate-baseline.json",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    assert_eq!(scratch.git(["status", "--short"]).stdout, "");
    assert!(!scratch.root().join(".git/hooks/pre-commit").exists());

    let run = scratch.docgate(["init", "--yes"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(
        run.stdout.contains("pre-commit: installed") && !run.stdout.contains("Nothing was written"),
        "{}",
        run.stdout
    );
    let written = scratch.read("pyproject.toml");
    assert_eq!(scratch.docgate(["baseline"]).code, Some(0));
    assert_eq!(scratch.docgate(["check"]).code, Some(0));
    scratch.git(["add", "--all"]);
    assert_eq!(scratch.try_git(["commit", "--quiet", "--message", "adopt docgate"]).code, Some(0));

    scratch.write("a.py", format!("{CODE}\n\ndef g(b):\n    print(b)\n"));
    scratch.stage();
    let run = scratch.try_git(["commit", "--quiet", "--message", "more"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    assert!(
        run.all().contains("function `g` has no docstring") && !run.all().contains("`f`"),
        "{}",
        run.all()
    );

    let run = scratch.docgate(["init", "--write"]);
    assert!(
        run.stdout.contains("pyproject.toml is there, and stays")
            && run.stdout.contains("is docgate's already"),
        "{}",
        run.stdout
    );
    assert_eq!(scratch.read("pyproject.toml"), written);
}

#[test]
fn init_touches_no_file_of_a_hook_manager_and_shows_what_to_put_in() {
    let table = [
        (".pre-commit-config.yaml", "repos: []\n", "  - repo: local"),
        ("prek.toml", "repos = []\n", "[[repos.hooks]]"),
        ("lefthook.yml", "pre-commit:\n", "run: docgate hook run"),
        (".husky/pre-commit", "npm test\n", "docgate hook run"),
        ("package.json", "{\"lint-staged\": {}}\n", "\"*.{py,pyi}\": \"docgate hook run\""),
    ];
    for (file, text, shown) in table {
        let scratch = Scratch::new();
        scratch.write(file, text);
        let run = scratch.docgate(["init", "--write"]);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(
            run.stdout.contains(&format!("hook: {file} is yours;")) && run.stdout.contains(shown),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains(&format!("# by hand: put the lines into {file}")), "{}", run.stdout);
        assert_eq!(scratch.read(file), text);
        assert!(!scratch.root().join(".git/hooks/pre-commit").exists());
        scratch.write(file, format!("{text}# docgate\n"));
        let run = scratch.docgate(["init"]);
        assert!(run.stdout.contains(&format!("hook: {file} names docgate already")), "{}", run.stdout);
    }
    let scratch = Scratch::new();
    scratch.write("package.json", "{}\n");
    let run = scratch.docgate(["init"]);
    assert!(run.stdout.contains("would be installed"), "{}", run.stdout);
}

#[test]
fn init_writes_the_workflow_of_the_readme_only_with_an_action_that_is_named() {
    let scratch = Scratch::new();
    scratch.write(".github/workflows/ci.yml", "name: ci\n");
    let run = scratch.docgate(["init"]);
    assert!(run.stdout.contains("`docgate init --action OWNER/docgate@REF`"), "{}", run.stdout);
    for wrong in ["me/docgate", "me@v1", "me/docgate@v1\n  evil: x", "me/docgate@", "a b/c@v1"] {
        assert_eq!(scratch.docgate(["init", "--action", wrong]).code, Some(2), "{wrong}");
    }
    let run = scratch.docgate(["init", "--write", "--action", "OWNER/docgate@v0.1.0"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    let written = scratch.read(".github/workflows/docgate.yml");
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains(&format!("```yaml\n{written}```")), "{written}");
    let run = scratch.docgate(["init", "--action", "OWNER/docgate@v0.1.0"]);
    assert!(run.stdout.contains(".github/workflows/docgate.yml names docgate already"), "{}", run.stdout);
}

#[test]
fn init_does_not_write_through_a_link_and_says_what_it_has_written() {
    for outside in ["there", "nowhere"] {
        let scratch = Scratch::new();
        let elsewhere = tempfile::TempDir::new().unwrap();
        fs::create_dir(elsewhere.path().join("there")).unwrap();
        symlink(elsewhere.path().join(outside), scratch.root().join(".github")).unwrap();
        let run = scratch.docgate(["init", "--write", "--action", "OWNER/docgate@v0.1.0"]);
        assert_eq!(run.code, Some(3), "{}", run.all());
        assert!(!elsewhere.path().join(outside).join("workflows").exists(), "{}", run.all());
        assert!(run.stderr.contains("cannot write") && run.stderr.contains("docgate.yml"), "{}", run.stderr);
        assert!(run.stdout.starts_with("configuration: docgate.toml: written\n"), "{}", run.stdout);
        assert!(run.stdout.contains("pre-commit: installed"), "{}", run.stdout);
    }
}

#[test]
fn a_hook_that_cannot_be_installed_is_an_error_after_the_rest() {
    let scratch = Scratch::new();
    scratch.git(["config", "core.hooksPath", ""]);
    assert_eq!(scratch.docgate(["init"]).code, Some(0));
    let run = scratch.docgate(["init", "--write", "--action", "OWNER/docgate@v0.1.0"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("core.hooksPath is set, but empty"), "{}", run.stderr);
    for line in ["configuration: docgate.toml: written\n", "hook: not installed\n", "docgate.yml: written\n"]
    {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
}

#[test]
fn init_waits_for_no_pipe_and_quotes_what_a_shell_reads() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.root().join(".github/workflows")).unwrap();
    for pipe in ["lefthook.yml", ".github/workflows/a.yml"] {
        let made = std::process::Command::new("mkfifo").arg(scratch.root().join(pipe)).status().unwrap();
        assert!(made.success());
    }
    scratch.write("docgate.toml", "baseline = \"a b;c.json\"\n");
    let run = scratch.docgate(["init"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    assert!(run.stdout.contains("git add docgate.toml 'a b;c.json'\n"), "{}", run.stdout);
}

#[test]
fn the_style_that_most_docstrings_are_in_is_proposed() {
    let scratch = Scratch::new();
    for name in ["a", "b", "c"] {
        scratch.write(
            &format!("{name}.py"),
            "def f(x):\n    \"\"\"Do.\n\n    :param x: The x.\n    :returns: The y.\n    \"\"\"\n    return x\n",
        );
    }
    scratch.stage();
    let run = scratch.docgate(["init"]);
    assert!(run.stdout.contains("style = \"sphinx\" # most docstrings here are in it"), "{}", run.stdout);
}

#[test]
fn the_page_has_a_row_for_each_option_of_each_tool() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/adopting.md")).unwrap();
    let mut missing = Vec::new();
    for tool in Tool::ALL {
        for option in tool.options() {
            let fate = match option.take {
                Take::Each(_) | Take::Together => option.becomes.to_owned(),
                Take::Silent => format!("nothing: {}", option.becomes),
                Take::Nowhere => format!("no equivalent: {}", option.becomes),
                Take::NowhereWhen(on) => format!("`{on}` has no equivalent: {}", option.becomes),
            };
            let row = format!("| `{}` | {fate} |\n", option.name);
            if !page.contains(&row) {
                missing.push(format!("{}: {row}", tool.name()));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.concat());
}
