//! What keeps a server in shape.

mod collect;
mod retention;
mod verify;

pub use collect::GcReport;
pub use retention::RetentionReport;
pub use verify::VerifyReport;
