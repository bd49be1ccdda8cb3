//! Bytes → text.
//!
//! Only UTF-8 is read, with or without a byte order mark; the text then has the same offsets as the bytes.
//! Anything else is refused with the reason, so that no byte is ever rewritten by mistake.

/// Why a file is not read as Python source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The file declares another encoding (PEP 263).
    #[error("declares the encoding {0}, and only UTF-8 is read")]
    Encoding(String),
    /// The file declares nothing and is not UTF-8.
    #[error("not valid UTF-8 at byte {0}")]
    NotUtf8(usize),
    /// The file holds NUL bytes.
    #[error("binary")]
    Binary,
}

/// Decodes a Python file.
///
/// # Errors
///
/// Returns the reason why the file cannot be read as text.
pub fn decode(bytes: &[u8]) -> Result<String, SourceError> {
    if memchr::memchr(0, bytes).is_some() {
        return Err(SourceError::Binary);
    }
    if let Some(encoding) = declared_encoding(bytes)
        && !is_utf8_name(&encoding)
        && !bytes.is_ascii()
    {
        return Err(SourceError::Encoding(encoding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(SourceError::NotUtf8(error.valid_up_to())),
    }
}

/// Finds the encoding that one of the first two lines declares, as PEP 263 reads it.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(512)];
    for line in head.split(|byte| *byte == b'\n').take(2) {
        let line = String::from_utf8_lossy(line);
        let comment = line.trim_start_matches([' ', '\t', '\u{c}', '\u{feff}']);
        if !comment.starts_with('#') {
            if comment.trim().is_empty() {
                continue;
            }
            return None;
        }
        let Some((_, rest)) = comment.split_once("coding") else { continue };
        let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
        let name: String = rest
            .trim_start_matches([' ', '\t'])
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || "-_.".contains(*character))
            .collect();
        if !name.is_empty() {
            return Some(name);
        }
    }
    None
}

fn is_utf8_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    name == "utf8" || name == "utf-8" || name.starts_with("utf-8-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf8_is_refused_with_the_reason() {
        let table: [(&[u8], Result<(), SourceError>); 8] = [
            (b"x = 1\n", Ok(())),
            ("\u{feff}x = 'é'\n".as_bytes(), Ok(())),
            (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", Err(SourceError::Encoding("latin-1".into()))),
            (b"# -*- coding: latin-1 -*-\nx = 1\n", Ok(())),
            (b"#!/usr/bin/python\n# vim: set fileencoding=UTF_8 :\nx = '\xc3\xa9'\n", Ok(())),
            (b"x = 1\n\n# coding: latin-1\ny = '\xc3\xa9'\n", Ok(())),
            (b"x = '\xe9'\n", Err(SourceError::NotUtf8(5))),
            (b"x = '\0'\n", Err(SourceError::Binary)),
        ];
        for (bytes, expected) in table {
            assert_eq!(decode(bytes).map(drop), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
