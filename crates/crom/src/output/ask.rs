use std::io::{BufRead, IsTerminal, Write};

use crom_ops::{OpsError, Prompt};

/// Asks a yes/no question. Answers are read from standard input, which need not be a terminal.
///
/// # Errors
/// There is nobody to ask.
pub fn ask(question: &str) -> Result<bool, OpsError> {
    loop {
        show(&format!("{question} (yes/no): "));
        let mut answer = String::new();
        match std::io::stdin().lock().read_line(&mut answer) {
            Ok(0) | Err(_) => {
                let text = format!("the question was not answered: {question}");
                return Err(OpsError::message(text).with_hint("use '-c/--confirm' to answer yes"));
            }
            Ok(_) => {}
        }
        match answer.trim().to_lowercase().as_str() {
            "yes" | "y" => return Ok(true),
            "no" | "n" => return Ok(false),
            other => show(&format!("ERROR: {other} is not a valid answer\n")),
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
