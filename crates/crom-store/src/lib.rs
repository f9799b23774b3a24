//! The Conan home: configuration, profiles, cache database and folders.
//!
//! A home of Conan 2.34.0 can be used by Crom and by Conan in turn, and by several processes at a
//! time. What a command needs of it, in this order:
//!
//! 1. [`Variables::from_process`], [`Home::discover`]
//! 2. [`config::load_global_conf`] (with `-cc`), [`config::load_settings`]
//! 3. [`profile::Profiles`]: the profiles of both contexts
//! 4. [`cache::Cache::of_home`], [`remotes::Remotes::load`], [`editables::Editables::load`]
//!
//! [`Home::complete`] writes what every home has, as Conan does; nothing needs it: where files are
//! missing, what is in them is built in.
//!
//! This crate and the binary are the only ones that read environment variables.

pub mod cache;
pub mod config;
mod credentials;
mod defaults;
pub mod detect;
pub mod editables;
mod error;
pub mod evaluations;
pub mod export;
mod home;
mod optional_file;
pub mod profile;
pub mod remotes;
mod template;
pub mod users;
mod variables;

pub use credentials::{SourceCredentials, remote_credentials, source_credentials};
pub use error::{Result, StoreError};
pub use home::{CONAN_VERSION, Home, is_user_edited};
pub use variables::Variables;
