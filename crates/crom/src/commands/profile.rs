//! `profile`.

use clap::{Args, Subcommand};
use crom_ops::DetectRequest;
use serde_json::Map;

use super::context::CommandContext;
use super::new::PlainOutputArgs;
use crate::args::{Format, OutputArgs, ProfileArgs};
use crate::exit::ExitStatus;

#[derive(Subcommand, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one per process")]
pub enum ProfileCommand {
    /// Guess a profile from the compiler and the system, and save it
    Detect(DetectCommand),
    /// List the profiles of the home
    List(ListCommand),
    /// Show the path of a profile
    Path(PathCommand),
    /// Show the profiles that arguments give
    Show(ShowCommand),
}

#[derive(Args, Debug)]
pub struct DetectCommand {
    /// Name of the profile; "default" by default
    #[arg(long = "name", value_name = "NAME")]
    name: Option<String>,
    /// Overwrite the profile if it exists
    #[arg(short = 'f', long = "force")]
    force: bool,
    /// Succeed without doing anything if the profile exists
    #[arg(short = 'e', long = "exist-ok")]
    exist_ok: bool,
    #[command(flatten)]
    output: PlainOutputArgs,
}

#[derive(Args, Debug)]
pub struct ListCommand {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct PathCommand {
    /// Name or path of a profile
    name: String,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct ShowCommand {
    #[command(flatten)]
    profile: ProfileArgs,
    /// Show only this context (-cx)
    #[arg(long = "context", value_name = "CONTEXT", value_parser = ["host", "build"])]
    context: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl ProfileCommand {
    pub fn output(&self) -> OutputArgs {
        match self {
            Self::Detect(command) => command.output.clone().into(),
            Self::List(command) => command.output.clone(),
            Self::Path(command) => command.output.clone(),
            Self::Show(command) => command.output.clone(),
        }
    }

    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        match self {
            Self::Detect(command) => command.run(context)?,
            Self::List(command) => command.run(context)?,
            Self::Path(command) => {
                let path = crom_ops::profile_path(&context.session()?, &command.name)?;
                context.printer.text(&path.to_string_lossy())?;
            }
            Self::Show(command) => command.run(context)?,
        }
        Ok(ExitStatus::Success)
    }
}

impl DetectCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let request = DetectRequest {
            name: self.name,
            force: self.force,
            exist_ok: self.exist_ok,
        };
        let mut printed = Ok(());
        crom_ops::profile_detect(&context.session()?, &request, &mut |text| {
            printed = context.printer.text(&format!("{text}\n"));
        })?;
        printed
    }
}

impl ListCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let profiles = crom_ops::profile_list(&context.session()?)?;
        if format == Format::Json {
            return context.printer.json(&profiles);
        }
        if profiles.is_empty() {
            context.reporter.status("", "No profiles defined");
        } else {
            context.reporter.status("", "Profiles found in the cache:");
        }
        context.printer.text(&profiles.join("\n"))
    }
}

impl ShowCommand {
    fn run(self, context: &CommandContext) -> anyhow::Result<()> {
        let format = self.output.format(&[Format::Text, Format::Json])?;
        let profiles = crom_ops::profiles(&context.session()?, &self.profile.selection())?;
        let wanted = |name: &str| {
            self.context
                .as_deref()
                .is_none_or(|context| context == name)
        };
        let contexts = [
            ("host", "Host profile:", &profiles.host),
            ("build", "Build profile:", &profiles.build),
        ];
        let contexts = contexts.into_iter().filter(|(name, ..)| wanted(name));
        if format == Format::Json {
            let map: Map<_, _> = contexts
                .map(|(name, _, profile)| (name.to_owned(), profile.serialize()))
                .collect();
            return context.printer.json_line(&map.into());
        }
        for (_, title, profile) in contexts {
            context.reporter.status("", title);
            context.printer.text(&format!("{}\n", profile.dumps()))?;
        }
        Ok(())
    }
}
