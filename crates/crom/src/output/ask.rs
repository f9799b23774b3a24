use std::io::{BufRead, Write};

use crom_ops::OpsError;

/// Asks a yes/no question; the answer may also come from a pipe.
///
/// # Errors
/// There is nobody to ask.
pub fn ask(question: &str) -> Result<bool, OpsError> {
    let stdin = std::io::stdin();
    loop {
        let mut stderr = std::io::stderr().lock();
        // Nobody can be told that standard error is gone.
        let _ = write!(stderr, "{question} (yes/no): ").and_then(|()| stderr.flush());
        let mut answer = String::new();
        match stdin.lock().read_line(&mut answer) {
            Ok(0) | Err(_) => {
                return Err(OpsError::message(format!(
                    "the question was not answered: {question}"
                ))
                .with_hint("use '-c/--confirm' to answer yes"));
            }
            Ok(_) => {}
        }
        match answer.trim().to_lowercase().as_str() {
            "yes" | "y" => return Ok(true),
            "no" | "n" => return Ok(false),
            _ => {}
        }
    }
}
