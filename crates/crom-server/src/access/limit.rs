//! Failed logins: after so many within a minute, a user or an address has to wait.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

const WINDOW: Duration = Duration::from_secs(60);

/// An address may fail for more than one user.
const ADDRESS_FACTOR: u32 = 5;

/// The most users and addresses that are remembered.
const REMEMBERED: usize = 100_000;

/// Counts failures on this node.
pub struct FailureLimit {
    limit: u32,
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

impl FailureLimit {
    /// So many failures are fine; 0 for no limit.
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            failures: Mutex::new(HashMap::new()),
        }
    }

    /// # Errors
    /// Too many failures.
    pub fn check(&self, user: &str, address: &str) -> Result<()> {
        let Ok(failures) = self.failures.lock() else {
            return Ok(());
        };
        for (who, limit) in self.subjects(user, address) {
            let Some((count, since)) = failures.get(&who) else {
                continue;
            };
            let left = WINDOW.saturating_sub(since.elapsed());
            if self.limit > 0 && *count >= limit && !left.is_zero() {
                return Err(Error::TooManyFailures {
                    seconds: left.as_secs() + 1,
                });
            }
        }
        Ok(())
    }

    /// Notes a failure.
    pub fn failed(&self, user: &str, address: &str) {
        let Ok(mut failures) = self.failures.lock() else {
            return;
        };
        if failures.len() >= REMEMBERED {
            failures.retain(|_, (_, since)| since.elapsed() < WINDOW);
        }
        for (who, _) in self.subjects(user, address) {
            let entry = failures.entry(who).or_insert((0, Instant::now()));
            if entry.1.elapsed() >= WINDOW {
                *entry = (0, Instant::now());
            }
            entry.0 += 1;
        }
    }

    /// The user has proven to be one. The address stays suspected.
    pub fn succeeded(&self, user: &str) {
        if let Ok(mut failures) = self.failures.lock() {
            failures.remove(&format!("user {user}"));
        }
    }

    fn subjects(&self, user: &str, address: &str) -> [(String, u32); 2] {
        [
            (format!("user {user}"), self.limit),
            (
                format!("address {address}"),
                self.limit.saturating_mul(ADDRESS_FACTOR),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_addresses_have_to_wait() {
        let limit = FailureLimit::new(2);
        for _ in 0..2 {
            assert!(limit.check("ann", "a").is_ok());
            limit.failed("ann", "a");
        }
        assert!(limit.check("ann", "b").is_err());
        assert!(limit.check("bob", "a").is_ok());
        for number in 0..8 {
            limit.failed(&format!("user{number}"), "a");
        }
        assert!(limit.check("bob", "a").is_err());
        limit.succeeded("ann");
        assert!(limit.check("ann", "b").is_ok());
    }
}
