//! What consumers saw already: the way up the chain is gone only once for each requirement that
//! didn't change since.

use crate::graph::{NodeId, RequireId};

/// Where a requirement was carried to: how the first consumer of its node sees the package.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried {
    /// The consumer.
    pub(super) at: NodeId,
    /// Its requirement.
    pub(super) require: RequireId,
    /// The slot of that among what the consumer sees.
    pub(super) slot: usize,
}

/// By requirement.
#[derive(Debug, Default)]
pub(super) struct Seen {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// How often what it asks for, or the package that answers it, changed.
    content: u32,
    /// How often it got another slot.
    place: u32,
    /// Its recipe declares it.
    declared: bool,
    /// Where to, with its own content and that requirement's content and place at that time.
    carried: Option<(Carried, [u32; 3])>,
}

impl Seen {
    /// What [`remember`](Self::remember) got, if that still holds: carrying the requirement again
    /// would change nothing, since a consumer takes no more from what it took before.
    pub(super) fn carried(&self, require: RequireId) -> Option<Carried> {
        let entry = self.entries.get(require.0)?;
        let (carried, then) = entry.carried?;
        let above = self.entries.get(carried.require.0)?;
        let now = [entry.content, above.content, above.place];
        (now == then).then_some(carried)
    }

    /// A requirement was carried on.
    pub(super) fn remember(&mut self, require: RequireId, carried: Carried) {
        let above = *self.entry(carried.require);
        let entry = self.entry(require);
        entry.carried = Some((carried, [entry.content, above.content, above.place]));
    }

    /// A requirement changed, or another package answers it.
    pub(super) fn changed(&mut self, require: RequireId) {
        self.entry(require).content += 1;
    }

    /// A requirement got another slot.
    pub(super) fn moved(&mut self, require: RequireId) {
        self.entry(require).place += 1;
    }

    /// A recipe declares the requirement: it isn't known to one node only.
    pub(super) fn declare(&mut self, require: RequireId) {
        self.entry(require).declared = true;
    }

    pub(super) fn is_declared(&self, require: RequireId) -> bool {
        self.entries.get(require.0).is_some_and(|it| it.declared)
    }

    fn entry(&mut self, require: RequireId) -> &mut Entry {
        if self.entries.len() <= require.0 {
            self.entries.resize(require.0 + 1, Entry::default());
        }
        &mut self.entries[require.0]
    }
}
