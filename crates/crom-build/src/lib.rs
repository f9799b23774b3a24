//! Work that depends on other work, as much of it at the same time as there are processors.
//!
//! ```text
//!   Dag ──run──► tasks whose needs are done, the ones that most wait for first
//!                  each takes a slot of the Jobserver, which make shares with all of them
//!                  each is a Worker process with a log of its own
//! ```
//!
//! Nothing here knows what a package is.

mod dag;
mod error;
mod jobserver;
mod schedule;
mod worker;

pub use dag::{Dag, TaskId};
pub use error::BuildError;
pub use jobserver::{Jobserver, SHARE_VARIABLE};
pub use schedule::{Event, Executor, Outcome, Policy, Slots, run};
pub use worker::{Worker, WorkerEnd};
