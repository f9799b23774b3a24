//! The binary, driven as people drive it, in scratch homes.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests may touch files and say what they skip"
)]

mod home;
mod oracle;
mod vendor;
