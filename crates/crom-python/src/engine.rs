//! What lives in the interpreter between two questions: loaded recipes and their live objects.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crom_recipe::{InstanceId, PythonRequire, Reads, RecipeError, RecipeFile, RecipeSource};
use rustpython_vm as vm;
use vm::{PyObjectRef, PyResult, VirtualMachine};

use crate::native::{attribute_of, yaml};
use crate::sandbox::Mode;
use crate::state::Shared;
use crate::{errors, loader};

/// A recipe's module and its class.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) module: PyObjectRef,
    pub(crate) class: PyObjectRef,
    /// What loading it read: holds for each phase that uses it.
    reads: Arc<Reads>,
}

/// The interpreter with everything in it.
pub(crate) struct Engine<'vm> {
    pub(crate) vm: &'vm VirtualMachine,
    pub(crate) shared: Arc<Shared>,
    loaded: HashMap<String, Loaded>,
    live: HashMap<InstanceId, Live>,
    /// Does the home have hooks? Looked up once.
    hooks: OnceCell<bool>,
}

/// A configured recipe.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) object: PyObjectRef,
    /// `layout()` ran, or its result was put in place.
    pub(crate) laid_out: bool,
}

impl<'vm> Engine<'vm> {
    pub(crate) fn new(vm: &'vm VirtualMachine, shared: Arc<Shared>) -> Self {
        // A facade that can't be imported shows up with the first recipe.
        let _ = attribute_of(vm, "conan.internal.loader", "install").and_then(|it| it.call((), vm));
        Self {
            vm,
            shared,
            loaded: HashMap::new(),
            live: HashMap::new(),
            hooks: OnceCell::new(),
        }
    }

    /// Imports a module that comes with the interpreter, for later; others are left alone. A failure
    /// shows where it is imported for use.
    pub(crate) fn import(&mut self, module: &str) {
        let frozen = self.vm.state.frozen.contains_key(module);
        if frozen || self.vm.state.module_defs.contains_key(module) {
            self.begin(Mode::Noted, "");
            let name = self.vm.ctx.new_str(module);
            let _ = self.vm.import(&name, 0);
        }
    }

    pub(crate) fn live(&self, instance: InstanceId) -> Option<Live> {
        self.live.get(&instance).cloned()
    }

    pub(crate) fn keep(&mut self, instance: InstanceId, live: Live) {
        self.live.insert(instance, live);
    }

    pub(crate) fn forget(&mut self, instance: InstanceId) {
        self.live.remove(&instance);
    }

    /// The class of a recipe, with what it takes from its python requires.
    pub(crate) fn load(
        &mut self,
        recipe: &RecipeFile,
        requires: &[Arc<PythonRequire>],
    ) -> Result<Loaded, RecipeError> {
        match &recipe.source {
            RecipeSource::Python(path) => self.load_file(recipe, path, requires),
            RecipeSource::Declared { display, .. } => {
                let class = attribute_of(self.vm, "conan.internal.loader", "declared")
                    .and_then(|make| make.call((display.as_str(),), self.vm));
                let class = class.map_err(|error| errors::describe(&error, display, self.vm))?;
                Ok(Loaded {
                    module: self.vm.ctx.none(),
                    class,
                    reads: Arc::default(),
                })
            }
        }
    }

    fn load_file(
        &mut self,
        recipe: &RecipeFile,
        path: &Path,
        requires: &[Arc<PythonRequire>],
    ) -> Result<Loaded, RecipeError> {
        let shown = path.to_string_lossy().into_owned();
        let key = self.key(recipe, path, requires);
        if let Some(loaded) = self.loaded.get(&key) {
            self.shared.include(&loaded.reads);
            return Ok(loaded.clone());
        }
        let shared = Arc::clone(&self.shared);
        let (loaded, reads) = shared.noting(|| {
            let needed = self.load_requires(requires)?;
            self.shared.set_method(None);
            let name = format!("conanfile_{}", &loader::digest(key.as_bytes())[..16]);
            self.execute(&shown, &recipe.folder.to_string_lossy(), &name, needed)
                .and_then(|loaded| {
                    self.set_conan_data(&loaded, recipe)?;
                    Ok(loaded)
                })
                .map_err(|error| errors::in_loading(&error, &shown, self.vm))
        });
        let mut loaded = loaded?;
        shared.include(&reads);
        loaded.reads = Arc::new(reads);
        self.loaded.insert(key, loaded.clone());
        Ok(loaded)
    }

    /// A recipe is loaded again when its file, or a file it takes its bases from, may be another.
    fn key(&self, recipe: &RecipeFile, path: &Path, requires: &[Arc<PythonRequire>]) -> String {
        let mut key = path.to_string_lossy().into_owned();
        key.push('\0');
        match &recipe.digest {
            Some(digest) => key.push_str(digest),
            // The file and its neighbours may have been edited.
            None => {
                let content = crom_fs::read(path).unwrap_or_default();
                key.push_str(&loader::digest(&content));
                let data = crom_fs::read(recipe.folder.join("conandata.yml")).unwrap_or_default();
                key.push_str(&loader::digest(&data));
            }
        }
        for require in requires {
            key.push('\0');
            key.push_str(&require.reference.repr_notime());
        }
        key
    }

    /// (module, class, reference, path) of all, those that are required by others after them.
    fn load_requires(
        &mut self,
        requires: &[Arc<PythonRequire>],
    ) -> Result<Vec<PyObjectRef>, RecipeError> {
        let mut found = Vec::new();
        for require in requires {
            let loaded = self.load(&require.recipe, &require.requires)?;
            let vm = self.vm;
            let reference = require.reference.repr_notime();
            let folder = require.recipe.folder.to_string_lossy().into_owned();
            let entry = vec![
                loaded.module,
                loaded.class,
                vm.ctx.new_str(reference).into(),
                vm.ctx.new_str(folder).into(),
            ];
            found.push(vm.ctx.new_tuple(entry).into());
        }
        for require in requires {
            found.extend(self.load_requires(&require.requires)?);
        }
        Ok(found)
    }

    fn execute(
        &self,
        path: &str,
        folder: &str,
        name: &str,
        requires: Vec<PyObjectRef>,
    ) -> PyResult<Loaded> {
        let vm = self.vm;
        let function = |name: &'static str| attribute_of(vm, "conan.internal.loader", name);
        let module = function("load")?.call((path, folder, name), vm)?;
        let class = function("recipe_class")?.call((module.clone(), path), vm)?;
        let class = if requires.is_empty() {
            class
        } else {
            function("bind")?.call((class, vm.ctx.new_list(requires)), vm)?
        };
        Ok(Loaded {
            module,
            class,
            reads: Arc::default(),
        })
    }

    fn set_conan_data(&self, loaded: &Loaded, recipe: &RecipeFile) -> PyResult<()> {
        let vm = self.vm;
        let path = recipe.folder.join("conandata.yml");
        let shown = path.to_string_lossy().into_owned();
        self.shared.note_file(&shown);
        if !crom_fs::is_file(&path) {
            return Ok(());
        }
        let invalid = |text: String| {
            let text = format!("Invalid yml format at conandata.yml: {text}");
            crate::native::exception(vm, "ConanException", text)
        };
        let text = crom_fs::read_text(&path).map_err(|error| invalid(error.to_string()))?;
        let data =
            crom_model::yaml::load(&text, &shown).map_err(|error| invalid(error.to_string()))?;
        loaded
            .class
            .set_attr("conan_data", yaml::to_python(&data, vm)?, vm)
    }

    /// A phase starts.
    pub(crate) fn begin(&self, mode: Mode, scope: &str) {
        self.shared.begin(mode, scope);
    }

    /// True if the recipe defines the method.
    pub(crate) fn defines(&self, object: &PyObjectRef, method: &'static str) -> bool {
        object
            .get_attr(method, self.vm)
            .is_ok_and(|it| !self.vm.is_none(&it))
    }

    /// Runs a method if the recipe has it. None if it hasn't.
    pub(crate) fn run(
        &self,
        object: &PyObjectRef,
        method: &'static str,
        forbidden: &[&str],
    ) -> Result<Option<PyObjectRef>, RecipeError> {
        match self.run_raw(object, method, forbidden) {
            Ok(answer) => Ok(answer),
            Err(error) => Err(errors::in_method(
                &error,
                &self.shared.scope(),
                method,
                self.vm,
            )),
        }
    }

    /// The same with the exception as it is.
    pub(crate) fn run_raw(
        &self,
        object: &PyObjectRef,
        method: &'static str,
        forbidden: &[&str],
    ) -> PyResult<Option<PyObjectRef>> {
        let vm = self.vm;
        let Ok(bound) = object.get_attr(method, vm) else {
            return Ok(None);
        };
        if vm.is_none(&bound) {
            return Ok(None);
        }
        self.shared.set_method(Some(&format!("{method}()")));
        let signs = self.forbid(object, method, forbidden)?;
        let answer = bound.call((), vm);
        if let Some(signs) = signs {
            let class: PyObjectRef = object.class().to_owned().into();
            attribute_of(vm, "conan.internal.loader", "permit")?.call((class, signs), vm)?;
        }
        self.shared.set_method(None);
        answer.map(Some)
    }

    /// Calls the hooks of the home for one moment. They may do everything, at any time.
    pub(crate) fn hook(&self, object: &PyObjectRef, point: &str) -> Result<(), RecipeError> {
        let folder = || self.shared.config.home.join("extensions").join("hooks");
        if !*self.hooks.get_or_init(|| crom_fs::is_dir(folder())) {
            return Ok(());
        }
        // What they do can't be had from a memory of earlier runs.
        self.shared.note_opaque();
        let mode = self.shared.switch(Mode::Act);
        let ran = attribute_of(self.vm, "conan.internal.extensions", "run_hooks")
            .and_then(|run| run.call((object.clone(), point), self.vm));
        self.shared.switch(mode);
        ran.map(drop)
            .map_err(|error| errors::describe(&error, "", self.vm))
    }

    fn forbid(
        &self,
        object: &PyObjectRef,
        method: &str,
        forbidden: &[&str],
    ) -> PyResult<Option<PyObjectRef>> {
        if forbidden.is_empty() {
            return Ok(None);
        }
        let vm = self.vm;
        let names = forbidden
            .iter()
            .map(|name| vm.ctx.new_str(*name).into())
            .collect();
        let class: PyObjectRef = object.class().to_owned().into();
        let forbid = attribute_of(vm, "conan.internal.loader", "forbid")?;
        forbid
            .call((class, vm.ctx.new_list(names), method), vm)
            .map(Some)
    }
}
