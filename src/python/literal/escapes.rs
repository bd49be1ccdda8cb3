//! The escapes of string literals, by the table in Python's reference, "String and Bytes literals".

/// What a literal evaluates to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::python) struct Evaluated {
    /// The text; what is not evaluated stands in it as written.
    pub(in crate::python) value: String,
    /// Whether all of it was evaluated.
    pub(in crate::python) exact: bool,
    /// The escapes, as written, that some Python 3 rejects or that were not recognised.
    pub(in crate::python) doubtful: Vec<String>,
}

impl Default for Evaluated {
    fn default() -> Self {
        Self { value: String::new(), exact: true, doubtful: Vec::new() }
    }
}

impl Evaluated {
    /// Adds the next literal of an implicit concatenation.
    pub(in crate::python) fn append(&mut self, next: Self) {
        self.value.push_str(&next.value);
        self.exact &= next.exact;
        self.doubtful.extend(next.doubtful);
    }
}

/// Evaluates what stands between the quotes; every kind of line end reads as a line feed.
pub(in crate::python) fn evaluate(content: &str, raw: bool) -> Evaluated {
    let unified;
    let content = if content.contains('\r') {
        unified = content.replace("\r\n", "\n").replace('\r', "\n");
        unified.as_str()
    } else {
        content
    };
    if raw || !content.contains('\\') {
        return Evaluated { value: content.to_owned(), ..Evaluated::default() };
    }
    let mut evaluated = Evaluated::default();
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        evaluated.value.push_str(&rest[..at]);
        rest = &rest[at..];
        let (escape, length) = escape(rest);
        let written = &rest[..length];
        rest = &rest[length..];
        match escape {
            Escape::Text(text) => evaluated.value.push_str(text),
            Escape::Character(character) => evaluated.value.push(character),
            Escape::None => evaluated.value.push_str(written),
            Escape::Alias(character) => {
                evaluated.value.push(character);
                evaluated.doubtful.push(written.to_owned());
            }
            Escape::Surrogate => {
                // No text of Rust's can hold one; in this spelling, two that are the same are the same.
                evaluated.value.push_str("\\u");
                evaluated.value.push_str(&written[written.len() - 4..].to_ascii_lowercase());
                evaluated.exact = false;
            }
            Escape::Unknown => {
                evaluated.value.push_str(written);
                evaluated.exact = false;
                evaluated.doubtful.push(written.to_owned());
            }
        }
    }
    evaluated.value.push_str(rest);
    evaluated
}

/// Evaluates what stands between the quotes of a bytes literal; each byte becomes the character with its number.
pub(in crate::python) fn evaluate_bytes(content: &str) -> String {
    // There are no escapes for characters in bytes, only for numbers.
    let mut plain = String::with_capacity(content.len());
    let mut characters = content.chars();
    while let Some(character) = characters.next() {
        plain.push(character);
        if character != '\\' {
            continue;
        }
        if let Some(letter) = characters.next() {
            if matches!(letter, 'N' | 'u' | 'U') {
                plain.push('\\');
            }
            plain.push(letter);
        }
    }
    evaluate(&plain, false).value
}

enum Escape {
    Text(&'static str),
    Character(char),
    /// A backslash that begins no escape stands for itself.
    None,
    /// A name that is known, but perhaps not in this spelling.
    Alias(char),
    /// Half of a pair, which no text in Rust can hold.
    Surrogate,
    /// Python rejects it, or it names a character of a newer Unicode.
    Unknown,
}

/// Reads the escape at the beginning of a text, and its length.
fn escape(text: &str) -> (Escape, usize) {
    let after = &text[1..];
    let Some(letter) = after.chars().next() else { return (Escape::None, 1) };
    let simple = match letter {
        '\n' => "",
        '\\' => "\\",
        '\'' => "'",
        '"' => "\"",
        'a' => "\u{7}",
        'b' => "\u{8}",
        'f' => "\u{c}",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\u{b}",
        'x' => return hexadecimal(after, 2),
        'u' => return hexadecimal(after, 4),
        'U' => return hexadecimal(after, 8),
        'N' => return named(after),
        '0'..='7' => {
            let digits = after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let (number, length) = digits
                .fold((0, 1), |(number, length), byte| (number * 8 + u32::from(byte - b'0'), length + 1));
            return (char::from_u32(number).map_or(Escape::Unknown, Escape::Character), length);
        }
        _ => return (Escape::None, 1 + letter.len_utf8()),
    };
    (Escape::Text(simple), 1 + letter.len_utf8())
}

fn hexadecimal(after: &str, count: usize) -> (Escape, usize) {
    let digits = after.get(1..=count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let Some(number) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
        return (Escape::Unknown, 2);
    };
    let escape = match char::from_u32(number) {
        Some(character) => Escape::Character(character),
        None if (0xd800..0xe000).contains(&number) => Escape::Surrogate,
        None => Escape::Unknown,
    };
    (escape, count + 2)
}

/// Names are looked up loosely by the crate, and in one spelling but for the case of letters by Python.
fn named(after: &str) -> (Escape, usize) {
    let Some(rest) = after.strip_prefix("N{") else { return (Escape::Unknown, 2) };
    let Some(end) = rest.find('}') else { return (Escape::Unknown, 2) };
    let length = end + "\\N{}".len();
    let name = rest[..end].to_ascii_uppercase();
    let Some(character) = unicode_names2::character(&name) else { return (Escape::Unknown, length) };
    match unicode_names2::name(character) {
        Some(known) if known.to_string() == name => (Escape::Character(character), length),
        _ => (Escape::Alias(character), length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_evaluated_as_python_does() {
        let table = [
            (r"\x41\u00e9\U0001F600\101\0", "A\u{e9}\u{1f600}A\0", true, 0),
            (r"\777\400\08\8", "\u{1ff}\u{100}\08\\8", true, 0),
            ("a\\\nb\\\r\nc\\\rd", "abcd", true, 0),
            ("a\r\nb\rc\n\rd", "a\nb\nc\n\nd", true, 0),
            (r"\d\é\(", "\\d\\é\\(", true, 0),
            (
                r"\N{SNOWMAN}\N{snowman}\N{HANGUL SYLLABLE GAG}\N{CJK UNIFIED IDEOGRAPH-4E00}",
                "☃☃각一",
                true,
                0,
            ),
            (r"\N{NBSP}\N{LINE FEED}", "\u{a0}\n", true, 2),
            (r"\N{snow-man}\N{no such name}", "☃\\N{no such name}", false, 2),
            (r"\ud83d\ude00", r"\ud83d\ude00", false, 0),
            (r"\U00110000\x4\u12\N\N{}", r"\U00110000\x4\u12\N\N{}", false, 5),
        ];
        for (content, value, exact, doubtful) in table {
            let read = evaluate(content, false);
            assert_eq!((read.value.as_str(), read.exact), (value, exact), "{content}");
            assert_eq!(read.doubtful.len(), doubtful, "{content}: {:?}", read.doubtful);
        }
        assert_eq!(evaluate("a\\\r\n\\x4", true).value, "a\\\n\\x4");
    }
}
