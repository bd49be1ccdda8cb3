//! Sign-in with Microsoft Entra ID, where docgate is built with it (feature `entra`).
//!
//! The protocols are those of Microsoft's crate `azure_identity`. What it does on its own account is kept short here: its HTTP
//! goes through `carrier.rs`, its call of the Azure CLI through `program.rs`, and its answers and errors are read in this
//! file, since they repeat what they were sent. `job.rs` fetches what GitHub says about a job, `said.rs` makes foreign text showable. Remembering tokens is
//! the business of `sign_in/`; a credential is made anew for each fetch, because those of the crate remember, too.

mod carrier;
mod job;
mod program;
mod said;

use std::error::Error as StdError;
use std::fmt;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{AccessToken, TokenCredential};
use azure_core::error::ErrorKind;
use azure_core::http::{ClientOptions, ExponentialRetryOptions, HttpClient, RetryOptions, Transport};
use azure_core::time::Duration as CoreDuration;
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredential,
    ClientAssertionCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};

use self::carrier::{Carrier, Undelivered};
use self::job::{Job, JobError};
use self::program::{Folders, ProgramError, Runner};
use self::said::showable;
use super::client::SettingsError;
use super::sign_in::{Fetch, IssuedToken, SignIn, SignInError, SignInErrorKind, TokenSource, Way};
use crate::secret::Secret;

/// How long a sign-in may take with all that it tries.
const LONGEST: Duration = Duration::from_secs(10);
/// The largest token that is taken; real ones have a few kilobytes.
const LARGEST_TOKEN: usize = 64 * 1024;

/// Fetches tokens from Microsoft Entra ID.
pub struct Entra {
    sign_in: SignIn,
    transport: Arc<dyn HttpClient>,
    /// What was sent or received and must not be shown, such as the token that GitHub gave to the job.
    secrets: Arc<Mutex<Vec<Secret>>>,
    longest: Duration,
}

impl Entra {
    /// Prepares the sign-in; nobody is asked.
    ///
    /// # Errors
    ///
    /// When proxy or certificates cannot be used.
    pub fn new(sign_in: SignIn) -> Result<Self, SettingsError> {
        let carrier = Carrier::new(sign_in.proxy.as_deref(), sign_in.certificates.as_deref())?;
        Ok(Self::through(sign_in, Arc::new(carrier)))
    }

    fn through(sign_in: SignIn, transport: Arc<dyn HttpClient>) -> Self {
        let secrets = [&sign_in.request_token, &sign_in.identity_header].into_iter().flatten().cloned();
        let secrets = Arc::new(Mutex::new(secrets.collect()));
        Self { sign_in, transport, secrets, longest: LONGEST }
    }

    /// Returns what can be seen to be missing without asking anybody.
    ///
    /// # Errors
    ///
    /// Names the variables, or the program.
    pub fn check(&self) -> Result<(), SignInError> {
        let way = self.sign_in.way;
        let missing = self.sign_in.missing();
        if !missing.is_empty() {
            return Err(SignInErrorKind::Missing(missing).of(way));
        }
        if way == Way::Cli && !self.folders().have_azure_cli() {
            return Err(SignInErrorKind::NoProgram.of(way));
        }
        Ok(())
    }

    fn folders(&self) -> Folders {
        let here = std::env::current_dir().ok();
        Folders::of(&self.sign_in.path, here.as_deref(), self.sign_in.repository.as_deref())
    }

    async fn fetched(&self) -> Result<IssuedToken, SignInError> {
        self.check()?;
        let way = self.sign_in.way;
        let fetch = async {
            let credential = self.credential()?;
            credential.get_token(&[&self.sign_in.scope], None).await
        };
        let Ok(answer) = tokio::time::timeout(self.longest, fetch).await else {
            return Err(SignInErrorKind::Slow(self.longest).of(way));
        };
        match answer {
            Ok(token) => issued(&token).ok_or(SignInErrorKind::Garbage.of(way)),
            Err(error) => Err(self.kind_of(&error).of(way)),
        }
    }

    fn credential(&self) -> azure_core::Result<Arc<dyn TokenCredential>> {
        let sign_in = &self.sign_in;
        let tenant = || sign_in.tenant.clone().unwrap_or_default();
        let client = || sign_in.client.clone().unwrap_or_default();
        let assertion = || ClientAssertionCredentialOptions { client_options: self.options() };
        Ok(match sign_in.way {
            Way::Cli => AzureCliCredential::new(Some(AzureCliCredentialOptions {
                tenant_id: sign_in.tenant.clone(),
                executor: Some(Arc::new(Runner::new(self.folders()))),
                ..AzureCliCredentialOptions::default()
            }))?,
            Way::ManagedIdentity => ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                user_assigned_id: sign_in.client.clone().map(UserAssignedId::ClientId),
                client_options: self.options(),
            }))?,
            Way::WorkloadIdentity => {
                // The crate reads the file, too; this is about what must not be shown.
                if let Some(token) =
                    sign_in.token_file.as_ref().and_then(|file| fs::read_to_string(file).ok())
                {
                    self.secrets().push(Secret::new(&token));
                }
                let options = WorkloadIdentityCredentialOptions {
                    credential_options: assertion(),
                    client_id: sign_in.client.clone(),
                    tenant_id: sign_in.tenant.clone(),
                    token_file_path: sign_in.token_file.clone(),
                };
                WorkloadIdentityCredential::new(Some(options))?
            }
            Way::GithubOidc => {
                let url = sign_in.request_url.as_deref().unwrap_or_default();
                let token = sign_in.request_token.clone().unwrap_or_else(|| Secret::new(""));
                let job = Job::new((url, token), self.options(), Arc::clone(&self.secrets))?;
                ClientAssertionCredential::new(tenant(), client(), job, Some(assertion()))?
            }
        })
    }

    fn options(&self) -> ClientOptions {
        let cloud = self.sign_in.authority.clone().map(|authority_host| {
            let mut cloud = CustomConfiguration::default();
            cloud.authority_host = authority_host;
            Arc::new(CloudConfiguration::Custom(cloud))
        });
        ClientOptions {
            retry: RetryOptions::exponential(ExponentialRetryOptions {
                initial_delay: CoreDuration::milliseconds(300),
                max_retries: 2,
                max_total_elapsed: CoreDuration::seconds(5),
                ..ExponentialRetryOptions::default()
            }),
            transport: Some(Transport::new(Arc::clone(&self.transport))),
            cloud,
            ..ClientOptions::default()
        }
    }

    /// Reads an error of the crate. What its text says may hold anything, also what was sent: it is shown where somebody
    /// wrote it for people, and not where a parser quotes what it could not read.
    fn kind_of(&self, error: &azure_core::Error) -> SignInErrorKind {
        if let Some(undelivered) = cause::<Undelivered>(error) {
            return self.unreached(undelivered);
        }
        match cause::<ProgramError>(error) {
            Some(ProgramError::Missing) => return SignInErrorKind::NoProgram,
            Some(ProgramError::TooMuch) => return SignInErrorKind::Garbage,
            Some(ProgramError::Broken(problem)) => {
                return SignInErrorKind::Program(self.showable(&problem.to_string()));
            }
            None => {}
        }
        if let Some(problem) = cause::<JobError>(error) {
            return match problem {
                JobError::Refused { status } => SignInErrorKind::NoJobToken(format!("HTTP {status}")),
                JobError::Garbage => SignInErrorKind::Garbage,
            };
        }
        let first = innermost(error);
        match first.kind() {
            ErrorKind::HttpResponse { status, .. } => {
                SignInErrorKind::Refused(format!("HTTP {}", u16::from(*status)))
            }
            ErrorKind::Credential if self.sign_in.way == Way::Cli => self.of_azure_cli(&first.to_string()),
            ErrorKind::Credential | ErrorKind::Other => {
                SignInErrorKind::Unusable(self.showable(&first.to_string()))
            }
            _ => SignInErrorKind::Garbage,
        }
    }

    fn unreached(&self, undelivered: &Undelivered) -> SignInErrorKind {
        match undelivered {
            Undelivered::Unreachable { host, source } => {
                let mut deepest: &dyn StdError = source;
                while let Some(next) = deepest.source() {
                    deepest = next;
                }
                SignInErrorKind::Unreachable {
                    host: self.showable(host),
                    said: self.showable(&deepest.to_string()),
                }
            }
            Undelivered::TooLarge | Undelivered::Lifetime => SignInErrorKind::Garbage,
            Undelivered::Refused { status, said } => {
                let said = self.showable(said);
                let said = if said.is_empty() { said } else { format!(", {said}") };
                SignInErrorKind::Refused(format!("HTTP {status}{said}"))
            }
            Undelivered::PlainHttp { .. } | Undelivered::Method => {
                SignInErrorKind::Unusable(self.showable(&undelivered.to_string()))
            }
        }
    }

    fn of_azure_cli(&self, text: &str) -> SignInErrorKind {
        let text = text.trim().trim_start_matches("ERROR:").trim_start();
        let said = self.showable(text);
        // What follows is said about accounts that are locked out, too: signing in again says so.
        if ["az login", "AADSTS", "az account set"].iter().any(|sign| text.contains(sign)) {
            return SignInErrorKind::SignedOut(said);
        }
        SignInErrorKind::Program(said)
    }

    fn secrets(&self) -> MutexGuard<'_, Vec<Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn showable(&self, text: &str) -> String {
        showable(text, &self.secrets())
    }
}

impl TokenSource for Entra {
    fn fetch(&self) -> Fetch<'_> {
        Box::pin(self.fetched())
    }
}

impl fmt::Debug for Entra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SignIn { way, scope, .. } = &self.sign_in;
        formatter.debug_struct("Entra").field("way", way).field("scope", scope).finish_non_exhaustive()
    }
}

/// Takes a token that can stand in a header; the crate lets an answer without one pass as an empty one.
fn issued(token: &AccessToken) -> Option<IssuedToken> {
    let text = token.token.secret().trim();
    let is_plain = !text.is_empty() && text.chars().all(|character| character.is_ascii_graphic());
    let ends = u64::try_from(token.expires_on.unix_timestamp()).ok()?;
    (is_plain && text.len() <= LARGEST_TOKEN)
        .then(|| IssuedToken { token: Secret::new(text), ends: Duration::from_secs(ends) })
}

/// Finds an error of ours among the causes of one of the crate's.
fn cause<T: StdError + 'static>(error: &azure_core::Error) -> Option<&T> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // Errors of processes can only be handed over inside one of the standard library.
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && let Some(found) = io.get_ref().and_then(|inner| inner.downcast_ref::<T>())
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// Returns the error of the crate that the others are wrapped around.
fn innermost(error: &azure_core::Error) -> &azure_core::Error {
    let mut found = error;
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(inner) = error.downcast_ref::<azure_core::Error>() {
            found = inner;
        }
        next = error.source();
    }
    found
}

#[cfg(test)]
mod tests;
