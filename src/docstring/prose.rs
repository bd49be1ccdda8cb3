//! Prose and what must not be treated as prose: the paragraphs of a text, and how to wrap them.
//!
//! Knows no style. Lists, tables, doctests, directives and code, fenced or indented, are kept line by line;
//! everything else may be joined and wrapped.

use super::notation::on_one_line;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// The lines of a paragraph, which may be wrapped anew.
    Prose(Vec<String>),
    /// Lines that stay as they are.
    Verbatim(Vec<String>),
    /// An empty line.
    Gap,
}

/// Cuts a text, free of indentation, into blocks.
pub(super) fn blocks(value: &str) -> Vec<Block> {
    let lines: Vec<&str> = value.trim_end().lines().map(str::trim_end).collect();
    let mut blocks = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index).copied() {
        if line.is_empty() {
            if !blocks.is_empty() && blocks.last() != Some(&Block::Gap) {
                blocks.push(Block::Gap);
            }
            index += 1;
            continue;
        }
        let mut prose = Vec::new();
        while let Some(line) = lines.get(index).copied().filter(|line| !line.is_empty()) {
            let opens_block = prose.last().is_none_or(|before: &&str| before.ends_with(':'));
            if is_marked(line) || (opens_block && line.starts_with([' ', '\t'])) {
                break;
            }
            prose.push(line.trim());
            index += 1;
        }
        if !prose.is_empty() {
            blocks.push(Block::Prose(prose.into_iter().map(str::to_owned).collect()));
        }
        let end = verbatim_end(&lines, index);
        if end > index {
            let kept = lines.iter().take(end).skip(index).map(|line| (*line).to_owned()).collect();
            blocks.push(Block::Verbatim(kept));
            index = end;
        }
    }
    blocks
}

/// Returns the text with each paragraph of prose on one line.
pub(super) fn unwrapped(value: &str) -> String {
    let mut lines = Vec::new();
    for block in blocks(value) {
        match block {
            Block::Prose(prose) => lines.push(on_one_line(&prose.join(" "))),
            Block::Verbatim(kept) => lines.extend(kept),
            Block::Gap => lines.push(String::new()),
        }
    }
    lines.join("\n")
}

/// Cuts a text into paragraphs; a fenced block is one, whatever blank lines it holds.
pub(super) fn paragraphs(value: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for block in blocks(value) {
        let text = match block {
            Block::Gap => {
                open = false;
                continue;
            }
            Block::Prose(prose) => on_one_line(&prose.join(" ")),
            Block::Verbatim(kept) => kept.join("\n"),
        };
        match paragraphs.last_mut() {
            Some(last) if open => {
                last.push('\n');
                last.push_str(&text);
            }
            _ => paragraphs.push(text),
        }
        open = true;
    }
    paragraphs
}

/// Wraps prose greedily by characters: `first` are left on the first line, `others` on the later ones.
///
/// A word that would mean something else at the beginning of a line (a list marker, a prompt, a section title)
/// stays on the line of the word before it.
pub(super) fn wrap(prose: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut width = 0;
    for token in tokens(prose) {
        let length = token.chars().count();
        let budget = if lines.is_empty() { first } else { others };
        if !line.is_empty() && width + 1 + length > budget {
            lines.push(std::mem::take(&mut line));
            width = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            width += 1;
        }
        line.push_str(&token);
        width += length;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns the text without the indentation that all of its lines share.
pub(super) fn dedented(value: &str) -> String {
    let common = value
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = value.lines().map(|line| line.get(common..).unwrap_or("").trim_end()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Returns the fence a line opens: its character, if it holds no second fence.
pub(super) fn opened_fence(line: &str) -> Option<char> {
    let line = line.trim_start();
    ['`', '~'].into_iter().find(|mark| {
        let rest = line.trim_start_matches(*mark);
        line.len() - rest.len() >= 3 && !rest.contains(*mark)
    })
}

/// Returns whether a line closes a fence of `mark`.
pub(super) fn closes_fence(line: &str, mark: char) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|character| character == mark)
}

/// Returns whether a line begins something that is not prose, by what stands at its beginning.
pub(super) fn is_marked(line: &str) -> bool {
    let line = line.trim_start();
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or("");
    if matches!(first, "-" | "*" | "+" | "•" | "..." | "..") || opened_fence(line).is_some() {
        return true;
    }
    if line.starts_with(">>>") || line.starts_with(['|', '@']) {
        return true;
    }
    let field = first.strip_prefix(':').is_some_and(|name| {
        name.starts_with(|character: char| character.is_ascii_lowercase()) && !name.contains('`')
    });
    let number = first.trim_end_matches(['.', ')']);
    let numbered = number.len() + 1 == first.len()
        && number.len() <= 3
        && (number.chars().all(|character| character.is_ascii_digit()) || number == "#")
        && !number.is_empty();
    let ruled = first.len() >= 3 && first.chars().all(|character| "-=~^\"'#+".contains(character));
    field || numbered || ruled
}

fn verbatim_end(lines: &[&str], start: usize) -> usize {
    let mut index = start;
    while let Some(line) = lines.get(index).filter(|line| !line.is_empty()) {
        index += 1;
        let Some(mark) = opened_fence(line) else { continue };
        let close = lines.iter().skip(index).position(|line| closes_fence(line, mark));
        if let Some(close) = close {
            index += close + 1;
        }
    }
    index
}

/// Cuts prose into the pieces between which a line may end.
fn tokens(prose: &str) -> Vec<String> {
    let words: Vec<&str> = prose.split_whitespace().collect();
    let mut tokens: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let marked = is_marked(&words.iter().skip(index).take(2).copied().collect::<Vec<_>>().join(" "));
        let mut token = (*word).to_owned();
        // `x:` and `x (int):` would read as entries.
        let mut glued = marked || word.ends_with(':');
        let mut opened = word.starts_with('(');
        while glued {
            let Some(before) = tokens.pop() else { break };
            glued = !marked && (is_capitalised(&before) || opened);
            opened = false;
            token = format!("{before} {token}");
        }
        tokens.push(token);
    }
    tokens
}

fn is_capitalised(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}
