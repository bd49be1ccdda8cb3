//! The command line as clap structs, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Keeps the docstrings of Python code present, true and readable.
#[derive(Debug, Parser)]
#[command(name = "docgate", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Log more; twice for details.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print only what blocks.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// The form of log lines on stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogLines::Text)]
    pub log_format: LogLines,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLines {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show findings; offline, needs no key.
    Check(CheckArguments),
    /// Repair docstrings, and write what is missing where a model is configured.
    Fix(FixArguments),
    /// Install, remove or run the git pre-commit hook.
    #[command(subcommand)]
    Hook(HookCommand),
    /// Review a pull request: suggestions beside the code, the rest in the summary.
    Review(ReviewArguments),
    /// Work on the whole repository within a budget.
    Sweep(SweepArguments),
    /// Show what runs and requests did: how many, how long, how much, what failed.
    Stats(StatsArguments),
    /// Look into the cache of answers, carry it elsewhere, or empty it.
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Explain a rule, or list all of them.
    Rule {
        /// The code or the name of a rule.
        name: Option<String>,
    },
    /// Play a commit through the hook in a scratch repository.
    Demo {
        /// Make the scratch repository here and keep it.
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,
    },
}

/// What to look at.
#[derive(Debug, Clone, Default, Args)]
pub struct Selector {
    /// Files and folders.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What is staged, compared with HEAD.
    #[arg(long, conflicts_with_all = ["range", "since"])]
    pub staged: bool,
    /// What changed between two revisions: A..B, or A...B from their merge base.
    #[arg(long, value_name = "A..B", conflicts_with_all = ["since", "paths"])]
    pub range: Option<String>,
    /// What changed in HEAD since it left a revision.
    #[arg(long, value_name = "REF", conflicts_with = "paths")]
    pub since: Option<String>,
}

/// Settings that override the configuration.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Only these rules: codes, beginnings of codes, names, or ALL.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Option<Vec<String>>,
    /// These rules too.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub extend_select: Option<Vec<String>>,
    /// Not these rules.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Option<Vec<String>>,
    /// The docstring style: auto, google, numpy, sphinx or epytext.
    #[arg(long, value_name = "STYLE")]
    pub style: Option<String>,
}

/// How the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// Versioned JSON, described in docs/json-output.md.
    Json,
}

/// `docgate check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What to look at.
    #[command(flatten)]
    pub selector: Selector,
    /// Settings.
    #[command(flatten)]
    pub overrides: Overrides,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,
    /// Exit with 0 although findings block.
    #[arg(long)]
    pub exit_zero: bool,
    /// What is counted instead.
    #[command(flatten)]
    pub coverage: CoverageArguments,
    /// Show how good docstrings are, from 0 to 100, the worst first.
    #[arg(long)]
    pub scores: bool,
}

/// Counting in place of findings.
#[derive(Debug, Args)]
pub struct CoverageArguments {
    /// Count the definitions that have a docstring, of those that owe one; with --staged, --range and --since, of
    /// those that the change touches.
    #[arg(long = "coverage", conflicts_with = "scores")]
    pub wanted: bool,
    /// Exit with 1 when fewer percent have one.
    #[arg(long, value_name = "PERCENT", requires = "wanted", value_parser = clap::value_parser!(u64).range(0..=100))]
    pub fail_under: Option<u64>,
    /// Exit with 1 when the change adds undocumented definitions and its files have a lower share than before.
    #[arg(long, requires = "wanted")]
    pub no_regression: bool,
    /// Write the share as a badge (SVG) to this file.
    #[arg(long, value_name = "FILE", requires = "wanted")]
    pub badge: Option<PathBuf>,
}

/// `docgate fix`.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// What to look at; without any: what is staged.
    #[command(flatten)]
    pub selector: Selector,
    /// Settings.
    #[command(flatten)]
    pub overrides: Overrides,
    /// Who writes missing prose.
    #[command(flatten)]
    pub writer: Writer,
    /// Write the sections of existing docstrings in this style, and do nothing else: google, numpy, sphinx or epytext.
    #[arg(long, value_name = "STYLE")]
    pub convert_style: Option<String>,
    /// Ask again about the definitions that the model failed at before, and about nothing else.
    #[arg(long, conflicts_with_all = ["convert_style", "no_model"])]
    pub failed: bool,
    /// Show the changes and write nothing.
    #[arg(long)]
    pub diff: bool,
    /// Exit with 1 when something was changed.
    #[arg(long)]
    pub exit_non_zero_on_fix: bool,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,
}

/// Who writes missing prose.
#[derive(Debug, Clone, Default, Args)]
pub struct Writer {
    /// Who writes missing prose: auto, azure, skeleton or none.
    #[arg(long, value_name = "WRITER", conflicts_with = "no_model")]
    pub model: Option<String>,
    /// Repair only.
    #[arg(long)]
    pub no_model: bool,
    /// Ask about this many definitions at most.
    #[arg(long, value_name = "N")]
    pub max_definitions: Option<u64>,
    /// Spend this many tokens at most.
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<u64>,
    /// Spend this much at most, in US dollars.
    #[arg(long, value_name = "DOLLARS")]
    pub max_cost: Option<f64>,
}

/// `docgate hook`.
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Install the pre-commit hook of this repository.
    Install,
    /// Remove the hook, if it is docgate's.
    Uninstall,
    /// Do what the hook does; this is what the hook and hook managers call.
    Run(HookArguments),
}

/// `docgate hook run`.
#[derive(Debug, Args)]
pub struct HookArguments {
    /// The files a hook manager names; only these are looked at.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to do about findings: check, fix or warn.
    #[arg(long, value_name = "MODE")]
    pub mode: Option<String>,
}

/// `docgate review`.
#[derive(Debug, Args)]
pub struct ReviewArguments {
    /// The event file; without it: `GITHUB_EVENT_PATH`.
    #[arg(long, value_name = "FILE")]
    pub event: Option<PathBuf>,
    /// Print the plan as JSON and post nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Who writes missing prose.
    #[command(flatten)]
    pub writer: Writer,
    /// Exit with 0 although findings block.
    #[arg(long)]
    pub exit_zero: bool,
}

/// `docgate sweep`.
#[derive(Debug, Args)]
pub struct SweepArguments {
    /// Files and folders; without any: the whole repository.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Settings.
    #[command(flatten)]
    pub overrides: Overrides,
    /// Who writes missing prose, and what may be spent on it.
    #[command(flatten)]
    pub writer: Writer,
    /// Write the Markdown report here.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Look and report; change no file and ask nobody.
    #[arg(long)]
    pub dry_run: bool,
    /// Exit with 0 although findings block.
    #[arg(long)]
    pub exit_zero: bool,
}

/// `docgate stats`.
#[derive(Debug, Args)]
pub struct StatsArguments {
    /// How many days back to look.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3650))]
    pub days: u64,
    /// How to print the figures.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: StatsFormat,
    /// List the definitions that the model failed at, and why, instead.
    #[arg(long, conflicts_with = "output_format")]
    pub failed: bool,
}

/// How figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum StatsFormat {
    /// For people.
    #[default]
    Text,
    /// The figures, for programs.
    Json,
    /// One row a request.
    Csv,
    /// For Prometheus' textfile collector.
    Prometheus,
}

/// `docgate cache`.
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// Say what is in it, and where it is.
    Info,
    /// Drop some entries.
    Prune(PruneArguments),
    /// Drop everything.
    Clear,
    /// Write all entries to a file, for another machine or a CI artifact.
    Export {
        /// The file.
        file: PathBuf,
    },
    /// Take over the entries of such a file; those that are there already stay.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// `docgate cache prune`.
#[derive(Debug, Args)]
pub struct PruneArguments {
    /// Only entries with this tag, a glob behind the name: path=pkg/**, name=Client.*, model=gpt-4o* or kind=failure.
    #[arg(long, value_name = "TAG=GLOB", required_unless_present = "older_than")]
    pub tag: Vec<String>,
    /// Only entries that are older than this many days.
    #[arg(long, value_name = "DAYS")]
    pub older_than: Option<u64>,
}
