//! Binaries of other configurations, where the wanted one's isn't there.

use std::collections::HashSet;
use std::sync::Arc;

use crom_model::conaninfo::ConanInfo;
use crom_model::options::{OptionsDefinition, PackageOptions};
use indexmap::IndexMap;

use super::Deciding;
use crate::graph::{Binary, Graph};
use crate::identify::Candidate;
use crate::problem::GraphError;

impl Deciding<'_, '_> {
    /// Other configurations by package id, best first, those that the recipe refuses left out.
    pub(super) fn compatibles(
        &self,
        graph: &mut Graph,
    ) -> Result<IndexMap<String, ConanInfo>, GraphError> {
        let mut alternatives = self.offered.clone();
        let node = graph.node(self.id);
        alternatives.extend(
            self.run
                .with
                .rules
                .alternatives(node)
                .map_err(GraphError::Other)?,
        );
        let wanted = node.package_id.clone().unwrap_or_default();
        let mut found = IndexMap::new();
        for alternative in &alternatives {
            let candidate =
                self.identifier
                    .try_alternative(graph, self.id, self.view, alternative)?;
            if let Some(Candidate { package_id, info }) = candidate {
                found.entry(package_id).or_insert(info);
            }
        }
        found.shift_remove(&wanted);
        Ok(found)
    }

    /// Can there be a binary of another configuration of the recipe: in the graph, the cache or a
    /// server? Each configuration costs a run of the recipe, so who has none needn't try them.
    pub(super) fn has_other_binaries(&self, graph: &Graph) -> Result<bool, GraphError> {
        let Some(package) = graph.node(self.id).package_reference() else {
            return Ok(false);
        };
        let catalog = self.run.with.catalog;
        Ok(self.run.decided.has_other(&package)
            || self
                .remotes(graph)
                .iter()
                .any(|remote| catalog.has_binaries(remote))
            || catalog.has_cached_packages(&package.reference)?)
    }

    /// What [`Self::find_compatible`] says when it finds nothing.
    pub(super) fn say_none_exist(&self, graph: &Graph) -> Result<(), GraphError> {
        let node = graph.node(self.id);
        let rules = self.run.with.rules;
        let count = self.offered.len() + rules.alternatives(node).map_err(GraphError::Other)?.len();
        if count > 0 {
            let wanted = node.package_id.clone().unwrap_or_default();
            self.say(graph, &format!("Main binary package '{wanted}' missing"));
            self.say(graph, "No compatible configuration found");
        }
        Ok(())
    }

    /// Looks for a binary of another configuration: all in the cache, then all in remotes.
    pub(super) fn find_compatible(
        &mut self,
        graph: &mut Graph,
        compatibles: &IndexMap<String, ConanInfo>,
    ) -> Result<(), GraphError> {
        if compatibles.is_empty() {
            return Ok(());
        }
        let original = graph.node(self.id).clone_decision();
        let wanted = original.package_id.clone().unwrap_or_default();
        let update = self
            .run
            .with
            .options
            .update
            .wants(&graph.node(self.id).reference);
        self.say(graph, &format!("Main binary package '{wanted}' missing"));
        self.say(
            graph,
            &format!("Checking {} compatible configurations", compatibles.len()),
        );
        for (package_id, info) in compatibles {
            if update {
                self.say_difference(graph, package_id, info);
            }
            if self.try_existing(graph, package_id, info, update)? {
                return Ok(());
            }
        }
        let local_only = graph.node(self.id).attributes.upload_policy.as_deref() == Some("skip");
        if !update && !local_only {
            self.say(
                graph,
                "Compatible configurations not found in cache, checking servers",
            );
            if self.run.with.options.optimized_compatibility {
                if self.try_listed(graph, compatibles)? {
                    return Ok(());
                }
            } else {
                self.run.asked_servers = true;
                for (package_id, info) in compatibles {
                    self.say_difference(graph, package_id, info);
                    graph.node_mut(self.id).try_id(package_id);
                    self.use_existing(graph, None, true)?;
                    if self.accept(graph, package_id, info) {
                        return Ok(());
                    }
                }
            }
        }
        graph.node_mut(self.id).take_decision(original);
        self.say(graph, "No compatible configuration found");
        Ok(())
    }

    fn try_existing(
        &mut self,
        graph: &mut Graph,
        package_id: &str,
        info: &ConanInfo,
        ask_remotes: bool,
    ) -> Result<bool, GraphError> {
        graph.node_mut(self.id).try_id(package_id);
        let Some(package) = graph.node(self.id).package_reference() else {
            return Ok(false);
        };
        let taken = match self.run.decided.get(&package) {
            Some(other) if other != self.id => {
                let decision = graph.node(other).clone_decision();
                graph.node_mut(self.id).take_decision(decision);
                true
            }
            _ => false,
        };
        if !taken {
            let cached = self.run.with.catalog.cached_binary(&package)?;
            self.use_existing(graph, cached, ask_remotes)?;
        }
        Ok(self.accept(graph, package_id, info))
    }

    /// `core.graph:compatibility_mode=optimized`: one question for all ids of the recipe.
    fn try_listed(
        &mut self,
        graph: &mut Graph,
        compatibles: &IndexMap<String, ConanInfo>,
    ) -> Result<bool, GraphError> {
        let reference = graph.node(self.id).reference.clone();
        for remote in self.remotes(graph) {
            let listed: HashSet<String> = self
                .run
                .with
                .catalog
                .remote_packages(&remote, &reference)?
                .into_iter()
                .map(|(id, _)| id)
                .collect();
            for (package_id, info) in compatibles.iter().filter(|(id, _)| listed.contains(*id)) {
                self.say_difference(graph, package_id, info);
                graph.node_mut(self.id).try_id(package_id);
                self.use_existing(graph, None, true)?;
                if self.accept(graph, package_id, info) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// If there is a binary, the node becomes that configuration.
    fn accept(&self, graph: &mut Graph, package_id: &str, info: &ConanInfo) -> bool {
        let found = matches!(
            graph.node(self.id).binary,
            Some(Binary::Cache | Binary::Download | Binary::Update)
        );
        if found {
            self.become_compatible(graph, package_id, info);
        }
        found
    }

    fn become_compatible(&self, graph: &mut Graph, package_id: &str, info: &ConanInfo) {
        let node = graph.node(self.id);
        let difference = node
            .info
            .as_ref()
            .map(|main| main.dump_diff(info))
            .unwrap_or_default();
        self.say(
            graph,
            &format!("Found compatible package '{package_id}': {difference}"),
        );
        let node = graph.node_mut(self.id);
        node.settings = info.settings.clone();
        node.options = widened(&node.options, &info.options);
        node.info = Some(Arc::new(info.clone()));
    }

    /// `--build=compatible`: the first configuration that can be built.
    pub(super) fn build_compatible(
        &self,
        graph: &mut Graph,
        compatibles: &IndexMap<String, ConanInfo>,
    ) -> Result<(), GraphError> {
        let wanted = graph.node(self.id).package_id.clone().unwrap_or_default();
        self.say(
            graph,
            &format!("Requested binary package '{wanted}' invalid, can't be built"),
        );
        self.say(
            graph,
            &format!(
                "Checking {} configurations, to build a compatible one, as requested by \
                 '--build=compatible'",
                compatibles.len()
            ),
        );
        if let Some((package_id, info)) = compatibles
            .iter()
            .find(|(_, info)| info.cant_build.is_none())
        {
            self.become_compatible(graph, package_id, info);
            let node = graph.node_mut(self.id);
            node.package_id = Some(package_id.clone());
            node.should_build = true;
            node.binary = Some(Binary::Build);
        }
        Ok(())
    }

    fn say_difference(&self, graph: &Graph, package_id: &str, info: &ConanInfo) {
        let difference = graph
            .node(self.id)
            .info
            .as_ref()
            .map(|main| main.dump_diff(info))
            .unwrap_or_default();
        self.say(graph, &format!("'{package_id}': {difference}"));
    }
}

/// The options of a compatible configuration: `package_id()` may have given them values that the
/// recipe doesn't list, so every value is possible now.
fn widened(options: &PackageOptions, values: &PackageOptions) -> PackageOptions {
    let mut definition = OptionsDefinition::default();
    for (name, mut possible) in options.possible_values() {
        possible.push(Some(String::from("ANY")));
        definition.insert(&name, possible);
    }
    let mut widened = PackageOptions::new(&definition);
    for (name, value) in options.items().chain(values.items()) {
        if widened.set(name, value).is_err() {
            return values.clone();
        }
    }
    widened
}
