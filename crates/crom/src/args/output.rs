use std::path::PathBuf;

use clap::Args;

use crate::argv::VERBOSITY;

/// How and where a command says what it has to say.
#[derive(Args, Clone, Debug)]
pub struct OutputArgs {
    /// Format of the result
    #[arg(short = 'f', long = "format", value_name = "FORMAT")]
    pub format: Option<String>,

    /// Write the result to this file instead of standard output
    #[arg(long = "out-file", value_name = "FILE")]
    pub out_file: Option<PathBuf>,

    /// How much to say, as -vLEVEL: quiet, error, warning, notice, status (default), verbose (-v),
    /// debug (-vv), trace
    #[arg(long = "verbosity", value_name = "LEVEL", value_parser = VERBOSITY, default_value = "status",
          hide_default_value = true, hide_possible_values = true)]
    pub verbosity: String,

    /// Define a core conf for this command (-cc core:non_interactive=True)
    #[arg(long = "core-conf", value_name = "CONF", action = clap::ArgAction::Append)]
    pub core_conf: Vec<String>,
}

/// A format that a command can print its result in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// A page.
    Html,
    /// Graphviz.
    Dot,
    /// One line per item.
    Compact,
    /// A package list.
    Pkglist,
    /// For code hosts that show findings beside the lines.
    Sarif,
}

impl Format {
    /// The name behind `--format`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Html => "html",
            Format::Dot => "dot",
            Format::Compact => "compact",
            Format::Pkglist => "pkglist",
            Format::Sarif => "sarif",
        }
    }
}

impl OutputArgs {
    /// The format asked for, if the command has it; text by default.
    ///
    /// # Errors
    /// Names the formats that there are, in the words of Conan.
    pub fn format(&self, available: &[Format]) -> anyhow::Result<Format> {
        let Some(wanted) = self.format.as_deref() else {
            return Ok(Format::Text);
        };
        available
            .iter()
            .copied()
            .find(|format| format.as_str() == wanted)
            .ok_or_else(|| {
                let names: Vec<_> = available.iter().map(|format| format.as_str()).collect();
                anyhow::anyhow!(
                    "{wanted} is not a known format. Supported formatters are: {}",
                    names.join(", ")
                )
            })
    }
}
