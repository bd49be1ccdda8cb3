//! What a terminal sees: colour, width, and how far long work has come.

use std::process::Command;
use std::time::Duration;

use regex::Regex;

use crate::azure::{Answer, DEPLOYMENT, FakeAzure, KEY};
use crate::documented::prepared;
use crate::generate::well;
use crate::harness::Scratch;

/// Runs a script of python's in a pseudo-terminal of some columns, and returns what it showed.
fn in_terminal(scratch: &Scratch, columns: u16, call: &[&str], variables: &[(&str, &str)]) -> String {
    const SCRIPT: &str = "
import fcntl, os, pty, struct, sys, termios
columns, call = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(call[0], call)
shown = b''
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    shown += part
os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
";
    let mut command: Command = scratch.command("python3");
    command.env_remove("NO_COLOR").env("TERM", "xterm-256color").envs(variables.iter().copied());
    command.args(["-c", SCRIPT, &columns.to_string(), crate::harness::BINARY]).args(call);
    String::from_utf8(command.output().unwrap().stdout).unwrap().replace("\r\n", "\n")
}

#[test]
fn a_terminal_gets_colour_and_its_width_and_a_dumb_one_does_not() {
    let scratch = prepared();
    let shown = in_terminal(&scratch, 100, &["check", "tides.py"], &[]);
    assert!(shown.contains("\u{1b}["), "{shown:?}");
    let tables: [(&[(&str, &str)], bool); 4] = [
        (&[("NO_COLOR", "1")], false),
        (&[("TERM", "dumb")], false),
        (&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR", "0")], false),
    ];
    for (variables, expected) in tables {
        let shown = in_terminal(&scratch, 100, &["check", "tides.py"], variables);
        assert_eq!(shown.contains('\u{1b}'), expected, "{variables:?}: {shown:?}");
    }
    // What takes no time shows no bar, and a pipe gets no colour.
    assert!(!shown.contains("looking at files"), "{shown:?}");
    assert!(!scratch.docgate(["check", "tides.py"]).stdout.contains('\u{1b}'));
}

#[test]
fn in_forty_columns_excerpts_are_cut_and_no_finding_is_lost() {
    let scratch = prepared();
    let wide = "def 幅の広い名前の関数です(値, 別の値):\n    return '幅の広い文字の長い長い長い文字列です', 値, 別の値\n";
    scratch.write(
        "wide.py",
        format!(
            "\"\"\"M.\"\"\"\n\n\n{wide}\n\ndef long({}):\n    return 1\n",
            "a_name, ".repeat(30).trim_end_matches(", ")
        ),
    );
    let plain = [("NO_COLOR", "1")];
    let shown = in_terminal(&scratch, 40, &["check", "wide.py", "tides.py"], &plain);
    for code in ["D103", "DOC103", "DG102"] {
        assert!(shown.contains(&format!("error[{code}]")), "{code}: {shown}");
    }
    // Lines of source are cut, though not always to the last column; messages are for the terminal to wrap.
    let source = Regex::new(r"(?m)^ *[0-9]+ \| .*$").unwrap();
    let columns =
        |line: &str| line.chars().map(|found| if u32::from(found) > 0x1100 { 2 } else { 1 }).sum::<usize>();
    for line in source.find_iter(&shown).map(|found| found.as_str()) {
        assert!(columns(line) <= 60, "{} columns: {line}", columns(line));
    }
}

#[test]
fn waiting_for_a_model_is_seen_on_a_terminal_and_gone_afterwards() {
    type Row = (&'static [&'static str], &'static [(&'static str, &'static str)], bool);
    let service =
        FakeAzure::scripted(|body, _| Answer::Delayed(Duration::from_millis(300), Box::new(well(body))));
    let uri = service.uri();
    let reach = [
        ("AZURE_OPENAI_ENDPOINT", uri.as_str()),
        ("AZURE_OPENAI_API_KEY", KEY),
        ("AZURE_OPENAI_DEPLOYMENT", DEPLOYMENT),
    ];
    let bar = "asking the model";
    let table: [Row; 4] = [
        (&["fix", "src"], &[], true),
        (&["fix", "src", "--quiet"], &[], false),
        (&["fix", "src"], &[("TERM", "dumb")], false),
        (&["fix", "src"], &[("CI", "true")], false),
    ];
    for (call, more, expected) in table {
        let scratch = prepared();
        let shown = in_terminal(&scratch, 60, call, &[&reach[..], more].concat());
        assert_eq!(shown.contains(bar), expected, "{call:?} {more:?}: {shown:?}");
        assert!(scratch.read("src/tides.py").contains("Work out"), "{shown:?}");
        // The line is wiped before the report begins.
        assert!(!expected || shown.rfind("\u{1b}[2K").unwrap() > shown.rfind(bar).unwrap(), "{shown:?}");
        // Into a pipe goes the report alone.
        let scratch = prepared();
        let mut command = scratch.command(crate::harness::BINARY);
        let output = command.args(call).envs(reach.iter().copied()).output().unwrap();
        assert!(!String::from_utf8_lossy(&output.stderr).contains(bar), "{output:?}");
    }
}
