//! The binary, driven as people drive it, in scratch homes.

mod commands;
mod errors;
mod home;
mod oracle;
mod recipes;
mod sharing;
mod snapshot;
mod vendor;
