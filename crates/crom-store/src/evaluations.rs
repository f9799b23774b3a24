//! `.crom/evaluations.db`: what recipes answered, by a digest of the question.
//!
//! A cache in the plain sense: it may be deleted at any time, and whatever goes wrong with it (another
//! version's file, a full disk, a folder that can't be written) costs time and nothing else. So no
//! function here fails. Several processes may share one file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

/// Beyond this the older half goes.
const LIMIT: u64 = 256 << 20;

/// A reader of a cache waits less than it takes to ask the recipe again.
const PATIENCE: Duration = Duration::from_millis(200);

/// A digest of a question.
pub type EvaluationKey = [u8; 32];

/// Kept answers. New ones are written together, by [`Evaluations::flush`] or when the value goes.
#[derive(Debug)]
pub struct Evaluations {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    connection: Option<Connection>,
    opened: bool,
    /// Many packages of a graph ask the same.
    new: HashMap<EvaluationKey, Vec<u8>>,
}

impl Evaluations {
    /// The store in this folder, which needn't exist. Opens nothing yet.
    pub fn new(folder: &Path) -> Self {
        Self {
            path: folder.join("evaluations.db"),
            inner: Mutex::new(Inner {
                connection: None,
                opened: false,
                new: HashMap::new(),
            }),
        }
    }

    /// What was kept under this key.
    pub fn get(&self, key: &EvaluationKey) -> Option<Vec<u8>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = inner.new.get(key) {
            return Some(answer.clone());
        }
        if !inner.opened {
            inner.opened = true;
            if crom_fs::is_file(&self.path) {
                inner.connection = open(&self.path).ok();
            }
        }
        let connection = inner.connection.as_ref()?;
        let mut statement = connection
            .prepare_cached("SELECT answer FROM evaluations WHERE question = ?1")
            .ok()?;
        statement
            .query_row([&key[..]], |row| row.get(0))
            .optional()
            .ok()?
    }

    /// Keeps an answer.
    pub fn put(&self, key: EvaluationKey, answer: Vec<u8>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.new.insert(key, answer);
    }

    /// Writes what is new.
    pub fn flush(&self) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let new = std::mem::take(&mut inner.new);
        if new.is_empty() {
            return;
        }
        inner.opened = true;
        let connection = match inner.connection.take() {
            Some(connection) => Ok(connection),
            None => create(&self.path),
        };
        let written = connection.and_then(|mut connection| {
            write(&mut connection, &new)?;
            Ok(connection)
        });
        match written {
            Ok(connection) => {
                trim(&connection, &self.path);
                inner.connection = Some(connection);
            }
            // A file that isn't a database, or isn't ours, makes room for one that is.
            Err(rusqlite::Error::SqliteFailure(error, _))
                if matches!(
                    error.code,
                    rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt
                ) =>
            {
                for suffix in ["", "-wal", "-shm"] {
                    let mut path = self.path.clone().into_os_string();
                    path.push(suffix);
                    let _ = crom_fs::remove_file(PathBuf::from(path));
                }
            }
            Err(_) => {}
        }
    }
}

impl Drop for Evaluations {
    fn drop(&mut self) {
        self.flush();
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    // Losing the last answers in a power cut is no loss.
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(connection)
}

fn create(path: &Path) -> rusqlite::Result<Connection> {
    if let Some(folder) = path.parent() {
        let _ = crom_fs::create_dir_all(folder);
    }
    let connection = open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS evaluations (\
         id INTEGER PRIMARY KEY, question BLOB NOT NULL UNIQUE, answer BLOB NOT NULL)",
    )?;
    Ok(connection)
}

fn write(
    connection: &mut Connection,
    new: &HashMap<EvaluationKey, Vec<u8>>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement = transaction.prepare_cached(
            "INSERT OR REPLACE INTO evaluations (question, answer) VALUES (?1, ?2)",
        )?;
        for (key, answer) in new {
            statement.execute(params![&key[..], answer])?;
        }
    }
    transaction.commit()
}

/// Answers aren't dated: those with the lower numbers are the older ones.
fn trim(connection: &Connection, path: &Path) {
    if crom_fs::metadata(path).is_ok_and(|it| it.len() > LIMIT) {
        let _ = connection.execute_batch(
            "DELETE FROM evaluations WHERE id < \
             (SELECT (min(id) + max(id)) / 2 FROM evaluations); VACUUM",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: EvaluationKey = [7; 32];

    #[test]
    fn answers_are_there_for_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let first = Evaluations::new(folder.path());
        assert_eq!(first.get(&KEY), None);
        first.put(KEY, b"answer".to_vec());
        assert_eq!(first.get(&KEY).as_deref(), Some(&b"answer"[..]));
        drop(first);
        let second = Evaluations::new(folder.path());
        assert_eq!(second.get(&KEY).as_deref(), Some(&b"answer"[..]));
        assert_eq!(second.get(&[8; 32]), None);
    }

    #[test]
    fn a_file_that_is_no_database_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evaluations.db");
        crom_fs::write(
            &path,
            "not a database, but long enough to look like one: ".repeat(40),
        )
        .unwrap();
        let store = Evaluations::new(folder.path());
        assert_eq!(store.get(&KEY), None);
        store.put(KEY, b"lost".to_vec());
        store.flush();
        store.put(KEY, b"kept".to_vec());
        store.flush();
        assert_eq!(store.get(&KEY).as_deref(), Some(&b"kept"[..]));
    }

    #[test]
    fn a_folder_that_cannot_be_written_costs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        crom_fs::write(folder.path().join("file"), "").unwrap();
        let store = Evaluations::new(&folder.path().join("file"));
        store.put(KEY, b"answer".to_vec());
        store.flush();
        assert_eq!(store.get(&KEY), None);
    }
}
