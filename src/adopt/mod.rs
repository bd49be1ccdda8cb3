//! What other tools were told about docstrings, said in docgate's words.
//!
//! Texts of configuration files go in, a [`Proposal`] comes out: docgate's settings, each with the place it comes from, and
//! what has no equivalent, with the reason. Each tool has a file with a table of its options. It reads and writes nothing:
//! `commands/` hands the files over and puts the result where it belongs. Beside the table of the rules it knows what
//! `config/` takes for a glob.

mod darglint;
mod draft;
mod flake8;
mod gather;
mod given;
mod globs;
mod ini;
mod interrogate;
mod numpydoc;
mod proposal;
mod pydoclint;
mod pydocstyle;
mod ruff;
mod selection;
#[cfg(test)]
mod tests;
mod tool;
mod written;

pub use draft::Left;
pub use gather::Broken;
pub use given::Literal;
pub use proposal::{Line, Proposal};
pub use tool::{Take, Tool, ToolOption};
pub use written::{NotAdded, with_table};

/// Reads what the tools were told, and says it in docgate's words.
///
/// `read` gives the bytes of a file by its path from the folder that is looked at; `only` leaves out all tools but one.
///
/// # Errors
///
/// [`Broken`] where a file that belongs to one of the tools cannot be read as TOML or INI.
pub fn propose(read: &dyn Fn(&str) -> Option<Vec<u8>>, only: Option<Tool>) -> Result<Proposal, Broken> {
    let files = gather::Files::new(read);
    let mut drafts = Vec::new();
    for tool in Tool::ALL {
        if only.is_none_or(|only| only == *tool) {
            drafts.extend(tool.read(&files)?.map(|draft| (*tool, draft)));
        }
    }
    Ok(Proposal::merged(drafts))
}

/// Returns whether one of the tools reads its settings from a file of this name.
#[must_use]
pub fn is_read(name: &str) -> bool {
    const FILES: &[&str] = &[
        "pyproject.toml",
        "setup.cfg",
        "tox.ini",
        "ruff.toml",
        ".ruff.toml",
        ".flake8",
        ".darglint",
        ".pydocstyle",
        ".pydocstyle.ini",
        ".pydocstylerc",
        ".pydocstylerc.ini",
        ".pep257",
    ];
    FILES.contains(&name)
}
