//! `.conan.db`: who is logged in where. Conan uses the same file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Result, StoreError};
use crate::home::Home;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS users_remotes \
    (remote_url TEXT UNIQUE, user TEXT, token TEXT, refresh_token TEXT)";

/// How long a writer waits for others.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user at one server.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StoredUser {
    /// The name.
    pub user: Option<String>,
    /// What the server gave for the password.
    pub token: Option<String>,
}

impl std::fmt::Debug for StoredUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredUser")
            .field("user", &self.user)
            .field("has_token", &self.token.is_some())
            .finish()
    }
}

/// The users of a home, by the URL of the server.
#[derive(Clone, Debug)]
pub struct Users {
    path: PathBuf,
}

impl Users {
    /// Of this home. Nothing is opened.
    pub fn of_home(home: &Home) -> Self {
        Self {
            path: home.root().join(".conan.db"),
        }
    }

    /// The user at a server; nobody where there is no file yet.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn get(&self, url: &str) -> Result<StoredUser> {
        if !crom_fs::exists(&self.path) {
            return Ok(StoredUser::default());
        }
        let connection = self.open()?;
        let found = connection
            .query_row(
                "SELECT user, token FROM users_remotes WHERE remote_url = ?",
                [url],
                |row| {
                    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
                    Ok(StoredUser {
                        user: filled(row.get(0)?),
                        token: filled(row.get(1)?),
                    })
                },
            )
            .optional()
            .map_err(|source| self.failure("read a user", source))?;
        Ok(found.unwrap_or_default())
    }

    /// Keeps the user at a server.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn set(&self, url: &str, user: &StoredUser) -> Result<()> {
        let connection = self.open()?;
        connection
            .execute(
                "INSERT OR REPLACE INTO users_remotes (remote_url, user, token, refresh_token) \
                 VALUES (?, ?, ?, NULL)",
                params![url, user.user, user.token],
            )
            .map_err(|source| self.failure("keep a user", source))?;
        Ok(())
    }

    /// Forgets the user at a server.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn remove(&self, url: &str) -> Result<()> {
        if !crom_fs::exists(&self.path) {
            return Ok(());
        }
        let connection = self.open()?;
        connection
            .execute("DELETE FROM users_remotes WHERE remote_url = ?", [url])
            .map_err(|source| self.failure("forget a user", source))?;
        Ok(())
    }

    fn open(&self) -> Result<Connection> {
        let fresh = !crom_fs::exists(&self.path);
        if let Some(folder) = self.path.parent().filter(|_| fresh) {
            crom_fs::create_dir_all(folder)?;
        }
        let connection =
            Connection::open(&self.path).map_err(|source| self.failure("open it", source))?;
        if fresh {
            keep_private(&self.path)?;
        }
        connection
            .busy_timeout(PATIENCE)
            .and_then(|()| connection.execute_batch(TABLE))
            .map_err(|source| self.failure("open it", source))?;
        Ok(connection)
    }

    fn failure(&self, action: &'static str, source: rusqlite::Error) -> StoreError {
        StoreError::Users {
            path: self.path.clone(),
            action,
            source,
        }
    }
}

/// A token is as good as a password.
fn keep_private(path: &Path) -> Result<()> {
    Ok(crom_fs::chmod(path, 0o600)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_kept_by_url() {
        let folder = tempfile::tempdir().unwrap();
        let users = Users::of_home(&Home::at(folder.path().join("home")));
        assert_eq!(users.get("http://a").unwrap(), StoredUser::default());
        users.remove("http://a").unwrap();
        let me = StoredUser {
            user: Some("me".to_owned()),
            token: Some("secret".to_owned()),
        };
        users.set("http://a", &me).unwrap();
        users.set("http://b", &StoredUser::default()).unwrap();
        assert_eq!(users.get("http://a").unwrap(), me);
        assert!(!format!("{me:?}").contains("secret"));
        users.remove("http://a").unwrap();
        assert_eq!(users.get("http://a").unwrap(), StoredUser::default());
    }
}
