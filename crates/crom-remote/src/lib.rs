//! What a remote is: a local-recipes-index (a folder of recipes) or a package server over HTTP.
//!
//! [`Remote`] is what the rest of Crom asks. A local-recipes-index is files only, so the recipes it
//! has must be exported before they can be used: that takes an interpreter, and is done by the
//! operations, which keep the result in the index's private [mini home](LocalRecipesIndex::home).
//! A server is a [`ServerRemote`]: questions, logins and transfers; what is done with the files that
//! arrive is up to the operations.

mod backup;
mod error;
mod export_memory;
mod http;
mod index;
mod parallel;
mod remote;
mod server;
mod transfer;

pub use backup::{BackupLogin, BackupServer};
pub use error::{RemoteError, Result};
pub use export_memory::FolderSignature;
pub use http::HttpConf;
pub use index::{IndexRecipe, LocalRecipesIndex};
pub use parallel::{default_threads, parallel};
pub use remote::Remote;
pub use server::{
    Credentials, FileAddress, HostedRepository, Login, Logins, ServerRemote, ServerSetup, Token,
    UploadFile, UploadRevision,
};
pub use transfer::TransferConf;
