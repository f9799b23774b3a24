//! Tasks are run as soon as their needs are done and a slot is free.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::{Dag, TaskId};

/// How often a slot is looked for that others may have given back.
const PATIENCE: Duration = Duration::from_millis(20);

/// Does the work of a task; called in a thread of its own.
pub trait Executor: Sync {
    /// The text of a failure says why in one line.
    ///
    /// # Errors
    /// The task failed.
    fn run(&self, task: TaskId) -> Result<(), String>;
}

/// How many tasks may run.
pub trait Slots {
    /// Takes a slot if one is free.
    fn try_take(&self) -> bool;
    /// Gives one back.
    fn give_back(&self);
    /// Nothing runs now: all slots must be free, whatever was lost by processes that were killed.
    fn all_idle(&self);
}

/// What a failure stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Only what needs the failed task.
    KeepGoing,
    /// Everything that doesn't run yet.
    StopAtFailure,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done(Duration),
    /// It failed.
    Failed(Duration, String),
    /// Something that it needs failed: the task that failed first.
    Blocked(TaskId),
    /// It was never started, since another failed.
    Stopped,
}

/// What happens while tasks run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A task starts.
    Started(TaskId),
    /// It ended; blocked tasks end without having started.
    Ended(TaskId, Outcome),
    /// Nothing happened for a while.
    Tick,
}

/// Runs all tasks. What happens is told in the calling thread.
pub fn run(
    dag: &Dag,
    slots: &dyn Slots,
    policy: Policy,
    executor: &dyn Executor,
    observe: &mut dyn FnMut(&Event),
) -> Vec<Outcome> {
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        let mut schedule = Schedule::new(dag, policy, observe);
        loop {
            while schedule.has_ready() && slots.try_take() {
                let Some(task) = schedule.start() else {
                    slots.give_back();
                    break;
                };
                let sender: Sender<Ended> = sender.clone();
                scope.spawn(move || {
                    let begin = Instant::now();
                    let result = executor.run(task);
                    // The schedule waits for all that it started.
                    let _ = sender.send((task, begin.elapsed(), result));
                });
            }
            if schedule.running == 0 {
                slots.all_idle();
                if !schedule.has_ready() {
                    break;
                }
            }
            schedule.wait(&receiver, slots);
        }
        schedule.finish()
    })
}

type Ended = (TaskId, Duration, Result<(), String>);

struct Schedule<'a> {
    dag: &'a Dag,
    policy: Policy,
    observe: &'a mut dyn FnMut(&Event),
    heights: Vec<usize>,
    needed_by: Vec<Vec<TaskId>>,
    /// How many needs of each task aren't done.
    open: Vec<usize>,
    /// By height from the top, then by the order of adding.
    ready: BTreeSet<(std::cmp::Reverse<usize>, TaskId)>,
    running: usize,
    outcomes: Vec<Option<Outcome>>,
    stopped: bool,
}

impl<'a> Schedule<'a> {
    fn new(dag: &'a Dag, policy: Policy, observe: &'a mut dyn FnMut(&Event)) -> Self {
        let mut schedule = Self {
            dag,
            policy,
            observe,
            heights: dag.heights(),
            needed_by: dag.needed_by(),
            open: dag.ids().map(|id| dag.needs(id).len()).collect(),
            ready: BTreeSet::new(),
            running: 0,
            outcomes: vec![None; dag.len()],
            stopped: false,
        };
        for id in dag.ids().filter(|id| dag.needs(*id).is_empty()) {
            schedule.make_ready(id);
        }
        schedule
    }

    fn make_ready(&mut self, id: TaskId) {
        self.ready
            .insert((std::cmp::Reverse(self.heights[id.0]), id));
    }

    fn has_ready(&self) -> bool {
        !self.stopped && !self.ready.is_empty()
    }

    fn start(&mut self) -> Option<TaskId> {
        let (_, id) = self.ready.pop_first()?;
        self.running += 1;
        (self.observe)(&Event::Started(id));
        Some(id)
    }

    fn wait(&mut self, receiver: &Receiver<Ended>, slots: &dyn Slots) {
        match receiver.recv_timeout(PATIENCE) {
            Ok((id, time, result)) => {
                self.running -= 1;
                slots.give_back();
                self.end(id, time, result);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                (self.observe)(&Event::Tick);
            }
        }
    }

    fn end(&mut self, id: TaskId, time: Duration, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.note(id, Outcome::Done(time));
                for next in self.needed_by[id.0].clone() {
                    self.open[next.0] -= 1;
                    if self.open[next.0] == 0 && self.outcomes[next.0].is_none() {
                        self.make_ready(next);
                    }
                }
            }
            Err(text) => {
                self.note(id, Outcome::Failed(time, text));
                self.block(id);
                self.stopped |= self.policy == Policy::StopAtFailure;
            }
        }
    }

    /// Everything above a failed task.
    fn block(&mut self, failed: TaskId) {
        let mut open = self.needed_by[failed.0].clone();
        while let Some(id) = open.pop() {
            if self.outcomes[id.0].is_none() {
                self.note(id, Outcome::Blocked(failed));
                open.extend(self.needed_by[id.0].iter().copied());
            }
        }
    }

    fn note(&mut self, id: TaskId, outcome: Outcome) {
        (self.observe)(&Event::Ended(id, outcome.clone()));
        self.outcomes[id.0] = Some(outcome);
    }

    fn finish(mut self) -> Vec<Outcome> {
        for id in self.dag.ids() {
            if self.outcomes[id.0].is_none() {
                self.note(id, Outcome::Stopped);
            }
        }
        self.outcomes.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
