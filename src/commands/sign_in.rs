//! Who signs in to Azure in place of a key: the configuration and the environment joined with the sign-in, where docgate is
//! built with one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{self, Config};
use crate::env;
use crate::error::Error;
use crate::git::Repository;
use crate::model::client::ClientSettings;
use crate::model::sign_in::{SignIn, Tokens, Way};
use crate::secret::Secret;

/// Returns what has tokens for the client, unless it asks with a key; nobody signs in before one is needed.
///
/// What the sign-in misses is not found out here: where a pull request gets no token, the rest is done all the same.
pub(super) fn tokens(config: &Config, settings: &ClientSettings) -> Result<Option<Arc<Tokens>>, Error> {
    let Some(way) = way(config) else { return Ok(None) };
    let sign_in = SignIn {
        proxy: settings.proxy.clone(),
        certificates: settings.certificates.clone(),
        ..surroundings(way, config)
    };
    Ok(Some(Arc::new(built(&sign_in)?)))
}

/// Returns what can be seen to be wrong with the sign-in without asking anybody.
pub(super) fn problem(config: &Config) -> Option<Error> {
    seen(&surroundings(way(config)?, config)).err()
}

fn way(config: &Config) -> Option<Way> {
    match config.azure.sign_in.value {
        config::SignIn::Key => None,
        config::SignIn::Cli => Some(Way::Cli),
        config::SignIn::ManagedIdentity => Some(Way::ManagedIdentity),
        config::SignIn::WorkloadIdentity => Some(Way::WorkloadIdentity),
        config::SignIn::GithubOidc => Some(Way::GithubOidc),
    }
}

/// Returns the root of the repository around the current folder. One that git does not open, as that of another owner, is one
/// to beware of all the same.
fn repository() -> Option<PathBuf> {
    if let Ok(repository) = Repository::discover() {
        return Some(repository.root().to_owned());
    }
    let here = std::env::current_dir().ok()?;
    here.ancestors().filter(|folder| folder.join(".git").exists()).last().map(Path::to_owned)
}

fn surroundings(way: Way, config: &Config) -> SignIn {
    SignIn {
        way,
        scope: config.azure.scope.value.clone(),
        tenant: env::read(env::TENANT_ID),
        client: env::read(env::CLIENT_ID),
        token_file: env::read_path(env::FEDERATED_TOKEN_FILE),
        request_url: env::read(env::ID_TOKEN_REQUEST_URL),
        request_token: env::read(env::ID_TOKEN_REQUEST_TOKEN).map(|token| Secret::new(&token)),
        authority: env::read(env::AUTHORITY_HOST),
        identity_header: env::read(env::IDENTITY_HEADER).map(|header| Secret::new(&header)),
        path: env::read_path(env::PATH).unwrap_or_default().into_os_string(),
        repository: repository(),
        proxy: None,
        certificates: None,
    }
}

#[cfg(feature = "entra")]
fn entra(sign_in: &SignIn) -> Result<crate::model::entra::Entra, Error> {
    crate::model::entra::Entra::new(sign_in.clone())
        .map_err(|error| Error::usage("the sign-in cannot be set up").because(error))
}

#[cfg(feature = "entra")]
fn built(sign_in: &SignIn) -> Result<Tokens, Error> {
    Ok(Tokens::new(Box::new(entra(sign_in)?)))
}

#[cfg(feature = "entra")]
fn seen(sign_in: &SignIn) -> Result<(), Error> {
    let problem = entra(sign_in)?.check();
    problem.map_err(|error| Error::usage(error.to_string()).hint(error.hint()))
}

#[cfg(not(feature = "entra"))]
fn built(sign_in: &SignIn) -> Result<Tokens, Error> {
    Err(not_built_in(sign_in.way))
}

#[cfg(not(feature = "entra"))]
fn seen(sign_in: &SignIn) -> Result<(), Error> {
    Err(not_built_in(sign_in.way))
}

#[cfg(not(feature = "entra"))]
fn not_built_in(way: Way) -> Error {
    Error::usage(format!("{}: `{way}`: this docgate is built without sign-in", env::SIGN_IN)).hint(
        "build it with `cargo install --locked --features entra --path .` in a checkout of its source, or set a key",
    )
}
