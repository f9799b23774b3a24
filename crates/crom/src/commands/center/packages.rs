//! `center add` and `center remove`.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use crom_center::list::{NewPackage, OptionValues, add_package, remove_package};
use crom_center::{CenterError, parse_listed};

use super::CenterArgs;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct AddCommand {
    /// Packages like zlib/1.3.2 or openssl/[>=3 <4]
    #[arg(value_name = "REFERENCE", required = true)]
    packages: Vec<String>,
    /// Values of an option; every combination is built: -o shared=True,False
    #[arg(short = 'o', long = "options", value_name = "NAME=VALUES", action = clap::ArgAction::Append)]
    options: Vec<String>,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl AddCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let fork = self.center.fork(context)?;
        let name = fork.file.display().to_string();
        let mut text = crom_fs::read_text(&fork.file).context("could not read the list")?;
        for package in new_packages(&fork.root, &self.packages, &self.options)? {
            text = add_package(&text, &name, &package)?;
        }
        crom_fs::write_atomic(&fork.file, &text).context("could not write the list")?;
        for package in &self.packages {
            context.reporter.status("", &format!("Added {package}"));
        }
        Ok(ExitStatus::Success)
    }
}

#[derive(Args, Debug)]
pub struct RemoveCommand {
    /// References as they are listed, or names for all their versions
    #[arg(value_name = "REFERENCE", required = true)]
    packages: Vec<String>,
    #[command(flatten)]
    pub center: CenterArgs,
}

impl RemoveCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let fork = self.center.fork(context)?;
        let name = fork.file.display().to_string();
        let mut text = crom_fs::read_text(&fork.file).context("could not read the list")?;
        for package in &self.packages {
            text = remove_package(&text, &name, package)?;
        }
        crom_fs::write_atomic(&fork.file, &text).context("could not write the list")?;
        for package in &self.packages {
            context.reporter.status("", &format!("Removed {package}"));
        }
        Ok(ExitStatus::Success)
    }
}

/// Packages that the fork at `root` has recipes for.
pub(super) fn new_packages(
    root: &Path,
    references: &[String],
    options: &[String],
) -> Result<Vec<NewPackage>, CenterError> {
    let options = options
        .iter()
        .map(|text| {
            let (name, values) = text.split_once('=').ok_or_else(|| {
                CenterError::message(format!("'-o {text}' has no '='"))
                    .with_hint("write it like -o shared=True,False")
            })?;
            Ok(OptionValues {
                name: name.to_owned(),
                values: values.split(',').map(str::to_owned).collect(),
            })
        })
        .collect::<Result<Vec<_>, CenterError>>()?;
    references
        .iter()
        .map(|text| {
            Ok(NewPackage {
                reference: parse_listed(root, text)?,
                options: options.clone(),
            })
        })
        .collect()
}
