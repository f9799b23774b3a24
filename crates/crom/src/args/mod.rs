//! Groups of options that several commands share. Names and defaults are Conan's; a test compares
//! the whole tree with the recorded one.

mod graph;
mod output;
mod profile;
mod server;

pub use graph::{BuildArgs, ConsumerArgs, LockfileArgs, ReferenceArgs, RemoteArgs, UpdateArgs};
pub use output::{Format, OutputArgs};
pub use profile::ProfileArgs;
pub use server::{ServerArgs, variables};
