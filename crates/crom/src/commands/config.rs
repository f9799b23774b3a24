//! `config`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use crom_ops::{
    ConfigInstallRequest, ConfigPackageRequest, ContextSelection, LockfileSelection,
    ProfileSelection,
};
use serde_json::{Map, Value};

use super::context::CommandContext;
use super::new::PlainOutputArgs;
use crate::args::{Format, OutputArgs};
use crate::exit::ExitStatus;
use crate::output::python_text;

#[derive(Subcommand, Debug)]
pub enum ConfigCommand {
    /// Remove the configuration of the Conan home, but not the packages
    Clean(HomeCommand),
    /// Install configuration into the Conan home: from a folder, an archive, a URL or git
    Install(InstallCommand),
    /// Install configuration that is the content of a package
    InstallPkg(InstallPkgCommand),
    /// Show the path of the Conan home
    Home(HomeCommand),
    /// List the confs that there are, with what they do
    List(ListCommand),
    /// Show the confs of global.conf that match
    Show(ShowCommand),
}

#[derive(Args, Debug)]
pub struct HomeCommand {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct InstallCommand {
    /// Folder, file, URL or git repository with the configuration
    item: String,
    /// Check certificates of the server: true by default
    #[arg(long = "verify-ssl", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          conflicts_with = "insecure")]
    verify_ssl: Option<String>,
    /// Accept any certificate of the server
    #[arg(long = "insecure")]
    insecure: bool,
    /// What the item is
    #[arg(short = 't', long = "type", value_name = "TYPE", value_parser = ["git", "dir", "file", "url"])]
    kind: Option<String>,
    /// More arguments for git clone
    #[arg(
        short = 'a',
        long = "args",
        value_name = "ARGUMENTS",
        allow_hyphen_values = true
    )]
    args: Option<String>,
    /// Only what is below this folder of the item (-sf)
    #[arg(long = "source-folder", value_name = "FOLDER")]
    source_folder: Option<String>,
    /// Where in the Conan home it goes (-tf)
    #[arg(long = "target-folder", value_name = "FOLDER")]
    target_folder: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl InstallCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let insecure = self.verify_ssl.as_deref().map(str::to_lowercase);
        let verify = !self.insecure && !matches!(insecure.as_deref(), Some("false" | "0" | "no"));
        let request = ConfigInstallRequest {
            item: self.item,
            kind: self.kind,
            arguments: self.args,
            source_folder: self.source_folder,
            target_folder: self.target_folder,
            verify,
        };
        Ok(crom_ops::config_install(&context.session()?, &request)?)
    }
}

#[derive(Args, Debug)]
pub struct InstallPkgCommand {
    /// Reference of the package: "myconf/1.0" or "myconf/[*]"; or a conanconfig.yml or its
    /// folder, the current one by default
    reference: Option<String>,
    /// Server to download the package from, instead of the remotes
    #[arg(long = "url", value_name = "URL")]
    url: Option<String>,
    /// Accept any certificate of that server
    #[arg(long = "insecure")]
    insecure: bool,
    /// Install again what is installed
    #[arg(short = 'f', long = "force")]
    force: bool,
    /// Profile to resolve the package with; none by default
    #[arg(long = "profile", value_name = "PROFILE", action = clap::ArgAction::Append)]
    profile: Vec<String>,
    /// Settings to resolve the package with
    #[arg(short = 's', long = "settings", value_name = "SETTING", action = clap::ArgAction::Append)]
    settings: Vec<String>,
    /// Options to resolve the package with
    #[arg(short = 'o', long = "options", value_name = "OPTION", action = clap::ArgAction::Append)]
    options: Vec<String>,
    /// Path of a lockfile; "" uses none
    #[arg(short = 'l', long = "lockfile", value_name = "FILE")]
    lockfile: Option<String>,
    /// Accept what the lockfile doesn't list
    #[arg(long = "lockfile-partial")]
    lockfile_partial: bool,
    /// Write the resulting lockfile here
    #[arg(long = "lockfile-out", value_name = "FILE")]
    lockfile_out: Option<PathBuf>,
    #[command(flatten)]
    output: PlainOutputArgs,
}

impl InstallPkgCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let host = ContextSelection {
            profiles: self.profile,
            settings: self.settings,
            options: self.options,
            conf: Vec::new(),
        };
        let request = ConfigPackageRequest {
            item: self.reference.unwrap_or_else(|| ".".to_owned()),
            url: self.url.map(|url| (url, !self.insecure)),
            force: self.force,
            profiles: ProfileSelection {
                host,
                build: ContextSelection::default(),
            },
            lockfile: LockfileSelection {
                path: self.lockfile,
                partial: self.lockfile_partial,
                out: self.lockfile_out,
                ..LockfileSelection::default()
            },
        };
        Ok(crom_ops::config_install_package(
            &context.session()?,
            &request,
        )?)
    }
}

#[derive(Args, Debug)]
pub struct ListCommand {
    /// Only confs that contain this text
    pattern: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ShowCommand {
    /// Only confs that match, like "core*"
    pattern: String,
    #[command(flatten)]
    output: OutputArgs,
}

impl ConfigCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Clean(command) => command.output.clone(),
            Self::Install(command) => command.output.clone(),
            Self::InstallPkg(command) => command.output.clone().into(),
            Self::Home(command) => command.output.clone(),
            Self::List(command) => command.output.clone(),
            Self::Show(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let session = context.session()?;
        match self {
            Self::Clean(_) => crom_ops::config_clean(&session)?,
            Self::Install(command) => command.run(context)?,
            Self::InstallPkg(command) => command.run(context)?,
            Self::Home(_) => {
                context
                    .printer
                    .text(&session.home().root().to_string_lossy())?;
            }
            Self::List(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                let confs = crom_ops::config_list(command.pattern.as_deref());
                print(context, format, &confs)?;
            }
            Self::Show(command) => {
                let format = command.output.format(&[Format::Text, Format::Json])?;
                let confs = crom_ops::config_show(&session, &command.pattern)?;
                if format == Format::Json {
                    let confs: Map<String, Value> = confs
                        .into_iter()
                        .map(|(name, value)| (name, value.to_json()))
                        .collect();
                    context.printer.json(&confs)?;
                } else {
                    let lines = confs
                        .iter()
                        .map(|(name, value)| format!("{name}: {}\n", value.to_python_str()));
                    context.printer.text(&lines.collect::<String>())?;
                }
            }
        }
        Ok(ExitStatus::Success)
    }
}

fn print(
    context: &CommandContext,
    format: Format,
    confs: &Map<String, Value>,
) -> anyhow::Result<()> {
    if format == Format::Json {
        return context.printer.json(confs);
    }
    let lines: String = confs
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", python_text::text(value)))
        .collect();
    context.printer.text(&lines)
}
