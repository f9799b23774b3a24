//! `inspect` and `source`: a conanfile by itself, without its dependencies.

use std::sync::Arc;

use crom_graph::InspectedRecipe;
use crom_model::reference::RecipeReference;
use crom_model::version::Version;
use crom_recipe::{
    ActInput, Action, ConfigureInput, GivenReference, InstanceId, RecipeMethod, Role,
};
use serde_json::{Map, Value};

use crate::conanfile;
use crate::export::inspect_conanfile;
use crate::graph::load_lockfile;
use crate::install::user_folders;
use crate::{LockfileSelection, OpsError, RemoteSelection, Session};

/// `inspect`
#[derive(Clone, Debug, Default)]
pub struct InspectRequest {
    /// The conanfile, or its folder.
    pub path: String,
    /// For `python_requires`.
    pub remotes: RemoteSelection,
    /// For `python_requires`.
    pub lockfile: LockfileSelection,
}

/// `source`
#[derive(Clone, Debug, Default)]
pub struct SourceRequest {
    /// The conanfile, or its folder.
    pub path: String,
    /// Names that the recipe doesn't declare.
    pub given: GivenReference,
    /// For `python_requires`.
    pub lockfile: LockfileSelection,
}

/// What a recipe declares, by attribute, in Conan's order.
///
/// # Errors
/// No conanfile, or one that can't be loaded.
pub fn inspect(
    session: &Session,
    request: &InspectRequest,
) -> Result<Map<String, Value>, OpsError> {
    let conanfile = conanfile::find(session.cwd(), &request.path, false)?;
    let given = GivenReference::default();
    let lockfile = load_lockfile(session, &request.lockfile, Some(&conanfile))?;
    let inspected = inspect_conanfile(
        session,
        &conanfile,
        &given,
        &request.remotes,
        lockfile.as_ref(),
    )?;
    let mut attributes = inspected.attributes.inspect.clone();
    // Kept beside the attributes for the graph; Conan doesn't show it.
    attributes.shift_remove("required_conan_version");
    Ok(attributes)
}

/// Calls `source()` of a recipe in the user's folder.
///
/// # Errors
/// No conanfile, or a recipe that fails.
pub fn source(session: &Session, request: &SourceRequest) -> Result<(), OpsError> {
    let conanfile = conanfile::find(session.cwd(), &request.path, false)?;
    let remotes = RemoteSelection::default();
    let lockfile = load_lockfile(session, &request.lockfile, Some(&conanfile))?;
    let inspected = inspect_conanfile(
        session,
        &conanfile,
        &request.given,
        &remotes,
        lockfile.as_ref(),
    )?;
    let display = display(&conanfile.display, &inspected);
    session
        .reporter()
        .status("", &format!("Getting sources for {display}"));
    if !inspected.attributes.has(RecipeMethod::Source) && !session.has_hooks() {
        return Ok(());
    }
    let folders = user_folders(conanfile.folder(), conanfile.folder());
    let configure = Arc::new(bare_configure(session, &inspected)?);
    session.host()?.act(&ActInput {
        instance: configure.instance,
        inspect: Arc::clone(&inspected.inspect),
        configure: Some(configure),
        layout: None,
        info: None,
        graph: Arc::default(),
        node: 0,
        folders,
        buildenv: Arc::default(),
        runenv: Arc::default(),
        action: Action::Source,
    })?;
    Ok(())
}

/// A recipe without profile: `source()` may not depend on settings and options.
fn bare_configure(
    session: &Session,
    inspected: &InspectedRecipe,
) -> Result<ConfigureInput, OpsError> {
    let attributes = &inspected.attributes;
    Ok(ConfigureInput {
        instance: InstanceId::next(),
        inspect: Arc::clone(&inspected.inspect),
        attributes: Arc::clone(attributes),
        reference: RecipeReference {
            user: attributes.user.clone(),
            channel: attributes.channel.clone(),
            ..RecipeReference::new(
                attributes.name.clone().unwrap_or_default(),
                Version::from(attributes.version.as_deref().unwrap_or_default()),
            )
        },
        context: crom_model::view::Context::Host,
        role: Role::Consumer,
        settings_definition: Arc::clone(session.settings_definition()?),
        settings: crom_model::view::SettingValues::default(),
        settings_build: Arc::default(),
        settings_target: None,
        profile_options: Arc::default(),
        down_options: crom_model::options::Options::default(),
        conf: session.core_conf()?.as_ref().clone(),
        conf_build: crom_model::conf::Conf::default(),
        hidden_settings: true,
    })
}

/// `conanfile.py (zlib/1.3)`
fn display(file: &str, inspected: &InspectedRecipe) -> String {
    let attributes = &inspected.attributes;
    match (&attributes.name, &attributes.version) {
        (Some(name), Some(version)) => format!("{file} ({name}/{version})"),
        (Some(name), None) => format!("{file} ({name}/None)"),
        _ => file.to_owned(),
    }
}
