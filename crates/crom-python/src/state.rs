//! What code inside the interpreter needs to know of the outside: the caller's configuration, the
//! phase that runs, and a notebook of what the recipe read.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crom_model::conf::Conf;
use crom_model::reporter::{Level, Progress, Reporter, Said, Style};
use crom_recipe::Reads;
use indexmap::IndexMap;

use crate::loader::Compiled;
use crate::sandbox::Mode;
use crate::tools::Registry;

/// What a [`PythonHost`](crate::PythonHost) is given.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Gets `self.output` of recipes and what tools have to say.
    pub reporter: Arc<dyn Reporter>,
    /// A folder for compiled recipes; none compiles each time. Needs no cleaning to stay correct.
    pub bytecode_cache: Option<PathBuf>,
    /// The Conan home, for tools that need it (download cache, extensions).
    pub home: PathBuf,
    /// `global.conf` as it holds for all packages: `core.*` confs that tools read.
    pub global_conf: Arc<Conf>,
}

/// One per interpreter.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: HostConfig,
    /// Code that was compiled before the interpreter asked for it.
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) registry: Registry,
    now: RwLock<Now>,
    reads: Mutex<Reads>,
    /// Attributes of Conan 1 that recipes used, by attribute.
    deprecated: Mutex<IndexMap<String, Vec<String>>>,
}

/// What runs at the moment.
#[derive(Clone, Debug)]
struct Now {
    mode: Mode,
    scope: String,
    method: Option<String>,
    /// An earlier phase runs again only to make its object: it has said its piece.
    muted: bool,
}

impl Shared {
    pub(crate) fn new(mut config: HostConfig, compiled: Arc<Compiled>) -> Self {
        config.reporter = Arc::new(Noting(config.reporter));
        let now = Now {
            mode: Mode::Resolve,
            scope: String::new(),
            method: None,
            muted: false,
        };
        Self {
            config,
            compiled,
            registry: Registry::complete(),
            now: RwLock::new(now),
            reads: Mutex::default(),
            deprecated: Mutex::default(),
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        self.now.read().unwrap_or_else(PoisonError::into_inner).mode
    }

    pub(crate) fn method(&self) -> Option<String> {
        self.now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .method
            .clone()
    }

    pub(crate) fn scope(&self) -> String {
        self.now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .scope
            .clone()
    }

    /// A phase starts; returns what was noted before.
    pub(crate) fn begin(&self, mode: Mode, scope: &str) {
        let now = Now {
            mode,
            scope: scope.to_owned(),
            method: None,
            muted: false,
        };
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        *self.reads.lock().unwrap_or_else(PoisonError::into_inner) = Reads::default();
    }

    /// Goes on in another mode; returns the one before.
    pub(crate) fn switch(&self, mode: Mode) -> Mode {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut now.mode, mode)
    }

    pub(crate) fn set_method(&self, method: Option<&str>) {
        self.now
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .method = method.map(str::to_owned);
    }

    pub(crate) fn set_scope(&self, scope: &str) {
        self.now
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .scope = scope.to_owned();
    }

    /// Does `work` without a word from the recipe: it was said when the phase ran first.
    pub(crate) fn muted<R>(&self, work: impl FnOnce() -> R) -> R {
        let set = |value| {
            let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut now.muted, value)
        };
        let before = set(true);
        let done = work();
        set(before);
        done
    }

    /// Hands a message of the recipe on.
    fn say(&self, reporter: &dyn Reporter, said: impl FnOnce() -> Said) {
        let (muted, mode) = {
            let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
            (now.muted, now.mode)
        };
        if muted {
            return;
        }
        let said = said();
        said.say(reporter);
        if mode != Mode::Act {
            let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
            reads.said.push(said);
        }
    }

    /// Notes what `work` reads for itself, beside what was noted before.
    pub(crate) fn noting<R>(&self, work: impl FnOnce() -> R) -> (R, Reads) {
        let swap = |value| {
            let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *reads, value)
        };
        let before = swap(Reads::default());
        let done = work();
        (done, swap(before))
    }

    /// Adds to what was noted.
    pub(crate) fn include(&self, loading: &Reads) {
        self.reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .include(loading);
    }

    /// What was noted since [`Self::begin`].
    pub(crate) fn take_reads(&self) -> Reads {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = std::mem::take(&mut *reads);
        taken.files.sort();
        taken.files.dedup();
        taken
    }

    pub(crate) fn note_file(&self, path: &str) {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if reads.files.last().is_none_or(|last| last != path) {
            let path = match crom_fs::absolute(path) {
                Ok(absolute) => absolute.to_string_lossy().into_owned(),
                Err(_) => path.to_owned(),
            };
            reads.files.push(path);
        }
    }

    pub(crate) fn note_environment(&self, name: &str, value: Option<&str>) {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads
            .environment
            .insert(name.to_owned(), value.map(str::to_owned));
    }

    /// The recipe that runs used an attribute of Conan 1.
    pub(crate) fn note_deprecated(&self, name: &str) {
        let scope = self.scope();
        self.reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .deprecated
            .push((name.to_owned(), scope.clone()));
        let mut deprecated = self
            .deprecated
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let scopes = deprecated.entry(name.to_owned()).or_default();
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }

    pub(crate) fn deprecated(&self) -> IndexMap<String, Vec<String>> {
        self.deprecated
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Another package of the graph was looked at.
    pub(crate) fn note_graph(&self) {
        self.reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .graph = true;
    }

    pub(crate) fn note_opaque(&self) {
        self.reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .opaque = true;
    }
}

/// Notes what recipes say while a graph is resolved, and keeps quiet about what was said before.
#[derive(Debug)]
struct Noting(Arc<dyn Reporter>);

impl Reporter for Noting {
    fn message(&self, level: Level, style: Style, scope: &str, text: &str) {
        match shared() {
            None => self.0.message(level, style, scope, text),
            Some(shared) => shared.say(&*self.0, || Said::Message {
                level,
                style,
                scope: scope.to_owned(),
                text: text.to_owned(),
            }),
        }
    }

    fn warning(&self, tag: Option<&str>, scope: &str, text: &str) {
        match shared() {
            None => self.0.warning(tag, scope, text),
            Some(shared) => shared.say(&*self.0, || Said::Warning {
                tag: tag.map(str::to_owned),
                scope: scope.to_owned(),
                text: text.to_owned(),
            }),
        }
    }

    fn raw(&self, bytes: &[u8]) {
        match shared() {
            // The output of programs isn't text, and programs are no part of what is kept.
            Some(shared) if shared.mode() != Mode::Act => shared.say(&*self.0, || {
                Said::Raw(String::from_utf8_lossy(bytes).into_owned())
            }),
            _ => self.0.raw(bytes),
        }
    }

    fn progress(&self, title: &str, total: Option<u64>) -> Box<dyn Progress> {
        self.0.progress(title, total)
    }

    fn interactive(&self) -> bool {
        self.0.interactive()
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
}

/// For threads that a recipe starts.
static LATEST: Mutex<Option<Arc<Shared>>> = Mutex::new(None);

/// Binds this thread, which is an interpreter's own, to its state.
pub(crate) fn install(shared: Arc<Shared>) {
    *LATEST.lock().unwrap_or_else(PoisonError::into_inner) = Some(shared.clone());
    CURRENT.with(|it| *it.borrow_mut() = Some(shared));
}

/// The state of the interpreter that this thread belongs to.
pub(crate) fn shared() -> Option<Arc<Shared>> {
    CURRENT.with(|it| it.borrow().clone()).or_else(|| {
        LATEST
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    })
}
