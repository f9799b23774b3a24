//! A client and servers that misbehave.

mod support;

mod downloads;
mod logins;
mod questions;
mod uploads;
