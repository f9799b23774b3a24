//! Everything that one node sees of the graph, in order, found by name.

use std::collections::HashMap;

use crom_model::requirement::Requirement;

use crate::graph::{NodeId, RequireId};

/// One package that a node sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitiveDep {
    /// How it sees it.
    pub require: RequireId,
    /// Absent while the requirement isn't expanded, and for overrides that nothing used.
    pub node: Option<NodeId>,
}

/// An ordered set of requirements: two that collide ([`Requirement::collides`]) can't be in it
/// together. Finding looks only at requirements of the same name and context.
#[derive(Clone, Debug, Default)]
pub struct TransitiveDeps {
    /// `None` where one was removed.
    slots: Vec<Option<TransitiveDep>>,
    by_name: HashMap<(String, bool), Vec<usize>>,
}

impl TransitiveDeps {
    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &TransitiveDep> {
        self.slots.iter().flatten()
    }

    /// The first one that collides with `wanted`. `id` is the id of `wanted` if it has one: a
    /// requirement always collides with itself.
    pub fn find(
        &self,
        arena: &[Requirement],
        wanted: &Requirement,
        id: Option<RequireId>,
    ) -> Option<TransitiveDep> {
        let slot = self.slot(arena, wanted, id)?;
        self.slots.get(slot).copied().flatten()
    }

    /// Appends, after removing what collides.
    pub(crate) fn insert(&mut self, arena: &[Requirement], dep: TransitiveDep) {
        let Some(wanted) = arena.get(dep.require.0) else { return };
        let key = (wanted.reference.name.clone(), wanted.build);
        if let Some(slot) = self.slot(arena, wanted, Some(dep.require)) {
            self.slots[slot] = None;
            if let Some(slots) = self.by_name.get_mut(&key) {
                slots.retain(|it| *it != slot);
            }
        }
        self.by_name.entry(key).or_default().push(self.slots.len());
        self.slots.push(Some(dep));
    }

    /// Like a Python dict's assignment: an equal key keeps its place and its identity, and gets
    /// the new value.
    pub(crate) fn declare(&mut self, arena: &[Requirement], dep: TransitiveDep) {
        let Some(wanted) = arena.get(dep.require.0) else { return };
        match self.slot(arena, wanted, Some(dep.require)) {
            Some(slot) => self.slots[slot] = Some(dep),
            None => self.insert(arena, dep),
        }
    }

    /// Removes those for which `keep` is false.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&TransitiveDep) -> bool) {
        for dep in &mut self.slots {
            if dep.as_ref().is_some_and(|dep| !keep(dep)) {
                *dep = None;
            }
        }
        let slots = &self.slots;
        for found in self.by_name.values_mut() {
            found.retain(|slot| slots.get(*slot).is_some_and(Option::is_some));
        }
    }

    fn slot(
        &self,
        arena: &[Requirement],
        wanted: &Requirement,
        id: Option<RequireId>,
    ) -> Option<usize> {
        let key = (wanted.reference.name.clone(), wanted.build);
        let slots = self.by_name.get(&key)?;
        slots.iter().copied().find(|slot| {
            let Some(Some(dep)) = self.slots.get(*slot) else { return false };
            id == Some(dep.require)
                || arena.get(dep.require.0).is_some_and(|stored| stored.collides(wanted))
        })
    }
}
