//! The pull request door: which pull request started the run, what to say on it, and saying it.
//!
//! Only [`client`] does I/O; the event, the plan and the texts are pure. The room does not know what a rule or a
//! docstring is: `commands/` turns outcomes into [`Proposal`]s before it, and nobody stands after it but GitHub.
//!
//! ```text
//!  event payload → PullRequest ─┐
//!  outcomes → Proposal ─────────┼→ plan_review → Plan → client → GitHub
//!  earlier comments ────────────┘
//! ```

pub mod client;
mod comment;
mod error;
mod event;
mod fingerprint;
mod identity;
mod markdown;
mod place;
mod plan;
mod proposal;
mod settings;
mod wire;

pub use error::ClientError;
pub use event::{EventError, PullRequest, parse_event};
pub use fingerprint::{ExistingComment, Fingerprint};
pub use identity::{CommitSha, PullRequestNumber, RepositoryName};
pub use plan::{Counts, InlineComment, LONGEST_BODY, Plan, plan_review};
pub use proposal::{Hunks, LineEdit, Proposal, ProposalFinding};
pub use settings::{ApiUrl, Patience, Settings, Token};
