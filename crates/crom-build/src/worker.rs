//! A process that does one piece of work and writes what it says into a log.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::BuildError;

/// A process to be run.
#[derive(Clone, Debug, Default)]
pub struct Worker {
    /// What to run.
    pub program: PathBuf,
    /// With what.
    pub arguments: Vec<String>,
    /// Variables beside those of this process.
    pub variables: Vec<(String, String)>,
    /// Where.
    pub folder: PathBuf,
    /// What it says goes here; replaced if it is there.
    pub log: PathBuf,
}

/// How a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerEnd {
    /// The exit code; none for a signal.
    pub code: Option<i32>,
}

impl WorkerEnd {
    /// All went well.
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }
}

impl Worker {
    /// Runs it to its end.
    ///
    /// # Errors
    /// It doesn't start, or the log can't be written.
    pub fn run(&self) -> Result<WorkerEnd, BuildError> {
        if let Some(folder) = self.log.parent() {
            crom_fs::create_dir_all(folder)?;
        }
        let log = crom_fs::create(&self.log)?;
        let failed = |source| BuildError::Start {
            program: self.program.clone(),
            source,
        };
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .status()
            .map_err(failed)?;
        Ok(WorkerEnd {
            code: status.code(),
        })
    }

    /// The line of the log that says most about a failure: the last error, else the last line.
    pub fn failure(&self) -> String {
        let text = crom_fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let error = lines.iter().rposition(|line| line.contains("ERROR: "));
        let found = error.map(|at| {
            // An error of a recipe has its place and its cause in the lines behind it, indented.
            let more = lines[at + 1..]
                .iter()
                .take_while(|line| line.starts_with(['\t', ' ']));
            let first = lines[at].trim().trim_start_matches("ERROR: ");
            let all: Vec<&str> = std::iter::once(first)
                .chain(more.map(|line| line.trim()))
                .collect();
            all.join("; ")
        });
        found
            .or_else(|| lines.last().map(|line| line.trim().to_owned()))
            .unwrap_or_else(|| String::from("it said nothing"))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_it_says_is_in_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let worker = Worker {
            program: PathBuf::from("/bin/sh"),
            arguments: vec![
                String::from("-c"),
                String::from("echo one; echo ERROR: $WHAT >&2; echo; echo after; exit 3"),
            ],
            variables: vec![(String::from("WHAT"), String::from("bad"))],
            folder: folder.path().to_path_buf(),
            log: folder.path().join("logs/x.log"),
        };
        assert_eq!(worker.run().unwrap().code, Some(3));
        assert_eq!(worker.failure(), "bad");
        assert!(
            crom_fs::read_text(&worker.log)
                .unwrap()
                .starts_with("one\n")
        );
    }

    #[test]
    fn what_cant_start_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let worker = Worker {
            program: folder.path().join("nothing"),
            folder: folder.path().to_path_buf(),
            log: folder.path().join("log"),
            ..Worker::default()
        };
        let error = worker.run().unwrap_err().to_string();
        assert!(error.contains("failed to start"), "{error}");
    }
}
