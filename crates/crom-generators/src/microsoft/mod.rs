//! Files and command lines for MSBuild, NMake and the environment of Visual Studio.
//!
//! * [`facts`]: toolsets, versions and runtimes of compilers
//! * [`msbuild`]: command lines of the `MSBuild` build helper
//! * [`toolchain`]: `conantoolchain.props` (MSBuildToolchain)
//! * [`deps`]: `conandeps.props` and one property sheet per package (MSBuildDeps)
//! * [`nmake`]: NMakeToolchain and NMakeDeps, which set variables of the environment
//! * [`vcvars`]: `conanvcvars.bat` (VCVars)

pub mod deps;
pub mod facts;
pub mod msbuild;
pub mod nmake;
pub mod toolchain;
pub mod vcvars;
