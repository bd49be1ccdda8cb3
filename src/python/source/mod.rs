//! Bytes → text → bytes.
//!
//! A file is read in the encoding that it declares (PEP 263), found as `CPython`'s tokenizer finds it. The text
//! names its encoding itself, in the same comment, so nothing but the text has to be kept: [`encode`] reads the
//! declaration again. What does not give back the very same bytes is refused with the reason, so that no byte
//! is ever rewritten by mistake. Spans of all later stages index the text; whoever writes a file encodes it.
//!
//! The tables of the encodings are in `codec`.

pub(super) mod codec;

use codec::{Codec, Reading};

/// Why a file is not read as Python source, or a text is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The file declares an encoding (PEP 263) of which docgate has no table.
    #[error("declares the encoding {0}, which is not read")]
    Encoding(String),
    /// The file declares an encoding of which only ASCII is read, and has more than that.
    #[error("declares the encoding {0}, of which only ASCII is read")]
    AsciiOnly(String),
    /// The file has a byte order mark and declares something else.
    #[error("has a UTF-8 byte order mark and declares the encoding {0}")]
    Contradiction(String),
    /// The file holds bytes, or the text characters, that its encoding does not have or not unmistakably.
    #[error("not valid in the encoding {0} that it declares")]
    Invalid(String),
    /// The file declares nothing, or UTF-8, and is not UTF-8.
    #[error("not valid UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// The file begins with the byte order mark of UTF-16 or UTF-32.
    #[error("UTF-16 or UTF-32, in which Python source cannot be")]
    Wide,
    /// The file holds NUL bytes.
    #[error("binary")]
    Binary,
}

/// Decodes a Python file.
///
/// A byte order mark stays in the text, as its first character.
///
/// # Errors
///
/// Returns the reason why the file cannot be read as text, or could not be written as it was.
pub fn decode(bytes: &[u8]) -> Result<String, SourceError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(SourceError::Wide);
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(SourceError::Binary);
    }
    let Some((codec, name)) = codec_of(bytes)? else {
        let text = std::str::from_utf8(bytes).map_err(|error| SourceError::NotUtf8(error.valid_up_to()))?;
        return Ok(text.to_owned());
    };
    if codec.reading == Reading::AsciiOnly && !bytes.is_ascii() {
        return Err(SourceError::AsciiOnly(name));
    }
    match codec.decode(bytes) {
        Some(text) if encode(&text).as_deref() == Ok(bytes) => Ok(text),
        _ => Err(SourceError::Invalid(name)),
    }
}

/// Encodes a text in the encoding that it declares itself.
///
/// # Errors
///
/// Returns the reason why these characters cannot be written, or would be read as others.
pub fn encode(text: &str) -> Result<Vec<u8>, SourceError> {
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(SourceError::Binary);
    }
    let Some((codec, name)) = codec_of(text.as_bytes())? else { return Ok(text.as_bytes().to_vec()) };
    match codec.encode(text) {
        Some(bytes) if declared(&bytes) == declared(text.as_bytes()) => Ok(bytes),
        _ if codec.reading == Reading::AsciiOnly => Err(SourceError::AsciiOnly(name)),
        _ => Err(SourceError::Invalid(name)),
    }
}

/// Returns whether two texts declare the same encoding.
#[must_use]
pub fn same_encoding(one: &str, other: &str) -> bool {
    let mark = |text: &str| text.starts_with('\u{feff}');
    mark(one) == mark(other) && declared(one.as_bytes()) == declared(other.as_bytes())
}

/// Finds the codec of a file and the name it declares it by; `None` for UTF-8.
fn codec_of(bytes: &[u8]) -> Result<Option<(&'static Codec, String)>, SourceError> {
    let marked = bytes.starts_with(MARK);
    let Some(name) = declared(bytes) else { return Ok(None) };
    let is_utf8 = names_utf8(&name);
    if marked {
        // With the mark, the tokenizer takes no other spelling of UTF-8.
        return if is_utf8 { Ok(None) } else { Err(SourceError::Contradiction(name)) };
    }
    if is_utf8 {
        return Ok(None);
    }
    match Codec::of(&name) {
        Some(codec) if codec.reading == Reading::Utf8 => Ok(None),
        Some(codec) => Ok(Some((codec, name))),
        None => Err(SourceError::Encoding(name)),
    }
}

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Finds the encoding that one of the first two lines declares: in a comment with nothing but blanks before it, and
/// in the second line only below one that is blank or a comment.
fn declared(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes.strip_prefix(MARK).unwrap_or(bytes);
    for _ in 0..2 {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | 0xc)).count();
        match line.get(blanks) {
            None => {}
            Some(b'#') => {
                if let Some(name) = named(&line[blanks..]) {
                    return Some(name);
                }
            }
            Some(_) => return None,
        }
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
    }
    None
}

/// Reads the first `coding:` or `coding=` with a name behind it.
fn named(comment: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
        let rest = comment[at + 6..].strip_prefix(b":").or_else(|| comment[at + 6..].strip_prefix(b"="))?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name: String = rest[blanks..]
            .iter()
            .map(|byte| char::from(*byte))
            .take_while(|character| character.is_ascii_alphanumeric() || "-_.".contains(*character))
            .collect();
        (!name.is_empty()).then_some(name)
    })
}

/// The tokenizer's own rule: the first twelve characters decide, so that Emacs' `utf-8-unix` is UTF-8.
fn names_utf8(name: &str) -> bool {
    let head: String = name.chars().take(12).collect::<String>().to_ascii_lowercase().replace('_', "-");
    head == "utf-8" || head.starts_with("utf-8-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(bytes: &[u8]) -> Option<SourceError> {
        decode(bytes).err()
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let table: [(&[u8], Option<SourceError>); 17] = [
            (b"x = 1\n", None),
            ("\u{feff}x = 'é'\n".as_bytes(), None),
            (b"#!/usr/bin/python\n# vim: set fileencoding=UTF_8 :\nx = '\xc3\xa9'\n", None),
            (b"# coding: utf8\nx = '\xc3\xa9'\n", None),
            (b"x = 1\n\n# coding: latin-1\ny = '\xc3\xa9'\n", None),
            (b"x = '\xe9'\n", Some(SourceError::NotUtf8(5))),
            (b"# coding: utf-8\nx = '\xe9'\n", Some(SourceError::NotUtf8(21))),
            (b"x = '\0'\n", Some(SourceError::Binary)),
            (b"\xff\xfex\0", Some(SourceError::Wide)),
            (b"# coding: rot13\nk = 1\n", Some(SourceError::Encoding("rot13".into()))),
            (b"# coding: utf-7\nx = 1\n", Some(SourceError::Encoding("utf-7".into()))),
            (b"# coding: cp437\nx = 1\n", None),
            (b"# coding: cp437\nx = '\x82'\n", Some(SourceError::AsciiOnly("cp437".into()))),
            (b"# coding: ascii\nx = '\xe9'\n", Some(SourceError::AsciiOnly("ascii".into()))),
            (b"# coding: cp1252\nx = '\x81'\n", Some(SourceError::Invalid("cp1252".into()))),
            (b"\xef\xbb\xbf# coding: latin-1\n", Some(SourceError::Contradiction("latin-1".into()))),
            (b"\xef\xbb\xbf# coding: utf8\n", Some(SourceError::Contradiction("utf8".into()))),
        ];
        for (bytes, expected) in table {
            assert_eq!(refused(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_declared_encoding_is_read_and_written_back() {
        let table: [(&[u8], &str); 11] = [
            (b"# -*- coding: latin-1 -*-\nx = '\xe9\x85'\n", "é\u{85}"),
            (b"# coding: ISO_8859-1-unix\nx = '\xe9'\n", "é"),
            (b"\n\x0c # coding: cp1252\nx = '\x80'\n", "€"),
            (b"#\r# coding=koi8-r\rx = '\xc1'\r", "а"),
            (b"# coding: euc-jp\nx = '\xc6\xfc'\n", "日"),
            (b"# coding: shift_jis\nx = '\x83\\'\n", "ソ"),
            (b"# coding: iso8859-15\nx = '\xa4'\n", "€"),
            (b"# coding: latin9\nx = '\xa4'\n", "€"),
            (b"# coding: mac-roman\nx = '\x8e'\n", "é"),
            (b"# coding: gb18030\nx = '\x81\x30\x81\x30'\n", "\u{80}"),
            (b"# coding: euc_kr\nx = '\xb0\xa1'\n", "가"),
        ];
        for (bytes, expected) in table {
            let text = decode(bytes).unwrap_or_else(|error| panic!("{bytes:?}: {error}"));
            assert!(text.contains(&format!("'{expected}'")), "{text:?}");
            assert_eq!(encode(&text).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn text_that_the_encoding_does_not_have_is_not_written() {
        let table = [
            ("# coding: latin-1\n'€'\n", false),
            ("# coding: latin-1\n'é'\n", true),
            ("# coding: ascii\n'é'\n", false),
            // Python's tables have another character there, or none.
            ("# coding: shift_jis\n'①'\n", false),
            ("# coding: cp932\n'①'\n", true),
            ("# coding: euc-jp\n'～'\n", false),
            ("# coding: koi8-u\n'ў'\n", false),
            ("# coding: euc_kr\n'갂'\n", false),
            ("# coding: cp949\n'갂'\n", true),
            ("'\0'\n", false),
        ];
        for (text, expected) in table {
            assert_eq!(encode(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_declaration_that_appears_only_in_the_bytes_is_refused() {
        // The second byte of ツ is the letter c.
        assert!(decode(b"# coding: latin-1\n# \x83coding: cp932\n'\xe9'\n").is_ok());
        assert!(refused(b"# \x83coding: shift_jis\n").is_some());
    }

    proptest! {
        #[test]
        fn what_is_decoded_encodes_to_the_same_bytes(
            name in "utf-8|latin-1|cp1252|koi8-r|euc-jp|shift_jis|cp932|gbk|gb2312|gb18030|euc-kr|cp949|ascii|x",
            tail in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut bytes = format!("# coding: {name}\n").into_bytes();
            bytes.extend(tail);
            if let Ok(text) = decode(&bytes) {
                prop_assert_eq!(encode(&text), Ok(bytes));
            }
        }
    }
}
