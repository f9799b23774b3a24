//! What goes with a package beside its files, from the build on.
//!
//! ```text
//! metadata/logs/build.log  metadata/logs/test.log
//! metadata/center/plan.json
//! metadata/sbom/sbom.cdx.json
//! ```

use crom_ops::GraphBatch;
use serde_json::json;

use super::sbom::cyclonedx;
use crate::CenterError;
use crate::plan::{Plan, package_reference};

const PLAN: &str = "center/plan.json";

/// Writes it where it isn't there: the plan that a package was built for says why it was.
pub(crate) fn write(batch: &GraphBatch<'_>, plan: &Plan, key: &str) -> Result<(), CenterError> {
    let Some(folder) = batch.metadata(&package_reference(key)?)? else {
        return Ok(());
    };
    if crom_fs::is_file(folder.join(PLAN)) {
        return Ok(());
    }
    let Some(package) = plan.packages.get(key) else {
        return Ok(());
    };
    // The part of the plan that is about this package: the whole may be large.
    let combinations: Vec<_> = plan
        .combinations
        .iter()
        .filter(|it| it.package.as_deref() == Some(key) || package.wanted_by.contains(&it.listed))
        .collect();
    let part = json!({
        "fork": plan.fork,
        "package": package,
        "combinations": combinations,
    });
    for (name, content) in [(PLAN, part), ("sbom/sbom.cdx.json", cyclonedx(plan, key))] {
        let path = folder.join(name);
        if let Some(above) = path.parent() {
            crom_fs::create_dir_all(above)?;
        }
        let text = serde_json::to_string_pretty(&content)
            .map_err(|error| CenterError::message(format!("{name} is no JSON: {error}")))?;
        crom_fs::write_atomic(path, text)?;
    }
    Ok(())
}
