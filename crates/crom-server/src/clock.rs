//! Time as the database holds it: microseconds since 1970.

use std::time::{SystemTime, UNIX_EPOCH};

/// A second.
pub const SECOND: i64 = 1_000_000;
/// A day.
pub const DAY: i64 = 86_400 * SECOND;

/// Now.
pub fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
