//! What stands beside the code of a definition: independent pieces, each of which may be left out.

use serde::Serialize;

use super::identifier;

/// What a piece is, and with that when it goes: the first of these are the first to be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Lines that call the definition.
    Caller,
    /// A base of the class, or the method that is overridden.
    Base,
    /// The class of a method: its header and what its objects have.
    Class,
}

impl Rank {
    fn word(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Base => "base",
            Self::Class => "class",
        }
    }
}

/// A piece of code beside that of a definition, free of secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub rank: Rank,
    /// The lines.
    pub code: String,
    /// How many secrets were replaced in it.
    pub secrets: usize,
}

/// A piece as it is sent: once, whoever it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Shown<'a> {
    is: &'static str,
    /// The definitions that it belongs to.
    #[serde(rename = "for")]
    of: Vec<String>,
    code: &'a str,
    #[serde(skip)]
    pub(super) rank: Rank,
    #[serde(skip)]
    secrets: usize,
}

impl Shown<'_> {
    pub(super) fn secrets(&self) -> usize {
        self.secrets
    }
}

/// Puts together what the definitions of a group share; what is worth most comes first.
pub(super) fn shared<'a>(around: &[&'a [Block]]) -> Vec<Shown<'a>> {
    let mut shown: Vec<Shown<'a>> = Vec::new();
    for (index, blocks) in around.iter().enumerate() {
        for block in *blocks {
            let id = identifier(index);
            match shown.iter_mut().find(|known| known.rank == block.rank && known.code == block.code) {
                Some(known) if known.of.last() != Some(&id) => known.of.push(id),
                Some(_) => {}
                None => shown.push(Shown {
                    is: block.rank.word(),
                    of: vec![id],
                    code: &block.code,
                    rank: block.rank,
                    secrets: block.secrets,
                }),
            }
        }
    }
    shown.sort_by_key(|block| std::cmp::Reverse(block.rank));
    shown
}
