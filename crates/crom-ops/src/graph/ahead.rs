//! What a graph will probably ask for soon, for threads that work ahead of it.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crom_model::reference::RecipeReference;

/// A queue that ends with the graph.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    open: VecDeque<RecipeReference>,
    seen: HashSet<RecipeReference>,
    /// Somebody works on it.
    running: bool,
}

impl Ahead {
    /// A thread will ask for the [`next`](Self::next). Before that nothing is noted.
    pub(crate) fn begin(&self) {
        self.state().running = true;
    }

    /// The requirements of one recipe, in order. They come before all others: graphs are expanded
    /// depth first. The first one is asked for right now, so it comes last.
    pub(crate) fn expect(&self, references: &[RecipeReference]) {
        let mut state = self.state();
        if !state.running {
            return;
        }
        let mut new: Vec<RecipeReference> = references
            .iter()
            .filter(|reference| state.seen.insert((*reference).clone()))
            .cloned()
            .collect();
        if !new.is_empty() {
            new.rotate_left(1);
        }
        for reference in new.into_iter().rev() {
            state.open.push_front(reference);
        }
        drop(state);
        self.changed.notify_all();
    }

    /// The next one; none when the graph has ended. Waits until there is one.
    pub(crate) fn next(&self) -> Option<RecipeReference> {
        let mut state = self.state();
        loop {
            if !state.running {
                return None;
            }
            if let Some(reference) = state.open.pop_front() {
                return Some(reference);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing more is needed.
    pub(crate) fn end(&self) {
        self.state().running = false;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Ahead;
    use crom_model::reference::RecipeReference;

    fn references(names: &[&str]) -> Vec<RecipeReference> {
        names
            .iter()
            .map(|name| RecipeReference::new(*name, "1.0"))
            .collect()
    }

    #[test]
    fn the_requirements_of_the_latest_recipe_come_first_and_each_once() {
        let ahead = Ahead::default();
        ahead.expect(&references(&["unheard"]));
        ahead.begin();
        ahead.expect(&references(&["a", "b", "c"]));
        ahead.expect(&references(&["d", "e", "b"]));
        let next = || ahead.next().map(|it| it.name);
        for expected in ["e", "d", "b"] {
            assert_eq!(next().as_deref(), Some(expected));
        }
        ahead.expect(&references(&["f"]));
        assert_eq!(next().as_deref(), Some("f"));
        ahead.end();
        assert_eq!(next(), None);
    }
}
