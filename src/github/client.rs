//! [I/O] Talks to GitHub: reads what docgate said before, and posts a review exactly once.
//!
//! octocrab is built without its `retry` feature, which would send a POST up to four times; the two loops here are
//! the only place that repeats requests, and `Outlook` decides for both. What is said is the plan's business.

use std::future::Future;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::{clock, env};

use super::error::ClientError;
use super::fingerprint::{ExistingComment, Fingerprint};
use super::identity::{PullRequestNumber, RepositoryName};
use super::plan::Plan;
use super::settings::Settings;
use super::wire::{Account, Answer, Author, Failure, Listed, Outlook, ReviewPayload, StoredReview};

const PER_PAGE: usize = 100;
const MOST_PAGES: usize = 200;
// A page of a hundred comments of the greatest length, with the diff that GitHub adds to each.
const LARGEST_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The plan was empty: nothing was sent.
    Nothing,
    /// The review is on the pull request.
    Review {
        /// Where it can be read; absent when the answer of the request that stored it was lost.
        url: Option<String>,
    },
}

/// A connection to one repository on GitHub.
#[derive(Debug)]
pub struct Client {
    octocrab: Octocrab,
    settings: Settings,
    author: OnceCell<Author>,
}

impl Client {
    /// Makes a client from `GITHUB_TOKEN` and `GITHUB_API_URL`; call it inside a tokio runtime.
    ///
    /// # Errors
    ///
    /// When there is no usable token, or the address cannot be used.
    pub fn from_environment(repository: RepositoryName) -> Result<Self, ClientError> {
        let token = env::read(env::GITHUB_TOKEN);
        let api_url = env::read(env::GITHUB_API_URL);
        Self::new(Settings::new(repository, token.as_deref(), api_url.as_deref())?)
    }

    /// Makes a client; call it inside a tokio runtime. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the machine's root certificates cannot be read.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let patience = &settings.patience;
        let octocrab = Octocrab::builder()
            .base_uri(settings.api_url.as_str())
            .map_err(unreachable)?
            .personal_token(settings.token.expose())
            .set_connect_timeout(Some(patience.connect_timeout))
            .set_read_timeout(Some(patience.answer_timeout))
            .set_write_timeout(Some(patience.answer_timeout))
            .build()
            .map_err(unreachable)?;
        Ok(Self { octocrab, settings, author: OnceCell::new() })
    }

    /// Lists what docgate said on a pull request before: comments beside the code and whole reviews.
    ///
    /// # Errors
    ///
    /// When GitHub cannot be asked.
    pub async fn existing_comments(
        &self,
        number: PullRequestNumber,
    ) -> Result<Vec<ExistingComment>, ClientError> {
        let mut existing = self.own(number, "comments").await?;
        existing.extend(self.own(number, "reviews").await?);
        Ok(existing)
    }

    /// Posts the review of a plan; an empty plan posts nothing.
    ///
    /// A request that failed without a clear answer is repeated only after the reviews were read and none of them is
    /// this one.
    ///
    /// # Errors
    ///
    /// When GitHub cannot be asked or rejects the review; then nothing of it is on the pull request, as far as GitHub
    /// says.
    pub async fn post_review(&self, number: PullRequestNumber, plan: &Plan) -> Result<Posted, ClientError> {
        if plan.is_empty() {
            return Ok(Posted::Nothing);
        }
        let route = self.route(number, "reviews");
        let payload = ReviewPayload::new(plan);
        let mut attempt = 1;
        loop {
            let failure = match self.once(self.octocrab._post(route.as_str(), Some(&payload))).await {
                Ok(answer) => {
                    // The review is stored; an answer that cannot be understood does not change that.
                    let url =
                        serde_json::from_slice(&answer.body).ok().map(|stored: StoredReview| stored.html_url);
                    return Ok(Posted::Review { url });
                }
                Err(failure) => failure,
            };
            let pause = failure.outlook.pause(attempt, &self.settings.patience);
            if failure.outlook == Outlook::Uncertain {
                // Also after the last attempt: GitHub may still be storing what it gave up answering.
                sleep(pause.unwrap_or(self.settings.patience.first_pause)).await;
                if self.is_posted(number, &plan.fingerprint).await? {
                    info!(%number, "the review was stored although GitHub reported a failure");
                    return Ok(Posted::Review { url: None });
                }
            } else if let Some(pause) = pause {
                warn!(%number, pause_seconds = pause.as_secs(), "waiting as GitHub asked");
                sleep(pause).await;
            }
            if pause.is_none() {
                return Err(failure.error);
            }
            attempt += 1;
        }
    }

    async fn is_posted(
        &self,
        number: PullRequestNumber,
        fingerprint: &Fingerprint,
    ) -> Result<bool, ClientError> {
        let reviews = self.own(number, "reviews").await?;
        Ok(reviews.iter().any(|review| review.fingerprints.contains(fingerprint)))
    }

    async fn own(
        &self,
        number: PullRequestNumber,
        listing: &str,
    ) -> Result<Vec<ExistingComment>, ClientError> {
        let author = self.author.get_or_try_init(|| self.ask_author()).await?;
        let route = self.route(number, listing);
        let mut own = Vec::new();
        for page in 1..=MOST_PAGES {
            let answer = self.get(&format!("{route}?per_page={PER_PAGE}&page={page}")).await;
            let answer = answer.map_err(|failure| failure.error)?;
            let listed: Vec<Listed> = parse(&answer)?;
            let is_last = listed.len() < PER_PAGE && !answer.has_next_page;
            own.extend(listed.into_iter().filter_map(|listed| listed.into_own(author)));
            if is_last {
                return Ok(own);
            }
        }
        Err(ClientError::EndlessListing { pages: MOST_PAGES })
    }

    /// Asks whose token it is. The tokens of workflows get no answer: they belong to a bot.
    async fn ask_author(&self) -> Result<Author, ClientError> {
        match self.get("/user").await {
            Ok(answer) => Ok(Author::Login(parse::<Account>(&answer)?.login)),
            Err(Failure { error: ClientError::Forbidden { .. } | ClientError::NotFound { .. }, .. }) => {
                Ok(Author::Bot)
            }
            Err(failure) => Err(failure.error),
        }
    }

    async fn get(&self, route: &str) -> Result<Answer, Failure> {
        let mut attempt = 1;
        loop {
            let failure = match self.once(self.octocrab._get(route)).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let Some(pause) = failure.outlook.pause(attempt, &self.settings.patience) else {
                return Err(failure);
            };
            warn!(pause_seconds = pause.as_secs(), "a request to GitHub failed and will be repeated");
            sleep(pause).await;
            attempt += 1;
        }
    }

    /// Waits for one answer and reads it to its end.
    async fn once<R, B>(&self, response: R) -> Result<Answer, Failure>
    where
        R: Future<Output = octocrab::Result<hyper::Response<B>>>,
        B: hyper::body::Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let limit: Duration = self.settings.patience.answer_timeout;
        let uncertain = |error| Failure { error, outlook: Outlook::Uncertain };
        let answer = timeout(limit, read(response)).await;
        let answer =
            answer.unwrap_or(Err(ClientError::TimedOut { seconds: limit.as_secs() })).map_err(uncertain)?;
        answer.check(&self.settings.token, clock::since_epoch())
    }

    fn route(&self, number: PullRequestNumber, listing: &str) -> String {
        let repository = &self.settings.repository;
        format!("/repos/{repository}/pulls/{}/{listing}", number.get())
    }
}

async fn read<R, B>(response: R) -> Result<Answer, ClientError>
where
    R: Future<Output = octocrab::Result<hyper::Response<B>>>,
    B: hyper::body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let response = response.await.map_err(unreachable)?;
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let mut answer = Answer {
        status: response.status().as_u16(),
        retry_after: header("retry-after"),
        rate_limit_remaining: header("x-ratelimit-remaining"),
        rate_limit_reset: header("x-ratelimit-reset"),
        has_next_page: header("link").is_some_and(|link| link.contains("rel=\"next\"")),
        body: Vec::new(),
    };
    let body = Limited::new(response.into_body(), LARGEST_ANSWER_BYTES).collect().await;
    answer.body = body.map_err(ClientError::UnreadableAnswer)?.to_bytes().to_vec();
    Ok(answer)
}

fn parse<T: DeserializeOwned>(answer: &Answer) -> Result<T, ClientError> {
    serde_json::from_slice(&answer.body).map_err(ClientError::StrangeAnswer)
}

fn unreachable(error: octocrab::Error) -> ClientError {
    ClientError::Unreachable(Box::new(error))
}
