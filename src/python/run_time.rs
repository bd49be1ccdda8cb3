//! Docstrings that a program reads when it runs: editing one would change what the program does.

use super::definition::{Definition, DefinitionKind, ParsedFile};

/// Decorators of click and typer whose function's docstring is the help text.
const COMMANDS: &[&str] = &["command", "group", "result_callback", "callback"];
/// Decorators of web frameworks whose function's docstring is the description of the route.
const ROUTES: &[&str] =
    &["get", "post", "put", "patch", "delete", "head", "options", "trace", "websocket", "api_route", "route"];

/// Returns whether the docstring of a definition is read at run time.
///
/// `named` are decorators that the configuration adds, by their whole name or their last part.
#[must_use]
pub fn is_read_at_run_time(file: &ParsedFile, definition: &Definition, named: &[String]) -> bool {
    if definition.kind == DefinitionKind::Module {
        // docopt builds the whole command line from the module's usage text.
        let usage =
            definition.docstring.as_ref().is_some_and(|found| found.value.to_lowercase().contains("usage:"));
        return usage && file.imports.mention("docopt");
    }
    if !definition.kind.is_function() {
        return false;
    }
    // PLY reads grammar rules and tokens from the docstrings of functions that are called `p_…` and `t_…`.
    let is_rule = ["p_", "t_"].iter().any(|prefix| definition.name.starts_with(prefix));
    if is_rule && file.speaks_of_ply() {
        return true;
    }
    definition.decorators.iter().any(|decorator| {
        let last = decorator.rsplit('.').next().unwrap_or(decorator);
        let dotted = decorator.contains('.');
        named.iter().any(|name| name == decorator || name == last)
            || COMMANDS.contains(&last)
                && (dotted || file.imports.mention("click") || file.imports.mention("typer"))
            || ROUTES.contains(&last) && dotted
    })
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
        ];
        for (source, expected) in table {
            let file = parse(source);
            let found = is_read_at_run_time(&file, &file.definitions[1], &["house.shown".to_owned()]);
            assert_eq!(found, expected, "{source}");
        }
        let docopt = parse("'''Tool.\n\nUsage: tool [-x]\n'''\nfrom docopt import docopt\n");
        assert!(is_read_at_run_time(&docopt, &docopt.definitions[0], &[]));
    }
}
