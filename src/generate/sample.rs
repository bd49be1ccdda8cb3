//! Tasks for the tests of this stage.

use std::sync::Arc;

use crate::change::RepoPath;
use crate::docstring::{Page, Style};
use crate::python::{ParsedFile, compare, parse};

use super::{Slots, Task};

/// Makes the task of writing a whole docstring.
pub(super) fn task(file: &Arc<ParsedFile>, path: &str, name: &str) -> Task {
    let definition = file.find(name).unwrap_or_else(|| panic!("there is no {name}"));
    Task {
        path: RepoPath::new(path).unwrap(),
        file: Arc::clone(file),
        index: definition.index,
        base: None,
        touched: compare(None, file)[definition.index].touched.unwrap(),
        slots: Slots::whole(definition),
        style: Style::Google,
        revision: None,
        page: Page::of_width(88),
    }
}

/// Makes the same for a text.
pub(super) fn task_in(source: &str, name: &str) -> Task {
    task(&Arc::new(parse(source)), "pkg/shapes.py", name)
}
