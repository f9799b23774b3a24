//! `config install-pkg`: configuration that is the content of a package.
//!
//! What is installed stands in `config_version.json` of the home, so that the same isn't installed
//! again: `{"config_version": ["myconf/0.1#rrev"]}`.

use std::path::{Path, PathBuf};

use crom_graph::{BuildChoice, NodeId, RootSpec};
use crom_model::package_type::PackageType;
use crom_model::profile::Profile;
use serde_json::json;

use crate::build::Installation;
use crate::config_install::copy_folder;
use crate::graph::{
    GraphRequest, build_mode, check, finish_lockfile, load_lockfile, parse_reference, resolve,
};
use crate::{
    LockfileSelection, OpsError, ProfileSelection, Profiles, RootRequest, Session, profiles,
};

/// `config install-pkg`
#[derive(Clone, Debug, Default)]
pub struct ConfigPackageRequest {
    /// With a version or a range of them.
    pub reference: String,
    /// Install again what is installed.
    pub force: bool,
    /// An empty profile where nothing is said.
    pub profiles: ProfileSelection,
    /// Which versions.
    pub lockfile: LockfileSelection,
}

/// Installs the files of a package of the type `configuration` into the home.
///
/// # Errors
/// No such package, one of another type, or files that can't be written.
pub fn config_install_package(
    session: &Session,
    request: &ConfigPackageRequest,
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    reporter.warning(
        Some("experimental"),
        "",
        "The 'conan config install-pkg' is experimental",
    );
    reporter.title("Fetching requested configuration packages");
    let reference = parse_reference(&request.reference)?;
    let graph = GraphRequest {
        root: RootRequest::References {
            requires: vec![request.reference.clone()],
            tool_requires: Vec::new(),
        },
        update: vec!["*".to_owned()],
        lockfile: request.lockfile.clone(),
        ..GraphRequest::default()
    };
    let root = RootSpec::cli(&[reference], &[]);
    let choice = BuildChoice::new(build_mode(None)?);
    let profiles = chosen(session, request)?;
    let lockfile = load_lockfile(session, &graph.lockfile, None)?;
    let mut resolved = resolve(session, &graph, profiles, &root, None, lockfile, &choice)?;
    let node = NodeId(1);
    let found = resolved.graph.node(node);
    let label = found.reference.without_revision().to_string();
    if found.package_type != PackageType::Configuration {
        return Err(OpsError::message(format!(
            "{label} is not of package_type=\"configuration\""
        )));
    }
    let version = found.reference.repr_notime();
    reporter.status("", &format!("Configuration from package: {label}"));
    check(session, &resolved.graph, "config install-pkg")?;
    let mut installation = Installation::new(session, &mut resolved);
    installation.install_packages()?;
    let folder = PathBuf::from(&installation.package_folders(node).package);
    finish_lockfile(session, &graph, &resolved)?;
    reporter.title("Configuration packages to install");
    if installed(session)?.contains(&version) {
        let same = "The requested configurations are identical to the already installed ones";
        if !request.force {
            reporter.status("", &format!("{same}, skipping re-installation"));
            return Ok(());
        }
        let text = format!("{same}, but forcing re-installation because --force");
        reporter.warning(None, "", &text);
    }
    reporter.title("Installing configuration from packages");
    reporter.status("", &format!("Installing configuration from {label}"));
    copy_folder(session, &folder, session.home().root())?;
    remember(session, &label, version)
}

fn chosen(session: &Session, request: &ConfigPackageRequest) -> Result<Profiles, OpsError> {
    if request.profiles != ProfileSelection::default() {
        return profiles(session, &request.profiles);
    }
    let mut empty = Profile::default();
    empty
        .process_settings(session.settings_definition()?)
        .map_err(|error| OpsError::message(error.to_string()))?;
    Ok(Profiles {
        host: empty.clone(),
        build: empty,
    })
}

fn file(session: &Session) -> PathBuf {
    session.home().root().join("config_version.json")
}

fn installed(session: &Session) -> Result<Vec<String>, OpsError> {
    let path = file(session);
    if !crom_fs::is_file(&path) {
        return Ok(Vec::new());
    }
    let wrong = |path: &Path, text: String| {
        OpsError::message(format!("'{}' doesn't parse: {text}", path.display()))
            .with_hint("remove it: configuration packages will be installed again")
    };
    let json: serde_json::Value = serde_json::from_str(&crom_fs::read_text(&path)?)
        .map_err(|error| wrong(&path, error.to_string()))?;
    let list = json.get("config_version").cloned().unwrap_or_default();
    serde_json::from_value(list).map_err(|error| wrong(&path, error.to_string()))
}

/// A package takes the place of another revision or version of it.
fn remember(session: &Session, label: &str, version: String) -> Result<(), OpsError> {
    let name = label.split('/').next().unwrap_or(label);
    let mut all = installed(session)?;
    all.retain(|other| other.split('/').next() != Some(name));
    all.push(version);
    let json = json!({"config_version": all});
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(&json, &mut serializer)
        .map_err(|error| OpsError::message(error.to_string()))?;
    Ok(crom_fs::write_atomic(file(session), bytes)?)
}
