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
}

impl CommandContext {
    /// From the options that every command has.
    ///
    /// # Errors
    /// The current folder is gone.
    pub fn new(output: OutputArgs) -> anyhow::Result<Self> {
        let terminal = Terminal::new(&output.verbosity);
        Ok(Self {
            printer: Printer::new(output.out_file.clone()),
            reporter: Arc::new(terminal),
            cwd: std::env::current_dir().context("the current folder can't be read")?,
            output,
        })
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
        interrupt::install();
        let variables = Arc::new(Variables::from_process());
        let home = Home::discover(&variables, &self.cwd).map_err(crom_ops::OpsError::from)?;
        Ok(Session::new(SessionInput {
            home,
            variables,
            cwd: self.cwd.clone(),
            reporter: Arc::clone(&self.reporter),
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
