//! Telling consumers what they see now.

use super::{Expander, Stop};
use crate::graph::{Graph, NodeId, RequireId};
use crate::problem::{Conflict, GraphProblem};
use crate::transitive::TransitiveDep;

impl Expander<'_> {
    /// `id` sees `target` by `require`; so do its consumers as far as the requirement is visible.
    /// `through`: the consumer to go to first, where `id` has several.
    pub(super) fn propagate(
        &mut self,
        id: NodeId,
        require: RequireId,
        target: NodeId,
        through: Option<crate::graph::Edge>,
    ) -> Result<(), Stop> {
        let mut at = id;
        let mut seen_by = require;
        let mut through = through;
        loop {
            // With `through`, `at` itself sees the package already.
            let edge = match through.take() {
                Some(edge) => edge,
                None => {
                    self.see(at, seen_by, target)?;
                    match self.graph.node(at).dependants.first() {
                        Some(edge) => *edge,
                        None => return Ok(()),
                    }
                }
            };
            if self.graph.node(at).vendor {
                return Ok(());
            }
            let above = self.graph.require(edge.require);
            let (middle, type_) =
                (self.graph.node(at).package_type, self.graph.node(target).package_type);
            let next = above.transform_downstream(middle, self.graph.require(seen_by), type_)?;
            let Some(mut next) = next else { return Ok(()) };
            next.declared = next.reference.clone();
            seen_by = self.graph.add_requirement(next);
            at = edge.from;
        }
    }

    /// `id` requires a package that is there: it and its consumers see that package and all that
    /// the package sees.
    pub(super) fn propagate_diamond(
        &mut self,
        id: NodeId,
        require: RequireId,
        existing: NodeId,
    ) -> Result<(), Stop> {
        self.propagate(id, require, existing, None)?;
        let Some(edge) =
            self.graph.node(id).dependencies.iter().find(|edge| edge.to == existing).copied()
        else {
            return Ok(());
        };
        let below: Vec<TransitiveDep> = self.graph.node(existing).transitive.iter().copied().collect();
        for dep in below {
            let Some(target) = dep.node else { continue };
            if self.graph.require(dep.require).is_override() {
                continue;
            }
            self.propagate(existing, dep.require, target, Some(edge))?;
        }
        Ok(())
    }

    fn see(&mut self, at: NodeId, require: RequireId, target: NodeId) -> Result<(), Stop> {
        let node = self.graph.node(at);
        let wanted = self.graph.require(require);
        let existing = node.transitive.find(&self.graph.requirements, wanted, Some(require));
        if let Some(existing) = existing.filter(|it| it.require != require) {
            let reference = &self.graph.node(target).reference;
            if let Some(other) = existing.node
                && self.graph.node(other).reference != *reference
            {
                // Only now the types are known: two versions of a shared library would be run.
                return Err(GraphProblem::Conflict(Box::new(Conflict {
                    node: at,
                    node_ref: node.python_ref(),
                    require: wanted.clone(),
                    previous: Some(other),
                    previous_ref: Some(self.graph.node(other).label()),
                    previous_require: self.graph.require(existing.require).clone(),
                    base: target,
                    base_ref: self.graph.node(target).python_ref(),
                }))
                .into());
            }
            let was = self.graph.require(existing.require).clone();
            let this = self.graph.require_mut(require);
            this.aggregate(&was);
            if was.is_override() && was.reference != this.reference {
                let reference = this.reference.clone();
                let overriden = self.graph.require_mut(existing.require);
                overriden.overriden_ref = Some(overriden.reference.clone());
                overriden.override_ref = Some(reference);
            }
        }
        let Graph { nodes, requirements, .. } = &mut self.graph;
        nodes[at.0].transitive.insert(requirements, TransitiveDep { require, node: Some(target) });
        Ok(())
    }
}
