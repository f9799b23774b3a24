//! [`PythonHost`]: questions from any thread, answered by the interpreter's own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crom_recipe::{
    ActInput, ActOutput, ConfigureInput, ConfigureOutput, DescribeInput, DescribeOutput,
    GivenReference, IdentifyInput, IdentifyOutput, InspectInput, InstanceId, PlainExport,
    PluginInput, PluginOutput, PythonRequires, RecipeAttributes, RecipeError, RecipeErrorKind,
    RecipeFile, RecipeHost, RecipeSource,
};

use indexmap::IndexMap;

use crate::boot;
use crate::engine::Engine;
use crate::imports::Imports;
use crate::loader::Compiled;
use crate::state::{self, HostConfig, Shared};
use crate::{phases, plain_export};

/// The interpreter aborts the process when the stack ends, e.g. on deeply nested data.
const STACK: usize = 64 << 20;

type Job = Box<dyn FnOnce(&mut Engine<'_>) + Send>;

/// Runs recipes with the embedded interpreter.
///
/// Costs nothing until the first question; then a thread with an interpreter starts and answers all
/// questions in turn. For recipes to run in parallel, use several hosts or several processes.
#[derive(Debug)]
pub struct PythonHost {
    config: HostConfig,
    compiled: Arc<Compiled>,
    worker: OnceLock<Worker>,
}

struct Worker {
    shared: Arc<Shared>,
    jobs: Mutex<mpsc::Sender<Job>>,
    imports: Arc<Imports>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

impl PythonHost {
    /// A host that will use this configuration.
    pub fn new(config: HostConfig) -> Self {
        Self {
            config,
            compiled: Arc::default(),
            worker: OnceLock::new(),
        }
    }

    fn worker(&self) -> &Worker {
        self.worker
            .get_or_init(|| start(&self.config, Arc::clone(&self.compiled)))
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Engine<'_>) -> Result<T, RecipeError> + Send + 'static,
    ) -> Result<T, RecipeError> {
        let worker = self.worker();
        let (sender, receiver) = mpsc::channel();
        let job: Job = Box::new(move |engine| {
            let answer = catch_unwind(AssertUnwindSafe(|| question(engine)));
            let answer = answer.unwrap_or_else(|_| {
                Err(broken(
                    "the interpreter failed on this recipe; this is a bug in Crom",
                ))
            });
            // Whoever asked may be gone.
            let _ = sender.send(answer);
        });
        let sent = worker
            .jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(job);
        if sent.is_err() {
            return Err(broken("the interpreter's thread has ended"));
        }
        receiver
            .recv()
            .unwrap_or_else(|_| Err(broken("the interpreter's thread has ended")))
    }
}

fn broken(text: &str) -> RecipeError {
    RecipeError::new(RecipeErrorKind::Exception, "", text)
}

fn start(config: &HostConfig, compiled: Arc<Compiled>) -> Worker {
    let (jobs, queue) = mpsc::channel::<Job>();
    let shared = Arc::new(Shared::new(config.clone(), compiled));
    let kept = shared.clone();
    let imports = Arc::new(Imports::default());
    let open = Arc::clone(&imports);
    let serve = move || {
        state::install(shared.clone());
        let interpreter = boot::boot();
        interpreter.enter(|vm| {
            let mut engine = Engine::new(vm, shared);
            serve_all(&queue, &open, &mut engine);
            // Taking it apart takes longer than ending the process.
            std::mem::forget(engine);
        });
        std::mem::forget(interpreter);
    };
    let builder = std::thread::Builder::new()
        .name("python".to_owned())
        .stack_size(STACK);
    // Without a thread the queue's other end is dropped, and every question is answered with that.
    let _ = builder.spawn(serve);
    Worker {
        shared: kept,
        jobs: Mutex::new(jobs),
        imports,
    }
}

/// Answers questions until nobody can ask any more. While there is none, imports what recipes will.
fn serve_all(queue: &mpsc::Receiver<Job>, imports: &Imports, engine: &mut Engine<'_>) {
    loop {
        let job = match queue.try_recv() {
            Ok(job) => job,
            Err(mpsc::TryRecvError::Disconnected) => return,
            Err(mpsc::TryRecvError::Empty) => match imports.next() {
                Some(module) => {
                    engine.import(&module);
                    continue;
                }
                None => match queue.recv() {
                    Ok(job) => job,
                    Err(_) => return,
                },
            },
        };
        job(engine);
    }
}

impl RecipeHost for PythonHost {
    fn python_requires(&self, recipe: &RecipeFile) -> Result<PythonRequires, RecipeError> {
        let recipe = recipe.clone();
        self.ask(move |engine| phases::inspect::python_requires(engine, &recipe))
    }

    fn inspect(&self, input: &Arc<InspectInput>) -> Result<Arc<RecipeAttributes>, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::inspect::inspect(engine, &input))
    }

    fn configure(&self, input: &Arc<ConfigureInput>) -> Result<ConfigureOutput, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::configure::configure(engine, &input))
    }

    fn identify(&self, input: &IdentifyInput) -> Result<IdentifyOutput, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::identify::identify(engine, &input))
    }

    fn describe(&self, input: &DescribeInput) -> Result<DescribeOutput, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::describe::describe(engine, &input))
    }

    fn act(&self, input: &ActInput) -> Result<ActOutput, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::act::act(engine, &input))
    }

    fn plugin(&self, input: &PluginInput) -> Result<PluginOutput, RecipeError> {
        let input = input.clone();
        self.ask(move |engine| phases::plugin::plugin(engine, &input))
    }

    fn deprecated_uses(&self) -> IndexMap<String, Vec<String>> {
        self.worker
            .get()
            .map(|worker| worker.shared.deprecated())
            .unwrap_or_default()
    }

    fn plain_export(&self, recipe: &RecipeFile, given: &GivenReference) -> Option<PlainExport> {
        const EXTRA_PATCHES: &str = "core.sources.patch:extra_path";
        let RecipeSource::Python(path) = &recipe.source else {
            return None;
        };
        let hooks = self.config.home.join("extensions").join("hooks");
        let extra = self.config.global_conf.get_str(EXTRA_PATCHES);
        if crom_fs::is_dir(hooks) || !matches!(extra, Ok(None)) {
            return None;
        }
        plain_export::read(&crom_fs::read_text(path).ok()?, given)
    }

    fn make_ready(&self, path: &Path, content: &[u8]) {
        // It takes its time to start, in its own thread.
        let worker = self.worker();
        if worker.imports.expect(content) {
            let jobs = worker.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            // Only to wake it.
            let _ = jobs.send(Box::new(|_| {}));
        }
        let cache = self.config.bytecode_cache.as_deref();
        self.compiled.make(path, content, cache);
    }

    fn forget(&self, instance: InstanceId) {
        if self.worker.get().is_some() {
            // Nothing can fail here.
            let _ = self.ask(move |engine| {
                engine.forget(instance);
                Ok(())
            });
        }
    }
}
