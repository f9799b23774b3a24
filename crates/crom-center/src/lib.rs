//! A company's own ConanCenter: a fork of conan-center-index, and in it `center.yml`, the list of what
//! the company uses.
//!
//! ```text
//!   center.yml + recipes/ ──plan──► what must be built, in what order and why
//!        ──build──► cache ──upload──► test ──verify──► what consumers can build with ──promote──► production
//! ```
//!
//! [`list`] is the file, [`Fork`] the checkout that it lies in.

pub mod build;
mod closure;
mod error;
mod fork;
mod git;
pub mod list;
mod markup;
pub mod plan;
mod recipe_data;
mod recipes;
pub mod release;
pub mod sources;
mod state;
pub mod status;
pub mod sync;

pub use closure::{Closure, closure};
pub use error::CenterError;
pub use fork::{CENTER_FILE, Fork};
pub use git::{Checkout, author, checkout};
pub use recipes::parse_listed;
pub use state::{load_plan, save_plan};

/// How many processors there are for this process.
pub fn processors() -> usize {
    crom_tools::build::cpu_count()
}

/// Gives back what this process took of a jobserver. At its end.
pub fn give_back_processors() {
    crom_tools::jobserver::give_back();
}
