//! What consumers up the chain know of a requirement already.

use crom_model::package_type::PackageType;
use crom_model::requirement::Requirement;
use crom_model::view::Context;

use super::Expander;
use crate::graph::{NodeId, RequireId};

/// What was found in the chain of consumers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Previous {
    /// The requirement is of one of its own consumers.
    Loop(NodeId),
    /// Somebody requires that package already.
    Found {
        /// With this requirement.
        require: RequireId,
        /// Which was expanded to this node.
        node: Option<NodeId>,
        /// Who.
        base: NodeId,
    },
}

impl Expander<'_> {
    /// Looks from a node up to the root, as far as the requirement is visible. The requirement
    /// nearest to the root wins, since that is where overrides and forces come from.
    pub(super) fn find_downstream(&self, require: RequireId, id: NodeId) -> Option<Previous> {
        let mut wanted = self.graph.require(require).clone();
        let mut wanted_id = Some(require);
        let mut at = id;
        let mut found = None;
        loop {
            let node = self.graph.node(at);
            if node.has_reference() && wanted.reference.name == node.reference.name {
                let other = wanted.build
                    && (node.context == Context::Host
                        || wanted.reference.version != node.reference.version);
                if !other && wanted.visible() {
                    return Some(Previous::Loop(at));
                }
            }
            if let Some(dep) = node
                .transitive
                .find(&self.graph.requirements, &wanted, wanted_id)
                && (Some(dep.require) != wanted_id || dep.node.is_some())
            {
                found = Some(Previous::Found {
                    require: dep.require,
                    node: dep.node,
                    base: at,
                });
            }
            if node.vendor {
                return found;
            }
            let Some(edge) = node.dependants.first() else {
                return found;
            };
            let above = self.graph.require(edge.require);
            // Whether the types fit is checked when the package's type is known.
            let next = above.transform_downstream(node.package_type, &wanted, PackageType::Unknown);
            let Ok(Some(next)) = next else { return found };
            wanted = next;
            wanted_id = None;
            at = edge.from;
        }
    }

    /// A package that is its own consumer, though no requirement shows it: hidden tools that need
    /// themselves. Once may be meant (a tool that is built with itself, installed from a binary),
    /// twice is a circle.
    pub(super) fn find_loop(&self, from: NodeId, new: NodeId) -> Option<NodeId> {
        let (reference, context) = {
            let node = self.graph.node(new);
            (&node.reference, node.context)
        };
        let mut at = from;
        let mut met = 0;
        loop {
            let node = self.graph.node(at);
            if node.has_reference() && node.reference == *reference && node.context == context {
                met += 1;
                if met == 2 {
                    return Some(at);
                }
            }
            at = node.dependants.first()?.from;
        }
    }

    /// The host's version of a package, for `tool_requires("protobuf/<host_version>")`.
    pub(super) fn find_host_version(&self, id: NodeId, name: &Requirement) -> Option<RequireId> {
        let node = self.graph.node(id);
        node.transitive
            .find(&self.graph.requirements, name, None)
            .map(|dep| dep.require)
    }
}
