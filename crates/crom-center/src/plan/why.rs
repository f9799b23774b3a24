//! Why there is no binary of a package.

use crom_graph::Node;
use crom_ops::{GraphBatch, OpsError, WhyMissing};

use super::{Why, WhyKind};

pub(super) fn why(
    batch: &GraphBatch<'_>,
    node: &Node,
    remotes: &[String],
) -> Result<Why, OpsError> {
    Ok(match batch.why_missing(node, remotes)? {
        WhyMissing::Package => reason(WhyKind::NewPackage, "new package"),
        WhyMissing::Version { before } => reason(
            WhyKind::NewVersion,
            &format!("new version, there is {before}"),
        ),
        WhyMissing::Recipe { before } => reason(
            WhyKind::ChangedRecipe,
            &format!("changed recipe, was {before}"),
        ),
        WhyMissing::Other(differences) => of_differences(&differences),
    })
}

/// The first difference is the one that counts most.
fn of_differences(differences: &[String]) -> Why {
    let Some(first) = differences.first() else {
        return reason(WhyKind::Missing, "its binary is gone");
    };
    let (kind, words) = match first.split(':').next().unwrap_or_default() {
        "platform" | "settings" | "settings_target" | "confs" => {
            (WhyKind::ChangedProfile, "changed profile")
        }
        "options" => (WhyKind::NewOptions, "new options"),
        _ => (WhyKind::ChangedDependency, "changed dependency"),
    };
    reason(kind, &format!("{words}; {}", differences.join("; ")))
}

fn reason(kind: WhyKind, text: &str) -> Why {
    Why {
        kind,
        text: text.to_owned(),
    }
}
