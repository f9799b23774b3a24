use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A number of slots without any process.
struct Count {
    free: AtomicUsize,
    all: usize,
}

impl Count {
    fn new(all: usize) -> Self {
        Self {
            free: AtomicUsize::new(all),
            all,
        }
    }
}

impl Slots for Count {
    fn try_take(&self) -> bool {
        self.free
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |free| {
                free.checked_sub(1)
            })
            .is_ok()
    }

    fn give_back(&self) {
        self.free.fetch_add(1, Ordering::SeqCst);
    }

    fn all_idle(&self) {
        assert_eq!(self.free.load(Ordering::SeqCst), self.all);
    }
}

/// Notes what runs, and how much at once.
#[derive(Default)]
struct Recorder {
    now: AtomicUsize,
    most: AtomicUsize,
    failing: Vec<TaskId>,
}

impl Executor for Recorder {
    fn run(&self, task: TaskId) -> Result<(), String> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(15));
        self.now.fetch_sub(1, Ordering::SeqCst);
        if self.failing.contains(&task) {
            return Err(String::from("no"));
        }
        Ok(())
    }
}

fn place(order: &[TaskId], id: TaskId) -> usize {
    order.iter().position(|it| *it == id).unwrap()
}

/// a ─► b ─► c, a ─► d, and two alone.
fn tree() -> (Dag, [TaskId; 6]) {
    let mut dag = Dag::default();
    let e = dag.add([]);
    let a = dag.add([]);
    let b = dag.add([a]);
    let c = dag.add([b]);
    let d = dag.add([a]);
    let f = dag.add([]);
    (dag, [a, b, c, d, e, f])
}

#[test]
fn needs_come_first_and_slots_are_kept_busy() {
    let (dag, [a, b, c, d, e, f]) = tree();
    let recorder = Recorder::default();
    let slots = Count::new(2);
    let mut order = Vec::new();
    let outcomes = run(&dag, &slots, Policy::KeepGoing, &recorder, &mut |event| {
        if let Event::Started(id) = event {
            order.push(*id);
        }
    });
    assert!(outcomes.iter().all(|it| matches!(it, Outcome::Done(_))));
    assert_eq!(order.len(), 6);
    for (first, then) in [(a, b), (b, c), (a, d)] {
        assert!(place(&order, first) < place(&order, then));
    }
    assert_eq!(order[0], a, "what holds up most is started first");
    assert!(place(&order, b) < place(&order, f) || place(&order, e) < place(&order, f));
    assert_eq!(recorder.most.load(Ordering::SeqCst), 2);
}

#[test]
fn a_failure_stops_what_needs_it() {
    let (dag, [a, b, c, d, e, f]) = tree();
    let recorder = Recorder {
        failing: vec![b],
        ..Recorder::default()
    };
    let mut events = Vec::new();
    let outcomes = run(
        &dag,
        &Count::new(1),
        Policy::KeepGoing,
        &recorder,
        &mut |event| {
            events.push(event.clone());
        },
    );
    assert!(matches!(&outcomes[b.0], Outcome::Failed(_, text) if text == "no"));
    assert_eq!(outcomes[c.0], Outcome::Blocked(b));
    for done in [a, d, e, f] {
        assert!(matches!(outcomes[done.0], Outcome::Done(_)));
    }
    assert!(!events.contains(&Event::Started(c)));
    assert!(events.contains(&Event::Ended(c, Outcome::Blocked(b))));
}

#[test]
fn or_everything() {
    let (dag, [a, ..]) = tree();
    let recorder = Recorder {
        failing: vec![a],
        ..Recorder::default()
    };
    let outcomes = run(
        &dag,
        &Count::new(1),
        Policy::StopAtFailure,
        &recorder,
        &mut |_| {},
    );
    let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|it| wanted(it)).count();
    assert_eq!(count(|it| matches!(it, Outcome::Failed(..))), 1);
    assert_eq!(count(|it| matches!(it, Outcome::Blocked(_))), 3);
    assert_eq!(count(|it| matches!(it, Outcome::Stopped)), 2);
}

#[test]
fn nothing_to_do_is_done_at_once() {
    let dag = Dag::default();
    let recorder = Recorder::default();
    assert!(
        run(
            &dag,
            &Count::new(1),
            Policy::KeepGoing,
            &recorder,
            &mut |_| {}
        )
        .is_empty()
    );
}

#[test]
fn a_wide_graph_uses_all_slots_and_no_more() {
    let mut dag = Dag::default();
    let first = dag.add([]);
    let middle: Vec<TaskId> = (0..20).map(|_| dag.add([first])).collect();
    dag.add(middle);
    let recorder = Recorder::default();
    let outcomes = run(
        &dag,
        &Count::new(4),
        Policy::KeepGoing,
        &recorder,
        &mut |_| {},
    );
    assert_eq!(outcomes.len(), 22);
    assert_eq!(recorder.most.load(Ordering::SeqCst), 4);
}
