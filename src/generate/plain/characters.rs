//! Characters that no text needs.

use crate::untrusted::is_hidden;

/// Returns whether a character is hidden, means nothing, or means what only somebody's own font knows.
///
/// Line ends are the only hidden characters that a text needs. U+FFFD stands where a character was lost.
pub(in super::super) fn is_unsafe(character: char) -> bool {
    character != '\n' && is_hidden(character)
        || character == '\u{fffd}'
        || matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{f0000}'..)
        || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_read_is_unsafe() {
        for character in "\u{0}\t\r\u{1b}\u{200b}\u{202e}\u{e000}\u{f8ff}\u{fdd0}\u{fffd}\u{fffe}\u{ffff}\u{1fffe}\u{e0041}\u{f0000}\u{10ffff}".chars() {
            assert!(is_unsafe(character), "{character:?}");
        }
        for character in "a \né漢🙂\u{fe0f}\u{301}…–\u{a0}\u{fffc}\u{1fffd}".chars() {
            assert!(!is_unsafe(character), "{character:?}");
        }
    }
}
