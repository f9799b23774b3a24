//! `self.run`

use std::io::Read;
use std::process::{Command, Stdio};

use rustpython_vm as vm;
use vm::{PyResult, VirtualMachine};

use crate::native::exception;

/// Runs a command in the shell: (exit code, captured stdout, captured stderr). What isn't captured
/// goes where this process's own messages go, unless it's quiet.
pub(crate) fn run(
    command: &str,
    cwd: Option<&str>,
    capture_stdout: bool,
    capture_stderr: bool,
    quiet: bool,
    vm: &VirtualMachine,
) -> PyResult {
    crate::sandbox::check_process(command, vm)?;
    let failed = |error: std::io::Error| {
        exception(
            vm,
            "ConanException",
            format!("Error while running cmd\nError: {error}"),
        )
    };
    let mut process = shell(command);
    if let Some(folder) = cwd.filter(|it| !it.is_empty()) {
        process.current_dir(folder);
    }
    let other = || {
        if quiet {
            Stdio::null()
        } else {
            stderr_of_this_process()
        }
    };
    process.stdout(if capture_stdout {
        Stdio::piped()
    } else {
        other()
    });
    process.stderr(if capture_stderr {
        Stdio::piped()
    } else {
        other()
    });
    let mut child = process.spawn().map_err(failed)?;
    // A full pipe blocks the program, so both are read at once.
    let stderr = child
        .stderr
        .take()
        .map(|stream| std::thread::spawn(move || read_all(stream)));
    let stdout = child.stdout.take().map(read_all).unwrap_or_default();
    let stderr = stderr
        .map(|reader| reader.join().unwrap_or_default())
        .unwrap_or_default();
    let status = child.wait().map_err(failed)?;
    let code = exit_code(status);
    let tuple = vec![
        vm.ctx.new_int(code).into(),
        vm.ctx.new_str(String::from_utf8_lossy(&stdout)).into(),
        vm.ctx.new_str(String::from_utf8_lossy(&stderr)).into(),
    ];
    Ok(vm.ctx.new_tuple(tuple).into())
}

fn read_all(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What came before a failure is all there is.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut process = Command::new("/bin/sh");
    process.arg("-c").arg(command);
    process
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut process = Command::new("cmd");
    process.raw_arg("/c").raw_arg(format!("\"{command}\""));
    process
}

/// The standard output of programs is for people, like this process's own messages.
#[cfg(unix)]
fn stderr_of_this_process() -> Stdio {
    use std::os::fd::AsFd;
    match std::io::stderr().as_fd().try_clone_to_owned() {
        Ok(stream) => Stdio::from(stream),
        Err(_) => Stdio::inherit(),
    }
}

#[cfg(windows)]
fn stderr_of_this_process() -> Stdio {
    use std::os::windows::io::AsHandle;
    match std::io::stderr().as_handle().try_clone_to_owned() {
        Ok(stream) => Stdio::from(stream),
        Err(_) => Stdio::inherit(),
    }
}

#[cfg(unix)]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| -status.signal().unwrap_or(1))
}

#[cfg(windows)]
fn exit_code(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(1)
}
