//! Answers of recipes, kept between commands.
//!
//! The first four phases of a recipe are functions of their input and of what they read outside it,
//! which the host notes. So an answer is kept under a digest of the question, together with what was
//! read, and holds while that still answers the same: then no interpreter starts. What isn't a function
//! (time, random numbers, a program's output) is asked each time.

mod key;
mod observed;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crom_model::reporter::Reporter;
use crom_model::settings::SettingsDefinition;
use crom_recipe::{
    ActInput, ActOutput, ConfigureInput, ConfigureOutput, DescribeInput, DescribeOutput,
    GivenReference, IdentifyInput, IdentifyOutput, InspectInput, InstanceId, PlainExport,
    PluginInput, PluginOutput, PythonRequires, Reads, RecipeAttributes, RecipeError, RecipeFile,
    RecipeHost,
};
use crom_store::Variables;
use crom_store::evaluations::{EvaluationKey, Evaluations};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::key::Keys;
use self::observed::Observed;

/// Asks another host what it doesn't know.
#[derive(Debug)]
pub struct RememberingHost {
    host: Arc<dyn RecipeHost>,
    store: Evaluations,
    reporter: Arc<dyn Reporter>,
    variables: Arc<Variables>,
    memory: Mutex<Memory>,
}

#[derive(Debug)]
struct Memory {
    keys: Keys,
    /// What the state of a live object depends on beyond its inputs; none where that can't be told.
    instances: HashMap<InstanceId, Option<EvaluationKey>>,
    deprecated: IndexMap<String, Vec<String>>,
}

/// What is kept of one answer.
#[derive(Debug, Serialize, Deserialize)]
struct Kept<T> {
    observed: Observed,
    output: T,
}

/// Under the question without the graph, where the answer depends on it.
const SEE_GRAPH: &[u8] = b"graph";

/// An output with a note of what was read for it.
trait Noted: Serialize + DeserializeOwned {
    fn reads(&self) -> &Reads;
}

macro_rules! noted {
    ($($output:ty),*) => {
        $(impl Noted for $output {
            fn reads(&self) -> &Reads {
                &self.reads
            }
        })*
    };
}

noted!(
    PythonRequires,
    RecipeAttributes,
    ConfigureOutput,
    IdentifyOutput,
    DescribeOutput
);

/// An answer, and what it depends on beyond the question; none where that can't be told.
struct Answer<T> {
    output: T,
    observed: Option<Observed>,
}

impl RememberingHost {
    /// `identity` is mixed into each question: the program's build, the machine, the home's confs.
    pub fn new(
        host: Arc<dyn RecipeHost>,
        store: Evaluations,
        reporter: Arc<dyn Reporter>,
        variables: Arc<Variables>,
        identity: &[&str],
    ) -> Self {
        Self {
            host,
            store,
            reporter,
            variables,
            memory: Mutex::new(Memory {
                keys: Keys::new(identity),
                instances: HashMap::new(),
                deprecated: IndexMap::new(),
            }),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settings are written and read beside their definition while `work` runs.
    fn beside<R>(&self, definition: &Arc<SettingsDefinition>, work: impl FnOnce() -> R) -> R {
        let numbered = self.memory().keys.numbered(definition);
        numbered.beside(work)
    }

    fn state(&self, instance: InstanceId) -> Option<EvaluationKey> {
        self.memory().instances.get(&instance).copied().flatten()
    }

    /// `question` is none where nothing can be kept. `immutable` is a folder whose content never
    /// changes; `graph` digests what the recipe can see of the graph.
    fn answer<T: Noted>(
        &self,
        question: Option<EvaluationKey>,
        immutable: Option<&str>,
        graph: impl Fn(&mut Keys, EvaluationKey) -> EvaluationKey,
        ask: impl FnOnce() -> Result<T, RecipeError>,
    ) -> Result<Answer<T>, RecipeError> {
        let Some(question) = question else {
            let output = ask()?;
            let observed = Observed::of(output.reads(), immutable);
            return Ok(Answer { output, observed });
        };
        let mut kept = self.store.get(&question);
        if kept.as_deref() == Some(SEE_GRAPH) {
            let wide = graph(&mut self.memory().keys, question);
            kept = self.store.get(&wide);
        }
        if let Some(kept) = kept
            && let Ok(kept) = serde_json::from_slice::<Kept<T>>(&kept)
            && kept.observed.holds(&self.variables)
        {
            self.repeat(kept.output.reads());
            return Ok(Answer {
                output: kept.output,
                observed: Some(kept.observed),
            });
        }
        let output = ask()?;
        let Some(observed) = Observed::of(output.reads(), immutable) else {
            return Ok(Answer {
                output,
                observed: None,
            });
        };
        let kept = Kept { observed, output };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            if kept.output.reads().graph {
                let wide = graph(&mut self.memory().keys, question);
                self.store.put(question, SEE_GRAPH.to_vec());
                self.store.put(wide, bytes);
            } else {
                self.store.put(question, bytes);
            }
        }
        Ok(Answer {
            output: kept.output,
            observed: Some(kept.observed),
        })
    }

    /// What a recipe said when it was asked first.
    fn repeat(&self, reads: &Reads) {
        for said in &reads.said {
            said.say(&*self.reporter);
        }
        let mut memory = self.memory();
        for (name, recipe) in &reads.deprecated {
            let uses = memory.deprecated.entry(name.clone()).or_default();
            if !uses.contains(recipe) {
                uses.push(recipe.clone());
            }
        }
    }
}

/// The folder of a recipe in the cache, which never changes.
fn immutable(recipe: &RecipeFile) -> Option<&str> {
    recipe.digest.as_ref()?;
    recipe.folder.to_str()
}

fn no_graph(_: &mut Keys, question: EvaluationKey) -> EvaluationKey {
    question
}

impl RecipeHost for RememberingHost {
    fn python_requires(&self, recipe: &RecipeFile) -> Result<PythonRequires, RecipeError> {
        let question = self.memory().keys.python_requires(recipe);
        let answer = self.answer(question, immutable(recipe), no_graph, || {
            self.host.python_requires(recipe)
        })?;
        Ok(answer.output)
    }

    fn inspect(&self, input: &Arc<InspectInput>) -> Result<Arc<RecipeAttributes>, RecipeError> {
        let question = self.memory().keys.inspect(input);
        let answer = self.answer(question, immutable(&input.recipe), no_graph, || {
            let output = self.host.inspect(input)?;
            Ok(Arc::unwrap_or_clone(output))
        })?;
        let attributes = Arc::new(answer.output);
        self.memory()
            .keys
            .inspected(&attributes, question, answer.observed.as_ref());
        Ok(attributes)
    }

    fn configure(&self, input: &Arc<ConfigureInput>) -> Result<ConfigureOutput, RecipeError> {
        self.beside(&input.settings_definition, || {
            let question = self.memory().keys.configure(input);
            let recipe = &input.inspect.recipe;
            let answer = self.answer(question, immutable(recipe), no_graph, || {
                self.host.configure(input)
            })?;
            let mut memory = self.memory();
            let state = match (question, &answer.observed) {
                (Some(question), Some(observed)) => Some(memory.keys.observed(question, observed)),
                _ => None,
            };
            memory.instances.insert(input.instance, state);
            Ok(answer.output)
        })
    }

    fn identify(&self, input: &IdentifyInput) -> Result<IdentifyOutput, RecipeError> {
        self.beside(&input.configure.settings_definition, || {
            let state = self.state(input.instance);
            let question = state.map(|state| self.memory().keys.identify(input, state));
            let recipe = &input.configure.inspect.recipe;
            let graph = |keys: &mut Keys, question| keys.graph(question, &input.graph, input.node);
            let answer = self.answer(question, immutable(recipe), graph, || {
                self.host.identify(input)
            })?;
            Ok(answer.output)
        })
    }

    fn describe(&self, input: &DescribeInput) -> Result<DescribeOutput, RecipeError> {
        self.beside(&input.configure.settings_definition, || {
            // An editable's folders change under us.
            let state = self.state(input.instance).filter(|_| !input.editable);
            let question = state.map(|state| self.memory().keys.describe(input, state));
            let recipe = &input.configure.inspect.recipe;
            let graph = |keys: &mut Keys, question| keys.graph(question, &input.graph, input.node);
            let answer = self.answer(question, immutable(recipe), graph, || {
                self.host.describe(input)
            })?;
            Ok(answer.output)
        })
    }

    fn act(&self, input: &ActInput) -> Result<ActOutput, RecipeError> {
        self.host.act(input)
    }

    fn plugin(&self, input: &PluginInput) -> Result<PluginOutput, RecipeError> {
        self.host.plugin(input)
    }

    fn deprecated_uses(&self) -> IndexMap<String, Vec<String>> {
        let mut uses = self.host.deprecated_uses();
        for (name, recipes) in &self.memory().deprecated {
            let all = uses.entry(name.clone()).or_default();
            for recipe in recipes {
                if !all.contains(recipe) {
                    all.push(recipe.clone());
                }
            }
        }
        uses
    }

    fn plain_export(&self, recipe: &RecipeFile, given: &GivenReference) -> Option<PlainExport> {
        self.host.plain_export(recipe, given)
    }

    fn make_ready(&self, path: &Path, content: &[u8]) {
        self.host.make_ready(path, content);
    }

    fn forget(&self, instance: InstanceId) {
        self.memory().instances.remove(&instance);
        self.host.forget(instance);
    }
}
