//! What is special to one kind of request; when it is sent, how often and how long is the client's business.

use std::time::Instant;

use reqwest::RequestBuilder;

use super::ModelError;
use super::error::Rejection;
use crate::secret::Secret;

/// The largest answer that is read, unless the exchange says otherwise; a refusal is never larger.
pub(super) const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// One kind of request, and how its answer is read.
pub(super) trait Exchange {
    /// What is read out of the answer.
    type Reply;
    /// How the request is put; it may give way to a refusal.
    type Form: Copy;

    /// Returns the tokens that count against the quota.
    fn tokens(&self) -> u64;

    /// Returns when an answer is of no use any more.
    fn deadline(&self) -> Option<Instant>;

    /// Returns how often the request may be sent, where that is limited further than by the client.
    fn most_attempts(&self) -> Option<u32> {
        None
    }

    /// Returns the largest answer that is read, in bytes.
    fn largest_body(&self) -> usize {
        LARGEST_BODY
    }

    /// Returns how the request is put now.
    fn form(&self) -> Self::Form;

    /// Makes the request.
    fn request(&self, form: Self::Form) -> RequestBuilder;

    /// Returns whether an HTTP status comes with an answer.
    fn is_answer(&self, status: u16) -> bool {
        status == 200
    }

    /// Reads the body of an answer; beside it stand the identifier of the request and the secret that was sent along.
    fn read(
        &self,
        body: &[u8],
        form: Self::Form,
        beside: (Option<String>, &Secret),
    ) -> Result<Self::Reply, ModelError>;

    /// Lets the form give way to a refusal; false when the request would be put as before.
    fn gives_way(&self, _sent: Self::Form, _rejection: &Rejection) -> bool {
        false
    }

    /// Returns whether a wrong key or name means that nothing else will be answered either.
    fn is_hope_lost_for_all(&self) -> bool {
        true
    }
}
