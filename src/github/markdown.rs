//! [pure] Text of strangers as Markdown that does only what docgate means.
//!
//! Names, messages and docstrings come from the pull request. They must not close a fence, open an HTML comment,
//! mention people, link to other issues or hide something from the reader. It does not make sentences: `comment`
//! does.

use crate::untrusted::is_hidden;

/// Makes one line of prose; spans between backticks stay code, everything else is escaped.
///
/// `limit` is in characters of the text before it is escaped; what is cut off is marked by `…`.
pub(super) fn prose(text: &str, limit: usize) -> String {
    let line = one_line(text, limit);
    let mut out = String::with_capacity(line.len() + 16);
    let mut rest = line.as_str();
    while let Some(character) = rest.chars().next() {
        if let Some((code, after)) = leading_code(rest).or_else(|| leading_reference(rest)) {
            push_code(&mut out, code);
            rest = after;
        } else {
            push_escaped(&mut out, character);
            rest = &rest[character.len_utf8()..];
        }
    }
    out
}

/// Makes a code span of one line.
pub(super) fn code(text: &str, limit: usize) -> String {
    let mut out = String::new();
    push_code(&mut out, &one_line(text, limit));
    out
}

/// Makes a fenced block that its text cannot close, with an ending line break.
pub(super) fn fenced(info: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let mut out = format!("{fence}{info}\n");
    for line in &lines {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
    out
}

fn visible(line: &str) -> String {
    line.chars().filter(|character| *character == '\t' || !is_hidden(*character)).collect()
}

fn one_line(text: &str, limit: usize) -> String {
    let words: Vec<String> = text.split_whitespace().map(visible).collect();
    let mut line = words.join(" ").trim().to_owned();
    if let Some((end, _)) = line.char_indices().nth(limit) {
        line.truncate(end);
        line.truncate(line.trim_end().len());
        line.push('…');
    }
    line
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut current) = (0, 0);
    for character in text.chars() {
        current = if character == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    longest
}

/// Splits off a code span as `CommonMark` finds it: a run of backticks up to the next run of the same length.
fn leading_code(text: &str) -> Option<(&str, &str)> {
    let run = run_at(text, 0);
    if run == 0 {
        return None;
    }
    let mut at = run;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = run_at(text, start);
        if length == run {
            let code = text[run..start].trim();
            return (!code.is_empty()).then_some((code, &text[start + length..]));
        }
        at = start + length;
    }
    None
}

fn run_at(text: &str, start: usize) -> usize {
    text[start..].bytes().take_while(|byte| *byte == b'`').count()
}

/// Splits off what GitHub would turn into a mention or a link to an issue: `@name` and `#12`.
fn leading_reference(text: &str) -> Option<(&str, &str)> {
    let mut bytes = text.bytes();
    let is_reference = match (bytes.next(), bytes.next()) {
        (Some(b'@'), Some(next)) => next.is_ascii_alphanumeric(),
        (Some(b'#'), Some(next)) => next.is_ascii_digit(),
        _ => false,
    };
    if !is_reference {
        return None;
    }
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
    let end = 1 + text.bytes().skip(1).take_while(belongs).count();
    Some(text.split_at(end))
}

fn push_code(out: &mut String, code: &str) {
    // Two neighbouring runs of backticks would read as one longer run.
    if out.ends_with('`') {
        out.push(' ');
    }
    let fence = "`".repeat(longest_run(code) + 1);
    let pad = if code.is_empty() || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    for part in [fence.as_str(), pad, code, pad, fence.as_str()] {
        out.push_str(part);
    }
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' => {
            out.push('\\');
            out.push(character);
        }
        _ => out.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prose_keeps_code_and_disarms_the_rest() {
        let table = [
            ("`timeout` defaults to `30`, not 10", "`timeout` defaults to `30`, not 10"),
            ("ask @octocat and @org/team", "ask `@octocat` and `@org/team`"),
            ("mail ada@example.org", "mail ada`@example`.org"),
            ("an operator a @ b", "an operator a @ b"),
            ("see #12 and # 3", "see `#12` and # 3"),
            ("<!-- x --> <img src=x>", "&lt;!-- x --&gt; &lt;img src=x&gt;"),
            ("![x](http://y) *a* snake_case", "!\\[x\\](http://y) \\*a\\* snake\\_case"),
            ("``rst`` literal", "`rst` literal"),
            ("one ` tick", "one \\` tick"),
            ("`a``b`", "```a``b```"),
            ("&#64;octocat", "&amp;`#64`;octocat"),
            ("two\nlines\r\n  and\ttabs", "two lines and tabs"),
            ("a\u{202e}b\u{0}c\u{200b}d\u{1b}[31m", "abcd\\[31m"),
        ];
        for (text, expected) in table {
            assert_eq!(prose(text, 100), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_visibly() {
        assert_eq!(prose("abcdef", 6), "abcdef");
        assert_eq!(prose("abcdef", 3), "abc…");
        assert_eq!(code("abc def", 4), "`abc…`");
    }

    #[test]
    fn a_code_span_holds_any_name() {
        assert_eq!(code("Client.fetch", 100), "`Client.fetch`");
        assert_eq!(code("a`b", 100), "``a`b``");
        assert_eq!(code("`", 100), "`` ` ``");
        assert_eq!(code("", 100), "`  `");
    }

    #[test]
    fn a_fence_is_longer_than_any_run_inside() {
        let block = fenced("suggestion", &["a ```` b".to_owned(), "```".to_owned(), "c\u{202e}".to_owned()]);
        assert_eq!(block, "`````suggestion\na ```` b\n```\nc\n`````\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn outside_of_code_nothing_is_active(text in "[ -~`@#<&é]{0,60}") {
            let out = prose(&text, 1_000);
            let mut rest = out.as_str();
            let mut plain = String::new();
            // Walks the result as a Markdown reader does: escapes first, then code spans.
            while let Some(character) = rest.chars().next() {
                if character == '\\' {
                    plain.push('\\');
                    rest = &rest[2..];
                } else if character == '`' {
                    let (_, after) = leading_code(rest).expect("each unescaped run opens a code span");
                    // What stands on both sides of a code span does not stand side by side.
                    plain.push('\u{fffc}');
                    rest = after;
                } else {
                    plain.push(character);
                    rest = &rest[character.len_utf8()..];
                }
            }
            prop_assert!(!plain.contains(['<', '>', '*', '_', '[', ']']), "{}", plain);
            prop_assert!(leading_reference_anywhere(&plain).is_none(), "{}", plain);
        }

        #[test]
        fn a_fence_is_closed_by_its_own_last_line_only(lines in prop::collection::vec("[`~ab \t]{0,12}", 0..6)) {
            let block = fenced("diff", &lines);
            let all: Vec<&str> = block.lines().collect();
            let fence = all[all.len() - 1];
            prop_assert!(all[1..all.len() - 1].iter().all(|line| !line.contains(fence)));
            prop_assert_eq!(all.len(), lines.len() + 2);
        }
    }

    fn leading_reference_anywhere(text: &str) -> Option<&str> {
        text.char_indices().find_map(|(at, _)| leading_reference(&text[at..])).map(|(found, _)| found)
    }
}
