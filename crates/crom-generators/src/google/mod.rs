//! Files and command lines for Bazel.
//!
//! * [`bazel`] - command lines of the `Bazel` build helper
//! * [`deps`] - a repository per package (BazelDeps)
//! * [`toolchain`] - `conan_bzl.rc` (BazelToolchain)

pub mod bazel;
pub mod deps;
pub mod toolchain;
