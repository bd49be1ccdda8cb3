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
    /// When there is colour.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub color: Color,
    /// The form of log lines; without it: `DOCGATE_LOG_FORMAT`, or text.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub log_format: Option<LogLines>,
    /// Write log lines into this file, too; full files are kept beside it as FILE.1 to FILE.3.
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
    /// Take variables that the environment does not have from this file (`.env`).
    #[arg(long, global = true, value_name = "FILE")]
    pub env_file: Option<PathBuf>,
}

/// When there is colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` is set; anywhere with `CLICOLOR_FORCE`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
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
    /// Look at the examples that a model is shown, or put them into a search index.
    #[command(subcommand)]
    Examples(ExamplesCommand),
    /// Record today's findings, so that only new ones count; later, drop those that are gone.
    Baseline(BaselineArguments),
    /// Explain a rule, or list all of them.
    Rule(RuleArguments),
    /// Show the merged configuration or the schema of its file, or take over the settings of other tools.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Propose configuration, hook and workflow for this repository.
    Init(InitArguments),
    /// Print what makes a shell complete docgate's commands and options.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff, of docgate or of one of its commands.
    Man {
        /// The command.
        command: Option<String>,
    },
    /// Say which hook checks commits here, what it would look at, and why nothing ran.
    Doctor(DoctorArguments),
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
    /// For people: findings in the source, with evidence.
    #[default]
    Text,
    /// For people: a line for each finding.
    Concise,
    /// Versioned JSON, described in docs/json-output.md.
    Json,
    /// The same, an object a line.
    JsonLines,
    /// SARIF 2.1.0, with fixes.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// The diagnostic format of reviewdog, with suggestions.
    Rdjson,
    /// JUnit XML.
    Junit,
    /// Markdown tables.
    Markdown,
}

/// How and where the report is printed.
#[derive(Debug, Clone, Default, Args)]
pub struct OutputArguments {
    /// How to print the report.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,
    /// Write the report to this file, and nothing to stdout.
    #[arg(short, long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
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
    /// How and where to print the report.
    #[command(flatten)]
    pub output: OutputArguments,
    /// Exit with 0 although findings block.
    #[arg(long)]
    pub exit_zero: bool,
    /// Look at what comes through stdin, as if it were this file; `-` as the path does so without a name.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["staged", "range", "since"])]
    pub stdin_filename: Option<PathBuf>,
    /// What is shown of the findings.
    #[command(flatten)]
    pub findings: FindingsArguments,
    /// What is counted instead.
    #[command(flatten)]
    pub coverage: CoverageArguments,
    /// Show how good docstrings are, from 0 to 100, the worst first.
    #[arg(long)]
    pub scores: bool,
}

/// What is shown of the findings.
#[derive(Debug, Args)]
pub struct FindingsArguments {
    /// Show what `docgate fix` would write in text and json, too; sarif and rdjson always do.
    #[arg(long, conflicts_with_all = ["statistics", "wanted", "scores"])]
    pub show_fixes: bool,
    /// Show how often each rule found something, and no finding; in text and json.
    #[arg(long, conflicts_with_all = ["wanted", "scores"])]
    pub statistics: bool,
    /// Show the page of every rule that found something behind the findings; in text and concise.
    #[arg(long, conflicts_with_all = ["statistics", "wanted", "scores"])]
    pub explain: bool,
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

/// `docgate rule`.
#[derive(Debug, Args)]
pub struct RuleArguments {
    /// The code or the name of a rule.
    pub name: Option<String>,
    /// All rules with their pages.
    #[arg(long, conflicts_with = "name")]
    pub all: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: DataFormat,
}

/// `docgate config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting, its value, and where that comes from. Keys are never shown.
    Show {
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        output_format: DataFormat,
    },
    /// Print the JSON Schema of the configuration file.
    Schema,
    /// Say in docgate's words what ruff, flake8, pydoclint, pydocstyle, numpydoc, darglint and interrogate are told here.
    Import(ImportArguments),
}

/// `docgate config import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The folder whose files are read, or one of these files; without it: the root of the repository.
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Take over the settings of this tool only.
    #[arg(long, value_enum, value_name = "TOOL")]
    pub from: Option<ImportedTool>,
    /// Write the result into the repository's configuration, unless it has one.
    #[arg(long)]
    pub write: bool,
    /// The file to write to; without it: pyproject.toml where there is one.
    #[arg(long, value_enum, value_name = "FILE", requires = "write")]
    pub into: Option<ConfigurationFile>,
}

/// The tools whose settings are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportedTool {
    /// ruff: its rules D and DOC.
    Ruff,
    /// flake8, with the plugins about docstrings.
    Flake8,
    /// pydoclint.
    Pydoclint,
    /// pydocstyle.
    Pydocstyle,
    /// numpydoc's validation.
    Numpydoc,
    /// darglint.
    Darglint,
    /// interrogate.
    Interrogate,
}

/// The file that holds the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigurationFile {
    /// docgate's own.
    #[value(name = "docgate.toml")]
    Own,
    /// The table `[tool.docgate]` in it.
    #[value(name = "pyproject.toml")]
    Shared,
}

/// `docgate init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Write what is proposed; files that are there stay as they are.
    #[arg(long, visible_alias = "yes")]
    pub write: bool,
    /// The file for the configuration; without it: pyproject.toml where there is one.
    #[arg(long, value_enum, value_name = "FILE")]
    pub into: Option<ConfigurationFile>,
    /// Propose a workflow that reviews pull requests, too, with docgate from this repository on GitHub.
    #[arg(long, value_name = "OWNER/NAME@REF", value_parser = action)]
    pub action: Option<String>,
}

/// Takes the name of an action, which stands unquoted in a workflow.
fn action(text: &str) -> Result<String, String> {
    let is_plain = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        !part.is_empty() && part.bytes().all(known)
    };
    let parts = text.split_once('@').filter(|(name, reference)| {
        is_plain(reference) && name.split('/').count() == 2 && name.split('/').all(is_plain)
    });
    parts
        .map(|_| text.to_owned())
        .ok_or_else(|| "expected OWNER/NAME@REF, such as me/docgate@v0.1.0".to_owned())
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DataFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `docgate baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// Files and folders; without any: the whole repository.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Settings.
    #[command(flatten)]
    pub overrides: Overrides,
    /// Take new findings in, too.
    #[arg(long)]
    pub add: bool,
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
    /// What to do instead of answering every finding.
    #[command(flatten)]
    pub instead: InsteadArguments,
    /// Show the changes and write nothing.
    #[arg(long)]
    pub diff: bool,
    /// What is shown of the questions to a model, without asking.
    #[command(flatten)]
    pub questions: QuestionsArguments,
    /// Which repairs are made.
    #[command(flatten)]
    pub daring: DaringArguments,
    /// Exit with 1 when something was changed.
    #[arg(long)]
    pub exit_non_zero_on_fix: bool,
    /// How and where to print the report.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// What `docgate fix` does instead of answering every finding.
#[derive(Debug, Args)]
pub struct InsteadArguments {
    /// Write the sections of existing docstrings in this style, and do nothing else: google, numpy, sphinx or epytext.
    #[arg(long, value_name = "STYLE")]
    pub convert_style: Option<String>,
    /// Ask again about the definitions that the model failed at before, and about nothing else.
    #[arg(long, conflicts_with_all = ["convert_style", "no_model", "add_ignores"])]
    pub failed: bool,
    /// Silence what is found in files on disk with comments (`# noqa: D103`), and do nothing else.
    #[arg(long, conflicts_with_all = ["convert_style", "staged", "range", "since"])]
    pub add_ignores: bool,
}

/// What is shown of the questions to a model, without asking.
#[derive(Debug, Args)]
pub struct QuestionsArguments {
    /// Count what would be asked, and what it may cost; ask nobody, and write nothing. In text and json.
    #[arg(long, conflicts_with_all = ["diff", "no_model", "convert_style", "add_ignores", "show_prompt"])]
    pub estimate: bool,
    /// Print every request as it would be sent, in JSON; ask nobody, and write nothing.
    #[arg(long, conflicts_with_all = ["diff", "no_model", "convert_style", "add_ignores"])]
    pub show_prompt: bool,
}

/// Which repairs are made.
#[derive(Debug, Args)]
pub struct DaringArguments {
    /// Make repairs that lose words which somebody wrote, too.
    #[arg(long, overrides_with = "no_unsafe_fixes")]
    pub unsafe_fixes: bool,
    /// Make none that lose words, whatever the configuration says.
    #[arg(long, overrides_with = "unsafe_fixes")]
    pub no_unsafe_fixes: bool,
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
    /// Ask the model whether docstrings still fit whose code mostly changed (DG105), too.
    #[arg(long, conflicts_with = "no_model")]
    pub judge: bool,
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

/// `docgate doctor`.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// Remove the locks of the index that a killed git command has left behind.
    #[arg(long)]
    pub clear_lock: bool,
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

/// `docgate examples`.
#[derive(Debug, Subcommand)]
pub enum ExamplesCommand {
    /// Show which documented definitions a model would be shown with a question about each of these.
    Show(ShowArguments),
    /// Put the documented definitions of this repository into the index of Azure AI Search, and take out what has gone.
    Upload(UploadArguments),
}

/// `docgate examples show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Definitions, such as `shop/orders.py::Orders.find`; a path alone means the module.
    #[arg(value_name = "PATH::NAME", required = true)]
    pub definitions: Vec<String>,
    /// How many for each.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10))]
    pub count: Option<u64>,
    /// Who chooses: lexical, embeddings or search.
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub output_format: DataFormat,
}

/// `docgate examples upload`.
#[derive(Debug, Args)]
pub struct UploadArguments {
    /// Say what would be in the index; ask nobody, and send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How to print what would be in the index.
    #[arg(long, value_enum, default_value_t, requires = "dry_run")]
    pub output_format: DataFormat,
}

/// `docgate cache`: what it does is done to the folder of this machine and, where machines share one, to Redis.
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// Say what is in it, and where it is: in the folder of this machine and in Redis, if machines share one.
    Info,
    /// Drop some entries, here and in Redis.
    Prune(PruneArguments),
    /// Drop everything, here and in Redis.
    Clear,
    /// Write all entries, of here and of Redis, to a file, for another machine or a CI artifact.
    Export {
        /// The file.
        file: PathBuf,
    },
    /// Take over the entries of such a file, here and into Redis; those that are there already stay.
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
