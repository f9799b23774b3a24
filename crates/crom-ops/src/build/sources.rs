//! The source folder of a recipe in the cache: made once, shared by all its builds.

use crom_graph::NodeId;
use crom_model::reporter::{Level, Style};
use crom_recipe::{Action, FolderBases, RecipeMethod};
use crom_store::cache::{RecipeLayout, clean_dirty, is_dirty, set_dirty};

use super::Installation;
use crate::OpsError;

/// Fills the source folder of a recipe, unless it is there: exported sources first, then `source()`.
/// A folder that a failed or killed attempt left behind is made anew.
///
/// # Errors
/// `source()` fails, or exported sources aren't to be had.
pub(super) fn prepare(
    installation: &Installation<'_>,
    id: NodeId,
    recipe: &RecipeLayout,
) -> Result<(), OpsError> {
    let folder = recipe.source();
    let node = installation.graph.node(id);
    let scope = node.reference.without_revision().to_string();
    let reporter = installation.session.reporter();
    let has_source = node.attributes.has(RecipeMethod::Source);
    installation.catalog.export_sources(recipe)?;
    if is_dirty(&folder) {
        reporter.warning(None, &scope, "Trying to remove corrupted source folder");
        reporter.warning(None, &scope, "This can take a while for big packages");
        crom_fs::remove_tree(&folder)?;
        clean_dirty(&folder)?;
    }
    if crom_fs::is_dir(&folder) {
        return Ok(());
    }
    reporter.status("", &format!("Getting sources for {scope}"));
    set_dirty(&folder)?;
    crom_fs::copy_tree(
        recipe.export_sources(),
        &folder,
        crom_fs::CopyOptions::default(),
    )?;
    if has_source || installation.session.has_hooks() {
        let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
        let folders = FolderBases {
            recipe: text(&recipe.export()),
            // The exported sources are among the sources now.
            export_sources: text(&folder),
            source: text(&folder),
            recipe_metadata: text(&recipe.metadata()),
            ..FolderBases::default()
        };
        let input = installation.act_input(id, folders, Action::Source)?;
        installation.session.host()?.act(&input)?;
    }
    clean_dirty(&folder)?;
    reporter.message(
        Level::Verbose,
        Style::Plain,
        &scope,
        &format!("Sources are in {}", folder.display()),
    );
    Ok(())
}
