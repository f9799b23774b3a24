use std::io::{BufRead, IsTerminal, Write};

use crom_ops::{OpsError, Prompt};

/// Asks a yes/no question on the terminal.
///
/// # Errors
/// There is nobody to ask.
pub fn ask(question: &str) -> Result<bool, OpsError> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(
            OpsError::message(format!("{question} There is no terminal to ask on"))
                .with_hint("use '-c/--confirm' to answer yes"),
        );
    }
    loop {
        let mut stderr = std::io::stderr().lock();
        // Nobody can be told that standard error is gone.
        let _ = write!(stderr, "{question} (yes/no): ").and_then(|()| stderr.flush());
        let mut answer = String::new();
        match stdin.lock().read_line(&mut answer) {
            Ok(0) | Err(_) => return Err(OpsError::message("the question was not answered")),
            Ok(_) => {}
        }
        match answer.trim().to_lowercase().as_str() {
            "yes" | "y" => return Ok(true),
            "no" | "n" => return Ok(false),
            _ => {}
        }
    }
}

/// Asks for logins on the terminal; where there is none, lines are read from standard input.
#[derive(Clone, Copy, Debug)]
pub struct TerminalPrompt;

impl Prompt for TerminalPrompt {
    fn line(&self, question: &str) -> Result<String, OpsError> {
        show(question);
        let mut answer = String::new();
        match std::io::stdin().lock().read_line(&mut answer) {
            Ok(0) | Err(_) => Err(OpsError::message("EOF when reading a line")),
            Ok(_) => Ok(answer.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }

    fn secret(&self, question: &str) -> Result<String, OpsError> {
        let interrupted = |_| OpsError::message("Interrupted interactive password input");
        if !std::io::stdin().is_terminal() {
            return self.line(question).map_err(interrupted);
        }
        show(question);
        console::Term::stderr()
            .read_secure_line()
            .map_err(|_| OpsError::message("Interrupted interactive password input"))
    }
}

fn show(text: &str) {
    let mut stderr = std::io::stderr().lock();
    // Nobody can be told that standard error is gone.
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}
