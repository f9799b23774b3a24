//! `center lint`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use crom_lint::{
    LintError, LintOutcome, LintRequest, Selection, Severity, apply_fixes, lint, report,
};

use crate::args::{Format, OutputArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct LintCommand {
    /// Packages, by name; `*` stands for any characters. All of the index by default
    #[arg(value_name = "PACKAGE")]
    packages: Vec<String>,
    /// The checkout of the index; otherwise this folder or the first above it with `recipes`
    #[arg(long = "root", value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// Only these rules
    #[arg(long = "rule", value_name = "RULE", action = clap::ArgAction::Append)]
    rules: Vec<String>,
    /// Not these rules
    #[arg(long = "ignore", value_name = "RULE", action = clap::ArgAction::Append)]
    ignore: Vec<String>,
    /// Nothing that matters less
    #[arg(long = "severity", value_name = "SEVERITY")]
    severity: Option<Level>,
    /// Findings from this severity on let the command fail
    #[arg(long = "fail-on", value_name = "SEVERITY", default_value = "error")]
    fail_on: Level,
    /// Repair what can be repaired safely, and show what is left
    #[arg(long = "fix")]
    fix: bool,
    /// Explain a rule
    #[arg(long = "explain", value_name = "RULE", conflicts_with_all = ["fix", "list_rules"])]
    explain: Option<String>,
    /// List the rules
    #[arg(long = "list-rules")]
    list_rules: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Severities, and none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    Error,
    Warning,
    Note,
    Never,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

impl LintCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let selection = Selection {
            only: self.rules.clone(),
            without: self.ignore.clone(),
            at_least: self.severity.and_then(Level::severity),
        };
        if let Some(id) = &self.explain {
            self.output.format(&[Format::Text])?;
            let rule = crom_lint::rule::find(id).map_err(LintError::from)?;
            context.printer.text(&report::explanation(rule))?;
            return Ok(ExitStatus::Success);
        }
        if self.list_rules {
            let rules = selection.rules().map_err(LintError::from)?;
            match self.output.format(&[Format::Text, Format::Json])? {
                Format::Json => context.printer.json(&report::rules_json(&rules))?,
                _ => context.printer.text(&report::rule_list(&rules))?,
            }
            return Ok(ExitStatus::Success);
        }
        let format = self
            .output
            .format(&[Format::Text, Format::Json, Format::Sarif])?;
        let request = LintRequest {
            root: root(&context.cwd, self.root.as_deref()),
            packages: self.packages.clone(),
            selection,
        };
        let mut outcome = lint(&request)?;
        if self.fix {
            outcome = fixed(context, &request, outcome)?;
        }
        match format {
            Format::Json => context.printer.json(&report::json(&outcome))?,
            Format::Sarif => {
                let log = report::sarif(&outcome, env!("CARGO_PKG_VERSION"));
                context.printer.json(&log)?;
            }
            _ => context.printer.text(&report::text(&outcome))?,
        }
        let fails = |least| outcome.findings.iter().any(|it| it.severity >= least);
        Ok(match self.fail_on.severity() {
            Some(least) if fails(least) => ExitStatus::General,
            _ => ExitStatus::Success,
        })
    }
}

/// Repairs until nothing is left to repair: some edits touch those of others, and wait for the next
/// round.
fn fixed(
    context: &CommandContext,
    request: &LintRequest,
    mut outcome: LintOutcome,
) -> anyhow::Result<LintOutcome> {
    const ROUNDS: usize = 5;
    for _ in 0..ROUNDS {
        let summary = apply_fixes(&request.root, &outcome.findings).map_err(LintError::from)?;
        if summary.files.is_empty() {
            break;
        }
        let text = format!(
            "Repaired {} findings in {} files",
            summary.findings,
            summary.files.len()
        );
        context.reporter.status("", &text);
        outcome = lint(request)?;
    }
    Ok(outcome)
}

/// The folder that holds `recipes`: this one or the first above it.
fn root(cwd: &Path, given: Option<&Path>) -> PathBuf {
    if let Some(given) = given {
        return cwd.join(given);
    }
    let mut folders = cwd.ancestors();
    let found = folders.find(|folder| crom_fs::is_dir(folder.join("recipes")));
    found.unwrap_or(cwd).to_path_buf()
}
