//! Output formats, held against the programs that read them: none is taken on trust.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{BINARY, Run, Scratch};
use crate::tools;

/// A file with findings of every weight, repairs, evidence, wide and hidden characters, and CRLF.
const HOSTILE: &str = concat!(
    "\"\"\"Tides \u{202e}at the pier: 100%.\"\"\"\r\n\r\n\r\n",
    "def height(minutes, amplitude=1.5):\r\n",
    "    \"\"\"Compute the h\u{f6}he of the tide \u{6f6e}\u{6c50}.\r\n\r\n",
    "    Args:\r\n",
    "        hours: Time since \u{6f6e} high water.\r\n",
    "        amplitude: Half the range. Defaults to 2.0.\r\n",
    "    \"\"\"\r\n",
    "    if minutes < 0:\r\n",
    "        raise ValueError(minutes)\r\n",
    "    return amplitude * minutes / 60\r\n\r\n\r\n",
    "def slack(times):\r\n    return min(times)\r\n\r\n\r\n",
    "def slack_too(times):\r\n    \"\"\"\u{1b}[2J do it\"\"\"\r\n    return times  # \u{202e}\r\n",
);

/// File names with everything that one of the formats takes for something else.
const NAMES: &[&str] = &["a,b:c%d.py", "na\u{ef}ve file#?.py", "<b>&'\"`|.py", "pac/\u{6f6e}.py"];

/// A repository with hostile names and texts, and a file that is not read.
fn hostile() -> Scratch {
    let scratch = Scratch::new();
    for name in NAMES {
        scratch.write(name, HOSTILE);
    }
    scratch.write("broken \u{1b}.py", b"x = '\xff'\n");
    scratch
}

fn clean() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.py", "\"\"\"A module.\"\"\"\n");
    scratch
}

fn formatted(scratch: &Scratch, format: &str) -> String {
    formatted_with(scratch, format, &[])
}

fn formatted_with(scratch: &Scratch, format: &str, flags: &[&str]) -> String {
    let run = scratch.docgate_in("", &[&["check", "--output-format", format], flags].concat());
    assert!(matches!(run.code, Some(0 | 1)), "{format}: {}", run.all());
    assert_eq!(run.stderr, "", "{format}");
    run.stdout
}

fn parsed(scratch: &Scratch, format: &str) -> Value {
    let printed = formatted(scratch, format);
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{format}: {error}: {printed}"))
}

/// Writes a report beside the repository.
fn kept(scratch: &Scratch, name: &str, text: &str) -> String {
    let path = scratch.beside(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a Vec<Value> {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {pointer} in {value}"))
}

fn number(value: &Value, pointer: &str) -> usize {
    let number = value.pointer(pointer).and_then(Value::as_u64);
    usize::try_from(number.unwrap_or_else(|| panic!("no number {pointer} in {value}"))).unwrap()
}

#[test]
fn sarif_is_what_the_multitool_takes_for_valid() {
    let Some(folder) = tools::node_folder() else { return };
    for (scratch, results) in [(hostile(), true), (clean(), false)] {
        let printed = formatted(&scratch, "sarif");
        let report = kept(&scratch, "report.sarif", &printed);
        let mut command = Command::new(folder.join("node_modules/.bin/sarif-multitool"));
        // The wrapper hands its words to a shell, which must not see a semicolon.
        command.args(["validate", &report, "--rule-kind", "'Sarif;Ghas'"]);
        command.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        let run = Run::from_output(&command.output().unwrap());
        // It ends with 0 whatever it finds.
        assert!(run.stdout.contains("Analysis completed successfully."), "{}", run.all());
        let is_complaint =
            |line: &&str| [": error ", ": warning ", ": note "].iter().any(|word| line.contains(word));
        let complaints: Vec<&str> = run.stdout.lines().filter(is_complaint).collect();
        // There is no page of the program to name yet. That it says so shows that it has read the file: it is silent
        // about some files that it cannot read.
        assert!(complaints.len() == 1 && complaints[0].contains("SARIF2005"), "{}", run.all());
        let sarif: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(!list(&sarif, "/runs/0/results").is_empty(), results);
    }
}

#[test]
fn the_multitool_would_notice() {
    let Some(folder) = tools::node_folder() else { return };
    let scratch = hostile();
    let mut sarif = parsed(&scratch, "sarif");
    sarif["runs"][0]["results"][0]["ruleIndex"] = json!(99);
    let report = kept(&scratch, "report.sarif", &sarif.to_string());
    let mut command = Command::new(folder.join("node_modules/.bin/sarif-multitool"));
    command.args(["validate", &report]).env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    let run = Run::from_output(&command.output().unwrap());
    assert!(run.stdout.contains("error SARIF1009"), "{}", run.all());
}

#[test]
fn rdjson_is_what_the_validator_takes_for_valid() {
    let Some(folder) = tools::node_folder() else { return };
    for scratch in [hostile(), clean()] {
        let report = kept(&scratch, "report.json", &formatted(&scratch, "rdjson"));
        let mut command = Command::new(folder.join("node_modules/.bin/rdformat-validator"));
        let run = command.args(["--strict", "--no-extra-fields", &report]).output().unwrap();
        let run = Run::from_output(&run);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(run.stdout.contains("Total errors: 0"), "{}", run.all());
    }
}

#[test]
fn junit_fits_its_schema() {
    for scratch in [hostile(), clean()] {
        let report = kept(&scratch, "report.xml", &formatted(&scratch, "junit"));
        let mut command = tools::command("xmlschema-validate");
        let run = command.arg("--schema").arg(tools::junit_schema()).arg(&report).output().unwrap();
        let run = Run::from_output(&run);
        assert_eq!(run.code, Some(0), "{}", run.all());
        assert!(run.stdout.contains("is valid"), "{}", run.all());
    }
}

#[test]
fn workflow_commands_are_those_that_the_toolkit_writes() {
    let Some(folder) = tools::node_folder() else { return };
    let scratch = hostile();
    // What is hidden is escaped by docgate, so it is left to the snapshots.
    fs::remove_file(scratch.root().join("broken \u{1b}.py")).unwrap();
    let commands: Vec<Value> = list(&parsed(&scratch, "json"), "/findings")
        .iter()
        .filter(|finding| !finding["message"].as_str().unwrap().contains('\u{1b}'))
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap();
            let definition = if text("definition").is_empty() { "module" } else { text("definition") };
            let level = match text("severity") {
                "advice" => "notice",
                severity => severity,
            };
            let mut properties = json!({
                "title": format!("docgate {}", text("code")),
                "file": text("path"),
                "startLine": finding["line"],
            });
            let (start, end) = (number(finding, "/column"), number(finding, "/end_column"));
            if finding["line"] == finding["end_line"] && end > start {
                properties["endLine"] = finding["line"].clone();
                properties["startColumn"] = json!(start);
                properties["endColumn"] = json!(end - 1);
            }
            json!([level, format!("{definition}: {} ({})", text("message"), text("name")), properties])
        })
        .collect();
    assert!(commands.len() > 10, "{}", commands.len());
    let script = "const core = require('@actions/core');
        for (const [level, message, properties] of JSON.parse(require('fs').readFileSync(0, 'utf8')))
            core[level](message, properties);";
    let mut command = Command::new("node");
    command.current_dir(folder).args(["-e", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(Value::from(commands).to_string().as_bytes()).unwrap();
    let expected = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let printed = formatted(&scratch, "github");
    let written: Vec<&str> = printed.lines().filter(|line| line.starts_with("::")).collect();
    let missing: Vec<&str> = expected.lines().filter(|line| !written.contains(line)).collect();
    assert!(missing.is_empty(), "{missing:#?}\n{printed}");
    assert_eq!(written.len(), expected.lines().count(), "{printed}");
}

#[test]
fn nothing_in_a_report_of_github_begins_a_command_but_docgate() {
    let scratch = Scratch::new();
    scratch.write(
        "a\n::error::x.py",
        "def f(a):\n    \"\"\"Do.\n\n    Args:\n        b: ::set-output name=x::y\n    \"\"\"\n",
    );
    scratch.write("b\r::error::y.py", b"\xff");
    for format in ["github", "text", "concise"] {
        for line in formatted(&scratch, format).lines() {
            let allowed =
                line.starts_with("::error title=docgate") || line.starts_with("::warning title=docgate");
            assert!(
                !line.trim_start().starts_with("::") || format == "github" && allowed,
                "{format}: {line}"
            );
        }
    }
}

#[test]
fn json_and_its_lines_fit_the_schema_that_is_published() {
    let text =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json-output.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let of_document = jsonschema::validator_for(&schema).unwrap();
    let mut line = schema.clone();
    for key in ["required", "properties", "type"] {
        line.as_object_mut().unwrap().remove(key);
    }
    line["$ref"] = json!("#/$defs/line");
    let of_line = jsonschema::validator_for(&line).unwrap();
    for scratch in [hostile(), clean()] {
        for (format, flags) in
            [("json", &[][..]), ("json", &["--show-fixes"]), ("json-lines", &["--show-fixes"])]
        {
            let printed = formatted_with(&scratch, format, flags);
            let (validator, documents): (_, Vec<&str>) = match format {
                "json" => (&of_document, vec![&printed]),
                _ => (&of_line, printed.lines().collect()),
            };
            for document in documents {
                let value: Value = serde_json::from_str(document).unwrap();
                let errors: Vec<String> =
                    validator.iter_errors(&value).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{errors:#?}\n{document}");
            }
        }
    }
    let fixed = hostile();
    let run = fixed.docgate(["fix", ".", "--no-model", "--output-format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(of_document.is_valid(&value), "{}", run.stdout);
    let mut wrong = value.clone();
    wrong["findings"][0]["answer"] = json!("nobody");
    assert!(!of_document.is_valid(&wrong));
    let cut = json!({ "version": 1, "kind": "finding" });
    assert!(!of_line.is_valid(&cut));
}

/// Replaces a region of lines and columns, counted from 1; `width` says how much a character counts.
fn replaced(
    text: &str,
    (start, end): ((usize, usize), (usize, usize)),
    by: &str,
    width: fn(char) -> usize,
) -> String {
    let offset = |(line, column): (usize, usize)| {
        let from: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let mut left = column - 1;
        let mut offset = from;
        for character in text[from..].chars() {
            if left == 0 {
                break;
            }
            left -= width(character);
            offset += character.len_utf8();
        }
        assert_eq!(left, 0);
        offset
    };
    format!("{}{by}{}", &text[..offset(start)], &text[offset(end)..])
}

#[test]
fn fixes_of_every_format_write_what_fix_writes() {
    let scratch = hostile();
    let (sarif, rdjson) = (parsed(&scratch, "sarif"), parsed(&scratch, "rdjson"));
    let own = formatted_with(&scratch, "json", &["--show-fixes"]);
    let own: Value = serde_json::from_str(&own).unwrap();
    let place = |value: &Value, line: &str, column: &str| (number(value, line), number(value, column));
    let text = |value: &Value, pointer: &str| value.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    // By format and file; what comes last is replaced first, so that the others stay where they are.
    let mut fixes: BTreeMap<(&str, String), BTreeMap<_, (_, String)>> = BTreeMap::new();
    for result in list(&sarif, "/runs/0/results").iter().filter(|result| result.get("fixes").is_some()) {
        let change = &result["fixes"][0]["artifactChanges"][0];
        let region = &change["replacements"][0]["deletedRegion"];
        let (start, end) =
            (place(region, "/startLine", "/startColumn"), place(region, "/endLine", "/endColumn"));
        let inserted = text(change, "/replacements/0/insertedContent/text");
        let of_file = fixes.entry(("sarif", text(change, "/artifactLocation/uri"))).or_default();
        assert!(of_file.insert(start, (end, inserted)).is_none());
    }
    for diagnostic in list(&rdjson, "/diagnostics") {
        let Some(suggestion) = diagnostic.pointer("/suggestions/0") else { continue };
        let start = place(suggestion, "/range/start/line", "/range/start/column");
        let end = place(suggestion, "/range/end/line", "/range/end/column");
        let of_file = fixes.entry(("rdjson", text(diagnostic, "/location/path"))).or_default();
        assert!(of_file.insert(start, (end, text(suggestion, "/text"))).is_none());
    }
    for finding in list(&own, "/findings") {
        let Some(fix) = finding.get("fix") else { continue };
        let (start, end) = (place(fix, "/line", "/column"), place(fix, "/end_line", "/end_column"));
        let of_file = fixes.entry(("json", text(finding, "/path"))).or_default();
        assert!(of_file.insert(start, (end, text(fix, "/text"))).is_none());
    }
    assert_eq!(fixes.len(), 3 * NAMES.len());
    scratch.docgate(["fix", ".", "--no-model"]);
    let expected = scratch.read(NAMES[0]);
    assert_ne!(expected, HOSTILE);
    for ((format, path), fixes) in fixes {
        let width: fn(char) -> usize = if format == "rdjson" { char::len_utf8 } else { |_| 1 };
        let written = fixes
            .into_iter()
            .rev()
            .fold(HOSTILE.to_owned(), |text, (start, (end, by))| replaced(&text, (start, end), &by, width));
        assert_eq!(written, expected, "{format} {path}");
    }
}

#[test]
fn fixes_are_shown_to_people_and_in_json_when_somebody_asks() {
    let scratch = hostile();
    let table = [("text", "~         minutes: Time"), ("json", "\"fix\": {"), ("json-lines", "\"fix\":{")];
    for (format, fix) in table {
        let printed = formatted(&scratch, format);
        assert!(!printed.contains(fix), "{format}: {printed}");
        let asked = formatted_with(&scratch, format, &["--show-fixes"]);
        assert!(asked.contains(fix), "{format}: {asked}");
    }
    let text = formatted(&scratch, "text");
    assert!(
        text.contains("= help: `docgate fix` writes it"),
        "that there is one is said all the same: {text}"
    );
}

#[test]
fn fingerprints_stay_when_code_moves_and_are_never_the_same() {
    let scratch = Scratch::new();
    let twice = "\"\"\"M.\"\"\"\n\n\ndef f():\n    return 1\n\n\ndef f():\n    return 2\n";
    scratch.write("a.py", twice);
    let prints = || -> Vec<String> {
        let report = parsed(&scratch, "gitlab");
        report
            .as_array()
            .unwrap()
            .iter()
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = prints();
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    scratch.write("a.py", twice.replace("\n\n\n", "\n\n\nX = 1\n\n\n"));
    assert_eq!(prints(), before);
    let report = parsed(&hostile(), "gitlab");
    for issue in report.as_array().unwrap() {
        for key in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[key].is_string(), "{key}: {issue}");
        }
        assert!(NAMES.contains(&issue["location"]["path"].as_str().unwrap()), "{issue}");
        assert!(issue["location"]["lines"]["begin"].is_u64(), "{issue}");
    }
}

#[test]
fn every_format_gives_the_same_verdict_and_shows_nothing_hidden() {
    let scratch = hostile();
    for format in
        ["text", "concise", "json", "json-lines", "sarif", "github", "gitlab", "rdjson", "junit", "markdown"]
    {
        let run = scratch.docgate(["check", "--output-format", format]);
        assert_eq!(run.code, Some(1), "{format}");
        let hidden = run.stdout.chars().find(|shown| *shown != '\n' && docgate::untrusted::is_hidden(*shown));
        assert_eq!(hidden, None, "{format}: {}", run.stdout);
        assert_eq!(run.stdout, scratch.docgate(["check", "--output-format", format]).stdout, "{format}");
        let file = scratch.beside("report");
        let to_file = ["check", "--output-format", format, "--output-file", file.to_str().unwrap()];
        let quiet = scratch.docgate(to_file);
        assert_eq!((quiet.code, quiet.all().trim()), (Some(1), ""), "{format}");
        assert_eq!(fs::read_to_string(&file).unwrap(), run.stdout, "{format}");
    }
    let run = scratch.docgate(["check", "-o", "no/such/folder/report"]);
    assert_eq!(run.code, Some(3), "{}", run.all());
    assert!(run.stderr.contains("cannot write no/such/folder/report"), "{}", run.stderr);
}

#[test]
fn the_worst_comes_first_in_every_list() {
    let scratch = hostile();
    let findings = parsed(&scratch, "json");
    let weight =
        |finding: &Value| ["error", "warning", "advice"].iter().position(|word| finding["severity"] == *word);
    let keys: Vec<_> = list(&findings, "/findings")
        .iter()
        .map(|finding| (weight(finding), finding["path"].to_string(), finding["line"].as_u64()))
        .collect();
    assert!(keys.is_sorted(), "{keys:#?}");
    let sarif = parsed(&scratch, "sarif");
    let codes =
        |list: &[Value], key: &str| -> Vec<Value> { list.iter().map(|found| found[key].clone()).collect() };
    assert_eq!(codes(list(&findings, "/findings"), "code"), codes(list(&sarif, "/runs/0/results"), "ruleId"));
    assert_eq!(
        codes(list(&findings, "/findings"), "code"),
        codes(parsed(&scratch, "gitlab").as_array().unwrap(), "check_name")
    );
}

/// Runs docgate in a terminal of so many columns, and gives back what it wrote there.
fn in_terminal(scratch: &Scratch, columns: u16, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let script = "import fcntl, os, pty, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
seen = b''
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:
        break
    if not piece:
        break
    seen += piece
os.waitpid(pid, 0)
sys.stdout.buffer.write(seen.replace(b'\\r\\n', b'\\n'))
";
    let mut command = scratch.command("python3");
    command.env_remove("NO_COLOR").env("TERM", "xterm-256color").envs(environment.iter().copied());
    command.args(["-c", script, &columns.to_string(), BINARY]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Variables with their values.
type Environment = &'static [(&'static str, &'static str)];

#[test]
fn colour_and_links_are_for_terminals_that_can_show_them() {
    let scratch = Scratch::new();
    scratch.write("a b.py", "def f():\n    return 1\n");
    let (escape, link) = ("\u{1b}[", "\u{1b}]8;;");
    let table: [(Environment, &[&str], bool, bool); 7] = [
        (&[], &["check"], true, false),
        (&[("TERM", "xterm-kitty")], &["check"], true, true),
        (&[("TERM", "dumb")], &["check"], false, false),
        (&[("NO_COLOR", "1")], &["check"], false, false),
        (&[("NO_COLOR", "1")], &["check", "--color", "always"], true, false),
        (&[], &["check", "--color", "never"], false, false),
        (&[], &["check", "--output-format", "concise"], true, false),
    ];
    for (environment, arguments, color, links) in table {
        let seen = in_terminal(&scratch, 80, arguments, environment);
        assert!(seen.contains("D103"), "{seen}");
        assert_eq!(seen.contains(escape), color, "{environment:?} {arguments:?}: {seen:?}");
        assert_eq!(seen.contains(link), links, "{environment:?} {arguments:?}: {seen:?}");
    }
    let seen = in_terminal(&scratch, 80, &["check"], &[("TERM", "xterm-kitty")]);
    assert!(seen.contains("repo/a%20b.py\u{1b}\\a b.py:1:5\u{1b}]8;;\u{1b}\\"), "{seen:?}");
    for (environment, color) in [(&[][..], false), (&[("CLICOLOR_FORCE", "1")], true)] {
        let mut command = scratch.command(BINARY);
        command.arg("check").env_remove("NO_COLOR").envs(environment.iter().copied());
        let run = Run::from_output(&command.output().unwrap());
        assert_eq!(run.stdout.contains(escape), color, "{environment:?}: {}", run.stdout);
        assert!(!run.stdout.contains(link));
    }
}

#[test]
fn excerpts_fit_into_forty_columns() {
    let scratch = Scratch::new();
    let long = "a_name_that_is_longer_than_the_terminal_is_wide".repeat(3);
    let text = format!("def {long}(x):\n    return 1\n\n\ndef \u{6f6e}(x, {long}=1):\n    return 1\n");
    scratch.write("a.py", text);
    let seen = in_terminal(&scratch, 40, &["check"], &[("NO_COLOR", "1")]);
    let drawn: Vec<&str> = seen.lines().filter(|line| line.contains(" | ")).collect();
    assert!(drawn.len() > 4, "{seen}");
    for line in drawn {
        let width: usize = line.chars().map(|shown| if shown > '\u{1100}' { 2 } else { 1 }).sum();
        assert!(width <= 40, "{width}: {line}\n{seen}");
    }
}

fn through_stdin(scratch: &Scratch, arguments: &[&str], text: &[u8]) -> Run {
    let mut command = scratch.command(BINARY);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&text)));
    let run = Run::from_output(&child.wait_with_output().unwrap());
    writer.join().unwrap();
    run
}

#[test]
fn what_comes_through_stdin_is_judged_in_its_place() {
    let scratch = Scratch::new();
    scratch.write("docgate.toml", "exclude = [\"build/\"]\ntests = [\"checks/**\"]\n");
    scratch.write("lib/a.py", "\"\"\"On disk there is nothing wrong.\"\"\"\n");
    let bare = b"\"\"\"M.\"\"\"\n\n\ndef f():\n    return 1\n";
    let table: [(&[&str], Option<&str>); 6] = [
        (&["check", "-"], Some("stdin.py:4:5")),
        (&["check", "-", "--stdin-filename", "lib/a.py"], Some("lib/a.py:4:5")),
        (&["check", "--stdin-filename", "lib/a.py"], Some("lib/a.py:4:5")),
        (&["check", "--stdin-filename", "no/such/folder/b.py"], Some("no/such/folder/b.py:4:5")),
        (&["check", "--stdin-filename", "build/a.py"], None),
        (&["check", "--stdin-filename", "checks/a.py"], None),
    ];
    for (arguments, place) in table {
        let run = through_stdin(&scratch, arguments, bare);
        assert_eq!(run.code, Some(i32::from(place.is_some())), "{arguments:?}: {}", run.all());
        assert!(place.is_none_or(|place| run.stdout.contains(place)), "{arguments:?}: {}", run.all());
    }
    for arguments in [
        &["check", "-", "lib/a.py"][..],
        &["check", "lib/a.py", "--stdin-filename", "lib/a.py"],
        &["check", "--staged", "--stdin-filename", "lib/a.py"],
        &["check", "--stdin-filename", "a.txt"],
    ] {
        let run = through_stdin(&scratch, arguments, bare);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.all());
    }
    let run = through_stdin(&scratch, &["check", "-"], &vec![b'#'; 11_000_000]);
    assert!(run.stdout.contains("not looked at: stdin.py: larger than 10 MB"), "{}", run.all());
}

#[test]
fn each_rule_that_found_something_is_explained_once() {
    let scratch = Scratch::new();
    scratch.write("lamp.py", "def light(power):\n    return power\n\n\ndef dim(power):\n    return power\n");
    let page = scratch.docgate(["rule", "D103"]).stdout;
    for format in ["text", "concise"] {
        let run = scratch.docgate(["check", "--explain", "--select", "D103", "--output-format", format]);
        assert_eq!(run.code, Some(1), "{}", run.all());
        assert_eq!(run.stdout.matches(page.trim()).count(), 1, "{}", run.stdout);
        assert_eq!(run.stdout.matches("\n# D").count(), 1, "{}", run.stdout);
        assert!(run.stdout.ends_with("2 errors in 2 of 3 definitions looked at\n"), "{}", run.stdout);
    }
    let quiet = scratch.docgate(["check", "--explain", "--quiet", "--select", "D100,D103"]);
    let warned = scratch.docgate(["check", "--explain", "-q", "--select", "D400"]);
    assert!(quiet.stdout.contains(page.trim()), "{}", quiet.stdout);
    assert_eq!(warned.stdout, "");
    let run = scratch.docgate(["check", "--explain", "--output-format", "json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("--explain has no place in the format json"), "{}", run.stderr);
    assert!(run.stderr.contains("docgate rule --all"), "{}", run.stderr);
}

#[test]
fn statistics_count_what_the_findings_are() {
    let scratch = hostile();
    let run = scratch.docgate(["check", "--statistics", "--output-format", "json"]);
    assert_eq!(run.code, Some(1), "{}", run.all());
    let statistics: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = parsed(&scratch, "json");
    for rule in list(&statistics, "/statistics") {
        let counted =
            list(&findings, "/findings").iter().filter(|finding| finding["code"] == rule["code"]).count();
        assert_eq!(number(rule, "/count"), counted, "{rule}");
    }
    let text = scratch.docgate(["check", "--statistics"]).stdout;
    assert!(text.contains("4  DOC103  [*] docstring-renamed-parameter (error)"), "{text}");
    let run = scratch.docgate(["check", "--statistics", "--output-format", "sarif"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    let run = scratch.docgate(["check", "--coverage", "--output-format", "junit"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
}

#[test]
fn a_finding_in_a_large_file_costs_what_one_in_a_small_file_costs() {
    let scratch = Scratch::new();
    let many = "def f(a):\n    return a\n\n\n".repeat(4_000);
    scratch.write("many.py", format!("\"\"\"M.\"\"\"\n\n\n{many}"));
    scratch.write("wide.py", format!("X = '{}'; Y = 1\n", "x".repeat(2_000_000)));
    let began = std::time::Instant::now();
    let run = scratch.docgate(["check"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.len() < 4_000_000, "{}", run.stdout.len());
    // Quadratic work would take minutes.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
