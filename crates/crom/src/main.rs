//! The command line: arguments, one file per command, printers, progress, exit codes.

mod args;
mod argv;
mod commands;
mod exit;
mod interrupt;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Cli;
use crate::exit::ExitStatus;

/// The version of Conan that Crom answers for.
pub const CONAN_VERSION: &str = "2.34.0";

/// The interpreter allocates all it does, in a thread of its own: the C library's heaps cost a third
/// of the time of a graph.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = argv::normalise(std::env::args_os());
    if arguments.len() == 2 && (arguments[1] == "--version" || arguments[1] == "-V") {
        return commands::version::short().into();
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error).into(),
    };
    let status = exit::finish(commands::run(cli));
    interrupt::give_way();
    status.into()
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status as u8)
    }
}
