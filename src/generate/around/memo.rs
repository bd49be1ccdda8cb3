//! What was found out once, so that thousands of methods of one class do not search it thousands of times.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Weak};

use crate::python::{ParsedFile, Span};
use crate::secret::{REDACTED, redact};

use super::{Block, LARGEST_SEARCHED, LONGEST, Rank};

/// What is known of the files of a run.
pub(super) struct Memo<'a> {
    /// Lists the secrets of a text.
    search: &'a dyn Fn(&str) -> Vec<String>,
    /// By where they are: one path may stand for a file as it was read and for the same with repairs.
    files: HashMap<*const ParsedFile, Known>,
}

/// As what a definition is shown; a class in a class may be a base, and what a method of its name overrides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Class,
    Base,
    Overridden,
}

struct Known {
    /// Keeps the place from being given to another file once this one is gone.
    _place: Weak<ParsedFile>,
    secrets: HashMap<Span, Rc<[String]>>,
    /// The pieces that more than one definition may be shown, by the definitions that they show.
    blocks: HashMap<(usize, Piece), Option<Block>>,
}

impl<'a> Memo<'a> {
    pub(super) fn new(search: &'a dyn Fn(&str) -> Vec<String>) -> Self {
        Self { search, files: HashMap::new() }
    }

    /// Returns the piece that shows a definition, which is made when it is first asked for.
    pub(super) fn once(
        &mut self,
        file: &Arc<ParsedFile>,
        key: (usize, Piece),
        make: impl FnOnce(&mut Self) -> Option<Block>,
    ) -> Option<Block> {
        if let Some(block) = self.known(file).blocks.get(&key) {
            return block.clone();
        }
        let block = make(self);
        self.known(file).blocks.insert(key, block.clone());
        block
    }

    /// Makes a piece of code without the secrets of what it was taken from; nothing when it is too long.
    pub(super) fn block(
        &mut self,
        rank: Rank,
        code: &str,
        (file, taken_from): (&Arc<ParsedFile>, Span),
    ) -> Option<Block> {
        if code.len() > LONGEST || taken_from.len() > LARGEST_SEARCHED {
            return None;
        }
        let (mut clean, mut secrets) = redact(code);
        // A name may stand in the code before, and only the value in the piece.
        for secret in &*self.secrets(file, taken_from) {
            if clean.contains(secret) {
                secrets += 1;
                clean = clean.replace(secret, REDACTED);
            }
        }
        Some(Block { rank, code: clean, secrets })
    }

    fn secrets(&mut self, file: &Arc<ParsedFile>, span: Span) -> Rc<[String]> {
        let search = self.search;
        let secrets = self.known(file).secrets.entry(span);
        Rc::clone(secrets.or_insert_with(|| search(span.of(&file.text)).into()))
    }

    fn known(&mut self, file: &Arc<ParsedFile>) -> &mut Known {
        self.files.entry(Arc::as_ptr(file)).or_insert_with(|| Known {
            _place: Arc::downgrade(file),
            secrets: HashMap::new(),
            blocks: HashMap::new(),
        })
    }
}
