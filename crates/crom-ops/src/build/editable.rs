//! Packages in editable mode: what is in the user's folder is the package.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crom_graph::{Node, NodeId};
use crom_model::view::PackageFolders;
use crom_recipe::{Action, DescribeInput};
use crom_store::editables::Editables;

use super::{Installation, step};
use crate::OpsError;
use crate::install::user_folders;

/// Generates and builds in the user's folder.
///
/// # Errors
/// The recipe fails.
pub(super) fn build(installation: &Installation<'_>, id: NodeId) -> Result<(), OpsError> {
    let session = installation.session;
    let reporter = session.reporter();
    let node = installation.graph.node(id);
    let scope = node.reference.without_revision().to_string();
    let places = Places::of(installation, node)?;
    reporter.status(
        &scope,
        &format!(
            "Rewriting files of editable package '{}' at '{}'",
            node.reference.name, places.folders.generators
        ),
    );
    let folders = user_folders(&places.recipe, &places.output);
    step(reporter, &scope, &format!("Generate step for {scope}"));
    let generate = Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: true,
    };
    let input = installation.act_input(id, folders.clone(), generate)?;
    session.host()?.act(&input)?;
    step(reporter, &scope, &format!("Build step for {scope}"));
    let input = installation.act_input(id, folders, Action::Build)?;
    session.host()?.act(&input)?;
    Ok(())
}

/// Runs `package_info()` and shows the result to consumers.
///
/// # Errors
/// The recipe fails.
pub(super) fn describe(installation: &mut Installation<'_>, id: NodeId) -> Result<(), OpsError> {
    let node = installation.graph.node(id);
    let places = Places::of(installation, node)?;
    let Some(configure) = node.configure.clone() else {
        return Ok(());
    };
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let bases = PackageFolders {
        source: text(&places.base),
        build: text(&places.output),
        generators: text(&places.output),
        ..places.folders.clone()
    };
    let input = DescribeInput {
        instance: configure.instance,
        configure,
        layout: node.layout.clone().unwrap_or_default(),
        info: node.info.clone(),
        folders: bases,
        graph: installation.view(),
        node: id.0,
        editable: true,
    };
    let described = installation.session.host()?.describe(&input)?;
    installation.graph.nodes[id.0].prev = Some("editable".to_owned());
    installation.note_described(id, described);
    Arc::make_mut(&mut installation.views[id.0]).folders = places.folders;
    Ok(())
}

/// Where the parts of an editable package are.
struct Places {
    /// The recipe's own folder.
    recipe: PathBuf,
    /// The base of sources: the recipe's folder, or what `folders.root` makes of it.
    base: PathBuf,
    /// The base of everything else.
    output: PathBuf,
    /// After `layout()`.
    folders: PackageFolders,
}

impl Places {
    fn of(installation: &Installation<'_>, node: &Node) -> Result<Self, OpsError> {
        let recipe = PathBuf::from(super::recipe_folder(node));
        let layout = node.layout.clone().unwrap_or_default();
        let base = match &layout.root {
            Some(root) => crom_fs::file::normalize(&recipe.join(root)),
            None => recipe.clone(),
        };
        let editables = Editables::load(installation.session.home())?;
        let reference = node.reference.without_revision().to_string();
        let output = editables
            .get(&reference)
            .and_then(|editable| editable.output_folder.clone())
            .unwrap_or_else(|| base.clone());
        let below = |base: &Path, folder: &str| {
            let path = if folder.is_empty() {
                base.to_path_buf()
            } else {
                base.join(folder)
            };
            let path = crom_fs::file::normalize(&path);
            path.to_string_lossy().into_owned()
        };
        let folders = PackageFolders {
            recipe: below(&recipe, ""),
            source: below(&base, &layout.source),
            build: below(&output, &layout.build),
            generators: below(&output, &layout.generators),
            package: below(&output, ""),
            immutable_package: below(&output, ""),
            ..PackageFolders::default()
        };
        Ok(Self {
            recipe,
            base,
            output,
            folders,
        })
    }
}
