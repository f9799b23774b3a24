//! Promotion: a repository takes over exact revisions from another one of the same server. It is a
//! copy of metadata in one transaction: all of a request, or nothing.
//!
//! A client may promote when both remotes' pings carry the same [`SERVER_ID`], have the capability
//! [`PROMOTION`] and are `hosted`; the request goes to [`route::PROMOTE`] of the target. Otherwise
//! it downloads and uploads.
//!
//! [`SERVER_ID`]: crate::header::SERVER_ID
//! [`PROMOTION`]: crate::header::PROMOTION
//! [`route::PROMOTE`]: crate::route::PROMOTE

use serde::{Deserialize, Serialize};

/// POST body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionRequest {
    /// Name of the repository to copy from.
    pub from: String,
    /// What to copy.
    pub recipes: Vec<PromotedRecipe>,
    /// Check everything and tell what would be copied, but copy nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A recipe revision with some of its binaries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotedRecipe {
    /// `name/version[@user/channel]#rrev`
    pub reference: String,
    /// Exact package revisions; may be empty.
    #[serde(default)]
    pub packages: Vec<PromotedPackage>,
}

/// A package revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotedPackage {
    /// 40 hex digits.
    pub package_id: String,
    /// Package revision.
    pub revision: String,
}

/// Answer with status 200.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionReport {
    /// `name/version[@user/channel]#rrev` and `...#rrev:package_id#prev` that are now in the target,
    /// and were not before.
    pub promoted: Vec<String>,
    /// Those that had been there already. Their metadata files that the target lacked were added.
    pub present: Vec<String>,
}
