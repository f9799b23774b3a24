use std::io::{BufRead, IsTerminal, Write};

use crom_ops::OpsError;

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
