//! `config install-pkg`: configuration that is the content of a package.
//!
//! What is installed stands in `config_version.json` of the home, so that the same isn't installed
//! again: `{"config_version": ["myconf/0.1#rrev"]}`.

use std::path::{Path, PathBuf};

use crom_graph::{BuildChoice, NodeId, RootSpec};
use crom_model::lockfile::{LockKind, Lockfile};
use crom_model::package_id::{RequirementInfo, RequirementsInfo};
use crom_model::package_type::PackageType;
use crom_model::profile::Profile;
use crom_model::reference::{PackageReference, RecipeReference};
use crom_model::yaml::Value;
use crom_store::remotes::RemoteConfig;
use serde_json::json;

use crate::build::Installation;
use crate::config_install::copy_folder;
use crate::graph::{
    DEFAULT_LOCKFILE, GraphRequest, LockEntries, build_mode, check, find_lockfile, load_lockfile,
    parse_reference, remove_entries, resolve, save_lockfile,
};
use crate::{
    LockfileSelection, OpsError, ProfileSelection, Profiles, RemoteSelection, RootRequest, Session,
    profiles,
};

/// `config install-pkg`
#[derive(Clone, Debug, Default)]
pub struct ConfigPackageRequest {
    /// With a version or a range of them; or the folder of a `conanconfig.yml`, or such a file.
    pub item: String,
    /// Install again what is installed.
    pub force: bool,
    /// An empty profile where nothing is said.
    pub profiles: ProfileSelection,
    /// Which versions.
    pub lockfile: LockfileSelection,
    /// The server to ask instead of the home's remotes, and whether to check its certificate.
    pub url: Option<(String, bool)>,
}

/// `lock upgrade-config`
#[derive(Clone, Debug, Default)]
pub struct ConfigUpgradeRequest {
    /// References; none: those of the `conanconfig.yml` at `path`.
    pub references: Vec<String>,
    /// The current folder by default.
    pub path: Option<String>,
    /// Patterns of what is resolved again.
    pub upgraded: Vec<String>,
    /// An empty profile where nothing is said.
    pub profiles: ProfileSelection,
    /// Where from.
    pub remotes: RemoteSelection,
    /// Read and written.
    pub lockfile: LockfileSelection,
}

/// Installs the files of packages of the type `configuration` into the home.
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
    let references = references(session, &request.item)?;
    let server = request.url.as_ref().map(|(url, verify_ssl)| RemoteConfig {
        verify_ssl: *verify_ssl,
        ..RemoteConfig::new("config_install_url", url)
    });
    let fetch = Fetch {
        profiles: &request.profiles,
        remotes: RemoteSelection {
            server,
            ..RemoteSelection::default()
        },
    };
    let lockfile = load_lockfile(session, &request.lockfile, None)?;
    let (fetched, lockfile) = fetch.packages(session, &references, lockfile)?;
    if let Some(out) = &request.lockfile.out {
        save_lockfile(session, out, &lockfile)?;
    }
    reporter.title("Configuration packages to install");
    let before = installed(session)?;
    if fetched.iter().all(|it| before.contains(&it.version())) {
        let same = "The requested configurations are identical to the already installed ones";
        if !request.force {
            reporter.status("", &format!("{same}, skipping re-installation"));
            return Ok(());
        }
        let text = format!("{same}, but forcing re-installation because --force");
        reporter.warning(None, "", &text);
    }
    reporter.title("Installing configuration from packages");
    for package in &fetched {
        let label = package.label();
        reporter.status("", &format!("Installing configuration from {label}"));
        copy_folder(session, &package.folder, session.home().root())?;
        remember(session, &label, package.version())?;
    }
    Ok(())
}

/// Resolves configuration packages of a lockfile again.
///
/// # Errors
/// No lockfile, nothing to upgrade, or packages that can't be fetched.
pub fn lock_upgrade_config(
    session: &Session,
    request: &ConfigUpgradeRequest,
) -> Result<(), OpsError> {
    if request.upgraded.is_empty() {
        return Err(OpsError::message(
            "At least one --update-config-requires should be specified",
        ));
    }
    let lockfile = find_lockfile(session, request.lockfile.path.as_deref(), session.cwd())?;
    let Some(mut lockfile) = lockfile else {
        return Err(OpsError::message(
            "No lockfile specified and default conan.lock not found",
        ));
    };
    let upgraded = LockEntries {
        config_requires: request.upgraded.clone(),
        ..LockEntries::default()
    };
    remove_entries(session, &mut lockfile, &upgraded)?;
    lockfile.partial = true;
    let references = if request.references.is_empty() {
        references(session, request.path.as_deref().unwrap_or("."))?
    } else {
        request.references.clone()
    };
    let fetch = Fetch {
        profiles: &request.profiles,
        remotes: request.remotes.clone(),
    };
    let (_, lockfile) = fetch.packages(session, &references, Some(lockfile))?;
    let out = request.lockfile.out.as_deref();
    save_lockfile(
        session,
        out.unwrap_or_else(|| Path::new(DEFAULT_LOCKFILE)),
        &lockfile,
    )
}

/// The item itself, or what a file lists: `{"packages": ["myconf/[>=1.0 <2]"]}`.
fn references(session: &Session, item: &str) -> Result<Vec<String>, OpsError> {
    let path = session.cwd().join(item);
    let file = if crom_fs::is_dir(&path) {
        path.join("conanconfig.yml")
    } else {
        path
    };
    if !crom_fs::is_file(&file) && parse_reference(item).is_ok() {
        return Ok(vec![item.to_owned()]);
    }
    let shown = file.display().to_string();
    let data = crom_model::yaml::load(&crom_fs::read_text(&file)?, &shown)
        .map_err(|error| OpsError::message(error.to_string()))?;
    let packages = match &data {
        Value::Map(map) => map.get("packages"),
        _ => None,
    };
    let Some(Value::List(packages)) = packages else {
        let text = format!("'{shown}' has no list 'packages'");
        return Err(
            OpsError::message(text).with_hint("it looks like `packages: [\"myconf/[>=1.0 <2]\"]`")
        );
    };
    let text = |item: &Value| match item {
        Value::String(text) => Ok(text.clone()),
        _ => Err(OpsError::message(format!(
            "'{shown}': 'packages' has something else than references"
        ))),
    };
    packages.iter().map(text).collect()
}

/// A configuration package in the cache.
struct Fetched {
    reference: RecipeReference,
    folder: PathBuf,
}

impl Fetched {
    fn label(&self) -> String {
        self.reference.without_revision().to_string()
    }

    fn version(&self) -> String {
        self.reference.repr_notime()
    }
}

/// How configuration packages are resolved.
struct Fetch<'a> {
    profiles: &'a ProfileSelection,
    remotes: RemoteSelection,
}

impl Fetch<'_> {
    /// Brings packages into the cache; what is locked afterwards.
    fn packages(
        &self,
        session: &Session,
        references: &[String],
        lockfile: Option<Lockfile>,
    ) -> Result<(Vec<Fetched>, Lockfile), OpsError> {
        session
            .reporter()
            .title("Fetching requested configuration packages");
        let locked = lockfile.is_some();
        let mut lockfile = lockfile.unwrap_or_default();
        let mut fetched = Vec::new();
        for reference in references {
            // In their graph, configuration packages are what is required.
            let own = locked.then(|| Lockfile {
                requires: lockfile.config_requires.clone(),
                partial: lockfile.partial,
                ..Lockfile::default()
            });
            let package = self.package(session, reference, own)?;
            lockfile.add_reference(LockKind::ConfigRequires, &package.reference);
            fetched.push(package);
        }
        Ok((fetched, lockfile))
    }

    fn package(
        &self,
        session: &Session,
        reference: &str,
        lockfile: Option<Lockfile>,
    ) -> Result<Fetched, OpsError> {
        let graph = GraphRequest {
            root: RootRequest::References {
                requires: vec![reference.to_owned()],
                tool_requires: Vec::new(),
            },
            update: vec!["*".to_owned()],
            remotes: self.remotes.clone(),
            ..GraphRequest::default()
        };
        let root = RootSpec::cli(&[parse_reference(reference)?], &[]);
        let choice = BuildChoice::new(build_mode(None)?);
        let profiles = chosen(session, self.profiles)?;
        let mut resolved = resolve(session, &graph, profiles, &root, None, lockfile, &choice)?;
        let node = NodeId(1);
        let found = resolved.graph.node(node);
        let label = found.reference.without_revision().to_string();
        if found.package_type != PackageType::Configuration {
            return Err(OpsError::message(format!(
                "{label} is not of package_type=\"configuration\""
            )));
        }
        let reference = found.reference.clone();
        let reporter = session.reporter();
        reporter.status("", &format!("Configuration from package: {label}"));
        check(session, &resolved.graph, "config install-pkg")?;
        let mut installation = Installation::new(session, &mut resolved);
        installation.install_packages()?;
        let folder = PathBuf::from(&installation.package_folders(node).package);
        Ok(Fetched { reference, folder })
    }
}

fn chosen(session: &Session, selection: &ProfileSelection) -> Result<Profiles, OpsError> {
    if *selection != ProfileSelection::default() {
        return profiles(session, selection);
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

/// What goes into all package ids with `core.package_id:config_mode`: the installed configuration
/// packages.
///
/// # Errors
/// A mode that there isn't, or `config_version.json` isn't there or doesn't parse.
pub(crate) fn config_version(session: &Session) -> Result<Option<RequirementsInfo>, OpsError> {
    let Some(mode) = session
        .core_conf()?
        .get_str("core.package_id:config_mode")?
    else {
        return Ok(None);
    };
    let failed = |text: String| {
        OpsError::message(format!(
            "core.package_id:config_mode defined, but error while loading \
             'config_version.json' file in cache: {}: {text}",
            session.home().root().display()
        ))
    };
    let path = file(session);
    if !crom_fs::is_file(&path) {
        let text = format!("'{}' doesn't exist", path.display());
        return Err(failed(text).with_hint("`conan config install-pkg` installs configuration"));
    }
    let item = |text: String| {
        let reference = RecipeReference::loads(&text).map_err(|error| failed(error.to_string()))?;
        let full = PackageReference::new(reference, "");
        RequirementInfo::with_mode_name(full, &mode).map_err(|error| failed(error.to_string()))
    };
    let items = installed(session)?.into_iter().map(item);
    Ok(Some(RequirementsInfo {
        items: items.collect::<Result<_, _>>()?,
    }))
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
