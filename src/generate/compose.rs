//! Prose → edit: a new docstring, or entries put into the one that is there.

use crate::docstring::{self, Draft, DraftEntry, DraftSection, SectionKind, Style, render};
use crate::edit::{Edit, IN_PIECES, insert, replace, rewrite};
use crate::python::{Definition, ParsedFile};
use crate::repair::Revision;
use crate::rules::value_type;

use super::Task;
use super::claims::without_type;
use super::prose::{Named, Prose};

/// Makes the edit that writes prose for the slots of a task, repairs included.
///
/// # Errors
///
/// Says why the docstring cannot be written.
pub fn compose(task: &Task, prose: &Prose) -> Result<Edit, &'static str> {
    let definition = task.definition();
    if task.slots.summary {
        let layout = task.layout();
        let types =
            Types { owner: (&*task.file, definition), style: task.style, wanted: task.page.house.types };
        let text = render(&draft(prose, &types), &docstring::Layout { line_ending: "\n", ..layout });
        return match &definition.docstring {
            Some(_) => replace(&task.file, definition, &text),
            None => insert(&task.file, definition, &text),
        };
    }
    let Some(revision) = &task.revision else {
        return Err(IN_PIECES);
    };
    let mut revision = revision.clone();
    if !add_entries(&mut revision, task, prose) {
        return Err("its docstring has no place for the new text");
    }
    rewrite(&task.file, definition, revision.text())
}

/// The annotations that a docstring may repeat.
struct Types<'a> {
    /// Whose signature has them, and the file it stands in.
    owner: (&'a ParsedFile, &'a Definition),
    /// The style they are written in.
    style: Style,
    /// Whether the code base wants them.
    wanted: docstring::Types,
}

impl Types<'_> {
    /// Returns whether new sections write types, unless the docstring shows what it does.
    fn are_written(&self) -> bool {
        match self.wanted {
            docstring::Types::AsUsual => self.style == Style::Numpy,
            docstring::Types::Always => true,
            docstring::Types::Never => false,
        }
    }

    fn of_parameter(&self, name: &str) -> Option<String> {
        let bare = name.trim_start_matches('*');
        let parameters = self.owner.1.signature.callers_parameters();
        let found = parameters.iter().find(|parameter| parameter.name == bare)?;
        found.annotation.as_deref().map(without_quotes)
    }

    /// Returns the type of what is returned, or yielded.
    fn of_value(&self, kind: SectionKind) -> Option<String> {
        // numpydoc's name for a returned value is its type, whatever is said about the others.
        let written = self.style == Style::Numpy || self.are_written();
        value_type(self.owner.1, kind).filter(|_| written).map(without_quotes)
    }
}

/// A forward reference is a type, and its quotes are not part of it.
fn without_quotes(annotation: &str) -> String {
    let annotation = annotation.trim();
    let inside = ['"', '\'']
        .iter()
        .find_map(|quote| annotation.strip_prefix(*quote)?.strip_suffix(*quote))
        .filter(|inside| !inside.contains(['"', '\'']));
    inside.unwrap_or(annotation).to_owned()
}

fn draft(prose: &Prose, types: &Types<'_>) -> Draft {
    let mut sections = Vec::new();
    let mut push = |kind: SectionKind, entries: Vec<DraftEntry>| {
        if !entries.is_empty() {
            sections.push(DraftSection { kind, title: None, entries });
        }
    };
    let mut parameters = parameters(prose, types);
    for parameter in parameters.iter_mut().filter(|_| !types.are_written()) {
        parameter.type_text = None;
    }
    push(SectionKind::Parameters, parameters);
    push(SectionKind::Returns, value(SectionKind::Returns, prose.returns.as_ref(), types));
    push(SectionKind::Yields, value(SectionKind::Yields, prose.yields.as_ref(), types));
    push(SectionKind::Raises, entries(&prose.raises));
    push(SectionKind::Notes, prose.note.iter().map(|text| paragraph(text.trim())).collect());
    push(SectionKind::Examples, prose.example.iter().map(|code| paragraph(&literal_block(code))).collect());
    Draft {
        summary: prose.summary.clone().unwrap_or_default(),
        description: prose.description.clone().into_iter().collect(),
        sections,
    }
}

/// Writes code as a literal block, which all styles have: a prompt before it would have it run by doctest.
pub(super) fn literal_block(code: &str) -> String {
    let indented = |line: &str| if line.is_empty() { String::new() } else { format!("    {line}") };
    let lines: Vec<String> = code.lines().map(indented).collect();
    format!("::\n\n{}", lines.join("\n"))
}

fn paragraph(text: &str) -> DraftEntry {
    DraftEntry { name: None, type_text: None, description: text.to_owned() }
}

fn add_entries(revision: &mut Revision, task: &Task, prose: &Prose) -> bool {
    let (file, definition) = (&task.file, task.definition());
    let init = format!("{}.__init__", definition.qualified_name);
    let owner = if definition.kind.is_class() { file.find(&init) } else { None };
    let signature = &owner.unwrap_or(definition).signature;
    let order: Vec<String> =
        signature.callers_parameters().iter().map(crate::python::Parameter::display_name).collect();
    let raised: Vec<String> =
        definition.body.raises.iter().filter_map(|raise| raise.exception.clone()).collect();
    let style = revision.docstring().dominant();
    let types = Types { owner: (&**file, owner.unwrap_or(definition)), style, wanted: task.page.house.types };
    // Whether the list writes types at all, its other entries show.
    let parameters = parameters(prose, &types);
    let groups = [
        (SectionKind::Parameters, parameters, order.as_slice()),
        (SectionKind::Returns, value(SectionKind::Returns, prose.returns.as_ref(), &types), &[]),
        (SectionKind::Yields, value(SectionKind::Yields, prose.yields.as_ref(), &types), &[]),
        (SectionKind::Raises, entries(&prose.raises), raised.as_slice()),
    ];
    groups.into_iter().filter(|(_, entries, _)| !entries.is_empty()).all(|(kind, entries, order)| {
        revision.change(|_, amender| amender.insert_entries(kind, &entries, order))
    })
}

fn entries(named: &[Named]) -> Vec<DraftEntry> {
    let entry = |found: &Named| DraftEntry {
        name: Some(found.name.clone()),
        type_text: None,
        description: found.text.trim().to_owned(),
    };
    named.iter().map(entry).collect()
}

fn parameters(prose: &Prose, types: &Types<'_>) -> Vec<DraftEntry> {
    let entry = |found: &Named| {
        let annotation = types.of_parameter(&found.name);
        let description = without_type(types.owner, annotation.as_deref(), &found.text).to_owned();
        DraftEntry { name: Some(found.name.clone()), type_text: annotation, description }
    };
    prose.parameters.iter().map(entry).collect()
}

fn value(kind: SectionKind, text: Option<&String>, types: &Types<'_>) -> Vec<DraftEntry> {
    let entry = |text: &String| DraftEntry {
        name: None,
        type_text: types.of_value(kind),
        description: without_type(types.owner, value_type(types.owner.1, kind), text).to_owned(),
    };
    text.map(entry).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::edit::apply;
    use crate::generate::sample::task_in;
    use crate::generate::{Context, verify};
    use crate::rules::Settings;

    const SOURCE: &str = "class Box:\n    def grow(self, by):\n        return by\n";

    fn written(style: Style, example: &str) -> Result<String, String> {
        let mut task = task_in(SOURCE, "Box.grow");
        task.style = style;
        let prose = Prose {
            summary: Some("Make the box larger.".to_owned()),
            parameters: vec![Named { name: "by".to_owned(), text: "How much.".to_owned() }],
            returns: Some("How much.".to_owned()),
            note: Some(
                "What is in the box stays where it is, however much the box around it may grow.".to_owned(),
            ),
            example: Some(example.to_owned()),
            ..Prose::default()
        };
        let edit = compose(&task, &prose)?;
        let settings = Settings::default();
        let context = Context { settings: &settings, placeholders: false };
        verify(&task, &prose, &edit, &context).map_err(|complaint| complaint.to_string())?;
        apply(SOURCE, &[edit]).map_err(|_| "it cannot be applied".to_owned())
    }

    #[test]
    fn an_example_is_a_literal_block_in_every_style() {
        let code = "box = Box()\n\nfor size in range(3):\n    box.grow(size)";
        let table = [
            (
                Style::Google,
                "        Example:\n            ::\n\n                box = Box()\n\n                for size in range(3):\n                    box.grow(size)\n",
            ),
            (
                Style::Numpy,
                "        Examples\n        --------\n        ::\n\n            box = Box()\n\n            for size in range(3):\n                box.grow(size)\n",
            ),
            (
                Style::Sphinx,
                "        .. admonition:: Examples\n\n            ::\n\n                box = Box()\n\n                for size in range(3):\n                    box.grow(size)\n",
            ),
            (
                Style::Epytext,
                "        Examples\n        --------\n        ::\n\n            box = Box()\n\n            for size in range(3):\n                box.grow(size)\n",
            ),
        ];
        for (style, expected) in table {
            let text = written(style, code).unwrap_or_else(|reason| panic!("{style:?}: {reason}"));
            assert!(text.contains(expected), "{style:?}: {text}");
            assert!(!text.contains(">>>"), "{style:?}: {text}");
        }
    }

    #[test]
    fn what_is_yielded_has_the_type_of_one_item() {
        for (annotation, expected) in [
            ("Iterator[int]", Some("int")),
            ("'Iterator[int]'", Some("int")),
            ("Iterable['Box']", Some("Box")),
            ("typing.Generator[dict[str, int], None, str]", Some("dict[str, int]")),
            ("AsyncIterator[int]", Some("int")),
            ("AsyncGenerator[int, None]", Some("int")),
            ("AsyncIterable[int]", Some("int")),
            ("Iterator", None),
            ("Rows", None),
        ] {
            for decorator in ["", "@contextmanager\n"] {
                for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext] {
                    let source = format!("{decorator}def rows() -> {annotation}:\n    yield made()\n");
                    let mut task = task_in(&source, "rows");
                    task.style = style;
                    let types = docstring::Types::Always;
                    task.page.house = Arc::new(docstring::House { types, ..docstring::House::default() });
                    let prose = Prose {
                        summary: Some("Go through it.".to_owned()),
                        yields: Some("One after the other.".to_owned()),
                        ..Prose::default()
                    };
                    let edit = compose(&task, &prose).unwrap();
                    let settings = Settings::default();
                    let context = Context { settings: &settings, placeholders: false };
                    let verified = verify(&task, &prose, &edit, &context);
                    assert_eq!(verified, Ok(()), "{style:?} {source}");
                    let text = apply(&source, &[edit]).unwrap();
                    let (_, written) = text.split_once("Go through it.").unwrap();
                    let (written, _) = written.split_once("\"\"\"").unwrap();
                    if let Some(expected) = expected {
                        assert!(written.contains(expected), "{style:?} {text}");
                    }
                    assert!(!written.contains("Itera") && !written.contains("Rows"), "{style:?} {text}");
                }
            }
        }
    }

    #[test]
    fn a_file_may_be_indented_with_tabs() {
        for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext] {
            let source = SOURCE.replace("    ", "\t");
            let mut task = task_in(&source, "Box.grow");
            task.style = style;
            let prose = Prose {
                summary: Some("Make the box larger.".to_owned()),
                parameters: vec![Named { name: "by".to_owned(), text: "How much.".to_owned() }],
                returns: Some("How much it was.".to_owned()),
                ..Prose::default()
            };
            let edit = compose(&task, &prose).unwrap();
            let settings = Settings::default();
            let context = Context { settings: &settings, placeholders: false };
            assert_eq!(verify(&task, &prose, &edit, &context), Ok(()), "{style:?}");
        }
    }

    #[test]
    fn code_that_reads_as_something_else_where_it_stands_is_found_or_read_as_meant() {
        for code in [
            "box = Box()\nReturns: int = 1\nbox.grow(1)",
            "Args: int\nBox().grow(1)",
            "try:\n    Box().grow(1)\nexcept ValueError:\n    print()",
            "- Box().grow(1)",
            "(\n@\nBox)",
            "Box().grow(\n    1\n)",
            "x = \"\"\nBox().grow(1)",
            "Box().grow('\\n')",
            "Raises = 1\n------\nBox().grow(1)",
        ] {
            for style in [Style::Google, Style::Numpy, Style::Sphinx, Style::Epytext] {
                if let Ok(text) = written(style, code) {
                    for line in code.lines() {
                        assert!(
                            text.contains(&line.replace('\\', "\\\\")) || text.contains(line),
                            "{style:?} {code}: {text}"
                        );
                    }
                }
            }
        }
    }
}
