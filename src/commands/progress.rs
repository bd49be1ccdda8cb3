//! How far a long piece of work has come: a bar on a terminal, now and then a line in continuous integration.
//!
//! It goes to stderr and only appears when something takes a while, so that a hook of some milliseconds prints
//! nothing. Where nobody watches (a pipe, an editor, `--quiet`) there is none.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::telemetry::draws_progress;
use crate::{clock, env};

use super::output;

/// How long something takes before a bar is drawn.
const A_WHILE: Duration = Duration::from_secs(1);
/// How often a log of continuous integration gets a line.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// How often the bar is drawn in a second.
const DRAWN_PER_SECOND: u8 = 8;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Nothing,
    Lines,
    Bar,
}

/// Decided once for the run; what is not asked for is not shown.
static MANNER: OnceLock<Manner> = OnceLock::new();

/// Looks at stderr and the environment.
pub(super) fn prepare(quiet: bool) {
    let _ = MANNER.set(manner(quiet, io::stderr().is_terminal(), &env::read));
}

fn manner(quiet: bool, is_terminal: bool, read: &dyn Fn(&str) -> Option<String>) -> Manner {
    let is_ci = read(env::CI).is_some_and(|value| !matches!(value.as_str(), "false" | "0"));
    let is_dumb = read(env::TERM).is_some_and(|kind| kind == "dumb");
    if quiet {
        Manner::Nothing
    } else if is_ci {
        Manner::Lines
    } else if is_terminal && !is_dumb {
        Manner::Bar
    } else {
        Manner::Nothing
    }
}

/// A piece of work that is counted.
pub(super) struct Progress {
    what: &'static str,
    all: usize,
    began: Instant,
    done: AtomicU64,
    shown: Shown,
}

enum Shown {
    Nothing,
    /// When the last line was printed.
    Lines(Mutex<Instant>),
    Bar {
        bar: ProgressBar,
        is_drawn: OnceLock<()>,
    },
}

impl Progress {
    /// Begins to count: `what` says what is done, as in `looking at files`.
    pub(super) fn of(what: &'static str, all: usize) -> Self {
        let began = clock::monotonic();
        let shown = match MANNER.get() {
            None | Some(Manner::Nothing) => Shown::Nothing,
            Some(Manner::Lines) => Shown::Lines(Mutex::new(began)),
            Some(Manner::Bar) => {
                let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::hidden());
                let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {elapsed}");
                // Plain signs: not every terminal has a font with blocks.
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
                bar.set_message(what);
                Shown::Bar { bar, is_drawn: OnceLock::new() }
            }
        };
        Self { what, all, began, done: AtomicU64::new(0), shown }
    }

    /// The same for something that is known to take long: the bar is there at once and shows that time goes by.
    pub(super) fn of_waiting(what: &'static str, all: usize) -> Self {
        let progress = Self::of(what, all);
        if let Shown::Bar { bar, is_drawn } = &progress.shown {
            is_drawn.get_or_init(|| draw(bar));
            bar.enable_steady_tick(A_WHILE);
        }
        progress
    }

    /// Counts what is done.
    pub(super) fn advance(&self, count: u64) {
        let done = self.done.fetch_add(count, Ordering::Relaxed) + count;
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= BETWEEN_LINES {
                    *last = clock::monotonic();
                    output::tell(&format!("docgate: {}: {done} of {}", self.what, self.all));
                }
            }
            Shown::Bar { bar, is_drawn } => {
                if self.began.elapsed() >= A_WHILE {
                    is_drawn.get_or_init(|| draw(bar));
                }
                bar.set_position(done);
            }
        }
    }
}

fn draw(bar: &ProgressBar) {
    draws_progress(true);
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWN_PER_SECOND));
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Bar { bar, .. } = &self.shown {
            bar.finish_and_clear();
            draws_progress(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_watches_decides_what_is_shown() {
        type Variables = &'static [(&'static str, &'static str)];
        let table: [(bool, bool, Variables, Manner); 8] = [
            (false, true, &[], Manner::Bar),
            (true, true, &[], Manner::Nothing),
            (false, false, &[], Manner::Nothing),
            (false, true, &[("TERM", "dumb")], Manner::Nothing),
            (false, false, &[("CI", "true")], Manner::Lines),
            (false, true, &[("CI", "1")], Manner::Lines),
            (false, true, &[("CI", "false")], Manner::Bar),
            (true, false, &[("CI", "true")], Manner::Nothing),
        ];
        for (quiet, is_terminal, variables, expected) in table {
            let read = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, it)| (*it).to_owned())
            };
            assert_eq!(manner(quiet, is_terminal, &read), expected, "{quiet} {is_terminal} {variables:?}");
        }
    }
}
