//! Sentences that name a parameter or an exception as something of the past; they stay true when it is gone.
//!
//! DG101 and DG104 ask here before they say that a mention is stale.

use std::sync::LazyLock;

use regex::Regex;

/// The directives of Sphinx that tell what changed, and when.
const DIRECTIVES: &[&str] =
    &[".. versionadded", ".. versionchanged", ".. versionremoved", ".. deprecated", ".. deprecated-removed"];

/// How a sentence goes on behind a name that is gone. "Is removed" may be what the code does with a value.
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) ^ [`*'\x22)\s]* (?: \( [^)]* \) \s* )?
        (?: (?: parameters? | arguments? | keywords? | options? | flags? | exceptions? ) \s+ )*
        (?: (?: (?: has | have ) \s+ been | was | were | got ) \s+ (?: \w+ly \s+ )?
            (?: renamed | removed | replaced | dropped | superseded | deleted | merged | moved )
          | (?: is | are ) \s+ (?: gone | now \s+ (?: called | named ) | renamed | no \s+ longer | not \s+ \w+ \s+ any\s?more )
          | (?: was | were ) \s+ (?: once \s+ )? (?: raised | called | named | used | accepted ) \b .* \b (?: before | until | formerly | prior )
          | (?: renamed | removed ) \s+ (?: to | in )
          | no \s+ longer | used \s+ to | (?: has | had ) \s+ no \s+ effect \s+ any )",
    )
    .ok()
});

/// How a sentence leads to a name that is gone.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (?: \b (?: formerly | previously | originally | once | renamed \s+ from | used \s+ to \s+ (?: be | raise ) | was | were
            | removed | dropped | no \s+ longer (?: \s+ \w+ )? | successor \s+ (?: of | to ) | supersedes
            | (?: the | an ) \s+ (?: old | former | previous | removed | deprecated ) )
        (?: \s+ (?: called | named | known \s+ as | raised | parameters? | arguments? | keywords? | options? | the | an? ) )*
        ) [:\s`*'\x22(]* $",
    )
    .ok()
});

/// Returns whether what stands from `start` to `end` of a docstring is spoken of as something of the past.
pub(super) fn is_history(text: &str, (start, end): (usize, usize)) -> bool {
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { return false };
    if is_in_directive(before) {
        return true;
    }
    let sentence_start =
        before.rfind("\n\n").into_iter().chain(before.rfind(". ")).chain(before.rfind(".\n"));
    let before = before.get(sentence_start.max().unwrap_or(0)..).unwrap_or(before).trim_start_matches('.');
    let ends = after.find("\n\n").into_iter().chain(after.find(". ")).chain(after.find(".\n"));
    let after = after.get(..ends.min().unwrap_or(after.len())).unwrap_or(after);
    AFTER.as_ref().is_some_and(|pattern| pattern.is_match(after))
        || BEFORE.as_ref().is_some_and(|pattern| pattern.is_match(before))
}

/// Returns whether the end of a text stands in a directive that tells what changed: on its line, or indented below.
fn is_in_directive(before: &str) -> bool {
    let mut indent = usize::MAX;
    for line in before.rsplit('\n') {
        let content = line.trim_start();
        let width = line.len() - content.len();
        // The line of the mention may be empty so far but for what stands before it.
        if content.is_empty() && indent != usize::MAX {
            continue;
        }
        if width >= indent {
            continue;
        }
        if DIRECTIVES.iter().any(|directive| content.starts_with(directive)) {
            return true;
        }
        indent = width;
        if indent == 0 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> bool {
        let start = text.find("`b`").expect("a mention") + 1;
        is_history(text, (start, start + 1))
    }

    #[test]
    fn what_is_named_as_old_is_history() {
        for text in [
            "A.\n\n    .. versionadded:: 1.6\n        `b` is what `a` was.\n",
            "A.\n\n    .. versionchanged:: 1.6 Was `b`.\n",
            "A.\n\n    .. deprecated:: 1.6\n\n        Text.\n\n        * `b` is going.\n",
            "A. The parameter `b` was renamed to `a`.",
            "A. ``b`` has been replaced by `a`.".replace("``", "`").as_str(),
            "Formerly `b`.",
            "A (previously called `b`).",
            "A, renamed from `b`.",
            "A. The option `b` no\n    longer has an effect.",
            "A. The old `b` parameter.",
            "A. `b` was removed in version 2.",
        ] {
            assert!(judge(text), "{text}");
        }
    }

    #[test]
    fn what_the_code_does_with_a_parameter_is_no_history() {
        for text in [
            "Waits `b` seconds.",
            "Missing values are replaced by `b`.",
            "`b` is removed from the end.",
            "`b` is replaced in the text.",
            "Removed lines are counted. Waits `b` seconds.",
            "What was renamed before is skipped; `b` is how long to wait.",
            "`b` seconds. The name was removed.",
            "`b` is deprecated.",
            "A.\n\n    .. versionadded:: 1.6\n        New.\n\n    Waits `b` seconds.",
            "A.\n\n    .. note::\n        `b` is the wait.",
            ".. versionadded:: 1\n\n`b` is the wait.",
        ] {
            assert!(!judge(text), "{text}");
        }
    }
}
