//! What profiles say about each package.

use std::sync::Arc;

use crom_model::conf::Conf;
use crom_model::options::Options;
use crom_model::profile::Profile;
use crom_model::reference::RecipeReference;
use crom_model::settings::{Settings, SettingsDefinition};
use crom_model::view::{Context, SettingValues};

use crate::problem::GraphError;
use crate::request::ProfilesInput;

/// The two profiles, ready to be asked about packages.
#[derive(Debug)]
pub(super) struct Configuration<'a> {
    host: ProfileView<'a>,
    build: ProfileView<'a>,
    pub(super) settings_definition: Arc<SettingsDefinition>,
}

/// One profile.
#[derive(Debug)]
pub(super) struct ProfileView<'a> {
    pub(super) profile: std::borrow::Cow<'a, Profile>,
    /// With options that had no pattern given one.
    options: Arc<Options>,
    /// Settings where no pattern of the profile matches.
    common: Arc<SettingValues>,
}

/// What profiles say about one package.
#[derive(Clone, Debug)]
pub(super) struct PackageConfiguration {
    pub(super) settings: SettingValues,
    pub(super) settings_build: Arc<SettingValues>,
    pub(super) settings_target: Option<Arc<SettingValues>>,
    pub(super) conf: Conf,
    pub(super) conf_build: Conf,
    pub(super) options: Arc<Options>,
}

/// Whom the question is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// Absent for the root of `--requires`.
    pub(super) reference: Option<&'a RecipeReference>,
    pub(super) is_consumer: bool,
    /// The context of the consumer; for a root, the host.
    pub(super) base: Context,
    pub(super) build_require: bool,
    /// The consumer's `settings_target`.
    pub(super) parent_target: Option<&'a Arc<SettingValues>>,
}

impl<'a> Configuration<'a> {
    pub(super) fn new(
        profiles: &'a ProfilesInput,
        scope: Option<&RecipeReference>,
    ) -> Result<Self, GraphError> {
        let definition = &profiles.settings_definition;
        Ok(Self {
            host: ProfileView::new(&profiles.host, definition, scope)?,
            build: ProfileView::new(&profiles.build, definition, None)?,
            settings_definition: definition.clone(),
        })
    }

    pub(super) fn profile(&self, context: Context) -> &ProfileView<'a> {
        match context {
            Context::Host => &self.host,
            Context::Build => &self.build,
        }
    }

    /// Options given without a pattern mean this package.
    pub(super) fn scope_host_options(&mut self, reference: &RecipeReference) {
        let mut options = (*self.host.options).clone();
        options.scope(reference);
        self.host.options = Arc::new(options);
    }

    pub(super) fn of(&self, asked: &Asked<'_>) -> Result<PackageConfiguration, GraphError> {
        let context = match (asked.build_require, asked.base) {
            (false, Context::Host) => Context::Host,
            _ => Context::Build,
        };
        let host = self.host.settings(asked.reference, asked.is_consumer)?;
        let build = self.build.settings(asked.reference, asked.is_consumer)?;
        let settings_target = match (asked.build_require, asked.base) {
            (true, Context::Host) => Some(host.clone()),
            (true, Context::Build) => Some(build.clone()),
            (false, Context::Host) => None,
            (false, Context::Build) => asked.parent_target.cloned(),
        };
        let profile = self.profile(context);
        Ok(PackageConfiguration {
            settings: match context {
                Context::Host => (*host).clone(),
                Context::Build => (*build).clone(),
            },
            settings_build: build,
            settings_target,
            conf: profile
                .profile
                .conf
                .get_conanfile_conf(asked.reference, asked.is_consumer)?,
            conf_build: self
                .build
                .profile
                .conf
                .get_conanfile_conf(asked.reference, asked.is_consumer)?,
            options: profile.options.clone(),
        })
    }
}

impl<'a> ProfileView<'a> {
    fn new(
        profile: &'a Profile,
        definition: &Arc<SettingsDefinition>,
        scope: Option<&RecipeReference>,
    ) -> Result<Self, GraphError> {
        let mut profile = std::borrow::Cow::Borrowed(profile);
        if profile.processed_settings.is_none() {
            profile.to_mut().process_settings(definition)?;
        }
        let mut options = profile.options.clone();
        if let Some(scope) = scope {
            options.scope(scope);
        }
        let common = Arc::new(values(&profile.settings_for(None, false)?));
        Ok(Self {
            profile,
            options: Arc::new(options),
            common,
        })
    }

    fn settings(
        &self,
        reference: Option<&RecipeReference>,
        is_consumer: bool,
    ) -> Result<Arc<SettingValues>, GraphError> {
        if self.profile.package_settings.is_empty() {
            return Ok(self.common.clone());
        }
        Ok(Arc::new(values(
            &self.profile.settings_for(reference, is_consumer)?,
        )))
    }
}

fn values(settings: &Settings) -> SettingValues {
    settings.serialize().into_iter().collect()
}

/// The profile's options as one package is to read them: `&` becomes the package itself, for a
/// package that is a consumer only because it is what the command was asked for.
pub(super) fn options_for_requested(
    options: &Arc<Options>,
    reference: &RecipeReference,
) -> Arc<Options> {
    let own = |pattern: &str| match pattern {
        "&" => Some(reference.without_revision().to_string()),
        "!&" | "~&" => Some(format!("!{}", reference.without_revision())),
        _ => None,
    };
    if !options.deps.keys().any(|pattern| own(pattern).is_some()) {
        return options.clone();
    }
    let mut renamed = (**options).clone();
    renamed.deps = renamed
        .deps
        .into_iter()
        .map(|(pattern, values)| (own(&pattern).unwrap_or(pattern), values))
        .collect();
    Arc::new(renamed)
}
