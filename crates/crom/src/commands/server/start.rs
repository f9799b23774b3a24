//! `server start`.

use std::path::PathBuf;

use clap::Args;
use crom_server::{CancellationToken, Config, Running, Server};

use super::answer::block_on;
use crate::args::{OutputArgs, ServerArgs, variables};
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct StartCommand {
    /// Data folder; by default $CROM_SERVER_DATA, or `.crom_server` of the user's folder
    #[arg(long = "data", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port, by default 127.0.0.1:9300
    #[arg(long = "listen", value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Configuration file, by default `server.toml` of the data folder
    #[arg(long = "config", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only check the configuration
    #[arg(long = "check-config")]
    check_config: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl StartCommand {
    /// Serves until Ctrl-C or SIGTERM.
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        let variables = variables();
        let target = ServerArgs {
            data: self.data,
            url: None,
            token: None,
        };
        let data = target.data_folder(&variables)?;
        let mut config = Config::load(&data, self.config.as_deref(), &variables)?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if self.check_config {
            context.reporter.status("", "The configuration is valid");
            return Ok(ExitStatus::Success);
        }
        crom_server::log::to_stderr(&config.log)?;
        block_on(async {
            let server = Server::open(config).await?;
            let password = server.set_up().await?;
            let running = Running::bind(server).await?;
            let address = running.address();
            if let Some(password) = password {
                context.reporter.status(
                    "",
                    &format!(
                        "User 'admin' has the password '{password}'. It isn't shown again.\n\
                         Add the server to a client: conan remote add main http://{address}/main"
                    ),
                );
            }
            context.reporter.status(
                "",
                &format!("Serving '{}' on http://{address}", data.display()),
            );
            let stop = CancellationToken::new();
            let signal = stop.clone();
            tokio::spawn(async move {
                signalled().await;
                signal.cancel();
            });
            running.serve(stop).await?;
            Ok(())
        })?;
        context.reporter.status("", "Stopped");
        Ok(ExitStatus::Success)
    }
}

/// Returns at Ctrl-C or SIGTERM.
async fn signalled() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a handler the process just ends.
    let _ = tokio::signal::ctrl_c().await;
}
