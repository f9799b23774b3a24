//! The embedded interpreter and the conan Python package that recipes import.
