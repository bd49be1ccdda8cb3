//! Hashes over the syntax tree: what is compared between two versions of a definition.
//!
//! A fingerprint sees meaning, not layout: brackets that only group, trailing commas, comments, line joins and
//! the spelling of literals leave it as it is. The tree's structure keeps `(a+b)*c` and `a+b*c` apart.

mod spelling;
mod stream;

#[cfg(test)]
mod programs;
#[cfg(test)]
mod tests;

use super::literal::cleandoc::cleandoc;

pub(super) use stream::Stream;

/// A hash over a part of a syntax tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fingerprint(pub(super) [u8; 32]);

impl Fingerprint {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The fingerprints of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprints {
    /// Decorators, parameters, annotations, base classes; not the name.
    pub signature: Fingerprint,
    /// The code of the body. A function's includes the functions in it; a class's or module's does not.
    pub body: Fingerprint,
    /// The docstring's value, cleaned as `inspect.cleandoc` does.
    pub docstring: Fingerprint,
    /// The names of the definitions directly inside a class or module.
    pub members: Fingerprint,
}

/// Cleans a docstring's value for comparison: as `inspect.cleandoc` does, and trailing blanks go.
#[must_use]
pub(super) fn clean(value: &str) -> String {
    let value = cleandoc(value);
    let mut cleaned = String::with_capacity(value.len());
    for line in value.split('\n') {
        cleaned.push_str(line.trim_end());
        cleaned.push('\n');
    }
    cleaned.trim_matches('\n').to_owned()
}

/// The end of a node, in the stream of bytes that is hashed.
pub(super) const LEAVE: [u8; 2] = [0xff, 0xff];
