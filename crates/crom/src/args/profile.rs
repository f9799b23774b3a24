use clap::Args;
use crom_ops::{ContextSelection, ProfileSelection};

/// Profiles, settings, options and confs for the host and build contexts.
///
/// `-x` means the host context; `-x:a` both.
#[derive(Args, Clone, Debug, Default)]
pub struct ProfileArgs {
    /// Apply the profile to the host context
    #[arg(long = "profile", value_name = "PROFILE", action = clap::ArgAction::Append)]
    pub profile: Vec<String>,
    /// Apply the profile to the build context (-pr:b)
    #[arg(long = "profile:build", value_name = "PROFILE", action = clap::ArgAction::Append)]
    pub profile_build: Vec<String>,
    /// Apply the profile to the host context (-pr:h)
    #[arg(long = "profile:host", value_name = "PROFILE", action = clap::ArgAction::Append)]
    pub profile_host: Vec<String>,
    /// Apply the profile to both contexts (-pr:a)
    #[arg(long = "profile:all", value_name = "PROFILE", action = clap::ArgAction::Append)]
    pub profile_all: Vec<String>,

    /// Option values, like pkg/*:shared=True
    #[arg(short = 'o', long = "options", value_name = "OPTION", action = clap::ArgAction::Append, allow_hyphen_values = true)]
    pub options: Vec<String>,
    /// Option values for the build context (-o:b)
    #[arg(long = "options:build", value_name = "OPTION", action = clap::ArgAction::Append)]
    pub options_build: Vec<String>,
    /// Option values for the host context (-o:h)
    #[arg(long = "options:host", value_name = "OPTION", action = clap::ArgAction::Append)]
    pub options_host: Vec<String>,
    /// Option values for both contexts (-o:a)
    #[arg(long = "options:all", value_name = "OPTION", action = clap::ArgAction::Append)]
    pub options_all: Vec<String>,

    /// Setting values, like compiler=gcc
    #[arg(short = 's', long = "settings", value_name = "SETTING", action = clap::ArgAction::Append)]
    pub settings: Vec<String>,
    /// Setting values for the build context (-s:b)
    #[arg(long = "settings:build", value_name = "SETTING", action = clap::ArgAction::Append)]
    pub settings_build: Vec<String>,
    /// Setting values for the host context (-s:h)
    #[arg(long = "settings:host", value_name = "SETTING", action = clap::ArgAction::Append)]
    pub settings_host: Vec<String>,
    /// Setting values for both contexts (-s:a)
    #[arg(long = "settings:all", value_name = "SETTING", action = clap::ArgAction::Append)]
    pub settings_all: Vec<String>,

    /// Conf values, like tools.build:jobs=4
    #[arg(short = 'c', long = "conf", value_name = "CONF", action = clap::ArgAction::Append)]
    pub conf: Vec<String>,
    /// Conf values for the build context (-c:b)
    #[arg(long = "conf:build", value_name = "CONF", action = clap::ArgAction::Append)]
    pub conf_build: Vec<String>,
    /// Conf values for the host context (-c:h)
    #[arg(long = "conf:host", value_name = "CONF", action = clap::ArgAction::Append)]
    pub conf_host: Vec<String>,
    /// Conf values for both contexts (-c:a)
    #[arg(long = "conf:all", value_name = "CONF", action = clap::ArgAction::Append)]
    pub conf_all: Vec<String>,
}

impl ProfileArgs {
    /// As the operations take it: the plain and `:host` forms first, then `:all`.
    pub fn selection(&self) -> ProfileSelection {
        ProfileSelection {
            host: self.host(),
            build: self.build(),
        }
    }

    fn host(&self) -> ContextSelection {
        ContextSelection {
            profiles: [&self.profile[..], &self.profile_host, &self.profile_all].concat(),
            settings: [&self.settings[..], &self.settings_host, &self.settings_all].concat(),
            options: [&self.options[..], &self.options_host, &self.options_all].concat(),
            conf: [&self.conf[..], &self.conf_host, &self.conf_all].concat(),
        }
    }

    fn build(&self) -> ContextSelection {
        ContextSelection {
            profiles: [&self.profile_build[..], &self.profile_all].concat(),
            settings: [&self.settings_build[..], &self.settings_all].concat(),
            options: [&self.options_build[..], &self.options_all].concat(),
            conf: [&self.conf_build[..], &self.conf_all].concat(),
        }
    }
}
