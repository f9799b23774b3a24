//! `new`.

use std::path::PathBuf;

use clap::Args;
use crom_ops::new::NewRequest;

use super::context::CommandContext;
use crate::args::OutputArgs;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct NewCommand {
    /// A built-in template (see below), a name below templates/command/new of the home, or a folder
    template: Option<String>,
    /// A variable of the template, as name=value
    #[arg(short = 'd', long = "define", value_name = "NAME=VALUE", action = clap::ArgAction::Append)]
    define: Vec<String>,
    /// Overwrite files that exist
    #[arg(short = 'f', long = "force")]
    force: bool,
    /// Where the files go; the current folder by default
    #[arg(short = 'o', long = "output", value_name = "FOLDER")]
    output_folder: Option<PathBuf>,
    #[command(flatten)]
    pub output: PlainOutputArgs,
}

/// [`OutputArgs`] without `-f`, which means `--force` here.
#[derive(Args, Clone, Debug)]
pub struct PlainOutputArgs {
    /// Write the result to this file instead of standard output
    #[arg(long = "out-file", value_name = "FILE")]
    out_file: Option<PathBuf>,
    /// How much to say, as -vLEVEL
    #[arg(long = "verbosity", value_name = "LEVEL", value_parser = crate::argv::VERBOSITY, default_value = "status",
          hide_default_value = true, hide_possible_values = true)]
    verbosity: String,
    /// Define a core conf for this command (-cc core:non_interactive=True)
    #[arg(long = "core-conf", value_name = "CONF", action = clap::ArgAction::Append)]
    core_conf: Vec<String>,
}

impl From<PlainOutputArgs> for OutputArgs {
    fn from(plain: PlainOutputArgs) -> Self {
        Self {
            format: None,
            out_file: plain.out_file,
            verbosity: plain.verbosity,
            core_conf: plain.core_conf,
        }
    }
}

impl NewCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let session = context.session()?;
        let request = NewRequest {
            template: self.template,
            defines: self.define,
            output: self
                .output_folder
                .map_or(context.cwd.clone(), |folder| context.cwd.join(folder)),
            force: self.force,
            cwd: context.cwd.clone(),
            home: session.home().root().to_path_buf(),
        };
        crom_ops::new::new(&request, &*context.reporter)?;
        Ok(ExitStatus::Success)
    }
}
