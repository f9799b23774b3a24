use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use anyhow::Context;
use crom_model::reporter::Reporter;
use crom_ops::{HostInput, Session, SessionInput};
use crom_python::{HostConfig, PythonHost};
use crom_recipe::RecipeHost;
use crom_store::{Home, Variables};

use crate::args::OutputArgs;
use crate::argv::VERBOSITY;
use crate::exit::ExitStatus;
use crate::interrupt;
use crate::output::{Printer, Terminal, TerminalPrompt};

/// What every command gets: where to print, and how to reach the home and the recipes.
pub struct CommandContext {
    /// Results.
    pub printer: Printer,
    /// Messages.
    pub reporter: Arc<dyn Reporter>,
    /// The current folder.
    pub cwd: PathBuf,
    output: OutputArgs,
    terminal: Arc<Terminal>,
}

impl CommandContext {
    /// From the options that every command has.
    ///
    /// # Errors
    /// The current folder is gone.
    pub fn new(output: OutputArgs) -> anyhow::Result<Self> {
        // What is said on the command line goes before the environment.
        let level = std::env::var("CONAN_LOG_LEVEL").ok();
        let level = level
            .filter(|level| output.verbosity == "status" && VERBOSITY.contains(&level.as_str()));
        let terminal = Arc::new(Terminal::new(level.as_deref().unwrap_or(&output.verbosity)));
        let reporter: Arc<dyn Reporter> = terminal.clone();
        Ok(Self {
            printer: Printer::new(output.out_file.clone()),
            reporter,
            terminal,
            cwd: std::env::current_dir().context("the current folder can't be read")?,
            output,
        })
    }

    /// Where a warning counts as an error, a command fails with it, whatever happened afterwards.
    ///
    /// # Errors
    /// The first of those warnings, or that of the command.
    pub fn check_warnings(
        &self,
        outcome: anyhow::Result<ExitStatus>,
    ) -> anyhow::Result<ExitStatus> {
        match self.terminal.refused() {
            Some(text) => Err(crom_ops::OpsError::message(text)
                .with_hint("'core:warnings_as_errors' makes this warning an error")
                .into()),
            None => outcome,
        }
    }

    /// `-vquiet`: not even errors are shown.
    pub fn quiet(&self) -> bool {
        self.output.verbosity == "quiet"
    }

    /// Opens the home. Nothing is read before it is needed, and no interpreter starts.
    ///
    /// # Errors
    /// The home's place is invalid.
    pub fn session(&self) -> anyhow::Result<Session> {
        self.session_with(Arc::clone(&self.reporter))
    }

    /// The same, saying only what goes wrong.
    ///
    /// # Errors
    /// As for [`Self::session`].
    pub fn quieter_session(&self) -> anyhow::Result<Session> {
        self.session_with(Arc::new(Terminal::new("error")))
    }

    /// Nobody asked for more, or for less.
    pub fn says_only_the_usual(&self) -> bool {
        self.output.verbosity == "status"
    }

    fn session_with(&self, reporter: Arc<dyn Reporter>) -> anyhow::Result<Session> {
        interrupt::install();
        let variables = Arc::new(Variables::from_process());
        let home = Home::discover(&variables, &self.cwd).map_err(crom_ops::OpsError::from)?;
        home.complete(&*reporter)
            .map_err(crom_ops::OpsError::from)?;
        Ok(Session::new(SessionInput {
            home,
            variables,
            cwd: self.cwd.clone(),
            reporter,
            core_conf: self.output.core_conf.clone(),
            prompt: Arc::new(TerminalPrompt),
            host: Box::new(host),
            identity: identity(),
        }))
    }
}

/// This build of Crom and this machine. None where the program can't look at itself.
fn identity() -> Option<Vec<String>> {
    let program = crom_fs::metadata(std::env::current_exe().ok()?).ok()?;
    let modified = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let mut identity = vec![
        env!("CARGO_PKG_VERSION").to_owned(),
        format!("{} {}", program.len(), modified.as_nanos()),
    ];
    #[cfg(unix)]
    {
        let name = rustix::system::uname();
        for part in [
            name.sysname(),
            name.nodename(),
            name.release(),
            name.version(),
            name.machine(),
        ] {
            identity.push(part.to_string_lossy().into_owned());
        }
    }
    Some(identity)
}

/// The interpreter. It starts with the first recipe that has to run.
fn host(input: HostInput) -> Arc<dyn RecipeHost> {
    Arc::new(PythonHost::new(HostConfig {
        reporter: input.reporter,
        bytecode_cache: Some(input.home.root().join(".crom").join("bytecode")),
        home: input.home.root().to_path_buf(),
        global_conf: input.core_conf,
    }))
}
