//! Everything that one node sees of the graph, in order, found by name.

use std::collections::HashMap;

use crom_model::requirement::Requirement;

use crate::graph::{NodeId, RequireId};

/// One package that a node sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitiveDep {
    /// How it sees it.
    pub require: RequireId,
    /// The requirement that stands for it where package ids are computed: the one that was here
    /// first, when another one turned out to be the same.
    pub key: RequireId,
    /// Absent while the requirement isn't expanded, and for overrides that nothing used.
    pub node: Option<NodeId>,
}

/// An ordered set of requirements: two that collide ([`Requirement::collides`]) can't be in it
/// together. Finding looks only at requirements of the same name and context.
#[derive(Clone, Debug, Default)]
pub struct TransitiveDeps {
    /// `None` where one was removed.
    slots: Vec<Option<TransitiveDep>>,
    /// How many slots aren't empty.
    live: usize,
    /// Slots by name: of the host context's and of the build context's requirements.
    by_name: [HashMap<String, Vec<usize>>; 2],
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

    /// Appends. What collides keeps its place and stands for the new one, like a key of a Python
    /// dict.
    pub(crate) fn insert(&mut self, arena: &[Requirement], dep: TransitiveDep) {
        let Some(wanted) = arena.get(dep.require.0) else {
            return;
        };
        if let Some(slot) = self.slot(arena, wanted, Some(dep.require))
            && let Some(Some(there)) = self.slots.get_mut(slot)
        {
            *there = TransitiveDep {
                key: there.key,
                ..dep
            };
            return;
        }
        self.compact();
        let slot = self.slots.len();
        let by_name = &mut self.by_name[usize::from(wanted.build)];
        match by_name.get_mut(&wanted.reference.name) {
            Some(slots) => slots.push(slot),
            None => {
                by_name.insert(wanted.reference.name.clone(), vec![slot]);
            }
        }
        self.slots.push(Some(dep));
        self.live += 1;
    }

    /// Removes a requirement by its id, before its content changes.
    pub(crate) fn remove(&mut self, arena: &[Requirement], id: RequireId) {
        let Some(require) = arena.get(id.0) else {
            return;
        };
        let found = self.slots_of(require).and_then(|slots| {
            slots.iter().copied().find(|slot| {
                self.slots
                    .get(*slot)
                    .copied()
                    .flatten()
                    .is_some_and(|dep| dep.require == id)
            })
        });
        if let Some(slot) = found {
            self.clear_slot(arena, slot);
        }
    }

    fn clear_slot(&mut self, arena: &[Requirement], slot: usize) {
        let Some(Some(dep)) = self.slots.get(slot).copied() else {
            return;
        };
        if let Some(require) = arena.get(dep.require.0)
            && let Some(slots) =
                self.by_name[usize::from(require.build)].get_mut(&require.reference.name)
        {
            slots.retain(|it| *it != slot);
        }
        self.slots[slot] = None;
        self.live -= 1;
    }

    /// Drops empty slots once they are the most.
    fn compact(&mut self) {
        if self.slots.len() < 32 || self.live * 2 > self.slots.len() {
            return;
        }
        let mut places = Vec::with_capacity(self.slots.len());
        let mut next = 0;
        for slot in &self.slots {
            places.push(next);
            next += usize::from(slot.is_some());
        }
        self.slots.retain(Option::is_some);
        for slots in self.by_name.iter_mut().flat_map(HashMap::values_mut) {
            for slot in slots {
                *slot = places[*slot];
            }
        }
    }

    /// Like a Python dict's assignment: an equal key keeps its place and its identity, and gets
    /// the new value.
    pub(crate) fn declare(&mut self, arena: &[Requirement], dep: TransitiveDep) {
        let Some(wanted) = arena.get(dep.require.0) else {
            return;
        };
        match self.slot(arena, wanted, Some(dep.require)) {
            Some(slot) => self.slots[slot] = Some(dep),
            None => self.insert(arena, dep),
        }
    }

    /// Nodes got other ids: the new one by the old one.
    pub(crate) fn renumber(&mut self, places: &[NodeId]) {
        for dep in self.slots.iter_mut().flatten() {
            dep.node = dep.node.map(|id| places[id.0]);
        }
    }

    /// Removes those for which `keep` is false.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&TransitiveDep) -> bool) {
        for dep in &mut self.slots {
            if dep.as_ref().is_some_and(|dep| !keep(dep)) {
                *dep = None;
                self.live -= 1;
            }
        }
        let slots = &self.slots;
        for found in self.by_name.iter_mut().flat_map(HashMap::values_mut) {
            found.retain(|slot| slots.get(*slot).is_some_and(Option::is_some));
        }
    }

    fn slots_of(&self, wanted: &Requirement) -> Option<&Vec<usize>> {
        self.by_name[usize::from(wanted.build)].get(&wanted.reference.name)
    }

    fn slot(
        &self,
        arena: &[Requirement],
        wanted: &Requirement,
        id: Option<RequireId>,
    ) -> Option<usize> {
        let slots = self.slots_of(wanted)?;
        slots.iter().copied().find(|slot| {
            let Some(Some(dep)) = self.slots.get(*slot) else {
                return false;
            };
            id == Some(dep.require)
                || arena
                    .get(dep.require.0)
                    .is_some_and(|stored| stored.collides(wanted))
        })
    }
}
