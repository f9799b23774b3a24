//! Files for build systems, rendered from values. No I/O.
//!
//! A generator takes one serde-deserializable input and returns [`file::File`]s (text with a path
//! relative to the generators folder) or other data. What must be known about the disk (files that
//! exist already, located libraries) is part of the input.

pub mod apple;
pub mod cmake;
pub mod cps;
pub mod env;
pub mod error;
pub mod file;
#[cfg(test)]
mod fixture;
pub mod gnu;
pub mod google;
pub mod intel;
mod lenient;
pub mod meson;
pub mod microsoft;
mod packages;
pub mod premake;
pub mod qbs;
pub mod ros;
pub mod sbom;
pub mod scons;
