//! Dependencies before what needs them.

use std::collections::HashMap;

use super::{Plan, State};

/// Levels of what is built. What waits for itself is in none.
pub(super) fn levels(plan: &Plan) -> Vec<Vec<&str>> {
    let mut waiting: HashMap<&str, usize> = HashMap::new();
    let mut consumers: HashMap<&str, Vec<&str>> = HashMap::new();
    for (key, package) in plan.to_build() {
        waiting.insert(key, package.needs.len());
        for need in &package.needs {
            consumers.entry(need).or_default().push(key);
        }
    }
    let mut level: Vec<&str> = plan
        .to_build()
        .map(|(key, _)| key.as_str())
        .filter(|key| waiting.get(key) == Some(&0))
        .collect();
    let mut levels = Vec::new();
    while !level.is_empty() {
        let mut next = Vec::new();
        for key in &level {
            for consumer in consumers.get(key).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(consumer) {
                    *count -= 1;
                    if *count == 0 {
                        next.push(*consumer);
                    }
                }
            }
        }
        levels.push(std::mem::replace(&mut level, next));
    }
    levels
}

/// Puts what is built into the order of its levels, behind everything else, and notes what is stuck.
pub(super) fn sort(plan: &mut Plan) {
    let mut rank: HashMap<String, usize> = HashMap::new();
    for (number, level) in levels(plan).into_iter().enumerate() {
        for key in level {
            rank.insert(key.to_owned(), number + 1);
        }
    }
    plan.stuck = plan
        .to_build()
        .map(|(key, _)| key.clone())
        .filter(|key| !rank.contains_key(key))
        .collect();
    plan.packages.sort_by(|a_key, a, b_key, b| {
        let place = |key: &str, state: State| match state {
            State::Build => rank.get(key).copied().unwrap_or(usize::MAX),
            _ => 0,
        };
        place(a_key, a.state)
            .cmp(&place(b_key, b.state))
            .then_with(|| a_key.cmp(b_key))
    });
}
