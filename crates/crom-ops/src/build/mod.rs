//! From a decided graph to packages on disk: what is in the cache is used, what isn't is built, and
//! every package says what it has (`package_info()`) before its consumers need it.

pub(crate) use package::{finish, folder, step};
pub use single::{BuildPackageRequest, BuiltPackage, build_package};

mod downloads;
mod editable;
mod package;
mod single;
mod sources;

use std::path::PathBuf;
use std::sync::Arc;

use crom_graph::{Binary, Graph, Node, NodeId, install_order};
use crom_model::environment::ProfileEnvironment;
use crom_model::reporter::{Level, Style};
use crom_model::view::{GraphView, PackageFolders, PackageView};
use crom_recipe::{
    ActInput, ActOutput, Action, DescribeInput, DescribeOutput, FolderBases, RecipeMethod,
    RecipeSource,
};

use crate::graph::{Resolved, SessionCatalog};
use crate::{OpsError, Session};

/// A graph whose packages are being made ready.
pub struct Installation<'a> {
    pub(crate) session: &'a Session,
    pub(crate) catalog: &'a SessionCatalog<'a>,
    pub(crate) graph: &'a mut Graph,
    buildenv: [Arc<ProfileEnvironment>; 2],
    runenv: [Arc<ProfileEnvironment>; 2],
    /// One per node, in the order of the graph; replaced when more is known of a package.
    pub(crate) views: Vec<Arc<PackageView>>,
}

impl<'a> Installation<'a> {
    /// Nothing is done yet.
    pub fn new(session: &'a Session, resolved: &'a mut Resolved<'_>) -> Self {
        let view = crom_graph::graph_view(&resolved.graph);
        Self::resume(session, resolved, view)
    }

    /// Goes on with what an earlier installation of the same graph found out.
    pub fn resume(session: &'a Session, resolved: &'a mut Resolved<'_>, view: GraphView) -> Self {
        let profiles = &resolved.profiles;
        Self {
            session,
            buildenv: [&profiles.host, &profiles.build]
                .map(|profile| Arc::new(profile.buildenv.clone())),
            runenv: [&profiles.host, &profiles.build]
                .map(|profile| Arc::new(profile.runenv.clone())),
            catalog: &resolved.catalog,
            graph: &mut resolved.graph,
            views: view.nodes,
        }
    }

    /// Makes all packages ready, dependencies first.
    ///
    /// # Errors
    /// The first package that fails; what was finished before stays.
    pub fn install_packages(&mut self) -> Result<(), OpsError> {
        let items: Vec<_> = install_order(self.graph)
            .into_iter()
            .flat_map(|level| level.items)
            .collect();
        let packages: Vec<Vec<NodeId>> = items.into_iter().flat_map(|item| item.packages).collect();
        let total = packages.len();
        self.system_requirements(&packages)?;
        self.session.reporter().title("Installing packages");
        downloads::fetch(self, &packages)?;
        for (index, nodes) in packages.iter().enumerate() {
            let Some((first, others)) = nodes.split_first() else {
                continue;
            };
            self.install_one(*first, index + 1, total)?;
            for other in others {
                self.share(*first, *other);
                // What `package_info()` says may depend on the context.
                self.describe(*other)?;
            }
        }
        self.report_deprecated()
    }

    /// The packages as recipes see them.
    pub fn view(&self) -> Arc<GraphView> {
        Arc::new(GraphView {
            nodes: self.views.clone(),
        })
    }

    /// The same, at the end.
    pub fn take_view(&mut self) -> GraphView {
        GraphView {
            nodes: std::mem::take(&mut self.views),
        }
    }

    /// Remembers the folders that an action on a node ended up with.
    pub(crate) fn note_folders(&mut self, id: NodeId, output: &ActOutput) {
        let mut folders = self.views[id.0].folders.clone();
        for (name, path) in &output.folders {
            let field = match name.as_str() {
                "source_folder" => &mut folders.source,
                "build_folder" => &mut folders.build,
                "generators_folder" => &mut folders.generators,
                _ => continue,
            };
            field.clone_from(path);
        }
        self.set_folders(id, folders);
    }

    /// Where a test package is built, relative to its own folder: what `layout()` says, so that
    /// configurations don't get in each other's way.
    pub(crate) fn test_base(&self) -> PathBuf {
        let layout = self.graph.node(NodeId(0)).layout.as_ref();
        layout.map_or_else(PathBuf::new, |layout| PathBuf::from(&layout.build))
    }

    /// The input of an action on a node.
    pub(crate) fn act_input(
        &self,
        id: NodeId,
        folders: FolderBases,
        action: Action,
    ) -> Result<ActInput, OpsError> {
        let node = self.graph.node(id);
        let configure = node
            .configure
            .as_ref()
            .ok_or_else(|| OpsError::message(format!("{} has no recipe to run", node.display)))?;
        let context = usize::from(node.context == crom_model::view::Context::Build);
        Ok(ActInput {
            instance: configure.instance,
            inspect: Arc::clone(&configure.inspect),
            configure: Some(Arc::clone(configure)),
            layout: node.layout.clone(),
            info: node.info.clone(),
            graph: self.view(),
            node: id.0,
            folders,
            buildenv: Arc::clone(&self.buildenv[context]),
            runenv: Arc::clone(&self.runenv[context]),
            action,
        })
    }

    /// Forgets a view's folders and takes new ones.
    pub(crate) fn set_folders(&mut self, id: NodeId, folders: PackageFolders) {
        Arc::make_mut(&mut self.views[id.0]).folders = folders;
    }

    fn system_requirements(&self, packages: &[Vec<NodeId>]) -> Result<(), OpsError> {
        for id in packages.iter().filter_map(|nodes| nodes.first()) {
            let node = self.graph.node(*id);
            if node.attributes.has(RecipeMethod::SystemRequirements) {
                let folders = FolderBases {
                    recipe: recipe_folder(node),
                    ..FolderBases::default()
                };
                self.session.host()?.act(&self.act_input(
                    *id,
                    folders,
                    Action::SystemRequirements,
                )?)?;
            }
        }
        Ok(())
    }

    fn install_one(&mut self, id: NodeId, number: usize, total: usize) -> Result<(), OpsError> {
        let node = self.graph.node(id);
        let scope = node.reference.without_revision().to_string();
        match node.binary {
            Some(Binary::Build) => {
                self.session
                    .reporter()
                    .subtitle(&format!("Installing package {scope} ({number} of {total})"));
                package::build(self, id)?;
            }
            Some(Binary::Editable) => return editable::describe(self, id),
            Some(Binary::EditableBuild) => {
                editable::build(self, id)?;
                return editable::describe(self, id);
            }
            // It came with all others before.
            Some(Binary::Download | Binary::Update) => {}
            _ => {
                if node.conf.get_bool("tools.build:download_source")? == Some(true) {
                    let recipe = self.session.cache()?.recipe(&node.reference)?;
                    sources::prepare(self, id, &recipe)?;
                }
                self.session
                    .reporter()
                    .status(&scope, &format!("Already installed! ({number} of {total})"));
            }
        }
        self.describe(id)
    }

    /// Runs `package_info()` and shows the result to consumers.
    pub(crate) fn describe(&mut self, id: NodeId) -> Result<(), OpsError> {
        let node = self.graph.node(id);
        let package = node
            .package_reference()
            .ok_or_else(|| OpsError::message(format!("{} has no package id", node.display)))?;
        let recipe = self.session.cache()?.recipe(&node.reference)?;
        let layout = self.session.cache()?.package(&package)?;
        let finalized = layout.finalized();
        let immutable = layout.package();
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let mut folders = PackageFolders {
            recipe: text(recipe.export()),
            immutable_package: text(immutable.clone()),
            package: text(immutable),
            recipe_metadata: text(recipe.metadata()),
            package_metadata: text(layout.metadata()),
            // Those of the build, where there was one.
            ..self.views[id.0].folders.clone()
        };
        if node.attributes.has(RecipeMethod::Finalize) {
            folders.package = text(finalized);
            self.finalize(id, &folders)?;
        }
        self.set_folders(id, folders.clone());
        let node = self.graph.node(id);
        let Some(configure) = &node.configure else {
            return Ok(());
        };
        let described = self.session.host()?.describe(&DescribeInput {
            instance: configure.instance,
            configure: Arc::clone(configure),
            layout: node.layout.clone().unwrap_or_default(),
            info: node.info.clone(),
            folders,
            graph: self.view(),
            node: id.0,
            editable: false,
        })?;
        self.note_described(id, described);
        Ok(())
    }

    /// Shows to consumers what a package said of itself.
    fn note_described(&mut self, id: NodeId, described: DescribeOutput) {
        let view = Arc::make_mut(&mut self.views[id.0]);
        view.cpp_info = Arc::new(described.cpp_info);
        view.buildenv_info = described.buildenv_info;
        view.runenv_info = described.runenv_info;
        view.conf_info = described.conf_info;
        view.generator_info = described.generator_info;
        view.prev = self.graph.node(id).prev.clone();
    }

    /// The folders of a package, as far as they are known.
    pub(crate) fn package_folders(&self, id: NodeId) -> &PackageFolders {
        &self.views[id.0].folders
    }

    /// What recipes used of Conan 1, which had no effect.
    fn report_deprecated(&self) -> Result<(), OpsError> {
        let uses = self.session.host()?.deprecated_uses();
        if uses.is_empty() {
            return Ok(());
        }
        let warn = |text: &str| {
            self.session
                .reporter()
                .warning(Some("deprecated"), "", text)
        };
        warn("Usage of deprecated Conan 1.X features that will be removed in Conan 2.X:");
        for (attribute, recipes) in uses {
            warn(&format!(
                "    '{attribute}' used in: {}",
                recipes.join(", ")
            ));
        }
        Ok(())
    }

    /// Runs `finalize()` once for a package: its folder appears when it is complete.
    fn finalize(&self, id: NodeId, folders: &PackageFolders) -> Result<(), OpsError> {
        let target = PathBuf::from(&folders.package);
        if crom_fs::is_dir(&target) {
            return Ok(());
        }
        let scope = self.graph.node(id).reference.without_revision().to_string();
        crom_fs::create_dir_all(&target)?;
        crom_store::cache::set_dirty(&target)?;
        let bases = FolderBases {
            recipe: folders.recipe.clone(),
            package: folders.package.clone(),
            immutable_package: folders.immutable_package.clone(),
            ..FolderBases::default()
        };
        let outcome = self
            .session
            .host()?
            .act(&self.act_input(id, bases, Action::Finalize)?);
        if outcome.is_err() {
            // Half of a finalized package is none. What resists is removed by `cache clean`.
            let _ = crom_fs::remove_tree(&target);
        }
        crom_store::cache::clean_dirty(&target)?;
        outcome?;
        self.session.reporter().message(
            Level::Status,
            Style::Success,
            &scope,
            &format!("Finalized folder {}", target.display()),
        );
        Ok(())
    }

    /// Another node of the same package: the same folders and infos.
    fn share(&mut self, done: NodeId, id: NodeId) {
        let (prev, prev_timestamp) = {
            let node = self.graph.node(done);
            (node.prev.clone(), node.prev_timestamp)
        };
        let from = Arc::clone(&self.views[done.0]);
        let view = Arc::make_mut(&mut self.views[id.0]);
        view.folders = from.folders.clone();
        view.cpp_info = Arc::clone(&from.cpp_info);
        view.buildenv_info = from.buildenv_info.clone();
        view.runenv_info = from.runenv_info.clone();
        view.conf_info = from.conf_info.clone();
        view.generator_info = from.generator_info.clone();
        view.prev.clone_from(&prev);
        let node = &mut self.graph.nodes[id.0];
        node.prev = prev;
        node.prev_timestamp = prev_timestamp;
    }
}

/// Where a node's conanfile is.
pub(crate) fn recipe_folder(node: &Node) -> String {
    node.file
        .as_ref()
        .map(|file| match &file.source {
            RecipeSource::Python(path) => path
                .parent()
                .map(|folder| folder.to_string_lossy().into_owned())
                .unwrap_or_default(),
            RecipeSource::Declared { .. } => file.folder.to_string_lossy().into_owned(),
        })
        .unwrap_or_default()
}
