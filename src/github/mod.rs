//! [I/O at one file] The pull request event, the plan of a review as data, and the client that posts it.
