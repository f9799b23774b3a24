//! Digests of questions.
//!
//! A question carries much that many questions share (the settings' definition, profiles, the graph):
//! such a part is behind an `Arc`, and is digested once.

use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use crom_model::settings::{NumberedDefinition, SettingsDefinition};
use crom_model::view::{GraphView, PackageView};
use crom_recipe::{
    ConfigureInput, DescribeInput, IdentifyInput, InspectInput, PythonRequire, RecipeAttributes,
    RecipeFile, RecipeSource,
};
use crom_store::evaluations::EvaluationKey;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::observed::{Observed, Stamp};

/// Makes keys; remembers the digests of shared parts.
#[derive(Debug)]
pub(super) struct Keys {
    base: EvaluationKey,
    /// By address. The values are kept alive, so that no other can come to have the address.
    shared: HashMap<usize, (Arc<dyn Any + Send + Sync>, Option<EvaluationKey>)>,
    definition: Option<(Arc<SettingsDefinition>, NumberedDefinition)>,
}

/// A digest in the making.
struct Hasher(Sha256);

impl Hasher {
    fn new(base: &EvaluationKey, phase: &str) -> Self {
        let mut hasher = Self(Sha256::new());
        hasher.0.update(base);
        hasher.value(phase);
        hasher
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        // Values of the model always serialize; a digest can't fail to be written.
        let _ = serde_json::to_writer(&mut *self, value);
        self.0.update([0]);
    }

    fn key(&mut self, key: &EvaluationKey) {
        self.0.update(key);
    }

    fn finish(self) -> EvaluationKey {
        self.0.finalize().into()
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Keys {
    pub(super) fn new(identity: &[&str]) -> Self {
        let mut base = Hasher(Sha256::new());
        base.value(identity);
        Self {
            base: base.finish(),
            shared: HashMap::new(),
            definition: None,
        }
    }

    /// Settings are written beside their definition. Its own digest is made here, where it is written
    /// out in full.
    pub(super) fn numbered(&mut self, definition: &Arc<SettingsDefinition>) -> NumberedDefinition {
        if let Some((known, numbered)) = &self.definition
            && Arc::ptr_eq(known, definition)
        {
            return numbered.clone();
        }
        let _ = self.shared_value(definition);
        let numbered = definition.numbered();
        self.definition = Some((definition.clone(), numbered.clone()));
        numbered
    }

    /// The digest of a shared part, made once.
    fn once<T: Any + Send + Sync>(
        &mut self,
        part: &Arc<T>,
        make: impl FnOnce(&mut Self) -> Option<EvaluationKey>,
    ) -> Option<EvaluationKey> {
        let address = Arc::as_ptr(part).cast::<()>() as usize;
        if let Some((_, key)) = self.shared.get(&address) {
            return *key;
        }
        let key = make(self);
        self.shared.insert(address, (part.clone(), key));
        key
    }

    fn shared_value<T: Serialize + Any + Send + Sync>(
        &mut self,
        part: &Arc<T>,
    ) -> Option<EvaluationKey> {
        self.once(part, |keys| {
            let mut hasher = Hasher::new(&keys.base, "value");
            hasher.value(&**part);
            Some(hasher.finish())
        })
    }

    /// None for a recipe whose code can't be read: the host says what is wrong.
    pub(super) fn python_requires(&self, recipe: &RecipeFile) -> Option<EvaluationKey> {
        let mut hasher = Hasher::new(&self.base, "python_requires");
        code(&mut hasher, recipe)?;
        Some(hasher.finish())
    }

    pub(super) fn inspect(&mut self, input: &Arc<InspectInput>) -> Option<EvaluationKey> {
        self.once(input, |keys| {
            let mut hasher = Hasher::new(&keys.base, "inspect");
            code(&mut hasher, &input.recipe)?;
            hasher.value(&input.given);
            requires(&mut hasher, &input.python_requires)?;
            Some(hasher.finish())
        })
    }

    /// What an answer that depends on more than its question is a function of.
    pub(super) fn observed(&self, question: EvaluationKey, observed: &Observed) -> EvaluationKey {
        let mut hasher = Hasher::new(&self.base, "observed");
        hasher.key(&question);
        hasher.value(observed);
        hasher.finish()
    }

    /// Attributes stand for the question they answer, where the answer is a function of that.
    pub(super) fn inspected(
        &mut self,
        attributes: &Arc<RecipeAttributes>,
        question: Option<EvaluationKey>,
        observed: Option<&Observed>,
    ) {
        self.once(attributes, |keys| match (question, observed) {
            (Some(question), Some(observed)) => Some(keys.observed(question, observed)),
            _ => {
                let mut hasher = Hasher::new(&keys.base, "attributes");
                hasher.value(&**attributes);
                Some(hasher.finish())
            }
        });
    }

    pub(super) fn configure(&mut self, input: &Arc<ConfigureInput>) -> Option<EvaluationKey> {
        self.once(input, |keys| {
            let parts = [
                keys.inspect(&input.inspect)?,
                keys.shared_value(&input.attributes)?,
                keys.shared_value(&input.settings_definition)?,
                keys.shared_value(&input.settings_build)?,
                match &input.settings_target {
                    Some(target) => keys.shared_value(target)?,
                    None => [0; 32],
                },
                keys.shared_value(&input.profile_options)?,
            ];
            let mut hasher = Hasher::new(&keys.base, "configure");
            for part in &parts {
                hasher.key(part);
            }
            hasher.value(&(
                input.reference.repr_notime(),
                input.context,
                &input.role,
                &input.settings,
                &input.down_options,
                &input.conf,
                input.hidden_settings,
            ));
            Some(hasher.finish())
        })
    }

    /// `state` is what the configured recipe is a function of.
    pub(super) fn identify(
        &mut self,
        input: &IdentifyInput,
        state: EvaluationKey,
    ) -> EvaluationKey {
        let mut hasher = Hasher::new(&self.base, "identify");
        hasher.key(&state);
        hasher.value(&(&input.info, input.first));
        hasher.finish()
    }

    pub(super) fn describe(
        &mut self,
        input: &DescribeInput,
        state: EvaluationKey,
    ) -> EvaluationKey {
        let mut hasher = Hasher::new(&self.base, "describe");
        hasher.key(&state);
        hasher.value(&(&input.layout, &input.info, &input.folders));
        hasher.finish()
    }

    /// A question together with what the package sees of its graph.
    pub(super) fn graph(
        &mut self,
        question: EvaluationKey,
        graph: &GraphView,
        node: usize,
    ) -> EvaluationKey {
        let mut hasher = Hasher::new(&self.base, "graph");
        hasher.key(&question);
        if let Some(view) = graph.nodes.get(node) {
            let seen = self.package(graph, view);
            hasher.key(&seen);
        }
        hasher.finish()
    }

    /// A package and all that can be reached from it.
    fn package(&mut self, graph: &GraphView, view: &Arc<PackageView>) -> EvaluationKey {
        let found = self.once(view, |keys| {
            let metadata = keys.shared_value(&view.metadata)?;
            let cpp_info = keys.shared_value(&view.cpp_info)?;
            let mut hasher = Hasher::new(&keys.base, "package");
            hasher.key(&metadata);
            hasher.key(&cpp_info);
            hasher.value(&(
                view.reference.repr_notime(),
                &view.package_id,
                &view.prev,
                view.context,
                view.package_type.as_str(),
                &view.settings,
                &view.options,
                &view.folders,
            ));
            hasher.value(&(
                &view.buildenv_info,
                &view.runenv_info,
                &view.conf_info,
                &view.generator_info,
                &view.conf,
                &view.info,
                view.platform,
                view.skipped,
            ));
            for (requirement, at) in &view.dependencies {
                hasher.value(requirement);
                if let Some(below) = graph.nodes.get(*at) {
                    let below = keys.package(graph, below);
                    hasher.key(&below);
                }
            }
            Some(hasher.finish())
        });
        found.unwrap_or_default()
    }
}

/// The recipe's code and place: by digest where it shouldn't change, by content otherwise.
fn code(hasher: &mut Hasher, recipe: &RecipeFile) -> Option<()> {
    hasher.value(recipe);
    if let RecipeSource::Python(path) = &recipe.source {
        if recipe.digest.is_some() {
            // People do edit recipes in the cache, to find an error.
            hasher.value(&Stamp::of(path));
        } else {
            hasher.0.update(crom_fs::read(path).ok()?);
        }
    }
    Some(())
}

fn requires(hasher: &mut Hasher, requires: &[Arc<PythonRequire>]) -> Option<()> {
    hasher.value(&requires.len());
    requires.iter().try_for_each(|require| {
        hasher.value(&require.reference.repr_notime());
        code(hasher, &require.recipe)?;
        self::requires(hasher, &require.requires)
    })
}
