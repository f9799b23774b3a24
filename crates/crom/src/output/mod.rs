//! What the user sees: messages and progress on standard error, results on standard output.

mod ask;
pub mod build_order_page;
pub mod package_list;
mod paint;
mod printer;
pub mod python_text;
mod terminal;

pub use ask::{TerminalPrompt, ask};
pub use paint::Paint;
pub use printer::Printer;
pub use terminal::Terminal;
