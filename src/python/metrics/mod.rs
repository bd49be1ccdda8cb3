//! Metrics: how large, how branched and how dense a definition is, by published definitions.
//!
//! They are made on request only and are no part of parsing; nothing here judges a number. The tree is walked
//! once, without recursion. Where a published definition leaves a choice, it is the one of radon, the tool
//! whose numbers Python programmers know; `docs/evidence/metrics.md` compares the two over real code.

mod cognitive;
mod collector;
mod construct;
mod cyclomatic;
mod dependencies;
mod halstead;
mod lines;
mod maintainability;
mod names;
mod operand;
mod standard_library;
#[cfg(test)]
mod tests;

pub use dependencies::{Dependency, Origin};
pub use halstead::Halstead;
pub use lines::Lines;

use collector::{Collected, Collector};
use lines::LineCounts;
use maintainability::maintainability_index;

use super::parse::tree;
use super::walk::cursor::Cursor;

/// The metrics of one module, class, function or method.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metrics {
    /// Its lines, from its first decorator to its last statement; of a module, all lines.
    pub lines: Lines,
    /// Cyclomatic complexity (T. J. `McCabe`, 1976), with decisions as radon counts them: without nested functions,
    /// but of a class with its methods, and of a module with its functions and classes.
    pub cyclomatic: u32,
    /// Cognitive complexity (G. A. Campbell, 2018), with everything inside; a module's or class's is the sum.
    pub cognitive: u32,
    /// Halstead's counts, with everything inside.
    pub halstead: Halstead,
    /// How deep its statements are nested in `if`, `for`, `while`, `try`, `with` and `match`; the definitions
    /// inside have their own.
    pub nesting: u32,
    /// What it depends on, sorted and without repetition: of a module, the modules that are imported anywhere in
    /// it; of a definition, what it uses itself of what was imported.
    pub dependencies: Vec<Dependency>,
}

impl Metrics {
    /// Returns the maintainability index, from 0 to 100; a higher one is better.
    ///
    /// The formula with comments of Coleman, Ash, Lowther and Oman (1994), brought to 0 to 100 as Visual Studio
    /// and radon do, over Halstead's volume, cyclomatic complexity, logical lines and the share of comments
    /// and docstring lines. Radon grades 19 and less as B, 9 and less as C.
    #[must_use]
    pub fn maintainability(&self) -> f64 {
        maintainability_index(
            self.halstead.volume(),
            self.cyclomatic,
            self.lines.logical,
            self.lines.comment_percentage(),
        )
    }
}

/// Measures a Python file: one entry per definition, in the order of
/// [`ParsedFile::definitions`](super::ParsedFile::definitions), the module first.
///
/// The text is parsed for this, whether or not it was parsed before. `package` is the name of the top-level
/// package that the file belongs to, which tells internal imports from those of others. Around syntax errors
/// the numbers are those of what could be read.
#[must_use]
pub fn measure(text: &str, package: Option<&str>) -> Vec<Metrics> {
    let Some(tree) = tree(text) else { return Vec::new() };
    let mut collector = Collector::new(text);
    let mut cursor = Cursor::inside(&tree);
    while let Some(inside) = &mut cursor {
        let node = inside.node();
        if collector.enter(node, inside) && inside.descend(node.child_count()) {
            continue;
        }
        collector.leave(node);
        while !inside.advance() {
            if !inside.ascend() {
                cursor = None;
                break;
            }
            collector.leave(inside.node());
        }
    }
    let lines = LineCounts::new(text);
    let collected = collector.finish();
    collected.into_iter().enumerate().map(|(index, found)| found.measured(&lines, index, package)).collect()
}

impl Collected {
    fn measured(self, lines: &LineCounts, index: usize, package: Option<&str>) -> Metrics {
        let mut dependencies: Vec<Dependency> =
            self.imported.into_iter().map(|name| Dependency::new(name, package)).collect();
        dependencies.sort_unstable();
        Metrics {
            lines: if index == 0 { lines.all() } else { lines.between(self.lines.0, self.lines.1) },
            cyclomatic: self.cyclomatic,
            cognitive: self.cognitive,
            halstead: self.halstead,
            nesting: self.nesting,
            dependencies,
        }
    }
}
