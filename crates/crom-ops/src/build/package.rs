//! One package is built in the cache: sources, generate, build, package, revision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crom_graph::{Graph, NodeId};
use crom_model::manifest::Manifest;
use crom_model::reporter::{Level, Reporter, Style};
use crom_recipe::{ActOutput, Action, FolderBases};
use crom_store::cache::{NewPackage, PackageLayout, RecipeLayout, clean_dirty, set_dirty};

use super::{Installation, sources};
use crate::OpsError;

/// Builds the package of a node and puts it into the cache. It is known to others only when it is
/// complete.
///
/// # Errors
/// Whatever step fails. The build folder stays, so that the failure can be looked at.
pub(super) fn build(installation: &mut Installation<'_>, id: NodeId) -> Result<(), OpsError> {
    let session = installation.session;
    let cache = session.cache()?;
    let node = installation.graph.node(id);
    let scope = node.reference.without_revision().to_string();
    let package = node
        .package_reference()
        .ok_or_else(|| OpsError::message(format!("{scope} has no package id")))?;
    let package_id = package.package_id.clone();
    let reporter = session.shared_reporter();
    let recipe = cache.recipe(&node.reference)?;

    reporter.status("", &format!("Building from source {scope}:{package_id}"));
    summary(installation.graph, id, &scope, &*reporter);
    let recipe_lock = cache.lock_recipe(&recipe.reference, &*reporter)?;
    step(&*reporter, &scope, "Source step");
    sources::prepare(installation, id, &recipe)?;

    let mut unlocked = package.clone();
    unlocked.revision = None;
    unlocked.timestamp = None;
    let new = cache.new_build(&unlocked)?;
    let folders = place(installation, id, &recipe, &new, &*reporter)?;
    // Other packages of the recipe may be built meanwhile.
    drop(recipe_lock);
    set_dirty(&new.layout.build())?;
    set_dirty(&new.layout.package())?;

    step(&*reporter, &scope, &format!("Generate step for {scope}"));
    let generate = Action::Generate {
        extra_generators: Vec::new(),
        env_scripts: true,
    };
    act(installation, id, &folders, generate)?;
    reporter.status(
        "",
        &format!("Building your package in {}", new.layout.build().display()),
    );
    step(&*reporter, &scope, &format!("Build step for {scope}"));
    let built = act(installation, id, &folders, Action::Build);
    let build_folder =
        |output: &ActOutput| folder(output, "build_folder").unwrap_or_else(|| new.layout.build());
    let output = match built {
        Ok(output) => output,
        Err(error) => {
            reporter.error("", &format!("\nPackage '{package_id}' build failed"));
            reporter.warning(
                None,
                "",
                &format!("Build folder {}", new.layout.build().display()),
            );
            return Err(error);
        }
    };
    installation.note_folders(id, &output);
    clean_dirty(&new.layout.build())?;
    reporter.message(
        Level::Status,
        Style::Success,
        "",
        &format!("{scope}: Package '{package_id}' built"),
    );
    reporter.status(
        "",
        &format!("{scope}: Build folder {}", build_folder(&output).display()),
    );

    step(
        &*reporter,
        &scope,
        &format!("Package step for {scope}:{package_id}"),
    );
    reporter.status(
        "",
        &format!("Packaging in folder {}", new.layout.package().display()),
    );
    if let Some(info) = &installation.graph.node(id).info {
        crom_fs::write(build_folder(&output).join("conaninfo.txt"), info.dumps())?;
    }
    act(installation, id, &folders, Action::Package)?;
    let layout = finish(installation, id, new, &*reporter)?;
    reporter.status(
        "",
        &format!("Package folder {}", layout.package().display()),
    );
    Ok(())
}

/// `package()` ran: writes info and manifest, and registers the package. Returns where it is.
pub(crate) fn finish(
    installation: &mut Installation<'_>,
    id: NodeId,
    new: NewPackage,
    reporter: &dyn Reporter,
) -> Result<PackageLayout, OpsError> {
    let folder = new.layout.package();
    let info = installation
        .graph
        .node(id)
        .info
        .as_ref()
        .map(|info| info.dumps())
        .unwrap_or_default();
    let revision = write_manifest(&folder, &info, reporter)?;
    clean_dirty(&folder)?;
    let cache = installation.session.cache()?;
    let build_id = installation.graph.node(id).build_id.clone();
    let layout: PackageLayout = cache.finish_package(new, &revision, None, build_id.as_deref())?;
    let node = &mut installation.graph.nodes[id.0];
    node.prev = Some(revision.clone());
    node.prev_timestamp = layout.reference.timestamp;
    let package_id = node.package_id.clone().unwrap_or_default();
    reporter.status("", &format!("Created package revision {revision}"));
    reporter.message(
        Level::Status,
        Style::Success,
        "",
        &format!("Package '{package_id}' created"),
    );
    let full = layout.reference.with_revision(revision).repr_notime();
    reporter.message(
        Level::Status,
        Style::Success,
        "",
        &format!("Full package reference: {full}"),
    );
    Ok(layout)
}

/// Writes `conaninfo.txt` and `conanmanifest.txt` into a package folder and returns the revision.
///
/// # Errors
/// Files that can't be read or written.
pub(crate) fn write_manifest(
    folder: &Path,
    info: &str,
    reporter: &dyn Reporter,
) -> Result<String, OpsError> {
    crom_fs::write(folder.join("conaninfo.txt"), info)?;
    let files: BTreeMap<_, _> = crom_fs::digest::tree_digest(folder)?
        .into_iter()
        .map(|file| (file.path, file.md5))
        .collect();
    let copied = crom_store::export::copied_lines(files.keys());
    if copied.is_empty() {
        reporter.warning(None, "package()", "No files in this package!");
    }
    for line in copied {
        reporter.status("package()", &line.replacen("Copied", "Packaged", 1));
    }
    let manifest = Manifest::new(crom_store::cache::now() as i64, files);
    crom_fs::write(folder.join("conanmanifest.txt"), manifest.dumps())?;
    Ok(manifest.revision())
}

/// Settings, options and requirements of the package in one line each.
fn summary(graph: &Graph, id: NodeId, scope: &str, reporter: &dyn Reporter) {
    let Some(info) = &graph.node(id).info else {
        return;
    };
    for line in info.summarize_compact() {
        reporter.status(scope, &line);
    }
}

fn place(
    installation: &Installation<'_>,
    id: NodeId,
    recipe: &RecipeLayout,
    new: &NewPackage,
    reporter: &dyn Reporter,
) -> Result<FolderBases, OpsError> {
    let build = new.layout.build();
    let node = installation.graph.node(id);
    let source = if node.attributes.no_copy_source {
        crom_fs::create_dir_all(&build)?;
        recipe.source()
    } else {
        reporter.status("", "Copying sources to build folder");
        crom_fs::copy_tree(recipe.source(), &build, crom_fs::CopyOptions::default())?;
        build.clone()
    };
    crom_fs::create_dir_all(new.layout.package())?;
    let below = node.layout.as_ref().map_or("", |layout| &layout.source);
    let shown = if below.is_empty() {
        source.clone()
    } else {
        source.join(below)
    };
    reporter.status("", &format!("Sources in {}", shown.display()));
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    Ok(FolderBases {
        recipe: text(recipe.export()),
        export_sources: text(recipe.source()),
        source: text(source),
        generators: text(build.clone()),
        build: text(build),
        package: text(new.layout.package()),
        recipe_metadata: text(recipe.metadata()),
        package_metadata: text(new.layout.metadata()),
        ..FolderBases::default()
    })
}

fn act(
    installation: &Installation<'_>,
    id: NodeId,
    folders: &FolderBases,
    action: Action,
) -> Result<ActOutput, OpsError> {
    let input = installation.act_input(id, folders.clone(), action)?;
    Ok(installation.session.host()?.act(&input)?)
}

/// A folder that the host told after it applied the layout.
pub(crate) fn folder(output: &ActOutput, name: &str) -> Option<PathBuf> {
    output
        .folders
        .iter()
        .find(|(found, _)| found == name)
        .map(|(_, path)| PathBuf::from(path))
}

/// `>>> text`; the package's own lines need no prefix from now on.
pub(crate) fn step(reporter: &dyn Reporter, scope: &str, text: &str) {
    reporter.message(Level::Status, Style::Step, scope, text);
}
