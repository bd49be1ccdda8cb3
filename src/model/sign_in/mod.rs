//! Tokens in place of a key: who signs in, for how long that is good, and what is said when it fails.
//!
//! A token is fetched when the first request needs it, once for all that wait, kept in memory alone, and fetched anew shortly
//! before it ends. How it is fetched is the business of a [`TokenSource`]; `entra/` has those of Microsoft Entra ID, where
//! it is built in. The cases of a sign-in that fails are in `error.rs`.

mod error;

pub use error::{SignInError, SignInErrorKind};

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tracing::{debug, warn};

use crate::secret::Secret;
use crate::{clock, env};

/// How long before its end a token is replaced: a request that is under way should not outlive it.
const MARGIN: Duration = Duration::from_secs(300);
/// How long a token that is still there is used before the next attempt to replace it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Whoever is signed in to the Azure CLI.
    Cli,
    /// The identity that Azure gives to the machine.
    ManagedIdentity,
    /// The identity that Kubernetes gives to the pod.
    WorkloadIdentity,
    /// The identity that GitHub gives to the job.
    GithubOidc,
}

impl Way {
    /// Returns the word in the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::ManagedIdentity => "managed-identity",
            Self::WorkloadIdentity => "workload-identity",
            Self::GithubOidc => "github-oidc",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// As whom to sign in, and what for.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The way.
    pub way: Way,
    /// What the token is for.
    pub scope: String,
    /// The directory; the Azure CLI knows its own.
    pub tenant: Option<String>,
    /// The application or identity, where there are several.
    pub client: Option<String>,
    /// The file with the token of Kubernetes.
    pub token_file: Option<PathBuf>,
    /// Where GitHub hands out the token of the job.
    pub request_url: Option<String>,
    /// What GitHub asks for in return.
    pub request_token: Option<Secret>,
    /// The address of Microsoft Entra ID in another cloud.
    pub authority: Option<String>,
    /// The secret that the host of a managed identity shares with it.
    pub identity_header: Option<Secret>,
    /// The folders that programs are looked for in, as `PATH` has them.
    pub path: std::ffi::OsString,
    /// The root of the repository that is judged; whoever wrote it chooses no program.
    pub repository: Option<PathBuf>,
    /// The proxy to go through.
    pub proxy: Option<String>,
    /// Certificates to trust beside the system's, in PEM.
    pub certificates: Option<Vec<u8>>,
}

impl SignIn {
    /// Names the variables that this way needs and that are not set.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let tenant = (env::TENANT_ID, self.tenant.is_some());
        let client = (env::CLIENT_ID, self.client.is_some());
        let needed = match self.way {
            Way::Cli | Way::ManagedIdentity => vec![],
            Way::WorkloadIdentity => {
                vec![tenant, client, (env::FEDERATED_TOKEN_FILE, self.token_file.is_some())]
            }
            Way::GithubOidc => vec![
                tenant,
                client,
                (env::ID_TOKEN_REQUEST_URL, self.request_url.is_some()),
                (env::ID_TOKEN_REQUEST_TOKEN, self.request_token.is_some()),
            ],
        };
        needed.into_iter().filter(|(_, is_set)| !is_set).map(|(name, _)| name).collect()
    }
}

/// A token, and how long it is good.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The token.
    pub token: Secret,
    /// When it ends, since 1970-01-01 UTC.
    pub ends: Duration,
}

/// A token that will be there.
pub type Fetch<'a> = Pin<Box<dyn Future<Output = Result<IssuedToken, SignInError>> + Send + 'a>>;

/// What fetches tokens, and remembers none: who asks again gets a new one.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// Fetches a token; it takes seconds at most.
    fn fetch(&self) -> Fetch<'_>;
}

/// The token that is good now.
#[derive(Debug)]
pub struct Tokens {
    source: Box<dyn TokenSource>,
    held: Mutex<Held>,
    /// How many attempts have failed, for those that waited while one did.
    failures: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    issued: Option<IssuedToken>,
    /// When the next one is fetched, since 1970-01-01 UTC.
    good_until: Duration,
    /// Until when the one that is there is taken for the only one: it was refused, and the source gave it again.
    only_one_until: Duration,
    failed: Option<SignInError>,
}

impl Tokens {
    /// Prepares the sign-in; nobody is asked.
    #[must_use]
    pub fn new(source: Box<dyn TokenSource>) -> Self {
        Self { source, held: Mutex::default(), failures: AtomicU64::new(0) }
    }

    /// Returns a token that is good.
    ///
    /// # Errors
    ///
    /// When the sign-in fails; those that waited for it meanwhile get the same error.
    pub async fn token(&self) -> Result<Secret, SignInError> {
        let failures = self.failures.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(issued) = &held.issued
            && clock::since_epoch() < held.good_until
        {
            return Ok(issued.token.clone());
        }
        self.renewed(&mut held, failures).await
    }

    /// Returns a token in place of one that the service has refused; where the source has no other it is the same.
    ///
    /// # Errors
    ///
    /// As for [`Tokens::token`].
    pub async fn in_place_of(&self, refused: &Secret) -> Result<Secret, SignInError> {
        let failures = self.failures.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        match held.issued.take() {
            // Another request found out first: which one there is now, or that there is no other.
            Some(issued) if issued.token != *refused || clock::since_epoch() < held.only_one_until => {
                let token = issued.token.clone();
                held.issued = Some(issued);
                Ok(token)
            }
            _ => {
                let token = self.renewed(&mut held, failures).await?;
                if token == *refused {
                    held.only_one_until = clock::since_epoch() + PATIENCE;
                }
                Ok(token)
            }
        }
    }

    async fn renewed(&self, held: &mut Held, failures: u64) -> Result<Secret, SignInError> {
        if failures != self.failures.load(Ordering::Acquire)
            && let Some(error) = &held.failed
        {
            return Err(error.clone());
        }
        let fetched = self.source.fetch().await;
        let now = clock::since_epoch();
        match fetched {
            Ok(issued) => {
                let left = issued.ends.saturating_sub(now);
                held.good_until = issued.ends.saturating_sub(MARGIN.min(left / 2));
                debug!(good_for_seconds = left.as_secs(), "signed in");
                let token = issued.token.clone();
                *held = Held { issued: Some(issued), good_until: held.good_until, ..Held::default() };
                Ok(token)
            }
            Err(error) => match &held.issued {
                Some(issued) if now < issued.ends => {
                    warn!(reason = %error, "the sign-in cannot be renewed yet; going on with the token that is there");
                    held.good_until = issued.ends.min(now + PATIENCE);
                    Ok(issued.token.clone())
                }
                _ => {
                    held.failed = Some(error.clone());
                    self.failures.fetch_add(1, Ordering::Release);
                    Err(error)
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, PoisonError};

    use super::*;

    /// Answers as it was told, one answer after the other, a moment later.
    #[derive(Debug, Clone, Default)]
    struct Scripted {
        answers: Arc<std::sync::Mutex<VecDeque<Result<IssuedToken, SignInError>>>>,
    }

    impl TokenSource for Scripted {
        fn fetch(&self) -> Fetch<'_> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
                answers.pop_front().expect("nobody should have asked again")
            })
        }
    }

    fn issued(token: &str, milliseconds: u64) -> IssuedToken {
        let ends = clock::since_epoch() + Duration::from_millis(milliseconds);
        IssuedToken { token: Secret::new(token), ends }
    }

    fn failed() -> SignInError {
        SignInErrorKind::Garbage.of(Way::Cli)
    }

    fn tokens(answers: Vec<Result<IssuedToken, SignInError>>) -> (Tokens, Scripted) {
        let source = Scripted { answers: Arc::new(std::sync::Mutex::new(answers.into())) };
        (Tokens::new(Box::new(source.clone())), source)
    }

    fn left(source: &Scripted) -> usize {
        source.answers.lock().unwrap().len()
    }

    fn said(token: Result<Secret, SignInError>) -> Result<String, String> {
        token.map(|token| token.expose().to_owned()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn many_requests_fetch_one_token() {
        let (tokens, source) = tokens(vec![Ok(issued("one", 3_600_000))]);
        let all = futures_util::future::join_all((0..20).map(|_| tokens.token())).await;
        assert!(all.into_iter().all(|token| said(token).as_deref() == Ok("one")));
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        assert_eq!(left(&source), 0);
    }

    #[tokio::test]
    async fn those_that_wait_for_a_failure_share_it_and_the_next_one_tries_again() {
        let (tokens, source) = tokens(vec![Err(failed()), Ok(issued("two", 3_600_000))]);
        let all = futures_util::future::join_all((0..20).map(|_| tokens.token())).await;
        assert!(all.into_iter().all(|token| token.is_err()));
        assert_eq!(left(&source), 1);
        assert_eq!(said(tokens.token().await).as_deref(), Ok("two"));
    }

    #[tokio::test]
    async fn a_token_is_replaced_before_it_ends() {
        let (tokens, source) = tokens(vec![Ok(issued("one", 1_000)), Ok(issued("two", 3_600_000))]);
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(said(tokens.token().await).as_deref(), Ok("two"));
        assert_eq!(left(&source), 0);
    }

    #[tokio::test]
    async fn a_token_that_is_still_good_outlives_a_failed_renewal() {
        let (tokens, source) =
            tokens(vec![Ok(issued("one", 1_000)), Err(failed()), Ok(issued("two", 3_600_000))]);
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        assert_eq!(left(&source), 1);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(said(tokens.token().await).as_deref(), Ok("two"));
    }

    #[tokio::test]
    async fn a_token_that_was_over_when_it_came_is_fetched_anew() {
        let (tokens, source) = tokens(vec![Ok(issued("one", 0)), Ok(issued("two", 3_600_000))]);
        assert_eq!(said(tokens.token().await).as_deref(), Ok("one"));
        assert_eq!(said(tokens.token().await).as_deref(), Ok("two"));
        assert_eq!(left(&source), 0);
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once_for_all() {
        let (tokens, source) = tokens(vec![Ok(issued("one", 3_600_000)), Ok(issued("two", 3_600_000))]);
        let one = tokens.token().await.unwrap();
        let all = futures_util::future::join_all((0..20).map(|_| tokens.in_place_of(&one))).await;
        assert!(all.into_iter().all(|token| said(token).as_deref() == Ok("two")));
        assert_eq!(left(&source), 0);
    }

    #[tokio::test]
    async fn a_refused_token_that_comes_again_is_fetched_once_for_all() {
        let again = || Ok(issued("one", 3_600_000));
        let (tokens, source) = tokens(vec![again(), again()]);
        let one = tokens.token().await.unwrap();
        let all = futures_util::future::join_all((0..20).map(|_| tokens.in_place_of(&one))).await;
        assert!(all.into_iter().all(|token| said(token).as_deref() == Ok("one")));
        // Who saw it refused a little later is not behind.
        assert_eq!(said(tokens.in_place_of(&one).await).as_deref(), Ok("one"));
        assert_eq!(left(&source), 0);
    }

    #[test]
    fn a_way_names_what_it_misses() {
        let bare = |way| SignIn {
            way,
            scope: String::new(),
            tenant: None,
            client: Some("client".to_owned()),
            token_file: None,
            request_url: None,
            request_token: None,
            authority: None,
            identity_header: None,
            path: std::ffi::OsString::new(),
            repository: None,
            proxy: None,
            certificates: None,
        };
        assert!(bare(Way::Cli).missing().is_empty() && bare(Way::ManagedIdentity).missing().is_empty());
        assert_eq!(bare(Way::WorkloadIdentity).missing(), ["AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"]);
        assert_eq!(
            bare(Way::GithubOidc).missing(),
            ["AZURE_TENANT_ID", "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        );
    }

    #[tokio::test]
    async fn nothing_prints_a_token() {
        let (tokens, _) = tokens(vec![Ok(issued("hunter2", 3_600_000))]);
        tokens.token().await.unwrap();
        assert!(!format!("{tokens:?}").contains("hunter2"));
    }
}
