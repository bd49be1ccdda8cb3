//! Docstrings that a program reads when it runs: editing one would change what the program does.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::definition::{Definition, DefinitionKind, ParsedFile};
use super::imports::{Imported, is_name_part};

/// Decorators of click and typer whose function's docstring is the help text.
const COMMANDS: &[&str] = &["command", "group", "result_callback", "callback"];
/// Decorators of web frameworks whose function's docstring is the description of the route.
const ROUTES: &[&str] =
    &["get", "post", "put", "patch", "delete", "head", "options", "trace", "websocket", "api_route", "route"];

/// Packages whose functions show the docstrings of what they are given.
const TOOLS: &[&str] = &["click", "typer", "fastapi", "starlette", "flask", "quart"];
/// Calls by which they are given a function; the last one is a decorator that is called like a function.
const HANDED: &[&str] =
    &["typer.run(", ".add_api_route(", ".add_route(", ".add_url_rule(", ".command(", ")("];

/// Returns whether the docstring of a definition is read at run time.
///
/// `named` are decorators that the configuration adds, by their whole name or their last part.
#[must_use]
pub fn is_read_at_run_time(file: &ParsedFile, definition: &Definition, named: &[String]) -> bool {
    if definition.kind == DefinitionKind::Module {
        if file.reads_docstring_of("") {
            return true;
        }
        // docopt builds the whole command line from the module's usage text.
        let usage =
            definition.docstring.as_ref().is_some_and(|found| found.value.to_lowercase().contains("usage:"));
        return usage && file.imports.mention("docopt");
    }
    if file.reads_docstring_of(&definition.name) {
        return true;
    }
    if !definition.kind.is_function() {
        // What a class reads of itself may be any class of the file.
        return ["self", "cls"].iter().any(|receiver| file.reads_docstring_of(receiver));
    }
    if file.hands_over(&definition.name) {
        return true;
    }
    // PLY reads grammar rules and tokens from the docstrings of functions that are called `p_…` and `t_…`.
    let is_rule = ["p_", "t_"].iter().any(|prefix| definition.name.starts_with(prefix));
    if is_rule && file.speaks_of_ply() {
        return true;
    }
    definition.decorators.iter().any(|decorator| {
        let imported = file.imports.binding(decorator, 0).map(|import| &import.imported);
        let last = match imported {
            Some(Imported::Name(name)) => name.as_str(),
            _ => decorator.rsplit('.').next().unwrap_or(decorator),
        };
        let dotted = decorator.contains('.');
        named.iter().any(|name| name == decorator || name == last)
            || COMMANDS.contains(&last)
                && (dotted || file.imports.mention("click") || file.imports.mention("typer"))
            || ROUTES.contains(&last) && dotted
    })
}

/// What the text of a file says about who reads its docstrings; each is a search through all of it, made once.
#[derive(Debug, Clone, Default)]
pub(super) struct Readers {
    speaks_of_ply: OnceLock<bool>,
    read: OnceLock<HashSet<String>>,
    set: OnceLock<HashSet<String>>,
    tries_docstrings: OnceLock<bool>,
    handed_over: OnceLock<HashSet<String>>,
}

impl ParsedFile {
    /// Returns whether the text speaks of PLY, imported under whatever name.
    fn speaks_of_ply(&self) -> bool {
        *self.readers.speaks_of_ply.get_or_init(|| {
            self.imports.mention("ply") || self.text.contains("yacc") || self.text.contains("lex.lex")
        })
    }

    /// Returns whether the text reads the docstring of something that has this name, as `name.__doc__` does; an empty
    /// name stands for the module's own `__doc__`.
    fn reads_docstring_of(&self, name: &str) -> bool {
        self.readers.read.get_or_init(|| read(&self.text)).contains(name)
    }

    /// Returns whether the text gives a docstring to something that has this name: `name.__doc__ = …`.
    #[must_use]
    pub fn sets_docstring_of(&self, name: &str) -> bool {
        self.readers.set.get_or_init(|| set(&self.text)).contains(name)
    }

    /// Returns whether the text calls something that is named after docstrings, as `check_docstring(shape)`: in a test, the
    /// docstrings around are what is tried.
    #[must_use]
    pub fn tries_docstrings(&self) -> bool {
        *self.readers.tries_docstrings.get_or_init(|| {
            let mut found = self.text.match_indices("docstring");
            found.any(|(at, word)| {
                let rest = self.text[at + word.len()..].trim_start_matches(is_name_part);
                let before = self.text[..at].trim_end_matches(is_name_part);
                rest.starts_with('(') && !before.ends_with("def ")
            })
        })
    }

    /// Returns whether a function is handed to a tool that shows its docstring: `typer.run(main)`.
    fn hands_over(&self, name: &str) -> bool {
        let handed_over = self.readers.handed_over.get_or_init(|| {
            let uses_tools = TOOLS.iter().any(|tool| self.imports.mention(tool));
            if uses_tools { handed_over(&self.text) } else { HashSet::new() }
        });
        handed_over.contains(name)
    }
}

fn read(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    for (at, _) in text.match_indices("__doc__") {
        let before = &text[..at];
        match before.strip_suffix('.') {
            Some(object) => {
                names.insert(object[object.trim_end_matches(is_name_part).len()..].to_owned());
            }
            None if !before.ends_with(is_name_part) => drop(names.insert(String::new())),
            None => {}
        }
    }
    names
}

fn set(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    for (at, mark) in text.match_indices(".__doc__") {
        let after = text[at + mark.len()..].trim_start();
        if after.starts_with('=') && !after.starts_with("==") {
            let object = &text[..at];
            names.insert(object[object.trim_end_matches(is_name_part).len()..].to_owned());
        }
    }
    names
}

/// Finds what stands as an argument behind one of the calls, in the same statement on the same line.
fn handed_over(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    for statement in text.split(['\n', '\r', ';']) {
        let ends = HANDED.iter().filter_map(|call| Some(statement.find(call)? + call.len()));
        let Some(from) = ends.min() else { continue };
        let mut at = 0;
        for word in statement.split_inclusive(|character: char| !is_name_part(character)) {
            let name = word.trim_end_matches(|character: char| !is_name_part(character));
            let is_argument = || statement[..at].trim_end().ends_with(['(', ',', '=']);
            if !name.is_empty() && at >= from && is_argument() {
                names.insert(name.to_owned());
            }
            at += word.len();
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn docstrings_that_are_behaviour_are_recognised() {
        let table = [
            ("import click\n@click.command()\ndef f(): pass\n", true),
            ("from typer import Typer\napp = Typer()\n@app.command('x')\ndef f(): pass\n", true),
            ("@app.get('/x')\nasync def f(): pass\n", true),
            ("import ply.yacc as yacc\ndef p_rule(p):\n    'a : b'\n", true),
            ("@cached\ndef f(): pass\n", false),
            ("@get\ndef f(): pass\n", false),
            ("def p_value(p): pass\n", false),
            ("text = '''\nimport click\n'''\n@command()\ndef f(): pass\n", false),
            ("@command()\ndef f():\n    import click\n", true),
            ("def p_rule(p): pass\ndef main():\n    from .ply import yacc\n", true),
            ("@house.shown\ndef f(): pass\n", true),
            ("import typer\ndef main(): pass\ntyper.run(main)\n", true),
            ("import typer\ndef main(): pass\nother(main)\n", false),
            ("import click\ndef main(): pass\nclick.command()(main)\n", true),
            ("from click import command as cmd\n@cmd()\ndef main(): pass\n", true),
            ("from fastapi import FastAPI\ndef x(): pass\napp.add_api_route('/x', x)\n", true),
            ("def main(): pass\nprint(main.__doc__)\n", true),
            ("def main(): pass\nprint(domain.__doc__)\n", false),
            ("class A:\n    def f(self): return self.__doc__\n", true),
            ("class A:\n    __doc__ = 'b'\n", false),
        ];
        for (source, expected) in table {
            let file = parse(source);
            let found = is_read_at_run_time(&file, &file.definitions[1], &["house.shown".to_owned()]);
            assert_eq!(found, expected, "{source}");
        }
        let docopt = parse("'''Tool.\n\nUsage: tool [-x]\n'''\nfrom docopt import docopt\n");
        assert!(is_read_at_run_time(&docopt, &docopt.definitions[0], &[]));
        let usage = parse("'''Tool.'''\nparser = ArgumentParser(description=__doc__)\n");
        assert!(is_read_at_run_time(&usage, &usage.definitions[0], &[]));
    }
}
