//! Ctrl-C and SIGTERM end the program with Conan's exit codes for them.
//!
//! Nothing needs to be undone: what isn't finished isn't in the cache's database, and is removed by
//! `cache clean` or made again; locks end with the process. The programs that recipes run are asked
//! to end too.

use std::io::Write;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::ExitStatus;

/// Takes over the signals. Called by commands that may work for long; a second call changes nothing.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Without the thread the signals end the program as they end any other.
        let _ = std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(watch);
    });
}

/// A signal is being handled: the process ends with its exit code.
static ENDING: AtomicBool = AtomicBool::new(false);

/// A command that ends now does so because of a signal, if there was one: leaves the end to that.
pub fn give_way() {
    while ENDING.load(Ordering::SeqCst) {
        std::thread::park();
    }
}

/// Waits for the first signal and ends the process.
fn watch() {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
    else {
        return;
    };
    if let Ok(status) = runtime.block_on(signal()) {
        end(status);
    }
}

#[cfg(unix)]
async fn signal() -> std::io::Result<ExitStatus> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(tokio::select! {
        _ = interrupt.recv() => ExitStatus::Interrupted,
        _ = terminate.recv() => ExitStatus::Terminated,
    })
}

#[cfg(windows)]
async fn signal() -> std::io::Result<ExitStatus> {
    tokio::signal::ctrl_c().await?;
    Ok(ExitStatus::Interrupted)
}

fn end(status: ExitStatus) -> ! {
    let title = match status {
        ExitStatus::Terminated => "Received SIGTERM!",
        _ => "You pressed Ctrl+C!",
    };
    // What the command says because its programs are ended would only confuse.
    let mut stderr = std::io::stderr().lock();
    ENDING.store(true, Ordering::SeqCst);
    end_children();
    // Nobody can be told that standard error is gone.
    let _ = writeln!(
        stderr,
        "\n{title}\nERROR: Exiting with code: {}",
        status as u8
    );
    #[expect(
        clippy::exit,
        reason = "the main thread may be waiting for a child process"
    )]
    std::process::exit(i32::from(status as u8));
}

/// Asks all programs that were started by this one, and by those, to end.
#[cfg(target_os = "linux")]
fn end_children() {
    let mut ended = vec![std::process::id()];
    let parents = parents();
    let mut index = 0;
    while let Some(parent) = ended.get(index).copied() {
        let children = parents.iter().filter(|(_, of)| *of == parent);
        ended.extend(children.map(|(child, _)| *child));
        index += 1;
    }
    for child in &ended[1..] {
        if let Some(pid) = i32::try_from(*child)
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            // One that has ended meanwhile is fine.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}

/// (process, its parent) of the whole machine: the fourth field of `/proc/1/stat`, which comes behind
/// the name in parentheses.
#[cfg(target_os = "linux")]
fn parents() -> Vec<(u32, u32)> {
    let names = crom_fs::list("/proc").unwrap_or_default();
    names
        .iter()
        .filter_map(|name| {
            let process = name.parse().ok()?;
            let stat = crom_fs::read_text(format!("/proc/{name}/stat")).ok()?;
            let (_, rest) = stat.rsplit_once(')')?;
            Some((process, rest.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect()
}

/// Elsewhere they get the terminal's signal themselves.
#[cfg(not(target_os = "linux"))]
fn end_children() {}
