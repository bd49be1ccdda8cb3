//! Finding logical lines without a syntax tree: strings, comments, brackets and line joins decide what belongs
//! together.
//!
//! The scan keeps its own stack of strings within strings (PEP 701), so that nesting costs memory and never the
//! stack of the thread.

use super::span::Span;

/// Returns where the lines of a text go that belong together.
///
/// That is one statement, or several with `;` between them, a comment, or a blank line. A string or a bracket that is never
/// closed takes all that follows with it.
#[must_use]
pub fn logical_lines(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut scan = Scan::new(text);
    let mut start = 0;
    while scan.read_on(|_, _| ()).is_some() {
        spans.push(Span::new(start, scan.at()));
        start = scan.at();
    }
    spans
}

/// What a logical line is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::python) enum Shape {
    Nothing,
    /// One comment alone.
    Comment,
    /// One string literal alone, with whatever prefix.
    String,
    Code,
}

/// The lines that one statement, or several with `;` between them, stand on.
pub(in crate::python) struct LogicalLine<'a> {
    /// The lines without their ends, and whether a comment begins on each.
    pub(in crate::python) lines: Vec<(&'a str, bool)>,
    pub(in crate::python) shape: Shape,
    pub(in crate::python) statements: u32,
}

/// Where the scan is within nested strings.
#[derive(Debug, Clone, Copy)]
enum Inside {
    /// The text of a literal.
    Text(Quotes),
    /// An expression in braces, in an f-string or t-string: how many brackets are open in it.
    Field { brackets: u32, quotes: Quotes },
    /// The format behind the colon of such an expression.
    Format(Quotes),
}

/// How a string literal ends, and what may stand in it.
#[derive(Debug, Clone, Copy)]
struct Quotes {
    quote: u8,
    triple: bool,
    formatted: bool,
}

/// A text, up to where it was read.
pub(in crate::python) struct Scan<'a> {
    text: &'a str,
    at: usize,
    inside: Vec<Inside>,
}

/// What the scan has seen of the current logical line.
#[derive(Default)]
struct Seen {
    tokens: u32,
    strings: u32,
    comments: u32,
    brackets: u32,
    statements: u32,
    /// Whether the statement has a token, a colon, and something behind its last colon.
    started: bool,
    colon: bool,
    suite: bool,
}

impl Seen {
    fn token(&mut self) {
        self.tokens = self.tokens.saturating_add(1);
        self.started = true;
        self.suite = self.colon;
    }

    fn colon(&mut self) {
        self.token();
        self.colon = true;
        self.suite = false;
    }

    fn end_statement(&mut self) {
        if self.started {
            self.statements += 1 + u32::from(self.colon && self.suite);
        }
        (self.started, self.colon, self.suite) = (false, false, false);
    }

    fn shape(&self) -> Shape {
        match (self.tokens, self.strings, self.comments) {
            (0, _, 0) => Shape::Nothing,
            (0, _, 1) => Shape::Comment,
            (1, 1, 0) => Shape::String,
            _ => Shape::Code,
        }
    }
}

impl<'a> Scan<'a> {
    pub(in crate::python) fn new(text: &'a str) -> Self {
        Self { text, at: 0, inside: Vec::new() }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// Returns how far the text was read.
    pub(in crate::python) fn at(&self) -> usize {
        self.at
    }

    /// Reads on; `None` at the end of the text.
    pub(in crate::python) fn next_logical_line(&mut self) -> Option<LogicalLine<'a>> {
        let mut lines = Vec::new();
        let (shape, statements) = self.read_on(|line, has_comment| lines.push((line, has_comment)))?;
        Some(LogicalLine { lines, shape, statements })
    }

    /// Reads one logical line, and gives away each line of it with whether a comment begins on it; returns what it is
    /// made of and how many statements it has, `None` at the end of the text.
    pub(in crate::python) fn read_on(&mut self, mut take: impl FnMut(&'a str, bool)) -> Option<(Shape, u32)> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut seen = Seen::default();
        let mut line_start = self.at;
        let mut comments_before = 0;
        loop {
            let joined = self.scan_line(&mut seen);
            take(self.text.get(line_start..self.at).unwrap_or(""), seen.comments > comments_before);
            comments_before = seen.comments;
            self.skip_line_end();
            line_start = self.at;
            let open = joined || seen.brackets > 0 || !self.inside.is_empty();
            if !open || self.at >= self.text.len() {
                break;
            }
        }
        seen.end_statement();
        Some((seen.shape(), seen.statements))
    }

    fn skip_line_end(&mut self) {
        match (self.byte(0), self.byte(1)) {
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(b'\r' | b'\n'), _) => self.at += 1,
            _ => {}
        }
    }

    /// Scans up to the end of the line; returns whether a backslash joins it with the next.
    fn scan_line(&mut self, seen: &mut Seen) -> bool {
        while let Some(byte) = self.byte(0) {
            if matches!(byte, b'\n' | b'\r') {
                self.close_single_line_strings();
                return false;
            }
            let joined = match self.inside.last().copied() {
                Some(Inside::Text(quotes)) => self.string_text(byte, quotes),
                Some(Inside::Format(quotes)) => self.format_text(byte, quotes),
                Some(Inside::Field { brackets, quotes }) => self.field_token(byte, brackets, quotes),
                None => self.token(byte, seen),
            };
            if joined {
                return true;
            }
        }
        false
    }

    /// A quote that is not closed on its line is an error, which must not swallow the rest of the file.
    fn close_single_line_strings(&mut self) {
        let single = |inside: &Inside| match inside {
            Inside::Text(quotes) => !quotes.triple,
            // An expression in braces may go over lines since PEP 701.
            Inside::Format(_) | Inside::Field { .. } => false,
        };
        while self.inside.pop_if(|inside| single(inside)).is_some() {}
    }

    fn at_line_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), Some(b'\n' | b'\r') | None)
    }

    fn token(&mut self, byte: u8, seen: &mut Seen) -> bool {
        match byte {
            b'#' => {
                seen.comments += 1;
                self.skip_comment();
            }
            b' ' | b'\t' | 0x0c => self.at += 1,
            b'\\' if self.at_line_end(1) => {
                self.at += 1;
                return true;
            }
            b'"' | b'\'' => {
                seen.token();
                seen.strings += 1;
                self.open_string(byte, false);
            }
            b'(' | b'[' | b'{' => {
                seen.token();
                seen.brackets += 1;
                self.at += 1;
            }
            b')' | b']' | b'}' => {
                seen.token();
                seen.brackets = seen.brackets.saturating_sub(1);
                self.at += 1;
            }
            b';' => {
                seen.end_statement();
                seen.tokens += 1;
                self.at += 1;
            }
            b':' if self.byte(1) == Some(b'=') => {
                seen.token();
                self.at += 2;
            }
            b':' => {
                seen.colon();
                self.at += 1;
            }
            _ if is_word(byte) => {
                seen.token();
                if self.skip_word() {
                    seen.strings += 1;
                }
            }
            _ => {
                seen.token();
                self.at += 1;
            }
        }
        false
    }

    fn skip_comment(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    /// Skips a name or number, or opens the string literal that it is the prefix of; tells which.
    fn skip_word(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while bytes.get(self.at).is_some_and(|byte| is_word(*byte)) {
            self.at += 1;
        }
        let Some(quote @ (b'"' | b'\'')) = self.byte(0) else { return false };
        let word = &bytes[start..self.at];
        let is_prefix = word.len() <= 2 && word.iter().all(|letter| b"rRbBuUfFtT".contains(letter));
        if is_prefix {
            self.open_string(quote, word.iter().any(|letter| b"fFtT".contains(letter)));
        }
        is_prefix
    }

    fn open_string(&mut self, quote: u8, formatted: bool) {
        let triple = self.byte(1) == Some(quote) && self.byte(2) == Some(quote);
        self.at += if triple { 3 } else { 1 };
        self.inside.push(Inside::Text(Quotes { quote, triple, formatted }));
    }

    fn string_text(&mut self, byte: u8, quotes: Quotes) -> bool {
        match byte {
            // In a raw literal, too, a backslash keeps a quote from closing it.
            b'\\' if self.at_line_end(1) => {
                self.at += 1;
                return true;
            }
            b'\\' if matches!(self.byte(1), Some(b'"' | b'\'' | b'\\')) => self.at += 2,
            _ if byte == quotes.quote && self.closes(quotes) => {
                self.at += if quotes.triple { 3 } else { 1 };
                self.inside.pop();
            }
            b'{' if quotes.formatted && self.byte(1) == Some(b'{') => self.at += 2,
            b'{' if quotes.formatted => {
                self.at += 1;
                self.inside.push(Inside::Field { brackets: 0, quotes });
            }
            b'\\' | b'"' | b'\'' | b'{' => self.at += 1,
            _ => self.skip_text(),
        }
        false
    }

    fn closes(&self, quotes: Quotes) -> bool {
        !quotes.triple || (self.byte(1) == Some(quotes.quote) && self.byte(2) == Some(quotes.quote))
    }

    /// Skips what means nothing in a string.
    fn skip_text(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let stops = |byte: &u8| matches!(byte, b'\\' | b'"' | b'\'' | b'{' | b'}' | b'\n' | b'\r');
        self.at += rest.iter().position(stops).unwrap_or(rest.len()).max(1);
    }

    fn format_text(&mut self, byte: u8, quotes: Quotes) -> bool {
        match byte {
            b'}' => {
                self.at += 1;
                self.inside.pop();
            }
            b'{' => {
                self.at += 1;
                self.inside.push(Inside::Field { brackets: 0, quotes });
            }
            // Without its brace, the field was none.
            _ if byte == quotes.quote && self.closes(quotes) => self.leave_field(),
            _ => self.at += 1,
        }
        false
    }

    fn field_token(&mut self, byte: u8, brackets: u32, quotes: Quotes) -> bool {
        match byte {
            b'}' if brackets == 0 => {
                self.at += 1;
                self.inside.pop();
            }
            b':' if brackets == 0 => {
                self.at += 1;
                self.replace(Inside::Format(quotes));
            }
            b'(' | b'[' | b'{' => {
                self.at += 1;
                self.replace(Inside::Field { brackets: brackets + 1, quotes });
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                self.replace(Inside::Field { brackets: brackets.saturating_sub(1), quotes });
            }
            b'"' | b'\'' => self.open_string(byte, false),
            b'#' => self.skip_comment(),
            b'\\' if self.at_line_end(1) => {
                self.at += 1;
                return true;
            }
            _ if is_word(byte) => {
                self.skip_word();
            }
            _ => self.at += 1,
        }
        false
    }

    fn replace(&mut self, inside: Inside) {
        if let Some(last) = self.inside.last_mut() {
            *last = inside;
        }
    }

    /// Goes back to the text of the literal around an expression in braces.
    fn leave_field(&mut self) {
        while self.inside.pop_if(|inside| !matches!(inside, Inside::Text(_))).is_some() {}
    }
}

/// Letters, digits, underscores and all that is not ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
