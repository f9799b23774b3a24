//! Files and command lines for Qbs.
//!
//! * [`runner`] - command lines of the `Qbs` build helper
//! * [`deps`] - a module per package and component, as JSON (QbsDeps)
//! * [`profile`] - `qbs_settings.txt`, a profile for `qbs config` (QbsProfile)

pub mod deps;
pub mod profile;
pub mod runner;
