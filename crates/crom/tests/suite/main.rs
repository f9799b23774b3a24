//! The binary, driven as people drive it, in scratch homes.

mod home;
mod oracle;
mod vendor;
