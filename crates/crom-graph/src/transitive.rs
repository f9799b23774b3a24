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
///
/// While a graph expands, what is seen again goes to the end, mostly without another change. So a
/// place in the order is a number, and sorting waits for [`settle`](Self::settle).
#[derive(Clone, Debug, Default)]
pub struct TransitiveDeps {
    /// `None` where one was removed.
    slots: Vec<Option<Slot>>,
    /// The next place in the order.
    next: u64,
    /// Is the order of the slots the order?
    unsorted: bool,
    /// Slots by name: of the host context's and of the build context's requirements.
    by_name: [HashMap<String, Vec<usize>>; 2],
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    dep: TransitiveDep,
    order: u64,
}

impl TransitiveDeps {
    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &TransitiveDep> {
        let sorted = self.unsorted.then(|| {
            let mut slots: Vec<&Slot> = self.slots.iter().flatten().collect();
            slots.sort_unstable_by_key(|slot| slot.order);
            slots
        });
        let unsorted = sorted.is_none();
        let plain = self.slots.iter().flatten().filter(move |_| unsorted);
        sorted
            .into_iter()
            .flatten()
            .chain(plain)
            .map(|slot| &slot.dep)
    }

    /// Moves what is in a slot, as [`insert`](Self::insert) returned it, to the end.
    pub(crate) fn touch(&mut self, slot: usize) {
        if let Some(Some(there)) = self.slots.get_mut(slot) {
            there.order = self.next;
            self.next += 1;
            self.unsorted = true;
        }
    }

    /// Brings the slots into their order, once nothing is inserted any more. Slots that were
    /// returned before are void.
    pub(crate) fn settle(&mut self) {
        let mut places: Vec<(u64, usize)> = Vec::with_capacity(self.slots.len());
        for (at, slot) in self.slots.iter().enumerate() {
            if let Some(slot) = slot {
                places.push((slot.order, at));
            }
        }
        places.sort_unstable();
        let mut renamed = vec![usize::MAX; self.slots.len()];
        let mut slots = Vec::with_capacity(places.len());
        for (place, (_, at)) in places.into_iter().enumerate() {
            renamed[at] = place;
            slots.push(self.slots[at]);
        }
        self.slots = slots;
        self.unsorted = false;
        for found in self.by_name.iter_mut().flat_map(HashMap::values_mut) {
            found.retain(|slot| renamed[*slot] != usize::MAX);
            for slot in found.iter_mut() {
                *slot = renamed[*slot];
            }
            found.sort_unstable();
        }
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
        Some(self.slots.get(slot).copied().flatten()?.dep)
    }

    /// Appends, and returns the slot. What collides keeps its place and stands for the new one,
    /// like a key of a Python dict.
    pub(crate) fn insert(&mut self, arena: &[Requirement], dep: TransitiveDep) -> usize {
        let Some(wanted) = arena.get(dep.require.0) else {
            return usize::MAX;
        };
        if let Some(slot) = self.slot(arena, wanted, Some(dep.require))
            && let Some(Some(there)) = self.slots.get_mut(slot)
        {
            there.dep = TransitiveDep {
                key: there.dep.key,
                ..dep
            };
            return slot;
        }
        let slot = self.slots.len();
        let by_name = &mut self.by_name[usize::from(wanted.build)];
        match by_name.get_mut(&wanted.reference.name) {
            Some(slots) => slots.push(slot),
            None => {
                by_name.insert(wanted.reference.name.clone(), vec![slot]);
            }
        }
        let order = self.next;
        self.next += 1;
        self.slots.push(Some(Slot { dep, order }));
        slot
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
                    .is_some_and(|slot| slot.dep.require == id)
            })
        });
        if let Some(slot) = found {
            self.clear_slot(arena, slot);
        }
    }

    fn clear_slot(&mut self, arena: &[Requirement], slot: usize) {
        let Some(Some(there)) = self.slots.get(slot).copied() else {
            return;
        };
        if let Some(require) = arena.get(there.dep.require.0)
            && let Some(slots) =
                self.by_name[usize::from(require.build)].get_mut(&require.reference.name)
        {
            slots.retain(|it| *it != slot);
        }
        self.slots[slot] = None;
    }

    /// Like a Python dict's assignment: an equal key keeps its place and its identity, and gets
    /// the new value.
    pub(crate) fn declare(&mut self, arena: &[Requirement], dep: TransitiveDep) {
        let Some(wanted) = arena.get(dep.require.0) else {
            return;
        };
        match self.slot(arena, wanted, Some(dep.require)) {
            Some(slot) => {
                if let Some(Some(there)) = self.slots.get_mut(slot) {
                    there.dep = dep;
                }
            }
            None => {
                self.insert(arena, dep);
            }
        }
    }

    /// Nodes got other ids: the new one by the old one.
    pub(crate) fn renumber(&mut self, places: &[NodeId]) {
        for slot in self.slots.iter_mut().flatten() {
            slot.dep.node = slot.dep.node.map(|id| places[id.0]);
        }
    }

    /// Removes those for which `keep` is false.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&TransitiveDep) -> bool) {
        for slot in &mut self.slots {
            if slot.as_ref().is_some_and(|slot| !keep(&slot.dep)) {
                *slot = None;
            }
        }
        let slots = &self.slots;
        for found in self.by_name.iter_mut().flat_map(HashMap::values_mut) {
            found.retain(|slot| slots.get(*slot).is_some_and(Option::is_some));
        }
    }

    /// The slot of a requirement of which there is one only with that name and context.
    pub(crate) fn only_slot(&self, wanted: &Requirement) -> Option<usize> {
        match self.slots_of(wanted)?.as_slice() {
            [slot] => Some(*slot),
            _ => None,
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
        let collides = |slot: usize| {
            let found = self.slots.get(slot).copied().flatten()?;
            let stored = || arena.get(found.dep.require.0);
            let same = id == Some(found.dep.require)
                || stored().is_some_and(|stored| stored.collides(wanted));
            same.then_some((found.order, slot))
        };
        let slots = self.slots_of(wanted)?.iter().copied();
        // The first one in the order.
        Some(slots.filter_map(collides).min()?.1)
    }
}
