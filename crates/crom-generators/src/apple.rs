//! Files for Xcode.
