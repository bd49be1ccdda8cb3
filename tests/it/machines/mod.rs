//! What several machines share, held against a real `redis-server`.

mod budgets;
mod cache;
mod connection;
mod quota;
mod runs;
pub(crate) mod server;
