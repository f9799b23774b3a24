//! What keeps a server in shape.

mod backup;
mod collect;
mod retention;
mod verify;

pub use backup::BackupReport;
pub use collect::GcReport;
pub use retention::RetentionReport;
pub use verify::VerifyReport;
