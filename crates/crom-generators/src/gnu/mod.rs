//! Files and command lines for autotools, make and pkg-config.
//!
//! * [`flags`] - what settings, confs and a recipe's additions mean as flags
//! * [`toolchain`] - AutotoolsToolchain and GnuToolchain
//! * [`args`] - arguments as text of a shell, and `conanbuild.conf`
//! * [`runner`] - command lines of the `Autotools` build helper
//! * [`deps_flags`] - flags that a package's `cpp_info` means; AutotoolsDeps
//! * [`pkg_config_deps`] - `.pc` files (PkgConfigDeps)
//! * [`pkg_config`] - asks `pkg-config` for a library (PkgConfig)
//! * [`make_deps`] - `conandeps.mk` (MakeDeps)

pub mod args;
pub mod deps_flags;
pub mod flags;
pub mod make_deps;
pub mod pkg_config;
pub mod pkg_config_deps;
pub mod runner;
pub mod toolchain;

#[cfg(test)]
mod tests;
