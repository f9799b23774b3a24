//! `profile *`, and the profiles of every other command.

use std::path::PathBuf;

use crom_model::profile::{Profile, ProfileArgs};
use crom_model::view::Context;
use crom_store::StoreError;
use crom_store::detect::{Detector, profile_text};
use crom_store::profile::{ContextArgs, Profiles as ProfileStore, save_detected_profile};

use crate::plugins;
use crate::{ContextSelection, OpsError, ProfileSelection, Session};

/// The two profiles of a command, with `global.conf` below their confs and settings checked.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// For the machine that the binaries are for.
    pub host: Profile,
    /// For the machine that builds.
    pub build: Profile,
}

/// Loads and composes what the command line says of profiles.
///
/// # Errors
/// A profile that isn't there or doesn't parse; a setting or conf that there isn't.
pub fn profiles(session: &Session, selection: &ProfileSelection) -> Result<Profiles, OpsError> {
    let store = store(session)?;
    let load = |context: Context, selection: &ContextSelection| {
        let args = ContextArgs {
            profiles: selection.profiles.clone(),
            values: ProfileArgs {
                settings: selection.settings.clone(),
                options: selection.options.clone(),
                conf: selection.conf.clone(),
            },
        };
        store.load(context, &args, &mut |path, profile| {
            plugins::profile(session, path, profile)
                .map_err(|error| StoreError::Invalid(error.to_string()))
        })
    };
    // In the reference a wrong build profile is reported first.
    let build = load(Context::Build, &selection.build)?;
    let host = load(Context::Host, &selection.host)?;
    Ok(Profiles { host, build })
}

/// The names of the profiles in the home, sorted.
///
/// # Errors
/// The folder can't be read.
pub fn profile_list(session: &Session) -> Result<Vec<String>, OpsError> {
    Ok(store(session)?.list()?)
}

/// Where the profile of this name or path is.
///
/// # Errors
/// It isn't anywhere.
pub fn profile_path(session: &Session, name: &str) -> Result<PathBuf, OpsError> {
    Ok(store(session)?.path(name)?)
}

/// `profile detect`
#[derive(Clone, Debug, Default)]
pub struct DetectRequest {
    /// `default` where none is given.
    pub name: Option<String>,
    /// Overwrite what is there.
    pub force: bool,
    /// Nothing to do where one is there.
    pub exist_ok: bool,
}

/// Writes a guessed profile and gives its text to `show`; nothing where one is there and that is
/// fine.
///
/// # Errors
/// A profile of the name exists, or it can't be written.
pub fn profile_detect(
    session: &Session,
    request: &DetectRequest,
    show: &mut dyn FnMut(&str),
) -> Result<(), OpsError> {
    let reporter = session.reporter();
    let name = request.name.as_deref().unwrap_or("default");
    let path = session.home().profiles_folder().join(name);
    if crom_fs::exists(&path) && !request.force {
        let text = format!("Profile '{}' already exists", path.display());
        if request.exist_ok {
            reporter.status("", &format!("{text}, skipping detection"));
            return Ok(());
        }
        return Err(OpsError::message(text).with_hint("use '--force' to overwrite it"));
    }
    let settings = Detector::new(session.variables(), reporter).default_settings();
    let text = profile_text(&settings);
    reporter.status("", "");
    reporter.status("", "Detected profile:");
    show(&text);
    reporter.warning(
        None,
        "",
        "This profile is a guess of your environment, please check it.",
    );
    if settings
        .iter()
        .any(|(name, value)| name == "os" && value == "Macos")
    {
        reporter.warning(None, "", "Defaulted to cppstd='gnu17' for apple-clang.");
    }
    reporter.warning(
        None,
        "",
        "The output of this command is not guaranteed to be stable and can change in future Conan versions.",
    );
    reporter.warning(None, "", "Use your own profile files for stability.");
    reporter.status(
        "",
        &format!("Saving detected profile to {}", path.display()),
    );
    save_detected_profile(session.home(), name, &settings, request.force)?;
    Ok(())
}

fn store(session: &Session) -> Result<ProfileStore<'_>, OpsError> {
    Ok(ProfileStore::new(
        session.home(),
        session.variables(),
        session.cwd(),
        session.global_conf()?,
        session.settings_definition()?,
        session.reporter(),
    ))
}
