//! `docgate check --coverage` and `--scores`: what is counted, and what fails.

use serde_json::Value;

use crate::harness::Scratch;

const SHOP: &str = "\"\"\"Orders.\"\"\"\n\n\nclass Order:\n    \"\"\"What a customer asked for.\"\"\"\n\n    def cancel(self):\n        self.open = False\n\n    def _hidden(self): pass\n";

/// A repository with a package and its tests, committed.
fn shop() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("shop/__init__.py", "\"\"\"A shop.\"\"\"\n");
    scratch.write("shop/order.py", SHOP);
    scratch.write("shop/special.py", "\"\"\"S.\"\"\"\nfrom .order import Order\nclass Special(Order):\n    \"\"\"S.\"\"\"\n    def cancel(self): pass\n");
    scratch.write("tests/test_order.py", "def test(): pass\n");
    scratch.commit_all("base");
    scratch
}

#[test]
fn numerator_and_denominator_are_listed() {
    let scratch = shop();
    let run = scratch.docgate(["check", "--coverage"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.code, Some(0), "{}", run.all());
    let run = scratch.docgate(["check", "--coverage", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let lines: Vec<String> = report["coverage"]["definitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|definition| {
            let text = |key: &str| definition[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {}", text("path"), text("definition"), text("standing"), text("reason"))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_base_class_in_another_file_documents_its_methods() {
    let scratch = shop();
    let missing = |scratch: &Scratch| {
        scratch.docgate(["check", "--coverage"]).stdout.matches("has no docstring").count()
    };
    assert_eq!(missing(&scratch), 2);
    scratch.write("shop/order.py", SHOP.replace("(self):\n", "(self):\n        \"\"\"Closes it.\"\"\"\n"));
    assert_eq!(missing(&scratch), 0, "the method of `Special` inherits");
    scratch.write("docgate.toml", "[rules]\ninherit-docstrings = false\n");
    assert_eq!(missing(&scratch), 1);
}

#[test]
fn thresholds_decide_the_exit_code() {
    let scratch = shop();
    let table: &[(&[&str], i32)] = &[
        (&["check", "--coverage", "--fail-under", "71"], 0),
        (&["check", "--coverage", "--fail-under", "72"], 1),
        (&["check", "--coverage", "--fail-under", "72", "--exit-zero"], 0),
        (&["check", "--coverage", "--fail-under", "101"], 2),
        (&["check", "--coverage", "--no-regression"], 2),
        (&["check", "--coverage", "--scores"], 2),
        (&["check", "--fail-under", "1"], 2),
        (&["check", "tests", "--coverage", "--fail-under", "100"], 0),
    ];
    for (arguments, code) in table {
        let run = scratch.docgate_in(".", arguments);
        assert_eq!(run.code, Some(*code), "{arguments:?}: {}", run.all());
    }
    scratch.write("docgate.toml", "[coverage]\nfail-under = 72\n");
    let run = scratch.docgate(["--quiet", "check", "--coverage"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "71.4 % is less than 72 %\n"), "{}", run.all());
    let run = scratch.docgate(["check", "--coverage", "--fail-under", "50"]);
    assert_eq!(run.code, Some(0), "a flag wins: {}", run.all());
    scratch.write("docgate.toml", "[coverage]\nfail-under = 101\n");
    let run = scratch.docgate(["check", "--coverage"]);
    assert_eq!(run.code, Some(2), "{}", run.all());
    assert!(run.stderr.contains("docgate.toml:2"), "{}", run.all());
}

#[test]
fn a_change_is_counted_by_what_it_touches_and_may_not_regress() {
    let scratch = shop();
    let check = |scratch: &Scratch| {
        scratch.docgate(["check", "--staged", "--coverage", "--no-regression", "--badge", "badge.svg"])
    };
    scratch.write("shop/order.py", format!("{SHOP}\n    def ship(self):\n        return 1\n"));
    scratch.stage();
    let run = check(&scratch);
    assert_eq!(run.code, Some(1), "{}", run.all());
    insta::assert_snapshot!(run.stdout);
    assert!(scratch.read("badge.svg").contains("0 %"));
    // Another one is documented in its place: two of four, as before.
    let documented = SHOP.replace("(self):\n", "(self):\n        \"\"\"Closes it.\"\"\"\n");
    scratch.write("shop/order.py", format!("{documented}\n    def ship(self):\n        return 1\n"));
    scratch.stage();
    let run = check(&scratch);
    assert_eq!(run.code, Some(0), "{}", run.all());
    // What goes takes nothing with it that anybody could be blamed for.
    scratch.write("shop/order.py", "\"\"\"Orders.\"\"\"\n\n\nclass Order:\n    \"\"\"What.\"\"\"\n\n    def cancel(self):\n        self.open = False\n");
    scratch.stage();
    assert_eq!(check(&scratch).code, Some(0));
}

#[test]
fn scores_show_the_worst_first_and_never_block() {
    let scratch = shop();
    scratch.write(
        "shop/order.py",
        format!("{SHOP}\n\ndef fetch(key, wait):\n    \"\"\"TODO: write this.\"\"\"\n    return key\n"),
    );
    let run = scratch.docgate(["check", "--scores"]);
    assert_eq!(run.code, Some(0), "{}", run.all());
    insta::assert_snapshot!(run.stdout);
    let run = scratch.docgate(["check", "--scores", "--output-format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["scores"][0]["definition"], "fetch");
    assert_eq!(report["scores"].as_array().unwrap().len(), 6);
}
