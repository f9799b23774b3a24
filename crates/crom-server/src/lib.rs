//! The package server.
