//! Files and command lines for CMake.
//!
//! * [`toolchain`] makes `conan_toolchain.cmake` (CMakeToolchain)
//! * [`presets`] makes `CMakePresets.json` and `CMakeUserPresets.json`
//! * [`deps`]: one `xxx-config.cmake` and friends per dependency (CMakeDeps)
//! * [`config_deps`]: the same with targets at known locations (CMakeConfigDeps)
//! * [`build_helper`]: command lines of the `CMake` build helper
//! * [`layout`]: the folders of `cmake_layout` and `basic_layout`
//!
//! What the files are for, their names, and the variables, targets and properties in them are
//! Conan's; how they get there is ours.

pub mod build_helper;
pub mod config_deps;
pub mod consumer;
pub mod deps;
mod error;
mod extra_variables;
pub mod generator;
pub mod layout;
pub mod presets;
mod properties;
pub mod text;
pub mod toolchain;

pub use consumer::Consumer;
pub use error::CMakeError;
pub use properties::Overrides;
