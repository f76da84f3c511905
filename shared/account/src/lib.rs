//! What the functions and the nightly job share in the customer's AWS account: how its services
//! are reached, what CloudWatch counts, and the small files in the bucket that one of them writes
//! and the other reads.
//!
//! Invariant: each form is written down once. No clock and no environment variable is read here.

pub mod clients;
pub mod display_names;
pub mod gap;
pub mod metrics;
pub mod secret;
