//! Telling consumers what they see now.

use crom_model::requirement::Requirement;

use super::seen::Carried;
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
        // With `through`, `id` itself sees the package already.
        let mut through = through;
        if through.is_none() {
            let declared = self.graph.require(require).clone();
            self.see(at, declared, Some(require), target)?;
        }
        loop {
            if through.is_none()
                && let Some(known) = self.seen.carried(seen_by)
            {
                // The consumer sees it as it would see it now; only the place in the order is new.
                self.graph.nodes[known.at.0].transitive.touch(known.slot);
                (at, seen_by) = (known.at, known.require);
                continue;
            }
            if self.graph.node(at).vendor {
                return Ok(());
            }
            let first = || self.graph.node(at).dependants.first().copied();
            let is_first = through.is_none();
            let Some(edge) = through.take().or_else(first) else {
                return Ok(());
            };
            let above = self.graph.require(edge.require);
            let (middle, type_) = (
                self.graph.node(at).package_type,
                self.graph.node(target).package_type,
            );
            let next = above.transform_downstream(middle, self.graph.require(seen_by), type_)?;
            let Some(mut next) = next else { return Ok(()) };
            next.declared = next.reference.clone();
            at = edge.from;
            let (require, slot) = self.see(at, next, None, target)?;
            if is_first {
                self.seen.remember(seen_by, Carried { at, require, slot });
            }
            seen_by = require;
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
        let Some(edge) = self
            .graph
            .node(id)
            .dependencies
            .iter()
            .find(|edge| edge.to == existing)
            .copied()
        else {
            return Ok(());
        };
        let below: Vec<TransitiveDep> = self
            .graph
            .node(existing)
            .transitive
            .iter()
            .copied()
            .collect();
        for dep in below {
            let Some(target) = dep.node else { continue };
            if self.graph.require(dep.require).is_override() {
                continue;
            }
            self.propagate(existing, dep.require, target, Some(edge))?;
        }
        Ok(())
    }

    /// `at` sees `target` by `wanted`, which is the declared requirement `id` or a new one. Returns
    /// the id of what it became, and its slot.
    fn see(
        &mut self,
        at: NodeId,
        mut wanted: Requirement,
        id: Option<RequireId>,
        target: NodeId,
    ) -> Result<(RequireId, usize), Stop> {
        let existing = self
            .graph
            .node(at)
            .transitive
            .find(&self.graph.requirements, &wanted, id);
        let (mut reused, mut replaced) = (None, None);
        if let Some(existing) = existing.filter(|it| Some(it.require) != id) {
            self.refuse_other(at, &wanted, existing, target)?;
            self.note_visibility(at, &wanted, existing);
            let was = self.graph.require_mut(existing.require);
            wanted.aggregate(was);
            if was.is_override() && was.reference != wanted.reference {
                was.overriden_ref = Some(was.reference.clone());
                was.override_ref = Some(wanted.reference.clone());
            }
            // What came from below is known to this node only and can be replaced in place.
            let declared = self.seen.is_declared(existing.require);
            reused = (!declared).then_some(existing.require);
            replaced = Some(existing.require);
        }
        let Graph {
            nodes,
            requirements,
            ..
        } = &mut self.graph;
        let transitive = &mut nodes[at.0].transitive;
        if let (Some(found), Some(reused)) = (existing, reused)
            && id.is_none()
            && found.node == Some(target)
            && found.key == reused
            && requirements[reused.0] == wanted
            && let Some(slot) = transitive.only_slot(&wanted)
        {
            transitive.touch(slot);
            return Ok((reused, slot));
        }
        if let Some(replaced) = replaced {
            transitive.remove(requirements, replaced);
        }
        let require = match id.or(reused) {
            Some(id) => {
                transitive.remove(requirements, id);
                requirements[id.0] = wanted;
                self.seen.changed(id);
                id
            }
            None => {
                requirements.push(wanted);
                RequireId(requirements.len() - 1)
            }
        };
        let dep = TransitiveDep {
            require,
            key: require,
            node: Some(target),
        };
        let slot = transitive.insert(requirements, dep);
        self.seen.moved(require);
        Ok((require, slot))
    }

    /// Remembers that a node hides a package from its consumers and shows it to them by another
    /// dependency.
    fn note_visibility(&mut self, at: NodeId, wanted: &Requirement, existing: TransitiveDep) {
        let was = self.graph.require(existing.require);
        if was.visible() == wanted.visible() || was.test() || wanted.test() {
            return;
        }
        let reference = wanted.reference.without_revision().to_string();
        let label = self.graph.node(at).label();
        let who = self
            .graph
            .visibility_conflicts
            .entry(reference)
            .or_default();
        if !who.contains(&label) {
            who.push(label);
        }
    }

    /// Only now the types are known: two versions of a shared library would be run.
    fn refuse_other(
        &self,
        at: NodeId,
        wanted: &Requirement,
        existing: TransitiveDep,
        target: NodeId,
    ) -> Result<(), Stop> {
        let Some(other) = existing.node else {
            return Ok(());
        };
        if self.graph.node(other).reference == self.graph.node(target).reference {
            return Ok(());
        }
        Err(GraphProblem::Conflict(Box::new(Conflict {
            node: at,
            node_ref: self.graph.node(at).python_ref(),
            require: wanted.clone(),
            previous: Some(other),
            previous_ref: Some(self.graph.node(other).label()),
            previous_require: self.graph.require(existing.require).clone(),
            base: target,
            base_ref: self.graph.node(target).python_ref(),
        }))
        .into())
    }
}
