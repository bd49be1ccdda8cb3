//! Why nobody is signed in, and what to do about it.

use std::time::Duration;

use thiserror::Error;

use super::Way;
use crate::env;

/// A sign-in that failed.
///
/// Neither the message nor `Debug` contains a token or anything that a token is given for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the sign-in `{way}` failed: {kind}")]
pub struct SignInError {
    /// How it was tried.
    pub way: Way,
    /// Why it failed.
    pub kind: SignInErrorKind,
}

/// The reasons why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignInErrorKind {
    /// Variables are not set.
    #[error("{} not set", are(.0))]
    Missing(Vec<&'static str>),
    /// The Azure CLI is not there.
    #[error("`az` is in no folder of the PATH")]
    NoProgram,
    /// Nobody has signed in to the Azure CLI, or that was too long ago.
    #[error("nobody is signed in to the Azure CLI{}", because(.0))]
    SignedOut(String),
    /// The Azure CLI ended with an error of another kind.
    #[error("the Azure CLI failed{}", because(.0))]
    Program(String),
    /// What was set cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// Nobody answered.
    #[error("{host} cannot be reached{}", because(.said))]
    Unreachable {
        /// Who was asked.
        host: String,
        /// What the network said.
        said: String,
    },
    /// Whoever was asked for the token said no.
    #[error("it was refused{}", because(.0))]
    Refused(String),
    /// GitHub gave the job no token.
    #[error("GitHub gave the job no token{}", because(.0))]
    NoJobToken(String),
    /// The answer is no token.
    #[error("the answer is no token")]
    Garbage,
    /// It took too long.
    #[error("there was no token within {} s", .0.as_secs())]
    Slow(Duration),
}

impl SignInErrorKind {
    /// Makes the error of a way.
    #[must_use]
    pub fn of(self, way: Way) -> SignInError {
        SignInError { way, kind: self }
    }
}

impl SignInError {
    /// Returns what a person can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match (&self.kind, self.way) {
            (SignInErrorKind::NoProgram, _) => format!(
                "install the Azure CLI and run `az login`, or choose another sign-in ({}); folders that are relative, the current one or in the repository are not searched",
                env::SIGN_IN
            ),
            (SignInErrorKind::SignedOut(_), _) => "run `az login`".to_owned(),
            (SignInErrorKind::Program(_) | SignInErrorKind::Garbage | SignInErrorKind::Slow(_), Way::Cli) => {
                format!(
                    "run `az account get-access-token --scope SCOPE` with the scope in {}, and see what it says",
                    env::SCOPE
                )
            }
            (SignInErrorKind::Missing(names), Way::GithubOidc)
                if names.contains(&env::ID_TOKEN_REQUEST_TOKEN)
                    || names.contains(&env::ID_TOKEN_REQUEST_URL) =>
            {
                NO_JOB_TOKEN.to_owned()
            }
            (SignInErrorKind::NoJobToken(_), _) => NO_JOB_TOKEN.to_owned(),
            (SignInErrorKind::Missing(_), Way::WorkloadIdentity) => {
                "Kubernetes sets them in pods with the label `azure.workload.identity/use` and a service account that has an identity"
                    .to_owned()
            }
            (SignInErrorKind::Missing(_), _) => {
                "set them to the identifiers of the directory and of the application".to_owned()
            }
            (_, Way::ManagedIdentity) => format!(
                "this needs a machine, app or container in Azure that has an identity; where it has several, {} names one",
                env::CLIENT_ID
            ),
            (SignInErrorKind::Refused(_), Way::WorkloadIdentity | Way::GithubOidc) => format!(
                "check {}, {}, the federated credential of the application (issuer and subject) and the scope ({})",
                env::TENANT_ID,
                env::CLIENT_ID,
                env::SCOPE
            ),
            (SignInErrorKind::Unusable(_), _) => "check the variables of the sign-in".to_owned(),
            _ => "check the network and the proxy (HTTPS_PROXY, NO_PROXY)".to_owned(),
        }
    }
}

const NO_JOB_TOKEN: &str = "the job needs `permissions: id-token: write`; pull requests from forks get no token whatever the workflow says, so let \
     them run without a model";

fn because(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn are(names: &[&str]) -> String {
    match names {
        [one] => format!("{one} is"),
        [before @ .., last] => format!("{} and {last} are", before.join(", ")),
        [] => "something is".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<SignInErrorKind> {
        let text = || "because".to_owned();
        vec![
            SignInErrorKind::Missing(vec![env::TENANT_ID]),
            SignInErrorKind::Missing(vec![
                env::TENANT_ID,
                env::CLIENT_ID,
                env::ID_TOKEN_REQUEST_URL,
                env::ID_TOKEN_REQUEST_TOKEN,
            ]),
            SignInErrorKind::NoProgram,
            SignInErrorKind::SignedOut(text()),
            SignInErrorKind::Program(String::new()),
            SignInErrorKind::Unusable(text()),
            SignInErrorKind::Unreachable { host: "example.org".to_owned(), said: text() },
            SignInErrorKind::Refused(text()),
            SignInErrorKind::NoJobToken(text()),
            SignInErrorKind::Garbage,
            SignInErrorKind::Slow(Duration::from_secs(10)),
        ]
    }

    #[test]
    fn messages_and_hints_are_lower_case_or_a_name_and_have_no_full_stop() {
        for kind in every_kind() {
            for way in [Way::Cli, Way::ManagedIdentity, Way::WorkloadIdentity, Way::GithubOidc] {
                let error = kind.clone().of(way);
                assert!(!error.hint().is_empty() && !error.hint().ends_with('.'), "{}", error.hint());
                let text = error.to_string();
                assert!(text.starts_with("the sign-in `") && !text.ends_with('.'), "{text}");
            }
        }
    }

    #[test]
    fn a_fork_is_told_that_it_gets_no_token() {
        let missing = SignInErrorKind::Missing(vec![env::ID_TOKEN_REQUEST_URL, env::ID_TOKEN_REQUEST_TOKEN]);
        let error = missing.of(Way::GithubOidc);
        assert_eq!(
            error.to_string(),
            "the sign-in `github-oidc` failed: ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are not set"
        );
        assert!(error.hint().contains("id-token: write") && error.hint().contains("forks"));
    }
}
