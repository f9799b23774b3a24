//! Deployers: dependencies are copied to where the user wants them.

mod runtime;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crom_graph::{NodeExtras, NodeId, graph_json};
use crom_model::view::PackageView;
use crom_recipe::{Action, FolderBases, RecipeMethod};

use crate::OpsError;
use crate::build::{Installation, recipe_folder};

/// Calls deployers in order: `full_deploy`, `direct_deploy`, `runtime_deploy`, or a user's own Python
/// file. What is generated afterwards uses the copies.
///
/// # Errors
/// An unknown deployer, or one that fails.
pub(crate) fn deploy(
    installation: &mut Installation<'_>,
    deployers: &[String],
    folder: &Path,
) -> Result<(), OpsError> {
    if deployers.is_empty() {
        return Ok(());
    }
    let folder = crom_fs::file::normalize(folder);
    crom_fs::create_dir_all(&folder)?;
    for deployer in deployers {
        match find(installation, deployer)? {
            Deployer::Full => full(installation, &folder)?,
            Deployer::Direct => direct(installation, &folder)?,
            Deployer::Runtime => runtime::deploy(installation, &folder)?,
            Deployer::User(file) => user(installation, file, &folder)?,
        }
    }
    Ok(())
}

/// Calls `deploy()` of the packages that match one of the patterns; a pattern with `!` or `~` in
/// front excludes.
///
/// # Errors
/// A recipe that fails.
pub(crate) fn deploy_packages(
    installation: &Installation<'_>,
    patterns: &[String],
    folder: &Path,
) -> Result<(), OpsError> {
    let excluding = |pattern: &String| pattern.starts_with(['!', '~']);
    let (excluded, wanted): (Vec<&String>, Vec<&String>) =
        patterns.iter().partition(|it| excluding(it));
    if patterns.is_empty() {
        return Ok(());
    }
    let folder = crom_fs::file::normalize(folder);
    crom_fs::create_dir_all(&folder)?;
    let ids: Vec<NodeId> = installation.graph.ids().collect();
    for id in ids.into_iter().rev() {
        let node = installation.graph.node(id);
        let matches = |pattern: &str| node.reference.matches(pattern, id.0 == 0);
        let chosen = wanted.iter().any(|pattern| matches(pattern))
            && !excluded.iter().any(|pattern| matches(&pattern[1..]));
        if !chosen || !node.attributes.has(RecipeMethod::Deploy) {
            continue;
        }
        let folders = installation.package_folders(id);
        if folders.package.is_empty() && id.0 > 0 {
            continue;
        }
        let bases = FolderBases {
            recipe: recipe_folder(node),
            package: folders.package.clone(),
            immutable_package: folders.immutable_package.clone(),
            deploy: folder.to_string_lossy().into_owned(),
            ..FolderBases::default()
        };
        let input = installation.act_input(id, bases, Action::Deploy)?;
        installation.session.host()?.act(&input)?;
    }
    Ok(())
}

enum Deployer {
    Full,
    Direct,
    Runtime,
    User(PathBuf),
}

/// A path as it is given, a file of `extensions/deployers`, or a built-in one.
fn find(installation: &Installation<'_>, name: &str) -> Result<Deployer, OpsError> {
    let session = installation.session;
    let file = if name.ends_with(".py") {
        name.to_owned()
    } else {
        format!("{name}.py")
    };
    let given = session.cwd().join(&file);
    let own = session
        .home()
        .extensions_folder()
        .join("deployers")
        .join(&file);
    if let Some(file) = [given, own].into_iter().find(|path| crom_fs::is_file(path)) {
        return Ok(Deployer::User(file));
    }
    match name {
        "full_deploy" | "full_deploy.py" => Ok(Deployer::Full),
        "direct_deploy" | "direct_deploy.py" => Ok(Deployer::Direct),
        "runtime_deploy" | "runtime_deploy.py" => Ok(Deployer::Runtime),
        _ => Err(OpsError::message(format!("Cannot find deployer '{file}'"))),
    }
}

/// Everything, as `full_deploy/host/zlib/1.3/Release/x86_64`.
fn full(installation: &mut Installation<'_>, folder: &Path) -> Result<(), OpsError> {
    say(
        installation,
        &format!("Conan built-in full deployer to {}", folder.display()),
    );
    for index in installation.seen_by_root(false) {
        let view = installation.package_view(index);
        let info = view.info.as_ref().map(|info| &info.settings);
        let setting = |name: &str| {
            let value = info.and_then(|settings| settings.get_safe(name));
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let mut target = PathBuf::from("full_deploy");
        target.push(view.context.as_str());
        target.push(&view.reference.name);
        target.push(view.reference.version.to_string());
        target.extend(setting("build_type"));
        target.extend(setting("arch"));
        copy(installation, index, folder, &target, "full_deploy")?;
    }
    Ok(())
}

/// Direct dependencies, as `direct_deploy/zlib`.
fn direct(installation: &mut Installation<'_>, folder: &Path) -> Result<(), OpsError> {
    let base = folder.join("direct_deploy");
    say(
        installation,
        &format!("Conan built-in pkg deployer to {}", base.display()),
    );
    // The folder is there also when nothing goes into it.
    crom_fs::create_dir_all(&base)?;
    for index in installation.seen_by_root(true) {
        let target =
            Path::new("direct_deploy").join(&installation.package_view(index).reference.name);
        copy(installation, index, folder, &target, "direct_deploy")?;
    }
    Ok(())
}

fn copy(
    installation: &mut Installation<'_>,
    index: usize,
    folder: &Path,
    target: &Path,
    deployer: &str,
) -> Result<(), OpsError> {
    let view = Arc::clone(installation.package_view(index));
    let from = &view.folders.package;
    if from.is_empty() {
        return Ok(());
    }
    let to = folder.join(target);
    crom_fs::remove(&to)?;
    let options = crom_fs::CopyOptions {
        follow_links: !symlinks(installation)?,
    };
    crom_fs::copy_tree(from, &to, options).map_err(|error| {
        OpsError::message(format!(
            "{deployer}: The copy of '{}' files failed: {error}.\n\
             You can use 'tools.deployer:symlinks' conf to disable symlinks",
            view.reference.without_revision()
        ))
    })?;
    installation.set_deploy_folder(index, &to.to_string_lossy());
    Ok(())
}

/// Are links copied as links?
fn symlinks(installation: &Installation<'_>) -> Result<bool, OpsError> {
    let conf = &installation.graph.node(NodeId(0)).conf;
    Ok(conf.get_bool("tools.deployer:symlinks")?.unwrap_or(true))
}

fn user(installation: &mut Installation<'_>, file: PathBuf, folder: &Path) -> Result<(), OpsError> {
    let view = installation.view();
    let extras = |id: NodeId| NodeExtras {
        folders: view.nodes[id.0].folders.clone(),
        ..NodeExtras::default()
    };
    let mut json = graph_json(installation.graph, &extras);
    let nodes = json
        .pointer_mut("/graph/nodes")
        .map(serde_json::Value::take);
    let action = Action::Deployer {
        file,
        output_folder: folder.to_string_lossy().into_owned(),
        nodes: Arc::new(nodes.unwrap_or_default()),
    };
    let bases = FolderBases {
        recipe: recipe_folder(installation.graph.node(NodeId(0))),
        ..FolderBases::default()
    };
    let input = installation.act_input(NodeId(0), bases, action)?;
    let output = installation.session.host()?.act(&input)?;
    for (index, folder) in output.deployed {
        installation.set_deploy_folder(index, &folder);
    }
    Ok(())
}

fn say(installation: &Installation<'_>, text: &str) {
    let root = &installation.graph.node(NodeId(0)).display;
    installation.session.reporter().status(root, text);
}

impl Installation<'_> {
    pub(crate) fn package_view(&self, index: usize) -> &Arc<PackageView> {
        &self.views[index]
    }

    /// Places of what the root sees, in its order.
    fn seen_by_root(&self, direct: bool) -> Vec<usize> {
        self.views[0]
            .dependencies
            .iter()
            .filter(|(require, _)| !direct || require.direct())
            .map(|(_, index)| *index)
            .collect()
    }

    /// A package is used from another folder from now on.
    fn set_deploy_folder(&mut self, index: usize, folder: &str) {
        let view = Arc::make_mut(&mut self.views[index]);
        Arc::make_mut(&mut view.cpp_info).deploy_base_folder(&view.folders.package, folder);
        folder.clone_into(&mut view.folders.package);
    }
}
