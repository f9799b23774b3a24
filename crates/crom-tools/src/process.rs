//! Running programs.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crom_model::reporter::Reporter;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A program that can't be run or failed.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It doesn't start.
    #[error("Error while executing '{command}': {source}")]
    Start {
        /// What was to run.
        command: String,
        /// Why it doesn't.
        source: std::io::Error,
    },
    /// It ended with an error.
    #[error("Error {code} while executing")]
    Failed {
        /// What ran.
        command: String,
        /// Its exit code; 128 + the signal's number when it was killed.
        code: i32,
        /// What it said, when it was captured.
        output: String,
    },
}

/// The input of [`run`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RunInput {
    /// For the shell, or with `shell` off a program with arguments in the shell's quoting.
    pub command: String,
    /// Where to run; the current folder when absent.
    pub cwd: Option<PathBuf>,
    /// Environment variables to set, or to unset by `null`.
    pub env: IndexMap<String, Option<String>>,
    /// Start from an empty environment.
    pub clean_env: bool,
    /// Give standard output back instead of showing it.
    pub capture_stdout: bool,
    /// Give standard error back instead of showing it.
    pub capture_stderr: bool,
    /// Show nothing.
    pub quiet: bool,
    /// A failing program is no error.
    pub ignore_errors: bool,
    /// Don't go through the shell.
    pub no_shell: bool,
}

/// How a program ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunResult {
    /// The exit code; 128 + the signal's number when it was killed.
    pub code: i32,
    /// What it wrote, when captured.
    pub stdout: String,
    /// What it wrote, when captured.
    pub stderr: String,
}

/// Runs a command and waits for it. What isn't captured goes to the reporter as it comes. The child
/// stays in the process group of the terminal, so that Ctrl-C reaches it.
pub fn run(input: &RunInput, reporter: &dyn Reporter) -> crate::error::Result<RunResult> {
    let result = run_unchecked(input, reporter)?;
    if result.code != 0 && !input.ignore_errors {
        return Err(ProcessError::Failed {
            command: input.command.clone(),
            code: result.code,
            output: format!("{}{}", result.stdout, result.stderr),
        }
        .into());
    }
    Ok(result)
}

fn run_unchecked(input: &RunInput, reporter: &dyn Reporter) -> Result<RunResult, ProcessError> {
    let failed = |source| ProcessError::Start {
        command: input.command.clone(),
        source,
    };
    let mut command = command_of(input)?;
    let (mut shown, shown_writer) = std::io::pipe().map_err(failed)?;
    let out = if input.capture_stdout {
        Stdio::piped()
    } else {
        shown_writer.try_clone().map_err(failed)?.into()
    };
    let err = if input.capture_stderr {
        Stdio::piped()
    } else {
        shown_writer.try_clone().map_err(failed)?.into()
    };
    // A write end that stays open here would keep the reader below waiting for ever.
    drop(shown_writer);
    let mut child = command.stdout(out).stderr(err).spawn().map_err(failed)?;
    // So would those that the command holds.
    drop(command);

    let out = child.stdout.take();
    let err = child.stderr.take();
    let (stdout, stderr) = std::thread::scope(|scope| {
        let out = scope.spawn(move || read_all(out));
        let err = scope.spawn(move || read_all(err));
        let mut block = [0; 16 * 1024];
        while let Ok(count) = shown.read(&mut block) {
            if count == 0 {
                break;
            }
            if !input.quiet {
                reporter.raw(&block[..count]);
            }
        }
        let text = |handle: std::thread::ScopedJoinHandle<'_, Vec<u8>>| {
            String::from_utf8_lossy(&handle.join().unwrap_or_default()).into_owned()
        };
        (text(out), text(err))
    });
    let status = child.wait().map_err(failed)?;
    Ok(RunResult {
        code: exit_code(status),
        stdout,
        stderr,
    })
}

fn read_all(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // A broken pipe ends the output; the exit code tells the rest.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

fn exit_code(status: std::process::ExitStatus) -> i32 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return 128 + signal;
        }
    }
    status.code().unwrap_or(-1)
}

fn command_of(input: &RunInput) -> Result<Command, ProcessError> {
    let mut command = if input.no_shell {
        let words = split_words(&input.command);
        let Some((program, arguments)) = words.split_first() else {
            return Err(ProcessError::Start {
                command: input.command.clone(),
                source: std::io::Error::other("it is empty"),
            });
        };
        let mut command = Command::new(program);
        command.args(arguments);
        command
    } else {
        shell(&input.command)
    };
    if let Some(cwd) = &input.cwd {
        command.current_dir(cwd);
    }
    if input.clean_env {
        command.env_clear();
    }
    for (name, value) in &input.env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ok(command)
}

#[cfg(unix)]
fn shell(text: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(text);
    command
}

#[cfg(windows)]
fn shell(text: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("cmd");
    // cmd has its own quoting: the text must reach it as it is.
    command.raw_arg("/d /s /c \"").raw_arg(text).raw_arg("\"");
    command
}

/// Words by the quoting of the shell, without its expansions.
pub fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(character) = chars.next() {
        match character {
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(chars.by_ref().take_while(|it| *it != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(inner) = chars.next() {
                    match inner {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some(other) => {
                                word.push('\\');
                                word.push(other);
                            }
                            None => word.push('\\'),
                        },
                        other => word.push(other),
                    }
                }
            }
            '\\' if cfg!(unix) => {
                let word = word.get_or_insert_default();
                word.extend(chars.next());
            }
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// Arguments as one text that the system's shell takes apart again (`cmd_args_to_string`).
pub fn join_words(words: &[String]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| {
            if cfg!(windows) {
                quote_windows(word)
            } else {
                quote_posix(word)
            }
        })
        .collect();
    quoted.join(" ")
}

/// A word for a POSIX shell.
pub fn quote_posix(word: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "@%+=:,./-_".contains(it);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\"'\"'"))
}

/// A word for the command line of a Windows program.
pub fn quote_windows(word: &str) -> String {
    if !word.is_empty() && !word.contains([' ', '\t', '"']) {
        return word.to_owned();
    }
    let mut out = String::from("\"");
    let mut slashes = 0;
    for character in word.chars() {
        if character == '"' {
            // Backslashes before a quote count double.
            out.extend(std::iter::repeat_n('\\', slashes + 1));
        }
        slashes = if character == '\\' { slashes + 1 } else { 0 };
        out.push(character);
    }
    out.extend(std::iter::repeat_n('\\', slashes));
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crom_model::reporter::{Level, Style};
    use std::sync::Mutex;

    #[derive(Debug, Default)]
    struct Recorder(Mutex<Vec<u8>>);

    impl Reporter for Recorder {
        fn message(&self, _: Level, _: Style, _: &str, _: &str) {}
        fn raw(&self, bytes: &[u8]) {
            self.0.lock().unwrap().extend_from_slice(bytes);
        }
    }

    fn input(command: &str) -> RunInput {
        RunInput {
            command: command.to_owned(),
            ..RunInput::default()
        }
    }

    #[test]
    fn output_is_shown_or_captured() {
        let shown = Recorder::default();
        let result = run(&input("echo out; echo err 1>&2; exit 0"), &shown).unwrap();
        assert_eq!(result, RunResult::default());
        assert_eq!(*shown.0.lock().unwrap(), b"out\nerr\n");

        let shown = Recorder::default();
        let captured = RunInput {
            capture_stdout: true,
            env: [("CROM_TEST_X".to_owned(), Some("v".to_owned()))]
                .into_iter()
                .collect(),
            ..input("echo $CROM_TEST_X; echo err 1>&2")
        };
        assert_eq!(run(&captured, &shown).unwrap().stdout, "v\n");
        assert_eq!(*shown.0.lock().unwrap(), b"err\n");
    }

    #[test]
    fn failures_have_the_code() {
        let shown = Recorder::default();
        let error = run(&input("exit 3"), &shown).unwrap_err();
        assert_eq!(error.to_string(), "Error 3 while executing");
        let ignored = RunInput {
            ignore_errors: true,
            ..input("kill -9 $$")
        };
        assert_eq!(run(&ignored, &shown).unwrap().code, 137);
        let missing = RunInput {
            no_shell: true,
            ..input("/nonexistent/program x")
        };
        let error = run(&missing, &shown).unwrap_err().to_string();
        assert!(
            error.starts_with("Error while executing '/nonexistent/program x'"),
            "{error}"
        );
    }

    #[test]
    fn large_output_on_both_pipes_does_not_block() {
        let both = RunInput {
            capture_stdout: true,
            capture_stderr: true,
            ..input("head -c 300000 /dev/zero; head -c 300000 /dev/zero 1>&2")
        };
        let result = run(&both, &Recorder::default()).unwrap();
        assert_eq!(
            (result.stdout.len(), result.stderr.len()),
            (300_000, 300_000)
        );
    }

    #[test]
    fn quoting() {
        let words: Vec<String> = ["a b", "c\"d", "e'f", "g\\h", "", "$x", "plain-1.0"]
            .map(str::to_owned)
            .to_vec();
        let joined = join_words(&words);
        assert_eq!(joined, r#"'a b' 'c"d' 'e'"'"'f' 'g\h' '' '$x' plain-1.0"#);
        assert_eq!(split_words(&joined), words);
        for (word, expected) in [
            ("a b", "\"a b\""),
            ("a\"b", "\"a\\\"b\""),
            ("c:\\x y\\", "\"c:\\x y\\\\\""),
            ("c:\\x", "c:\\x"),
        ] {
            assert_eq!(quote_windows(word), expected);
        }
    }
}
