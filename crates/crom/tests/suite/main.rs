//! The binary, driven as people drive it, in scratch homes.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test prints, and panics with the path itself"
)]

mod api;
mod center;
mod center_fork;
mod commands;
mod conan_server;
mod errors;
mod evaluation;
mod extensions;
mod file_server;
mod generators;
mod home;
mod interruption;
mod lint;
mod more_commands;
mod oracle;
mod plugins;
mod promotion;
mod recipes;
mod remotes;
mod server;
mod sharing;
mod snapshot;
mod sources;
mod status;
mod sync;
mod synthetic;
mod tools_and_homes;
mod vendor;
