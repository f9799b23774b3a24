//! The effects behind conan.tools: get, unzip, patch, copy, git, system packages.
