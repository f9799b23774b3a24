//! A company's own ConanCenter: a fork of conan-center-index, and in it `center.yml`, the list of what
//! the company uses.
//!
//! ```text
//!   center.yml + recipes/ ──plan──► what must be built, in what order and why
//!        ──build──► cache ──upload──► test ──verify──► what consumers can build with ──promote──► production
//! ```
//!
//! [`list`] is the file, [`Fork`] the checkout that it lies in.

mod error;
mod fork;
pub mod list;
mod recipes;

pub use error::CenterError;
pub use fork::{CENTER_FILE, Fork};
pub use recipes::parse_listed;
