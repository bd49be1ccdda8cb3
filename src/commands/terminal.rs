//! What the terminal can show: colour, links, and how wide it is.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use crate::cli::Color;
use crate::env;
use crate::report::uri;

/// Reads a variable.
type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What stdout can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Terminal {
    pub(super) color: bool,
    pub(super) links: bool,
    /// Its columns; nothing where stdout is no terminal.
    pub(super) width: Option<usize>,
}

impl Terminal {
    /// Looks at stdout and the environment.
    pub(super) fn of_stdout(choice: Color) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let size = terminal_size::terminal_size_of(io::stdout()).filter(|_| is_terminal);
        let color = has_color(choice, is_terminal, &env::read);
        Self {
            color,
            links: is_terminal && color && has_links(&env::read),
            width: size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0),
        }
    }
}

/// Decides on colour: what was asked for, then `NO_COLOR`, then what forces it, then what the terminal is.
fn has_color(choice: Color, is_terminal: bool, read: Read<'_>) -> bool {
    let is_off = |name: &str| read(name).is_some_and(|value| value == "0");
    let is_on = |name: &str| read(name).is_some_and(|value| value != "0");
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if read(env::NO_COLOR).is_some() => false,
        Color::Auto if is_on(env::CLICOLOR_FORCE) || is_on(env::FORCE_COLOR) => true,
        Color::Auto => is_terminal && !is_off(env::CLICOLOR) && !is_dumb(read),
    }
}

fn is_dumb(read: Read<'_>) -> bool {
    read(env::TERM).is_some_and(|kind| kind == "dumb")
}

/// Returns whether the terminal is one of those that are known to show links: others print them.
fn has_links(read: Read<'_>) -> bool {
    if let Some(forced) = read(env::FORCE_HYPERLINK) {
        return forced != "0";
    }
    let kind = read(env::TERM).unwrap_or_default();
    if kind == "dumb" || kind.starts_with("screen") {
        return false;
    }
    let program = read(env::TERM_PROGRAM).unwrap_or_default();
    let is_new_vte = || read(env::VTE_VERSION)?.parse().ok().map(|version: u32| version >= 5000);
    ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"].contains(&kind.as_str())
        || ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"].contains(&program.as_str())
        || env::TERMINALS_WITH_LINKS.iter().any(|name| read(name).is_some())
        || is_new_vte().unwrap_or_default()
}

/// Returns the address of a folder, with a slash at its end.
pub(super) fn address(folder: &Path) -> Option<String> {
    let path = folder.to_str()?;
    let path = if cfg!(windows) { format!("/{}", path.replace('\\', "/")) } else { path.to_owned() };
    Some(format!("file://{}/", uri(path.trim_end_matches('/'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn colour_is_decided_in_one_order() {
        type Variables = &'static [(&'static str, &'static str)];
        let table: [(Color, bool, Variables, bool); 12] = [
            (Color::Auto, true, &[], true),
            (Color::Auto, false, &[], false),
            (Color::Auto, true, &[("TERM", "dumb")], false),
            (Color::Auto, true, &[("NO_COLOR", "1")], false),
            (Color::Auto, true, &[("CLICOLOR", "0")], false),
            (Color::Auto, false, &[("CLICOLOR", "1")], false),
            (Color::Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Color::Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Color::Auto, false, &[("FORCE_COLOR", "1"), ("TERM", "dumb")], true),
            (Color::Auto, true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (Color::Always, false, &[("NO_COLOR", "1")], true),
            (Color::Never, true, &[("CLICOLOR_FORCE", "1")], false),
        ];
        for (choice, is_terminal, variables, expected) in table {
            let found = has_color(choice, is_terminal, &environment(variables));
            assert_eq!(found, expected, "{choice:?} {is_terminal} {variables:?}");
        }
    }

    #[test]
    fn links_are_for_terminals_that_know_them() {
        let table: [(&[(&str, &str)], bool); 8] = [
            (&[], false),
            (&[("TERM", "xterm-256color")], false),
            (&[("TERM", "xterm-kitty")], true),
            (&[("TERM_PROGRAM", "WezTerm")], true),
            (&[("VTE_VERSION", "7006")], true),
            (&[("VTE_VERSION", "4205")], false),
            (&[("VTE_VERSION", "7006"), ("TERM", "screen-256color")], false),
            (&[("TERM", "xterm-kitty"), ("FORCE_HYPERLINK", "0")], false),
        ];
        for (variables, expected) in table {
            assert_eq!(has_links(&environment(variables)), expected, "{variables:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_address_of_a_folder_is_escaped() {
        assert_eq!(address(Path::new("/a b/c")).as_deref(), Some("file:///a%20b/c/"));
        assert_eq!(address(Path::new("/")).as_deref(), Some("file:///"));
    }
}
