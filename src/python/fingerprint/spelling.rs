//! The values of literals, so that two spellings of the same one are the same.

use std::borrow::Cow;

use tree_sitter::Node;

use crate::python::grammar::{Syntax, syntax};
use crate::python::literal::Parts;
use crate::python::literal::escapes;

/// What a number is, in every spelling: `0XFF`, `255`; `1_000.0`, `1e3`.
pub(super) enum Number {
    Integer(u128),
    Float(f64),
    Imaginary(f64),
    /// One that is too large, or of Python 2.
    AsWritten(String),
}

impl Number {
    pub(super) fn of(source: &str) -> Self {
        // Nearly all numbers are written like this.
        let is_plain =
            source.bytes().all(|byte| byte.is_ascii_digit()) && (source == "0" || !source.starts_with('0'));
        if is_plain && let Ok(number) = source.parse() {
            return Self::Integer(number);
        }
        let source = source.replace('_', "").to_ascii_lowercase();
        let digits = source.trim_end_matches('j');
        let is_imaginary = digits.len() < source.len();
        let radix = match digits.get(..2) {
            Some("0x") => 16,
            Some("0o") => 8,
            Some("0b") => 2,
            _ => 10,
        };
        let integer = if radix == 10 { digits } else { &digits[2..] };
        // In Python 2, a leading zero makes an octal number.
        let is_octal = radix == 10
            && integer.len() > 1
            && integer.starts_with('0')
            && integer.bytes().all(|byte| byte.is_ascii_digit());
        let known = if is_octal { None } else { u128::from_str_radix(integer, radix).ok() };
        match (known, digits.parse::<f64>()) {
            (Some(number), _) if !is_imaginary => Self::Integer(number),
            (_, Ok(number)) if is_imaginary && !is_octal => Self::Imaginary(number),
            (_, Ok(number)) if !is_octal && digits.contains(['.', 'e']) => Self::Float(number),
            _ => Self::AsWritten(source),
        }
    }
}

/// Returns the value of the text between the interpolations of a formatted string.
pub(super) fn formatted_value(content: &str, is_raw: bool) -> String {
    let content = with_line_feeds(content).replace("{{", "{").replace("}}", "}");
    if is_raw || !content.contains('\\') {
        return content;
    }
    escapes::evaluate(&content, false).value
}

/// Every line ends with a line feed in a string's value, whatever the file has.
fn with_line_feeds(content: &str) -> Cow<'_, str> {
    if content.contains('\r') {
        Cow::Owned(content.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(content)
    }
}

/// Returns the value of a string without interpolations, with a tag that tells bytes from text.
pub(super) fn plain_value<'a>(parts: &Parts<'a>) -> Option<(u8, Cow<'a, str>)> {
    let mut tag = b's';
    let mut is_raw = false;
    for letter in parts.prefix.chars() {
        match letter.to_ascii_lowercase() {
            'b' => tag = b'b',
            'r' => is_raw = true,
            'u' => {}
            _ => return None,
        }
    }
    let content = with_line_feeds(parts.content);
    if is_raw || !content.contains('\\') {
        return Some((tag, content));
    }
    if tag == b'b' {
        return Some((tag, Cow::Owned(escapes::evaluate_bytes(&content))));
    }
    let evaluated = escapes::evaluate(&content, false);
    // What has no exact value here is not mistaken for a text that spells it out.
    Some((if evaluated.exact { tag } else { b'S' }, Cow::Owned(evaluated.value)))
}

/// Returns the value of a concatenation of which no part has interpolations.
pub(super) fn plain_concatenation(node: Node<'_>, text: &str) -> Option<(u8, String)> {
    let mut whole = String::new();
    let mut tag = b's';
    let mut cursor = node.walk();
    for part in node.named_children(&mut cursor).filter(|part| syntax(*part) == Syntax::String) {
        let parts = Parts::of(text.get(part.byte_range())?)?;
        let (own, value) = plain_value(&parts)?;
        if own != b's' {
            tag = own;
        }
        whole.push_str(&value);
    }
    Some((tag, whole))
}
