//! Collection of blobs that nothing names.
//!
//! A blob's row goes first, in a transaction that looks whether it is in use; then its object, whose
//! name no later upload gets. Objects without row (a process died between writing the object and its
//! row) go when they are older than any upload takes.

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::error::Result;
use crate::server::Server;

/// Rows looked at in one go.
const BATCH: i64 = 500;

/// What was collected, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GcReport {
    /// Nothing was removed.
    pub dry_run: bool,
    /// Uploads that were never finished.
    pub incomplete_revisions: u64,
    /// Tokens that have expired.
    pub expired_tokens: u64,
    /// Blobs that nothing names.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects of the store that aren't blobs.
    pub orphans: u64,
}

impl Server {
    /// Collects what has been without reference for the time of `maintenance.grace_minutes`, or (if
    /// given) for so many seconds.
    ///
    /// # Errors
    /// Database or store failed. What was removed until then is gone properly.
    pub async fn collect_garbage(
        &self,
        dry_run: bool,
        grace_seconds: Option<u64>,
    ) -> Result<GcReport> {
        let _alone = self.collection_lock().await?;
        let now = clock::now();
        let maintenance = &self.config.maintenance;
        let grace = grace_seconds.unwrap_or(maintenance.grace_minutes * 60);
        let before = now - seconds(grace);
        let mut report = GcReport {
            dry_run,
            ..GcReport::default()
        };
        if !dry_run {
            let abandoned = now - seconds(maintenance.incomplete_hours * 3600);
            report.incomplete_revisions = self.database.remove_incomplete(abandoned).await?;
            report.expired_tokens = self.database.remove_expired_tokens(now).await?;
        }
        self.collect_blobs(before, &mut report).await?;
        self.collect_orphans(before, &mut report).await?;
        tracing::info!(
            blobs = report.blobs,
            bytes = report.bytes,
            orphans = report.orphans,
            dry_run,
            "collected unreferenced blobs"
        );
        Ok(report)
    }

    async fn collect_blobs(&self, before: i64, report: &mut GcReport) -> Result<()> {
        loop {
            let limit = if report.dry_run { i64::MAX } else { BATCH };
            let blobs = self.database.unreferenced_blobs(before, limit).await?;
            let mut removed = 0;
            for blob in &blobs {
                if !report.dry_run {
                    if !self.database.forget_blob(blob, before).await? {
                        continue;
                    }
                    self.store.delete(&blob.object).await?;
                }
                removed += 1;
                report.blobs += 1;
                report.bytes += u64::try_from(blob.size).unwrap_or_default();
            }
            // Those that came into use aren't found again.
            if report.dry_run || removed == 0 {
                return Ok(());
            }
        }
    }

    async fn collect_orphans(&self, before: i64, report: &mut GcReport) -> Result<()> {
        let mut objects = self.store.list();
        while let Some(object) = objects.next().await {
            let object = object?;
            if object.written >= before || self.database.is_object_known(&object.object).await? {
                continue;
            }
            report.orphans += 1;
            if !report.dry_run {
                self.store.delete(&object.object).await?;
            }
        }
        Ok(())
    }
}

fn seconds(count: u64) -> i64 {
    i64::try_from(count)
        .unwrap_or(i64::MAX / clock::SECOND)
        .saturating_mul(clock::SECOND)
}
