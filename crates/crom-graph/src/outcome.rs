//! Whether a decided graph can be installed, in the words of the reference.

use std::fmt;

use crate::graph::{Binary, Graph, NodeId};
use crate::order::install_order;

/// Why a graph can't be installed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Outcome {
    /// Recipes refuse their configuration: exit code 6.
    #[error(transparent)]
    Invalid(InvalidPackages),
    /// Binaries don't exist.
    #[error(transparent)]
    Missing(MissingPackages),
}

/// Packages whose recipes refuse their configuration: (reference, why).
#[derive(Clone, Debug)]
pub struct InvalidPackages {
    /// In the order of installation.
    pub packages: Vec<(NodeId, String)>,
    text: String,
}

impl fmt::Display for InvalidPackages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for InvalidPackages {}

/// Packages without binary.
#[derive(Clone, Debug)]
pub struct MissingPackages {
    /// In the order of installation.
    pub packages: Vec<NodeId>,
    /// `Missing binary: ref:id`, sorted: shown as errors before all else.
    pub lines: Vec<String>,
    /// (reference, text) of the warning that shows the first one's configuration.
    pub warning: (String, String),
    text: String,
}

impl fmt::Display for MissingPackages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for MissingPackages {}

/// Can it be installed? `command` is what the user typed after the program's name (`install`), for
/// the hint.
///
/// # Errors
/// Packages that are invalid, else packages that are missing.
pub fn check(graph: &Graph, command: &str) -> Result<(), Outcome> {
    let (mut invalid, mut missing) = (Vec::new(), Vec::new());
    for level in install_order(graph) {
        for id in level
            .items
            .into_iter()
            .flat_map(|item| item.packages)
            .filter_map(first)
        {
            match graph.node(id).binary {
                Some(Binary::Invalid) => invalid.push(id),
                Some(Binary::Missing) => missing.push(id),
                _ => {}
            }
        }
    }
    if !invalid.is_empty() {
        return Err(Outcome::Invalid(invalid_packages(graph, &invalid)));
    }
    if !missing.is_empty() {
        return Err(Outcome::Missing(missing_packages(graph, missing, command)));
    }
    Ok(())
}

fn first(nodes: Vec<NodeId>) -> Option<NodeId> {
    nodes.first().copied()
}

fn invalid_packages(graph: &Graph, ids: &[NodeId]) -> InvalidPackages {
    let mut text = String::from("There are invalid packages:");
    let mut packages = Vec::new();
    for id in ids {
        let node = graph.node(*id);
        let why = match (node.invalid(), node.cant_build()) {
            (Some(message), _) => format!("Invalid: {message}"),
            (None, Some(message)) => {
                format!("Cannot build for this configuration: {message}")
            }
            (None, None) => String::from("Invalid"),
        };
        text.push_str(&format!("\n{}: {why}", node.label()));
        packages.push((*id, why));
    }
    InvalidPackages { packages, text }
}

fn missing_packages(graph: &Graph, packages: Vec<NodeId>, command: &str) -> MissingPackages {
    let mut lines = Vec::new();
    for id in &packages {
        let node = graph.node(*id);
        lines.push(format!(
            "Missing binary: {}:{}",
            node.label(),
            node.package_id.as_deref().unwrap_or_default()
        ));
    }
    lines.sort();
    let mut labels: Vec<String> = packages.iter().map(|id| graph.node(*id).label()).collect();
    labels.sort();
    labels.dedup();
    let first = packages.first().map(|id| graph.node(*id));
    let label = first.map(|node| node.label()).unwrap_or_default();
    let id = first
        .and_then(|node| node.package_id.clone())
        .unwrap_or_default();
    let info = first
        .and_then(|node| node.info.as_ref())
        .map(|info| info.dumps());
    let warning = format!(
        "Can't find a '{label}' package binary '{id}' for the configuration:\n{}",
        info.unwrap_or_default()
    );
    let quoted: Vec<String> = labels.iter().map(|it| format!("'{it}'")).collect();
    let builds: Vec<String> = labels.iter().map(|it| format!("--build={it}")).collect();
    // The package under test is built by `create`, so `--build` would be for what it needs.
    let (command, remedy) = if command == "test" {
        let remedy = "This is a **test_package** missing binary. You can use --build (for all \
            dependencies) or --build-test (exclusive for 'conan create' building test_package' \
            dependencies) to define what can be built from sources";
        ("install", remedy.to_owned())
    } else {
        let builds = builds.join(" ");
        let remedy = format!("Try to build locally from sources using the '{builds}' argument");
        (command, remedy)
    };
    let text = format!(
        "Missing prebuilt package for {}. You can try:\n    - List all available packages using \
         'conan list \"{label}:*\" -r=remote'\n    - Explain missing binaries: replace 'conan \
         {command} ...' with 'conan graph explain ...'\n    - {remedy}\n\nMore Info at \
         'https://docs.conan.io/2/knowledge/faq.html#error-missing-prebuilt-package'\n",
        quoted.join(", "),
    );
    MissingPackages {
        packages,
        lines,
        warning: (label, warning),
        text,
    }
}
