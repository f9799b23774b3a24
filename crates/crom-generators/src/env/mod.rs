//! Environment scripts, and the environments that packages get from those they require.
//!
//! * [`script`] - one environment as `.sh`, `.bat`, `.ps1` and dotenv text
//! * [`aggregate`] - `conanbuild.sh` and friends, which run the scripts of a scope
//! * [`virtualenv`] - what VirtualBuildEnv and VirtualRunEnv consist of
//! * [`command`] - a command line that runs inside environment scripts
//! * [`subsystem`] - shells on Windows that have paths of their own

pub mod aggregate;
pub mod command;
pub mod script;
pub mod subsystem;
pub mod virtualenv;
