//! Which lines of a new text a pull request shows, computed from the two texts.

use git2::{DiffOptions, Patch};

use crate::change::Hunk;

/// How many unchanged lines GitHub shows around a change.
const CONTEXT_LINES: u32 = 3;

/// Returns the line ranges of `new` that a pull request against `base` shows.
///
/// Each hunk holds its changed lines and up to three lines of context on both sides, as GitHub draws it.
/// Hunks of which nothing is left on the new side are dropped. Equal, binary and unreadable texts have none:
/// then no review comment can be anchored.
#[must_use]
pub fn hunks(base: &[u8], new: &[u8]) -> Vec<Hunk> {
    let mut options = DiffOptions::new();
    options.context_lines(CONTEXT_LINES).interhunk_lines(0).indent_heuristic(true);
    let Ok(patch) = Patch::from_buffers(base, None, new, None, Some(&mut options)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for number in 0..patch.num_hunks() {
        let Ok((hunk, _)) = patch.hunk(number) else { continue };
        if hunk.new_lines() == 0 {
            continue;
        }
        let first_line = hunk.new_start() as usize;
        found.push(Hunk { first_line, last_line: first_line + hunk.new_lines() as usize - 1 });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(count: usize) -> String {
        (1..=count).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn a_hunk_has_three_lines_of_context_on_both_sides() {
        let base = numbered(30);
        let table: Vec<(String, Vec<(usize, usize)>)> = vec![
            (base.clone(), vec![]),
            (base.replace("line 10\n", "changed\n"), vec![(7, 13)]),
            (base.replace("line 1\n", "changed\n"), vec![(1, 4)]),
            (base.replace("line 30\n", "changed"), vec![(27, 30)]),
            (base.replace("line 10\n", ""), vec![(7, 12)]),
            (base.replace("line 10\n", "x\n").replace("line 17\n", "y\n"), vec![(7, 20)]),
            (base.replace("line 10\n", "x\n").replace("line 18\n", "y\n"), vec![(7, 13), (15, 21)]),
            (String::new(), vec![]),
        ];
        for (new, expected) in table {
            let lines: Vec<_> = hunks(base.as_bytes(), new.as_bytes())
                .into_iter()
                .map(|hunk| (hunk.first_line, hunk.last_line))
                .collect();
            assert_eq!(lines, expected, "{new}");
        }
    }

    #[test]
    fn an_added_file_is_one_hunk() {
        assert_eq!(hunks(b"", b"a\nb\nc"), [Hunk { first_line: 1, last_line: 3 }]);
    }

    #[test]
    fn binary_texts_have_no_hunk() {
        assert!(hunks(b"a\0b", b"a\0c").is_empty());
    }
}
