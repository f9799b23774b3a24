//! Ctrl-C ends the program with Conan's exit code for it.
//!
//! Nothing needs to be undone: what isn't finished isn't in the cache's database, and is removed by
//! `cache clean` or made again. Programs that run in the foreground get the signal themselves.

use std::io::Write;

use crate::exit::ExitStatus;

/// Takes over Ctrl-C. Called by commands that may work for long; a second call changes nothing.
pub fn install() {
    // A handler that is there already is this one.
    let _ = ctrlc::set_handler(|| {
        // Nobody can be told that standard error is gone.
        let _ = writeln!(
            std::io::stderr(),
            "\nERROR: Exiting with code: {}",
            ExitStatus::Interrupted as u8
        );
        #[expect(
            clippy::exit,
            reason = "the main thread may be waiting for a child process"
        )]
        std::process::exit(i32::from(ExitStatus::Interrupted as u8));
    });
}
