//! `center work`: what `center build` starts for each package. Not shown in the help, but a log begins with
//! it, so that it can be repeated.

use clap::{Args, ValueEnum};
use crom_center::build::{WorkRequest, build_one, test_one};

use super::CenterArgs;
use crate::commands::context::CommandContext;
use crate::exit::ExitStatus;

#[derive(Args, Debug)]
pub struct WorkCommand {
    /// What to do
    #[arg(value_enum)]
    what: What,
    /// name/version#revision:package_id
    package: String,
    /// What the graph begins with
    #[arg(long = "requires", value_name = "REFERENCE")]
    requires: String,
    /// A profile of the list
    #[arg(long = "of-profile", value_name = "NAME")]
    profile: String,
    /// Options of the graph
    #[arg(long = "option", value_name = "OPTION", action = clap::ArgAction::Append)]
    option: Vec<String>,
    /// The graph is that of the test package of this recipe
    #[arg(long = "test-of", value_name = "REFERENCE")]
    test_of: Option<String>,
    /// Ask no repository
    #[arg(long = "offline")]
    offline: bool,
    #[command(flatten)]
    pub center: CenterArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Build,
    Test,
}

impl WorkCommand {
    pub fn run(self, context: &CommandContext) -> anyhow::Result<ExitStatus> {
        end_with_parent();
        let arguments: Vec<String> = std::env::args().collect();
        context
            .reporter
            .status("", &format!("This is: {}", quoted(&arguments)));
        let fork = self.center.fork(context)?;
        let session = context.session()?;
        let request = WorkRequest {
            package: self.package,
            requires: self.requires,
            profile: self.profile,
            options: self.option,
            test_of: self.test_of,
            offline: self.offline,
        };
        let outcome = match self.what {
            What::Build => build_one(&session, &fork, &request).map(|_| ()),
            What::Test => test_one(&session, &fork, &request),
        };
        crom_center::give_back_processors();
        outcome?;
        Ok(ExitStatus::Success)
    }
}

/// Who started it is gone: nobody would take the result.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        let signal = Some(rustix::process::Signal::TERM);
        // Without it the work is done in vain, no more.
        let _ = rustix::process::set_parent_process_death_signal(signal);
    }
}

/// For a shell.
fn quoted(arguments: &[String]) -> String {
    let words: Vec<String> = arguments
        .iter()
        .map(|word| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_=/.:#@+,%".contains(c);
            if !word.is_empty() && word.chars().all(plain) {
                word.clone()
            } else {
                format!("'{}'", word.replace('\'', "'\\''"))
            }
        })
        .collect();
    words.join(" ")
}
