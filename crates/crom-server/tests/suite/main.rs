//! The server over HTTP. By default on SQLite and a folder; with `CROM_SERVER_TEST_POSTGRES` (URL of
//! a database server) and `CROM_SERVER_TEST_S3` (endpoint with a bucket `crom`) set, every test runs
//! on two nodes over those, its requests spread over both.

#![allow(clippy::print_stderr, reason = "a test says what it skips")]

mod access;
mod bundle;
mod client;
mod faults;
mod files;
mod harness;
mod hostile;
mod package;
mod pages;
mod promotion;
mod proxy;
mod retention;
mod revisions;
