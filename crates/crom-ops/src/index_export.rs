//! Recipes of a local-recipes-index, exported into the index's private cache.
//!
//! An export runs the recipe, unless its text says all ([`PlainExport`]); the next command knows from
//! the state of the files that nothing changed. Plain recipes can be exported by any thread before the
//! graph comes to them; what there is to say is then said when it does.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crom_graph::{GraphOptions, InspectedRecipe, inspect_recipe};
use crom_model::reference::RecipeReference;
use crom_model::reporter::{Level, Reporter, Said, Style};
use crom_recipe::{
    Action, GivenReference, InstanceId, PlainExport, PlainStep, RecipeFile, RecipeMethod,
    RecipeSource,
};
use crom_remote::{FolderSignature, IndexRecipe, LocalRecipesIndex};
use crom_store::cache::{Cache, RecipeLayout};
use crom_store::export::{ExportFolders, ExportInput, ExportStep, export_recipe};
use crom_tools::files::{CopyInput, copy};
use crom_tools::patch::{ConandataPatchesInput, export_conandata_patches};

use crate::graph::NoCatalog;
use crate::source::export_act;
use crate::{OpsError, Session};

/// What a command exported from one index; each recipe once.
#[derive(Debug)]
pub(crate) struct IndexExports {
    cache: Cache,
    done: Mutex<HashMap<RecipeReference, Arc<Mutex<Option<Done>>>>>,
}

/// An export, and what wasn't said about it yet.
#[derive(Debug)]
struct Done {
    layout: RecipeLayout,
    said: Vec<Said>,
    /// A copy, on its way into the user's cache.
    staged: Option<PathBuf>,
}

impl IndexExports {
    /// `cache` is the private cache of the index.
    pub(crate) fn new(cache: Cache) -> Self {
        Self {
            cache,
            done: Mutex::default(),
        }
    }

    /// The recipe as it is in the index now, exported; none if the index doesn't have it, or has
    /// another revision than the one asked for.
    pub(crate) fn get(
        &self,
        session: &Session,
        index: &LocalRecipesIndex,
        reference: &RecipeReference,
    ) -> Result<Option<RecipeLayout>, OpsError> {
        let Some(found) = index.locate(reference)? else {
            return Ok(None);
        };
        let slot = self.slot(&found.reference);
        let mut slot = lock(&slot);
        let layout = match &mut *slot {
            Some(done) => {
                for said in std::mem::take(&mut done.said) {
                    said.say(session.reporter());
                }
                done.layout.clone()
            }
            empty => {
                let layout = self.export(session, index, &found)?;
                *empty = Some(Done {
                    layout: layout.clone(),
                    said: Vec::new(),
                    staged: None,
                });
                layout
            }
        };
        let other = reference.revision.is_some() && reference.revision != layout.reference.revision;
        Ok((!other).then_some(layout))
    }

    /// The same before it is asked for, and only if the recipe needn't run. Failures show when it is
    /// asked for.
    pub(crate) fn ahead(
        &self,
        session: &Session,
        index: &LocalRecipesIndex,
        reference: &RecipeReference,
    ) -> Option<RecipeLayout> {
        let found = index.locate(reference).ok()??;
        let slot = self.slot(&found.reference);
        let mut slot = lock(&slot);
        if slot.is_none() {
            let signature = index.signature(&found).ok()?;
            let mut said = Recorder::default();
            let layout = match self.remembered(index, &found, &signature) {
                Some(layout) => layout,
                None => {
                    let plain = plain(session, &found).ok()??;
                    self.export_plain(index, &found, &signature, &plain, &said)
                        .ok()?
                }
            };
            let cache = session.cache().ok()?;
            *slot = Some(Done {
                staged: cache.stage_recipe(&layout, false).ok(),
                layout,
                said: said.take(),
            });
        }
        slot.as_ref().map(|done| done.layout.clone())
    }

    /// Brings an exported recipe into the user's cache, without exported sources.
    pub(crate) fn bring(
        &self,
        cache: &Cache,
        exported: &RecipeLayout,
    ) -> Result<RecipeLayout, OpsError> {
        let slot = self.slot(&exported.reference.without_revision());
        let staged = lock(&slot).as_mut().and_then(|done| done.staged.take());
        Ok(match staged {
            Some(folder) => cache.add_recipe_later(&exported.reference, &folder)?,
            None => cache.copy_recipe_later(exported, false)?,
        })
    }

    fn slot(&self, reference: &RecipeReference) -> Arc<Mutex<Option<Done>>> {
        Arc::clone(lock(&self.done).entry(reference.clone()).or_default())
    }

    fn remembered(
        &self,
        index: &LocalRecipesIndex,
        recipe: &IndexRecipe,
        signature: &FolderSignature,
    ) -> Option<RecipeLayout> {
        let revision = index.remembered_revision(recipe, signature)?;
        let reference = recipe.reference.with_revision(revision);
        self.cache.recipe(&reference).ok()
    }

    fn export(
        &self,
        session: &Session,
        index: &LocalRecipesIndex,
        recipe: &IndexRecipe,
    ) -> Result<RecipeLayout, OpsError> {
        let signature = index.signature(recipe)?;
        if let Some(layout) = self.remembered(index, recipe, &signature) {
            return Ok(layout);
        }
        match plain(session, recipe)? {
            Some(plain) => self.export_plain(index, recipe, &signature, &plain, session.reporter()),
            None => self.export_running(session, index, recipe, &signature),
        }
    }

    /// Runs the recipe for what it exports.
    fn export_running(
        &self,
        session: &Session,
        index: &LocalRecipesIndex,
        recipe: &IndexRecipe,
        signature: &FolderSignature,
    ) -> Result<RecipeLayout, OpsError> {
        let host = session.host()?;
        let inspected = inspect(session, recipe)?;
        let attributes = &inspected.attributes;
        let instance = InstanceId::next();
        let mut run = |step: ExportStep, folders: &ExportFolders| -> Result<(), OpsError> {
            let (method, action) = match step {
                ExportStep::Export => (RecipeMethod::Export, Action::Export),
                ExportStep::ExportSources => (RecipeMethod::ExportSources, Action::ExportSources),
                ExportStep::Finished => return Ok(()),
            };
            if attributes.has(method) {
                host.act(&export_act(instance, &inspected.inspect, folders, action))?;
            }
            Ok(())
        };
        let input = input(recipe, &attributes.exports, &attributes.exports_sources);
        let exported = export_recipe(&self.cache, &input, &mut run)?;
        host.forget(instance);
        remember(index, recipe, signature, exported.layout)
    }

    fn export_plain(
        &self,
        index: &LocalRecipesIndex,
        recipe: &IndexRecipe,
        signature: &FolderSignature,
        plain: &PlainExport,
        reporter: &dyn Reporter,
    ) -> Result<RecipeLayout, OpsError> {
        let scope = recipe.reference.to_string();
        let mut run = |step: ExportStep, folders: &ExportFolders| -> Result<(), OpsError> {
            if step != ExportStep::ExportSources {
                return Ok(());
            }
            let Some(steps) = &plain.export_sources else {
                return Ok(());
            };
            reporter.status(&scope, "Calling export_sources()");
            steps
                .iter()
                .try_for_each(|step| do_step(step, recipe, folders, reporter))
        };
        let input = input(recipe, &plain.exports, &plain.exports_sources);
        let exported = export_recipe(&self.cache, &input, &mut run)?;
        remember(index, recipe, signature, exported.layout)
    }
}

impl Drop for IndexExports {
    fn drop(&mut self) {
        for slot in lock(&self.done).values() {
            if let Some(folder) = lock(slot).as_mut().and_then(|done| done.staged.take()) {
                // What resists, `cache clean --temp` removes.
                let _ = crom_fs::remove_tree(folder);
            }
        }
    }
}

fn plain(session: &Session, recipe: &IndexRecipe) -> Result<Option<PlainExport>, OpsError> {
    Ok(session.host()?.plain_export(&file(recipe), &given(recipe)))
}

fn inspect(session: &Session, recipe: &IndexRecipe) -> Result<InspectedRecipe, OpsError> {
    let (host, options) = (session.host()?, GraphOptions::default());
    Ok(inspect_recipe(
        file(recipe),
        given(recipe),
        &options,
        &**host,
        &NoCatalog,
    )?)
}

fn file(recipe: &IndexRecipe) -> RecipeFile {
    RecipeFile {
        source: RecipeSource::Python(recipe.conanfile.clone()),
        folder: recipe.folder.clone(),
        digest: None,
    }
}

fn given(recipe: &IndexRecipe) -> GivenReference {
    GivenReference {
        name: Some(recipe.reference.name.clone()),
        version: Some(recipe.reference.version.to_string()),
        ..GivenReference::default()
    }
}

fn input<'a>(
    recipe: &'a IndexRecipe,
    exports: &'a [String],
    exports_sources: &'a [String],
) -> ExportInput<'a> {
    ExportInput {
        reference: recipe.reference.clone(),
        conanfile: &recipe.conanfile,
        exports,
        exports_sources,
        trim_conandata: true,
        revision: None,
        later: true,
    }
}

fn remember(
    index: &LocalRecipesIndex,
    recipe: &IndexRecipe,
    signature: &FolderSignature,
    layout: RecipeLayout,
) -> Result<RecipeLayout, OpsError> {
    if let Some(revision) = &layout.reference.revision {
        index.remember_revision(recipe, signature, revision)?;
    }
    Ok(layout)
}

fn do_step(
    step: &PlainStep,
    recipe: &IndexRecipe,
    folders: &ExportFolders,
    reporter: &dyn Reporter,
) -> Result<(), OpsError> {
    let failed = |error: &dyn std::fmt::Display| {
        OpsError::message(format!(
            "{}: Error in export_sources() method: {error}",
            recipe.reference
        ))
    };
    match step {
        PlainStep::Copy { pattern, from, to } => {
            let input = CopyInput::new(
                pattern.as_str(),
                folders.recipe.join(from),
                folders.export_sources.join(to),
            );
            copy(&input).map_err(|error| failed(&error))?;
        }
        PlainStep::ConandataPatches => {
            let input = ConandataPatchesInput {
                conan_data: conan_data(recipe).map_err(|error| failed(&error))?,
                version: recipe.reference.version.to_string(),
                export_sources_folder: folders.export_sources.clone(),
                recipe_folder: folders.recipe.clone(),
                ..ConandataPatchesInput::default()
            };
            export_conandata_patches(&input, reporter, &recipe.reference.to_string())
                .map_err(|error| failed(&error))?;
        }
    }
    Ok(())
}

fn conan_data(recipe: &IndexRecipe) -> Result<serde_json::Value, OpsError> {
    let path = recipe.folder.join("conandata.yml");
    match crom_fs::read_text(&path) {
        Ok(text) => {
            let data = crom_model::yaml::load(&text, &path.to_string_lossy());
            Ok(data
                .map_err(|error| OpsError::message(error.to_string()))?
                .to_json())
        }
        Err(error) if error.is_not_found() => Ok(serde_json::Value::Null),
        Err(error) => Err(error.into()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps what is said.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<Said>>);

impl Recorder {
    fn take(&mut self) -> Vec<Said> {
        std::mem::take(&mut lock(&self.0))
    }
}

impl Reporter for Recorder {
    fn message(&self, level: Level, style: Style, scope: &str, text: &str) {
        lock(&self.0).push(Said::Message {
            level,
            style,
            scope: scope.to_owned(),
            text: text.to_owned(),
        });
    }

    fn warning(&self, tag: Option<&str>, scope: &str, text: &str) {
        lock(&self.0).push(Said::Warning {
            tag: tag.map(str::to_owned),
            scope: scope.to_owned(),
            text: text.to_owned(),
        });
    }

    fn raw(&self, bytes: &[u8]) {
        lock(&self.0).push(Said::Raw(String::from_utf8_lossy(bytes).into_owned()));
    }
}
