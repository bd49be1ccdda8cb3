//! The base classes that the header of a class names.

use super::is_dotted_name;
use crate::python::definition::{Definition, ParsedFile};

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
        let mut bases = Vec::new();
        for written in class.bases.iter().map(|base| base.of(&self.text)) {
            let named = written.split('[').next().unwrap_or("");
            let is_plain = named.len() == written.len() || written.ends_with(']');
            let name = named.split('.').map(str::trim).collect::<Vec<_>>().join(".");
            let base = if is_plain && is_dotted_name(&name) { Base::Named(name) } else { Base::Computed };
            if base != Base::Named("object".to_owned()) {
                bases.push(base);
            }
        }
        bases
    }
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
}
