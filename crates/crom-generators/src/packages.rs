//! The packages that a consumer sees, in the orders that generators need.

use crom_model::cpp_info::{Component, CppInfoError};
use crom_model::requirement::Requirement;
use crom_model::view::{GraphView, PackageView};

use crate::cmake::Consumer;

/// A package as a consumer sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package<'a> {
    /// With its final traits.
    pub require: &'a Requirement,
    /// The package.
    pub view: &'a PackageView,
    /// Where it is in the graph.
    pub index: usize,
}

impl<'a> Package<'a> {
    pub fn name(&self) -> &'a str {
        &self.view.reference.name
    }

    /// `name/version`
    pub fn display(&self) -> String {
        self.view.reference.without_revision().to_string()
    }

    /// Absolute, with `/`; empty for a package that isn't there.
    pub fn folder(&self) -> String {
        crate::cmake::text::slashes(&self.view.folders.package)
    }

    pub fn version(&self) -> &str {
        self.view.reference.version.as_str()
    }

    /// A folder of its `cpp_info`, absolute.
    pub fn path(&self, folder: &str) -> String {
        crate::cmake::text::join(&self.view.folders.package, folder)
    }

    pub fn paths(&self, folders: &[String]) -> Vec<String> {
        folders.iter().map(|it| self.path(it)).collect()
    }

    /// One component with everything of all of them, or the package as a whole.
    pub fn aggregated(&self) -> Result<Component, CppInfoError> {
        Ok(self.view.cpp_info.aggregated_components()?.root)
    }
}

/// What a node sees, in the order of `self.dependencies`: without packages whose binary isn't
/// needed and those of the machine.
pub(crate) fn packages_of(graph: &GraphView, node: usize) -> Vec<Package<'_>> {
    let Some(view) = graph.nodes.get(node) else {
        return Vec::new();
    };
    view.dependencies
        .iter()
        .filter_map(|(require, index)| {
            let view = graph.nodes.get(*index)?;
            Some(Package {
                require,
                view,
                index: *index,
            })
        })
        .filter(|it| !it.require.skip && !it.view.skipped && !it.view.platform)
        .collect()
}

/// What a consumer sees.
pub(crate) fn packages(consumer: &Consumer) -> Vec<Package<'_>> {
    packages_of(&consumer.graph, consumer.node)
}

/// Packages of the host context, then those for tests.
pub(crate) fn host_and_test(consumer: &Consumer) -> Vec<Package<'_>> {
    let mut found: Vec<Package<'_>> = packages(consumer)
        .into_iter()
        .filter(|it| !it.require.build)
        .collect();
    found.sort_by_key(|it| it.require.test());
    found
}

/// Packages of the build context.
pub(crate) fn build(consumer: &Consumer) -> Vec<Package<'_>> {
    packages(consumer)
        .into_iter()
        .filter(|it| it.require.build)
        .collect()
}

/// `self.dependencies.topological_sort`: what requires nothing first, level by level, each level in
/// the order given.
pub(crate) fn topological<'a>(graph: &GraphView, packages: &[Package<'a>]) -> Vec<Package<'a>> {
    let mut open: Vec<Package<'a>> = packages.to_vec();
    let mut sorted = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let requires_open = |package: &Package<'_>| {
            graph.nodes.get(package.index).is_some_and(|view| {
                view.dependencies.iter().any(|(_, index)| {
                    *index != package.index && open.iter().any(|it| it.index == *index)
                })
            })
        };
        let (waiting, ready): (Vec<_>, Vec<_>) = open.iter().copied().partition(requires_open);
        if ready.is_empty() {
            // A graph has no loops; data made by hand may.
            sorted.extend(waiting);
            break;
        }
        sorted.extend(ready);
        open = waiting;
    }
    sorted
}

/// Dependents first, dependencies after: the order of linkers.
pub(crate) fn linking_order<'a>(graph: &GraphView, packages: &[Package<'a>]) -> Vec<Package<'a>> {
    let mut sorted = topological(graph, packages);
    sorted.reverse();
    sorted
}
