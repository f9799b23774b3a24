//! Modules that recipes will import, for the times when the interpreter has nothing else to do.
//!
//! The modules that most recipes import take longer to load than most recipes.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is to be imported, each module once.
#[derive(Debug, Default)]
pub(crate) struct Imports(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    open: VecDeque<String>,
    seen: HashSet<String>,
}

impl Imports {
    /// Notes what a recipe imports at its top level. True if there's anything new.
    pub(crate) fn expect(&self, recipe: &[u8]) -> bool {
        let text = String::from_utf8_lossy(recipe);
        let mut state = self.state();
        let before = state.open.len();
        for line in text.lines() {
            for module in modules(line) {
                if state.seen.insert(module.to_owned()) {
                    state.open.push_back(module.to_owned());
                }
            }
        }
        state.open.len() > before
    }

    pub(crate) fn next(&self) -> Option<String> {
        self.state().open.pop_front()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of `import a, b.c as d` and `from a.b import c`, without indentation. A guess is good enough.
fn modules(line: &str) -> Vec<&str> {
    if let Some(rest) = line.strip_prefix("from ") {
        return rest.split_whitespace().next().into_iter().collect();
    }
    let Some(rest) = line.strip_prefix("import ") else {
        return Vec::new();
    };
    rest.split(',')
        .filter_map(|part| part.split_whitespace().next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Imports;

    #[test]
    fn imports_of_the_top_level_are_noted_once() {
        let imports = Imports::default();
        let recipe =
            b"import os, re as r\nfrom conan.tools.files import copy, get\n\ndef f():\n    \
                       import json\n";
        assert!(imports.expect(recipe));
        assert!(!imports.expect(recipe));
        let all: Vec<String> = std::iter::from_fn(|| imports.next()).collect();
        assert_eq!(all, ["os", "re", "conan.tools.files"]);
    }
}
