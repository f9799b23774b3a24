//! Recipes by reference: found in the catalog, their class inspected once.

use std::collections::HashMap;
use std::sync::Arc;

use crom_model::reference::RecipeReference;
use crom_model::requirement::Requirement;
use crom_recipe::{
    GivenReference, InspectInput, PythonRequire, RecipeAttributes, RecipeFile, RecipeHost,
    RecipeSource,
};

use crate::catalog::{Catalog, CatalogError, FoundRecipe, RecipeStatus};
use crate::graph::PythonRequireNode;
use crate::problem::GraphError;
use crate::ranges::RangeResolver;
use crate::request::GraphOptions;

/// A recipe whose class is known.
#[derive(Clone, Debug)]
pub(crate) struct LoadedRecipe {
    pub(crate) found: FoundRecipe,
    pub(crate) inspect: Arc<InspectInput>,
    pub(crate) attributes: Arc<RecipeAttributes>,
    pub(crate) python_requires: Vec<PythonRequireNode>,
}

/// A resolved `python_requires` with what the graph shows of it.
#[derive(Clone, Debug)]
struct LoadedPythonRequire {
    shared: Arc<PythonRequire>,
    node: PythonRequireNode,
    below: Vec<Arc<LoadedPythonRequire>>,
}

/// Loads recipes, each once.
#[derive(Debug)]
pub(crate) struct RecipeLoader<'a> {
    host: &'a dyn RecipeHost,
    pub(crate) catalog: &'a dyn Catalog,
    options: &'a GraphOptions,
    loaded: HashMap<String, Arc<LoadedRecipe>>,
    python_requires: HashMap<String, Arc<LoadedPythonRequire>>,
    pub(crate) ranges: RangeResolver<'a>,
}

impl<'a> RecipeLoader<'a> {
    pub(crate) fn new(
        host: &'a dyn RecipeHost,
        catalog: &'a dyn Catalog,
        options: &'a GraphOptions,
    ) -> Self {
        Self {
            host,
            catalog,
            options,
            loaded: HashMap::new(),
            python_requires: HashMap::new(),
            ranges: RangeResolver::new(catalog, &options.update, options.resolve_prereleases),
        }
    }

    /// The recipe of an exact reference.
    pub(crate) fn load(
        &mut self,
        reference: &RecipeReference,
    ) -> Result<Arc<LoadedRecipe>, GraphError> {
        let key = reference.repr_notime();
        if let Some(found) = self.loaded.get(&key) {
            return Ok(found.clone());
        }
        let found = self.catalog.recipe(reference)?;
        let given = GivenReference {
            name: Some(found.reference.name.clone()),
            version: Some(found.reference.version.to_string()),
            user: found.reference.user.clone(),
            channel: found.reference.channel.clone(),
        };
        let loaded = Arc::new(self.inspect(found, given, None)?);
        self.loaded.insert(key, loaded.clone());
        Ok(loaded)
    }

    /// Inspects a recipe that was found elsewhere: the root of a graph.
    pub(crate) fn inspect(
        &mut self,
        found: FoundRecipe,
        given: GivenReference,
        tested: Option<&RecipeReference>,
    ) -> Result<LoadedRecipe, GraphError> {
        let (shared, nodes) = self
            .python_requires_of(&found.recipe, tested)
            .map_err(|error| loading(&found.recipe, error))?;
        let inspect = Arc::new(InspectInput {
            recipe: found.recipe.clone(),
            given,
            python_requires: shared,
        });
        let attributes = self.host.inspect(&inspect)?;
        Ok(LoadedRecipe {
            found,
            inspect,
            attributes,
            python_requires: nodes,
        })
    }

    fn python_requires_of(
        &mut self,
        recipe: &RecipeFile,
        tested: Option<&RecipeReference>,
    ) -> Result<(Vec<Arc<PythonRequire>>, Vec<PythonRequireNode>), GraphError> {
        let mut shared = Vec::new();
        let mut nodes = Vec::new();
        for text in self.host.python_requires(recipe)?.references {
            let text = match (tested, text.as_str()) {
                (Some(tested), "tested_reference_str") => tested.repr_notime(),
                _ => text,
            };
            let loaded = self.python_require(&text, &mut Vec::new())?;
            let name = &loaded.shared.reference.name;
            if shared
                .iter()
                .any(|it: &Arc<PythonRequire>| it.reference.name == *name)
            {
                return Err(GraphError::Other(format!(
                    "The python_require '{name}' already exists"
                )));
            }
            shared.push(loaded.shared.clone());
            flatten(&loaded, &mut nodes)?;
        }
        // Who tests what can only be imported means to import it.
        if let Some(tested) = tested.filter(|_| shared.is_empty())
            && let Ok(loaded) = self.load(tested)
            && loaded.attributes.package_type.as_deref() == Some("python-require")
        {
            let loaded = self.python_require(&tested.repr_notime(), &mut Vec::new())?;
            shared.push(loaded.shared.clone());
            flatten(&loaded, &mut nodes)?;
        }
        Ok((shared, nodes))
    }

    fn python_require(
        &mut self,
        text: &str,
        above: &mut Vec<String>,
    ) -> Result<Arc<LoadedPythonRequire>, GraphError> {
        let mut reference =
            RecipeReference::loads(text).map_err(|error| GraphError::Other(error.to_string()))?;
        let mut require = Requirement::new(reference.clone());
        if let Some(lockfile) = &self.options.lockfile {
            lockfile.resolve_locked_pyrequires(&mut require, self.options.resolve_prereleases)?;
        }
        self.ranges.resolve(&mut require, "python_requires")?;
        reference = require.reference;
        let key = reference.repr_notime();
        if let Some(found) = self.python_requires.get(&key) {
            return Ok(found.clone());
        }
        if above.contains(&key) {
            return Err(GraphError::Other(format!(
                "There is a cycle/loop in the python_requires: {} -> {key}",
                above.join(" -> ")
            )));
        }
        let found = self.catalog.recipe(&reference).map_err(|error| {
            GraphError::Other(format!("Cannot resolve python_requires '{text}': {error}"))
        })?;
        above.push(key.clone());
        let mut below = Vec::new();
        for text in self.host.python_requires(&found.recipe)?.references {
            below.push(self.python_require(&text, above)?);
        }
        above.pop();
        let loaded = Arc::new(self.describe_python_require(found, below)?);
        self.python_requires.insert(key, loaded.clone());
        Ok(loaded)
    }

    fn describe_python_require(
        &self,
        found: FoundRecipe,
        below: Vec<Arc<LoadedPythonRequire>>,
    ) -> Result<LoadedPythonRequire, GraphError> {
        let requires: Vec<Arc<PythonRequire>> = below.iter().map(|it| it.shared.clone()).collect();
        let attributes = self.host.inspect(&Arc::new(InspectInput {
            recipe: found.recipe.clone(),
            given: GivenReference {
                name: Some(found.reference.name.clone()),
                version: Some(found.reference.version.to_string()),
                user: found.reference.user.clone(),
                channel: found.reference.channel.clone(),
            },
            python_requires: requires.clone(),
        }))?;
        let shared = Arc::new(PythonRequire {
            reference: found.reference.clone(),
            recipe: found.recipe.clone(),
            requires,
        });
        let node = PythonRequireNode {
            reference: found.reference,
            recipe: found.status,
            remote: found.remote,
            file: found.recipe,
            mode: attributes
                .package_id_python_mode
                .map(|mode| mode.as_str().to_owned()),
        };
        Ok(LoadedPythonRequire {
            shared,
            node,
            below,
        })
    }
}

/// Says which file a failure is about; a recipe's own failure says it already.
fn loading(recipe: &RecipeFile, error: GraphError) -> GraphError {
    match (&recipe.source, error) {
        (_, error @ (GraphError::Recipe(_) | GraphError::Lockfile(_))) => error,
        (RecipeSource::Python(path), error) => GraphError::Other(format!(
            "Error loading conanfile at '{}': {error}",
            path.display()
        )),
        (RecipeSource::Declared { .. }, error) => error,
    }
}

fn flatten(
    loaded: &LoadedPythonRequire,
    nodes: &mut Vec<PythonRequireNode>,
) -> Result<(), GraphError> {
    match nodes
        .iter()
        .find(|it| it.reference.name == loaded.node.reference.name)
    {
        None => nodes.push(loaded.node.clone()),
        Some(existing) if existing.reference == loaded.node.reference => return Ok(()),
        Some(existing) => {
            return Err(GraphError::Other(format!(
                "Conflict in py_requires {} - {}",
                existing.reference.without_revision(),
                loaded.node.reference.without_revision()
            )));
        }
    }
    loaded.below.iter().try_for_each(|it| flatten(it, nodes))
}

/// A recipe file that no catalog knows: the root of a graph.
pub(crate) fn root_recipe(recipe: &RecipeFile, status: RecipeStatus) -> FoundRecipe {
    FoundRecipe {
        reference: RecipeReference::default(),
        recipe: recipe.clone(),
        status,
        remote: None,
    }
}

impl GraphError {
    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            GraphError::Catalog(CatalogError::Fixable { hint, .. }) => Some(hint.clone()),
            _ => None,
        }
    }

    /// The words after `Package 'x' not resolved:`, for failures that the reference reports so.
    pub(crate) fn unresolved_message(&self) -> String {
        match self {
            GraphError::Catalog(
                CatalogError::NotFound(text)
                | CatalogError::Failed(text)
                | CatalogError::Fixable { message: text, .. },
            ) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// A recipe's class as it is before it takes part in a graph: for `export`, `inspect` and `source`.
#[derive(Clone, Debug)]
pub struct InspectedRecipe {
    /// How the class came about.
    pub inspect: Arc<InspectInput>,
    /// What it declares.
    pub attributes: Arc<RecipeAttributes>,
    /// The recipes of its `python_requires`.
    pub python_requires: Vec<PythonRequireNode>,
}

/// Inspects a conanfile that isn't part of a graph.
///
/// # Errors
/// When the recipe raises or its `python_requires` aren't found.
pub fn inspect_recipe(
    recipe: RecipeFile,
    given: GivenReference,
    options: &GraphOptions,
    host: &dyn RecipeHost,
    catalog: &dyn Catalog,
) -> Result<InspectedRecipe, GraphError> {
    let found = FoundRecipe {
        reference: RecipeReference::new("", ""),
        recipe,
        status: RecipeStatus::Consumer,
        remote: None,
    };
    let loaded = RecipeLoader::new(host, catalog, options).inspect(found, given, None)?;
    Ok(InspectedRecipe {
        inspect: loaded.inspect,
        attributes: loaded.attributes,
        python_requires: loaded.python_requires,
    })
}
