//! What goes over the wire between a package client and a package server: REST v2 of Conan 2.34.0
//! and Crom's additions to it. Values only; neither side's I/O is here.
//!
//! * [`route`]: the path of every request, relative to the URL of a remote.
//! * [`file`](mod@file): names of the files of recipes and packages, which ones a revision needs, and which
//!   names are refused.
//! * [`header`]: names of headers and capabilities.
//! * [`message`]: JSON bodies.
//! * [`time`]: the timestamps of revisions.
//! * [`bundle`]: many small files in one request (not in Conan).
//! * [`promotion`]: copying revisions between repositories of one server (not in Conan).

pub mod bundle;
pub mod file;
pub mod header;
pub mod message;
pub mod promotion;
pub mod route;
pub mod time;
