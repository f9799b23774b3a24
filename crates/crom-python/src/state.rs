//! What code inside the interpreter needs to know of the outside: the caller's configuration, the
//! phase that runs, and a notebook of what the recipe read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crom_model::conf::Conf;
use crom_model::reporter::Reporter;
use crom_recipe::Reads;

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
    pub(crate) registry: Registry,
    now: RwLock<Now>,
    reads: Mutex<Reads>,
    /// Attributes of Conan 1 that recipes used, by attribute.
    deprecated: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

/// What runs at the moment.
#[derive(Clone, Debug)]
struct Now {
    mode: Mode,
    scope: String,
    method: Option<String>,
}

impl Shared {
    pub(crate) fn new(config: HostConfig) -> Self {
        let now = Now {
            mode: Mode::Resolve,
            scope: String::new(),
            method: None,
        };
        Self {
            config,
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
        };
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = now;
        *self.reads.lock().unwrap_or_else(PoisonError::into_inner) = Reads::default();
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
        let mut deprecated = self
            .deprecated
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        deprecated.entry(name.to_owned()).or_default().insert(scope);
    }

    pub(crate) fn deprecated(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.deprecated
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn note_opaque(&self) {
        self.reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .opaque = true;
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
