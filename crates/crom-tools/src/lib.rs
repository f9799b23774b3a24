//! The effects behind `conan.tools`: files, archives, patches, downloads, git, programs and the
//! package managers of systems.
//!
//! Every function takes one input struct that deserializes from plain data, with the defaults of
//! Conan 2.34.0, and gives plain data or a typed error back. Nothing here knows Python.
//!
//! Paths in inputs are absolute where a function doesn't say otherwise: recipes change the current
//! folder at will, and only the interpreter knows it.

pub mod build;
pub mod error;
pub mod files;
pub mod fnmatch;
pub mod jobserver;
pub mod net;
pub mod patch;
pub mod process;
pub mod scm;
pub mod system;

pub use error::{Error, Exception, Result};
