//! Verification: every blob is hashed again, and every visible revision is complete.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::server::Server;

const BATCH: i64 = 500;

/// What is wrong, if anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// Blobs that were hashed.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// sha256 of blobs whose object is gone.
    pub missing: Vec<String>,
    /// sha256 of blobs whose object holds something else.
    pub corrupt: Vec<String>,
    /// Visible revisions that aren't complete.
    pub incomplete: Vec<String>,
}

impl VerifyReport {
    /// True if nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.missing.is_empty() && self.corrupt.is_empty() && self.incomplete.is_empty()
    }
}

impl Server {
    /// Reads all that the server holds.
    ///
    /// # Errors
    /// Database or store can't be read at all.
    pub async fn verify(&self) -> Result<VerifyReport> {
        let mut report = VerifyReport {
            incomplete: self.database.inconsistencies().await?,
            ..VerifyReport::default()
        };
        let mut after = String::new();
        loop {
            let blobs = self.database.blobs_after(&after, BATCH).await?;
            let Some(last) = blobs.last() else {
                break;
            };
            after.clone_from(&last.sha256);
            for blob in blobs {
                report.blobs += 1;
                match self.store.rehash(&blob.object).await? {
                    None => {
                        // It may have been collected since the row was read.
                        if self.database.is_object_known(&blob.object).await? {
                            report.missing.push(blob.sha256);
                        }
                    }
                    Some((sha256, size)) => {
                        report.bytes += size;
                        if sha256 != blob.sha256 {
                            report.corrupt.push(blob.sha256);
                        }
                    }
                }
            }
        }
        Ok(report)
    }
}
