//! How many of the definitions that owe a docstring have one, with the reasons of those that owe none.
//!
//! Numerator and denominator are lists, so that a percentage can be traced to names. A percentage is rounded down: what
//! is shown as 80 % is not below 80.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::json::document;
use super::phrase;
use crate::change::{RepoPath, SkippedFile};
use crate::error::ExitStatus;
use crate::rules::{Exemption, Standing};
use crate::untrusted::sanitised;

/// What was counted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    /// Every definition of the files that were looked at.
    pub counted: Vec<Counted>,
    /// Which of them the percentage is about.
    pub scope: Scope,
    /// The same files before the change; `None` without a base.
    pub base: Option<Tally>,
    /// What is asked of the percentage.
    pub gate: Gate,
    /// Files that were asked for and not looked at.
    pub skipped: Vec<SkippedFile>,
}

/// Which definitions a percentage is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All.
    #[default]
    All,
    /// Those that a change touches.
    Touched,
}

/// What is asked of a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gate {
    /// The lowest that is good enough, in percent.
    pub fail_under: Option<u64>,
    /// Whether the files of a change may not have less than before.
    pub no_regression: bool,
}

/// One definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The file.
    pub path: RepoPath,
    /// The qualified name; empty for the module.
    pub definition: String,
    /// The line of the definition, from 1.
    pub line: usize,
    /// How it stands.
    pub standing: Standing,
    /// How it stood before the change.
    pub before: Option<Standing>,
    /// Whether the change touches it.
    pub touched: bool,
}

/// A numerator and its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many have a docstring.
    pub documented: usize,
    /// How many owe one.
    pub asked: usize,
}

impl Tally {
    /// Counts standings.
    #[must_use]
    pub fn of(standings: impl IntoIterator<Item = Standing>) -> Self {
        let mut tally = Self::default();
        for standing in standings {
            tally.documented += usize::from(standing == Standing::Documented);
            tally.asked += usize::from(!matches!(standing, Standing::Exempt(_)));
        }
        tally
    }

    /// Returns tenths of a percent, rounded down; all of them where nothing is asked.
    #[must_use]
    pub fn per_mille(self) -> usize {
        (1_000 * self.documented).checked_div(self.asked).unwrap_or(1_000)
    }

    /// Returns whether the share is lower than another one, exactly.
    fn is_below(self, documented: usize, asked: usize) -> bool {
        self.documented * asked < documented * self.asked
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{} %", self.per_mille() / 10, self.per_mille() % 10)
    }
}

impl Coverage {
    /// Returns the definitions that the percentage is about.
    pub fn scope(&self) -> impl Iterator<Item = &Counted> {
        self.counted.iter().filter(|counted| self.scope == Scope::All || counted.touched)
    }

    /// Returns the percentage as numerator and denominator.
    #[must_use]
    pub fn total(&self) -> Tally {
        Tally::of(self.scope().map(|counted| counted.standing))
    }

    /// Returns all definitions of the files of a change, touched or not.
    #[must_use]
    pub fn now(&self) -> Tally {
        Tally::of(self.counted.iter().map(|counted| counted.standing))
    }

    /// Returns the folders with their shares, in order.
    pub(super) fn packages(&self) -> BTreeMap<&str, Tally> {
        let mut packages: BTreeMap<&str, Vec<Standing>> = BTreeMap::new();
        for counted in self.scope() {
            let package = counted.path.as_str().rsplit_once('/').map_or(".", |(folder, _)| folder);
            packages.entry(package).or_default().push(counted.standing);
        }
        let tallies = packages.into_iter().map(|(package, standings)| (package, Tally::of(standings)));
        tallies.filter(|(_, tally)| tally.asked > 0).collect()
    }

    /// Returns how many owe none, by reason.
    pub(super) fn exempt(&self) -> BTreeMap<Exemption, usize> {
        let mut reasons = BTreeMap::new();
        for counted in self.scope() {
            if let Standing::Exempt(exemption) = counted.standing {
                *reasons.entry(exemption).or_default() += 1;
            }
        }
        reasons
    }

    /// Returns whether the percentage is too low.
    #[must_use]
    pub fn is_too_low(&self) -> bool {
        let limit = self.gate.fail_under.and_then(|limit| usize::try_from(limit).ok());
        let total = self.total();
        total.asked > 0 && limit.is_some_and(|limit| total.is_below(limit, 100))
    }

    /// Returns whether the change makes the share of its files lower, by a definition that is without a docstring and was
    /// not before: who deletes a documented function has done nothing wrong.
    #[must_use]
    pub fn has_regressed(&self) -> bool {
        let lower = self.base.is_some_and(|base| match base.asked {
            0 => self.now().is_below(1, 1),
            asked => self.now().is_below(base.documented, asked),
        });
        let is_new = |counted: &Counted| {
            counted.standing == Standing::Missing && counted.before != Some(Standing::Missing)
        };
        lower && self.counted.iter().any(is_new)
    }

    /// Returns the exit status.
    #[must_use]
    pub fn status(&self) -> ExitStatus {
        let fails = self.is_too_low() || self.gate.no_regression && self.has_regressed();
        if fails { ExitStatus::Findings } else { ExitStatus::Success }
    }
}

/// Writes the coverage as JSON, described in `docs/coverage.md`.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn coverage_json(coverage: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let packages = coverage.packages();
    let document_of = DocumentV1 {
        coverage: CoverageV1 {
            scope: coverage.scope,
            total: TallyV1::of(coverage.total()),
            fail_under: coverage.gate.fail_under,
            too_low: coverage.is_too_low(),
            changed_files: coverage.base.map(|base| ChangeV1 {
                now: TallyV1::of(coverage.now()),
                before: TallyV1::of(base),
                regressed: coverage.has_regressed(),
            }),
            packages: packages
                .iter()
                .map(|(package, tally)| PackageV1 { package, tally: TallyV1::of(*tally) })
                .collect(),
            definitions: coverage.scope().map(DefinitionV1::of).collect(),
        },
        skipped: &coverage.skipped,
        exit_code: coverage.status().code(),
    };
    document(document_of, out)
}

#[derive(Serialize)]
struct DocumentV1<'coverage> {
    coverage: CoverageV1<'coverage>,
    skipped: &'coverage [SkippedFile],
    exit_code: u8,
}

#[derive(Serialize)]
struct CoverageV1<'coverage> {
    scope: Scope,
    total: TallyV1,
    fail_under: Option<u64>,
    too_low: bool,
    changed_files: Option<ChangeV1>,
    packages: Vec<PackageV1<'coverage>>,
    definitions: Vec<DefinitionV1<'coverage>>,
}

#[derive(Serialize)]
struct ChangeV1 {
    now: TallyV1,
    before: TallyV1,
    regressed: bool,
}

#[derive(Serialize)]
struct TallyV1 {
    documented: usize,
    asked: usize,
    percent: f64,
}

#[derive(Serialize)]
struct PackageV1<'coverage> {
    package: &'coverage str,
    #[serde(flatten)]
    tally: TallyV1,
}

#[derive(Serialize)]
struct DefinitionV1<'coverage> {
    path: &'coverage RepoPath,
    line: usize,
    definition: &'coverage str,
    standing: &'static str,
    reason: Option<&'static str>,
}

impl TallyV1 {
    fn of(tally: Tally) -> Self {
        let per_mille = u16::try_from(tally.per_mille()).unwrap_or(1_000);
        Self { documented: tally.documented, asked: tally.asked, percent: f64::from(per_mille) / 10.0 }
    }
}

impl<'coverage> DefinitionV1<'coverage> {
    fn of(counted: &'coverage Counted) -> Self {
        let (standing, reason) = match counted.standing {
            Standing::Documented => ("documented", None),
            Standing::Missing => ("missing", None),
            Standing::Exempt(exemption) => ("exempt", Some(exemption.name())),
        };
        Self { path: &counted.path, line: counted.line, definition: &counted.definition, standing, reason }
    }
}

/// Writes the coverage for people; `quiet` leaves only what fails.
///
/// # Errors
///
/// Gives back what the writer gives.
pub fn coverage_text(coverage: &Coverage, quiet: bool, out: &mut impl Write) -> io::Result<()> {
    if !quiet {
        for missing in coverage.scope().filter(|counted| counted.standing == Standing::Missing) {
            let name = phrase::definition(&missing.definition);
            let path = sanitised(missing.path.as_str());
            writeln!(out, "{path}:{}: {} has no docstring", missing.line, sanitised(name))?;
        }
        write_table(coverage, out)?;
        for (exemption, count) in coverage.exempt() {
            writeln!(out, "not asked: {count} {}", exemption.phrase())?;
        }
        phrase::write_skipped(&coverage.skipped, out)?;
        if let Some(base) = coverage.base {
            let now = coverage.now();
            let (of, before) = (now.asked, base.asked);
            writeln!(
                out,
                "changed files: {} of {of} ({now}); before: {} of {before} ({base})",
                now.documented, base.documented
            )?;
        }
    }
    if let Some(limit) = coverage.gate.fail_under.filter(|_| coverage.is_too_low()) {
        writeln!(out, "{} is less than {limit} %", coverage.total())?;
    }
    if coverage.gate.no_regression && coverage.has_regressed() {
        writeln!(out, "the changed files have less than before")?;
    }
    Ok(())
}

fn write_table(coverage: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let total = coverage.total();
    let about = match coverage.scope {
        Scope::All => "definitions",
        Scope::Touched => "touched definitions",
    };
    if total.asked == 0 {
        return writeln!(out, "none of {} {about} owes a docstring", coverage.scope().count());
    }
    let packages = coverage.packages();
    let width = packages.keys().map(|name| name.chars().count()).max().unwrap_or(0).max("package".len());
    writeln!(out, "{:<width$}  documented    asked  coverage", "package")?;
    let mut rows: Vec<(String, Tally)> =
        packages.into_iter().map(|(name, tally)| (sanitised(name).into_owned(), tally)).collect();
    rows.push(("total".to_owned(), total));
    for (name, tally) in rows {
        let percent = tally.to_string();
        writeln!(out, "{name:<width$}  {:>10} {:>8}  {percent:>8}", tally.documented, tally.asked)?;
    }
    let missing = total.asked - total.documented;
    writeln!(out, "{} of {} {about} without a docstring", missing, total.asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISSING: Standing = Standing::Missing;
    const DOCUMENTED: Standing = Standing::Documented;
    /// How a definition stands, and how it stood.
    type Stood = (Standing, Option<Standing>);

    const PRIVATE: Standing = Standing::Exempt(Exemption::Private);

    /// Makes a definition of `a.py` as it stands and as it stood.
    fn definition(standing: Standing, before: Option<Standing>) -> Counted {
        Counted {
            path: RepoPath::new("pkg/a.py").unwrap(),
            definition: "f\u{1b}[2J".to_owned(),
            line: 3,
            standing,
            before,
            touched: before != Some(standing),
        }
    }

    fn coverage(counted: &[Stood]) -> Coverage {
        let before = counted.iter().filter_map(|(_, before)| *before);
        Coverage {
            counted: counted.iter().map(|(standing, before)| definition(*standing, *before)).collect(),
            scope: Scope::Touched,
            base: Some(Tally::of(before)),
            ..Coverage::default()
        }
    }

    #[test]
    fn a_percentage_is_never_rounded_up() {
        let table = [
            (0, 0, "100.0 %"),
            (0, 3, "0.0 %"),
            (2, 3, "66.6 %"),
            (1_999, 2_000, "99.9 %"),
            (5, 5, "100.0 %"),
        ];
        for (documented, asked, expected) in table {
            assert_eq!(Tally { documented, asked }.to_string(), expected);
        }
        let mut all = coverage(&[(DOCUMENTED, None), (DOCUMENTED, None), (MISSING, None)]);
        for (limit, too_low) in [(0, false), (66, false), (67, true), (100, true)] {
            all.gate.fail_under = Some(limit);
            assert_eq!(all.is_too_low(), too_low, "{limit}");
        }
        let nothing = Coverage {
            gate: Gate { fail_under: Some(100), ..Gate::default() },
            ..coverage(&[(PRIVATE, None)])
        };
        assert_eq!(nothing.status(), ExitStatus::Success);
    }

    #[test]
    fn a_change_regresses_by_what_it_leaves_undocumented() {
        let table: &[(&[Stood], bool)] = &[
            (&[(MISSING, None)], true),
            (&[(DOCUMENTED, Some(DOCUMENTED)), (MISSING, None)], true),
            (&[(MISSING, Some(DOCUMENTED)), (DOCUMENTED, Some(DOCUMENTED))], true),
            (&[(MISSING, Some(PRIVATE)), (DOCUMENTED, Some(DOCUMENTED))], true),
            // One comes, another one is put right.
            (&[(MISSING, None), (DOCUMENTED, Some(MISSING)), (DOCUMENTED, Some(DOCUMENTED))], false),
            (&[(MISSING, Some(MISSING)), (PRIVATE, Some(DOCUMENTED))], false),
            (&[(DOCUMENTED, None), (PRIVATE, None)], false),
        ];
        for (counted, regressed) in table {
            let mut coverage = coverage(counted);
            assert_eq!(coverage.has_regressed(), *regressed, "{counted:?}");
            assert_eq!(coverage.status(), ExitStatus::Success, "nobody asked");
            coverage.gate.no_regression = true;
            assert_eq!(coverage.status() == ExitStatus::Findings, *regressed);
        }
    }

    #[test]
    fn both_formats_list_what_was_counted() {
        let mut coverage = coverage(&[
            (DOCUMENTED, Some(MISSING)),
            (MISSING, None),
            (PRIVATE, None),
            (MISSING, Some(MISSING)),
        ]);
        coverage.gate = Gate { fail_under: Some(80), no_regression: true };
        let mut text = Vec::new();
        coverage_text(&coverage, false, &mut text).unwrap();
        coverage_text(&coverage, true, &mut text).unwrap();
        coverage_json(&coverage, &mut text).unwrap();
        insta::assert_snapshot!(String::from_utf8(text).unwrap());
    }
}
