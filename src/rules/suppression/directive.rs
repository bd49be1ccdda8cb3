//! Reading comments that say what not to report.

use crate::python::Span;

/// What a comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// From its `#` to its end.
    pub(super) span: Span,
    /// Who it is for.
    pub(super) dialect: Dialect,
    pub(super) reach: Reach,
    /// What it names, each with its place; nothing in the list means everything.
    pub(super) names: Vec<(Span, String)>,
}

/// Whose words a comment uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `# docgate: ignore[…]`: codes or names, of this program only.
    Own,
    /// `# noqa: …`: codes, of any program.
    Noqa,
    /// `# numpydoc ignore=…`: codes of numpydoc.
    Numpydoc,
}

/// How far a comment reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Line,
    File,
}

/// Returns whether a text may hold directives at all; most do not, and then nothing is scanned.
pub(super) fn may_have(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    let has_noqa = || {
        let ends = ["qa", "QA", "Qa", "qA"];
        let found = ends.iter().flat_map(|end| memchr::memmem::find_iter(bytes, end.as_bytes()));
        found.into_iter().any(|at| at >= 2 && bytes[at - 2..at].eq_ignore_ascii_case(b"no"))
    };
    has("docgate:") || has("numpydoc ignore") || has_noqa()
}

/// Reads the directives of one comment: several may follow each other, each behind a `#` of its own.
pub(super) fn read(text: &str, comment: Span) -> Vec<Directive> {
    let source = comment.of(text);
    let begins: Vec<usize> = memchr::memchr_iter(b'#', source.as_bytes()).collect();
    let ends = begins.iter().skip(1).copied().chain([source.len()]);
    // What reaches through the file stands on a line of its own, as ruff has it.
    let line = &text[..comment.start];
    let is_alone = line.rsplit(['\n', '\r']).next().is_none_or(|before| before.trim().is_empty());
    begins
        .iter()
        .zip(ends)
        .filter_map(|(begin, end)| {
            let part = Part { text: &source[*begin + 1..end], start: comment.start + begin + 1 };
            let directive = part.directive(comment.start + begin)?;
            (directive.reach == Reach::Line || is_alone).then_some(directive)
        })
        .collect()
}

/// What stands behind a `#`.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    start: usize,
}

impl Part<'_> {
    fn directive(self, start: usize) -> Option<Directive> {
        let part = self.trimmed();
        let made = |dialect, reach, (names, end): (Vec<(Span, String)>, usize)| {
            Some(Directive { span: Span::new(start, end), dialect, reach, names })
        };
        if let Some(rest) = part.after("docgate:").map(Part::trimmed) {
            if let Some(rest) = rest.word("ignore-file") {
                return made(Dialect::Own, Reach::File, rest.bracketed()?);
            }
            return made(Dialect::Own, Reach::Line, rest.word("ignore")?.bracketed()?);
        }
        if let Some(rest) = part.after("numpydoc ignore") {
            let (names, end) = rest.trimmed().after("=")?.codes();
            return if names.is_empty() { None } else { made(Dialect::Numpydoc, Reach::Line, (names, end)) };
        }
        let whole = ["ruff:", "flake8:"].iter().find_map(|tool| part.after_any_case(tool));
        let (reach, rest) = whole.map_or((Reach::Line, part), |rest| (Reach::File, rest.trimmed()));
        let rest = rest.after_any_case("noqa")?;
        if rest.text.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '-')) {
            return None;
        }
        match rest.trimmed().after(":") {
            None => made(Dialect::Noqa, reach, (Vec::new(), rest.start)),
            Some(rest) => {
                let (names, end) = rest.codes();
                // A colon without a code is a slip; it must not silence everything.
                if names.is_empty() { None } else { made(Dialect::Noqa, reach, (names, end)) }
            }
        }
    }

    fn trimmed(self) -> Self {
        self.skipped(self.text.len() - self.text.trim_start().len())
    }

    fn skipped(self, bytes: usize) -> Self {
        Self { text: &self.text[bytes..], start: self.start + bytes }
    }

    fn after(self, word: &str) -> Option<Self> {
        self.text.starts_with(word).then(|| self.skipped(word.len()))
    }

    fn after_any_case(self, word: &str) -> Option<Self> {
        let head = self.text.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| self.skipped(word.len()))
    }

    /// Returns what follows a word that ends there.
    fn word(self, word: &str) -> Option<Self> {
        let rest = self.after(word)?;
        let goes_on = rest.text.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '-'));
        (!goes_on).then_some(rest)
    }

    /// Reads a list in brackets, or nothing for everything; an unclosed bracket is a slip.
    fn bracketed(self) -> Option<(Vec<(Span, String)>, usize)> {
        let Some(inside) = self.after("[") else { return Some((Vec::new(), self.start)) };
        let end = inside.text.find(']')?;
        let mut names = Vec::new();
        let mut at = 0;
        for name in inside.text[..end].split(',') {
            let start = inside.start + at + (name.len() - name.trim_start().len());
            let trimmed = name.trim();
            if !trimmed.is_empty() {
                names.push((Span::new(start, start + trimmed.len()), trimmed.to_owned()));
            }
            at += name.len() + 1;
        }
        // Empty brackets name nothing, which is not everything.
        if names.is_empty() { None } else { Some((names, inside.start + end + 1)) }
    }

    /// Reads codes, capital letters and digits, with commas or blanks between them, up to the first other word.
    fn codes(self) -> (Vec<(Span, String)>, usize) {
        let mut names = Vec::new();
        let mut rest = self;
        let mut end = self.start;
        loop {
            let blanks = rest.text.find(|next: char| next != ',' && !next.is_whitespace());
            rest = rest.skipped(blanks.unwrap_or(rest.text.len()));
            let length =
                rest.text.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(rest.text.len());
            let code = &rest.text[..length];
            let letters =
                code.len() - code.trim_start_matches(|letter: char| letter.is_ascii_uppercase()).len();
            let is_code = letters > 0 && code[letters..].bytes().all(|digit| digit.is_ascii_digit());
            let ends = !rest.text[length..].starts_with(['-', '_']);
            if !is_code || !ends {
                return (names, end);
            }
            end = rest.start + length;
            names.push((Span::new(rest.start, end), code.to_owned()));
            rest = rest.skipped(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a comment behind code, as `dialect reach names`.
    fn shown(text: &str) -> Vec<String> {
        let start = text.find('#').expect("a comment");
        let directives = read(text, Span::new(start, text.len()));
        let line = |directive: &Directive| {
            let names: Vec<&str> = directive.names.iter().map(|(_, name)| name.as_str()).collect();
            for (span, name) in &directive.names {
                assert_eq!(span.of(text), name, "{text}");
            }
            format!("{:?} {:?} {}", directive.dialect, directive.reach, names.join(" ")).trim_end().to_owned()
        };
        directives.iter().map(line).collect()
    }

    #[test]
    fn every_dialect_is_read() {
        let table: [(&str, &[&str]); 28] = [
            ("x # noqa", &["Noqa Line"]),
            ("x #NOQA", &["Noqa Line"]),
            ("x # NoQA : D103", &["Noqa Line D103"]),
            ("x # noqa: D103,DOC101", &["Noqa Line D103 DOC101"]),
            ("x # noqa:D103 DOC101 because it is old", &["Noqa Line D103 DOC101"]),
            ("x # noqa: because", &[]),
            ("x # noqa because", &["Noqa Line"]),
            ("x # noqall", &[]),
            ("x # no qa", &[]),
            ("x # type: ignore # noqa: D1", &["Noqa Line D1"]),
            (
                "x # noqa: E501 # docgate: ignore[stale-default]",
                &["Noqa Line E501", "Own Line stale-default"],
            ),
            ("x # docgate: ignore", &["Own Line"]),
            ("x # docgate:ignore[D103, restates-name ]: it is so", &["Own Line D103 restates-name"]),
            ("x # docgate: ignore[", &[]),
            ("x # docgate: ignore[]", &[]),
            ("x # docgate: ignored", &[]),
            ("x # docgate: ignore-file", &[]),
            ("# docgate: ignore-file", &["Own File"]),
            ("  # docgate: ignore-file[DOC, D103]", &["Own File DOC D103"]),
            ("# docgate: ignore-files", &[]),
            ("# ruff: noqa", &["Noqa File"]),
            ("# Ruff: NOQA: D100, D", &["Noqa File D100 D"]),
            ("x # ruff: noqa", &[]),
            ("# flake8: noqa: D100", &["Noqa File D100"]),
            ("x # numpydoc ignore=GL08,PR01", &["Numpydoc Line GL08 PR01"]),
            ("x # numpydoc ignore = GL08", &["Numpydoc Line GL08"]),
            ("x # numpydoc ignore=", &[]),
            ("x # noqa: D103-x", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
