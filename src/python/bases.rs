//! The base classes that the header of a class names.

use super::definition::{Definition, ParsedFile};
use super::imports::is_dotted_name;

/// A base class as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// A dotted name; what stands in brackets behind it is left out: `Generic` for `Generic[T]`.
    Named(String),
    /// Anything else, such as a call or an unpacked list.
    Computed,
}

impl ParsedFile {
    /// Returns the bases of a class in order; `object` and keywords such as `metaclass=…` are left out.
    #[must_use]
    pub fn bases(&self, class: &Definition) -> Vec<Base> {
        if !class.kind.is_class() {
            return Vec::new();
        }
        let header = self.text.get(class.name_span.end..class.header.end).unwrap_or("");
        let mut bases = Vec::new();
        for argument in arguments(header) {
            let name = argument.split('[').next().unwrap_or("");
            let is_plain = name.len() == argument.len() || argument.ends_with(']');
            let base = if is_plain && is_dotted_name(name) {
                Base::Named(name.to_owned())
            } else if is_keyword(&argument) {
                continue;
            } else {
                Base::Computed
            };
            if base != Base::Named("object".to_owned()) {
                bases.push(base);
            }
        }
        bases
    }
}

/// Splits what stands between the brackets of a class header, comments and blanks left out.
fn arguments(header: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    // Type parameters stand in square brackets before the round ones.
    let mut inside = false;
    let mut characters = header.char_indices();
    while let Some((at, character)) = characters.next() {
        let parted = header[..at].ends_with(char::is_whitespace);
        match character {
            '#' => {
                for (_, skipped) in characters.by_ref() {
                    if matches!(skipped, '\n' | '\r') {
                        break;
                    }
                }
                continue;
            }
            '"' | '\'' => {
                // Only that it is a string matters, and that brackets in it do not count.
                let length = header[at + 1..].find(character).unwrap_or(0);
                for _ in 0..=header[at + 1..at + 1 + length].chars().count() {
                    characters.next();
                }
                current.push(character);
                continue;
            }
            '(' | '[' | '{' => {
                depth += 1;
                if depth == 1 {
                    inside = character == '(';
                    continue;
                }
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    if inside {
                        break;
                    }
                    current.clear();
                    continue;
                }
            }
            ',' if depth == 1 && inside => {
                arguments.push(std::mem::take(&mut current));
                continue;
            }
            '\\' => continue,
            blank if blank.is_whitespace() => continue,
            // Two words side by side are an expression.
            letter if is_letter(letter) && parted && current.ends_with(is_letter) => current.push(' '),
            _ => {}
        }
        current.push(character);
    }
    if inside {
        arguments.push(current);
    }
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// `metaclass=Meta` is a keyword, and `**options` is as good as one.
fn is_keyword(argument: &str) -> bool {
    let (name, value) = argument.split_once('=').unwrap_or(("", ""));
    argument.starts_with("**") || is_dotted_name(name) && !value.starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::parse;

    #[test]
    fn bases_are_read_from_every_header() {
        let named = |name: &str| Base::Named(name.to_owned());
        let table: &[(&str, &[Base])] = &[
            ("class A: pass", &[]),
            ("class A(): pass", &[]),
            ("class A(object): pass", &[]),
            ("class A(B, c.D, metaclass=M): pass", &[named("B"), named("c.D")]),
            ("class A(\n    B,  # why, (\n    c . D,\n): pass", &[named("B"), named("c.D")]),
            ("class A(Generic[T, U], B[int]): pass", &[named("Generic"), named("B")]),
            ("class A[T: (int, str), U](B[T]): pass", &[named("B")]),
            ("class A[T]: pass", &[]),
            ("class A(make('a, b)', x), B): pass", &[Base::Computed, named("B")]),
            ("class A(*bases, **options): pass", &[Base::Computed]),
            ("class A(B if x else C, D == E): pass", &[Base::Computed, Base::Computed]),
            ("class A(namedtuple('A', ['x'])): pass", &[Base::Computed]),
            ("class A(B['x, y']): pass", &[named("B")]),
            ("class A(B[0].C): pass", &[Base::Computed]),
            ("def f(a): pass", &[]),
        ];
        for (source, expected) in table {
            let file = parse(source);
            assert_eq!(file.bases(&file.definitions[1]), *expected, "{source}");
        }
    }

    #[test]
    fn a_header_of_any_text_is_read_without_a_fall() {
        for header in ["(", "('", "(\"é", "([", ")", "(a,,", "[", "(a#", "('a'é", "\\"] {
            let _ = arguments(header);
        }
    }
}
