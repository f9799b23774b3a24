//! `server gc`, `server retention`, `server verify`, `server backup`, `server audit`.

use std::path::PathBuf;

use clap::Args;
use crom_server::{AdminRequest, AuditQuery, RetentionRules};
use serde_json::{Value, json};

use super::answer::{administrate, show, with_server};
use crate::args::{OutputArgs, ServerArgs};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct GcCommand {
    /// Only say what would be removed
    #[arg(long = "dry-run")]
    dry_run: bool,
    /// Remove what nothing has named for so many seconds, instead of the configured time
    #[arg(long = "grace-seconds", value_name = "SECONDS")]
    grace_seconds: Option<u64>,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct RetentionCommand {
    /// Only this repository
    repository: Option<String>,
    /// Only say what would be removed
    #[arg(long = "dry-run")]
    dry_run: bool,
    /// Instead of the repository's rules: keep so many of the newest revisions
    #[arg(long = "keep-revisions", value_name = "N")]
    keep_revisions: Option<u32>,
    /// Instead of the repository's rules: keep revisions for so many days
    #[arg(long = "max-age-days", value_name = "DAYS")]
    max_age_days: Option<u32>,
    /// Instead of the repository's rules: keep revisions for so many days after their last download
    #[arg(long = "unused-days", value_name = "DAYS")]
    unused_days: Option<u32>,
    /// These rules are for these recipes
    #[arg(long = "pattern", value_name = "REF")]
    pattern: Option<String>,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct VerifyCommand {
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct BackupCommand {
    /// A folder that isn't there yet, or is empty; it can be used as a data folder
    folder: PathBuf,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args, Debug)]
pub struct AuditCommand {
    /// Only of this user
    #[arg(long = "user", value_name = "USER")]
    user: Option<String>,
    /// Only this action: upload, delete, promote, login, "user add", ...
    #[arg(long = "action", value_name = "ACTION")]
    action: Option<String>,
    /// Only of this repository
    #[arg(long = "repository", value_name = "NAME")]
    repository: Option<String>,
    /// At most so many lines, the newest first
    #[arg(long = "limit", value_name = "N", default_value_t = 100)]
    limit: u32,
    #[command(flatten)]
    target: ServerArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl GcCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let request = AdminRequest::Gc {
            dry_run: self.dry_run,
            grace_seconds: self.grace_seconds,
        };
        let answer = administrate(&self.target, &request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl RetentionCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let rules = RetentionRules {
            keep_revisions: self.keep_revisions,
            max_age_days: self.max_age_days,
            unused_days: self.unused_days,
            pattern: self.pattern,
        };
        let request = AdminRequest::Retention {
            repository: self.repository,
            rules: (rules != RetentionRules::default()).then_some(rules),
            dry_run: self.dry_run,
        };
        let answer = administrate(&self.target, &request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl VerifyCommand {
    /// Fails if something is wrong.
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let answer = administrate(&self.target, &AdminRequest::Verify {})?;
        show(context, &self.output, &answer)?;
        let good = ["missing", "corrupt", "incomplete"]
            .iter()
            .all(|field| answer[field].as_array().is_some_and(Vec::is_empty));
        Ok(if good {
            ExitStatus::Success
        } else {
            ExitStatus::General
        })
    }
}

impl BackupCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        if self.target.url.is_some() {
            anyhow::bail!("a backup is made where the data folder is: use `--data DIR`");
        }
        let folder = context.cwd.join(&self.folder);
        let report = with_server(&self.target, async |server| {
            Ok(server.back_up(&folder).await?)
        })?;
        let answer: Value =
            json!({"folder": folder, "linked": report.linked, "copied": report.copied});
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}

impl AuditCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let request = AdminRequest::AuditList {
            query: AuditQuery {
                actor: self.user,
                action: self.action,
                repository: self.repository,
                limit: Some(self.limit),
            },
        };
        let answer = administrate(&self.target, &request)?;
        show(context, &self.output, &answer)?;
        Ok(ExitStatus::Success)
    }
}
