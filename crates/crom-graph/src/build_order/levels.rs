use std::collections::{HashMap, HashSet};

/// Something that waits for others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyed<'a> {
    pub(super) key: &'a String,
    /// Orders items of a level; those with equal text stay in their order.
    pub(super) sort: &'a str,
    /// Keys; those of nothing that is there don't count.
    pub(super) depends: &'a [String],
}

/// Items that wait for each other, and for whom.
type Left<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// Each item in the first level where nothing of an earlier one is missing to it.
pub(super) fn levels(items: Vec<Keyed<'_>>) -> Result<Vec<Vec<&String>>, Left<'_>> {
    let index: HashMap<&str, usize> = items
        .iter()
        .enumerate()
        .map(|(at, item)| (item.key.as_str(), at))
        .collect();
    let mut waiting = vec![0_usize; items.len()];
    let mut consumers: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (at, item) in items.iter().enumerate() {
        let known: HashSet<usize> = item
            .depends
            .iter()
            .filter_map(|dep| index.get(dep.as_str()).copied())
            .collect();
        waiting[at] = known.len();
        known.into_iter().for_each(|dep| consumers[dep].push(at));
    }
    let mut ready: Vec<usize> = (0..items.len()).filter(|at| waiting[*at] == 0).collect();
    let mut done = vec![false; items.len()];
    let mut result = Vec::new();
    while !ready.is_empty() {
        ready.sort_by(|a, b| items[*a].sort.cmp(items[*b].sort).then(a.cmp(b)));
        let mut next = Vec::new();
        for at in &ready {
            done[*at] = true;
            for consumer in &consumers[*at] {
                waiting[*consumer] -= 1;
                if waiting[*consumer] == 0 {
                    next.push(*consumer);
                }
            }
        }
        result.push(ready.iter().map(|at| items[*at].key).collect());
        ready = next;
    }
    if done.iter().all(|it| *it) {
        return Ok(result);
    }
    let left = items.iter().enumerate().filter(|(at, _)| !done[*at]);
    Err(left
        .map(|(_, item)| {
            let waits = item.depends.iter().map(String::as_str);
            let undone = |dep: &&str| index.get(*dep).is_some_and(|at| !done[*at]);
            (item.key.as_str(), waits.filter(undone).collect())
        })
        .collect())
}
