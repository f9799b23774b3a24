//! Files and command lines for Meson.
//!
//! * [`toolchain`] - `conan_meson_native.ini` and `conan_meson_cross.ini` (MesonToolchain)
//! * [`runner`] - command lines of the `Meson` build helper

pub mod runner;
pub mod toolchain;
