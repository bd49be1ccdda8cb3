//! What hook managers have to be told, to be pasted: their files are full of remarks, and theirs.

use crate::git::hook::{Managed, Owner};

/// Returns what to do about a manager's file, and the lines to put into it.
pub(super) fn advice(managed: &Managed) -> (&'static str, &'static str) {
    match managed.owner {
        Owner::PreCommit if managed.file == "prek.toml" => ("add at the end", PREK),
        Owner::PreCommit => ("add to the list `repos`", PRE_COMMIT),
        Owner::Husky => ("add a line", "docgate hook run\n"),
        Owner::Lefthook if managed.file.ends_with("toml") => ("add at the end", LEFTHOOK_TOML),
        Owner::Lefthook if managed.file.ends_with("json") => {
            ("add to `pre-commit`, `commands`", LEFTHOOK_JSON)
        }
        Owner::Lefthook => ("add to `pre-commit`", LEFTHOOK),
        Owner::Hk => ("add to the `steps` of `pre-commit`; what fixes, hk stages whole", HK),
        Owner::LintStaged | Owner::Unknown => ("add an entry", "\"*.{py,pyi}\": \"docgate hook run\"\n"),
    }
}

const PRE_COMMIT: &str = "  - repo: local
    hooks:
      - id: docgate
        name: docgate
        entry: docgate hook run
        language: system
        types_or: [python, pyi]
        require_serial: true
";
const PREK: &str = "[[repos]]
repo = \"local\"

[[repos.hooks]]
id = \"docgate\"
name = \"docgate\"
entry = \"docgate hook run\"
language = \"system\"
types_or = [\"python\", \"pyi\"]
require_serial = true
";
const LEFTHOOK: &str = "  commands:
    docgate:
      run: docgate hook run
";
const HK: &str = "[\"docgate\"] {
  glob = List(\"*.py\", \"*.pyi\")
  check = \"docgate hook run {{files}}\"
}
";
const LEFTHOOK_TOML: &str = "[pre-commit.commands.docgate]
run = \"docgate hook run\"
";
const LEFTHOOK_JSON: &str = "\"docgate\": { \"run\": \"docgate hook run\" }
";
