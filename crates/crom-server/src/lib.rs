//! The package server: repositories of recipes and binaries over REST v2, with users, permissions,
//! promotion, retention and pages for people.
//!
//! * [`Config`]: `server.toml`, environment.
//! * [`Server`]: metadata ([`database`]) and blobs, opened; commands of administration run on it
//!   ([`AdminRequest`]).
//! * [`Running`]: a server that listens.
//! * [`AdminClient`]: commands of administration over the network.
//!
//! Metadata is in SQLite or PostgreSQL, content in a folder or an object store under its hash. A
//! node has no state of its own: several may serve the same database and bucket. A revision becomes
//! visible in the transaction that adds its last file, and disappears in one transaction.

mod access;
mod admin;
mod admin_client;
mod answers;
mod clock;
mod config;
mod connection;
mod coordinates;
pub mod database;
mod error;
pub mod log;
mod maintenance;
mod metrics;
mod pages;
mod promotion;
mod repository;
mod routes;
mod run;
mod server;
mod storage;

pub use access::generate_password;
pub use admin::AdminRequest;
pub use admin_client::AdminClient;
pub use config::{Config, FILE as CONFIG_FILE, LogConfig, LogFormat};
pub use database::{Action, AuditQuery, Grant, Kind, RetentionRules};
pub use error::{Error, Result};
pub use maintenance::{BackupReport, GcReport, RetentionReport, VerifyReport};
pub use run::Running;
pub use server::Server;
/// Tells a [`Running`] server to stop.
pub use tokio_util::sync::CancellationToken;
