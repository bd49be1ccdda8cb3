//! What is asked, what is written, and that nothing is asked twice.

use serde_json::Value;

use crate::azure::KEY;
use crate::harness::Scratch;

use super::{CODE, asked, good_service, run, run_with, staged};

const WRITTEN: &str = r#""""Shapes."""


def area(width, height):
    """Work out what is asked for.

    Args:
        width: One of the values.
        height: One of the values.

    Returns:
        What came of it.

    Raises:
        ValueError: If that cannot be.
    """
    if width < 0:
        raise ValueError(width)
    return width * height
"#;

#[test]
fn a_missing_docstring_is_written_into_index_and_working_tree() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert_eq!(scratch.staged("a.py"), WRITTEN);
    assert_eq!(scratch.read("a.py"), WRITTEN);
    assert_eq!(service.request_count(), 1);
    run(&scratch, &service, &["fix"]);
    assert_eq!((service.request_count(), scratch.staged("a.py").as_str()), (1, WRITTEN));
}

#[test]
fn a_missing_entry_is_written_and_human_prose_stays() {
    let service = good_service();
    let before = WRITTEN.replace("        height: One of the values.\n", "");
    for crlf in [false, true] {
        let text = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let scratch = staged(&[("a.py", &text(&before))]);
        let result = run(&scratch, &service, &["fix"]);
        assert_eq!(result.code, Some(0), "{}", result.all());
        assert_eq!(scratch.staged("a.py"), text(WRITTEN), "crlf: {crlf}");
        let last = service.requests().pop();
        let write = last.map(|last| asked(&last.body)[0]["write"].clone());
        if let (false, Some(write)) = (crlf, write) {
            assert_eq!(
                (&write["summary"], &write["parameters"]),
                (&Value::Bool(false), &serde_json::json!(["height"]))
            );
        }
    }
}

#[test]
fn what_was_answered_once_is_not_asked_again() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    run(&scratch, &service, &["fix"]);
    let reformatted = CODE
        .replace("area(width, height)", "area(\n    width,\n    height,  # note\n)")
        .replace("return width * height", "return (width * height)")
        .replace("Shapes.", "Other things.");
    for (path, text) in [("a.py", CODE), ("moved/b.py", CODE), ("a.py", reformatted.as_str())] {
        scratch.git(["rm", "-q", "-r", "--force", "--ignore-unmatch", "."]);
        scratch.write(path, text);
        scratch.git(["add", "--all"]);
        let result = run(&scratch, &service, &["fix"]);
        assert_eq!(result.code, Some(0), "{}", result.all());
        assert_eq!(service.request_count(), 1, "{path} {text}");
        assert!(scratch.staged(path).contains("Work out what is asked for."));
    }
}

#[test]
fn other_code_is_another_question() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    run(&scratch, &service, &["fix"]);
    scratch.write("a.py", CODE.replace("width * height", "width + height"));
    scratch.git(["add", "--all"]);
    run(&scratch, &service, &["fix"]);
    assert_eq!(service.request_count(), 2);
}

#[test]
fn the_request_carries_what_it_must_and_no_more() {
    let service = good_service();
    let scratch = staged(&[
        ("secret_customer/a_file.py", CODE),
        ("docgate.toml", "instructions = \"Write British English.\"\n"),
    ]);
    run(&scratch, &service, &["fix"]);
    let [received] = service.requests().try_into().unwrap();
    assert_eq!(received.header("api-key"), Some(KEY));
    assert!(received.header("x-ms-client-request-id").is_some_and(|id| !id.is_empty()));
    let body = &received.body;
    assert_eq!(body["response_format"]["json_schema"]["strict"], true);
    let rules = body["messages"][0]["content"].as_str().unwrap();
    assert!(rules.contains("Write British English."), "{rules}");
    let definitions = asked(body);
    assert!(definitions[0]["code"].as_str().unwrap().starts_with("def area(width, height):"));
    let whole = body.to_string();
    assert!(!whole.contains("secret_customer") && !whole.contains("a_file"), "{whole}");
}

#[test]
fn files_that_are_never_sent_are_not_sent() {
    let service = good_service();
    let scratch = staged(&[
        ("private/a.py", &CODE.replace("area", "hidden")),
        ("b.py", CODE),
        ("docgate.toml", "never-send = [\"private/**\"]\n"),
    ]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(1), "{}", result.all());
    assert!(result.stdout.contains("`never-send` keeps the file from the model"), "{}", result.stdout);
    let bodies: String = service.requests().iter().map(|received| received.body.to_string()).collect();
    assert!(bodies.contains("area") && !bodies.contains("hidden"), "{bodies}");
    assert_eq!(scratch.staged("private/a.py"), CODE.replace("area", "hidden"));
}

#[test]
fn nobody_is_asked_for_a_text_that_has_no_place() {
    let entries = "Do it.\\n\\n    Args:\\n        width: One.\\n    ";
    let pieces = format!(
        "\"\"\"Shapes.\"\"\"\n\n\ndef area(width, height):\n    (\"{entries}\"\n     \"\")\n    print(width)\n"
    );
    let behind = "\"\"\"Shapes.\"\"\"\n\n\ndef area(width): \\\n    return width\n";
    for text in [pieces.as_str(), behind] {
        let service = good_service();
        let scratch = staged(&[("a.py", text)]);
        let result = run(&scratch, &service, &["fix"]);
        assert_eq!((result.code, service.request_count()), (Some(1), 0), "{}", result.all());
        assert!(result.stdout.contains("skipped: "), "{}", result.stdout);
        assert_eq!(scratch.staged("a.py"), text);
    }
}

#[test]
fn a_cache_that_cannot_be_used_is_one_warning() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    std::fs::write(scratch.beside("cache"), "a file in its place").unwrap();
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert_eq!(scratch.staged("a.py"), WRITTEN);
    let told = result.all().lines().filter(|line| line.contains("the cache ")).count();
    assert_eq!(told, 1, "{}", result.all());
}

fn damage(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            damage(&path);
        } else {
            std::fs::write(path, [0xa5; 700]).unwrap();
        }
    }
}

#[test]
fn a_damaged_cache_does_not_keep_a_run_from_writing() {
    let service = good_service();
    let scratch = staged(&[("a.py", CODE)]);
    run(&scratch, &service, &["fix"]);
    damage(&scratch.beside("cache"));
    scratch.write("a.py", CODE);
    scratch.git(["add", "--all"]);
    let result = run(&scratch, &service, &["fix"]);
    assert_eq!(result.code, Some(0), "{}", result.all());
    assert_eq!((scratch.staged("a.py").as_str(), service.request_count()), (WRITTEN, 2));
    assert!(!result.all().contains("panicked"), "{}", result.all());
}

#[test]
fn a_repository_cannot_say_where_code_and_key_go() {
    let service = good_service();
    let elsewhere = good_service();
    let file = format!("[azure]\nendpoint = \"{}\"\n", elsewhere.uri());
    let scratch: Scratch = staged(&[("a.py", CODE), ("docgate.toml", &file)]);
    let result = run_with(&scratch, &service.uri(), &["fix"], &[]);
    assert_eq!(result.code, Some(2), "{}", result.all());
    assert_eq!((service.request_count(), elsewhere.request_count()), (0, 0));
}

#[test]
fn generators_and_files_indented_with_tabs_are_written_in_every_style() {
    let service = good_service();
    let rows = "\"\"\"Rows.\"\"\"\n\n\ndef rows() -> Iterator[int]:\n\tyield from range(3)\n";
    let made =
        "\"\"\"Rows.\"\"\"\n\n\n@contextmanager\ndef made() -> Generator[int, None, None]:\n    yield 3\n";
    for style in ["google", "numpy", "sphinx", "epytext"] {
        for model in [&[][..], &["--model", "skeleton"]] {
            let file = format!("style = \"{style}\"\n[docstring]\ntypes = \"always\"\n");
            let scratch = staged(&[("a.py", rows), ("b.py", made), ("docgate.toml", &file)]);
            let result = run(&scratch, &service, &[&["fix"], model].concat());
            for path in ["a.py", "b.py"] {
                let written = scratch.staged(path);
                let (_, docstring) = written.split_once("def ").unwrap();
                let (_, docstring) = docstring.split_once(":\n").unwrap_or_else(|| panic!("{written}"));
                assert!(
                    docstring.contains("\"\"\"") && docstring.contains("int"),
                    "{style}: {}",
                    result.all()
                );
                assert!(!docstring.contains("Iterator") && !docstring.contains("Generator"), "{written}");
            }
        }
    }
}

#[test]
fn a_blank_line_below_the_header_is_no_fault_of_the_answer() {
    let code = CODE.replace("(width, height):\n", "(width, height):\n\n");
    assert_ne!(code, CODE);
    let scratch = staged(&[("a.py", &code)]);
    let service = good_service();
    let first = run(&scratch, &service, &["fix"]);
    assert_eq!((first.code, service.request_count()), (Some(0), 1), "{}", first.all());
    assert!(first.stdout.contains("warning[D202]"), "{}", first.stdout);
    let second = run(&scratch, &service, &["fix"]);
    assert_eq!((second.code, service.request_count()), (Some(0), 1), "{}", second.all());
    let third = run(&scratch, &service, &["fix"]);
    assert!(!third.stdout.contains("D202"), "{}", third.stdout);
}
