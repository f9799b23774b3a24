//! A CycloneDX 1.6 document of a package: what it is and what it is made of.

use std::collections::BTreeSet;

use crom_fs::digest::{Hasher, Wanted};
use serde_json::{Value, json};

use crate::plan::{Plan, PlannedPackage};

/// Of a package of the plan. The same package always gives the same document.
pub(super) fn cyclonedx(plan: &Plan, key: &str) -> Value {
    let Some(package) = plan.packages.get(key) else {
        return Value::Null;
    };
    let mut below = BTreeSet::new();
    collect(plan, package, &mut below);
    let mut components = Vec::new();
    let mut dependencies = vec![dependency(plan, package)];
    for other in below.iter().filter_map(|key| plan.packages.get(key)) {
        components.push(component(other));
        dependencies.push(dependency(plan, other));
    }
    let mut hasher = Hasher::new(Wanted::SHA1);
    hasher.update(key.as_bytes());
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid(&hasher.finish().sha1),
        "version": 1,
        "metadata": {
            "component": component(package),
            "tools": {"components": [{"type": "application", "name": "crom"}]},
        },
        "components": components,
        "dependencies": dependencies,
    })
}

fn collect(plan: &Plan, package: &PlannedPackage, found: &mut BTreeSet<String>) {
    for key in &package.depends {
        if let Some(other) = plan.packages.get(key)
            && found.insert(key.clone())
        {
            collect(plan, other, found);
        }
    }
}

fn component(package: &PlannedPackage) -> Value {
    let (name, version) = package
        .reference
        .split_once('/')
        .unwrap_or((&package.reference, ""));
    // Recipes write SPDX ids, but also texts of their own.
    let licenses: Vec<Value> = package
        .license
        .iter()
        .map(|license| json!({"license": {"name": license}}))
        .collect();
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "name": name,
        "version": version,
        "purl": purl(package),
    });
    if !licenses.is_empty() {
        component["licenses"] = json!(licenses);
    }
    component
}

fn dependency(plan: &Plan, package: &PlannedPackage) -> Value {
    let on: Vec<String> = package
        .depends
        .iter()
        .filter_map(|key| plan.packages.get(key))
        .map(purl)
        .collect();
    json!({"ref": purl(package), "dependsOn": on})
}

/// `pkg:conan/zlib@1.3.1?rrev=...&package_id=...`
fn purl(package: &PlannedPackage) -> String {
    let encoded: String = package
        .reference
        .chars()
        .map(|c| match c {
            '/' => String::from("@"),
            '+' => String::from("%2B"),
            other => other.to_string(),
        })
        .collect();
    format!(
        "pkg:conan/{encoded}?package_id={}&rrev={}",
        package.package_id, package.revision
    )
}

/// 32 of the hex digits as a UUID of version 5.
fn uuid(hex: &str) -> String {
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "urn:uuid:{}-{}-5{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::State;
    use crate::plan::tests::package;

    #[test]
    fn everything_below_is_named() {
        let mut plan = Plan::default();
        for (name, depends) in [
            ("a/1+x", vec!["b", "c"]),
            ("b/2", vec!["c"]),
            ("c/3", vec![]),
        ] {
            let mut one = package(State::Cached, &[]);
            one.reference = name.to_owned();
            one.license = vec![String::from("MIT")];
            one.depends = depends.into_iter().map(str::to_owned).collect();
            plan.packages.insert(name[..1].to_owned(), one);
        }
        let sbom = cyclonedx(&plan, "a");
        assert_eq!(sbom["components"].as_array().unwrap().len(), 2);
        let purl = "pkg:conan/a@1%2Bx?package_id=0123456789&rrev=r";
        assert_eq!(sbom["metadata"]["component"]["purl"], purl);
        assert_eq!(
            sbom["dependencies"][0]["dependsOn"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        assert_eq!(sbom["serialNumber"].as_str().unwrap().len(), 45);
        assert_eq!(sbom, cyclonedx(&plan, "a"));
    }
}
