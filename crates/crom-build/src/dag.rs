//! What needs what.

/// A task of a [`Dag`], by the order of adding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub usize);

/// Tasks and what each needs. A task needs only tasks that were added before it, so there are no
/// circles.
#[derive(Clone, Debug, Default)]
pub struct Dag {
    needs: Vec<Vec<TaskId>>,
}

impl Dag {
    /// Adds a task. Needs of tasks that there aren't (yet) are left out.
    pub fn add(&mut self, needs: impl IntoIterator<Item = TaskId>) -> TaskId {
        let id = TaskId(self.needs.len());
        let mut needs: Vec<TaskId> = needs.into_iter().filter(|need| *need < id).collect();
        needs.sort_unstable();
        needs.dedup();
        self.needs.push(needs);
        id
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.needs.len()
    }

    /// True without tasks.
    pub fn is_empty(&self) -> bool {
        self.needs.is_empty()
    }

    /// All tasks, needs first.
    pub fn ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        (0..self.needs.len()).map(TaskId)
    }

    /// What a task needs itself.
    pub fn needs(&self, id: TaskId) -> &[TaskId] {
        &self.needs[id.0]
    }

    /// What needs a task itself.
    pub fn needed_by(&self) -> Vec<Vec<TaskId>> {
        let mut needed_by = vec![Vec::new(); self.len()];
        for id in self.ids() {
            for need in self.needs(id) {
                needed_by[need.0].push(id);
            }
        }
        needed_by
    }

    /// How long the longest chain of tasks is that waits for each task: what holds up most comes first.
    pub fn heights(&self) -> Vec<usize> {
        let mut heights = vec![0; self.len()];
        for index in (0..self.len()).rev() {
            for need in &self.needs[index] {
                heights[need.0] = heights[need.0].max(heights[index] + 1);
            }
        }
        heights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_up_most_is_highest() {
        let mut dag = Dag::default();
        let a = dag.add([]);
        let b = dag.add([a]);
        let c = dag.add([b, a, b]);
        let d = dag.add([a, TaskId(9)]);
        assert_eq!(dag.needs(c), [a, b]);
        assert_eq!(dag.needs(d), [a]);
        assert_eq!(dag.heights(), [2, 1, 0, 0]);
        assert_eq!(dag.needed_by()[a.0], [b, c, d]);
    }
}
